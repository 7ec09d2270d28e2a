# SPDX-License-Identifier: GPL-3.0-or-later
"""Who started whom in the recorded stories, and which of it was hidden text:
told a second time, by pids alone (none is used twice there), and compared with
what `auhunt tree` and the lines say."""

import json
import os
import tempfile

import auditref
from restart import both
from suite import AUHUNT, HUNT, Failure, hunt, run

INTERPRETERS = {("sh",), ("bash",), ("bash", "-i")}
DECODERS = {"base64", "openssl", "gzip"}
ROOTS_MIN = 12


class Process:
    """A pid of a node with its events in the kernel's order."""

    def __init__(self, event):
        self.node = event["node"]
        self.pid, self.ppid = event["pid"], event["ppid"]
        self.events = []

    def argvs(self):
        return [tuple(event["argv"]) for event in self.events
                if event.get("argv")]


def order(event):
    stamp, serial = event["id"].rsplit(":", 1)
    return float(stamp), int(serial)


def processes(data):
    found = {}
    events = [auditref.to_json(e) for e in auditref.read_events(data)]
    for event in sorted(events, key=order):
        key = event["node"], event["pid"]
        found.setdefault(key, Process(event)).events.append(event)
    return found


def is_decoder(argv):
    return argv[0] in DECODERS and any(
        arg in ("-d", "--decode") for arg in argv[1:])


def has_decoder_beside(found, p):
    """A sibling that decodes, started next to it and in the same moment."""
    for q in found.values():
        if (q.node, q.ppid) == (p.node, p.ppid) and \
                0 < abs(q.pid - p.pid) <= 2 and \
                any(map(is_decoder, q.argvs())) and \
                abs(q.events[0]["time"] - p.events[0]["time"]) < 1:
            return True
    return False


def hides(argvs, payloads):
    return any(payload in arg for argv in argvs for arg in argv
               for payload in payloads)


def is_payload(found, p, payloads):
    """Whether the process was given hidden text to run."""
    for argv in p.argvs():
        if argv in INTERPRETERS or argv == ("sh", "/tmp/.k"):
            above = found.get((p.node, p.ppid))
            return has_decoder_beside(found, p) or bool(
                above and hides(above.argvs(), payloads))
        if argv[0] in ("python3", "perl") and hides([argv], payloads):
            return True
    return False


def executed(found, payloads):
    """{(node, pid): the first process of its payload}"""
    roots = {key for key, p in found.items()
             if is_payload(found, p, payloads)}
    marked = {}
    for key in found:
        chain, at = [], key
        while at in found and at not in chain:
            chain.append(at)
            at = (found[at].node, found[at].ppid)
        tops = [step for step in chain if step in roots]
        if tops:
            marked[key] = tops[-1]
    return marked


def rows(output):
    return [json.loads(line) for line in output.decode("ascii").splitlines()]


def check_order(tree):
    """Each behind its parent, one deeper, and as many as it says."""
    depth, children = {}, {}
    for row in tree:
        above = row.get("parent_guid")
        if above and above not in depth:
            yield "%s stands before its parent" % row["pid"]
        if row["depth"] != (depth[above] + 1 if above in depth else 0):
            yield "%s has depth %d" % (row["pid"], row["depth"])
        if row["guid"] in depth:
            yield "%s stands there twice" % row["pid"]
        depth[row["guid"]] = row["depth"]
        children[above] = children.get(above, 0) + 1
    for row in tree:
        if row["children"] != children.get(row["guid"], 0):
            yield "%s has %d children" % (row["pid"], row["children"])


def check_tree(tree, found):
    by_guid = {row["guid"]: row for row in tree}
    told = {(row["node"], row["pid"]): row for row in tree if row["execs"]}
    yield from check_order(tree)
    for key in told.keys() ^ found.keys():
        yield "%s %d: %s" % (*key, "too much" if key in told else "missing")
    for key in told.keys() & found.keys():
        row, p = told[key], found[key]
        if {e["id"] for e in row["execs"]} != {e["id"] for e in p.events}:
            yield "%s %d: other events" % key
        above = by_guid.get(row.get("parent_guid"))
        if not above or above["pid"] != p.ppid:
            yield "%s %d: not below %d" % (*key, p.ppid)


