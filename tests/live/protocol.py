# SPDX-License-Identifier: GPL-3.0-or-later
"""What auditd does to a plugin: start, reload, replace, kill, stop."""

import os
import re
import shutil
import signal
import time

from check import (check_laws, check_lines_come, check_status, check_took,
                   counter)
from rig import Failure, execs, is_alive, wait_for


def signals_by_descriptor(pid):
    """The signals that come on a signalfd, as a mask."""
    mask = 0
    for fd in os.listdir("/proc/%d/fdinfo" % pid):
        with open("/proc/%d/fdinfo/%s" % (pid, fd)) as f:
            for found in re.findall(r"sigmask:\t([0-9a-f]+)\n", f.read()):
                mask |= int(found, 16)
    return mask


def check_state(pids, leaked):
    """Signals and descriptors of a plugin that has just started."""
    for pid in pids:
        by_descriptor = signals_by_descriptor(pid)
        with open("/proc/%d/status" % pid) as f:
            masks = dict(re.findall(r"(Sig\w+):\t([0-9a-f]+)\n", f.read()))
        blocked, ignored, caught = (int(masks[n], 16)
                                    for n in ("SigBlk", "SigIgn", "SigCgt"))
        if blocked & ~by_descriptor:
            raise Failure("SigBlk is %x, a signalfd takes %x"
                          % (blocked, by_descriptor))
        if ignored >> (signal.SIGTERM - 1) & 1:
            raise Failure("SIGTERM is ignored: %x" % ignored)
        for n in (signal.SIGTERM, signal.SIGHUP, signal.SIGUSR1):
            if pid == pids[0] and not (caught | by_descriptor) >> (n - 1) & 1:
                raise Failure("nothing takes signal %d" % n)
        for fd in os.listdir("/proc/%d/fd" % pid):
            target = os.readlink("/proc/%d/fd/%s" % (pid, fd))
            if target in leaked:
                raise Failure("descriptor %s is the starter's %s"
                              % (fd, target))


def check_reload(rig, name):
    """SIGHUP to auditd: same process, new configuration."""
    pids = rig.plugin_pids()
    extra = rig.path("log", name)
    rig.configure("output = file:%s format=json" % extra)
    reloads = counter(rig.status(), "reloads")
    try:
        rig.auditd.send_signal(signal.SIGHUP)
        if not wait_for(3, lambda: counter(rig.status(), "reloads")
                        == reloads + 1):
            raise Failure("the status line counts no reload")
        check_lines_come(rig)
    finally:
        rig.configure()
    if rig.plugin_pids() != pids:
        raise Failure("the process changed: %r, then %r"
                      % (pids, rig.plugin_pids()))
    if not wait_for(2, lambda: os.path.exists(extra)
                    and os.path.getsize(extra)):
        raise Failure("the output of the new configuration gets no lines")


def check_replaced(rig):
    """A new inode and SIGHUP to auditd: a new process."""
    old = rig.plugin_pids()
    shutil.copyfile(rig.plugin, rig.path("copy"))
    rig.put_binary(rig.path("copy"))
    rig.auditd.send_signal(signal.SIGHUP)
    wait_for(5, lambda: rig.plugin_pids() and not any(map(is_alive, old)))
    new = rig.plugin_pids()
    left = [p for p in old if is_alive(p)]
    if not new or left:
        raise Failure("old %r (alive: %r), new %r" % (old, left, new))
    check_lines_come(rig)


def check_restarted(rig):
    """SIGKILL: auditd starts it anew with the next record, signals blocked."""
    old = rig.plugin_pids()[0]
    os.kill(old, signal.SIGKILL)
    wait_for(2, lambda: not is_alive(old))
    rig.command("/bin/true", "wakes", "auditd")
    if not wait_for(5, lambda: [p for p in rig.plugin_pids() if p != old]):
        raise Failure("auditd did not start it anew")
    time.sleep(0.2)
    check_lines_come(rig)


def check_tail(rig, since):
    """What auditd handed out before it stopped is in the lines."""
    got = [x["id"] for x in rig.lines(since, "exec")]
    handed = execs(rig.witness)
    missing = [e.id for e in handed if e.has_end and e.id not in got]
    extra = set(got) - {e.id for e in handed}
    if missing or extra or len(set(got)) != len(got):
        raise Failure("of %d events %d are missing (last: %r), %d unknown, "
                      "%d lines" % (len(handed), len(missing), missing[-3:],
                                    len(extra), len(got)))
    last = [x for x in rig.lines(since) if x["evt"] in ("exec", "status")]
    if last[-1]["evt"] != "status":
        raise Failure("no status line after the last event")
    check_laws(last[-1])


def check_nothing_left(rig):
    left = ["process %d" % p for p in rig.plugin_pids_left()]
    left += sorted(rig.places() - rig.places_before)
    if left:
        raise Failure(", ".join(left))


def leak_descriptors(rig):
    """Opens what a careless starter leaves open; what it looks like."""
    path = rig.path("leak")
    fd = os.open(path, os.O_RDWR | os.O_CREAT)
    ends = os.pipe()
    high = (24, 40, 200)
    for source, target in zip((fd,) + ends, high):
        os.dup2(source, target)
    looks = {os.readlink("/proc/self/fd/%d" % n) for n in high}
    for n in (fd,) + ends:
        os.close(n)
    return high, looks


def protocol(rig, report):
    high, leaked = leak_descriptors(rig)
    rig.start_auditd("RAW", witness=True, leak=high)
    for fd in high:
        os.close(fd)
    since = rig.mark()
    rig.watch()
    report("start-lines-come", check_lines_come, rig)
    report("start-state", check_state, rig.plugin_pids(), leaked)
    report("start-status", check_status, rig)
    report("start-reload", check_reload, rig, "reload1")
    rig.session(rig.spawn, "1000", "300", rig.nop).communicate()
    took = rig.stop_auditd()
    report("stop-in-time", check_took, took)
    rig.settle()
    report("stop-last-events", check_tail, rig, since)
    report("stop-nothing-left", check_nothing_left, rig)

    high, leaked = leak_descriptors(rig)
    rig.start_auditd("RAW", witness=True, leak=high)
    for fd in high:
        os.close(fd)
    rig.watch()
    report("replaced-binary", check_replaced, rig)
    report("replaced-state", check_state, rig.plugin_pids(), leaked)
    report("restart", check_restarted, rig)
    report("restart-state", check_state, rig.plugin_pids(), leaked)
    report("restart-status", check_status, rig)
    report("restart-reload", check_reload, rig, "reload2")
    took = stop_like_systemd(rig, report)
    report("restart-stop-in-time", check_took, took)
    report("restart-nothing-left", check_nothing_left, rig)


def stop_like_systemd(rig, report):
    """SIGTERM comes to the plugin first, then to auditd, events go on. It may
    refuse a stranger's signal or not: it ends no sooner than its input."""
    since = rig.mark()
    pids = rig.plugin_pids()
    ids = {e.id for e in execs(rig.witness)}

    def go_on():
        os.kill(pids[0], signal.SIGTERM)
        rig.session(rig.spawn, "500", "50", rig.nop).communicate()
        if rig.plugin_pids() != pids:
            raise Failure("it ended before its input did")

    report("restart-early-term", go_on)
    took = rig.stop_auditd()
    rig.settle()

    def tail():
        got = {x["id"] for x in rig.lines(since, "exec")}
        missing = [e.id for e in execs(rig.witness)
                   if e.has_end and e.id not in ids | got]
        if missing:
            raise Failure("%d events are missing, the last is %s"
                          % (len(missing), missing[-1]))

    report("restart-last-events", tail)
    return took
