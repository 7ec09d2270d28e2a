# SPDX-License-Identifier: GPL-3.0-or-later
"""A second, independent reader of audit sessions: the tests' yardstick.

All records of a log are taken in the order of their serials, per node; a
session is what LOGIN opened, or what a record names that no LOGIN did.
"""

import re

import auditref

UNSET = "4294967295"
FIELD = re.compile(rb"(?:^| )([a-z_-]+)=")
TEXTS = (b"acct", b"exe", b"cmd", b"cwd")
ELEVATORS = ("su", "sudo", "runuser", "pkexec")
KINDS = {"sshd": "login", "login": "login", "cron": "cron", "crond": "cron",
         "atd": "at", "systemd": "service"}
NAMES = {"crond": "cron", "atd": "at", "systemd": "systemd --user"}
ACCOUNTS = {b"ADD_USER": "add_user", b"DEL_USER": "del_user",
            b"ADD_GROUP": "add_group", b"DEL_GROUP": "del_group",
            b"USER_MGMT": "change_user", b"GRP_MGMT": "change_group",
            b"USER_CHAUTHTOK": "change_login"}


def fields(text):
    """name -> value; a value ends where the next name begins."""
    out, marks = {}, list(FIELD.finditer(text))
    for mark, after in zip(marks, marks[1:] + [None]):
        value = text[mark.end():after.start() if after
                     else len(text)].strip()
        if mark[1] != b"op":
            value = value.split(b" ")[0]
        if mark[1] in TEXTS:
            value = auditref.text(value)
        if value not in (None, b"?", b"(none)"):
            out.setdefault(mark[1].decode(),
                           value.decode("utf-8", "replace"))
    return out


class Message:
    def __init__(self, match):
        self.kind = match["type"]
        self.time = int(match["sec"]) * 1000 + int(match["msec"])
        self.serial = int(match["serial"])
        body = (match["body"] or b"").split(b"\x1d")[0]
        outer, _, inner = body.partition(b" msg='")
        self.outer, self.inner = fields(outer), fields(inner.rstrip(b"'"))
        if self.kind == b"LOGIN":
            self.inner = self.outer
        self.exe = self.inner.get("exe", "").rsplit("/", 1)[-1]
        self.ok = self.inner.get("res") in ("success", "1")


class Session:
    def __init__(self, node, ses, auid, time):
        self.node, self.ses, self.auid = node, ses, auid
        self.start, self.end, self.opener = time, None, None
        self.user = self.addr = self.service = self.kind = None
        self.failed_before = None
        self.sudo, self.accounts, self.execs, self.root = [], [], 0, False
        self.is_open = True     # but between LOGIN and USER_START

    def row(self):
        return {"ses": self.ses, "node": self.node, "auid": self.auid,
                "user": self.user, "service": self.service,
                "addr": self.addr, "kind": self.kind or "other",
                "start": self.start, "end": self.end,
                "failed_before": self.failed_before or 0,
                "processes": self.execs, "root": self.root,
                "sudo": self.sudo, "accounts": self.accounts}


def failed_attempts(messages):
    """Address -> times; a pid's attempts are its USER_AUTHs, at least one."""
    pids = {}
    for m in messages:
        if m.kind in (b"USER_AUTH", b"USER_LOGIN", b"USER_ERR") and \
                not m.ok and m.exe not in ELEVATORS and \
                "addr" in m.inner:
            pids.setdefault((m.outer["pid"], m.inner["addr"]), []).append(m)
    times = {}
    for (_, addr), list_ in pids.items():
        auths = [m.time for m in list_ if m.kind == b"USER_AUTH"]
        times.setdefault(addr, []).extend(auths or [list_[0].time])
    return times


