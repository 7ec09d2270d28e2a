# SPDX-License-Identifier: GPL-3.0-or-later
"""life/: what makes one process or session look like another: numbers that are
used twice, records that are lost or come late, clocks that are set. Each case
is written in RAW and in ENRICHED, and what is to be told of it stands with it:
the sessions, whose each command was, and who started it; of one run, and of
several that hand a state on."""

import base64
import json
import os
import tempfile

import auditgen
from suite import AUHUNT, HUNT, Failure, run

EPOCH = 1700000000000
UNSET = 4294967295
UIDS = {"root": 0, "alice": 1001, "bob": 1002, "mallory": 1003}
OPTIONS = ("-o", "redact=no", "-o", "hunt_dir=/nonexistent")
HIDDEN = base64.b64encode(b"uname -a; sleep 60").decode()
DROPPER = "echo %s|base64 -d|sh" % HIDDEN
# What the records say of a session, and nobody but they.
START, OPEN = "LOGIN", "USER_START"


class Log:
    """Events in the order in which they happened; lines() may have another."""

    def __init__(self, is_enriched):
        self.is_enriched = is_enriched
        self.serial, self.ms = 100, EPOCH
        self.events, self.cuts = [], []

    def wait(self, ms):
        self.ms += ms

    def next(self):
        self.serial += 1
        self.ms += 4
        return self.serial, self.ms // 1000, self.ms % 1000

    def add(self, lines):
        self.events.append(lines)

    def record(self, kind, body, *names):
        """names: (what auditd calls it, a user's name)"""
        line = auditgen.stamp(kind, *self.next()) + body.encode()
        if self.is_enriched:
            line += b"\x1d" + " ".join('%s="%s"' % n for n in names).encode()
        self.add([line])

    def said(self, kind, pid, user, ses, text, uid=0):
        auid = UIDS[user] if user else UNSET
        self.record(kind, "pid=%d uid=%d auid=%d ses=%d msg='%s'" % (
            pid, uid, auid, ses if user else UNSET, text),
            ("UID", "root"), ("AUID", user or "unset"))

    def pam(self, kind, pid, user, ses, acct, addr, op, res="success"):
        """Without an address it is cron that speaks."""
        exe, terminal = ("sshd", "ssh") if addr else ("cron", "cron")
        self.said(kind, pid, user, ses,
                  'op=PAM:%s grantors=? acct="%s" exe="/usr/sbin/%s" '
                  'hostname=%s addr=%s terminal=%s res=%s' % (
                      op, acct, exe, addr or "?", addr or "?", terminal, res))

    def fail(self, pid, acct, addr):
        self.pam("USER_AUTH", pid, None, 0, acct, addr, "authentication",
                 "failed")

    def login(self, pid, user, ses):
        self.record(START, "pid=%d uid=0 old-auid=%d auid=%d tty=(none) "
                    "old-ses=%d ses=%d res=1" % (
                        pid, UNSET, UIDS[user], UNSET, ses),
                    ("UID", "root"), ("OLD-AUID", "unset"), ("AUID", user))

    def logon(self, pid, user, ses, addr, lost=()):
        for kind, op in (("USER_AUTH", "authentication"),
                         ("USER_ACCT", "accounting"),
                         ("CRED_ACQ", "setcred"))[0 if addr else 1:]:
            self.pam(kind, pid, None, 0, user, addr, op)
        if START not in lost:
            self.login(pid, user, ses)
        if OPEN not in lost:
            self.pam(OPEN, pid, user, ses, user, addr, "session_open")

    def logoff(self, pid, user, ses, addr):
        self.pam("USER_END", pid, user, ses, user, addr, "session_close")
        self.pam("CRED_DISP", pid, user, ses, user, addr, "setcred")

    def boot(self):
        """The kernel counts anew."""
        self.serial = 2
        self.record("SYSTEM_BOOT", "pid=400 uid=0 auid=%d ses=%d msg=' "
                    'comm="systemd-update-utmp" '
                    'exe="/usr/lib/systemd/systemd-update-utmp" hostname=? '
                    "addr=? terminal=? res=success'" % (UNSET, UNSET),
                    ("UID", "root"), ("AUID", "unset"))

    def run(self, pid, ppid, user, ses, *argv):
        serial, sec, msec = self.next()
        name = argv[0].encode()
        lines = auditgen.exec_event(
            serial, [arg.encode() for arg in argv], sec, msec,
            exe=b"/usr/bin/" + name, names=(b"/usr/bin/" + name,), pid=pid,
            ppid=ppid, auid=UIDS[user], uid=UIDS[user], euid=UIDS[user],
            ses=ses, enriched=self.is_enriched)
        self.add([line.replace(b'AUID="alice"', b'AUID="%s"' % user.encode())
                  for line in lines])

    def exit(self, pid, ppid, user, ses):
        serial, sec, msec = self.next()
        body = ("arch=c000003e syscall=231 a0=0 a1=e7 a2=3c a3=7fff items=0 "
                "ppid=%d pid=%d auid=%d uid=%d gid=0 euid=%d suid=0 fsuid=0 "
                'egid=0 sgid=0 fsgid=0 tty=pts0 ses=%d comm="x" '
                'exe="/usr/bin/x" key="life"' % (
                    ppid, pid, UIDS[user], UIDS[user], UIDS[user], ses))
        self.add([auditgen.stamp("SYSCALL", serial, sec, msec) +
                  body.encode(), auditgen.stamp("EOE", serial, sec, msec)])

    def restart(self):
        self.cuts.append(len(self.events))

    def move(self, at, to):
        """An event comes so much earlier or later, by places in the list."""
        self.events.insert(to, self.events.pop(at))

    def mix(self, at):
        """Records of an event and of the next by turns."""
        first, second = self.events[at], self.events.pop(at + 1)
        self.events[at] = [line for pair in zip(first, second)
                           for line in pair]

    def pieces(self):
        for start, end in zip([0] + self.cuts,
                              self.cuts + [len(self.events)]):
            yield auditgen.join(sum(self.events[start:end], []))

    def bytes(self):
        return b"".join(self.pieces())


