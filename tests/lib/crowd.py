# SPDX-License-Identifier: GPL-3.0-or-later
"""A made-up host that is larger than any table: processes by the million, and
among them sessions and peers, each with an address of its own.

Crowd(...).chunks() gives the bytes of its audit stream. All three are spread
over the whole, so that every table is full long before the end.
"""

import base64
import contextlib
import re
import threading
import time

START = 1700000000
PER_SECOND = 200
PID_FIRST, PID_MAX = 300, 4194304
CHUNK = 1 << 20

PATHS = b"".join(
    b'type=PATH msg=audit(%%(at)s): item=%d name="%s" inode=%d dev=fe:00 '
    b"mode=0100755 ouid=0 ogid=0 rdev=00:00 nametype=NORMAL cap_fp=0 cap_fi=0 "
    b"cap_fe=0 cap_fver=0 cap_frootid=0\n" % (item, name, 1000 + item)
    for item, name in enumerate((b"/usr/bin/dash",
                                 b"/lib64/ld-linux-x86-64.so.2")))
CALL = (b"type=SYSCALL msg=audit(%(at)s): arch=c000003e syscall=%(call)d "
        b"success=yes exit=0 a0=55d7 a1=55d8 a2=10 a3=8 items=%(items)d "
        b"ppid=%(ppid)d pid=%(pid)d auid=1000 uid=1000 gid=1000 euid=1000 "
        b"suid=1000 fsuid=1000 egid=1000 sgid=1000 fsgid=1000 tty=pts0 "
        b'ses=%(ses)d comm="sh" exe="/usr/bin/dash" key="exec"\n')
EOE = b"type=EOE msg=audit(%(at)s): \n"
EXEC = CALL + (
    b'type=EXECVE msg=audit(%(at)s): argc=3 a0="sh" a1="-c" a2=%(script)s\n'
    b'type=CWD msg=audit(%(at)s): cwd="/tmp"\n') + PATHS + EOE
CONNECT = CALL + (
    b"type=SOCKADDR msg=audit(%(at)s): "
    b"saddr=02000050%(addr)08X0000000000000000\n") + EOE
MESSAGE = (b"type=%s msg=audit(%%(at)s): pid=%%(pid)d uid=0 auid=%s ses=%s "
           b"msg='op=%s acct=\"webadm\" exe=\"/usr/sbin/sshd\" "
           b"hostname=%%(peer)s addr=%%(peer)s terminal=ssh res=%s'\n")
UNSET = b"4294967295"
# A session: an attempt that fails, a logon, and its end for every other one.
LOGIN = (b"type=LOGIN msg=audit(%(at)s): pid=%(pid)d uid=0 old-auid=4294967295 "
         b"auid=1000 tty=(none) old-ses=4294967295 ses=%(ses)d res=1\n")
LOGON = (MESSAGE % (b"USER_AUTH", UNSET, UNSET, b"PAM:authentication",
                    b"failed"),
         MESSAGE % (b"USER_AUTH", UNSET, UNSET, b"PAM:authentication",
                    b"success"),
         LOGIN,
         MESSAGE % (b"USER_START", b"1000", b"%(ses)d", b"PAM:session_open",
                    b"success"))
LOGOFF = (MESSAGE % (b"USER_END", b"1000", b"%(ses)d", b"PAM:session_close",
                     b"success"),)


def script_of(number, hidden, pad):
    """Every tenth hides a text of its own; with so many bytes behind it."""
    text = b"expr %d + 1" % number
    if hidden and number % 10 == 0:
        text = b"echo %s | base64 -d | sh" % base64.b64encode(
            b"id; uname -a; " + text)
    return (text + b" " * pad).hex().upper().encode()


