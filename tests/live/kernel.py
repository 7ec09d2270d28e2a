# SPDX-License-Identifier: GPL-3.0-or-later
"""What the kernel loses while auditd stands still: a canary tells its number,
and it becomes a line, exactly and once."""

import os
import signal
import subprocess
import time

from rig import OWN_RUN, Failure, audit_status, run, wait_for

UNSET = "4294967295"
# Less than two execs' records.
BACKLOG = 8
LOSS_S = 10


def leave_session():
    with open("/proc/self/loginuid", "w") as f:
        f.write(UNSET)


def canary(rig):
    """As the timer's unit does it; what it said."""
    argv = [rig.path("usr/sbin/auhunt"), "canary"]
    if rig.has_own_run:
        argv = ["unshare", "-m", "sh", "-c", OWN_RUN, "sh",
                rig.path("run")] + argv
    done = subprocess.run(argv, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          preexec_fn=leave_session, check=False)
    return done.returncode, done.stdout.decode()


def counted(rig, wanted, seconds=5):
    """A status line once as many canaries have come."""
    return wait_for(seconds, lambda: (lambda s: s if s["canaries"] >= wanted
                                      else None)(rig.status())) or rig.status()


def watch(rig):
    rig.watch()
    for arch in ("b64", "b32"):
        run("auditctl", "-a", "always,exit", "-F", "arch=" + arch, "-S",
            "execve", "-F", "exe=" + rig.path("usr/sbin/auhunt"), "-k", "exec",
            check=arch == "b64")


def lose(rig):
    """Execs whose records find no room."""
    wait_s = audit_status()["backlog_wait_time"]
    rig.auditd.send_signal(signal.SIGSTOP)
    try:
        run("auditctl", "--backlog_wait_time", "0")
        run("auditctl", "-b", str(BACKLOG))
        rig.session(rig.spawn, "2000", "2000", rig.nop).communicate()
    finally:
        run("auditctl", "-b", "8192")
        rig.auditd.send_signal(signal.SIGCONT)
        run("auditctl", "--backlog_wait_time", str(wait_s))


def check_first(rig):
    code, said = canary(rig)
    if code or said:
        raise Failure("auhunt canary: exit %d, %s" % (code, said))
    status = counted(rig, 1)
    real = audit_status()
    want = {"kernel_lost_boot": real["lost"], "kernel_backlog_limit": 8192,
            "auditd_queue_size": 20000, "auditd_overflow": 0}
    got = {name: status[name] for name in want}
    if got != want or status["canaries"] != 1:
        raise Failure("%s, %d canaries; really %s" % (got, status["canaries"],
                                                      want))
    if not 1 <= status["auditd_queue_most"] < 20000 or \
            abs(status["canary"] - time.time()) > 10:
        raise Failure("queue %d, canary %d" % (status["auditd_queue_most"],
                                               status["canary"]))


def check_lost(rig, before):
    lose(rig)
    wait_for(10, lambda: audit_status()["backlog"] == 0)
    since = rig.mark()
    real = audit_status()["lost"] - before
    if real < 100:
        raise Failure("the kernel lost %d only" % real)
    start = time.monotonic()
    canary(rig)
    lines = rig.wait_lines(since, lambda ls: any(
        "kernel_lost" in line for line in ls), LOSS_S, "loss")
    took = time.monotonic() - start
    told = [line for line in lines if "kernel_lost" in line]
    if [line["kernel_lost"] for line in told] != [real] or \
            told[0]["sev"] != "err":
        raise Failure("%d lost, told %s" % (real, told))
    if audit_status()["lost"] - before != real:
        raise Failure("it goes on losing")
    print("# kernel-lost: %d records lost, told %.1f s after the canary"
          % (real, took))


def check_once(rig):
    since = rig.mark()
    before = rig.status()["canaries"]
    canary(rig)
    counted(rig, before + 1)
    time.sleep(6)
    told = [line for line in rig.lines(since, "loss") if "kernel_lost" in line]
    if told:
        raise Failure("told again: %s" % told)


def check_off(rig):
    since = rig.mark()
    run("auditctl", "-e", "0")
    try:
        code, said = canary(rig)
        lines = rig.wait_lines(since, lambda ls: any(
            "audit_off" in line for line in ls), LOSS_S, "loss")
    finally:
        run("auditctl", "-e", "1")
    if code != 1 or "switched off" not in said:
        raise Failure("auhunt canary: exit %d, %s" % (code, said))
    if [x["audit_off"] for x in lines if "audit_off" in x] != [1]:
        raise Failure("told %s" % lines)


def kernel(rig, report):
    rig.configure("state = " + rig.path("lib/state.db"))
    rig.start_auditd("RAW")
    watch(rig)
    before = audit_status()["lost"]
    report("kernel-canary", check_first, rig)
    if before:
        time.sleep(6)   # what it lost since the boot is told by itself
    report("kernel-lost", check_lost, rig, before)
    report("kernel-lost-once", check_once, rig)
    report("kernel-switched-off", check_off, rig)
    rig.stop_auditd()
    rig.start_auditd("RAW")
    watch(rig)
    report("kernel-lost-not-again", check_once, rig)
    rig.stop_auditd()
    for name in os.listdir(rig.path("lib")):
        if name.startswith("state.db"):
            os.unlink(rig.path("lib", name))
    rig.configure()