def session(ses, user, addr, start, end, processes, is_complete=True, **more):
    return dict(more, ses=ses, user=user, addr=addr, start=start, end=end,
                processes=processes, complete=is_complete)


class Want:
    """Times are those of the log, when the case came there."""

    def __init__(self):
        self.sessions = []
        self.commands = {}      # command: (login, address, parent's, payload)


def pids(log, want):
    """A pid is used for another process, a round later: of commands, of one
    that ran what was hidden, and of the sshd that failed before."""
    log.fail(5000, "mallory", "127.0.0.99")
    log.fail(5009, "mallory", "127.0.0.99")
    log.logon(900, "alice", 1, "127.0.0.66")
    start = log.ms - 4
    log.run(4000, 900, "alice", 1, "bash", "-i")
    log.run(4001, 4000, "alice", 1, "sh", "-c", DROPPER)
    log.run(4002, 4001, "alice", 1, "base64", "-d")
    log.run(4003, 4001, "alice", 1, "sh")
    log.restart()
    log.run(4004, 4003, "alice", 1, "uname", "-a")
    log.run(31000, 4000, "alice", 1, "true")
    log.run(310, 4000, "alice", 1, "ls")
    log.logon(5000, "bob", 2, "127.0.0.77")
    later = log.ms - 4
    log.run(5001, 5000, "bob", 2, "bash", "-l")
    log.run(4003, 5001, "bob", 2, "vim", "notes")
    log.restart()
    log.run(5002, 4003, "bob", 2, "sort", "notes")
    log.run(4001, 5001, "bob", 2, "make", "all")
    log.run(5003, 4001, "bob", 2, "cc", "-c", "a.c")
    log.logoff(900, "alice", 1, "127.0.0.66")
    end = log.ms - 4
    log.logon(5009, "root", 3, None)
    cron = log.ms - 4
    log.run(5010, 5009, "root", 3, "sync")
    want.sessions = [
        session(1, "alice", "127.0.0.66", start, end, 7),
        session(3, "root", None, cron, None, 1, False, kind="cron",
                service="cron", failed_before=0),
        session(2, "bob", "127.0.0.77", later, None, 5, False,
                failed_before=0)]
    alice, bob = ("alice", "127.0.0.66"), ("bob", "127.0.0.77")
    want.commands = {
        "bash -i": (*alice, None, False),
        "sh -c '%s'" % DROPPER: (*alice, "bash -i", False),
        "base64 -d": (*alice, "sh -c '%s'" % DROPPER, False),
        "sh": (*alice, "sh -c '%s'" % DROPPER, True),
        "uname -a": (*alice, "sh", True),
        "true": (*alice, "bash -i", False),
        "ls": (*alice, "bash -i", False),
        "bash -l": (*bob, None, False),
        "vim notes": (*bob, "bash -l", False),
        "sort notes": (*bob, "vim notes", False),
        "make all": (*bob, "bash -l", False),
        "cc -c a.c": (*bob, "make all", False),
        "sync": ("root", None, None, False)}


