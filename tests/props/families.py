# SPDX-License-Identifier: GPL-3.0-or-later
"""Published Sentinel parsers find the truth in AUOMS lines."""

import os
import re

import auditgen
import auditref
import outputs
from suite import DATA, hunt

NUMBERS = ("ppid", "pid", "auid", "uid", "gid", "euid", "suid", "fsuid",
           "egid", "sgid", "fsgid")
NAMES = re.compile(rb'([A-Z]+)="([^"]*)"')

# Compared with what the records have, secrets and all.
RAW = ("-o", "redact=no", "-o", "hunt_dir=/nonexistent")


def truth(event):
    """Column -> value, from the records alone."""
    syscall = event.syscall
    out = {"syscall": event.name.encode(),
           "success": syscall.get(b"success"), "exit": syscall.get(b"exit")}
    for name in NUMBERS:
        out[name] = syscall.get(name.encode())
    tty = syscall.get(b"tty")
    out["tty"] = tty
    for name in ("comm", "exe", "cwd"):
        out[name] = event.fields.get(name)
    out["name"] = (event.fields.get("paths") or [None])[0]
    if "argv" in event.fields:
        out["cmdline"] = outputs.auoms_cmdline(event.fields["argv"])
    return out


def same(column, want):
    got = outputs.unescape(column).strip(b" ")
    want = want.strip(b" ")
    return got in (want, outputs.unescape(want))


def check_columns(row, family, want):
    for name, column in row.items():
        if name == "type" and column != "AUOMS_EXECVE":
            yield "type %s" % column
        if name not in want or want[name] is None:
            continue
        expected = want[name]
        if name == "cmdline":
            if family == "F6":
                expected = b'"' + expected + b'"'
            elif family in outputs.TRIMMED:
                expected = b'"' + expected + b'" containerid='
                column = column if column.endswith("=") else \
                    column + (" " if not column.endswith(" ") else "") + \
                    "containerid="
        if not same(column, expected):
            yield "%s of %s is %r, should be %r" % (
                name, family, column[:200], expected[:200])
    if row.get("containerid"):
        yield "containerid of %s is %r" % (family, row["containerid"])


# Family F8, of USER_ERR, reads every message; none of the others may take one
# for an exec.
MESSAGE = re.compile(rb"type=(?:USER|CRED|ADD|DEL|GRP|SERVICE)_[A-Z]+ "
                     rb"audit\(\d+\.\d{3}:\d+\): ")
F8 = re.compile(rb".* pid=(\d+) user=([^ ]+) uid=(\d+) audit_user=([^ ]+) "
                rb"auid=(\d+) ses=(\d+|\"-1\")")


def check_message(line):
    if not F8.match(line):
        yield "no columns: %r" % line[:160]
    for family in outputs.FAMILIES:
        if outputs.read_auoms(line, family) is not None:
            yield "%s takes %r for an exec" % (family, line[:160])


# Family F7 reads other system calls: here those with a socket's address.
F7 = re.compile(
    rb"type=AUOMS_SYSCALL audit\(.*?syscall=(?P<name>.*?) "
    rb"syscall_r=(?P<syscall>.*?) success=(?P<success>.*?) "
    rb"exit=(?P<exit>.*?) a0=(?P<a0>.*?) a1=(?P<a1>.*?) a2=(?P<a2>.*?) "
    rb"a3=(?P<a3>.*?) ppid=(?P<ppid>.*?) pid=(?P<pid>.*?) audit_user=.*? "
    rb"auid=(?P<auid>.*?) user=.*? uid=(?P<uid>.*?) group=.*? tty="
    rb"(?P<tty>.*?) ses=.*? comm=\"(?P<comm>.*?)\" exe=\"(?P<exe>.*?)\".*? "
    rb"saddr=\{ fam=.*? \} saddr_r=(?P<saddr>[0-9A-F]+) .*? ?containerid=")


def check_call(line, calls):
    match = F7.match(line)
    if match is None:
        yield "no columns: %r" % line[:160]
        return
    call, saddr = calls.pop(outputs.AUOMS_HEAD.match(line)[2].decode(),
                            (None, None))
    if call is None:
        yield "no such call, or twice: %r" % line[:160]
        return
    for name, got in match.groupdict().items():
        want = saddr if name == "saddr" else call.get(name.encode())
        if name in ("comm", "exe"):
            want = auditref.text(want)
        if name != "name" and got != want:
            yield "%s is %r, should be %r" % (name, got, want)
    for family in outputs.FAMILIES:
        if outputs.read_auoms(line, family) is not None:
            yield "%s takes %r for an exec" % (family, line[:160])


def calls_of(data):
    """Of IP and vsock sockets on x86_64: SYSCALL's record, and saddr=."""
    bags = {}
    for line in data.split(b"\n"):
        parsed = auditref.parse_line(line)
        if parsed is not None:
            bags.setdefault(parsed[1], []).append(parsed[2])
    found = {}
    for ident, records in bags.items():
        kinds = {record.kind: record for record in records}
        call, saddr = kinds.get(b"SYSCALL"), kinds.get(b"SOCKADDR")
        if call and saddr and call.get(b"syscall") in CALLS and \
                saddr.get(b"saddr")[:4] in (b"0200", b"0A00", b"2800"):
            found[ident] = call, saddr.get(b"saddr")
    return found


CALLS = (b"42", b"43", b"44", b"46", b"49", b"288")


