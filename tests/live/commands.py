# SPDX-License-Identifier: GPL-3.0-or-later
"""1,000 known command lines, and what becomes of them."""

import base64
import json
import os
import re
import subprocess

import corpus
from check import check_laws, check_same_process, one_line_each
from rig import Failure, audit_status, execs, run


def run_all(rig, known):
    """Runs them one after the other; returns the pid of their parent."""
    text = b"".join(b"%s\0%d\0%s" % (
        c.program, len(c.argv), b"".join(a + b"\0" for a in c.argv))
        for c in known)
    proc = rig.session(rig.spawn, "list", stdin=subprocess.PIPE)
    proc.communicate(text)
    if proc.returncode != 0:
        raise Failure("the commands could not be run")
    return proc.pid


def exact_argv(event):
    """The bytes of an event's arguments, by the contract of events --json."""
    exact = event.get("argv_b64") or [None] * len(event["argv"])
    if len(exact) != len(event["argv"]):
        raise Failure("%s: argv_b64 and argv differ in length" % event["id"])
    out = []
    for text, b64 in zip(event["argv"], exact):
        if b64 is None:
            out.append(text.encode())
            continue
        raw = base64.b64decode(b64, validate=True)
        if raw.decode("utf-8", "ignore").encode() == raw:
            raise Failure("%s: argv_b64 for an argument that is UTF-8"
                          % event["id"])
        if "\ufffd" not in text:
            raise Failure("%s: raw bytes without U+FFFD" % event["id"])
        out.append(raw)
    return tuple(out)


def check_argv(commands, own, events):
    for i, (c, e) in enumerate(zip(commands, own)):
        if e.id not in events:
            raise Failure("command %d: auhunt has no event %s" % (i, e.id))
        got = exact_argv(events[e.id])
        if got == tuple(c.argv):
            continue
        at = next((k for k, (a, b) in enumerate(zip(got, c.argv)) if a != b),
                  min(len(got), len(c.argv)))
        raise Failure("command %d (%s): argument %d of %d/%d is %r, not %r"
                      % (i, e.id, at, len(got), len(c.argv),
                         got[at:at + 1] and got[at][:80],
                         c.argv[at:at + 1] and c.argv[at][:80]))


def check_children(commands, others, events):
    want = sorted(argv for c in commands for argv in c.children)
    got = sorted(exact_argv(events[e.id]) for e in others)
    if got != want:
        raise Failure("the droppers started %r, not %r" % (got, want))


def decoded_text(line):
    value = line.get("decoded")
    if isinstance(value, list):
        return "\n".join(map(str, value))
    return "" if value is None else str(value)


def check_decoded(commands, own, lines):
    wrong = []
    for c, e in zip(commands, own):
        if c.hidden and c.hidden not in decoded_text(lines.get(e.id, {})):
            wrong.append("%s %r gives %r for %r"
                         % (e.id, b" ".join(c.argv)[:120],
                            decoded_text(lines.get(e.id, {}))[:120], c.hidden))
    if wrong:
        raise Failure("%d not decoded: %s" % (len(wrong), "; ".join(wrong)))


def check_no_more_decoded(commands, own, lines):
    wrong = ["%r gives %r" % (b" ".join(c.argv)[:80],
                              decoded_text(lines.get(e.id, {}))[:80])
             for c, e in zip(commands, own)
             if not c.hidden and decoded_text(lines.get(e.id, {}))]
    if wrong:
        raise Failure("%d finds where nothing is hidden: %s"
                      % (len(wrong), "; ".join(wrong[:5])))


def check_ausearch(rig, commands, own):
    out = run("ausearch", "-i", "-if", rig.log,
              env={"LC_ALL": "C", "PATH": os.environ["PATH"]}).stdout
    line = re.compile(r"^type=EXECVE msg=audit\([^)]*:(\d+)\) : (argc=.*)$")
    shown = {}
    for text in out.decode("latin-1").split("\n"):
        m = line.match(text)
        if m:
            shown.setdefault(int(m.group(1)), m.group(2).rstrip(" "))
    seen = 0
    for c, e in zip(commands, own):
        size = sum(len(a) for a in c.argv)
        if size > 2000 or not all(0x20 <= b < 0x7f and b != 0x5c
                                  for a in c.argv for b in a):
            continue
        want = "argc=%d" % len(c.argv) + "".join(
            " a%d=%s" % (i, a.decode()) for i, a in enumerate(c.argv))
        if shown.get(e.serial) != want.rstrip(" "):
            raise Failure("%s: %r, not %r" % (e.id, shown.get(e.serial), want))
        seen += 1
    if seen < 400:
        raise Failure("only %d commands are plain enough" % seen)


def commands(rig, report):
    known = corpus.commands()
    lost = audit_status()["lost"]
    rig.start_auditd("ENRICHED")
    rig.watch()
    since = rig.mark()
    pid = run_all(rig, known)
    total = 1 + len(known) + sum(len(c.children) for c in known)
    rig.wait_lines(since, lambda ls: len(ls) >= total)
    rig.settle()        # time for a line too many
    received = rig.lines(since, "exec")
    status = rig.status()
    report("commands-same-process", check_same_process, rig)
    rig.stop_auditd()

    all_execs = execs(rig.log)
    own = [e for e in all_execs if e.ppid == pid]
    others = [e for e in all_execs if pid not in (e.ppid, e.pid)]
    if len(own) != len(known) or audit_status()["lost"] != lost:
        raise Failure("the kernel or auditd lost some: %d of %d in audit.log"
                      % (len(own), len(known)))
    by_id = {line["id"]: line for line in received}
    report("commands-one-line-each", one_line_each, received, all_execs)
    report("commands-add-up", check_laws, status)

    out = run(rig.auhunt, "events", "--json", rig.log).stdout
    events = {}
    for text in out.splitlines():
        event = json.loads(text)
        if event["id"] in events:
            report("commands-events", Failure("%s twice" % event["id"]))
        events[event["id"]] = event
    report("commands-argv-exact", check_argv, known, own, events)
    report("commands-children", check_children, known, others, events)
    report("commands-droppers-decoded", check_decoded, known, own, by_id)
    report("commands-no-false-finds", check_no_more_decoded, known, own, by_id)
    report("commands-ausearch-agrees", check_ausearch, rig, known, own)
