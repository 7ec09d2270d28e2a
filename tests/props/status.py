# SPDX-License-Identifier: GPL-3.0-or-later
"""auhunt status: of a daemon that runs, of one that does not, and of what its
caller may not see."""

import json
import os
import pwd
import shutil
import subprocess
import tempfile
import time

from honesty import Daemon, event, figures
from suite import AUHUNT, ROOT, environment

RUNS, NOTHING, STANDS = 0, 1, 3


def ask(directory, *options, tool=None, **who):
    """(exit status, what it printed, what it complained of)."""
    done = subprocess.run(
        [tool or os.path.join(ROOT, AUHUNT), "status", "-o",
         "spool_dir=" + os.path.join(directory, "spool"), "--state",
         os.path.join(directory, "state.db"), *options],
        capture_output=True, cwd="/", env=environment(),
        timeout=30, check=False, **who)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def start(directory):
    """A daemon that has lost something and has told its state so."""
    daemon = Daemon(directory, "checkpoint_s=1",
                    "state=" + os.path.join(directory, "state.db"))
    daemon.feed(event(10, [b"sh", b"-c", b"echo aWQgLXU7IHVuYW1lIC1hCg== | "
                           b"base64 -d | sh"]) +
                event(13, [b"true"]) + figures(14, b"lost=3", b"backlog=2"))
    time.sleep(7)     # a rate, a loss line and a checkpoint after them
    return daemon


def check_running(pid, status):
    want = {"running": True, "residual": 0}
    got = {name: status[name] for name in want}
    if got != want:
        yield "says %s" % got
    if status["engine"]["pid"] != pid or \
            not 0 < status["engine"]["rss_kib"] < 1 << 20:
        yield "engine %s, really %d" % (status["engine"], pid)
    losses = {name: loss["run"] for name, loss in status["losses"].items()}
    if losses != {"serials_missing": 2, "kernel_lost": 3}:
        yield "losses %s" % losses
    if not 5 <= status["uptime"] < 60:
        yield "up %d s" % status["uptime"]
    run = {name: row["run"] for name, row in status["counters"].items()}
    if run["events"] != 3 or run["canaries"] != 1 or \
            run["kernel_backlog"] != 2 or run["engine_pid"] != pid:
        yield "counters %s" % run
    if status["rows"]["frequency"] != 1:
        yield "rows %s" % status["rows"]
    if os.geteuid() == 0 and status["unseen"]:
        yield "root has not seen %s" % status["unseen"]


def running():
    with tempfile.TemporaryDirectory() as directory:
        daemon = start(directory)
        code, out, _ = ask(directory, "--json")
        if code != RUNS:
            yield "exit %d" % code
        yield from check_running(daemon.child.pid, json.loads(out))
        code, out, _ = ask(directory)
        for part in ("daemon      runs, engine %d with" % daemon.child.pid,
                     "\nlast minute ", "\nring        ", "\nwaiting     0 lines",
                     "2 serials_missing, 2 in this run",
                     "3 kernel_lost, 3 in this run", "\nresidual    0\n",
                     "kernel lost 3, 2 of"):
            if part not in out:
                yield "no '%s' in %s" % (part, out[:2000])
        daemon.end()


def stopped():
    with tempfile.TemporaryDirectory() as directory:
        code, out, why = ask(directory, "--json")
        if code != NOTHING or out or "state.db" not in why:
            yield "of nothing: exit %d, %s%s" % (code, out, why)
        start(directory).end()
        code, out, _ = ask(directory, "--json")
        status = json.loads(out)
        if code != STANDS or status["running"] or "engine" in status:
            yield "after its end: exit %d, %s" % (code, out[:300])
        if status["losses"]["kernel_lost"] != {"total": 3, "run": 3}:
            yield "losses %s" % status["losses"]
        code, out, _ = ask(directory)
        if code != STANDS or "daemon      does not run\n" not in out:
            yield "after its end: exit %d, %s" % (code, out[:300])


def stranger():
    """One who may read the state and no more is told what he does not see; one
    who may not, why."""
    if os.geteuid() != 0:
        return
    nobody = pwd.getpwnam("nobody")
    with tempfile.TemporaryDirectory() as directory, \
            tempfile.TemporaryDirectory() as place:
        start(directory).end()
        os.chmod(place, 0o755)
        who = {"user": nobody.pw_uid, "group": nobody.pw_gid,
               "extra_groups": [],
               "tool": shutil.copy(os.path.join(ROOT, AUHUNT), place)}
        os.mkdir(os.path.join(directory, "spool"), 0o700)
        code, out, why = ask(directory, "--json", **who)
        if code != NOTHING or out or "state.db" not in why:
            yield "without rights: exit %d, %s%s" % (code, out, why)
        os.chmod(directory, 0o755)
        for name in ("state.db", "state.db.lock"):
            shutil.chown(os.path.join(directory, name), group=nobody.pw_gid)
        code, out, why = ask(directory, "--json", **who)
        unseen = json.loads(out)["unseen"] if out else why
        if code != STANDS or [what.partition(",")[0].partition(":")[0]
                              for what in unseen] != [
                                  "the spool", "the kernel's audit status"]:
            yield "with some: exit %d, %s" % (code, unseen)


def cases():
    yield "running", running
    yield "stopped", stopped
    yield "stranger", stranger
