# SPDX-License-Identifier: GPL-3.0-or-later
"""Many events, and a receiver that is not there: nothing is lost."""

import signal
import time

from check import (check_laws, check_lines_come, check_same_process,
                   check_took, counter, one_line_each)
from rig import Failure, audit_status, cpu_seconds, execs, wait_for

RATE = 1000
RATE_SECONDS = 10
# Of what auditd itself takes for the same events, as the one and the other
# depend on the machine and on what else it does: 0.21 is usual.
CPU_LIMIT = 0.4
CPU_AIM_US = 28
# What may be in a dead socket's buffer: net.unix.max_dgram_qlen and one.
IN_SOCKET = 11


def is_sanitized(rig):
    with open(rig.plugin, "rb") as f:
        return b"__asan_init" in f.read()


def spawn(rig, per_second, count):
    """Returns the seconds it took, and the longest wait in ms."""
    out = rig.session(rig.spawn, str(per_second), str(count),
                      rig.nop).communicate()[0]
    return tuple(float(word) for word in out.split())


def rate(rig, report):
    alone, _ = spawn(rig, RATE, 2 * RATE)       # nobody listens
    rig.start_auditd("ENRICHED")
    rig.watch()
    report("rate-warm-up", check_lines_come, rig)
    since = rig.mark()
    lost = audit_status()["lost"]
    skip = len(execs(rig.log))
    pids = rig.plugin_pids()
    start, start_auditd = cpu_seconds(pids), cpu_seconds([rig.auditd.pid])
    count = RATE * RATE_SECONDS + 1     # spawn itself is one
    took, _ = spawn(rig, RATE, count - 1)
    wait_for(10, lambda: rig.mark_lines(since) >= count)
    rig.settle()
    cpu = cpu_seconds(pids) - start
    auditd_cpu = cpu_seconds([rig.auditd.pid]) - start_auditd
    lines = rig.lines(since, "exec")
    status = rig.status()
    report("rate-same-process", check_same_process, rig)
    rig.stop_auditd()

    def nothing_lost():
        if audit_status()["lost"] != lost:
            raise Failure("the kernel lost %d"
                          % (audit_status()["lost"] - lost))
        done = execs(rig.log)[skip:]
        if len(done) != count:
            raise Failure("%d of %d in audit.log" % (len(done), count))
        one_line_each(lines, done)
        check_laws(status)

    def at_rate():
        if took > RATE_SECONDS * 1.05:
            raise Failure("this machine needs %.1f s for %d execs"
                          % (took, count))

    def little_cpu():
        us, auditd_us = cpu * 1e6 / count, auditd_cpu * 1e6 / count
        print("# rate: %.1f us of CPU an event, auditd %.1f: %.2f of it "
              "(limit %.2f; aim %d us%s)"
              % (us, auditd_us, us / auditd_us, CPU_LIMIT, CPU_AIM_US,
                 ", reached" if us <= CPU_AIM_US else ""))
        if us > CPU_LIMIT * auditd_us:
            raise Failure("%.1f us an event, auditd has %.1f"
                          % (us, auditd_us))

    report("rate-nothing-lost", nothing_lost)
    if alone > 2 * 1.02:
        report.skip("rate-kept", "%.0f exec/s is all this machine does now"
                    % (2 * RATE / alone))
    else:
        report("rate-kept", at_rate)
    if is_sanitized(rig):
        report.skip("rate-cpu", "built with sanitizers")
    else:
        report("rate-cpu", little_cpu)


def outage(rig, report):
    since = rig.mark()
    lost = audit_status()["lost"]
    rig.start_auditd("RAW", name_format="USER", witness=True)
    rig.watch()
    check_lines_come(rig)
    spawner = rig.session(rig.spawn, "200", "1800", rig.nop)
    start = time.monotonic()
    time.sleep(1)

    rig.rsyslogd.send_signal(signal.SIGSTOP)
    time.sleep(3)
    seconds = time.monotonic() - start
    handed = len(execs(rig.witness))
    backlog = audit_status()["backlog"]
    rig.rsyslogd.send_signal(signal.SIGCONT)
    time.sleep(1)

    killed = time.time()
    rig.stop_rsyslogd()
    time.sleep(1.5)
    rig.start_rsyslogd()
    late_ms = float(spawner.communicate()[0].split()[1])

    def arrived():
        return len(rig.lines(since, "exec")) >= len(execs(rig.log)) \
            and counter(rig.status(), "lines_queued") == 0

    wait_for(5, arrived)
    status = rig.status()
    lines = rig.lines(since)
    done = execs(rig.log)
    got = {line["id"] for line in lines if line["evt"] == "exec"}
    missing = [e.id for e in done if e.id not in got]

    def not_stalled():
        if handed < seconds * 200 * 0.9 or backlog > 200:
            raise Failure("%d of %d execs reached the plugins, %d records "
                          "wait in the kernel" % (handed, seconds * 200,
                                                  backlog))
        if late_ms > 500 or audit_status()["lost"] != lost:
            raise Failure("an exec waited %.0f ms, %d records lost"
                          % (late_ms, audit_status()["lost"] - lost))

    def all_arrive():
        late = [m for m in missing
                if abs(float(m.partition(":")[0]) - killed) > 1]
        if late or len(missing) > IN_SOCKET:
            raise Failure("%d of %d missing, %d not from when rsyslogd ended"
                          % (len(missing), len(done), len(late)))
        if len(done) != 1802 or got - {e.id for e in done}:
            raise Failure("%d execs, %d lines" % (len(done), len(got)))

    def in_order():
        seq = [line["seq"] for line in lines]
        back = [b for a, b in zip(seq, seq[1:]) if b <= a]
        if back:
            raise Failure("seq goes back to %r" % back[:3])
        if seq[-1] - seq[0] + 1 - len(seq) != len(missing):
            raise Failure("seq %d..%d for %d lines, %d missing"
                          % (seq[0], seq[-1], len(seq), len(missing)))

    def accounted():
        check_laws(status)
        for name in ("lines_dropped", "lines_failed", "lines_queued"):
            if counter(status, name) > (name == "lines_queued"):
                raise Failure("%s is %d" % (name, counter(status, name)))
        before = [x for x in lines if x["seq"] < status["seq"]]
        if counter(status, "lines_sent") - len(missing) - len(before) \
           not in (0, 1):
            raise Failure("%d sent, %d received and %d missing"
                          % (counter(status, "lines_sent"), len(before),
                             len(missing)))

    report("outage-not-stalled", not_stalled)
    report("outage-all-arrive", all_arrive)
    report("outage-in-order", in_order)
    report("outage-accounted", accounted)
    report("outage-same-process", check_same_process, rig)

    rig.rsyslogd.send_signal(signal.SIGSTOP)
    rig.session(rig.spawn, "500", "100", rig.nop).communicate()
    took = rig.stop_auditd()
    rig.rsyslogd.send_signal(signal.SIGCONT)
    report("outage-stop-in-time", check_took, took)
