# SPDX-License-Identifier: GPL-3.0-or-later
"""Memory that is not there, calls that do half, a clock that was set."""

import json
import os
import random
import shutil
import signal
import struct
import subprocess
import tempfile
import time

from processes import LONG, check_all_came, check_gap, require
from rig import BUILD, ROOT, SANITIZED, Rig, check_laws, wait_for
from sink import SinkRig, check_kept
from state import record
from suite import environment

UNLUCKY = os.path.join(ROOT, BUILD, "tests/faults/unlucky")
LAYOUT = struct.Struct("=QIIQqQQ")      # luck.c
ALONE, FRONT, ENGINE = 1, 1, 2
ALLOCATIONS_MAX = 5000


class Luck:
    """The file beside a program, which both sides have mapped."""

    def __init__(self, program):
        self.path = os.path.join(os.path.dirname(program), "luck")
        with open(self.path, "wb") as file:
            file.write(LAYOUT.pack(0, 0, 0, 0, 0, 0, 0))
        os.chmod(self.path, 0o666)

    def set(self, alloc=0, role=0, for_good=0, permille=0, clock_s=0):
        """From now on; the counts start anew."""
        with open(self.path, "r+b") as file:
            file.write(LAYOUT.pack(alloc, role, for_good, permille, clock_s,
                                   0, 0))

    def counts(self):
        with open(self.path, "rb") as file:
            return LAYOUT.unpack(file.read())[5:]


# --------------------------------------------------------------- memory

def some_of(total, short):
    """Which allocations fail: all of them, or some."""
    last = min(total, ALLOCATIONS_MAX)
    if LONG or last <= short:
        return range(1, last + 1)
    # Most of what is odd happens early.
    dice = random.Random()
    return sorted({int(last ** dice.random()) for _ in range(short)} |
                  {dice.randint(1, last) for _ in range(short)})


def replay(program, data, options):
    """A run on its own: how it ended, and its lines."""
    done = subprocess.run([program, "--stdout", *options], input=data,
                          capture_output=True, timeout=60, cwd=ROOT,
                          env=environment(), check=False)
    return done.returncode, [json.loads(line) for line in
                             done.stdout.splitlines()]


def no_memory_alone():
    """Any allocation of an engine's may fail: it goes on and counts, or says
    so and ends; it does not crash. Where only one failed, it adds up."""
    if SANITIZED:
        return "they have an allocator of their own"
    data = b"".join(record(n, b"id; echo %d of them" % n, 1000 + n % 3, n / 10)
                    for n in range(1, 120))
    with tempfile.TemporaryDirectory() as tmp:
        os.chmod(tmp, 0o755)
        program = os.path.join(tmp, "audisp-hunt")
        shutil.copy(UNLUCKY, program)
        luck = Luck(program)
        options = ["-o", "hunt_dir=conf/hunt.d", "--state",
                   os.path.join(tmp, "state.db")]
        luck.set(0, ALONE)
        code, good = replay(program, data, options)
        require(code == 0 and good[-1]["events_emitted"] == 119, "it does "
                "not even work with memory")
        total = luck.counts()[0]
        whole, less = 0, 0
        for for_good in (0, 1):
            for n in some_of(total, 40 if not for_good else 10):
                luck.set(n, ALONE, for_good)
                code, lines = replay(program, data, options)
                require(code in (0, 1, 2), "the %dth%s: exit %d" % (
                    n, " and more" if for_good else "", code))
                if code == 0 and not for_good:
                    require(lines and lines[-1]["evt"] == "status" and
                            not lines[-1]["residual"], "the %dth: it does "
                            "not add up: %s" % (n, lines[-1:]))
                whole += code == 0 and len(lines) == len(good)
                less += code != 0 or len(lines) != len(good)
        print("# of %d allocations; %d runs as if nothing was, %d less" % (
            total, whole, less))
    return None


def no_memory_front():
    """Any allocation of front's may fail, and auditd's records are read all
    the same, unless it is one without which it cannot begin. Those of
    libseccomp, which then frees some memory twice, are left out."""
    if SANITIZED:
        return "they have an allocator of their own"
    with Rig() as rig:
        shutil.copyfile(UNLUCKY, rig.plugin)
        luck = Luck(rig.plugin)
        luck.set(0, FRONT)
        rig.configure("seccomp = off")
        rig.start("-r", "500", "-n", "50", "-h", "60000")
        require(wait_for(10, lambda: len(rig.receiver.of("exec")) >= 50),
                "it does not even work with memory")
        rig.finish()
        total = luck.counts()[0]
        ended = worked = 0
        for n in some_of(total, 12):
            luck.set(n, FRONT)
            before = len(rig.receiver.of("exec"))
            rig.start("-r", "500", "-n", "50", "-h", "60000", wait=False)
            wait_for(10, lambda: len(rig.receiver.of("exec")) >= before + 50
                     or not is_running(rig.front))
            came = len(rig.receiver.of("exec")) - before
            status = rig.finish()["status"]
            require(not os.WIFSIGNALED(status), "the %dth: it ended by "
                    "signal %d" % (n, status & 0x7f))
            require(came == 50 or os.WEXITSTATUS(status) == 1,
                    "the %dth: %d of 50 events" % (n, came))
            worked += came == 50
            ended += came != 50
        print("# of %d allocations; %d times it went on, %d times it could "
              "not begin" % (total, worked, ended))
        require(worked > ended, "it hardly ever goes on")
    return None


