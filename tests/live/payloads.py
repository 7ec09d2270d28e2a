# SPDX-License-Identifier: GPL-3.0-or-later
"""50 droppers and 50 everyday scripts: what hidden text started is told to
have, all of it and nothing else. Each runs expr with a number of its own."""

import base64
import os
import subprocess

from rig import Failure, execs

ROUNDS = 5
# What a payload runs, each of it to be told to be of it.
OWN = {"uname -s", "id -u"}
TEXT = "uname -s >/dev/null; expr %d + 1 >/dev/null; id -u >/dev/null"

# {x} is the text in Base64, {n} the number, {dir} a directory.
DROPPERS = (
    ("sh", "-c", "echo {x}|base64 -d|sh"),
    ("bash", "-c", "base64 -d <<< {x} | bash"),
    ("bash", "-c", 'eval "$(echo {x}|base64 -d)"'),
    ("bash", "-c", "bash <(echo {x}|base64 -d)"),
    ("sh", "-c", "echo {x}|base64 -d > {dir}/d{n}; sh {dir}/d{n}"),
    ("sh", "-c", "echo {x}|base64 -d|setsid -w sh"),
    ("sh", "-c", 'sh -c "$(echo {x}|base64 -d)"'),
    ("env", "sh", "-c", "echo {x} | base64 --decode | sh -s"),
    ("python3", "-c", "import base64,os;"
     "os.system(base64.b64decode('{x}').decode())"),
    # typed: the text is in no argument
    ("bash", "< echo {x} | base64 -d | sh"),
)
SCRIPTS = (
    ("sh", "-c", "echo {x}|base64 -d >/dev/null; expr {n} + 1 >/dev/null"),
    ("sh", "-c", "expr {n} + 1 | cat >/dev/null"),
    ("bash", "-c", "expr {n} + 1 | base64 | base64 -d >/dev/null"),
    ("python3", "-c", "import base64,os;base64.b64decode('{x}');"
     "os.system('expr {n} + 1 >/dev/null')"),
    ("sh", "-c", "echo 1 | xargs expr {n} + >/dev/null"),
    ("sh", "-c", "echo 'expr {n} + 1 >/dev/null' | sh"),
    ("sh", "-c", "echo {x} > {dir}/b{n}; base64 -d {dir}/b{n} >/dev/null; "
     "expr {n} + 1 >/dev/null"),
    ("bash", "< expr {n} + 1 >/dev/null; date >/dev/null"),
    ("sh", "-c", "echo 'expr {n} + 1 >/dev/null' | gzip -c | gzip -dc > "
     "{dir}/s{n}; sh {dir}/s{n}"),
    ("bash", "< echo {x} | base64 -d >/dev/null; expr {n} + 1 >/dev/null"),
)


def play(rig, rows, first, hidden=0):
    """{number: arguments}; a last one that begins with < is standard input.
    The text in Base64 has the number, or one that is so much higher."""
    numbers = {}
    folder = rig.path("payloads")
    if not os.path.isdir(folder):
        os.mkdir(folder)
        os.chmod(folder, 0o1777)
    for n in range(first, first + ROUNDS * len(rows)):
        row = rows[n % len(rows)]
        x = base64.b64encode((TEXT % (n + hidden)).encode()).decode()
        argv = [arg.format(x=x, n=n, dir=folder) for arg in row]
        typed = argv.pop()[1:] if argv[-1].startswith("<") else ""
        proc = rig.session(*argv, stdin=subprocess.PIPE)
        proc.communicate(typed.encode() + b"\n")
        if proc.returncode:
            raise Failure("%r ended with %d" % (argv, proc.returncode))
        numbers[n] = row
    return numbers


def number_of(line):
    words = line.get("cmd", "").split()
    if words and words[0] == "expr" and len(words) > 1 and \
            words[1].isdigit():
        return int(words[1])
    return None


def check_droppers(numbers, lines):
    ids = {}
    for n, row in numbers.items():
        own = [line for line in lines if number_of(line) == n]
        if len(own) != 1:
            raise Failure("%r ran expr %d times" % (row, len(own)))
        if own[0].get("executed") != "yes":
            raise Failure("%r: what it hid ran, and nobody tells: %r"
                          % (row, own[0]))
        if own[0]["payload"] in ids:
            raise Failure("%r and %r are one payload"
                          % (row, ids[own[0]["payload"]]))
        ids[own[0]["payload"]] = row
        ran = {line.get("cmd") for line in lines
               if line.get("executed") == "yes" and
               line["payload"] == own[0]["payload"]}
        if not OWN <= ran:
            raise Failure("%r: %s of it ran" % (row, ran))
    print("# %d droppers, %d commands each, all told to be theirs" % (
        len(numbers), len(OWN) + 1))


def check_scripts(numbers, lines, since_id):
    for line in lines:
        n = number_of(line)
        if n in numbers and line.get("executed"):
            raise Failure("%r hid nothing that ran" % (numbers[n],))
    marked = [line["cmd"] for line in lines
              if line.get("executed") and line["seq"] > since_id]
    if marked:
        raise Failure("told to be hidden text that ran: %r" % marked[:3])
    print("# %d everyday scripts, of %d lines none" % (
        len(numbers), sum(line["seq"] > since_id for line in lines)))


def payloads(rig, report):
    rig.start_auditd("ENRICHED")
    rig.watch()
    since = rig.mark()
    bad = play(rig, DROPPERS, 10000)
    rig.wait_lines(since, lambda ls: sum(
        number_of(line) in bad for line in ls) >= len(bad), seconds=30)
    rig.settle()
    last = max(line["seq"] for line in rig.lines(since, "exec"))
    good = play(rig, SCRIPTS, 20000, 5000)
    rig.wait_lines(since, lambda ls: sum(
        number_of(line) in good for line in ls) >= len(good), seconds=30)
    rig.settle()
    lines = rig.lines(since, "exec")
    rig.stop_auditd()
    if len(execs(rig.log)) < len(lines):
        raise Failure("more lines than execs in audit.log")
    report("payloads-droppers", check_droppers, bad, lines)
    report("payloads-scripts", check_scripts, good, lines, last)
