# SPDX-License-Identifier: GPL-3.0-or-later
"""Lists of indicators that change while events come."""

import os
import random
import time

from processes import LONG, check_all_came, check_gap, require
from rig import Rig, check_laws, wait_for
from state import record

RATE, SECONDS = (5000, 60) if LONG else (1000, 8)
ENTRIES = 5_000_000 if LONG else 100_000
KNOWN = "203.0.114.9"


def write_list(path, entries):
    with open(path, "w", encoding="ascii") as file:
        for n in range(entries):
            file.write("h%d-%d.example\n" % (n, random.randrange(10**9)))
        file.write(KNOWN + "\n")
    os.chmod(path, 0o644)


def put_list(path, ready):
    """In one step, as a list should be replaced."""
    os.link(ready, path + ".new")
    os.rename(path + ".new", path)


def write_baseline(path):
    with open(path, "w", encoding="ascii") as file:
        file.write("command,count,hosts\n")
        for n in range(ENTRIES // 10):
            file.write("%064x,%d,1\n" % (n, n + 1))
    os.chmod(path, 0o644)


def changing_lists():
    """Read, packed and swapped under load: nothing waits, nothing is lost, and
    once there is a list every event that names its indicator says so."""
    with Rig() as rig:
        path, lines = rig.path("list.txt"), rig.path("lib/lines")
        ready = [rig.path("ready.0"), rig.path("ready.1")]
        for one in ready:
            write_list(one, ENTRIES)
        put_list(path, ready[1])
        fleet = rig.path("fleet.csv")
        write_baseline(fleet)
        rig.configure("list = plain %s name=ours" % path)
        with open(rig.config, "a", encoding="utf-8") as config:
            config.write("output = file:%s format=json\n"
                         "frequency.baseline = %s\n" % (lines, fleet))
        log = rig.path("events.log")
        with open(log, "wb") as file:
            for n in range(RATE * SECONDS):
                file.write(record(n + 1, b"curl http://%s/%d" % (
                    KNOWN.encode(), n), 1000, n / RATE))
        rig.start("-f", log, "-r", str(RATE), "-n", str(RATE * SECONDS),
                  "-h", "60000")
        for n in range(SECONDS - 3):
            time.sleep(1)
            put_list(path, ready[n % 2])
            os.kill(rig.front, 1)
        wait_for(SECONDS * 4, lambda: len(rig.receiver.of("exec")) >=
                 RATE * SECONDS)
        rig.drain()
        status = rig.ask()
        report = rig.finish()
        check_laws(status)
        check_all_came(rig, RATE * SECONDS)
        require(status["reloads"] >= SECONDS - 3, "only %d reloads" %
                status["reloads"])
        with open(lines, encoding="ascii") as file:
            told = ["is high to ours" in line for line in file
                    if '"evt":"exec"' in line]
        first = told.index(True) if True in told else len(told)
        print("# the list held from event %d of %d on" % (first, len(told)))
        require(first < len(told) / 2, "no event has the list's verdict")
        require(all(told[first:]), "%d events have lost it again" %
                told[first:].count(False))
        check_gap(report)


CASES = (changing_lists,)