def reboot(log, want):
    """Sessions and pids are counted anew: another user has the number, or the
    same one from elsewhere; no LOGIN tells of the third."""
    log.logon(900, "alice", 1, "127.0.0.66")
    first = log.ms - 4
    log.run(901, 900, "alice", 1, "bash", "-i")
    log.logon(910, "alice", 2, "127.0.0.67")
    second = log.ms - 4
    log.run(911, 910, "alice", 2, "sh", "-c", DROPPER)
    log.run(912, 911, "alice", 2, "base64", "-d")
    log.run(913, 911, "alice", 2, "sh")
    log.logon(920, "bob", 3, "127.0.0.68")
    third = log.ms - 4
    log.run(921, 920, "bob", 3, "top")
    log.wait(60000)
    log.boot()
    log.logon(920, "bob", 1, "127.0.0.77")
    fourth = log.ms - 4
    log.run(921, 920, "bob", 1, "id")
    log.logon(911, "alice", 2, "127.0.0.88")
    fifth = log.ms - 4
    log.restart()
    log.run(913, 911, "alice", 2, "date")
    log.run(914, 913, "alice", 2, "who")
    log.logoff(911, "alice", 2, "127.0.0.88")
    end = log.ms - 4
    sixth = log.ms + 4
    log.run(931, 930, "alice", 3, "cal")
    want.sessions = [
        session(1, "alice", "127.0.0.66", first, None, 1, False),
        session(2, "alice", "127.0.0.67", second, None, 3, False),
        session(3, "bob", "127.0.0.68", third, None, 1, False),
        session(1, "bob", "127.0.0.77", fourth, None, 1, False),
        session(2, "alice", "127.0.0.88", fifth, end, 2),
        session(3, None, None, sixth, None, 1, False)]
    want.commands = {
        "bash -i": ("alice", "127.0.0.66", None, False),
        "sh -c '%s'" % DROPPER: ("alice", "127.0.0.67", None, False),
        "base64 -d": ("alice", "127.0.0.67", "sh -c '%s'" % DROPPER, False),
        "sh": ("alice", "127.0.0.67", "sh -c '%s'" % DROPPER, True),
        "top": ("bob", "127.0.0.68", None, False),
        "id": ("bob", "127.0.0.77", None, False),
        "date": ("alice", "127.0.0.88", None, False),
        "who": ("alice", "127.0.0.88", "date", False),
        "cal": (None, None, None, False)}


def lost(log, want):
    """Without its LOGIN a session is known by USER_START; without both, by the
    number in its commands, and nobody says who that is."""
    log.logon(900, "alice", 1, "127.0.0.66", lost=(START,))
    first = log.ms
    log.run(901, 900, "alice", 1, "id")
    log.logon(910, "bob", 2, "127.0.0.77", lost=(START, OPEN))
    second = log.ms + 4
    log.run(911, 910, "bob", 2, "who")
    log.run(902, 900, "alice", 1, "date")
    log.logoff(900, "alice", 1, "127.0.0.66")
    end = log.ms - 4
    log.logon(920, "bob", 3, "127.0.0.78", lost=(OPEN,))
    third = log.ms
    log.run(921, 920, "bob", 3, "cal")
    want.sessions = [
        session(1, "alice", "127.0.0.66", first, end, 2),
        session(2, None, None, second, None, 1, False),
        session(3, "bob", "127.0.0.78", third, None, 1, False)]
    want.commands = {
        "id": ("alice", "127.0.0.66", None, False),
        "date": ("alice", "127.0.0.66", None, False),
        "who": (None, None, None, False),
        "cal": ("bob", "127.0.0.78", None, False)}


