# SPDX-License-Identifier: GPL-3.0-or-later
"""What the daemon says of itself: each loss is told soon, once, and exactly."""

import json
import os
import random
import shutil
import signal
import subprocess
import tempfile
import time

import auditgen
from suite import AUHUNT, HUNT, ROOT, environment

LOSS_S = 5
LOSSES = ("serials_missing", "lines_malformed", "lines_long",
          "records_fragment", "events_partial", "lines_dropped",
          "lines_failed", "lines_cut")


def event(serial, argv, without=(), **options):
    """An exec's records, lines of bytes, but for those of some types."""
    lines = auditgen.exec_event(serial, argv, **options)
    return b"".join(line + b"\n" for line in lines
                    if not any(b"type=" + name in line for name in without))


class Daemon:
    """In the foreground, reading a pipe; its lines go to a file."""

    def __init__(self, directory, *options):
        self.out = os.path.join(directory, "out")
        self.prom = os.path.join(directory, "hunt.prom")
        command = [HUNT, "-f", "-o", "output=file:%s format=json" % self.out,
                   "-o", "textfile=" + self.prom,
                   "-o", "hunt_dir=conf/hunt.d"]
        for option in options:
            command += ["-o", option]
        self.child = subprocess.Popen(command, stdin=subprocess.PIPE,
                                      stderr=subprocess.PIPE,
                                      env=environment())

    def feed(self, data):
        self.child.stdin.write(data)
        self.child.stdin.flush()

    def lines(self):
        if not os.path.exists(self.out):
            return []
        with open(self.out, encoding="ascii") as file:
            return [json.loads(line) for line in file]

    def end(self):
        self.child.stdin.close()
        self.child.stderr.read()
        return self.child.wait()


def losses():
    with tempfile.TemporaryDirectory() as directory:
        daemon = Daemon(directory)
        daemon.feed(event(10, [b"true"]) + b"type=FOO nonsense\n")
        time.sleep(LOSS_S + 3)
        early = [line for line in daemon.lines() if line["evt"] == "loss"]
        if len(early) != 1 or early[0].get("lines_malformed") != 1:
            yield "after %d s: %s" % (LOSS_S + 3, early)
        daemon.feed(event(13, [b"true"]) + event(14, [b"x"],
                                                 without=(b"EXECVE",)))
        daemon.feed(b"more nonsense\n" * 3)
        daemon.child.send_signal(signal.SIGHUP)
        time.sleep(1)
        status = daemon.end()
        lines = daemon.lines()
        if status:
            yield "exit status %d" % status
        kinds = [line["evt"] for line in lines]
        if kinds[0] != "start" or kinds[-2:] != ["stop", "status"]:
            yield "kinds %s" % kinds
        if kinds.count("reload") != 1:
            yield "no line of kind reload: %s" % kinds
        told = {name: sum(line.get(name, 0) for line in lines
                          if line["evt"] == "loss") for name in LOSSES}
        counted = {name: lines[-1].get(name) for name in LOSSES}
        if told != counted:
            yield "told %s, counted %s" % (told, counted)
        if not counted["lines_malformed"] or not counted["serials_missing"]:
            yield "nothing was lost: %s" % counted
        if lines[-1]["residual"]:
            yield "residual %d" % lines[-1]["residual"]


def page():
    with tempfile.TemporaryDirectory() as directory:
        rows = os.path.join(directory, "hunt.d")
        shutil.copytree("conf/hunt.d", rows)
        with open(os.path.join(rows, "filters-own.conf"), "w",
                  encoding="ascii") as file:
            file.write("filter quiet cmd=false\nfilter other cmd=x\n")
        daemon = Daemon(directory, "hunt_dir=" + rows)
        daemon.feed(event(10, [b"true"]) + event(11, [b"false"]) +
                    event(12, [b"false"]))
        time.sleep(LOSS_S + 3)
        with open(daemon.prom, encoding="ascii") as file:
            rows = [line.split() for line in file if line[0] != "#"]
        daemon.end()
        values = {name: int(value) for name, value in rows}
        for name, want in (("quiet", 2), ("other", 0)):
            name = 'audisp_hunt_filter_events_total{name="%s"}' % name
            if values.get(name) != want:
                yield "%s: %s" % (name, values.get(name))
        if values.get("audisp_hunt_events_total") != 3:
            yield "events: %s" % values.get("audisp_hunt_events_total")
        status = daemon.lines()[-1]
        for name in status:
            if name.startswith(("lines_", "events_", "records_")) and not {
                    "audisp_hunt_" + name, "audisp_hunt_%s_total" %
                    name} & set(values):
                yield "%s is not in the file" % name


def canary():
    with tempfile.TemporaryDirectory() as directory:
        daemon = Daemon(directory, "canary_s=3")
        word = b"audisp-hunt-canary"
        # A user's is none.
        daemon.feed(event(10, [b"true", word], auid=1000))
        time.sleep(LOSS_S + 4)
        if any("canary_missing_s" in line for line in daemon.lines()):
            yield "a user's canary was taken for one"
        daemon.feed(event(11, [b"true", word], auid=UNSET))
        time.sleep(2 * LOSS_S + 4)
        daemon.end()
        missing = [line for line in daemon.lines()
                   if "canary_missing_s" in line]
        if not missing or missing[0]["evt"] != "loss" or \
                missing[0]["sev"] != "err":
            yield "its absence: %s" % missing


UNSET = 4294967295
TOOL = os.path.realpath(os.path.join(ROOT, AUHUNT)).encode()


