# SPDX-License-Identifier: GPL-3.0-or-later
"""Alerts of others that are sent to the engine while events come."""

import json
import os
import pwd
import random
import signal
import socket
import stat
import time

from processes import LONG, check_all_came, check_gap, require
from rig import USER, Rig, check_laws, wait_for
from state import START, record

RATE, SECONDS = (5000, 60) if LONG else (1000, 8)
NAME = "somebody else saw it"
PAYLOAD = b"id; uname -a; hostname"


def alert(name=NAME, severity="High", host=None):
    now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    return json.dumps({"host": host or socket.gethostname(),
                       "AlertName": name, "Severity": severity,
                       "TimeGenerated": now}).encode()


def sentinel(name, severity):
    """As Sentinel exports its table."""
    now = time.strftime("%Y-%m-%dT%H:%M:%S.0000000Z", time.gmtime())
    return json.dumps([{
        "TimeGenerated": now, "DisplayName": name, "AlertName": "",
        "AlertSeverity": severity, "CompromisedEntity": "",
        "Entities": json.dumps([
            {"$id": "3", "HostName": socket.gethostname(), "Type": "host"},
            {"$id": "4", "Address": "127.0.0.66", "Type": "ip"}])}],
        indent=2).encode()


class Sender:
    def __init__(self, path):
        self.path, self.sent = path, 0
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.setblocking(False)

    def send(self, data):
        """Whether the kernel took it: who sends never waits either."""
        try:
            self.socket.sendto(data, self.path)
        except (BlockingIOError, ConnectionRefusedError, FileNotFoundError):
            return False
        self.sent += 1
        return True

    def insist(self, data):
        require(wait_for(20, lambda: self.send(data)), "nobody takes", data)


def nonsense(dice):
    """No alert, whatever it looks like."""
    return dice.choice((
        lambda: dice.randbytes(dice.randrange(2000)),
        lambda: b"[" * dice.randrange(60000),
        lambda: b'{"a":' * dice.randrange(10000),
        lambda: b"x" * 100000,
        lambda: alert("n" * 60000, "Grave"),
        lambda: alert()[:-1 - dice.randrange(60)],
        lambda: b'{"Entities":"[[[[", "AlertName":"x"}',
        lambda: alert() + alert()))()


def configure(rig, path, lines):
    """Two outputs, and one socket."""
    rig.configure("alerts.socket = " + path, "score.profile = notebook",
                  "state = " + rig.path("lib", "state.db"),
                  "checkpoint_s = 1", "output = file:%s format=json" % lines)
    with open(rig.config, "a", encoding="utf-8") as config:
        config.write("output = syslog:%s format=json\n" % rig.socket)


def write_log(path, events, rate):
    """From now on, each with a command that hides something."""
    now = time.time() - START
    with open(path, "wb") as file:
        for n in range(events):
            file.write(record(n + 1, PAYLOAD, 1000, now + n / rate))


def last_points(path):
    """What alerts add to the last line there is."""
    with open(path, encoding="ascii") as file:
        lines = [line for line in file if '"evt":"exec"' in line and
                 line.endswith("\n")]
    line = json.loads(lines[-1])
    return line["parts"].get("alert", 0), line["why"]


def sent_alerts():
    """One raises the score of the commands after it, and does so still when the
    engine was killed; a reload moves the socket."""
    with Rig() as rig:
        lines, log = rig.path("lib", "lines"), rig.path("events.log")
        path = rig.path("lib", "alerts.sock")
        write_log(log, 40000, 200)
        configure(rig, path, lines)
        rig.start("-f", log, "-r", "200", "-n", "40000")
        require(wait_for(20, lambda: os.path.exists(path)), "no socket")
        seen = os.stat(path)
        require(stat.S_IMODE(seen.st_mode) == 0o660 and
                seen.st_uid == pwd.getpwnam(USER).pw_uid,
                "it belongs to %d, %o" % (seen.st_uid, seen.st_mode))
        require(wait_for(20, lambda: os.path.exists(lines) and
                         rig.receiver.of("exec")), "no lines")
        require(last_points(lines)[0] == 0, "alerts before there are any")
        sender = Sender(path)
        sender.insist(alert())
        require(wait_for(20, lambda: last_points(lines)[0] == 3),
                "it counts for nothing:", last_points(lines))
        require(NAME in last_points(lines)[1], last_points(lines)[1])
        sender.insist(sentinel("one more", "Medium"))
        require(wait_for(20, lambda: last_points(lines)[0] == 5),
                "the second counts for nothing:", last_points(lines))
        time.sleep(3)
        os.kill(rig.engine(), signal.SIGKILL)
        require(wait_for(20, lambda: rig.ask()["engine_starts"] == 2),
                "no engine")
        before = len(rig.receiver.of("exec"))
        require(wait_for(20, lambda: len(rig.receiver.of("exec")) >
                         before + 50), "no lines of it")
        require(last_points(lines)[0] == 5, "it has forgotten them:",
                last_points(lines))
        sender.insist(alert("a third", "Low"))
        require(wait_for(20, lambda: last_points(lines)[0] == 6),
                "the third counts for nothing:", last_points(lines))
        configure(rig, path + "2", lines)
        os.kill(rig.front, signal.SIGHUP)
        require(wait_for(20, lambda: os.path.exists(path + "2") and
                         not os.path.exists(path)), "it did not move")
        Sender(path + "2").insist(alert("a fourth", "Low"))
        require(wait_for(20, lambda: last_points(lines)[0] == 7),
                "the fourth counts for nothing:", last_points(lines))
        status = rig.ask()
        require(status["alerts_received"] == 4 and
                status["alerts_refused"] == 0, "counted %d and %d" % (
                    status["alerts_received"], status["alerts_refused"]))
        rig.drain()
        rig.finish()
        require(not os.path.exists(path + "2"), "the socket stayed")


def hostile_alerts():
    """As much of it as the kernel takes: each datagram is counted, no event
    waits for them, and an alert among them is one."""
    with Rig() as rig:
        path = rig.path("lib", "alerts.sock")
        rig.configure("alerts.socket = " + path)
        rig.start("-r", str(RATE))
        require(wait_for(20, lambda: os.path.exists(path)), "no socket")
        sender, dice, good = Sender(path), random.Random(5), 0
        end = time.monotonic() + SECONDS
        while time.monotonic() < end:
            is_good = sender.sent % 50 == 49    # until it is taken
            data = alert("good %d" % good, "Low") if is_good else \
                nonsense(dice)
            good += sender.send(data) and is_good
            time.sleep(0.0002)

        def is_read():
            status = rig.ask()
            return status["alerts_received"] + status["alerts_refused"] >= \
                sender.sent

        require(wait_for(20, is_read), "some are never read")
        rig.drain()
        status, report = rig.ask(), rig.finish()
        print("# %d datagrams, %d of them alerts; %d taken, %d refused" % (
            sender.sent, good, status["alerts_received"],
            status["alerts_refused"]))
        require(good > 5 and sender.sent > 40 * SECONDS, "only %d sent" %
                sender.sent)
        require(status["alerts_received"] == good and
                status["alerts_refused"] == sender.sent - good,
                "they do not add up")
        require(status["engine_starts"] == 1, "an engine died of it")
        check_laws(status)
        check_all_came(rig, report["events"])
        check_gap(report)


CASES = (sent_alerts, hostile_alerts)
