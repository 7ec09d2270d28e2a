# SPDX-License-Identifier: GPL-3.0-or-later
"""A host larger than any table: memory stays where it is, what is forgotten is
counted exactly, and a log of it is read like any other."""

import json
import os
import re
import subprocess
import tempfile

import auditgen
import crowd
from suite import (AUHUNT, HUNT, ROOT, SANITIZED, Failure, check_end,
                   environment, run)

ROWS = ("-o", "hunt_dir=" + os.path.join(ROOT, "conf", "hunt.d"))
MEMORY_MIB = 64
N = 20000 if SANITIZED else 100000


def table_sizes():
    return crowd.sizes(run([HUNT, "--print-config"]).decode())


def check_status(status, host, memory_kib):
    if not SANITIZED and memory_kib > MEMORY_MIB * 1024:
        yield "%d KiB of memory" % memory_kib
    for what, got, want in crowd.forgotten(status, host, table_sizes()):
        if got < want or (got > want and what != "lineage"):
            yield "%s: %d forgotten, should be %d" % (what, got, want)
    # An exec, its connect, and of a session its messages.
    calls = host.processes + host.peers
    messages = host.sessions * 4 + host.sessions // 2
    if status["events"] != calls + messages or status["residual"] or \
            status["events_dropped"]:
        yield "events: %s" % {key: value for key, value in status.items()
                              if key.startswith(("events", "residual"))}


def tables():
    """All three at once, by the daemon."""
    host = crowd.Crowd(N, N, N)
    argv = [HUNT, "--stdout", *ROWS]
    with tempfile.TemporaryFile() as err:
        child = subprocess.Popen(argv, stdin=subprocess.PIPE, stderr=err,
                                 stdout=subprocess.PIPE, env=environment(),
                                 cwd=ROOT)
        memory_kib, last = crowd.feed(child, host.chunks())
        child.stdout.close()
        code = child.wait()
        err.seek(0)
        check_end(argv, code, err.read())
    yield from check_status(json.loads(last), host, memory_kib)


def view(name, path):
    argv = [AUHUNT, name, "--json", *ROWS, path]
    done = subprocess.run(argv, capture_output=True, env=environment(),
                          cwd=ROOT, timeout=300, check=False)
    check_end(argv, done.returncode, done.stderr)
    if done.stderr:
        raise Failure("%s: %s" % (name, done.stderr.decode()))
    return [json.loads(line) for line in done.stdout.splitlines()]


def check_apps(rows):
    """Hundreds of thousands of command lines in three forms."""
    row = [row for row in rows if row["exe"] == "/usr/bin/dash"][0]
    counts = sorted(form["count"] for form in row["templates"])[-1:]
    if row["count"] != N or row["hidden"] != N // 10 or \
            row["network"] != N or counts != [N - N // 10]:
        yield "apps: %s" % {key: row[key] for key in (
            "count", "hidden", "network")} + str(counts)
    for row in rows:
        if not row["first"] <= row["last"]:
            yield "apps: %s from %s to %s" % (
                row["exe"], row["first"], row["last"])


def views():
    """Each of a log with as many processes, sessions and peers."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "audit.log")
        with open(path, "wb") as stream:
            for chunk in crowd.Crowd(N, N, N).chunks():
                stream.write(chunk)
        sessions = view("sessions", path)
        if len(sessions) != N or \
                {s["failed_before"] for s in sessions} != {1} or \
                {s["processes"] for s in sessions} != {1} or \
                len({s["addr"] for s in sessions}) != N:
            yield "%d sessions" % len(sessions)
        tree = view("tree", path)
        ran = [row for row in tree if row["execs"]]
        if len(ran) != N or not all(row.get("parent_guid") for row in ran):
            yield "tree: %d processes" % len(ran)
        network = view("network", path)
        if sum(row["kind"] == "peer" for row in network) != N or \
                sum(row["kind"] == "process" for row in network) != N:
            yield "network: %d rows" % len(network)
        user, = view("users", path)
        if user["sessions"] != N or user["failed"] != N:
            yield "users: %d sessions" % user["sessions"]
        yield from check_apps(view("apps", path))


def loop(n):
    """What a shell runs again and again, and in the middle something else."""
    hidden = [b"sh", b"-c", b"echo aWQ7IHVuYW1lIC1hOyBpZA== | base64 -d | sh"]
    for number in range(n):
        argv = hidden if number == n // 2 else \
            [b"expr", b"%d" % number, b"+", b"1"]
        yield auditgen.join(auditgen.exec_event(
            number + 1, argv, sec=1700000000 + number // 100,
            msec=number % 100 * 10, pid=1000 + number, ppid=99, uid=1000,
            euid=1000))


def repeats():
    """In text, commands that differ by numbers are one line with their count;
    JSON has each."""
    n = 2000 if SANITIZED else 20000
    data = b"".join(loop(n))
    for name, more in (("tree", []), ("sessions", ["7"])):
        text = run([AUHUNT, name, *ROWS, *more, "-"], data=data).decode()
        counts = re.findall(r" expr \d+ \+ 1 \((\d+) times, until ", text)
        if counts != [str(n // 2), str(n // 2 - 1)] or \
                text.count("\n") != 5 or "sh -c 'echo " not in text:
            yield "%s: %s" % (name, text[:1000])
        rows = [json.loads(line) for line in run(
            [AUHUNT, name, "--json", *ROWS, *more, "-"],
            data=data).splitlines()]
        if name == "tree" and sum(bool(row["execs"]) for row in rows) != n or \
                name == "sessions" and len(rows[0]["events"]) != n:
            yield "%s: not all of it" % name


def cases():
    yield "repeats", repeats
    yield "tables", tables
    yield "views", views
