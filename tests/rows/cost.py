# SPDX-License-Identifier: GPL-3.0-or-later
"""Words are looked up, not searched for: counted, not timed."""

import json
import os
import re
import shutil
import subprocess
import tempfile

import huntdir
from suite import AUHUNT, ROOT, SANITIZED, Failure, environment

REFS = re.compile(rb"Collected : (\d+)")
FEW, MANY = 6, 24
# None of them is in either list: they are the same work.
COMMANDS = ("cd /srv; frob -j4 all | knob -5; ls -l x y z",
            "test -f /srv/x && frob 'a b' || knob $HOME",
            "for i in 1 2 3; do frob $i; done")


def instructions(where, n):
    """Of one run over n command lines."""
    with tempfile.TemporaryFile() as file:
        for i in range(n):
            argv = ["sh", "-c", COMMANDS[i % len(COMMANDS)]]
            file.write(json.dumps(argv).encode() + b"\n")
        file.seek(0)
        done = subprocess.run(
            ["valgrind", "--tool=callgrind",
             "--callgrind-out-file=/dev/null",
             # Only what is done with the rows.
             "--toggle-collect=classify_run", AUHUNT, "decode", "-o",
             "hunt_dir=" + where], stdin=file, stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE, env=environment(), cwd=ROOT, timeout=300,
            check=False)
    refs = REFS.search(done.stderr)
    if done.returncode or not refs:
        raise Failure("valgrind: exit %d: %r" % (
            done.returncode, done.stderr[-500:]))
    return int(refs[1])


def per_line(rows):
    with huntdir.folder({"gtfobins.tsv": "\n".join(rows) + "\n"}) as where:
        return (instructions(where, MANY) - instructions(where, FEW)) / (
            MANY - FEW)


def check_programs():
    with open(os.path.join(huntdir.SHIPPED, "gtfobins.tsv"),
              encoding="utf-8") as file:
        rows = [line.rstrip("\n") for line in file
                if line.strip() and line[:1] != "#" and "\t=" not in line]
    ten, all_of_them = per_line(rows[:10]), per_line(rows)
    print("# a line costs %.0f instructions with 10 programs, %.0f with %d" % (
        ten, all_of_them, len(rows)))
    if len(rows) < 400:
        yield "only %d programs" % len(rows)
    if ten < 1000:
        yield "%.0f instructions a line: is anything done?" % ten
    # Less than one for each further program: nobody looked at it.
    if all_of_them - ten >= len(rows) - 10:
        yield "%.0f instructions, %.0f with ten" % (all_of_them, ten)


def cases():
    if SANITIZED or not shutil.which("valgrind"):
        return ()
    return (("programs", check_programs),)