def check_executed(tree, found, payloads):
    want = executed(found, payloads)
    got = {(row["node"], row["pid"]): row["payload"] for row in tree
           if row["execs"] and row.get("executed") == "yes"}
    ids = {}
    if len(set(want.values())) < ROOTS_MIN:
        yield "only %d payloads in the story" % len(set(want.values()))
    for key in sorted(want.keys() - got.keys()):
        yield "%s %d ran hidden text, and is not told to" % key
    for key in sorted(got.keys() - want.keys()):
        yield "%s %d is told to have run hidden text" % key
    for key in want.keys() & got.keys():
        ids.setdefault(want[key], set()).add(got[key])
    for key, names in ids.items():
        if len(names) != 1:
            yield "the payload of %s %d has ids %s" % (*key, names)
    if len(set().union(*ids.values())) != len(ids):
        yield "two payloads share an id"


def check_lines(lines, found, payloads):
    """As the events came: a reader whose decoder comes behind it is the one
    that its own line cannot tell of."""
    want = executed(found, payloads)
    decoded = {line["payload"] for line in lines
               if line.get("payload") and "executed" not in line}
    missed = {}
    for line in lines:
        key = line.get("node", ""), line["pid"]
        if (line.get("executed") == "yes") == (key in want):
            continue
        if line.get("executed"):
            yield "%s %d: its line is marked" % key
        elif want[key] != key:
            yield "%s %d: its line is not marked" % key
        else:
            missed[key] = line
    if len(missed) > len(decoded):
        yield "lines without a mark: %s" % sorted(missed)


RAW = ("-o", "redact=no", "-o", "hunt_dir=/nonexistent")
KINSHIP = ("pid", "guid", "parent_guid", "parent_cmd", "ancestors",
           "container", "payload", "executed")


def kinship(output):
    """What an exec's line tells by what is remembered."""
    return [dict({key: row.get(key) for key in KINSHIP}, id=row["id"])
            for row in rows(output) if row["evt"] == "exec"]


def check_restart(data):
    """Cut into three runs with one state file, the lines are the same."""
    for mine, row in both(data, kinship, RAW):
        for key in row:
            if mine[key] != row[key]:
                yield "%s: %s is %s, should be %s" % (
                    row["id"], key, mine[key], row[key])


def check_live_tree(live, tree):
    """The state has of each the last program, no more than 240 bytes of its
    command, and not what a decoder beside a shell has decoded."""
    want = {row["guid"]: row for row in tree if row["children"] or
            not row["execs"] or any(e["success"] for e in row["execs"])}
    yield from check_order(live)
    for guid in {r["guid"] for r in live} ^ want.keys():
        yield "%s: %s" % (guid, "missing" if guid in want else "too much")
    for row in live:
        wanted = want.get(row["guid"], row)
        keys = ["parent_guid", "node", "pid", "ses", "auid", "executed"]
        if not any(is_decoder(e["cmd"].split()) for e in wanted["execs"]):
            keys.append("payload")
        for key in keys:
            if row.get(key) != wanted.get(key):
                yield "%s: %s is %s, should be %s" % (
                    row["pid"], key, row.get(key), wanted.get(key))
        last = [e for e in wanted["execs"] if e["success"]][-1:]
        for mine, e in zip(row["execs"], last):
            if mine["id"] != e["id"] or mine["cmd"][:200] != e["cmd"][:200]:
                yield "%s: %s, should be %s" % (row["pid"], mine, e)


def shared(found):
    """But for what the state has not: processes that called, and names that
    were tried."""
    left = ("failed", "first", "last", "addrs", "pid", "exe", "ses")
    return sorted(
        ({key: row[key] for key in row if key not in left}
         for row in found if row.get("kind") != "process" and
         row.get("sessions") != 0), key=json.dumps)