def figures(serial, *words, **options):
    """The event of the shipped timer's canary."""
    options = dict({"auid": UNSET, "exe": TOOL}, **options)
    return event(serial, [b"auhunt", b"canary", b"audisp-hunt-canary",
                          *words], **options)


def told(lines, name):
    return [line[name] for line in lines
            if line["evt"] == "loss" and name in line]


def kernel_lost():
    """What the kernel lost: told once and exactly, over restarts and over its
    counter's own; nobody else's figures are."""
    with tempfile.TemporaryDirectory() as directory:
        state = "state=" + os.path.join(directory, "state.db")
        daemon = Daemon(directory, state)
        daemon.feed(figures(1, b"lost=5", b"backlog=3", b"queue_most=17"))
        time.sleep(LOSS_S + 2)
        daemon.feed(figures(2, b"lost=5"))
        daemon.feed(figures(3, b"lost=12"))
        for forged in (
                figures(4, b"lost=900", auid=1000),
                figures(5, b"lost=900", auid=0),
                figures(6, b"lost=900", uid=33),
                figures(7, b"lost=900", exe=b"/tmp/auhunt"),
                figures(8, b"lost=900", success=False, exit_code=-13)):
            daemon.feed(forged)
        time.sleep(LOSS_S + 2)
        if told(daemon.lines(), "kernel_lost") != [5, 7]:
            yield "told %s" % told(daemon.lines(), "kernel_lost")
        grave = [line["sev"] for line in daemon.lines()
                 if "kernel_lost" in line and line["evt"] == "loss"]
        if set(grave) != {"err"}:
            yield "as %s" % grave
        daemon.end()
        status = daemon.lines()[-1]
        want = {"kernel_lost": 12, "kernel_lost_boot": 12, "canaries": 3,
                "kernel_backlog": 3, "auditd_queue_most": 17,
                "canary": 1700000000}
        got = {name: status[name] for name in want}
        if got != want:
            yield "counted %s" % got
        daemon = Daemon(directory, state)
        daemon.feed(figures(1, b"lost=12"))
        daemon.feed(figures(2, b"lost=14"))
        daemon.feed(figures(3, b"lost=1"))    # somebody set it to 0
        daemon.end()
        again = told(daemon.lines(), "kernel_lost")
        if again != [5, 7, 3]:
            yield "after a restart: told %s" % again


def switched_off():
    with tempfile.TemporaryDirectory() as directory:
        daemon = Daemon(directory)
        head = b"type=%s msg=audit(1700000000.000:%d): "
        for serial, (kind, body) in enumerate((
                (b"CONFIG_CHANGE", b"op=set audit_enabled=0 old=1 auid=0 "
                 b"ses=1 res=1"),
                (b"CONFIG_CHANGE", b"op=set audit_enabled=1 old=0 auid=0 "
                 b"ses=1 res=1"),
                (b"CONFIG_CHANGE", b"op=set audit_enabled=0 old=2 auid=0 "
                 b"ses=1 res=0"),
                (b"CONFIG_CHANGE", b"op=set audit_backlog_limit=64 old=8192 "
                 b"auid=0 ses=1 res=1"),
                (b"USER", b"msg='op=set audit_enabled=0 old=1 res=1'"))):
            daemon.feed(head % (kind, serial + 1) + body + b"\n")
        daemon.end()
        if told(daemon.lines(), "audit_off") != [1]:
            yield "told %s" % told(daemon.lines(), "audit_off")


TOLD_S = 10


def told_soon(daemon, name, want):
    """Waits until lines have told so much of it; says what is wrong."""
    end = time.monotonic() + TOLD_S
    while time.monotonic() < end:
        if sum(told(daemon.lines(), name)) >= want:
            break
        time.sleep(0.1)
    got = sum(told(daemon.lines(), name))
    if got != want:
        yield "%s: %d told after %d s, really %d" % (name, got, TOLD_S, want)


def gaps():
    """Events that never came are counted to the one, over the end of the
    numbers, in any order and whatever comes twice; and so is a line that was
    cut."""
    dice = random.Random(5)
    with tempfile.TemporaryDirectory() as directory:
        daemon = Daemon(directory, "min_score=0")
        serial, missing = 2**32 - 700, 0
        for _ in range(3):
            events = []
            for _ in range(50):
                events.append(event(serial % 2**32, [b"true"]))
                gap = dice.choice((0, 0, 0, 1, 3, 40))
                missing += gap
                serial += 1 + gap
            for at in range(6, 48, 6):      # out of order, and twice
                events[at], events[at + 1] = events[at + 1], events[at]
                events.insert(at + 2, events[at])
            # The last one ends the gap before it.
            events.append(event(serial % 2**32, [b"true"]))
            serial += 1
            daemon.feed(b"".join(events))
            yield from told_soon(daemon, "serials_missing", missing)
        daemon.feed(event(serial % 2**32, [b"echo", b"x" * 70000]))
        yield from told_soon(daemon, "lines_cut", 1)
        daemon.end()
        status = daemon.lines()[-1]
        if status["serials_missing"] != missing or status["residual"]:
            yield "counted %d of %d, residual %d" % (
                status["serials_missing"], missing, status["residual"])
        if serial < 2**32:
            yield "the numbers did not end"


def cases():
    yield "gaps", gaps
    yield "kernel_lost", kernel_lost
    yield "switched_off", switched_off
    yield "losses", losses
    yield "page", page
    yield "canary", canary
