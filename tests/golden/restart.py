# SPDX-License-Identifier: GPL-3.0-or-later
"""A log in three runs with one state file, and in one run."""

import os
import tempfile

from suite import Failure, hunt


def both(data, told, options):
    """What told makes of the outputs, pair by pair."""
    lines = data.splitlines(keepends=True)
    cuts = [0, len(lines) // 3, 2 * len(lines) // 3, len(lines)]
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
