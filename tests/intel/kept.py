# SPDX-License-Identifier: GPL-3.0-or-later
"""Where no systemd does it, front has a keeper that keeps an intel process: the
real plugin, started as auditd starts it, with providers on loopback."""

import json
import os
import pwd
import re
import resource
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

from asking import KEY
from auditgen import exec_event, join
from late import OTX, command
from server import Rogue
from suite import BUILD, ROOT, SANITIZED, Failure, Skip

sys.path.append(os.path.join(ROOT, "tests/faults"))
from processes import check_confined, check_fds             # noqa: E402
from rig import children, read_file, status_of, wait_for    # noqa: E402

# Users that are everywhere, in place of the shipped ones.
USER, INTEL_USER = "nobody", "daemon"
WAIT_S = 20
# CAP_KILL, CAP_SETGID, CAP_SETUID, CAP_SETPCAP
KEEPER_CAPS = "%016x" % 0x1e0
# Of what is left of a front that was killed.
GONE_S = 5
SYSTEMD = "/run/systemd/system"
# auditd gives none; leaks cannot be looked for where nobody may trace.
ENVIRONMENT = {"ASAN_OPTIONS": "detect_leaks=0"} if SANITIZED else {}


def name_of(pid):
    try:
        return read_file("/proc/%d/cmdline" % pid).split("\0")[0]
    except OSError:
        return ""


