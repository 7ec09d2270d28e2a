# SPDX-License-Identifier: GPL-3.0-or-later
"""The real plugin under the fake dispatcher, with a socket for its lines."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "..", "lib")]
from suite import BUILD, ROOT, Failure, SANITIZED           # noqa: E402

DISPATCHER = os.path.join(ROOT, BUILD, "tests/faults/dispatcher")
# Any user but root: the shipped one is not on every machine.
USER = "nobody"
HEADER = re.compile(rb"<\d+>.{15} audisp-hunt\[(\d+)\]: ")


def wait_for(seconds, is_done):
    """Polls until is_done() is true; returns its value, or the last one."""
    end = time.monotonic() + seconds
    while True:
        value = is_done()
        if value or time.monotonic() > end:
            return value
        time.sleep(0.005)


def read_file(path):
    with open(path, "rb") as file:
        return file.read().decode("utf-8", "replace")


def children(pid):
    try:
        return [int(p) for p in read_file(
            "/proc/%d/task/%d/children" % (pid, pid)).split()]
    except OSError:
        return []


def status_of(pid):
    """The fields of /proc/PID/status."""
    return dict(line.split(":\t", 1) for line in
                read_file("/proc/%d/status" % pid).splitlines()
                if ":\t" in line)


class Line:
    """One datagram: when it came, from which process, what it says."""

    __slots__ = ("time", "pid", "event", "is_dup", "evt", "text")

    def __init__(self, now, data):
        head = HEADER.match(data)
        if not head:
            raise Failure("a line that is not ours: %r" % data[:200])
        self.time = now
        self.pid = int(head[1])
        at = data.index(b'"evt":"') + 7
        self.evt = data[at:data.index(b'"', at)].decode()
        at = data.index(b'"id":"') + 6
        self.event = data[at:data.index(b'"', at)].decode()
        # The command comes last and could say so too.
        before = data.partition(b',"cmd":"')[0]
        self.is_dup = b',"dup":true' in before
        self.text = data[head.end():] if self.evt != "exec" else None


class Receiver(threading.Thread):
    """Keeps what comes to a datagram socket; in lines, if there are some of
    another receiver before it. While the gate is shut it reads nothing."""

    def __init__(self, path, lines=None):
        super().__init__(daemon=True)
        self.gate = threading.Event()
        self.gate.set()
        self.n = 0
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(path)
        os.chmod(path, 0o666)
        self.lines = [] if lines is None else lines
        self.error = None
        self.start()

    def run(self):
        try:
            while self.gate.wait():
                data = self.socket.recv(65536)
                if not data:
                    return
                self.lines.append(Line(time.monotonic(), data))
                self.n += 1
        except (OSError, ValueError, Failure) as error:
            self.error = error

    def stop(self):
        """The socket's file stays."""
        self.gate.set()
        self.socket.shutdown(socket.SHUT_RDWR)
        self.join()
        self.socket.close()

    def of(self, evt):
        return [line for line in list(self.lines) if line.evt == evt]


