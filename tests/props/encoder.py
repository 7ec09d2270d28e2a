# SPDX-License-Identifier: GPL-3.0-or-later
"""Any byte in any field leaves as one line that reads back exactly.

One run of the program takes thousands of events, each with one hostile
value in one field; the value is known by the event's serial.
"""

import base64
import itertools
import json
import random
import re
import subprocess

import auditgen
import outputs
from outputs import BadLine
from suite import AUHUNT, environment, hunt, run

FORMATS = ("json", "cee", "hunt", "auoms")
SECOND = 1700000000
BARE = bytes(range(0x21, 0x7F))


def single_values():
    """Every byte at the start, in the middle and at the end."""
    for number in range(1, 256):
        byte = bytes([number])
        yield byte + b"ty"
        yield b"t" + byte + b"y"
        yield b"ty" + byte
        yield b"t" + byte * 3


def pair_values(size=100):
    """Every pair of bytes, many to a value."""
    pairs = [bytes([a, b]) + b" " for a in range(1, 256)
             for b in range(1, 256)]
    for at in range(0, len(pairs), size):
        yield b"t" + b"".join(pairs[at:at + size])


def printable_pairs(size=280):
    """Every pair the kernel leaves in quotes."""
    bare = bytes(byte for byte in BARE if byte != 0x22)
    text = b"".join(bytes(pair) for pair in itertools.product(bare, bare))
    for at in range(0, len(text), size):
        yield b"t" + text[at:at + size]


def unicode_values():
    points = list(range(0x80, 0x800)) + list(range(0x800, 0x110000, 499)) + [
        0x85, 0x2028, 0x2029, 0x202E, 0xFEFF, 0xFFFD, 0xFFFE, 0xFFFF, 0xD7FF,
        0xE000, 0x10000, 0x1F600, 0x10FFFF]
    points = [point for point in points if not 0xD800 <= point < 0xE000]
    for at in range(0, len(points), 50):
        yield "".join(map(chr, points[at:at + 50])).encode()
    yield from (b"t\xed\xa0\x80y", b"t\xed\xbf\xbfy", b"t\xc0\xafy",
                b"t\xe0\x80\xafy", b"t\xf0\x80\x80\xafy", b"t\xf5\x80\x80\x80",
                b"t\xf4\x90\x80\x80y", b"\xe2\x82", b"t\xe2\x82y", b"\x80",
                b"\xef\xbf\xbd", b"t\xef\xbf\xbd\xff")


def literal_values():
    """What looks like an output, an escape or a parser's constant."""
    yield from (
        b'","evt":"exec","score":0,"x":"', b"\\", b"\\\\", b'\\"', b"\\x41",
        b"\\u0041", b"\\n", b"%n%s%d", b"<0>", b"<13>Jan  1 00:00:00 h s[1]:",
        b"@cee: {}", b'x" containerid=zzz', b"redactors=1", b'a" exe="b',
        b'" name="', b"cmdline=", b'cmdline="x" containerid=', b'cwd="/"',
        b"syscall=execve syscall_r=59 success=yes exit=0 a0=1",
        b'" subj=? key=x', b"type=HUNT_EXEC audit(1.001:1): score=0",
        b"type=AUOMS_EXECVE audit(1.001:1): arch=x", b" ", b"  ", b" x",
        b"x ", b"'", b"''", b"'\\''", b"$'x'", b"$(id)", b"`id`", b"!x",
        b"it's!", b"~", b"~root", b"#x", b"{a,b}", b"*", b"-", b"--", b"=",
        b"a=b", b"[[", b"if", b"{", b"}", b"!", b"\r", b"\x1b[2J", b"\x7f",
        b"\xc2\x9b2J", b"-n", b"null", b"(nil)", b"0", b"-1", b"true")


def values(field):
    for value in itertools.chain(single_values(), pair_values(),
                                 printable_pairs(), unicode_values(),
                                 literal_values()):
        if field == "tty":
            # the kernel writes it bare: there is no way to say these
            value = value.translate(None, b" \0\n\x1d")
            if not value or value.startswith((b'"', b"(")):
                continue
        if field == "decoded":
            value = value + b" and the rest of it"
        if field == "key":
            # 0x01 stands between keys, and no key is empty
            value = re.sub(b"\1+", b"\1", value).strip(b"\1")
        yield value


