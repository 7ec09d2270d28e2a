# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks that several cases make; what is wrong is raised as a Failure."""

from collections import Counter

from rig import Failure


def counter(status, name):
    """A counter of a status line, wherever in the object it stands."""
    todo = [status]
    for part in todo:
        if name in part:
            return part[name]
        todo += [v for v in part.values() if isinstance(v, dict)]
    raise Failure("the status line has no %s" % name)


def check_laws(status):
    """The conservation laws, added up here and not by the plugin."""
    def total(*names):
        return sum(counter(status, n) for n in names)

    laws = [
        (total("lines"),
         total("lines_malformed", "lines_long", "records_taken",
               "records_other", "records_not_exec", "records_duplicate",
               "records_late", "records_fragment", "records_open",
               "lines_poisoned", "lines_redone")),
        (total("events"),
         total("events_emitted", "events_filtered", "events_quiet",
               "events_suppressed",
               "events_dropped", "events_poisoned", "events_replayed",
               "events_redone")),
        (total("events_suppressed"),
         total("repeats_told", "repeats_open", "repeats_redone")),
        (total("lines_out", "lines_restored"),
         total("lines_sent", "lines_queued", "lines_spooled", "lines_left",
               "lines_dropped", "lines_failed", "lines_unsent", "spool_full",
               "spool_damaged")),
    ]
    wrong = ["%d != %d" % law for law in laws if law[0] != law[1]]
    if wrong:
        raise Failure("does not add up: " + ", ".join(wrong))


def one_line_each(lines, wanted):
    """By id: none missing, none twice, none that was not asked for."""
    got = [line["id"] for line in lines]
    want = [e.id for e in wanted]
    doubled = sorted(g for g, n in Counter(got).items() if n > 1)
    missing = sorted(set(want) - set(got))
    extra = sorted(set(got) - set(want))
    if doubled or missing or extra:
        raise Failure("%d lines for %d execs; missing %s, twice %s, unasked %s"
                      % (len(got), len(want), missing[:3], doubled[:3],
                         extra[:3]))


def check_lines_come(rig):
    """A command gives a line."""
    since = rig.mark()
    pid = rig.command("/bin/true", "still", "there")
    lines = rig.wait_lines(since, lambda ls: any(x.get("pid") == pid
                                                 for x in ls), 5)
    if sum(x.get("pid") == pid for x in lines) != 1:
        raise Failure("%d lines for one command" % len(lines))


def check_same_process(rig):
    """It has not died and been started anew since auditd started."""
    if rig.plugin_pids() != rig.first_pids:
        raise Failure("it was %r, now it is %r"
                      % (rig.first_pids, rig.plugin_pids()))


def check_status(rig):
    check_laws(rig.status())


def check_took(took):
    if took >= 2:
        raise Failure("%.2f s from the end of auditd to that of the plugin"
                      % took)