class Rig:
    """A folder, a plugin in it, and a receiver."""

    def __init__(self, options=(), preload=None):
        self.tmp = tempfile.mkdtemp(prefix="hunt-faults.")
        os.chmod(self.tmp, 0o755)
        self.plugin = self.path("audisp-hunt")
        shutil.copyfile(os.path.join(ROOT, BUILD, "audisp-hunt"), self.plugin)
        os.chmod(self.plugin, 0o755)
        self.preload = preload
        self.socket = self.path("log.sock")
        self.config = self.path("hunt.conf")
        self.spool = self.path("lib/spool")
        os.mkdir(self.path("lib"))
        shutil.chown(self.path("lib"), USER)
        self.receiver = Receiver(self.socket)
        self.dispatcher = self.front = None
        self.configure(*options)

    def path(self, *parts):
        return os.path.join(self.tmp, *parts)

    def configure(self, *more):
        lines = ["output = syslog:%s format=json" % self.socket,
                 "user = " + USER, "hunt_dir = /nonexistent",
                 "spool_dir = " + self.spool,
                 "state = none"]
        if SANITIZED:   # they make calls of their own
            lines.append("seccomp = off")
        lines += more
        names = [line.split(" = ")[0] for line in lines]
        lines = [line for i, line in enumerate(lines)
                 if names[i] not in names[i + 1:]]
        # In one step: a start may be reading it.
        with open(self.config + ".new", "w", encoding="utf-8") as file:
            file.write("".join(line + "\n" for line in lines))
        os.chmod(self.config + ".new", 0o644)
        os.rename(self.config + ".new", self.config)

    def command(self):
        """auditd gives no environment: a wrapper has to set one."""
        if not self.preload:
            return [self.plugin, "-c", self.config]
        script = self.path("wrapper")
        with open(script, "w", encoding="utf-8") as file:
            file.write("#!/bin/sh\nLD_PRELOAD=%s exec %s -c %s\n"
                       % (self.preload, self.plugin, self.config))
        os.chmod(script, 0o755)
        return [script]

    def start(self, *options, wait=True):
        self.dispatcher = subprocess.Popen(
            [DISPATCHER, *options, "--", *self.command()],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
        self.front = int(self.dispatcher.stdout.readline().split()[1])
        if wait and not wait_for(20, self.engine):
            raise Failure("no engine runs")

    def engine(self):
        """The engine's pid, None while there is none."""
        for pid in children(self.front):
            try:
                name = read_file("/proc/%d/cmdline" % pid)
            except OSError:
                continue
            if name.startswith("audisp-hunt: engine"):
                return pid
        return None

    def finish(self, seconds=120):
        """Ends the dispatcher; gives its report."""
        self.dispatcher.terminate()
        try:
            out = self.dispatcher.communicate(timeout=seconds)[0]
        except subprocess.TimeoutExpired:
            self.dispatcher.kill()
            raise Failure("the dispatcher does not end") from None
        if self.dispatcher.returncode:
            raise Failure("dispatcher: exit %d" % self.dispatcher.returncode)
        self.dispatcher = None
        return json.loads(out)

    def stop_writing(self):
        """No more comes, but the socket stays open."""
        self.dispatcher.send_signal(signal.SIGUSR1)

    def drain(self, seconds=120):
        """Until all that was written has come out."""
        self.stop_writing()

        def is_empty():
            status = self.ask(seconds)
            return not any(status[name] for name in (
                "ring_used", "lines_queued", "lines_spooled",
                "records_open")) and status

        if not wait_for(seconds, is_empty):
            raise Failure("it is not done after %d s: %s" % (
                seconds, self.status()))

    def status(self):
        """The counters of the last status line."""
        found = self.receiver.of("status")
        if not found:
            raise Failure("no status line")
        return json.loads(found[-1].text)

    def ask(self, seconds=30):
        """SIGUSR1; the counters that come."""
        before = len(self.receiver.of("status"))
        end = time.monotonic() + seconds
        while time.monotonic() < end:   # an engine may just have died
            os.kill(self.front, signal.SIGUSR1)
            if wait_for(1, lambda: len(self.receiver.of("status")) > before):
                return self.status()
        raise Failure("SIGUSR1 brings no status line")

    def close(self):
        if self.dispatcher:
            for pid in children(self.front) + [self.front]:
                try:
                    os.kill(pid, signal.SIGKILL)
                except OSError:
                    pass
            self.dispatcher.kill()
            self.dispatcher.wait()
        try:
            self.receiver.socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self.receiver.socket.close()
        shutil.rmtree(self.tmp, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def losses():
    """The counters that a line of kind loss tells of."""
    with open(os.path.join(ROOT, "plugin/losses.def"),
              encoding="utf-8") as file:
        found = re.findall(r"^(?:LOSS|GRAVE)\((\w+)\)", file.read(), re.M)
    if len(found) < 10:
        raise Failure("plugin/losses.def has %d losses" % len(found))
    return found


def check_told(rig, status, *some):
    """Lines of kind loss told all that is counted, no more and no less; some of
    it was."""
    lines = [json.loads(line.text) for line in rig.receiver.of("loss")]
    for name in losses():
        told = sum(line.get(name, 0) for line in lines)
        if told != status[name]:
            raise Failure("%s: told %d, counted %d" % (
                name, told, status[name]))
    for name in some:
        if not status[name]:
            raise Failure("nothing is counted in %s" % name)


def check_laws(status):
    """The conservation laws, added up here and not by the plugin."""
    def total(*names):
        return sum(status[name] for name in names)

    for left, right in (
            (("lines",), ("lines_malformed", "lines_long", "lines_poisoned",
                       "lines_redone", "records_taken", "records_other",
                       "records_not_exec", "records_duplicate",
                       "records_late", "records_fragment", "records_open")),
            (("events",), ("events_emitted", "events_filtered",
                           "events_quiet", "events_suppressed",
                           "events_dropped",
                        "events_poisoned", "events_replayed",
                        "events_redone")),
            (("events_suppressed",), ("repeats_told", "repeats_open",
                                      "repeats_redone")),
            (("lines_out", "lines_restored"),
             ("lines_sent", "lines_queued", "lines_spooled", "lines_left",
              "lines_dropped", "lines_failed", "lines_unsent", "spool_full",
              "spool_damaged"))):
        if total(*left) != total(*right):
            raise Failure("%s: %d, its fates are %d" % (
                left[0], total(*left), total(*right)))
    if status["residual"]:
        raise Failure("residual %d" % status["residual"])
