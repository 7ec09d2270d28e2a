#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A second, independent reader of Linux audit logs: the tests' yardstick.

It is written to be obviously right rather than fast: the whole file is
read, every line is split with one regular expression, records are put in a
bag per (node, SEC.MSEC, SERIAL), and each bag that holds an exec is turned
into the object `auhunt events --json` promises.  No libauparse, no code of
audisp-hunt, nothing but the standard library.

As a program: auditref.py FILE... prints those objects as JSON Lines.
"""

import base64
import gzip
import json
import lzma
import re
import sys

EXEC, EXECAT = "execve", "execveat"

# audit's arch= value: the machine's two exec system call numbers
EXEC_NUMBERS = {
    0xC000003E: {59: EXEC, 322: EXECAT,                     # x86_64
                 0x40000000 | 520: EXEC,                    # x32
                 0x40000000 | 545: EXECAT},
    0x40000003: {11: EXEC, 358: EXECAT},                    # i386
    0xC00000B7: {221: EXEC, 281: EXECAT},                   # aarch64
    0x40000028: {11: EXEC, 387: EXECAT},                    # arm
    0x00000028: {11: EXEC, 387: EXECAT},                    # arm, big endian
    0xC0000015: {11: EXEC, 362: EXECAT},                    # ppc64le
    0x80000015: {11: EXEC, 362: EXECAT},                    # ppc64
    0x00000014: {11: EXEC, 362: EXECAT},                    # ppc
    0x80000016: {11: EXEC, 354: EXECAT},                    # s390x
    0x00000016: {11: EXEC, 354: EXECAT},                    # s390
    0xC00000F3: {221: EXEC, 281: EXECAT},                   # riscv64
    0xC0000102: {221: EXEC, 281: EXECAT},                   # loongarch64
}

UNSET = 0xFFFFFFFF
NULL = object()         # an id that is there and unset
IDS = ("ppid", "pid", "auid", "uid", "gid", "euid", "ses")

KEYS = ["id", "node", "time", "kind", "syscall", "success", "exit", "ppid",
        "pid", "auid", "uid", "gid", "euid", "ses", "tty", "comm", "exe",
        "cwd", "argv", "proctitle", "paths", "key", "complete"]

RECORD = re.compile(
    rb"\A(?:node=(?P<node>[^ ]+) )?type=(?P<type>[^ ]+) "
    rb"msg=audit\((?P<sec>\d+)\.(?P<msec>\d+):(?P<serial>\d+)\):"
    rb"(?: (?P<body>.*))?\Z", re.DOTALL)
ARGUMENT = re.compile(rb"a(\d+)(?:\[(\d+)\])?\Z")
LENGTH = re.compile(rb"a(\d+)_len\Z")
HEX = re.compile(rb"(?:[0-9A-F]{2})+\Z")
LINE_MAX = 16 * 1024
ARGS_MAX = 1 << 20


class Record:
    """One line: its type and its name=value fields, in order."""

    def __init__(self, kind, body):
        self.kind = kind
        # what follows 0x1d is auditd's own reading of the same fields
        body = body.split(b"\x1d")[0]
        self.pairs = [tuple(token.split(b"=", 1))
                      for token in body.split(b" ") if b"=" in token]

    def get(self, name):
        for key, value in self.pairs:
            if key == name:
                return value
        return None


def plain(value):
    """A field the kernel writes as it is, or None for (null), (none)."""
    return None if value in (None, b"(null)", b"(none)") else value


def text(value):
    """A field the kernel writes in quotes, or as hex where it must."""
    value = plain(value)
    if value is None:
        return None
    if value.startswith(b'"'):
        return value[1:].split(b'"')[0]
    if HEX.match(value):
        return bytes.fromhex(value.decode("ascii"))
    return value


def integer(value, base=10):
    """A number, or None for what no kernel writes."""
    try:
        return int(value, base) if value and value.isalnum() or \
            value and value[:1] == b"-" and value[1:].isdigit() else None
    except ValueError:
        return None


def encoded_len(value):
    """The length aN_len= counts: hex digits, or what is in the quotes."""
    return len(value) - 2 if value.startswith(b'"') else len(value)


def is_whole(value):
    """Is the value complete in itself (not cut in its quotes or hex)?"""
    if value.startswith(b'"'):
        return len(value) >= 2 and value.endswith(b'"')
    return HEX.match(value) is not None


def read_argv(records):
    """argv (None where an argument was lost); is nothing missing?"""
    pieces, lengths, argc, argmax = {}, {}, None, -1
    for record in records:
        for name, value in record.pairs:
            match = ARGUMENT.match(name)
            if match:
                number = int(match[1])
                index = -1 if match[2] is None else int(match[2])
                pieces.setdefault(number, {}).setdefault(index, value)
                argmax = max(argmax, number)
                continue
            match = LENGTH.match(name)
            if match:
                lengths.setdefault(int(match[1]), integer(value))
                argmax = max(argmax, int(match[1]))
            elif name == b"argc" and argc is None:
                argc = integer(value)
    # a damaged record may name any argument
    count = min(max(argmax + 1, argc or 0), ARGS_MAX)
    found = [one_argument(pieces.get(number, {}), lengths.get(number))
             for number in range(count)]
    return ([value for value, _ in found],
            argc == count and all(whole for _, whole in found))


def one_argument(parts, length):
    """Joins a3= or a3[0]= a3[1]= ...: (bytes, is nothing missing?).

    What is left of an argument counts; None where nothing is.
    """
    if -1 in parts:
        return text(parts[-1]), is_whole(parts[-1])
    if not parts:
        return None, False
    values = [parts[index] for index in sorted(parts)]
    whole = (sorted(parts) == list(range(len(parts))) and
             all(is_whole(value) for value in values) and
             sum(encoded_len(value) for value in values) == length)
    return b"".join(text(value) or b"" for value in values), whole


class Event:
    """All records of one (node, time, serial), read as a process event.

    Text fields are bytes or None; .fields holds them by JSON name.
    """

    def __init__(self, node, ident, records):
        self.node, self.id = node, ident
        self.records = records
        self.syscall = self.first(b"SYSCALL")
        self.execve = [r for r in records if r.kind == b"EXECVE"]
        self.name = None
        if self.syscall is not None:
            arch = integer(self.syscall.get(b"arch"), 16)
            number = integer(self.syscall.get(b"syscall"))
            self.name = EXEC_NUMBERS.get(arch, {}).get(number)
        # EXECVE records come of nothing else, whatever machine this is
        known = self.syscall is not None and \
            integer(self.syscall.get(b"arch"), 16) in EXEC_NUMBERS and \
            integer(self.syscall.get(b"syscall")) is not None
        self.is_exec = self.name is not None if known else bool(self.execve)

    def first(self, kind):
        for record in self.records:
            if record.kind == kind:
                return record
        return None

    def read(self):
        """Fills .fields (JSON name -> value, text as bytes)."""
        out = {"id": self.id, "node": self.node,
               "time": float(self.id.split(":")[0]), "kind": "exec"}
        complete = self.syscall is not None
        success = None
        items = None
        if self.syscall is not None:
            out["syscall"] = self.name
            success = self.syscall.get(b"success")
            if success is not None:
                out["success"] = success == b"yes"
            out["exit"] = integer(self.syscall.get(b"exit"))
            for name in IDS:
                number = integer(self.syscall.get(name.encode()))
                out[name] = NULL if number == UNSET else number
            out["tty"] = plain(self.syscall.get(b"tty"))
            out["comm"] = text(self.syscall.get(b"comm"))
            out["exe"] = text(self.syscall.get(b"exe"))
            key = text(self.syscall.get(b"key"))
            out["key"] = None if key is None else key.replace(b"\1", b",")
            items = integer(self.syscall.get(b"items"))
        cwd = self.first(b"CWD")
        if cwd is not None:
            out["cwd"] = text(cwd.get(b"cwd"))
        if self.execve:
            out["argv"], whole = read_argv(self.execve)
            complete = complete and whole
        elif success != b"no":
            complete = False
        title = self.first(b"PROCTITLE")
        if title is not None:
            value = text(title.get(b"proctitle"))
            out["proctitle"] = None if value is None \
                else value.replace(b"\0", b" ")
        paths = {}
        for record in self.records:
            item = integer(record.get(b"item"))
            if record.kind == b"PATH" and item is not None:
                paths.setdefault(item, text(record.get(b"name")))
        if paths:
            out["paths"] = [paths[item] for item in sorted(paths)]
        # a call that named no file (a bad pointer) has no CWD either
        if items is None or len(paths) < items or \
                (cwd is None and items > 0):
            complete = False
        if title is None and self.first(b"EOE") is None:
            complete = False
        out["complete"] = complete
        self.fields = {key: None if value is NULL else value
                       for key, value in out.items() if value is not None}
        return self


def parse_line(line):
    """(node, id, Record) or None for a line that is no audit record."""
    if len(line) > LINE_MAX or b"\0" in line:
        return None
    match = RECORD.match(line)
    if match is None:
        return None
    ident = b"%s.%s:%s" % (match["sec"], match["msec"], match["serial"])
    node = (match["node"] or b"").decode("utf-8", "replace")
    return node, ident.decode(), Record(match["type"], match["body"] or b"")


def read_events(data):
    """All exec events of a log (bytes), in order of their first record."""
    bags = {}
    for line in data.split(b"\n"):
        parsed = parse_line(line)
        if parsed is not None:
            node, ident, record = parsed
            bags.setdefault((node, ident), []).append(record)
    events = [Event(node, ident, records)
              for (node, ident), records in bags.items()]
    return [event.read() for event in events if event.is_exec]


def json_text(value):
    """(text, base64 or None): how JSON carries bytes."""
    try:
        return value.decode("utf-8"), None
    except UnicodeDecodeError:
        return (value.decode("utf-8", "replace"),
                base64.b64encode(value).decode("ascii"))


def to_json(event):
    """The object of `auhunt events --json`."""
    out = {}
    for key in KEYS:
        if key not in event.fields:
            continue
        value = event.fields[key]
        if isinstance(value, bytes):
            out[key], exact = json_text(value)
            if exact is not None:
                out[key + "_b64"] = exact
        elif isinstance(value, list):
            both = [(None, None) if item is None else json_text(item)
                    for item in value]
            out[key] = [item[0] for item in both]
            if any(item[1] is not None for item in both):
                out[key + "_b64"] = [item[1] for item in both]
        else:
            out[key] = value
    return out


def read_file(path):
    if path == "-":
        return sys.stdin.buffer.read()
    opener = {".gz": gzip.open, ".xz": lzma.open}.get(path[-3:], open)
    with opener(path, "rb") as stream:
        return stream.read()


def main():
    for path in sys.argv[1:] or ["-"]:
        for event in read_events(read_file(path)):
            print(json.dumps(to_json(event)))


if __name__ == "__main__":
    main()
