# SPDX-License-Identifier: GPL-3.0-or-later
"""alerts/: the recorded attack by the rows that are shipped, in every format
and by `auhunt alerts`; and what the benign user in it does sets off none."""

import json
import os
import re
import tempfile

from restart import both
from suite import AUHUNT, ROOT, Failure, hunt, run

ROWS = ("-o", "hunt_dir=" + os.path.join(ROOT, "conf", "hunt.d"))
# Of the story, each by its name and how often, in the attacker's own session
# but for those before it and those of the end.
OUTSIDE = {"password_spraying": 1, "auditd_stopped": 1}
INSIDE = {"brute_force_success": 1, "reconnaissance": 1, "fetched_and_run": 1,
          "fileless_shm": 2, "cron_table": 1, "reverse_shell": 3, "mining": 2,
          "fileless_memory": 1, "account_added": 1, "account_group": 1,
          "keys_file": 1, "set_id_command": 1, "set_id_call": 1,
          "cron_text": 2, "cron_file": 1, "history_wiped": 1}
# Names that only an ENRICHED record has make no difference to these; rules
# are removed at the end where the recorder did it.
MAY_BE = {"audit_rules_removed"}
KEYS = ["v", "evt", "id", "seq", "sev", "score", "alert", "severity", "why",
        "attack", "ts"]
POINTS = {"informational": 0, "low": 1, "medium": 2, "high": 3}
ATTACKER = "webadm"
NAME = re.compile(rb" alert=([a-z_]+) ")


def lines_of(path, fmt):
    return hunt(path=path, fmt=fmt, options=ROWS).splitlines()


def told(path):
    rows = [json.loads(line) for line in lines_of(path, "json")]
    return [row for row in rows if row["evt"] == "alert"], rows[-1]


def count(names):
    found = {}
    for name in names:
        found[name] = found.get(name, 0) + 1
    return found


def check_story(rows):
    inside = count(row["alert"] for row in rows
                   if row.get("login") == ATTACKER)
    outside = count(row["alert"] for row in rows
                    if row.get("login") != ATTACKER and
                    row["alert"] not in MAY_BE)
    for got, want, where in ((inside, INSIDE, "in the attack"),
                             (outside, OUTSIDE, "outside of it")):
        for name in sorted(got.keys() | want.keys()):
            if got.get(name, 0) != want.get(name, 0):
                yield "%s %s: %d times, should be %d" % (
                    name, where, got.get(name, 0), want.get(name, 0))


def check_keys(rows, status):
    for row in rows:
        if [key for key in row if key in KEYS] != \
                [key for key in KEYS if key in row]:
            yield "%s: keys in another order: %s" % (row["id"], list(row))
        if row["score"] != POINTS[row["severity"]]:
            yield "%s: %s points" % (row["id"], row["score"])
    if status["alerts"] != len(rows) or status["residual"]:
        yield "status has %s alerts, residual %s" % (
            status["alerts"], status["residual"])


def check_formats(path, rows):
    names = [row["alert"] for row in rows]
    cee = [json.loads(line.split(b" ", 1)[1]) for line in
           lines_of(path, "cee") if b'"evt":"alert"' in line]
    if cee != rows:
        yield "cee has others than json"
    for fmt in ("hunt", "auoms"):
        got = [NAME.search(line)[1].decode() for line in lines_of(path, fmt)
               if line.startswith(b"type=HUNT_ALERT ")]
        if got != names:
            yield "%s has %s" % (fmt, got)


def check_view(path, rows):
    got = [json.loads(line) for line in run(
        [AUHUNT, "alerts", "--json", *ROWS, path]).splitlines()]
    want = count(row["alert"] for row in rows)
    total = {}
    for row in got:
        total[row["alert"]] = total.get(row["alert"], 0) + row.get("count", 1)
    if total != want:
        yield "auhunt alerts has %s" % total
    if [row["time"] for row in got] != sorted(row["time"] for row in got):
        yield "auhunt alerts is not by time"
    gravest = [json.loads(line) for line in run(
        [AUHUNT, "alerts", "--json", "--min-score", "3", *ROWS,
         path]).splitlines()]
    if {row["severity"] for row in gravest} != {"high"}:
        yield "--min-score 3 has others than high"


def check_timeline(path, rows):
    got = [json.loads(line) for line in run(
        [AUHUNT, "timeline", "--json", *ROWS, path]).splitlines()]
    kinds = count(row["kind"] for row in got)
    if sum(row.get("count", 1) for row in got
           if row["kind"] == "alert") != len(rows):
        yield "the timeline has other alerts"
    for kind in ("decoded", "logon", "logoff", "elevate", "account"):
        if kind not in kinds:
            yield "the timeline has no %s" % kind
    if [row["time"] for row in got] != sorted(row["time"] for row in got):
        yield "the timeline is not by time"


def check_apps(path):
    apps = {row["exe"]: row for row in map(json.loads, run(
        [AUHUNT, "apps", "--json", *ROWS, path]).splitlines())}
    execs = [row for row in map(json.loads, lines_of(path, "json"))
             if row["evt"] == "exec" and row.get("success")]
    want = count(row["exe"] for row in execs)
    for exe in sorted(want):
        row = apps.get(exe, {})
        if row.get("count") != want[exe]:
            yield "%s: %s times, should be %d" % (
                exe, row.get("count"), want[exe])
        elif sum(one["count"] for one in row["templates"]) + \
                row.get("templates_more", 0) != want[exe]:
            yield "%s: templates do not add up" % exe


