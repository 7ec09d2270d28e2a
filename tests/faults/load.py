# SPDX-License-Identifier: GPL-3.0-or-later
"""More than can be told: it says so, counts the rest, and misses nothing new."""

import json
import os
import signal
import time

from rig import Failure, Rig, check_laws, wait_for

LONG = os.environ.get("LONG")
KINDS, EVERY = 50, 500      # plain commands, and how often a hidden one
# Events a second, how often one hides something, and whether the engine is held
# back: then it is more than any machine's engine can work on.
STEPS = ((1000, EVERY, False), (5000, EVERY, False), (10000, EVERY, False),
         (20000, EVERY, False), (50000, EVERY, False), (50000, 1, True))
HELD_S, FREE_S = 0.09, 0.01
SAID_S = 2
USER = 1000                 # whose events the dispatcher makes up
# Near the knee an engine may keep up for a while before it does not.
TRIES = 3


def require(holds, *what):
    if not holds:
        raise Failure(" ".join(map(str, what)))


def serial_of(line):
    return int(line.event.rpartition(":")[2])


def seconds_of(line):
    """When the kernel saw it, or it was written."""
    return float(line.event.partition(":")[0])


def check_counts(rig, status, report, every):
    """Every event in a line, or in the count of one; the new ones in one of
    their own."""
    own = {serial_of(line) for line in rig.receiver.of("exec")}
    repeats = [json.loads(line.text) for line in rig.receiver.of("repeat")]
    counted = sum(row["count"] for row in repeats)
    require(len(own) == status["events_emitted"], "%d lines of %d events" % (
        len(own), status["events_emitted"]))
    require(counted == status["events_suppressed"],
            "counted %d, suppressed %d" % (
                counted, status["events_suppressed"]))
    require(all(int(row["id"].rpartition(":")[2]) in own for row in repeats),
            "a repeat whose first has no line")
    check_laws(status)
    if status["front_dropped_slow"]:
        return
    require(len(own) + counted == report["events"], "%d + %d of %d" % (
        len(own), counted, report["events"]))
    new = set(range(every, report["events"] + 1, every))
    require(new <= own, "%d of %d hidden commands have no line" % (
        len(new - own), len(new)))


def wait_held(pid, seconds):
    """Waits, and leaves the process a tenth of the time."""
    end = time.monotonic() + seconds
    try:
        while time.monotonic() < end:
            os.kill(pid, signal.SIGSTOP)
            time.sleep(HELD_S)
            os.kill(pid, signal.SIGCONT)
            time.sleep(FREE_S)
    finally:
        os.kill(pid, signal.SIGCONT)


def step(rate, every, is_held, seconds):
    """What was said of one rate: how late, None if nothing, and the counts."""
    with Rig(("repeat.window_s = 3",)) as rig:
        rig.start("-r", str(rate), "-k", "%d/%d" % (KINDS, every))
        start = seconds_of(wait_for(10, lambda: rig.receiver.of("exec"))[0])
        if is_held:
            wait_held(rig.engine(), seconds)
        else:
            time.sleep(seconds)
        rig.drain(120)
        # The last window ends.
        wait_for(10, lambda: not rig.ask()["repeats_open"])
        status = rig.ask()
        report = rig.finish()
        check_counts(rig, status, report, every)
        said = rig.receiver.of("overload")
        rows = [json.loads(line.text) for line in said]
        late = seconds_of(said[0]) - start if said else None
        for row, before in zip(rows[1:], rows):
            require(row["from"] == before["level"],
                    "from %(from)d" % row, before)
        require(all(abs(row["level"] - row["from"]) == 1 for row in rows),
                "a level was left out", rows)
        require(all(row["auid"] == USER and row["auid_percent"] > 90
                    for row in rows if row["level"] > row["from"]),
                "it does not say whose events they are", rows)
        print("# %d/s, 1 of %d hides something: %.0f came, %d lines, %d suppressed, %d light, %d "
              "records dropped, level %d%s" % (
                  rate, every, report["events"] / report["seconds"],
                  status["events_emitted"], status["events_suppressed"],
                  status["events_light"], status["front_dropped_slow"],
                  max([row["level"] for row in rows], default=0),
                  "" if late is None else ", told after %.2f s" % late))
        return late, status


def overload():
    """From 1,000 events a second to more than any machine: above the knee a
    line says so within two seconds, and all counts are exact."""
    for rate, every, is_held in STEPS:
        for _ in range(TRIES):
            late, status = step(rate, every, is_held, 60 if LONG else 3)
            if late is None or late <= SAID_S:
                break
        require(late is None or not status["events_suppressed"] or
                late <= SAID_S, "told only after %.2f s" % late
                if late is not None else "")
        require(late is not None or not status["front_dropped_slow"],
                "records were dropped and no overload was told")
    require(late is not None, "no overload of an engine that is held back")


def overload_kills():
    """An engine that dies takes no count along."""
    with Rig(("repeat = always", "repeat.window_s = 2")) as rig:
        rig.start("-r", "2000", "-k", "%d/%d" % (KINDS, EVERY))
        wait_for(10, lambda: rig.receiver.of("exec"))
        n = 40 if LONG else 8
        for kill in range(n):
            time.sleep(0.4)
            os.kill(wait_for(10, rig.engine), 9)
            # A signal may end one that has only begun.
            wait_for(10, lambda: len(rig.receiver.of("start")) > kill + 1)
        rig.drain(60)
        wait_for(10, lambda: not rig.ask()["repeats_open"])
        status = rig.ask()
        report = rig.finish()
        check_laws(status)
        own = [line for line in rig.receiver.of("exec") if not line.is_dup]
        dups = len(rig.receiver.of("exec")) - len(own)
        rows = [json.loads(line.text) for line in rig.receiver.of("repeat")]
        counted = sum(row["count"] for row in rows if not row.get("dup"))
        maybe = sum(row["count"] for row in rows if row.get("dup"))
        print("# %d kills, %d events: %d lines, %d counted, %d and %d marked "
              "as told before" % (n, report["events"], len(own), counted,
                                  dups, maybe))
        require(status["engine_crashes"] == n, "%d crashes" %
                status["engine_crashes"])
        got = len({serial_of(line) for line in own}) + counted
        require(got <= report["events"] <= got + dups + maybe,
                "%d events, %d told and %d perhaps" % (
                    report["events"], got, dups + maybe))


CASES = (overload, overload_kills)