def event(field, value, serial, fmt=None):
    """The lines of an event with value in that field."""
    parts = {"argv": [b"true", b"x"], "comm": b"true"}
    failed = {"argv": None, "success": False, "exit_code": -2}
    if field == "argv":
        parts["argv"] = [b"true", value, b"end"]
    elif field == "argv0":
        parts["argv"] = [value, b"end"]
    elif field == "name":
        parts["names"] = (value, b"/lib64/ld-linux-x86-64.so.2")
        if fmt in ("json", "cee", "hunt"):
            parts.update(failed)    # they show it where there is no argv
    elif field == "proctitle":
        parts.update(failed, title=value)
    elif field == "decoded":
        parts["argv"] = [b"sh", b"-c", b"echo %s | base64 -d | sh" %
                         base64.b64encode(value)]
    else:
        parts[field] = value
    argv = parts.pop("argv")
    return auditgen.exec_event(serial, argv, sec=SECOND + serial,
                               **parts), argv


class Batch:
    """The events of one field: bytes of the stream, truth by id."""

    def __init__(self, field, fmt=None):
        self.field, self.truth, lines = field, {}, []
        for serial, value in enumerate(values(field), 1):
            more, argv = event(field, value, serial, fmt)
            lines += more
            self.truth["%d.000:%d" % (SECOND + serial, serial)] = (value,
                                                                   argv)
        self.stream = auditgen.join(lines)


def identified(rows, batch):
    """Exactly one exec row an event."""
    seen = {}
    for ident, row in rows:
        if ident not in batch.truth:
            raise BadLine("no event has id %s" % ident)
        if ident in seen:
            raise BadLine("two lines for %s" % ident)
        seen[ident] = row
    missing = batch.truth.keys() - seen.keys()
    if missing:
        raise BadLine("%d events have no line, as %r" % (
            len(missing), batch.truth[sorted(missing)[0]][0]))
    return seen


def json_rows(output, fmt):
    reader = outputs.read_cee if fmt == "cee" else outputs.read_json
    for line in outputs.lines_of(output, fmt):
        row = reader(line)
        outputs.check_order(row)
        if row["evt"] == "exec":
            yield row["id"], row


def hunt_rows(output, fmt):
    for line in outputs.lines_of(output, fmt):
        row = outputs.read_hunt(line)
        outputs.check_order(row)
        if row["evt"] == b"exec":
            yield row["id"].decode(), row


# field of the record: key of formats json, cee and hunt
KEYS = {"cwd": "cwd", "comm": "comm", "exe": "exe", "tty": "tty",
        "key": "key", "name": "path", "proctitle": "proctitle",
        "decoded": "decoded"}


def check_row(batch, row, value, argv):
    """What is wrong with how a json or hunt row gives value back."""
    if "cut" in row:
        yield "cut: %s" % row["cut"]
        return
    if argv is not None:
        cmd = outputs.field(row, "cmd")
        words = outputs.shell_split(cmd)
        if words != argv:
            yield "cmd %r reads as %r, was %r" % (cmd, words, argv)
    if batch.field in ("argv", "argv0"):
        return
    if batch.field == "key":
        value = value.replace(b"\1", b",")
    got = outputs.field(row, KEYS[batch.field])
    # A command that is broken up comes again, plainly, behind itself.
    if batch.field == "decoded" and got.startswith(value + b"\n") and \
            outputs.field(row, "chain").endswith(b"quotes"):
        return
    if got != value:
        yield "%s %r gave %r" % (batch.field, value, got)


def round_trip(field, fmt):
    batch = Batch(field, fmt)
    output = hunt(batch.stream, fmt=fmt)
    if fmt == "auoms":
        yield from auoms_round_trip(batch, output)
        return
    rows = (hunt_rows if fmt == "hunt" else json_rows)(output, fmt)
    seen = identified(rows, batch)
    for ident, (value, argv) in batch.truth.items():
        try:
            yield from check_row(batch, seen[ident], value, argv)
        except BadLine as error:
            yield "%r: %s" % (value, error)


