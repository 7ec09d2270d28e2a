# SPDX-License-Identifier: GPL-3.0-or-later
"""A log in three runs with one state file, and in one run."""

import os
import re
import tempfile

from suite import Failure, hunt


SERIAL = re.compile(rb"type=(\w+) msg=audit\([0-9.]+:(\d+)\)")


def whole(lines, at):
    """Where the log may be cut without cutting an event, from there on."""
    is_open = set()
    for number, line in enumerate(lines):
        if number >= at and not is_open:
            return number
        match = SERIAL.search(line)
        if match and match[1] == b"SYSCALL":
            is_open.add(match[2])
        elif match and match[1] == b"EOE":
            is_open.discard(match[2])
    return len(lines)


def both(data, told, options):
    """What told makes of the outputs, pair by pair."""
    lines = data.splitlines(keepends=True)
    cuts = [0, whole(lines, len(lines) // 3),
            whole(lines, 2 * len(lines) // 3), len(lines)]
    got = []
    with tempfile.TemporaryDirectory() as folder:
        state = ("--state", os.path.join(folder, "state.db"))
        for start, end in zip(cuts, cuts[1:]):
            got += told(hunt(data=b"".join(lines[start:end]),
                             options=options + state))
    want = told(hunt(data=data, options=options))
    if len(got) != len(want) or not want:
        raise Failure("%d lines, should be %d" % (len(got), len(want)))
    return list(zip(got, want))