def order(log, want):
    """A LOGIN behind the commands of its session and behind its USER_START, a
    child in front of its parent, records of two events by turns, and a command
    behind the end of its session."""
    log.logon(900, "alice", 1, "127.0.0.66")        # 0 to 4
    first = log.ms - 4
    log.run(901, 900, "alice", 1, "bash", "-i")     # 5
    log.logon(910, "bob", 2, "127.0.0.77")          # 6 to 10
    second = log.ms - 4
    log.run(911, 910, "bob", 2, "bash", "-l")       # 11
    log.run(902, 901, "alice", 1, "id")             # 12
    log.run(912, 911, "bob", 2, "who")              # 13
    log.run(903, 901, "alice", 1, "date")           # 14
    log.logoff(900, "alice", 1, "127.0.0.66")       # 15, 16
    end = log.ms - 4
    log.run(913, 911, "bob", 2, "cal")              # 17
    log.move(14, 16)        # after the end
    log.mix(12)
    log.move(9, 11)         # the LOGIN of bob, after his USER_START and bash
    log.move(3, 5)          # that of alice
    want.sessions = [
        session(1, "alice", "127.0.0.66", first, end, 3),
        session(2, "bob", "127.0.0.77", second, None, 3, False)]
    alice, bob = ("alice", "127.0.0.66"), ("bob", "127.0.0.77")
    want.commands = {
        "bash -i": (*alice, None, False), "id": (*alice, "bash -i", False),
        "date": (*alice, "bash -i", False),
        "bash -l": (*bob, None, False), "who": (*bob, "bash -l", False),
        "cal": (*bob, "bash -l", False)}


def clock(log, want):
    """An hour back and two ahead, in the middle of all: between a failed
    password and the logon, in a session, and between the end of a process and
    the next that has its pid."""
    log.logon(900, "alice", 1, "127.0.0.66")
    first = log.ms - 4
    log.run(901, 900, "alice", 1, "bash", "-i")
    log.run(902, 901, "alice", 1, "sleep", "1")
    log.exit(902, 901, "alice", 1)
    log.wait(-3600000)
    log.restart()
    log.run(902, 901, "alice", 1, "sh", "./job")
    log.restart()
    log.run(903, 902, "alice", 1, "id")
    log.fail(910, "bob", "127.0.0.77")
    log.wait(7200000)
    log.logon(910, "bob", 2, "127.0.0.77")
    second = log.ms - 4
    log.run(911, 910, "bob", 2, "who")
    log.run(904, 902, "alice", 1, "date")
    log.wait(-7200000)
    log.run(912, 911, "bob", 2, "cal")
    log.logoff(900, "alice", 1, "127.0.0.66")
    end = log.ms - 4
    want.sessions = [
        session(1, "alice", "127.0.0.66", first, end, 5),
        session(2, "bob", "127.0.0.77", second, None, 2, False)]
    alice, bob = ("alice", "127.0.0.66"), ("bob", "127.0.0.77")
    want.commands = {
        "bash -i": (*alice, None, False),
        "sleep 1": (*alice, "bash -i", False),
        "sh ./job": (*alice, "bash -i", False),
        "id": (*alice, "sh ./job", False),
        "date": (*alice, "sh ./job", False),
        "who": (*bob, None, False), "cal": (*bob, "who", False)}


def failures(log, want):
    """Wrong passwords before and after restarts are of one series."""
    for _ in range(3):
        log.fail(910, "bob", "127.0.0.77")
    log.fail(920, "bob", "127.0.0.78")
    log.restart()
    for _ in range(2):
        log.fail(911, "bob", "127.0.0.77")
    log.restart()
    log.logon(912, "bob", 1, "127.0.0.77")
    start = log.ms - 4
    log.run(913, 912, "bob", 1, "id")
    want.sessions = [session(1, "bob", "127.0.0.77", start, None, 1, False,
                             failed_before=5)]
    want.commands = {"id": ("bob", "127.0.0.77", None, False)}