def reads_as(column, value):
    r"""AUOMS leaves a backslash alone: \x41 may be 4 bytes or an A."""
    return outputs.unescape(column) in (value, outputs.unescape(value))


def auoms_round_trip(batch, output):
    rows = []
    for line in outputs.lines_of(output, "auoms"):
        match = outputs.AUOMS_HEAD.match(line)
        if match:
            rows.append((match[2].decode(), line))
        elif not line.startswith(b"type=HUNT_"):
            yield "no head: %r" % line[:120]
    seen = identified(rows, batch)
    for ident, (value, argv) in batch.truth.items():
        yield from auoms_problems(batch, seen[ident], value, argv)


def auoms_problems(batch, line, value, argv):
    family = "F4" if argv is None else "F1"
    row = outputs.read_auoms(line, family)
    if row is None:
        yield "%s %r: %s does not parse %r" % (batch.field, value, family,
                                              line[-200:])
        return
    if argv is not None and not reads_as(row["cmdline"],
                                         outputs.auoms_cmdline(argv)):
        yield "cmdline %r of %r" % (row["cmdline"], argv)
    if batch.field in ("comm", "exe", "cwd", "name", "tty") and \
            not reads_as(row[batch.field], value.strip(b" ")):
        yield "%s %r gave %r" % (batch.field, value, row[batch.field])


def bash_reads():
    """A real shell reads cmd back to the same argv."""
    batch = Batch("argv")
    seen = identified(json_rows(hunt(batch.stream, fmt="json"), "json"),
                      batch)
    script = b"set -o nounset\n"
    for ident, row in seen.items():
        script += b"printf '%s\\0' " + outputs.field(row, "cmd") + b"\n"
    done = subprocess.run(
        ["bash", "--norc", "--noprofile"], input=script,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=120,
        env={**environment(), "LC_ALL": "C"}, cwd="/")
    words = done.stdout.split(b"\0")[:-1]
    want = [word for ident in seen for word in batch.truth[ident][1]]
    if words != want or done.stderr:
        at = next((n for n, pair in enumerate(zip(words, want))
                   if pair[0] != pair[1]), min(len(words), len(want)))
        yield "word %d: %r, should be %r; %r" % (
            at, words[at:at + 1], want[at:at + 1], done.stderr[:200])


def events_json(field):
    """auhunt events gives every value back."""
    batch = Batch(field)
    output = run([AUHUNT, "events", "--json", "-"], data=batch.stream)
    seen = identified(((row["id"], row) for row in
                       map(json.loads, output.splitlines())), batch)
    for ident, (value, argv) in batch.truth.items():
        row = seen[ident]
        if field in ("argv", "argv0"):
            exact = row.get("argv_b64") or [None] * len(argv)
            got = [text.encode() if b64 is None else base64.b64decode(b64)
                   for text, b64 in zip(row["argv"], exact)]
            if got != argv:
                yield "argv %r gave %r" % (argv, got)
            continue
        if field == "name":
            exact = row.get("paths_b64") or [None]
            got = base64.b64decode(exact[0]) if exact[0] is not None \
                else row["paths"][0].encode()
        else:
            got = outputs.field(row, field)
        if field == "key":
            value = value.replace(b"\1", b",")
        if got != value:
            yield "%s %r gave %r" % (field, value, got)


