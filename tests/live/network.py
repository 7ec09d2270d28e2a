# SPDX-License-Identifier: GPL-3.0-or-later
"""A server and its clients on loopback addresses: each call is told, with whom
it reached, by the process that called and in its session; and a hidden script
is caught calling out."""

import base64
import json

from rig import USER, Failure, run

# Prints what it did, in order: call, direction, address, port, errno.
PROGRAM = """
import errno, json, socket
done = []

def note(call, direction, where, sock, *args):
    try:
        getattr(sock, call)(*args)
        error = 0
    except OSError as e:
        error = e.errno
    done.append([call, direction, where[0], where[1], error])

def talk(family, mine, theirs):
    server, client = socket.socket(family), socket.socket(family)
    note("bind", "local", (mine, 0), server, (mine, 0))
    server.listen(1)
    port = server.getsockname()[1]
    note("bind", "local", (theirs, 0), client, (theirs, 0))
    note("connect", "out", (mine, port), client, (mine, port))
    accepted, peer = server.accept()
    done.append(["accept4", "in", theirs, peer[1], 0])
    server.close()
    udp = socket.socket(family, socket.SOCK_DGRAM)
    note("sendto", "out", (mine, port), udp, b"x", (mine, port))
    late = socket.socket(family)
    late.setblocking(False)
    note("connect", "out", (mine, port), late, (mine, port))

talk(socket.AF_INET, "127.0.0.66", "127.0.0.77")
if socket.has_ipv6:
    try:
        socket.socket(socket.AF_INET6).bind(("::1", 0))
        done.append(["bind", "local", "::1", 0, 0])
        talk(socket.AF_INET6, "::1", "::1")
    except OSError:
        pass
socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0).bind((0, 0))
note_of = socket.socket(socket.AF_UNIX)
note_of.connect_ex("/nonexistent/socket")
print(json.dumps(done))
"""
HIDDEN = "exec 3<>/dev/tcp/127.0.0.66/9"
REFUSED, DISCARD = -111, 9


def watch(rig):
    rig.watch()
    for arch in ("b64", "b32"):
        run("auditctl", "-a", "always,exit", "-F", "arch=" + arch,
            "-S", "connect,bind,accept4,sendto", "-F", "auid=%d" % USER,
            "-k", "net", check=arch == "b64")


def play(rig):
    """What a process did, its pid and all lines that came."""
    since = rig.mark()
    proc = rig.session("python3", "-c", PROGRAM)
    out = proc.communicate()[0]
    if proc.returncode:
        raise Failure("the program ended with %d" % proc.returncode)
    hidden = base64.b64encode(HIDDEN.encode()).decode()
    rig.session("bash", "-c", "echo %s|base64 -d|bash" % hidden).communicate()
    rig.wait_lines(since, lambda ls: any(
        line.get("peer_port") == DISCARD for line in ls), evt="network")
    return json.loads(out), proc.pid, rig.lines(since)


def told(line):
    side = "local" if line["direction"] == "local" else "peer"
    return [line["syscall"], line["direction"], line.get(side),
            line.get(side + "_port"), line["success"]]


def check_calls(done, pid, lines):
    own = [line for line in lines if line.get("pid") == pid]
    calls = [line for line in own if line["evt"] == "network"]
    # What a socket that does not wait has begun, or what was refused at once.
    want = [row[:4] + [row[4] == 0] for row in done]
    got = [told(line) for line in calls]
    if got != want:
        raise Failure("told %s, did %s" % (got, want))
    program = [line for line in own if line["evt"] == "exec"][-1]
    for line in calls:
        for key in ("guid", "ses", "auid", "exe", "comm"):
            if line.get(key) != program.get(key):
                raise Failure("%s is %s, of the exec %s" % (
                    key, line.get(key), program.get(key)))
        if not line.get("cmd", "").startswith("python3 -c ") or \
                line["peer_class" if "peer" in line else "local_class"] != \
                "loopback" or line.get("external"):
            raise Failure("told %s" % line)


def check_first(lines):
    seen = set()
    for line in lines:
        if line["evt"] != "network":
            continue
        row = told(line)[1:4]
        if row[0] == "in":
            row[2] = None
        if line.get("first", False) != (tuple(row) not in seen):
            raise Failure("%s: first is %s" % (row, line.get("first")))
        seen.add(tuple(row))


def check_payload(lines):
    calls = [line for line in lines if line.get("peer_port") == DISCARD]
    holders = [line for line in lines if line["evt"] == "exec" and
               line.get("decoded") == HIDDEN]
    if len(calls) != 1 or len(holders) != 1:
        raise Failure("%d calls of %d scripts" % (len(calls), len(holders)))
    call = calls[0]
    if call["payload"] != holders[0]["payload"] or \
            call.get("executed") != "yes" or call["exit"] != REFUSED or \
            not call["score"] or call["comm"] != "bash":
        raise Failure("told %s" % call)


def check_status(status, done):
    if status["network_netlink"] < 1 or status["network_other"] < 1 or \
            status["events_network"] < len(done) + 1 or status["residual"]:
        raise Failure("counted %d netlink, %d others, %d calls" % (
            status["network_netlink"], status["network_other"],
            status["events_network"]))


def check_view(rig, done, pid):
    rows = [json.loads(line) for line in
            run(rig.auhunt, "network", "--json", rig.log).stdout.splitlines()]
    own = [row for row in rows if row["kind"] == "process" and
           row["pid"] == pid]
    if len(own) != 1:
        raise Failure("%d rows of the process" % len(own))
    for direction in ("out", "in", "local"):
        n = sum(row[1] == direction for row in done)
        if own[0][direction] != n:
            raise Failure("%d %s, should be %d" % (
                own[0][direction], direction, n))
    peers = {(row["direction"], row["addr"], row.get("port")) for row in rows
             if row["kind"] == "peer"}
    for call, direction, address, port, _ in done:
        if (direction, address,
                None if direction == "in" else port) not in peers:
            raise Failure("%s %s %s is no peer" % (call, address, port))


def network(rig, report):
    for log_format in ("RAW", "ENRICHED"):
        name = "network-%s" % log_format.lower()
        rig.start_auditd(log_format)
        watch(rig)
        done, pid, lines = play(rig)
        status = rig.status()
        report(name + "-calls", check_calls, done, pid, lines)
        report(name + "-first", check_first, lines)
        report(name + "-payload", check_payload, lines)
        report(name + "-counts", check_status, status, done)
        rig.stop_auditd()
        report(name + "-view", check_view, rig, done, pid)