CASES = (pids, reboot, lost, order, clock, failures)


def rows(output):
    return [json.loads(line) for line in output.decode("ascii").splitlines()]


def milliseconds(value):
    return None if value is None else round(value * 1000)


def check_sessions(want, got):
    # By start; those whose numbers were given again stay apart.
    for row in got:
        row["start"] = milliseconds(row["start"])
        row["end"] = milliseconds(row.get("end"))
    if len(got) != len(want.sessions):
        yield "%d sessions, should be %d" % (len(got), len(want.sessions))
        return
    for row, wanted in zip(got, sorted(want.sessions,
                                       key=lambda s: s["start"])):
        for key, value in wanted.items():
            if row.get(key) != value:
                yield "session %d from %s: %s is %s, should be %s" % (
                    wanted["ses"], wanted["addr"], key, row.get(key), value)


def check_text(data):
    """No session takes less than no time."""
    text = run([AUHUNT, "sessions", *OPTIONS, "-"], data=data).decode()
    for line in text.splitlines():
        if "-" in line.split()[2]:
            yield "it says: " + line


def check_lines(want, lines):
    told = {row["cmd"]: row for row in lines if row["evt"] == "exec"}
    for cmd in told.keys() ^ want.commands.keys():
        yield "%s: %s" % (cmd, "too much" if cmd in told else "no line")
    for cmd in told.keys() & want.commands.keys():
        row, (user, addr, parent, is_hidden) = told[cmd], want.commands[cmd]
        for key, value in (("login", user), ("addr", addr),
                           ("parent_cmd", parent),
                           ("executed", "yes" if is_hidden else None)):
            if row.get(key) != value:
                yield "%s: %s is %s, should be %s" % (
                    cmd, key, row.get(key), value)


def check_tree(want, data):
    tree = rows(run([AUHUNT, "tree", "--json", *OPTIONS, "-"], data=data))
    cmds = {row["guid"]: row["execs"][0]["cmd"] for row in tree
            if row["execs"]}
    for row in tree:
        if len(row["execs"]) > 1:
            yield "%s: one process with %s" % (
                row["pid"], [e["cmd"] for e in row["execs"]])
        for e in row["execs"]:
            _, _, parent, is_hidden = want.commands[e["cmd"]]
            if cmds.get(row.get("parent_guid")) != parent:
                yield "%s stands below %s" % (
                    e["cmd"], cmds.get(row.get("parent_guid")))
            if (row.get("executed") == "yes") != is_hidden:
                yield "%s: executed is %s" % (e["cmd"], row.get("executed"))


def sessions(*where, data=None):
    return rows(run([AUHUNT, "sessions", "--json", *OPTIONS, *where],
                    data=data))


def lines(data, *options):
    return rows(run([HUNT, "--stdout", *OPTIONS, "-o", "repeat=off",
                     *options], data=data))


def check(want, data):
    yield from check_sessions(want, sessions("-", data=data))
    yield from check_text(data)
    yield from check_lines(want, lines(data))
    yield from check_tree(want, data)


def check_restarts(want, log):
    with tempfile.TemporaryDirectory() as folder:
        state = ("--state", os.path.join(folder, "state.db"))
        told = [line for piece in log.pieces()
                for line in lines(piece, *state)]
        yield from check_lines(want, told)
        yield from check_sessions(want, sessions(*state))


def cases(suite):
    for case in CASES:
        for name, is_enriched in (("raw", False), ("enriched", True)):
            name = "life/%s/%s" % (case.__name__, name)
            if not suite.wanted(name):
                continue
            log, want = Log(is_enriched), Want()
            case(log, want)
            try:
                suite.case(name, check(want, log.bytes()))
                if log.cuts:
                    suite.case(name + "/restarts", check_restarts(want, log))
            except (Failure, ValueError, KeyError) as error:
                suite.fail(name, repr(error))
