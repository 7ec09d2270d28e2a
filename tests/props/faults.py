# SPDX-License-Identifier: GPL-3.0-or-later
"""Damaged streams: no crash, one line an event, exact counts.

Every run is checked for the conservation law: its last line is STATUS, with
a residual of 0, and as many exec lines as it says it emitted.
"""

import itertools
import os
import random

import auditgen
import auditref
import outputs
from auditgen import exec_event, join
from outputs import BadLine
from suite import DATA, ROOT, SANITIZED, hunt

SECOND = 1700000000
OPEN_MAX = 64
MESSAGES = ("logon", "logoff", "session", "elevate", "account", "network")


class Replay:
    """One run over a stream: exec rows by (node, id), and STATUS."""

    def __init__(self, data, options=()):
        self.data = data
        self.rows = {}
        self.messages = 0
        lines = outputs.lines_of(hunt(data, fmt="json", options=options),
                                 "json")
        if not lines:
            raise BadLine("no output, not even STATUS")
        everything = [outputs.read_json(line) for line in lines]
        self.status = everything[-1]
        if self.status.get("evt") != "status":
            raise BadLine("the last line is %s" % everything[-1])
        for row in everything:
            outputs.check_order(row)
            if row["evt"] == "exec":
                ident = (row.get("node", ""), row["id"])
                if ident in self.rows:
                    raise BadLine("two lines for %s %s" % ident)
                self.rows[ident] = row
            elif row["evt"] in MESSAGES:
                self.messages += 1

    def counts(self, **want):
        """Counters that differ, and what must hold of every run."""
        want.setdefault("residual", 0)
        want.setdefault("events_emitted", len(self.rows) + self.messages)
        want.setdefault("records_open", 0)
        want.setdefault("lines", len(self.data.split(b"\n")) -
                        (not self.data or self.data.endswith(b"\n")))
        for name, number in want.items():
            if self.status.get(name) != number:
                yield "%s is %s, should be %s" % (
                    name, self.status.get(name), number)

    def same_events(self):
        """Same ids and argv as an independent reader finds."""
        events = {(event.node, event.id): event
                  for event in auditref.read_events(self.data)}
        for ident in events.keys() - self.rows.keys():
            yield "%s %s is not there" % ident
        for ident in self.rows.keys() - events.keys():
            yield "%s %s is no event" % ident
        for ident in events.keys() & self.rows.keys():
            argv = events[ident].fields.get("argv")
            cmd = outputs.field(self.rows[ident], "cmd")
            if argv is not None and None not in argv and \
                    outputs.shell_split(cmd or b"") != argv:
                yield "%s %s: cmd is %r, should be %r" % (
                    *ident, cmd, argv)


def many(count, first=1, **parts):
    """count plain events, a list of lines each."""
    return [exec_event(serial, [b"echo", b"%d" % serial],
                       sec=SECOND + serial // 1000, msec=serial % 1000,
                       pid=1000 + serial, **parts)
            for serial in range(first, first + count)]


def flat(events):
    return [line for lines in events for line in lines]


def woven(events):
    """First lines of all, second lines of all..."""
    return [line for row in itertools.zip_longest(*events) for line in row
            if line is not None]


def complete(events):
    return {"events": events, "events_emitted": events, "events_partial": 0,
            "events_forced": 0, "events_dropped": 0, "lines_malformed": 0,
            "lines_long": 0, "records_late": 0, "records_duplicate": 0,
            "records_fragment": 0, "serials_missing": 0}


def nothing():
    yield from Replay(b"").counts(events=0, lines=0, events_emitted=0)
    yield from Replay(b"\n").counts(events=0, lines=1)
    yield from Replay(b"\n\n\0\n").counts(events=0, lines=3)


def clean():
    run = Replay(join(flat(many(300))))
    yield from run.counts(**complete(300))
    yield from run.same_events()


def last_status():
    """The last line speaks of all lines before it, sent ones as sent."""
    for name in ("pieces_lost", "lost", "plain"):
        with open(os.path.join(ROOT, "tests", "golden", name + ".log"),
                  "rb") as stream:
            run = Replay(stream.read())
        yield from run.counts(lines_out=len(run.rows),
                              lines_sent=len(run.rows), lines_queued=0)


def interleaved(count):
    run = Replay(join(woven(many(count))))
    yield from run.counts(**complete(count))
    yield from run.same_events()


