# SPDX-License-Identifier: GPL-3.0-or-later
"""Lines on their way out: receivers that are away, disks that fail.

In each case events come at 1,000 a second while something is broken; front
must not stop reading, what can be kept arrives in order, what cannot is
counted to the line.
"""

import errno
import itertools
import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import threading
import time

from processes import LONG, check_gap, require
from rig import (BUILD, HERE, ROOT, USER, Line, Receiver, Rig, check_laws,
                 check_told, wait_for)

FAULTY = os.path.join(ROOT, BUILD, "tests/faults/faulty")
RATE = 1000
SECONDS = 60 if LONG else 10
BROKEN_S = 30 if LONG else 3
DROPS = ("lines_dropped", "spool_full", "spool_damaged", "lines_failed")
ID = re.compile(rb'"id":"\d+\.\d+:(\d+)"')
SEQ = re.compile(rb'"seq":(\d+)')
DROP_IN = os.path.join(HERE, "..", "..", "conf", "rsyslog")


class SinkRig(Rig):
    """The rig, and what can be done to its ways out."""

    def __init__(self, options=(), program=None):
        super().__init__(options)
        if program:
            shutil.copyfile(program, self.plugin)

    def start(self, *options, wait=True):
        super().start("-r", str(RATE), *options, wait=wait)

    def silence(self):
        """Nobody reads, but the socket is there: EAGAIN."""
        self.receiver.gate.clear()

    def hear(self):
        self.receiver.gate.set()

    def close_receiver(self, is_removed):
        """ECONNREFUSED, or ENOENT."""
        self.receiver.stop()
        if is_removed:
            os.unlink(self.socket)

    def open_receiver(self):
        lines = self.receiver.lines
        if os.path.exists(self.socket):
            os.unlink(self.socket)
        self.receiver = Receiver(self.socket, lines)

    def disk(self, text):
        """What the disk does from now on; see disk.c."""
        with open(self.path("disk.new"), "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(self.path("disk.new"), 0o644)
        os.rename(self.path("disk.new"), self.path("disk"))

    def serials(self):
        return [int(line.event.partition(":")[2])
                for line in self.receiver.of("exec")]


def check_order(serials):
    back = [(a, b) for a, b in zip(serials, serials[1:]) if b <= a]
    require(not back, "%d go back in order, the first after %s" % (
        len(back), back[:1]))


def check_kept(rig, report, lost_max=0):
    """All came, in order, but those counted as dropped."""
    status = rig.status()
    serials = rig.serials()
    require(not rig.receiver.error, "the receiver:", rig.receiver.error)
    check_laws(status)
    check_order(serials)
    dropped = sum(status[name] for name in DROPS)
    require(status["front_lines"] == report["records"] and
            status["front_dropped_slow"] == 0 ==
            status["front_dropped_dead"], "front lost records")
    require(status["events"] == report["events"] ==
            status["events_emitted"], "%d events, %d of them emitted" % (
                status["events"], status["events_emitted"]))
    missing = report["events"] - len(serials) - dropped
    require(0 <= missing <= lost_max,
            "%d of %d came, %d were counted as dropped" % (
                len(serials), report["events"], dropped))
    check_gap(report)
    return status, dropped


def outage(rig, begin, finish, seconds=BROKEN_S):
    """Events before, while and after; gives the dispatcher's report."""
    time.sleep(0.5)
    begin()
    time.sleep(seconds)
    finish()
    time.sleep(1)
    rig.drain()
    return rig.finish()


# -------------------------------------------------------------- receivers

def stopped_receiver():
    """EAGAIN for long: all of it comes through the spool, in order."""
    with SinkRig() as rig:
        rig.start()
        report = outage(rig, rig.silence, rig.hear, SECONDS)
        status, dropped = check_kept(rig, report)
        require(not dropped, dropped, "were dropped")
        require(report["events"] >= RATE * SECONDS * 0.9, "too few events:",
                report["events"])
        require(not [name for name in os.listdir(rig.spool)
                     if not name.endswith(".sent")], "files are left")
        print("# %d events, all there and in order" % report["events"])


def refused_receiver():
    """ECONNREFUSED; the lines in the socket's buffer go with the socket."""
    with SinkRig() as rig:
        rig.start()
        report = outage(rig, lambda: rig.close_receiver(False),
                        rig.open_receiver)
        _, dropped = check_kept(rig, report, 12)
        require(not dropped, dropped, "were dropped")


def missing_receiver():
    """ENOENT, from the start on and once more."""
    with SinkRig() as rig:
        rig.close_receiver(True)
        rig.start()
        time.sleep(2)
        rig.open_receiver()
        report = outage(rig, lambda: rig.close_receiver(True),
                        rig.open_receiver)
        _, dropped = check_kept(rig, report, 12)
        require(not dropped, dropped, "were dropped")


def slow_receiver():
    """One that reads for 50 ms of each 200: as much as it can, in order."""
    with SinkRig() as rig:
        rig.start()
        end = time.monotonic() + BROKEN_S
        while time.monotonic() < end:
            rig.silence()
            time.sleep(0.15)
            rig.hear()
            time.sleep(0.05)
        rig.drain()
        _, dropped = check_kept(rig, rig.finish())
        require(not dropped, dropped, "were dropped")


class Pair(threading.Thread):
    """A socket and its fallback, read by one thread: what is older first."""

    def __init__(self, rig):
        super().__init__(daemon=True)
        self.rig = rig
        self.paths = [rig.path("first.sock"), rig.path("second.sock")]
        self.sockets = [self.open(path) for path in self.paths]
        self.wanted = self.is_first = True  # whether the first is there
        self.n = [0, 0]
        self.is_over = False
        self.start()

    @staticmethod
    def open(path):
        one = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        one.bind(path)
        os.chmod(path, 0o666)
        return one

    def read(self, which):
        """All that is there."""
        try:
            while True:
                data = self.sockets[which].recv(65536, socket.MSG_DONTWAIT)
                self.rig.receiver.lines.append(Line(time.monotonic(), data))
                self.n[which] += 1
        except BlockingIOError:
            return

    def run(self):
        for rounds in itertools.count():
            if self.is_over:
                return
            if self.is_first:
                self.read(0)
            if self.is_first and not self.wanted:
                self.sockets[0].close()
                os.unlink(self.paths[0])
            # Often enough for the rate, yet the fallback is hardly ever empty.
            if not rounds % 8:
                self.read(1)
            if self.wanted and not self.is_first:
                self.sockets[0] = self.open(self.paths[0])
            self.is_first = self.wanted
            time.sleep(0.0005)


def fallback():
    """To the other socket and back, in order over both."""
    with SinkRig() as rig:
        pair = Pair(rig)
        rig.configure("output = syslog:%s fallback=%s" % tuple(pair.paths))
        rig.start()
        time.sleep(1)
        pair.wanted = False
        time.sleep(BROKEN_S)
        pair.wanted = True
        before = pair.n[0]
        since = time.monotonic()
        require(wait_for(20, lambda: pair.n[0] > before), "no way back")
        took = time.monotonic() - since
        require(took <= 4, "the way back took %.1f s" % took)
        time.sleep(0.5)
        by_fallback = pair.n[1]
        rig.drain()
        # What the first socket had in its buffer went with it.
        _, dropped = check_kept(rig, rig.finish(), 12)
        pair.is_over = True
        pair.join()
        require(not dropped, dropped, "were dropped")
        require(pair.n[1] > RATE * BROKEN_S / 2, "the fallback had", pair.n[1])
        require(pair.n[1] == by_fallback, "it went to the fallback again")
        print("# %d by the fallback, %.1f s until the way back" % (
            pair.n[1], took))


# ------------------------------------------------------------------ disks

SMALL = ("queue_max = 1M", "spool_max = 1M")


def full_spool():
    """Both full: the oldest of the lowest go, each counted."""
    with SinkRig(SMALL) as rig:
        rig.start()
        report = outage(rig, rig.silence, rig.hear, 2 * BROKEN_S)
        status, dropped = check_kept(rig, report)
        require(status["spool_full"] == dropped > 0, dropped, "were dropped,",
                status["spool_full"], "of them from the spool")
        check_told(rig, status, "spool_full")
        print("# %d of %d dropped" % (dropped, report["events"]))


def broken_disk(number, calls):
    """Memory holds queue_max of them; then they go, each counted."""
    with SinkRig(SMALL, FAULTY) as rig:
        rig.start()
        time.sleep(0.5)
        rig.silence()
        time.sleep(2)     # some are on the disk by now
        rig.disk("%d %s" % (number, calls))
        time.sleep(2 * BROKEN_S)
        rig.disk("0")
        time.sleep(1)
        rig.hear()
        rig.drain()
        report = rig.finish()
        status, dropped = check_kept(rig, report)
        require(status["spool_errors"] > 0, "nothing broke")
        check_told(rig, status)
        print("# %s: %d of %d dropped, %d of them by memory, %d damaged" % (
            errno.errorcode[number], dropped, report["events"],
            status["lines_dropped"], status["spool_damaged"]))


def disk_full():
    broken_disk(errno.ENOSPC, "pwrite")


def disk_eio():
    broken_disk(errno.EIO, "pwrite ftruncate openat unlinkat")


def disk_quota():
    broken_disk(errno.EDQUOT, "pwrite openat")


def disk_read_only():
    broken_disk(errno.EROFS, "pwrite openat unlinkat ftruncate")


def disk_unreadable():
    """What cannot be read back is counted too."""
    with SinkRig((), FAULTY) as rig:
        rig.start()
        time.sleep(0.5)
        rig.silence()
        time.sleep(2.5)
        rig.disk("%d pread" % errno.EIO)
        rig.hear()
        time.sleep(2)
        rig.disk("0")
        rig.drain()
        status, dropped = check_kept(rig, rig.finish())
        require(status["spool_damaged"] == dropped > 0, dropped, "dropped")


def mounted(rig, *options):
    done = subprocess.run(["mount", "-t", "tmpfs", *options, "tmpfs",
                           rig.path("lib")], stderr=subprocess.DEVNULL,
                          check=False)
    return done.returncode == 0


def unmount(rig):
    subprocess.run(["umount", "-l", rig.path("lib")], check=False)


def real_disk(begin, finish, check, how="rw"):
    """A file system of 2 MiB of their own."""
    with SinkRig(("queue_max = 1M", "spool_max = 16M")) as rig:
        user = pwd.getpwnam(USER)
        if not mounted(rig, "-o", "size=2M,mode=700,uid=%d,gid=%d,%s" % (
                user.pw_uid, user.pw_gid, how)):
            return "cannot mount a tmpfs"
        try:
            rig.start()
            time.sleep(0.5)
            rig.silence()
            time.sleep(2)
            begin(rig)
            time.sleep(2 * BROKEN_S)
            finish(rig)
            time.sleep(1)
            rig.hear()
            rig.drain()
            report = rig.finish()
            status, dropped = check_kept(rig, report)
            require(status["spool_errors"] > 0, "nothing broke")
            check(status, dropped)
        finally:
            unmount(rig)
    return None


def really_full():
    def check(status, dropped):
        require(status["lines_dropped"] == dropped > 0, dropped, "dropped")

    return real_disk(lambda rig: None, lambda rig: None, check)


def really_read_only():
    """At first; nobody can make a disk so that has files open."""
    def remount(rig):
        subprocess.run(["mount", "-o", "remount,rw", rig.path("lib")],
                       check=True)

    def check(status, dropped):
        require(status["lines_dropped"] == dropped > 0, dropped, "dropped")

    return real_disk(lambda rig: None, remount, check, "ro")


def take_away(folder):
    """All of it, while the plugin takes files from it, too."""
    def is_gone():
        shutil.rmtree(folder, ignore_errors=True)
        return not os.path.exists(folder)

    require(wait_for(5, is_gone), folder, "stays")


def spool_taken_away():
    """The directory goes, then nobody may make one, then all may again."""
    with SinkRig(SMALL) as rig:
        rig.start()
        time.sleep(0.5)
        rig.silence()
        time.sleep(2)
        os.chmod(rig.path("lib"), 0o000)
        take_away(rig.spool)
        time.sleep(BROKEN_S)
        os.chmod(rig.path("lib"), 0o700)
        rig.hear()
        rig.drain()
        status, dropped = check_kept(rig, rig.finish())
        require(status["spool_damaged"] > 0, "the files were still there")


# ----------------------------------------------------------------- deaths

def stop_and_start():
    """What waits when auditd stops comes when it starts again."""
    with SinkRig() as rig:
        rig.start()
        time.sleep(0.5)
        rig.silence()
        time.sleep(2)
        first = rig.finish()
        require(first["status"] == 0 and first["end_ms"] < 2500,
                "it took %.0f ms to end" % first["end_ms"])
        rig.hear()
        rig.start("-s", str(first["events"] + 1))
        time.sleep(1)
        rig.drain()
        second = rig.finish()
        serials = rig.serials()
        require(serials == list(range(1, len(serials) + 1)) and
                len(serials) == first["events"] + second["events"],
                "%d lines for %d and %d events" % (
                    len(serials), first["events"], second["events"]))
        status = rig.status()
        check_laws(status)
        print("# %d lines restored" % status["lines_restored"])
        require(status["lines_restored"] > RATE, "too few were restored")


def killed_whole():
    """Front and engine die at once, twice; what was spooled comes, in order,
    and what comes twice says so."""
    with SinkRig() as rig:
        first = 1
        rig.start()
        for _ in range(3):
            time.sleep(0.5)
            rig.silence()
            time.sleep(2)
            rig.stop_writing()
            time.sleep(1.5)     # what waits in memory is spooled in a second
            pids = [rig.engine(), rig.front]
            for pid in pids:
                os.kill(pid, signal.SIGKILL)
            first += rig.finish()["events"]
            rig.hear()
            time.sleep(0.2)
            rig.start("-s", str(first))
        time.sleep(1)
        rig.drain()
        report = rig.finish()
        last = first + report["events"] - 1
        serials = rig.serials()
        missing = set(range(1, last + 1)) - set(serials)
        # Where the receiver did not read, its socket lost what it held.
        require(not missing, "%d of %d are missing: %s" % (
            len(missing), last, sorted(missing)[:3]))
        once = [int(line.event.partition(":")[2])
                for line in rig.receiver.of("exec") if not line.is_dup]
        check_order(once)
        print("# %d events, %d came twice" % (last, len(serials) - last))
        check_laws(rig.status())


# ---------------------------------------------------------------- rsyslogd

class Rsyslogd:
    """The real one, with the shipped drop-in, in the rig's folder."""

    def __init__(self, rig):
        self.rig = rig
        self.out = rig.path("log/audisp-hunt.log")
        self.socket = rig.path("run/log.sock")
        os.mkdir(rig.path("log"))
        os.mkdir(rig.path("run"))
        os.chmod(rig.path("run"), 0o755)
        text = ""
        for name in sorted(os.listdir(DROP_IN)):
            with open(os.path.join(DROP_IN, name), encoding="utf-8") as file:
                text += file.read()
        text = text.replace("/run/audisp-hunt/", rig.path("run/"))
        text = text.replace("/var/log/", rig.path("log/"))
        with open(rig.path("rsyslog.conf"), "w", encoding="utf-8") as file:
            file.write('global(workDirectory="%s")\n'
                       'module(load="imuxsock" SysSock.Use="off")\n%s' % (
                           rig.tmp, text))
        self.process = None

    def start(self):
        self.process = subprocess.Popen(
            ["rsyslogd", "-n", "-f", self.rig.path("rsyslog.conf"), "-i",
             self.rig.path("rsyslogd.pid")], stdin=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)
        require(wait_for(10, lambda: os.path.exists(self.socket)),
                "rsyslogd opens no socket")

    def stop(self):
        if self.process:
            self.process.send_signal(signal.SIGCONT)
            self.process.terminate()
            self.process.wait(20)
            self.process = None

    def read(self):
        try:
            with open(self.out, "rb") as file:
                return file.read().splitlines()
        except FileNotFoundError:
            return []

    def execs(self):
        return [int(ID.search(line)[1]) for line in self.read()
                if b'"evt":"exec"' in line[:200]]


def rsyslog_case(away):
    """away(rsyslogd): takes it away for SECONDS, and brings it back."""
    if not shutil.which("rsyslogd"):
        return "rsyslogd is not here"
    with SinkRig() as rig:
        rsyslogd = Rsyslogd(rig)
        # Status lines alone come to the rig's own receiver.
        rig.configure("output = syslog:%s" % rsyslogd.socket)
        with open(rig.config, "a", encoding="utf-8") as file:
            file.write("output = syslog:%s min_score=1000\n" % rig.socket)
        rsyslogd.start()
        try:
            rig.start()
            time.sleep(1)
            away(rsyslogd)
            time.sleep(1)
            rig.drain()
            report = rig.finish()
            status = rig.status()
            wait_for(20, lambda: len(rsyslogd.execs()) >= report["events"])
            return check_rsyslog(rsyslogd, report, status)
        finally:
            rsyslogd.stop()


def check_rsyslog(rsyslogd, report, status):
    serials = rsyslogd.execs()
    seq = [int(SEQ.search(line)[1]) for line in rsyslogd.read()]
    check_laws(status)
    check_gap(report)
    check_order(serials)
    check_order(seq)
    missing = report["events"] - len(serials)
    print("# %d events, %d in the file, in order, %d seen as a gap of seq" % (
        report["events"], len(serials), seq[-1] + 1 - len(seq)))
    require(not sum(status[name] for name in DROPS), "some were dropped")
    # The socket's buffer goes with a receiver that ends.
    require(0 <= missing <= rsyslogd.lost_max, missing, "are missing")
    require(report["events"] >= RATE * SECONDS * 0.9, "too few events:",
            report["events"])


def rsyslog_stopped():
    """SIGSTOP: not one line is lost."""
    def away(rsyslogd):
        rsyslogd.lost_max = 0
        rsyslogd.process.send_signal(signal.SIGSTOP)
        time.sleep(SECONDS)
        rsyslogd.process.send_signal(signal.SIGCONT)

    return rsyslog_case(away)


def rsyslog_restarted():
    """Away, then back: what its socket held is lost, and no more."""
    def away(rsyslogd):
        rsyslogd.lost_max = 12
        rsyslogd.stop()
        time.sleep(SECONDS)
        rsyslogd.start()

    return rsyslog_case(away)


def rsyslog_killed():
    """Killed again and again."""
    def away(rsyslogd):
        rounds = 100 if LONG else 5
        rsyslogd.lost_max = 0
        for _ in range(rounds):
            rsyslogd.process.kill()
            rsyslogd.process.wait()
            rsyslogd.process = None
            # Its socket's buffer, and its own queue.
            rsyslogd.lost_max += 12 + 1000
            os.unlink(rsyslogd.socket)
            os.unlink(rsyslogd.rig.path("rsyslogd.pid"))
            time.sleep(SECONDS / rounds / 2)
            rsyslogd.start()
            time.sleep(SECONDS / rounds / 2)

    return rsyslog_case(away)


CASES = (stopped_receiver, missing_receiver, fallback, full_spool, disk_full,
         disk_eio, disk_unreadable, really_full, really_read_only,
         spool_taken_away, stop_and_start, killed_whole, rsyslog_stopped,
         rsyslog_killed)
if LONG:    # much like those
    CASES += (refused_receiver, slow_receiver, disk_quota, disk_read_only,
              rsyslog_restarted)
