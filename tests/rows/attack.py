# SPDX-License-Identifier: GPL-3.0-or-later
"""ATT&CK ids of the shipped rows are ids, and still in use."""

import glob
import os
import re

import huntdir
from suite import DATA

FORM = re.compile(r"T\d{4}(\.\d{3})?")
GIVEN = re.compile(r"\battack=(\S*)")


def known():
    with open(os.path.join(DATA, "attack_ids.txt"),
              encoding="utf-8") as file:
        return {line.strip() for line in file if line[:1] != "#"}


def given():
    """(FILE:LINE, id) of every id in a row."""
    for path in sorted(glob.glob(os.path.join(huntdir.SHIPPED, "*.conf"))):
        with open(path, encoding="utf-8") as file:
            for number, line in enumerate(file, 1):
                if line[:1] == "#":
                    continue
                for ids in GIVEN.findall(line):
                    for one in ids.split(","):
                        yield "%s:%d" % (os.path.basename(path), number), one


def check_ids():
    ids = known()
    seen = list(given())
    if len(seen) < 200 or len(ids) < 600:
        yield "only %d ids in rows, %d known" % (len(seen), len(ids))
    for where, one in seen:
        if not FORM.fullmatch(one):
            yield "%s: %r is no id" % (where, one)
        elif one not in ids:
            yield "%s: %s is not in use" % (where, one)


def cases():
    return (("ids", check_ids),)