def check_notebook(path):
    """Ours count by host alone: each name once, from its own event on."""
    rows = [json.loads(line) for line in hunt(
        path=path, fmt="json",
        options=ROWS + ("-o", "score.profile=notebook")).splitlines()]
    own = {}
    for row in rows:
        if row["evt"] == "alert":
            own.setdefault(row["id"], []).append(row)
    points, n_checked = {}, 0
    for row in rows:
        if row["evt"] == "alert":
            points.setdefault(row["alert"], row["score"])
        if row["evt"] != "exec" or "decoded" not in row:
            continue
        sofar = dict(points)
        for alert in own.get(row["id"], []):
            sofar.setdefault(alert["alert"], alert["score"])
        n_checked += 1
        if row["parts"].get("alert", 0) != sum(sofar.values()):
            yield "%s: part alert is %s, should be %s" % (
                row["id"], row["parts"].get("alert", 0), sum(sofar.values()))
    if n_checked < 8:
        yield "only %d commands were looked at" % n_checked


def check_hunt(rows, path):
    """What is hidden in the attacker's session counts its alerts whole."""
    begin = min(row["id"] for row in rows if row["severity"] == "high" and
                row.get("login") == ATTACKER)
    n_checked = 0
    for row in map(json.loads, lines_of(path, "json")):
        if row["evt"] != "exec" or "decoded" not in row:
            continue
        part = row["parts"].get("alert", 0)
        if row["id"] < begin and part > 2:
            yield "%s: part alert is %s before any" % (row["id"], part)
        elif row["id"] > begin and row.get("login") == ATTACKER:
            n_checked += 1
            if part < 3 or "alerts nearby" not in row["why"]:
                yield "%s: part alert is %s" % (row["id"], part)
    if n_checked < 8:
        yield "only %d commands were looked at" % n_checked


def told_lines(output):
    """Alerts, and what they count for in the commands that hide text."""
    found = []
    for row in map(json.loads, output.splitlines()):
        if row["evt"] == "alert":
            found.append((row["id"], row["alert"], row["why"],
                          row.get("suppressed")))
        elif row["evt"] == "exec" and "decoded" in row:
            found.append((row["id"], row["parts"].get("alert")))
    return found


def check_restart(path):
    with open(path, "rb") as stream:
        data = stream.read()
    for got, want in both(data, told_lines, ROWS):
        if got != want:
            yield "after a restart %s, else %s" % (got, want)


def check_live(path):
    """What a daemon saved last shows the same alerts."""
    with tempfile.TemporaryDirectory() as folder:
        state = os.path.join(folder, "state.db")
        hunt(path=path, fmt="json", options=ROWS + ("--state", state))
        live = [json.loads(line) for line in run(
            [AUHUNT, "alerts", "--json", "--live", "--state", state,
             *ROWS]).splitlines()]
    logs = [json.loads(line) for line in run(
        [AUHUNT, "alerts", "--json", *ROWS, path]).splitlines()]
    for key in ("alert", "severity", "why", "exe", "node", "ses", "auid"):
        got = [row.get(key) for row in live]
        want = [row.get(key) for row in logs]
        if got != want:
            yield "%s of --live: %s, should be %s" % (key, got, want)


def check_sessions(path):
    for where in ((path,), None):
        with tempfile.TemporaryDirectory() as folder:
            state = ("--state", os.path.join(folder, "state.db"))
            if not where:
                hunt(path=path, fmt="json", options=ROWS + state)
            rows = [json.loads(line) for line in run(
                [AUHUNT, "sessions", "--json", *ROWS,
                 *(where or state)]).splitlines()]
        for row in rows:
            got, want = sorted(row["alerts"]), []
            if row.get("user") == ATTACKER and row["kind"] == "login":
                want = sorted(INSIDE)
            if got != want:
                yield "session %d%s has %s, should have %s" % (
                    row["ses"], "" if where else " of the state", got, want)


def check_off(path):
    lines = hunt(path=path, fmt="json",
                 options=ROWS + ("-o", "alerts=no")).splitlines()
    if any(b'"evt":"alert"' in line for line in lines):
        yield "alerts=no has alerts"


def cases(suite, name, path):
    if not suite.wanted("alerts/" + name):
        return
    try:
        rows, status = told(path)
        for case, problems in (
                ("story", check_story(rows)),
                ("keys", check_keys(rows, status)),
                ("formats", check_formats(path, rows)),
                ("view", check_view(path, rows)),
                ("timeline", check_timeline(path, rows)),
                ("apps", check_apps(path)),
                ("notebook", check_notebook(path)),
                ("hunt", check_hunt(rows, path)),
                ("sessions", check_sessions(path)),
                ("restart", check_restart(path)),
                ("live", check_live(path)),
                ("off", check_off(path))):
            suite.case("alerts/%s/%s" % (name, case), problems)
    except (Failure, ValueError, KeyError) as error:
        suite.fail("alerts/" + name, error)
