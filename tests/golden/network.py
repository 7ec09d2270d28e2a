# SPDX-License-Identifier: GPL-3.0-or-later
"""network/: the lines about network calls, and `auhunt network --json`,
against a second, independent reader of SYSCALL and SOCKADDR records."""

import ipaddress
import json
import re
import struct

import auditref
from restart import both
from suite import AUHUNT, Failure, hunt, run

OPTIONS = ("-o", "redact=no", "-o", "hunt_dir=/nonexistent",
           "-o", "network=all")
CALLS = {42: "connect", 43: "accept", 44: "sendto", 46: "sendmsg", 49: "bind",
         288: "accept4"}                                    # x86_64
DIRECTIONS = {"accept": "in", "accept4": "in", "bind": "local"}
SADDR = re.compile(rb"\A(?:[0-9A-F]{2})+\Z")


def plain(address):
    """IPv4 that is mapped into IPv6 is IPv4."""
    return str(getattr(address, "ipv4_mapped", None) or address)


def decode(raw):
    """(family, address, port) of a little-endian machine's sockaddr; None
    for families that nobody tells of."""
    family = struct.unpack("<H", raw[:2])[0]
    if family == 2:
        return "inet", plain(ipaddress.ip_address(raw[4:8])), \
            struct.unpack(">H", raw[2:4])[0]
    if family == 10:
        return "inet6", plain(ipaddress.ip_address(raw[8:24])), \
            struct.unpack(">H", raw[2:4])[0]
    if family == 40:
        port, cid = struct.unpack("<II", raw[4:12])
        return "vsock", str(cid), port
    if family != 1:
        return None
    path = raw[2:]
    if path[:1] == b"\0":
        name = path.rstrip(b"\0").replace(b"\0", b"@")
        return "unix", name.decode() or None, None
    return "unix", path.split(b"\0")[0].decode() or None, None


def family_of(call, address):
    """Of the peer: the same host, whatever socket reaches it."""
    return "inet" if call["family"] == "inet6" and ":" not in address else \
        call["family"]


def read_calls(data):
    """(node, id) -> what the line is to say, and how many were netlink."""
    bags, n_netlink = {}, 0
    for line in data.split(b"\n"):
        parsed = auditref.parse_line(line)
        if parsed is not None:
            node, ident, record = parsed
            bags.setdefault((node, ident), []).append(record)
    calls = {}
    for where, records in bags.items():
        event = auditref.Event(*where, records)
        call = event.syscall
        saddr = event.first(b"SOCKADDR")
        if call is None or saddr is None or call.get(b"arch") != b"c000003e":
            continue
        name = CALLS.get(auditref.integer(call.get(b"syscall")))
        value = saddr.get(b"saddr")
        if name is None or not SADDR.match(value):
            continue
        raw = bytes.fromhex(value.decode())
        n_netlink += raw[:2] == b"\x10\0"
        found = decode(raw)
        if found is None:
            continue
        direction = DIRECTIONS.get(name, "out")
        side = "local" if direction == "local" else "peer"
        want = {"syscall": name, "family": found[0], "direction": direction,
                side: found[1], side + "_port": found[2],
                "success": call.get(b"success") == b"yes",
                "exit": auditref.integer(call.get(b"exit"))}
        for key in ("pid", "ppid", "ses", "auid", "uid"):
            number = auditref.integer(call.get(key.encode()))
            want[key] = None if number == auditref.UNSET else number
        for key in ("exe", "comm", "key"):
            text = auditref.text(call.get(key.encode()))
            want[key] = None if text is None else text.decode()
        calls[where] = want
    return calls, n_netlink


def compare_lines(output, data):
    want, n_netlink = read_calls(data)
    rows = [json.loads(line) for line in output.splitlines()]
    got = {(row.get("node", ""), row["id"]): row for row in rows
           if row["evt"] == "network"}
    for where in sorted(got.keys() ^ want.keys()):
        yield "%s %s: %s" % (*where, "no such call" if where in got else
                             "not there")
    seen = set()
    for where, row in got.items():
        for key, value in want.get(where, {}).items():
            if row.get(key) != value:
                yield "%s %s: %s is %s, should be %s" % (
                    *where, key, row.get(key), value)
        port = None if row["direction"] == "in" else \
            row.get("peer_port", row.get("local_port"))
        address = row.get("peer", row.get("local"))
        peer = (where[0], row["direction"], family_of(row, address), address,
                port)
        if row.get("first", False) != (peer not in seen):
            yield "%s %s: first is %s" % (*where, row.get("first"))
        seen.add(peer)
        if not re.fullmatch("[0-9a-f]{16}", row.get("guid", "")):
            yield "%s %s: guid is %s" % (*where, row.get("guid"))
    if rows[-1]["network_netlink"] != n_netlink or \
            rows[-1]["events_network"] != len(want):
        yield "counted %d netlink and %d calls, should be %d and %d" % (
            rows[-1]["network_netlink"], rows[-1]["events_network"],
            n_netlink, len(want))