class Crowd:
    """So many processes, sessions and peers; each peer, and each session, has
    an address that no other has. pad: bytes more of each command."""

    def __init__(self, processes, sessions, peers, hidden=True, pad=0):
        self.processes, self.sessions, self.peers = processes, sessions, peers
        self.hidden, self.pad = hidden, pad
        self.serial = 0

    def at(self):
        self.serial += 1
        return b"%d.%03d:%d" % (
            START + self.serial // PER_SECOND,
            self.serial % PER_SECOND * 1000 // PER_SECOND, self.serial)

    def session(self, number, pid):
        address = (100 << 24) + number
        fill = {b"pid": pid, b"ses": number + 1, b"peer": b"%d.%d.%d.%d" % (
            *address.to_bytes(4, "big"),)}
        for line in LOGON + (LOGOFF if number % 2 else ()):
            fill[b"at"] = self.at()
            yield line % fill

    def parts(self):
        pid, sessions, peers = PID_FIRST, 0, 0
        for number in range(self.processes):
            pid = pid + 1 if pid + 1 < PID_MAX else PID_FIRST
            if number * self.sessions // self.processes >= sessions and \
                    sessions < self.sessions:
                yield from self.session(sessions, pid)
                sessions += 1
                pid += 1
            fill = {b"at": self.at(), b"call": 59, b"items": 2, b"pid": pid,
                    b"ppid": pid - 1 - number % 7, b"ses": sessions,
                    b"script": script_of(number, self.hidden, self.pad)}
            yield EXEC % fill
            if number * self.peers // self.processes >= peers and \
                    peers < self.peers:
                yield CONNECT % {**fill, b"at": self.at(), b"call": 42,
                                 b"items": 0, b"addr": (23 << 24) + peers}
                peers += 1

    def chunks(self):
        held, size = [], 0
        for part in self.parts():
            held.append(part)
            size += len(part)
            if size >= CHUNK:
                yield b"".join(held)
                held, size = [], 0
        yield b"".join(held)


def high_water_kib(pid):
    with open(f"/proc/{pid}/status", encoding="ascii") as status:
        found = re.search(r"VmHWM:\s*(\d+)", status.read())
    return int(found[1]) if found else 0


def feed(child, chunks):
    """Gives a program its records; (the most memory it had in KiB while it
    read them, the last line of its output)."""
    tail = [b""]

    def read():
        while chunk := child.stdout.read(CHUNK):
            tail[0] = (tail[0] + chunk)[-65536:]

    reader = threading.Thread(target=read)
    reader.start()
    peak = 0
    with contextlib.suppress(BrokenPipeError):
        for chunk in chunks:
            child.stdin.write(chunk)
            peak = max(peak, high_water_kib(child.pid))
        child.stdin.flush()
        # What is still in the pipe.
        time.sleep(0.2)
        peak = max(peak, high_water_kib(child.pid))
    with contextlib.suppress(BrokenPipeError):
        child.stdin.close()
    reader.join()
    return peak, tail[0].rsplit(b"\n", 2)[-2] if b"\n" in tail[0] else b""


def forgotten(status, crowd, sizes):
    """(what, counted, what it has to be) of the tables; sizes is a dict of
    options. Of processes that is the least: parents are there, too."""
    def over(n, option):
        return max(0, n - sizes[option])

    hidden = (crowd.processes + 9) // 10 if crowd.hidden else 0
    yield "sessions", status["sessions_evicted"], \
        over(crowd.sessions, "sessions.max") + \
        over(crowd.sessions, "sessions.addresses")
    yield "network", status["network_evicted"], \
        over(crowd.peers, "network.peers") + \
        over(crowd.peers, "network.processes")
    yield "frequency", status["frequency_evicted"], \
        over(hidden, "frequency_commands")
    yield "lineage", status["lineage_evicted"], \
        over(crowd.processes, "lineage_processes")


def sizes(printed):
    """Of the tables, from what audisp-hunt --print-config says."""
    return {name: int(value) for name, value in re.findall(
        r"^(sessions\.max|sessions\.addresses|network\.peers|"
        r"network\.processes|frequency_commands|lineage_processes) = (\d+)$",
        printed, re.M)}