def long_values(fmt):
    """Over the line limit: cut, never dropped, never longer than it."""
    batch = Batch.__new__(Batch)
    batch.field, batch.truth, lines = "long", {}, []
    dice = random.Random(1)
    huge = [bytes([byte]) * size for byte in (0x41, 0x0A, 0xFF, 0x22, 0x5C)
            for size in (1000, 5900, 6000, 6100, 20000)]
    huge += [dice.randbytes(size).replace(b"\0", b"\1")
             for size in (3000, 7000, 30000)]
    fields = ("argv", "argv0", "cwd", "exe", "comm", "name", "key", "decoded")
    serial = 0
    for value in huge:
        for field in fields + ("all",):
            serial += 1
            parts = {name: value for name in ("cwd", "exe", "comm", "key")}
            more, argv = event(field, value, serial) if field != "all" else (
                auditgen.exec_event(serial, [value, value], names=(value,),
                                    sec=SECOND + serial, **parts), [value])
            if any(len(line) > 16384 for line in more):
                continue
            lines += more
            batch.truth["%d.000:%d" % (SECOND + serial, serial)] = (value,
                                                                   field)
    output = hunt(auditgen.join(lines), fmt=fmt)
    if fmt == "auoms":
        rows = [(outputs.AUOMS_HEAD.match(line)[2].decode(), line)
                for line in outputs.lines_of(output, fmt)
                if outputs.AUOMS_HEAD.match(line)]
        for ident, line in identified(rows, batch).items():
            for family in ("F1", "F2", "F3", "F4", "F5", "F6"):
                if outputs.read_auoms(line, family) is None:
                    yield "%s: %s does not parse %r...%r" % (
                        ident, family, line[:60], line[-60:])
        return
    seen = identified((hunt_rows if fmt == "hunt" else json_rows)(
        output, fmt), batch)
    for ident, row in seen.items():
        value, field = batch.truth[ident]
        if len(value) >= 6000 and field != "name" and "cut" not in row:
            yield "%s: %d bytes and no cut" % (ident, len(value))
        elif len(value) <= 1000 and value[:1] == b"A" and \
                field != "all" and "cut" in row:
            yield "%s: cut without need" % ident


MARKER = re.compile(rb"\[\.\.\.(\d+) bytes\.\.\.\]")


def cut_counts(fmt):
    """A cut says how many bytes are gone, and the rest is what was there."""
    argvs = [[b"printf", b"x" * n] for n in (7000, 70000)] + \
        [[b"printf"] + [b"%d" % n for n in range(count)]
         for count in (1500, 5000, 70000)] + \
        [[b"printf", b"y" * 3000, b"z" * 90000, b"w" * 3000],
         [b"printf", b"a b" * 40000], [b"printf"] + [b"it is " * 900] * 30]
    lines = []
    for serial, argv in enumerate(argvs, 1):
        lines += auditgen.exec_event(serial, argv, sec=SECOND + serial)
    output = hunt(auditgen.join(lines), fmt=fmt)
    rows = dict((hunt_rows if fmt == "hunt" else json_rows)(output, fmt))
    for serial, argv in enumerate(argvs, 1):
        row = rows["%d.000:%d" % (SECOND + serial, serial)]
        full = b" ".join(b"'%s'" % arg if b" " in arg else arg
                         for arg in argv)
        cmd = outputs.field(row, "cmd")
        match = MARKER.search(cmd)
        if not match:
            yield "%d: no marker in %r" % (serial, cmd[:80])
            continue
        head, tail = cmd[:match.start()], cmd[match.end():]
        gone = len(full) - len(head) - len(tail)
        if not full.startswith(head) or not full.endswith(tail):
            yield "%d: what is left was not there" % serial
        elif int(match[1]) != gone:
            yield "%d: %d bytes are gone, not %s" % (serial, gone,
                                                     match[1].decode())
        cut = row["cut"] if isinstance(row["cut"], bytes) \
            else row["cut"].encode()
        if cut != b"cmd:%d" % gone:
            yield "%d: cut is %r, should be cmd:%d" % (serial, cut, gone)
        if abs(len(head) - len(tail)) > len(head) / 10 or \
                len(head) + len(tail) < 4000:
            yield "%d: %d bytes of the head, %d of the tail" % (
                serial, len(head), len(tail))


FIELDS = ("argv", "argv0", "cwd", "comm", "exe", "tty", "key", "name",
          "proctitle", "decoded")


def cases():
    for field in FIELDS:
        for fmt in FORMATS:
            yield ("%s/%s" % (field, fmt),
                   lambda field=field, fmt=fmt: round_trip(field, fmt))
        if field != "decoded":
            yield ("%s/events" % field,
                   lambda field=field: events_json(field))
    yield "bash", bash_reads
    for fmt in FORMATS:
        yield "long/" + fmt, lambda fmt=fmt: long_values(fmt)
    for fmt in FORMATS[:3]:
        yield "cut/" + fmt, lambda fmt=fmt: cut_counts(fmt)
