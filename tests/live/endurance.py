# SPDX-License-Identifier: GPL-3.0-or-later
"""The reader that dies, signals without end, as many execs as there can be, and
rules that somebody deletes."""

import os
import random
import re
import signal
import subprocess
import time

from check import check_laws, check_lines_come, check_same_process, counter
from rig import (Failure, audit_status, die_with_us, execs, is_alive, run,
                 wait_for)

LONG = bool(os.environ.get("LONG"))
KILLS = 10      # auditd starts it no more than ten times anew
SIGNALS = 50
STORM_S = 60 if LONG else 6
Q_DEPTH = 20000     # in the rig's auditd.conf
DEPTH_PART = 0.1
# What auditd has handed over and front has not yet read: its socket's records,
# seven to an exec, and what is in the buffer.
LOST_A_KILL = 64
CANARY_S = 3
UNSET = 4294967295


def ids(lines):
    return {line["id"] for line in lines}


def front_of(rig):
    """The process that auditd itself has started."""
    for pid in rig.plugin_pids():
        try:
            with open("/proc/%d/stat" % pid, encoding="ascii") as file:
                parent = file.read().rpartition(")")[2].split()[1]
        except OSError:
            continue
        if int(parent) == rig.auditd.pid:
            return pid
    return None


def crashes(rig, report):
    """The process that auditd started, killed ten times under load."""
    rig.start_auditd("RAW")
    rig.watch()
    report("crashes-warm-up", check_lines_come, rig)
    since = rig.mark()
    spawner = rig.session(rig.spawn, "200", str(200 * KILLS), rig.nop)
    killed = {None}
    for _ in range(KILLS + 1):
        front = wait_for(10, lambda: ({front_of(rig)} - killed or {None}).pop())
        if not front:
            raise Failure("auditd starts it no more")
        if len(killed) <= KILLS:
            time.sleep(random.uniform(0.3, 0.7))
            os.kill(front, signal.SIGKILL)
            killed.add(front)
    spawner.communicate()
    rig.settle()
    done = execs(rig.log)
    lines = rig.lines(since, "exec")

    def little_lost():
        missing = {e.id for e in done} - ids(lines) - ids(rig.lines(0, "exec"))
        print("# crashes: %d of %d execs were on their way when it was killed "
              "%d times" % (len(missing), len(done), KILLS))
        if len(missing) > KILLS * LOST_A_KILL:
            raise Failure("%d are missing" % len(missing))

    def one_instance():
        wait_for(5, lambda: len(rig.plugin_pids_left()) == 2)
        pids = rig.plugin_pids()
        left = rig.plugin_pids_left()
        if len(pids) != 2 or set(left) != set(pids):
            raise Failure("it is %r, alive are %r" % (pids, left))

    report("crashes-little-lost", little_lost)
    report("crashes-one-instance", one_instance)
    report("crashes-line", check_lines_come, rig)
    rig.stop_auditd()


