# SPDX-License-Identifier: GPL-3.0-or-later
"""sessions/: `auhunt sessions --json` against a second, independent reader,
and a state that is carried from run to run."""

import json
import os

from restart import both
from sessionref import compare
from suite import AUHUNT, DATA, Failure, run

RAW = ("-o", "redact=no", "-o", "hunt_dir=/nonexistent")


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