def shuffled():
    """Records of 60 open events in any order, order within each kept."""
    for seed in range(8):
        dice = random.Random(seed)
        waiting = many(600)
        opened, lines = [], []
        while waiting or opened:
            while waiting and len(opened) < 60:
                opened.append(list(waiting.pop(0)))
            one = dice.choice(opened)
            lines.append(one.pop(0))
            if not one:
                opened.remove(one)
        run = Replay(join(lines))
        # serials that come far apart may look lost: events may not
        want = complete(600)
        del want["serials_missing"]
        yield from run.counts(**want)
        yield from run.same_events()


def too_many():
    """More open events than there is room for: marked, never split."""
    count = 3 * OPEN_MAX
    run = Replay(join(woven(many(count))))
    yield from run.counts(events=count, events_emitted=count)
    if not run.status.get("events_forced"):
        yield "no event was forced out"
    if run.status["records_late"] + run.status["records_taken"] != \
            len(run.data.splitlines()):
        yield "late and taken records are not all there are"


def reordered():
    """Every order of an event's records."""
    lines = []
    serial = 0
    for order in itertools.permutations(range(7)):
        serial += 1
        if SANITIZED and serial % 5:
            continue
        event = many(1, first=serial)[0]
        lines += [event[place] for place in order]
    run = Replay(join(lines))
    want = complete(len(run.data.splitlines()) // 7)
    if SANITIZED:
        del want["serials_missing"]
    # an EOE before all else may end any call, and a PROCTITLE that comes
    # after EOE may find its event closed
    del want["records_late"], want["records_fragment"]
    yield from run.counts(**want)
    yield from run.same_events()


def duplicated():
    """Every record twice, then whole events twice."""
    for event in (lambda lines: [x for line in lines for x in (line, line)],
                  lambda lines: lines + lines):
        run = Replay(join(flat(map(event, many(200)))))
        want = complete(200)
        del want["records_late"], want["records_duplicate"]
        yield from run.counts(**want)
        yield from run.same_events()
        extra = run.status["records_late"] + run.status["records_duplicate"]
        if extra != len(run.data.splitlines()) // 2:
            yield "%d of %d copies were counted" % (
                extra, len(run.data.splitlines()) // 2)


def resent():
    """auditd sends the record again whose write failed."""
    lines = []
    for number, event in enumerate(many(70)):
        at = number % len(event)
        lines += event[:at + 1] + event[at:]
    run = Replay(join(lines))
    want = complete(70)
    del want["records_late"], want["records_duplicate"]
    yield from run.counts(**want)
    yield from run.same_events()


def doubled_and_lost():
    """A copy of one piece does not stand in for another that is lost."""
    argv = [b"printf"] + [b"%d" % n + b"x" * 3000 for n in range(12)]
    event = exec_event(1, argv)
    pieces = [n for n, line in enumerate(event) if b"type=EXECVE" in line]
    assert len(pieces) > 3
    lines = []
    for serial, (twice, lost) in enumerate(
            itertools.permutations(pieces, 2), 1):
        copy = [line.replace(b":1):", b":%d):" % serial) for line in event]
        lines += [x for n, line in enumerate(copy) if n != lost
                  for x in [line] * (2 if n == twice else 1)]
    run = Replay(join(lines))
    total = len(pieces) * (len(pieces) - 1)
    yield from run.counts(events=total, events_partial=total)


def truncated_lines():
    """A line cut anywhere: at most that event is damaged."""
    template = many(1)[0]
    lines, serial, unsure = [], 0, set()
    for number, line in enumerate(template):
        step = 3 if SANITIZED else 1
        for at in range(0, len(line), step):
            serial += 2
            bad, good = many(2, first=serial)
            bad[number] = bad[number][:at]
            # without its number a call may be any
            unsure |= {"%d" % serial} if number == 0 else set()
            lines += bad + good
    run = Replay(join(lines))
    yield from run.counts(serials_missing=0)
    events = {(e.node, e.id) for e in auditref.read_events(run.data)}
    for ident in run.rows.keys() ^ events:
        if ident[1].split(":")[1] not in unsure:
            yield "%s %s: there for one reader only" % ident
    good = [ident for ident in events if int(ident[1].split(":")[1]) % 2]
    for ident in good:
        serial = ident[1].split(":")[1]
        if ident in run.rows and \
                run.rows[ident].get("cmd") != "echo " + serial:
            yield "%s %s: cmd %r" % (*ident, run.rows[ident].get("cmd"))


def truncated_stream():
    """The stream ends anywhere."""
    data = join(flat(many(2)))
    for at in range(0, len(data), 23 if SANITIZED else 3):
        run = Replay(data[:at])
        want = len(auditref.read_events(data[:at]))
        # a cut record may still say that there was an exec
        if not want <= len(run.rows) <= want + 1:
            yield "cut at %d: %d events, should be %d" % (
                at, len(run.rows), want)
        yield from run.counts()


def lost_records():
    """Every subset of an event's records."""
    serial, lines = 0, []
    for chosen in itertools.product((True, False), repeat=7):
        if not any(chosen):
            continue
        serial += 1
        event = many(1, first=serial)[0]
        lines += [line for line, keep in zip(event, chosen) if keep]
    run = Replay(join(lines))
    events = {(e.node, e.id): e for e in auditref.read_events(run.data)}
    partial = sum(not e.fields["complete"] for e in events.values())
    fragment = sum(1 for line in lines) - sum(
        len(e.records) for e in events.values())
    yield from run.counts(events=len(events), events_emitted=len(events),
                          events_partial=partial, records_late=0,
                          records_fragment=fragment, serials_missing=0)
    yield from run.same_events()


def lost_one_in(step):
    """One record in every few is lost, events interleaved by twos."""
    events = many(400)
    lines = [line for pair in zip(events[0::2], events[1::2])
             for line in woven(pair)]
    lines = [line for n, line in enumerate(lines) if n % step]
    run = Replay(join(lines))
    found = {(e.node, e.id): e for e in auditref.read_events(run.data)}
    partial = sum(not e.fields["complete"] for e in found.values())
    yield from run.counts(events=len(found), events_partial=partial)
    yield from run.same_events()


def no_end():
    """Neither PROCTITLE nor EOE for 1 % of events: nothing is held back."""
    events = many(3000)
    for number in range(0, 3000, 100):
        events[number] = events[number][:-2]
    run = Replay(join(flat(events)))
    yield from run.counts(events=3000, events_emitted=3000,
                          events_partial=30)
    yield from run.same_events()


def nul_bytes():
    """A NUL anywhere makes its line malformed, and nothing else."""
    lines, serial = [], 0
    for number in range(7):
        for place in (0, 4, 12, 30, -1):
            serial += 1
            event = many(1, first=serial)[0]
            line = bytearray(event[number])
            if place == -1 or place >= len(line):
                line.append(0)
            else:
                line[place] = 0
            event[number] = bytes(line)
            lines += event
    run = Replay(join(lines))
    events = auditref.read_events(run.data)
    yield from run.counts(lines_malformed=serial, events=len(events))
    yield from run.same_events()


def long_lines():
    """Lines of any length; the limit is 16 KiB."""
    good = flat(many(3))
    head = b"type=USER msg=audit(1700000000.001:9): "
    for size in (16383, 16384, 16385, 16386, 20000, 65536, 65537, 1 << 20):
        for filler in (b"x", b" ", b"\xff"):
            line = head + filler * (size - len(head))
            run = Replay(join(good[:9] + [line] + good[9:]))
            yield from run.counts(lines_long=size > 16384, events=3,
                                  events_partial=0)
            yield from run.same_events()
    # and one that is never ended, and one that hides a record
    run = Replay(join(good) + b"x" * 65536)
    yield from run.counts(lines_long=1, events=3)
    hidden = b"x" * 20000 + many(1, first=50)[0][0]
    run = Replay(join(good + [hidden]))
    yield from run.counts(lines_long=1, events=3)
    run = Replay(join([b"x" * 70000] * 5 + good + [b"y" * 16385] * 4))
    yield from run.counts(lines_long=9, events=3)


def forged_text():
    """Text in USER_* records makes no exec event."""
    inner = b"type=EXECVE msg=audit(%d.001:1): argc=1 a0=\"evil\"" % SECOND
    lines = [auditgen.stamp(kind, 1, SECOND, 1) + body + inner + b"'\x1d" +
             inner for kind in ("USER", "USER_CMD", "USER_TTY", "TTY")
             for body in (b"msg='", b"msg='x\x1d", b"data=")]
    lines += [b" " + inner, b"x" + inner, b"node=a b " + inner,
              b"node= " + inner, b"type=EXECVE  " + inner[12:]]
    run = Replay(join(lines))
    # A USER_CMD is an event of its own, and never an exec.
    yield from run.counts(events=run.status["events_messages"])


def random_damage(seed):
    """Anything may happen to a recorded stream."""
    names = sorted(n for n in os.listdir(DATA) if n.endswith(".log"))
    dice = random.Random(seed)
    with open(os.path.join(DATA, dice.choice(names)), "rb") as stream:
        lines = stream.read().split(b"\n")[:800]
    out = []
    for line in lines:
        luck = dice.random()
        if luck < 0.02:
            continue
        if luck < 0.04:
            out.append(line)
        elif luck < 0.06:
            line = line[:dice.randrange(len(line) + 1)]
        elif luck < 0.08 and out:
            out.insert(dice.randrange(max(0, len(out) - 40), len(out)), line)
            continue
        elif luck < 0.10 and line:
            broken = bytearray(line)
            for _ in range(dice.randrange(1, 5)):
                broken[dice.randrange(len(broken))] = dice.randrange(256)
            line = bytes(broken)
        elif luck < 0.11:
            line += b"\n" + dice.randbytes(dice.randrange(300))
        elif luck < 0.12:
            line = line.replace(b"argc=", b"argc=" + b"9" *
                                dice.randrange(1, 25))
        elif luck < 0.13:
            line = line.replace(b" a1=", b" a%d=" % dice.choice(
                (0, 2, 65535, 65536, 4294967295, 10 ** 20)))
        elif luck < 0.14:
            line = line.replace(b"items=", b"items=9999")
        elif luck < 0.15:
            line = line.replace(b"_len=", b"_len=9")
        out.append(line)
    data = b"\n".join(out)
    run = Replay(data)
    yield from run.counts()
    for fmt in ("hunt", "cee", "auoms"):
        for line in outputs.lines_of(hunt(data, fmt=fmt), fmt):
            if fmt == "hunt":
                outputs.read_hunt(line)
            elif fmt == "cee":
                outputs.read_cee(line)


def absurd_numbers():
    """Numbers no kernel writes: bounded work, no event lost."""
    lines = []
    for serial, (old, new) in enumerate((
            (b"argc=2", b"argc=4294967295"), (b"argc=2", b"argc=-1"),
            (b"argc=2", b"argc=99999999999999999999"),
            (b"argc=2", b"argc="), (b" a1=", b" a4294967295="),
            (b" a1=", b" a99999999999999999999="), (b" a1=", b" a1[0]="),
            (b" a1=", b" a1_len=4294967295 a1[0]="),
            (b" a1=", b" a1_len=18446744073709551615 a1[4294967295]="),
            (b" a1=", b" a1[999999999999]="), (b" a1=", b" a01="),
            (b"items=2", b"items=4294967295"), (b"items=2", b"items=-1"),
            (b"item=1 ", b"item=4294967295 "), (b"exit=0", b"exit=9e99"),
            (b"pid=", b"pid=-1"), (b"pid=", b"pid=99999999999"),
            (b"auid=1000", b"auid=4294967296"), (b"ses=7", b"ses=x"),
            (b"success=yes", b"success="), (b"arch=c000003e", b"arch=zz"),
            (b"syscall=59", b"syscall=59x"), (b"cwd=", b"cwd"),
            (b"argc=2 ", b"argc=2 argc=1 "), (b" a1=", b" a1=ABC a2="),
            (b"proctitle=", b"proctitle=ABC"), (b"a0=", b"a0=\"")), 1):
        lines += [line.replace(old, new)
                  for line in many(1, first=serial)[0]]
    run = Replay(join(lines))
    yield from run.counts(serials_missing=0)
    # a SYSCALL record that can't be read is no worse than a lost one
    want = set(range(1, serial + 1))
    have = {int(ident[1].split(":")[1]) for ident in run.rows}
    for missing in sorted(want - have):
        yield "no event %d" % missing


def cases():
    yield "nothing", nothing
    yield "clean", clean
    yield "last-status", last_status
    for count in (2, 16, 60, OPEN_MAX):
        yield ("interleaved/%d" % count,
               lambda count=count: interleaved(count))
    yield "shuffled", shuffled
    yield "too-many-open", too_many
    yield "reordered", reordered
    yield "duplicated", duplicated
    yield "resent", resent
    yield "doubled-and-lost", doubled_and_lost
    yield "truncated-lines", truncated_lines
    yield "truncated-stream", truncated_stream
    yield "lost-records", lost_records
    for step in (3, 7, 10, 50):
        yield "lost-one-in/%d" % step, lambda step=step: lost_one_in(step)
    yield "no-end", no_end
    yield "nul-bytes", nul_bytes
    yield "long-lines", long_lines
    yield "forged-text", forged_text
    yield "absurd-numbers", absurd_numbers
    for seed in range(10 if SANITIZED else 30):
        yield "random/%d" % seed, lambda seed=seed: random_damage(seed)