def signals(rig, report):
    """HUP and CONT to auditd, fifty times under load."""
    rig.start_auditd("ENRICHED")
    rig.watch()
    report("signals-warm-up", check_lines_come, rig)
    skip, since = len(execs(rig.log)), rig.mark()
    before = counter(rig.status(), "reloads")
    spawner = rig.session(rig.spawn, "200", "1000", rig.nop)
    for n in range(SIGNALS):
        rig.auditd.send_signal(signal.SIGCONT if n % 2 else signal.SIGHUP)
        time.sleep(random.uniform(0.02, 0.15))
    spawner.communicate()
    rig.settle()
    lines = rig.lines(since, "exec")

    def all_there():
        wanted = {e.id for e in execs(rig.log)[skip:]}
        if wanted - ids(lines) or len(lines) != len(ids(lines)):
            raise Failure("%d of %d are missing, %d lines for %d events" % (
                len(wanted - ids(lines)), len(wanted), len(lines),
                len(ids(lines))))

    def reloaded():
        status = rig.status()
        check_laws(status)
        done = counter(status, "reloads") - before
        print("# signals: %d reloads for %d SIGHUPs" % (done, SIGNALS // 2))
        if not 0 < done <= SIGNALS // 2:
            raise Failure("%d reloads" % done)

    report("signals-all-there", all_there)
    report("signals-reloaded", reloaded)
    report("signals-same-process", check_same_process, rig)
    pids = rig.plugin_pids()
    rig.stop_auditd()
    report("signals-no-orphan", lambda: no_orphan(pids))


def no_orphan(pids):
    left = [pid for pid in pids if is_alive(pid)]
    if left:
        raise Failure("still there: %r" % left)


# ---------------------------------------------------------------- the storm

def auditd_state(rig):
    """What SIGCONT has auditd write down: the numbers by name."""
    path = rig.path("run", "auditd.state") if rig.has_own_run else \
        "/run/auditd.state"
    if os.path.exists(path):
        os.unlink(path)
    rig.auditd.send_signal(signal.SIGCONT)
    if not wait_for(5, lambda: os.path.exists(path) and
                    os.path.getsize(path)):
        raise Failure("SIGCONT brings no report")
    time.sleep(0.1)
    with open(path, encoding="utf-8") as file:
        return dict(re.findall(r"(?m)^(.*\S) *= *(.*)$", file.read()))


def storm(rig, report):
    """Execs on all processors as fast as they go: none is lost, or each loss
    is counted."""
    rig.start_auditd("ENRICHED")
    rig.watch()
    report("storm-warm-up", check_lines_come, rig)
    skip, since = len(execs(rig.log)), rig.mark()
    lost = audit_status()["lost"]
    start = time.monotonic()
    spawners = [rig.session(rig.spawn, "1000000", "100000000", rig.nop)
                for _ in range(os.cpu_count())]
    time.sleep(STORM_S)
    for spawner in spawners:
        spawner.terminate()
        spawner.wait()
    seconds = time.monotonic() - start
    wait_for(30 + STORM_S, lambda: audit_status()["backlog"] < 10 and
             not counter(rig.status(), "ring_used") and
             not counter(rig.status(), "lines_queued") and
             not counter(rig.status(), "lines_spooled"))
    rig.settle()
    lost = audit_status()["lost"] - lost
    state = auditd_state(rig)
    status = rig.status()
    lines = rig.lines(since, "exec")
    done = execs(rig.log)[skip:]
    depth = int(state["max plugin queue depth used"])
    overflow = state["plugin queue overflow detected"]
    print("# storm: %d execs in %.0f s, %.0f a second; the kernel lost %d; "
          "auditd's queue held %d at most of %d" % (
              len(done), seconds, len(done) / seconds, lost, depth, Q_DEPTH))

    def counted():
        missing = {e.id for e in done} - ids(lines)
        told = sum(counter(status, name) for name in (
            "front_dropped_slow", "front_dropped_dead", "lines_dropped",
            "events_dropped", "spool_full", "serials_missing"))
        if len(lines) != len(ids(lines)):
            raise Failure("%d lines for %d events" % (len(lines),
                                                      len(ids(lines))))
        if len(missing) > told:
            raise Failure("%d of %d execs have no line, %d are counted" % (
                len(missing), len(done), told))
        if overflow != "no" and not counter(status, "serials_missing"):
            raise Failure("auditd dropped some, and nobody says so")
        check_laws(status)

    def short_queue():
        if depth > DEPTH_PART * Q_DEPTH:
            raise Failure("%d records waited in auditd" % depth)

    report("storm-lost-or-counted", counted)
    report("storm-queue", short_queue)
    report("storm-same-process", check_same_process, rig)
    rig.stop_auditd()


# -------------------------------------------------------------- the canary

def become_daemon():
    """As what the system itself starts: without an auid."""
    die_with_us()
    with open("/proc/self/loginuid", "w", encoding="ascii") as file:
        file.write(str(UNSET))


def canary(rig, report):
    """Rules deleted, or audit switched off: its absence is told."""
    rig.configure("canary_s = %d" % CANARY_S)
    rig.start_auditd("RAW")

    def rules():
        rig.watch()
        run("auditctl", "-a", "always,exit", "-F", "arch=b64", "-S", "execve",
            "-F", "auid=unset", "-F", "exe=" + os.path.realpath("/bin/true"))

    def sing():
        subprocess.run(["/bin/true", "audisp-hunt-canary"], check=True,
                       preexec_fn=become_daemon)
        time.sleep(0.5)

    def missed(since):
        return [line for line in rig.lines(since, "loss")
                if "canary_missing_s" in line]

    def silenced(how):
        rules()
        since = rig.mark()
        for _ in range(2 * CANARY_S + 12):      # a loss may come 5 s later
            sing()
        if missed(since):
            raise Failure("told, though it was there")
        if not any(b"audisp-hunt-canary" in line for line in raw(rig)):
            raise Failure("the canary is not in audit.log")
        since, start = rig.mark(), time.monotonic()
        run("auditctl", *how)
        while not missed(since):
            if time.monotonic() - start > 30:
                raise Failure("nobody says so after 30 s")
            sing()
        print("# canary: %s told after %.1f s" % (
            " ".join(how), time.monotonic() - start))

    report("canary-rules-deleted", silenced, ("-D",))
    report("canary-switched-off", silenced, ("-e", "0"))
    run("auditctl", "-e", "1")
    rig.watch()
    report("canary-line", check_lines_come, rig)
    rig.stop_auditd()
    rig.configure()


def raw(rig):
    with open(rig.log, "rb") as file:
        return file.read().splitlines()
