# SPDX-License-Identifier: GPL-3.0-or-later
"""Event serials and times that no one would choose."""

import itertools

import auditgen
from auditgen import exec_event, join
from faults import SECOND, Replay, complete, flat, many, woven


def clock_steps():
    """Time runs to any side; events of other times are in between."""
    times = [SECOND, SECOND + 3600, SECOND - 3600, 0, 1, 4294967295,
             4294967296, SECOND, SECOND - 1, 253402300799]
    events = [exec_event(serial, [b"echo", b"%d" % serial], sec=sec,
                         msec=msec)
              for serial, (sec, msec) in enumerate(
                  itertools.product(times, (0, 999)), 1)]
    for lines in (flat(events), woven(events), woven(events[::-1])):
        run = Replay(join(lines))
        yield from run.counts(**complete(len(events)))
        yield from run.same_events()


def duplicates():
    """The same serial at other times, and on other hosts."""
    events = [exec_event(7, [b"echo", b"%d" % n], sec=SECOND + n // 3,
                         msec=n % 3, node=node)
              for n in range(12) for node in (None, "web01", "web02")]
    for lines in (flat(events), woven(events)):
        run = Replay(join(lines))
        yield from run.counts(events=36, events_partial=0, records_late=0,
                              records_duplicate=0)
        yield from run.same_events()


def gaps():
    """Gaps are counted exactly; a jump costs nothing; a wrap is no gap."""
    serials = [1, 2, 5, 6, 10]
    run = Replay(join(flat(many(1, first=n)[0] for n in serials)))
    yield from run.counts(events=5, serials_missing=5)
    late = [1, 2, 5, 3, 4, 6]
    run = Replay(join(flat(many(1, first=n)[0] for n in late)))
    yield from run.counts(events=6, serials_missing=0)
    wrap = [4294967294, 4294967295, 0, 1, 2]
    run = Replay(join(flat(
        exec_event(n, [b"true"], msec=k) for k, n in enumerate(wrap))))
    yield from run.counts(**complete(5))
    hole = [4294967290, 4294967295, 0, 3]
    run = Replay(join(flat(
        exec_event(n, [b"true"], msec=k) for k, n in enumerate(hole))))
    yield from run.counts(events=4, serials_missing=6)
    # hosts are counted apart
    apart = [exec_event(n, [b"true"], node=node) for n in (5, 6, 8)
             for node in ("web01", "web02")]
    run = Replay(join(flat(apart)))
    yield from run.counts(events=6, serials_missing=2)
    # records of other kinds have serials too
    mixed = [many(1, first=1)[0], [auditgen.stamp("USER", 2, SECOND, 0) +
                                   b"msg='op=x'"], many(1, first=3)[0],
             [auditgen.stamp("DAEMON_START", 9000, SECOND, 0) + b"op=start"]]
    run = Replay(join(flat(mixed)))
    yield from run.counts(events=3, events_messages=1, serials_missing=0)


def jumps():
    """Far jumps, back and forth."""
    serials = [1, 4000000000, 2, 3, 4000000001, 100000, 4]
    run = Replay(join(flat(
        exec_event(n, [b"true"], msec=k) for k, n in enumerate(serials))))
    yield from run.counts(events=len(serials), events_partial=0)
    yield from run.same_events()


def cases():
    yield "clock-steps", clock_steps
    yield "duplicates", duplicates
    yield "gaps", gaps
    yield "jumps", jumps