class Plugin:
    """Front under a socket pair, and what came of it."""

    alive = []

    def __init__(self, nginx, providers, more=()):
        self.nginx = nginx
        self.tmp = tempfile.mkdtemp(prefix="hunt-kept.")
        os.chmod(self.tmp, 0o755)
        for name in ("audisp-hunt", "audisp-hunt-intel"):
            shutil.copyfile(os.path.join(ROOT, BUILD, name), self.path(name))
            os.chmod(self.path(name), 0o755)
        os.mkdir(self.path("log"))
        shutil.chown(self.path("log"), USER)
        self.log = self.path("log/lines")
        self.socket = self.path("intel.sock")
        self.config = self.path("hunt.conf")
        self.write_key(KEY)
        self.configure(providers, more)
        self.front = self.stdin = None
        self.serial = 0
        Plugin.alive.append(self)

    def path(self, name):
        return os.path.join(self.tmp, name)

    def write_key(self, key):
        """A file that only the intel process' user reads."""
        with open(self.path("new.key"), "w", encoding="ascii") as file:
            file.write(key + "\n")
        os.chmod(self.path("new.key"), 0o400)
        shutil.chown(self.path("new.key"), INTEL_USER)
        os.rename(self.path("new.key"), self.path("key"))

    def configure(self, providers, more=()):
        lines = ["output = file:" + self.log, "user = " + USER,
                 "intel.user = " + INTEL_USER, "intel.spawn = yes",
                 "intel.socket = " + self.socket,
                 "intel.state = " + self.path("intel/intel.db"),
                 "intel.ca = " + self.nginx.path("ca.pem"),
                 "hunt_dir = /nonexistent", "state = none", "status_s = 0",
                 "spool_max = 0", "min_score = 0", "canary_s = 0",
                 "frequency = blog"]
        if SANITIZED:
            lines.append("seccomp = off")
        lines += more
        names = [line.split(" = ")[0] for line in lines]
        lines = [line for i, line in enumerate(lines)
                 if names[i] not in names[i + 1:]]
        lines += ["provider = %s inside=yes" % line.replace(
            "{file}", self.path("key")) for line in providers]
        with open(self.config, "w", encoding="utf-8") as file:
            file.write("".join(line + "\n" for line in lines))
        os.chmod(self.config, 0o644)

    def start(self):
        """As auditd does: ours is the other end of its standard input, and
        there is nothing that it could take along."""
        ours, its = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)

        def prepare():
            for number in range(1, signal.NSIG):
                if number not in (signal.SIGKILL, signal.SIGSTOP,
                                  signal.SIGCHLD, 32, 33):
                    signal.signal(number, signal.SIG_IGN)
            os.setpriority(os.PRIO_PROCESS, 0, -4)
            os.umask(0o22)

        self.front = subprocess.Popen(
            [self.path("audisp-hunt"), "-c", self.config], stdin=its,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/",
            env=ENVIRONMENT, preexec_fn=prepare)
        its.close()
        self.stdin = ours
        return self

    def child(self, name):
        """A child of front's by its name; None if there is none."""
        for pid in children(self.front.pid):
            if name_of(pid) == "audisp-hunt: " + name:
                return pid
        return None

    def engine(self):
        return self.child("engine")

    def keeper(self):
        return self.child("keeper")

    def intel(self):
        """The keeper's child, once it is the program."""
        for pid in children(self.keeper() or 0):
            if os.path.basename(name_of(pid)) == "audisp-hunt-intel":
                return pid
        return None

    def all(self):
        return [self.front.pid, self.engine(), self.keeper(), self.intel()]

    def wait(self, what, name, seconds=WAIT_S):
        got = wait_for(seconds, what)
        if not got:
            raise Failure("no %s in %d s" % (name, seconds))
        return got

    def give(self, *argvs):
        for argv in argvs:
            self.serial += 1
            self.stdin.sendall(join(exec_event(
                self.serial, argv, sec=1700000000 + self.serial)))

    def lines(self, evt):
        if not os.path.exists(self.log):
            return []
        with open(self.log, encoding="ascii") as file:
            every = [json.loads(line) for line in file.read().split("\n")[:-1]]
        return [line for line in every if line["evt"] == evt]

    def tell(self, host, n=None):
        """Gives a command with that host; waits for its line and gives it."""
        before = len(self.lines("exec"))
        self.give(command(self.serial if n is None else n, host))
        self.wait(lambda: len(self.lines("exec")) > before, "line of a command")
        return self.lines("exec")[-1]

    def verdict(self, line, seconds=WAIT_S):
        """The amendment of a line."""
        def look():
            return [late for late in self.lines("intel")
                    if late["id"] == line["id"]]
        return self.wait(look, "verdict on " + line["id"], seconds)[0]

    def judge(self, host):
        """A command with that host has a verdict, sooner or later."""
        line = self.tell(host)
        return line if line["parts"].get("intel") else self.verdict(line)

    def end(self):
        """The end of the input, which ends it well."""
        self.stdin.close()
        status = self.front.wait(WAIT_S)
        if status:
            raise Failure("exit status %d" % status)

    def close(self):
        for pid in reversed([pid for pid in self.all() if pid]
                            if self.front else []):
            try:
                os.kill(pid, signal.SIGKILL)
            except OSError:
                pass
        if self.front:
            self.front.wait()
            self.stdin.close()
        shutil.rmtree(self.tmp, ignore_errors=True)


def is_gone(pid):
    return not os.path.exists("/proc/%d/status" % pid) or \
        status_of(pid)["State"].startswith(("Z", "X"))


def require_gone(pids, seconds=GONE_S):
    if not wait_for(seconds, lambda: all(map(is_gone, pids))):
        raise Failure("left over after %d s: %s" % (seconds, [
            (pid, name_of(pid)) for pid in pids if not is_gone(pid)]))


def tidily(case):
    """Nothing of a case that broke off runs on."""
    def run(nginx):
        if os.geteuid():
            raise Skip("needs root, which it gives up being")
        try:
            return list(case(nginx))
        finally:
            while Plugin.alive:
                Plugin.alive.pop().close()
    return run


def otx(nginx, more=""):
    return ["otx key={file} types=ipv4 per_minute=0 url=https://localhost:%d%s"
            % (nginx.port, more)]


