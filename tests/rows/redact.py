# SPDX-License-Identifier: GPL-3.0-or-later
"""Rows of redaction, from file to line, and what becomes of them when they are
wrong, or not there."""

import json
import os

import auditgen
import huntdir
from suite import AUHUNT, HUNT, run

OWN = "set corp\nrule badge\noption corpctl --pin\nname *BADGE\n"
ARGV = ["corpctl", "--pin", "4711", "MY_BADGE=S3cret"]


def check_own():
    """A row of one's own masks, and the line names its rule."""
    with huntdir.folder({"redact-local.conf": OWN}) as where:
        told = huntdir.decode([ARGV, ["mysql", "-pS3cret"]], where)
    if told[0]["argv"] != ["corpctl", "--pin", "***", "MY_BADGE=***"]:
        yield "argv is %s" % told[0]["argv"]
    if told[0].get("redacted") != ["badge"]:
        yield "redacted is %s" % told[0].get("redacted")
    if told[1]["argv"] != ["mysql", "-p***"]:
        yield "the shipped rows are gone: %s" % told[1]["argv"]
    told = huntdir.decode([ARGV])
    if told[0]["argv"] != ARGV or "redacted" in told[0]:
        yield "without the row: %s" % told[0]


def check_off():
    out = run([AUHUNT, "decode", "-o", "redact=no", "-o",
               "hunt_dir=" + huntdir.SHIPPED],
              data=b'["mysql","-pS3cret"]\n')
    told = json.loads(out)
    if told["argv"] != ["mysql", "-pS3cret"] or "redacted" in told:
        yield "with redact=no: %s" % told


def check_vetted():
    bad = "set corp\nname x\nrule Badge\nrule badge\nmask x\n" \
        "pattern (\noption corpctl\n"
    wants = ("redact-bad.conf:2: name before any rule",
             "redact-bad.conf:3: 'Badge': a name has 1 to 64 ",
             "redact-bad.conf:5: no 'mask'; there are: set, require, rule, ",
             "redact-bad.conf:6: character 2 of the pattern: ",
             "redact-bad.conf:7: operands have to follow")
    with huntdir.folder({"redact-bad.conf": bad}) as where:
        code, said = huntdir.check_config(where)
    lines = said.splitlines()
    if code != 2 or len(lines) != len(wants):
        yield "exit status %d: %s" % (code, said)
    for line, want in zip(lines, wants):
        if want not in line:
            yield "%r should have %r" % (line, want)
    with huntdir.folder({"redact-local.conf": OWN}) as where:
        code, said = huntdir.check_config(where)
    if code or said:
        yield "good rows: exit status %d: %s" % (code, said)


def check_required():
    """A set that has to be there and is not ends it, and says so."""
    with huntdir.folder({"redact-site.conf": "require corp\n"}) as where:
        code, said = huntdir.check_config(where)
        if code != 2 or "the set 'corp' is required and has no rows" \
                not in said:
            yield "require: exit status %d: %s" % (code, said)
    with huntdir.folder({}) as where:
        os.unlink(os.path.join(where, "redact.conf"))
        code, said = huntdir.check_config(where)
        if code != 2 or "the set 'basic' is required and has no rows" \
                not in said or where not in said:
            yield "shipped set gone: exit status %d: %s" % (code, said)
        run([HUNT, "--stdout", "-o", "hunt_dir=" + where], want=1)
        out = run([HUNT, "--stdout", "-o", "redact.sets=none", "-o",
                   "hunt_dir=" + where], data=stream())
        if b"S3cret" not in out:
            yield "no set is asked for, and no row is there: %s" % out


def stream():
    return auditgen.join(auditgen.exec_event(1, [b"mysql", b"-pS3cret"]))


def check_built_in():
    """Without a folder of rows those that were shipped hold."""
    out = run([HUNT, "--stdout", "-o", "hunt_dir=/nonexistent"],
              data=stream())
    if b"S3cret" in out or b'"redacted":["mysql"]' not in out:
        yield "says %s" % out


def cases():
    return (("own", check_own), ("off", check_off),
            ("vetted", check_vetted), ("required", check_required),
            ("built_in", check_built_in))