def compare_view(output, data):
    """Counts of peers and of processes."""
    want = read_calls(data)[0]
    peers, pids = {}, {}
    for (node, _), call in want.items():
        side = "local" if call["direction"] == "local" else "peer"
        peer = (node, call["direction"], family_of(call, call[side]),
                call[side], None if call["direction"] == "in" else call[side + "_port"])
        failed = not call["success"] and call["exit"] != -115
        count = peers.setdefault(peer, [0, 0])
        count[0] += 1
        count[1] += failed
        count = pids.setdefault((node, call["pid"]), [0, 0])
        count[0] += 1
        count[1] += failed
    got_peers, got_pids = {}, {}
    for row in map(json.loads, output.splitlines()):
        if row["kind"] == "peer":
            got_peers[row["node"], row["direction"], row["family"],
                      row.get("addr"), row.get("port")] = \
                [row["count"], row["failed"]]
            continue
        count = got_pids.setdefault((row["node"], row["pid"]), [0, 0])
        count[0] += row["out"] + row["in"] + row["local"]
        count[1] += row["failed"]
        if len(row["peers"]) > 6 or not row["peers"]:
            yield "pid %d has %d peers" % (row["pid"], len(row["peers"]))
    for what, got, wanted in (("peers", got_peers, peers),
                              ("processes", got_pids, pids)):
        for key in sorted(set(got) | set(wanted), key=str):
            if got.get(key) != wanted.get(key):
                yield "%s: %s is %s, should be %s" % (
                    what, key, got.get(key), wanted.get(key))


def check_sessions(data):
    """What happened in a session has its calls, in one list with the rest."""
    want = {}
    for (node, ident), call in read_calls(data)[0].items():
        if call["ses"] is not None:
            want.setdefault((node, call["ses"]), []).append(
                [ident, call["direction"], call["pid"], call["exe"]])
    for (node, ses), calls in want.items():
        rows = run([AUHUNT, "sessions", "--json", *OPTIONS, str(ses), "-"],
                   data=data).splitlines()
        got = [[event["id"], event["direction"], event["pid"], event["exe"]]
               for row in map(json.loads, rows) if row["node"] == node
               for event in row["events"] if event["kind"] == "network"]
        if got != calls:
            yield "session %d: %s, should be %s" % (ses, got, calls)


def told(output):
    return [(row["id"], row["seen"], row.get("first", False))
            for row in map(json.loads, output.splitlines())
            if row["evt"] == "network"]


def check_restart(data):
    """Cut into three runs with one state file, what was seen is known."""
    pairs = both(data, told, OPTIONS)
    for mine, row in pairs:
        if mine != row:
            yield "%s, should be %s" % (mine, row)
    if len({row[2] for _, row in pairs}) < 2:
        yield "either all are first, or none is"


def cases(suite, logs):
    total = 0
    for name, data in logs:
        total += len(read_calls(data)[0])
        case = "network/" + name
        if not suite.wanted(case) or b"SOCKADDR" not in data:
            continue
        try:
            suite.case(case + "/lines", compare_lines(
                hunt(data=data, options=OPTIONS), data))
            suite.case(case + "/view", compare_view(
                run([AUHUNT, "network", "--json", *OPTIONS, "-"],
                    data=data), data))
            if len(read_calls(data)[0]) > 10 and name.startswith("data/"):
                suite.case(case + "/restart", check_restart(data))
                suite.case(case + "/sessions", check_sessions(data))
        except (Failure, ValueError, KeyError) as error:
            suite.fail(case, error)
    if suite.wanted("network/yardstick"):
        suite.case("network/yardstick", [] if total > 60 else
                   ["only %d calls in all logs" % total])