def is_running(pid):
    try:
        with open("/proc/%d/stat" % pid, encoding="ascii") as file:
            return file.read().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


def no_memory_engine():
    """Engines that lack memory at any moment end well, and the next one goes
    on: nothing is lost."""
    if SANITIZED:
        return "they have an allocator of their own"
    with Rig() as rig:
        shutil.copyfile(UNLUCKY, rig.plugin)
        luck = Luck(rig.plugin)
        luck.set(0, ENGINE)
        rig.start("-r", "1000")
        time.sleep(0.5)
        total = min(luck.counts()[0], ALLOCATIONS_MAX)
        rounds = 300 if LONG else 15
        for _ in range(rounds):
            pid = wait_for(10, rig.engine)
            # Those of its start, or of its work.
            luck.set(random.randint(1, total), ENGINE)
            if pid and random.random() < 0.7:
                os.kill(pid, signal.SIGKILL)
            time.sleep(random.uniform(0.05, 0.3))
        luck.set()
        rig.drain()
        report, status = rig.finish(), rig.status()
        check_laws(status)
        lost = sum(status[name] for name in (
            "events_dropped", "lines_dropped", "lines_failed",
            "events_partial", "front_dropped_slow", "front_dropped_dead"))
        if not lost:
            check_all_came(rig, report["events"])
        came = len({line.event for line in rig.receiver.of("exec")})
        require(came + lost >= report["events"], "%d of %d came, %d were "
                "counted" % (came, report["events"], lost))
        require(not status["events_poisoned"], "an event was taken for poison")
        print("# %d of %d events, %d counted; %d engines" % (
            came, report["events"], lost, status["engine_starts"]))
        check_gap(report)
    return None


# ---------------------------------------------------------------- calls

def half_done():
    """EINTR, EAGAIN and less than was asked for, one time in eight, while the
    receiver is away for a while: nothing is lost, nothing torn."""
    with SinkRig(("spool_max = 64M",)) as rig:
        shutil.copyfile(UNLUCKY, rig.plugin)
        luck = Luck(rig.plugin)
        extra = rig.path("lib", "extra")
        with open(rig.config, "a", encoding="utf-8") as file:
            file.write("output = file:%s format=json\n" % extra)
        luck.set(permille=125)
        rig.start()
        for _ in range(20 if LONG else 2):
            time.sleep(1)
            rig.silence()
            time.sleep(2)
            rig.hear()
        rig.drain()
        bad = luck.counts()[1]
        luck.set()
        report = rig.finish()
        with open(extra, encoding="ascii") as file:
            lines = [json.loads(line) for line in file]
        wait_for(5, lambda: len(rig.serials()) >= report["events"])
        check_kept(rig, report)
        serials = [int(line["id"].partition(":")[2]) for line in lines
                   if line["evt"] == "exec"]
        require(serials == list(range(1, report["events"] + 1)),
                "the file has %d events of %d" % (len(serials),
                                                  report["events"]))
        print("# %d calls had bad luck, %d events came" % (
            bad, report["events"]))
        require(bad > 1000, "too few")


# ---------------------------------------------------------------- clocks

def clock():
    """An hour on, an hour back, 1970, 2106: nothing is split, lost or twice,
    and what was common does not look rare."""
    hour, now = 3600, int(time.time())
    steps = (0, hour, 0, -hour, 0, 100 - now, 0, 4294967290 - now, 0)
    with Rig() as rig:
        shutil.copyfile(UNLUCKY, rig.plugin)
        luck = Luck(rig.plugin)
        rig.configure("checkpoint_s = 1",
                      "state = " + rig.path("lib/state.db"))
        log, n = rig.path("log"), 0
        with open(log, "wb") as file:
            for step in steps:
                at = step if abs(step) <= hour else 0
                for k in range(250):
                    n += 1
                    file.write(record(n, b"id; uname", 1000,
                                      86400 + at + k / 250))
        rig.start("-f", log, "-r", "250", "-h", "60000")
        for step in steps:
            luck.set(clock_s=step)
            time.sleep(1)
        wait_for(20, lambda: len(rig.receiver.of("exec")) >= n)
        rig.drain()
        status = rig.ask()
        report = rig.finish()
        check_laws(status)
        marked, _ = check_all_came(rig, n)
        require(not marked and not status["events_partial"] and
                not status["events_forced"], "events were split")
        require(status["checkpoints"] > 0 and not
                status["checkpoint_errors"], "checkpoints: %d, errors: %d" % (
                    status["checkpoints"], status["checkpoint_errors"]))
        require(status["engine_starts"] == 1, "engines died")
        with open(rig.path("log"), "rb") as file:
            data = file.read()
        code, lines = replay(UNLUCKY, data, ["-o", "hunt_dir=/nonexistent"])
        freq = [line["parts"].get("freq", 0) for line in lines
                if line["evt"] == "exec"]
        rising = [k for k, (a, b) in enumerate(zip(freq, freq[1:])) if b > a]
        require(code == 0 and len(freq) == n and not rising,
                "the command becomes rarer at %s" % rising[:3])
        check_gap(report)


CASES = (no_memory_alone, no_memory_front, no_memory_engine, half_done, clock)
