# SPDX-License-Identifier: GPL-3.0-or-later
"""The rows that are shipped, and folders of rows made for a case."""

import contextlib
import json
import os
import shutil
import subprocess
import tempfile

from suite import AUHUNT, HUNT, ROOT, environment, run

SHIPPED = os.path.join(ROOT, "conf", "hunt.d")


@contextlib.contextmanager
def folder(files):
    """A copy of the shipped rows, with these files (name to text) as well."""
    with tempfile.TemporaryDirectory() as top:
        where = os.path.join(top, "hunt.d")
        shutil.copytree(SHIPPED, where)
        for name, text in files.items():
            with open(os.path.join(where, name), "w",
                      encoding="utf-8") as file:
                file.write(text)
        yield where


def decode(argvs, where=SHIPPED):
    """What `auhunt decode` says of each."""
    lines = "".join(json.dumps(argv) + "\n" for argv in argvs).encode()
    out = run([AUHUNT, "decode", "-o", "hunt_dir=" + where], data=lines)
    return [json.loads(line) for line in out.splitlines()]


def check_config(where):
    """(exit status, what it says on stderr) of --check-config."""
    conf = os.path.join(os.path.dirname(where), "audisp-hunt.conf")
    with open(conf, "w", encoding="utf-8") as file:
        file.write("hunt_dir = %s\n" % where)
    done = subprocess.run(
        [HUNT, "-c", conf, "--check-config"], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env=environment(), cwd=ROOT, timeout=60, check=False)
    return done.returncode, done.stderr.decode()