def live_view(suite, view, name, path):
    """live/VIEW/NAME: users and network, by log and by state."""
    case = "live/%s/%s" % (view, name)
    if not suite.wanted(case):
        return
    options = RAW + ("-o", "network=all")
    with tempfile.TemporaryDirectory() as folder:
        state = ("--state", os.path.join(folder, "state.db"))
        try:
            hunt(path=path, options=options + state)
            got, want = [shared(rows(run(
                [AUHUNT, view, "--json", *options, *where])))
                for where in (state, (path,))]
            suite.case(case, [] if got == want and want else
                       ["%s, should be %s" % (got[:3], want[:3])])
        except (Failure, ValueError, KeyError) as error:
            suite.fail(case, repr(error))


def live_cases(suite, name, path):
    """live/NAME: what a state tells is what the log told."""
    wanted = "live/tree/" + name, "live/sessions/" + name, \
        "live/session/" + name
    if not any(map(suite.wanted, wanted)):
        return
    with tempfile.TemporaryDirectory() as folder:
        state = ("--state", os.path.join(folder, "state.db"))
        hunt(path=path, options=RAW + state)
        try:
            # What reads no state says so, and so does what would read both.
            run([AUHUNT, "rank", "--live", *RAW, *state], want=2)
            run([AUHUNT, "tree", "--live", *RAW, *state, path], want=2)
            run([AUHUNT, "tree", "--live", *RAW, *state[:1], "/nonexistent"],
                want=1)
            tree = [rows(run([AUHUNT, "tree", "--json", *RAW, *where]))
                    for where in (state, (path,))]
            suite.case(wanted[0], check_live_tree(*tree))
            got, want = [rows(run([AUHUNT, "sessions", "--json", *RAW,
                                   *where])) for where in (state, (path,))]
            suite.case(wanted[1], [] if got == want and want else
                       ["%s, should be %s" % pair
                        for pair in zip(got, want) if pair[0] != pair[1]])
            ses = [row["ses"] for row in want if row["processes"] > 5][-1]
            part = rows(run([AUHUNT, "tree", "--json", *RAW, *state,
                             "--session", str(ses)]))
            own = [row for row in part if row.get("ses") == ses]
            suite.case(wanted[2], [] if own == [
                dict(row, depth=mine["depth"]) for row, mine in zip(
                    [r for r in tree[0] if r.get("ses") == ses], own)] else
                       ["%d of %d processes" % (len(own), len(tree[0]))])
        except (Failure, ValueError, KeyError, IndexError) as error:
            suite.fail(wanted[0], repr(error))


def restart_cases(suite, name, path):
    case = "tree/restart/" + name
    if not suite.wanted(case):
        return
    with open(path, "rb") as stream:
        data = stream.read()
    try:
        suite.case(case, check_restart(data))
    except (Failure, ValueError, KeyError) as error:
        suite.fail(case, repr(error))


def cases(suite, name, path, payloads):
    """tree/NAME: the parents; executed/NAME: what hidden text started."""
    wanted = [case % name for case in
              ("tree/%s", "executed/%s", "executed_lines/%s")]
    if not any(map(suite.wanted, wanted)):
        return
    with open(path, "rb") as stream:
        data = stream.read()
    found = processes(data)
    try:
        tree = rows(run([AUHUNT, "tree", "--json", *RAW, path]))
        lines = [row for row in rows(run(
            [HUNT, "--stdout", *RAW, "-o", "line_max=65000"], data=data))
            if row["evt"] == "exec"]
    except Failure as error:
        suite.fail(wanted[0], error)
        return
    suite.case(wanted[0], check_tree(tree, found))
    suite.case(wanted[1], check_executed(tree, found, payloads))
    suite.case(wanted[2], check_lines(lines, found, payloads))
