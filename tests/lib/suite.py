# SPDX-License-Identifier: GPL-3.0-or-later
"""What every Python suite shares: its report lines and running binaries."""

import os
import re
import subprocess
import sys

BUILD = os.environ.get("BUILD", "build")
HUNT = os.path.join(BUILD, "audisp-hunt")
AUHUNT = os.path.join(BUILD, "auhunt")
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
DATA = os.path.join(ROOT, "tests", "data")
SANITIZED = any(name in BUILD for name in ("address", "undefined", "memory"))
SANITIZER = re.compile(rb"runtime error|Sanitizer")


class Suite:
    """Counts cases; prints `ok`, `FAIL` and `skip` lines as they come."""

    def __init__(self, only=()):
        self.passed = self.failed = self.skipped = 0
        self.only = only

    def wanted(self, name):
        return not self.only or any(part in name for part in self.only)

    def ok(self, name):
        self.passed += 1
        print("ok", name, flush=True)

    def fail(self, name, why):
        self.failed += 1
        why = " ".join(str(why).split())
        print("FAIL %s: %s" % (name, why[:600]), flush=True)

    def skip(self, name, reason):
        self.skipped += 1
        print("skip %s: %s" % (name, reason), flush=True)

    def case(self, name, problems):
        """One case: passed when there are no problems (any iterable)."""
        problems = list(problems)
        if problems:
            more = "" if len(problems) == 1 else \
                " (and %d more)" % (len(problems) - 1)
            self.fail(name, "%s%s" % (problems[0], more))
        else:
            self.ok(name)
        return not problems

    def end(self):
        print("%d passed, %d failed, %d skipped" %
              (self.passed, self.failed, self.skipped))
        sys.exit(1 if self.failed else 0)


class Failure(Exception):
    """A program that did not do what a case needs."""


class Skip(Exception):
    """Why a case cannot run here."""


def environment():
    env = {"PATH": os.environ.get("PATH", "/usr/sbin:/usr/bin:/sbin:/bin")}
    for name, value in os.environ.items():
        if name.endswith("SAN_OPTIONS") or name == "LD_LIBRARY_PATH":
            env[name] = value
    env.setdefault("UBSAN_OPTIONS", "print_stacktrace=1:halt_on_error=1")
    return env


def check_end(argv, code, errors, want=0):
    if code != want or SANITIZER.search(errors):
        raise Failure("%s: exit %s, stderr: %s" % (
            " ".join(argv), code,
            errors[-1500:].decode("utf-8", "replace") or "empty"))


def run(argv, data=None, path=None, want=0, timeout=300):
    """Runs a program on bytes or on a file as stdin; gives its stdout."""
    feed = {"input": data or b""}
    # An installed host has rows of its own; suites bring theirs.
    if argv[0] in (HUNT, AUHUNT) and "-o" not in argv:
        at = 2 if argv[0] == AUHUNT else 1
        argv = argv[:at] + ["-o", "hunt_dir=/nonexistent"] + argv[at:]
    if path:
        feed = {"stdin": open(path, "rb")}
    try:
        done = subprocess.run(argv, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, env=environment(),
                              cwd=ROOT, timeout=timeout, **feed)
    except subprocess.TimeoutExpired as late:
        raise Failure("%s: still running after %d s" % (
            " ".join(argv), timeout)) from late
    finally:
        if path:
            feed["stdin"].close()
    check_end(argv, done.returncode, done.stderr, want)
    return done.stdout


def hunt(data=None, path=None, fmt=None, options=()):
    argv = [HUNT, "--stdout"] + (["--format", fmt] if fmt else [])
    return run(argv + list(options), data=data, path=path)
