# SPDX-License-Identifier: GPL-3.0-or-later
"""Filters leave out what their rows say, and count it by row."""

import os
import shutil
import subprocess
import tempfile

import outputs
from auditgen import exec_event, join
from outputs import BadLine
from suite import HUNT, ROOT, run

SECOND = 1700000000
ROWS = """\
filter pings comm=ping
filter pings exe=/usr/bin/fping
filter ann below=1 user=1000
filter quiet "cmd*=--quiet "
"""


def events():
    """(serial, what row keeps it back or None)"""
    serial = 0
    for _ in range(50):
        for argv, parts, row in (
                ([b"ls"], {}, None),
                ([b"ping", b"x"], {"comm": b"ping"}, "pings"),
                ([b"x"], {"exe": b"/usr/bin/fping"}, "pings"),
                ([b"ls", b"ann"], {"uid": 1000}, "ann"),
                ([b"cp", b"--quiet", b"a"], {}, "quiet"),
                ([b"cp", b"--quiet"], {}, None),
                ([b"ping", b"--quiet", b"x"], {"comm": b"ping"}, "pings")):
            serial += 1
            yield serial, row, exec_event(serial, argv, sec=SECOND + serial,
                                          pid=serial, **parts)


class Rows:
    """A hunt_dir with the shipped rows and these."""

    def __init__(self, text):
        self.dir = tempfile.mkdtemp(prefix="hunt-filters.")
        self.rows = os.path.join(self.dir, "hunt.d")
        shutil.copytree(os.path.join(ROOT, "conf", "hunt.d"), self.rows)
        with open(os.path.join(self.rows, "filters-own.conf"), "w",
                  encoding="utf-8") as file:
            file.write(text)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.dir)

    def hunt(self, *options, **kw):
        return run([HUNT, "-o", "hunt_dir=" + self.rows, *options], **kw)


def rows_of(output):
    return [outputs.read_json(line) for line in
            outputs.lines_of(output, "json")]


def counted():
    """One output: what is not there is in some row's count."""
    made = list(events())
    stream = join([line for _, _, lines in made for line in lines])
    with Rows(ROWS) as rows:
        seen = rows_of(rows.hunt("--stdout", data=stream))
    status = seen[-1]
    there = {int(row["id"].split(":")[1]) for row in seen
             if row["evt"] == "exec"}
    for serial, row, _ in made:
        if (serial in there) == bool(row):
            yield "%d should be %s" % (serial, row or "there")
    for name in ("pings", "ann", "quiet"):
        want = sum(row == name for _, row, _ in made)
        if status.get("filter_" + name) != want:
            yield "filter_%s is %s, should be %d" % (
                name, status.get("filter_" + name), want)
    want = sum(row is not None for _, row, _ in made)
    if status["events_filtered"] != want or status["events_below"] or \
            status["residual"]:
        yield "status: %s" % status


def by_score():
    """What no filter has kept back is below the score."""
    made = list(events())
    stream = join([line for _, _, lines in made for line in lines])
    with Rows(ROWS) as rows:
        status = rows_of(rows.hunt("--stdout", "-o", "min_score=900",
                                   data=stream))[-1]
    if status["events_filtered"] != len(made) != status["events_below"]:
        yield "status: %s" % status


def by_output():
    """Each output obeys the rows it names; several, in one run."""
    made = list(events())
    stream = join([line for _, _, lines in made for line in lines])
    wants = {"all": ("pings", "ann", "quiet"), "none": (), "ann": ("ann",),
             "quiet,pings": ("quiet", "pings")}
    with Rows(ROWS) as rows:
        conf = os.path.join(rows.dir, "hunt.conf")
        with open(conf, "w", encoding="utf-8") as file:
            file.write("hunt_dir = %s\nspool_max = 0\n" % rows.rows)
            for n, names in enumerate(wants):
                file.write("output = file:%s/%d.json filters=%s\n" % (
                    rows.dir, n, names))
        os.chmod(conf, 0o644)
        run([HUNT, "-o", "hunt_dir=" + rows.rows, "-c", conf], data=stream)
        for n, (names, back) in enumerate(wants.items()):
            with open("%s/%d.json" % (rows.dir, n), "rb") as file:
                seen = rows_of(file.read())
            there = [int(row["id"].split(":")[1]) for row in seen
                     if row["evt"] == "exec"]
            want = [serial for serial, row, _ in made if row not in back]
            if there != want:
                yield "filters=%s: %d lines, should be %d" % (
                    names, len(there), len(want))


def refused():
    """--check-config tells every bad row, and filters that are not there."""
    with Rows("filter a exe=/x\nfilter b\nfilter c nosuch=1\n") as rows:
        said = check(rows, ())
        for line in (2, 3):
            if "filters-own.conf:%d: " % line not in said:
                yield "line %d is not told: %s" % (line, said)
    with Rows(ROWS) as rows:
        said = check(rows, ("-o", "output=stdout filters=nosuch"))
        if "no filter 'nosuch'; there are: all, none, pings, ann, quiet" \
                not in said:
            yield "says: %s" % said


def check(rows, options):
    done = subprocess.run(
        [os.path.join(ROOT, HUNT), "-o", "hunt_dir=" + rows.rows, *options,
         "--check-config"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        check=False)
    if done.returncode != 2:
        raise BadLine("--check-config: exit %d" % done.returncode)
    return done.stdout.decode()


def cases():
    yield "counted", counted
    yield "by-score", by_score
    yield "by-output", by_output
    yield "refused", refused