def read_node(node, messages, execs):
    sessions, by_ses = [], {}
    failed = failed_attempts(messages)
    before = {}
    events = sorted([(m.time, 0, m) for m in messages] +
                    [(e.time, 1, e) for e in execs],
                    key=lambda e: (e[2].time, e[2].serial))

    def session_of(outer, time):
        ses = outer.get("ses", UNSET)
        if ses == UNSET or outer.get("auid", UNSET) == UNSET:
            return None
        if ses not in by_ses:
            by_ses[ses] = Session(node, int(ses), int(outer["auid"]), time)
            sessions.append(by_ses[ses])
        return by_ses[ses]

    for time, is_exec, event in events:
        if is_exec:
            session = session_of(event.outer, time)
            if session:
                session.execs += 1
                session.root |= session.is_open and event.is_root
            continue
        m = event
        if m.kind == b"LOGIN":
            by_ses.pop(m.outer["ses"], None)
        session = session_of(m.outer, time)
        if session is None:
            if m.kind in (b"USER_ACCT", b"CRED_ACQ") and m.ok:
                before.setdefault(m.outer["pid"], m)
            continue
        if m.kind == b"LOGIN":
            session.opener = m.outer["pid"]
            session.root = session.is_open = session.auid == 0
        elif m.kind == b"USER_START" and m.exe not in ELEVATORS and \
                not session.service:
            session.is_open, session.opener = True, m.outer["pid"]
            session.user = m.inner.get("acct")
            session.addr = m.inner.get("addr")
            session.service = NAMES.get(m.exe, m.exe)
            session.kind = KINDS.get(m.exe, "other")
            session.failed_before = sum(
                session.start - 3600000 <= t <= time
                for t in failed.get(session.addr, ()))
        elif m.kind == b"USER_END" and m.outer["pid"] == session.opener:
            session.end = time
        elif m.kind == b"USER_CMD":
            session.sudo.append(
                (time, m.inner["cmd"], "success" if m.ok else "failed"))
        elif m.kind in ACCOUNTS:
            key = (ACCOUNTS[m.kind], m.outer["pid"])
            if key not in session.accounts:
                session.accounts.append(key)
    for m in messages:
        unit = m.inner.get("unit", "")
        if m.kind == b"SERVICE_STOP" and unit.startswith("user@"):
            for s in sessions:
                if s.kind == "service" and s.auid == int(unit[5:]) and \
                        s.end is None and s.start <= m.time:
                    s.end = m.time
    return sessions


class Exec:
    def __init__(self, event):
        call = event.syscall
        self.time, self.serial = map(
            int, event.id.replace(".", "").split(":"))
        self.outer = {name: call.get(name.encode()).decode()
                      for name in ("ses", "auid")} if call else {}
        mode = [r.get(b"mode") for r in event.records
                if r.kind == b"PATH" and r.get(b"item") == b"0"]
        suid = bool(mode and mode[0] and int(mode[0], 8) & 0o4000)
        ids = [call.get(n) for n in (b"uid", b"euid")] if call else []
        self.is_root = bool(call) and call.get(b"success") == b"yes" and (
            ids[0] == b"0" or (ids[1] == b"0" and not suid))


def read_sessions(data):
    """The rows of `auhunt sessions --json`, times in ms."""
    nodes = {}
    for line in data.split(b"\n"):
        match = auditref.RECORD.match(line)
        if match and match["type"] in ACCOUNTS or match and match["type"] in (
                b"LOGIN", b"USER_AUTH", b"USER_ACCT", b"CRED_ACQ",
                b"USER_START", b"USER_END", b"USER_LOGIN", b"USER_ERR",
                b"USER_CMD", b"SERVICE_STOP"):
            node = (match["node"] or b"").decode()
            nodes.setdefault(node, ([], []))[0].append(Message(match))
    for event in auditref.read_events(data):
        nodes.setdefault(event.node, ([], []))[1].append(Exec(event))
    rows = []
    for node, (messages, execs) in nodes.items():
        rows += [s.row() for s in read_node(node, messages, execs)]
    return sorted(rows, key=lambda row: row["start"])


def milliseconds(value):
    return None if value is None else round(value * 1000)


def flat(row):
    """A row of auhunt's as it is here."""
    return dict(row, start=milliseconds(row["start"]),
                end=milliseconds(row.get("end")),
                sudo=[(milliseconds(c["time"]), c["cmd"], c["result"])
                      for c in row["sudo"]],
                accounts=[a["action"] for a in row["accounts"]])


def compare(rows, data):
    """Every way in which `auhunt sessions --json` differs."""
    want = read_sessions(data)
    if [row["start"] for row in rows] != sorted(r["start"] for r in rows):
        yield "not by start"
    got = {(row["node"], row["ses"]): flat(row) for row in rows}
    if len(got) != len(rows) or len(rows) != len(want):
        yield "%d sessions, should be %d" % (len(rows), len(want))
    for row in want:
        where = "%s session %d" % (row["node"], row["ses"])
        mine = got.get((row["node"], row["ses"]))
        if mine is None:
            yield where + " is not there"
            continue
        row["accounts"] = [action for action, _ in row["accounts"]]
        for key, value in row.items():
            if mine.get(key) != value:
                yield "%s: %s is %s, should be %s" % (
                    where, key, mine.get(key), value)
        is_whole = row["end"] is not None and row["service"] is not None
        if mine["complete"] != is_whole:
            yield "%s: complete is %s" % (where, mine["complete"])