# What was typed has no form of AUOMS's; the key stands before any text that
# somebody chose.
TYPED = re.compile(rb"type=HUNT_SESSION audit\([\d.:]+\): v=1 evt=session "
                   rb"(?:[a-z]+=[\w.:,-]+ )*decoded=\"")


def check_stream(data):
    events = {event.id: event for event in auditref.read_events(data)}
    calls = calls_of(data)
    seen = set()
    for line in outputs.lines_of(hunt(data, fmt="auoms", options=RAW), "auoms"):
        match = outputs.AUOMS_HEAD.match(line)
        if not match:
            if MESSAGE.match(line):
                yield from check_message(line)
                continue
            if not line.startswith(b"type=HUNT_STATUS ") and \
                    not TYPED.match(line):
                yield "no AUOMS line: %r" % line[:120]
            continue
        if match[1] == b"SYSCALL":
            yield from check_call(line, calls)
            continue
        ident = match[2].decode()
        if ident not in events or ident in seen:
            yield "%s: no such event, or twice" % ident
            continue
        seen.add(ident)
        event = events[ident]
        want = truth(event)
        # a failed exec has proctitle instead of cmdline: F4 and F5 only
        families = outputs.FAMILIES if "argv" in event.fields else ("F4",
                                                                    "F5")
        if want["name"] is None or want["cwd"] is None:
            families = ("F6",) if "argv" in event.fields else ()
        is_cut = len(line) > 7000
        for family in families:
            row = outputs.read_auoms(line, family)
            if row is None:
                yield "%s: %s does not parse %r" % (ident, family,
                                                    line[-160:])
                continue
            if is_cut or "argv" not in event.fields:
                row.pop("cmdline")
            for problem in check_columns(row, family, want):
                yield "%s: %s" % (ident, problem)
    if len(seen) != len(events):
        yield "%d events have no line" % (len(events) - len(seen))
    if calls:
        yield "%d calls have no line" % len(calls)


def capture(name):
    with open(os.path.join(DATA, name), "rb") as stream:
        return check_stream(stream.read())


def user_names():
    """ENRICHED logs: names as auditd resolved them; never a look-up."""
    with open(os.path.join(DATA, "story_nspawn_enriched.log"), "rb") as file:
        data = file.read()
    names = {}
    for line in data.split(b"\n"):
        match = auditref.RECORD.match(line)
        if match and match["type"] == b"SYSCALL" and b"\x1d" in line:
            ident = b"%s.%s:%s" % (match["sec"], match["msec"],
                                   match["serial"])
            names[ident] = dict(NAMES.findall(line.split(b"\x1d")[1]))
    for line in outputs.lines_of(hunt(data, fmt="auoms", options=RAW), "auoms"):
        row = outputs.read_auoms(line, "F1")
        if row is None or MESSAGE.match(line):
            continue
        ident = outputs.AUOMS_HEAD.match(line)[2]
        for column, field in outputs.IDS:
            want = names[ident][field.upper().encode()].decode()
            if row[column] != want:
                yield "%s: %s is %r, should be %r" % (
                    ident.decode(), column, row[column], want)


HOSTILE = (
    b'x" containerid=zzz', b"redactors=1", b"sh -c 'redactors=1; id|sh'",
    b'a" exe="b', b'" name="', b'" name="/x" inode=1', b"cmdline=",
    b'cmdline="', b'" containerid=', b"containerid=", b'" subj=x cwd="/',
    b'cwd="/x" name="/y"', b'name="', b'exe="', b'comm="x" exe="y"',
    b"syscall=", b"success=", b" exit=", b" a0", b" ppid=1 pid=2 ",
    b" audit_user=root auid=0 user=root uid=0 group=root gid=0",
    b"effective_user=root euid=0", b" tty=x ses=1 comm=", b'"', b'""', b"\\",
    b'\\"', b"proctitle=", b"(proctitle|cmdline)=", b"inode=", b'" inode=',
    b'" nametype=', b"type=AUOMS_EXECVE audit(1.001:1): ", b"\\x3D", b"=",
    b"redactors\\x3Dx", b"REDACTORS=1", b'" redactors= containerid=',
    b"containerid", b"containerid=containerid=", b"redactors=redactors=",
    b"redactredactors=ors=", b'x" containerid="y" containerid=z',
    b"\ncontainerid=\n", b"a b" * 20, "grün 雪".encode(), b"\xff\xfe",
    b" leading", b"trailing ", b"!'", b"!", b"'")


def hostile(field):
    lines = []
    for serial, value in enumerate(HOSTILE, 1):
        parts = {"argv": [b"sh", b"-c", b"true"]}
        if field == "argv":
            parts["argv"] = [b"sh", value, value]
        elif field == "argv0":
            parts["argv"] = [value]
        elif field == "name":
            parts["names"] = (value, value)
        elif field == "all":
            parts.update(argv=[value, value], cwd=value, exe=value,
                         comm=value, names=(value, value), key=value)
        else:
            parts[field] = value
        lines += auditgen.exec_event(serial, parts.pop("argv"), **parts)
    return check_stream(auditgen.join(lines))


def cases():
    for name in sorted(os.listdir(DATA)):
        if name.endswith(".log"):
            yield name[:-4], lambda name=name: capture(name)
    yield "user-names", user_names
    for field in ("argv", "argv0", "cwd", "exe", "comm", "name", "key",
                  "all"):
        yield "hostile/" + field, lambda field=field: hostile(field)
