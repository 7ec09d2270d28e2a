# SPDX-License-Identifier: GPL-3.0-or-later
"""sessions/: `auhunt sessions --json` against a second, independent reader,
and a state that is carried from run to run."""

import json
import os

import sessionref
from restart import both
from suite import AUHUNT, DATA, Failure, run

RAW = ("-o", "redact=no", "-o", "hunt_dir=/nonexistent")


def milliseconds(value):
    return None if value is None else round(value * 1000)


def flat(row):
    """A row of auhunt's as sessionref has it."""
    return dict(row, start=milliseconds(row["start"]),
                end=milliseconds(row.get("end")),
                sudo=[(milliseconds(c["time"]), c["cmd"], c["result"])
                      for c in row["sudo"]],
                accounts=[a["action"] for a in row["accounts"]])


def compare(rows, data):
    want = sessionref.read_sessions(data)
    if [row["start"] for row in rows] != sorted(r["start"] for r in rows):
        yield "not by start"
    got = {(row["node"], row["ses"]): flat(row) for row in rows}
    if len(got) != len(rows) or len(rows) != len(want):
        yield "%d sessions, should be %d" % (len(rows), len(want))
    for row in want:
        where = "%s session %d" % (row["node"], row["ses"])
        mine = got.get((row["node"], row["ses"]))
        if mine is None:
            yield where + " is not there"
            continue
        row["accounts"] = [action for action, _ in row["accounts"]]
        for key, value in row.items():
            if mine.get(key) != value:
                yield "%s: %s is %s, should be %s" % (
                    where, key, mine.get(key), value)
        is_whole = row["end"] is not None and row["service"] is not None
        if mine["complete"] != is_whole:
            yield "%s: complete is %s" % (where, mine["complete"])


def told(output):
    """The lines about sessions, but for their numbers, and for points that
    other stages give by what they remember."""
    rows = [json.loads(line) for line in output.splitlines()]
    return [dict(row, seq=0, session_score=0) for row in rows
            if row["evt"] not in ("exec", "network", "repeat", "status")]


def check_restart(data):
    """Cut into three runs with one state file, the lines are the same."""
    for mine, row in both(data, told, RAW):
        for key in row:
            if mine.get(key) != row[key]:
                yield "%s: %s is %s, should be %s" % (
                    row["id"], key, mine.get(key), row[key])


def cases(suite, logs):
    for name in ("sessions_enriched", "story_vm61_enriched"):
        case = "sessions/restart/" + name
        if not suite.wanted(case):
            continue
        with open(os.path.join(DATA, name + ".log"), "rb") as stream:
            data = stream.read()
        try:
            suite.case(case, check_restart(data))
        except (Failure, ValueError, KeyError) as error:
            suite.fail(case, repr(error))
    for name, data in logs:
        case = "sessions/" + name
        if not name.startswith("data/") or not suite.wanted(case):
            continue
        try:
            output = run([AUHUNT, "sessions", "--json", *RAW, "-"], data=data)
            suite.case(case, compare(
                [json.loads(line) for line in output.splitlines()], data))
        except (Failure, ValueError, KeyError) as error:
            suite.fail(case, repr(error))