def check_keeper(pid):
    """What the kernel says of it; raises what is too much."""
    status, limits = status_of(pid), read_file("/proc/%d/limits" % pid)
    want = {"CapInh": "0" * 16, "CapAmb": "0" * 16, "CapPrm": KEEPER_CAPS,
            "CapEff": KEEPER_CAPS, "CapBnd": KEEPER_CAPS,
            "Uid": "\t".join("0000"), "NoNewPrivs": "1",
            "Seccomp": "0" if SANITIZED else "2"}
    for name, value in want.items():
        if status[name] != value:
            raise Failure("keeper: %s is %s" % (name, status[name]))
    for name, value in (("Max core file size", 0), ("Max open files", 64)):
        if not re.search(r"%s +%d +%d " % (name, value, value), limits):
            raise Failure("keeper: " + name)
    check_fds(pid, ("socket", "pipe", "/dev/null",
                    r"anon_inode:\[signalfd\]"))
    # Read and write: front's line, and intel's socket.
    if len([fd for fd in os.listdir("/proc/%d/fd" % pid)]) > 8:
        raise Failure("keeper: %s" % os.listdir("/proc/%d/fd" % pid))
    if os.getpriority(os.PRIO_PROCESS, pid) != 0:
        raise Failure("keeper: a nice value of %d" % os.getpriority(
            os.PRIO_PROCESS, pid))


def privileges(nginx):
    """Four processes, each with no more than it needs, and a verdict."""
    nginx.start(OTX)
    plugin = Plugin(nginx, otx(nginx)).start()
    plugin.wait(plugin.intel, "intel process")
    plugin.wait(plugin.engine, "engine")
    late = plugin.judge("8.8.4.4")
    if late["verdict"] != "high" or late["provider"] != "otx":
        yield "the verdict: %s" % late
    front, engine, keeper, intel = plugin.all()
    for pid, user in ((front, USER), (engine, USER), (intel, INTEL_USER)):
        check_confined(pid, pwd.getpwnam(user).pw_uid)
    check_keeper(keeper)
    check_fds(front, ("socket", "/dev/null", "anon_inode",
                      r"anon_inode:\[(eventfd|signalfd)\]",
                      r"/memfd:audisp-hunt \(deleted\)",
                      re.escape(plugin.path("audisp-hunt"))))
    check_fds(engine, ("socket", "/dev/null", "pipe", "/proc",
                       re.escape(plugin.log),
                       r"anon_inode:\[(eventfd|signalfd|eventpoll|timerfd)\]"))
    check_fds(intel, ("socket", "/dev/null", "pipe",
                      re.escape(plugin.path("intel/intel.db")) + ".*",
                      r"anon_inode:\[(eventfd|signalfd|eventpoll|timerfd)\]"))
    st = os.stat(plugin.socket)
    if (st.st_uid, st.st_mode & 0o777) != (pwd.getpwnam(USER).pw_uid, 0o600):
        yield "the socket: uid %d, mode %o" % (st.st_uid, st.st_mode)
    st = os.stat(plugin.path("intel"))
    if (st.st_uid, st.st_mode & 0o777) != (
            pwd.getpwnam(INTEL_USER).pw_uid, 0o700):
        yield "the state's folder: uid %d, mode %o" % (st.st_uid, st.st_mode)
    for pid in plugin.all():
        for name in ("cmdline", "environ"):
            if KEY in read_file("/proc/%d/%s" % (pid, name)):
                yield "the key is in %s of %s" % (name, name_of(pid))
    # What a stranger sends goes nowhere.
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGUSR1):
        os.kill(keeper, number)
    time.sleep(0.3)
    if plugin.all() != [front, engine, keeper, intel]:
        yield "a stranger's signals were taken"
    plugin.end()
    require_gone([engine, keeper, intel])
    if os.path.exists(plugin.socket):
        yield "the socket is left over"


