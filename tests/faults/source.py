# SPDX-License-Identifier: GPL-3.0-or-later
"""The plugin as a service, on a socket as auditd's af_unix plugin has one."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile

from rig import Failure, Rig, check_laws, wait_for
from suite import ROOT

RECORDS = """type=SYSCALL msg=audit({t}:{n}): arch=c000003e syscall=59 \
success=yes exit=0 a0=0 a1=0 a2=0 a3=0 items=1 ppid=1 pid=2 auid=1001 \
uid=1001 gid=1001 euid=1001 suid=1001 fsuid=1001 egid=1001 sgid=1001 \
fsgid=1001 tty=pts0 ses=3 comm="true" exe="/usr/bin/true" key="exec"
type=EXECVE msg=audit({t}:{n}): argc=2 a0="true" a1="{n}"
type=CWD msg=audit({t}:{n}): cwd="/"
type=PATH msg=audit({t}:{n}): item=0 name="/usr/bin/true" inode=1 dev=08:01 \
mode=0100755 ouid=0 ogid=0 rdev=00:00 nametype=NORMAL
type=EOE msg=audit({t}:{n}): 
"""


class Auditd:
    """A listener like auditd's: one client, and nothing kept for the next."""

    def __init__(self, path):
        if os.path.exists(path):
            os.unlink(path)
        self.listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.listener.bind(path)
        os.chmod(path, 0o666)
        self.listener.listen(1)
        self.listener.settimeout(10)
        self.client = None

    def accept(self):
        try:
            self.client = self.listener.accept()[0]
        except socket.timeout:
            raise Failure("it does not connect") from None

    def send(self, first, n):
        for serial in range(first, first + n):
            self.client.sendall(RECORDS.format(
                t="1795331874.%03d" % (serial % 1000), n=serial).encode())

    def close(self):
        if self.client:
            self.client.close()
        self.listener.close()


def serials(rig):
    return [int(line.event.split(":")[1]) for line in rig.receiver.of("exec")]


def expect(rig, want):
    wait_for(10, lambda: len(serials(rig)) >= len(want))
    got = serials(rig)
    if got != want:
        raise Failure("events %s..., not %s..." % (got[:20], want[:20]))


def talk(rig, path):
    """auditd goes away twice; once it leaves half a record behind."""
    auditd = Auditd(path)
    auditd.accept()
    auditd.send(1000, 50)
    expect(rig, list(range(1000, 1050)))
    auditd.client.sendall(b"type=SYSCALL msg=audi")
    auditd.close()
    os.unlink(path)
    # 1050 to 1059 come while nobody listens
    auditd = Auditd(path)
    auditd.accept()
    auditd.send(1060, 50)
    expect(rig, list(range(1000, 1050)) + list(range(1060, 1110)))
    auditd.client.close()       # a client that is thrown out comes again
    auditd.accept()
    auditd.send(1110, 50)
    expect(rig, list(range(1000, 1050)) + list(range(1060, 1160)))
    return auditd


def check_told(rig):
    if not wait_for(15, lambda: rig.receiver.of("loss")):
        raise Failure("no loss line")
    status = rig.ask()
    check_laws(status)
    if status["lines_malformed"] != 1:
        raise Failure("%d lines malformed" % status["lines_malformed"])
    if status["serials_missing"] != 10:
        raise Failure("%d serials missing" % status["serials_missing"])


def socket_comes_and_goes():
    with Rig() as rig:
        path = rig.path("audispd_events")
        child = subprocess.Popen(rig.command() + ["--socket", path],
                                 stdin=subprocess.DEVNULL)
        rig.front = child.pid
        try:
            auditd = talk(rig, path)
            check_told(rig)
            child.send_signal(signal.SIGTERM)
            if child.wait(10):
                raise Failure("exit status %d" % child.returncode)
            auditd.close()
        finally:
            if child.poll() is None:
                child.kill()
                child.wait()


def unit_is_good():
    """systemd takes every setting of the service."""
    if not shutil.which("systemd-analyze"):
        return "there is no systemd-analyze"
    with tempfile.TemporaryDirectory() as tmp:
        path = os.path.join(tmp, "audisp-hunt-socket.service")
        with open(os.path.join(ROOT, "systemd", os.path.basename(path)),
                  encoding="utf-8") as file:
            text = file.read().replace("/usr/sbin/audisp-hunt", "/bin/true")
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        done = subprocess.run(
            ["systemd-analyze", "verify", "--man=no", path],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    said = [line for line in done.stdout.splitlines()
            if "audisp-hunt-socket" in line]
    if done.returncode or said:
        raise Failure("%s (exit %d)" % (
            "; ".join(said) or done.stdout, done.returncode))
    return None


CASES = (socket_comes_and_goes, unit_is_good)
