# SPDX-License-Identifier: GPL-3.0-or-later
"""auhunt intel with providers at given places."""

import json
import os
import resource
import subprocess

from suite import AUHUNT, ROOT, SANITIZED, Failure, check_end, environment

KEY = "CANARY-0123456789abcdef"


def write_config(nginx, lines, state="none", hunt_dir="/nonexistent",
                 settings=()):
    """The path of a configuration; {file} is a file with the key in it."""
    key = nginx.path("key")
    if not os.path.exists(key):
        with open(key, "w", encoding="utf-8") as file:
            file.write(KEY + "\n")
        os.chmod(key, 0o400)
    path = nginx.path("hunt.conf")
    with open(path, "w", encoding="utf-8") as file:
        file.write("hunt_dir = %s\nintel.ca = %s\nintel.state = %s\n"
                   "user = root\nintel.user = root\n%s" % (
            hunt_dir, nginx.path("ca.pem"), state,
            "seccomp = off\n" if SANITIZED else ""))
        file.write("".join(line + "\n" for line in settings))
        for line in lines:
            if " inside=" not in line:
                line += " inside=yes"
            file.write("provider = %s\n" % line.replace("{file}", key))
    os.chmod(path, 0o644)
    return path


def ask(nginx, lines, iocs, want=(0, 1), timeout=90, wrap=list, **more):
    """wrap() gives what starts an argv. Each answer as a dict, what stderr had, and the peak of memory in KiB."""
    path = write_config(nginx, lines, **more)
    argv = wrap([AUHUNT, "intel", "--json", "-c", path, *iocs])
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    try:
        done = subprocess.run(argv, capture_output=True, cwd=ROOT,
                              env=environment(), timeout=timeout, check=False)
    except subprocess.TimeoutExpired as late:
        raise Failure("still running after %d s" % timeout) from late
    if done.returncode not in want:
        check_end(argv, done.returncode, done.stderr, want[0])
    if KEY.encode() in done.stdout + done.stderr:
        raise Failure("the key is in the output")
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    if not SANITIZED and peak > before and peak > 64 * 1024:
        raise Failure("%d KiB of memory" % peak)
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    if len(answers) != len(iocs):
        raise Failure("%d answers to %d indicators: %s" % (
            len(answers), len(iocs), done.stderr.decode()[-500:]))
    return answers, done.stderr.decode("utf-8", "replace")