def intel_killed(nginx):
    """kill -9 of intel, again and again: it comes back, ever later, and nobody
    else notices."""
    nginx.start(OTX)
    plugin = Plugin(nginx, otx(nginx)).start()
    front, engine, keeper = plugin.front.pid, plugin.wait(
        plugin.engine, "engine"), plugin.wait(plugin.keeper, "keeper")
    took = []
    for n in range(5):
        pid = plugin.wait(plugin.intel, "intel process")
        os.kill(pid, signal.SIGKILL)
        since = time.monotonic()
        line = plugin.tell("9.9.9.%d" % n)
        if "verdict" in line or not line.get("pending"):
            yield "without intel: %s" % line
        plugin.wait(lambda: plugin.intel() not in (None, pid), "other one")
        took.append(time.monotonic() - since)
        if plugin.verdict(line)["verdict"] != "information":
            yield "afterwards: %s" % plugin.lines("intel")
    if took[-1] < 2 or sorted(took) != took:
        yield "it came back after %s" % took
    if plugin.all()[:3] != [front, engine, keeper]:
        yield "others ended, too"
    plugin.end()


def keeper_killed(nginx):
    """kill -9 of the keeper: intel goes with it, verdicts stay pending, and the
    next front makes it all anew."""
    nginx.start(OTX)
    plugin = Plugin(nginx, otx(nginx)).start()
    intel = plugin.wait(plugin.intel, "intel process")
    front, engine, keeper, _ = plugin.all()
    os.kill(keeper, signal.SIGKILL)
    require_gone([keeper, intel])
    line = plugin.tell("8.8.4.4")
    if not line.get("pending") or "intel" in line["parts"]:
        yield "the line: %s" % line
    time.sleep(1)
    if plugin.all()[:2] != [front, engine] or plugin.lines("intel"):
        yield "%s, %s" % (plugin.all(), plugin.lines("intel"))
    plugin.end()
    plugin.start()
    plugin.wait(plugin.intel, "intel process of the next front")
    if plugin.judge("8.8.4.4").get("verdict") != "high":
        yield "no verdict: %s" % plugin.lines("intel")
    plugin.end()


def front_killed(nginx):
    """kill -9 of front while a provider hangs: nobody is left, and a front that
    comes at once has an intel process of its own."""
    rogue = Rogue(nginx.dir, lambda tls: time.sleep(30))
    plugin = Plugin(nginx, ["otx types=ipv4 per_minute=0 timeout_s=20 "
                            "url=https://localhost:%d" % rogue.port]).start()
    plugin.wait(plugin.intel, "intel process")
    plugin.tell("8.8.4.4")
    plugin.wait(lambda: rogue.requests, "request")
    before = [pid for pid in plugin.all()[1:]]
    plugin.front.kill()
    plugin.front.wait()
    plugin.stdin.close()
    require_gone(before[1:])
    if os.path.exists(plugin.socket):
        yield "the socket is left over"
    require_gone(before[:1], 15)
    rogue.stop()
    nginx.start(OTX)
    plugin.configure(otx(nginx))
    for _ in range(3):
        plugin.start()
        plugin.wait(plugin.intel, "intel process")
        left = plugin.all()[2:]
        plugin.front.kill()
        plugin.front.wait()
        plugin.stdin.close()
        plugin.start()
        plugin.wait(plugin.intel, "intel process of the next front")
        require_gone(left)
        if plugin.judge("8.8.4.4").get("verdict", "high") != "high":
            yield "no verdict: %s" % plugin.lines("intel")
        after = plugin.all()[1:]
        plugin.end()
        require_gone(after)


