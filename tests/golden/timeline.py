# SPDX-License-Identifier: GPL-3.0-or-later
"""live/timeline/ and live/apps/: what a state tells over time, and of programs,
is what the log, and the other views of the state, told."""

import collections
import json
import os
import tempfile

from suite import AUHUNT, ROOT, Failure, hunt, run

ROWS = ("-o", "hunt_dir=" + os.path.join(ROOT, "conf", "hunt.d"))
HIDDEN_MIN = 8


def rows(view, *where):
    return [json.loads(line) for line in run(
        [AUHUNT, view, "--json", *ROWS, *where]).decode().splitlines()]


def happened(found):
    """What the state has, too: neither what failed, nor su, nor a terminal, nor
    what no session is named for."""
    told = set()
    for row in found:
        if row["kind"] in ("decoded", "alert") or "ses" not in row or \
                row["action"] == "terminal" or \
                (row["kind"] == "elevate" and "cmd" not in row):
            continue
        told.add((row["kind"], row["action"], row["ses"], row.get("user"),
                  row.get("cmd")))
    return told


def counted(found, key):
    seen = collections.Counter()
    for row in found:
        if key in row:
            seen[row[key].strip()] += row.get("count", 1)
    return seen


def check_timeline(live, log):
    got, want = happened(live), happened(log)
    for one in sorted(want - got, key=str):
        yield "%s is missing" % (one,)
    # systemd --user has no record of its own end.
    for one in sorted(got - want, key=str):
        if one[:2] != ("session", "end"):
            yield "%s is too much" % (one,)
    hidden, all_of_it = counted(live, "decoded"), counted(log, "decoded")
    if len(hidden) < HIDDEN_MIN or not hidden <= all_of_it:
        yield "hidden: %s, should be of %s" % (hidden, all_of_it)
    if counted(live, "alert") != counted(log, "alert"):
        yield "alerts: %s" % counted(live, "alert")
    times = [row["time"] for row in live]
    if times != sorted(times):
        yield "not in the order of time"


def check_apps(apps, tree, alerts):
    """As many processes of a program as end up being it."""
    ran = [row for row in tree if row.get("exe") and row["pid"]]
    want = collections.Counter(row["exe"] for row in ran if row["execs"])
    got = {row["exe"]: row["count"] for row in apps if row["count"]}
    if got != want or len(got) < 20:
        yield "programs: %s" % sorted(set(got.items()) ^ set(want.items()))
    roots = collections.Counter(
        row["exe"] for row in ran if row["execs"] and row.get("uid") == 0)
    if {row["exe"]: row["root"] for row in apps if row["root"]} != roots:
        yield "as root: %s" % roots
    fired = counted(alerts, "exe")
    if {row["exe"]: row["alerts"] for row in apps if row["alerts"]} != fired:
        yield "alerts: %s" % fired
    for row in apps:
        n = sum(form["count"] for form in row["templates"])
        if n + row.get("templates_more", 0) != row["count"] or \
                row["first"] > row["last"]:
            yield "%s" % row


def cases(suite, name, path):
    wanted = "live/timeline/" + name, "live/apps/" + name
    if not any(map(suite.wanted, wanted)):
        return
    with tempfile.TemporaryDirectory() as folder:
        state = ("--state", os.path.join(folder, "state.db"))
        try:
            hunt(path=path, options=ROWS + state)
            suite.case(wanted[0], check_timeline(
                rows("timeline", *state), rows("timeline", path)))
            suite.case(wanted[1], check_apps(
                rows("apps", *state), rows("tree", *state),
                rows("alerts", *state)))
            some = rows("timeline", *state, "--user", "alice")
            if not some or {row.get("user") for row in some} != {"alice"}:
                suite.fail(wanted[0], "of alice: %s" % some[:3])
        except (Failure, ValueError, KeyError) as error:
            suite.fail(wanted[0], repr(error))