def reload(nginx):
    """SIGHUP to front: intel begins anew with another key; one without anybody
    to ask waits for the next."""
    nginx.start(OTX)
    plugin = Plugin(nginx, otx(nginx)).start()
    first = plugin.wait(plugin.intel, "intel process")
    keeper = plugin.keeper()
    plugin.judge("8.8.4.4")
    if nginx.asked(1)[0]["x-otx-api-key"] != KEY:
        yield "the first key: %s" % nginx.asked()[0]
    plugin.write_key("ANOTHER-KEY")
    os.kill(plugin.front.pid, signal.SIGHUP)
    second = plugin.wait(lambda: plugin.intel() not in (None, first) and
                         plugin.intel(), "new intel process", 5)
    plugin.judge("8.8.8.8")
    if nginx.asked(2)[-1]["x-otx-api-key"] != "ANOTHER-KEY":
        yield "the second key: %s" % nginx.asked()[-1]
    plugin.configure([])
    os.kill(plugin.front.pid, signal.SIGHUP)
    require_gone([second])
    time.sleep(0.5)
    if wait_for(3, plugin.intel) or plugin.keeper() != keeper:
        yield "with nobody to ask: %s" % plugin.all()
    plugin.configure(otx(nginx))
    os.kill(plugin.front.pid, signal.SIGHUP)
    plugin.wait(plugin.intel, "intel process of the third configuration", 5)
    plugin.judge("8.8.4.5")
    plugin.end()


def served(nginx):
    """Where somebody listens already nobody is pushed out; once he has gone
    his place is taken."""
    nginx.start(OTX)
    plugin = Plugin(nginx, otx(nginx))
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as other:
        other.bind(plugin.socket)
        other.listen(4)
        plugin.start()
        keeper = plugin.wait(plugin.keeper, "keeper")
        other.settimeout(5)
        other.accept()[0].close()
        time.sleep(1.5)
        if plugin.intel():
            yield "an intel process beside another one"
        caps = status_of(keeper)["CapPrm"]
        if int(caps, 16) & ~int(KEEPER_CAPS, 16) != 1:
            yield "the keeper that waits has %s" % caps
    plugin.wait(plugin.intel, "intel process", 5)
    check_keeper(keeper)
    if plugin.judge("8.8.4.4").get("verdict") != "high":
        yield "no verdict"
    plugin.end()


def wanted(nginx):
    """intel.spawn, and a configuration with nobody to ask."""
    nginx.start(OTX)
    rows = [("yes", otx(nginx), True), ("no", otx(nginx), False),
            ("yes", [], False),
            ("auto", otx(nginx), not os.path.exists(SYSTEMD))]
    for spawn, providers, is_there in rows:
        plugin = Plugin(nginx, providers, ["intel.spawn = " + spawn]).start()
        plugin.wait(plugin.engine, "engine")
        plugin.tell("8.8.4.4")
        if is_there:
            plugin.wait(plugin.intel, "intel process with " + spawn)
        elif plugin.keeper():
            yield "a keeper with intel.spawn = %s and %s" % (spawn, providers)
        plugin.end()


def no_program(nginx):
    """Without the program, or with one that ends at once, the keeper tries less
    and less often, and that is all."""
    plugin = Plugin(nginx, otx(nginx))
    runs = plugin.path("runs")
    with open(plugin.path("audisp-hunt-intel"), "w", encoding="ascii") as file:
        file.write("#!/bin/sh\necho x >> %s\nexit 1\n" % runs)
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    plugin.start()
    keeper = plugin.wait(plugin.keeper, "keeper")
    time.sleep(4)
    # At 0, 0.25, 0.75, 1.75 and 3.75 s.
    tried = os.path.getsize(runs) // 2
    if not 3 <= tried <= 5:
        yield "%d tries in 4 s" % tried
    os.unlink(plugin.path("audisp-hunt-intel"))
    if not plugin.tell("8.8.4.4").get("pending"):
        yield "not pending"
    time.sleep(5)
    if plugin.keeper() != keeper:
        yield "the keeper ended"
    plugin.end()
    require_gone([keeper])
    if os.path.exists(plugin.socket):
        yield "the socket is left over"
    if resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before > 3:
        yield "it was busy"


def cases():
    for case in (privileges, intel_killed, keeper_killed, front_killed, reload,
                 served, wanted, no_program):
        yield "kept/" + case.__name__.replace("_", "-"), tidily(case)
