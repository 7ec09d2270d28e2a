# SPDX-License-Identifier: GPL-3.0-or-later
"""Two users log in over sshd and PAM from two addresses, at the same time; they
use su and sudo, change accounts and have a cron job, while the engine dies and
auditd is started anew. Each command says by an argument whose it is: it has to
be told so, by the lines as they come, by the log and by the state."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys

from rig import Failure, children, die_with_us, is_alive, run, wait_for

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "..", "lib"))
from sessionref import compare                              # noqa: E402

ALICE, BOB, CAROL = "hunt-alice", "hunt-bob", "hunt-carol"
ADDRESS = {ALICE: "127.0.0.66", BOB: "127.0.0.77"}
PASSWORD = {ALICE: "Corr3ct-h0rse", BOB: "B4ttery-st4ple"}
TOOLS = ("sshd", "ssh", "ssh-keygen", "sudo", "su", "cron", "useradd",
         "usermod", "userdel", "chpasswd")
NEEDED = {29: "CAP_AUDIT_WRITE", 30: "CAP_AUDIT_CONTROL"}
SUDOERS = "/etc/sudoers.d/hunt-live"
# PAM waits after a wrong password, and machines are slow.
LONG_S = 90
# cron with nobody's jobs but ours, which it takes for those of a boot.
CRON = """\
mount --bind "$1" /run && mount --bind "$2" /var/spool/cron/crontabs &&
mount --bind "$3" /etc/cron.d && mount --bind "$4" /etc/crontab && exec cron -f
"""
SSHD = """\
ListenAddress 127.0.0.1
Port {port}
HostKey {key}
PidFile none
UsePAM yes
PasswordAuthentication yes
KbdInteractiveAuthentication no
PubkeyAuthentication no
AllowUsers {users}
UseDNS no
StrictModes no
"""


def why_not(rig):
    missing = [tool for tool in TOOLS if not shutil.which(tool)]
    if missing:
        return "not installed: " + " ".join(missing)
    with open("/proc/self/status") as f:
        has = next(int(line.split()[1], 16) for line in f
                   if line.startswith("CapEff"))
    lost = [name for bit, name in NEEDED.items() if not has >> bit & 1]
    if lost:
        return "without " + " ".join(lost)
    if not os.path.exists("/etc/pam.d/sshd"):
        return "no /etc/pam.d/sshd"
    if not rig.has_own_run:
        return "cannot make a mount namespace"
    return None


def uid_of(user):
    return int(run("id", "-u", user).stdout)


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def processes_of(uid):
    found = []
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            if os.stat("/proc/" + name).st_uid == uid:
                found.append(int(name))
        except OSError:
            pass
    return found


class Place:
    """Users, sshd and cron of the test's own; close() takes them away."""

    def __init__(self, rig):
        self.rig = rig
        self.daemons, self.shells = [], []
        self.run_sshd = None
        self.close()
        self.dir = rig.path("logons")
        os.mkdir(self.dir)
        os.chmod(self.dir, 0o755)

    def path(self, *parts):
        return os.path.join(self.dir, *parts)

    def write(self, name, text, mode=0o644):
        with open(self.path(name), "w") as f:
            f.write(text)
        os.chmod(self.path(name), mode)
        return self.path(name)

    def start(self):
        self.uid = {}
        for user, password in PASSWORD.items():
            home = self.path(user)
            run("useradd", "-M", "-d", home, "-s", "/bin/bash", user)
            self.uid[user] = uid_of(user)
            os.mkdir(home)
            shutil.chown(home, user)
            self.write(user + ".askpass", "#!/bin/sh\necho '%s'\n" % password,
                       0o755)
        subprocess.run(
            ["chpasswd"], check=True, text=True, input="".join(
                "%s:%s\n" % pair for pair in PASSWORD.items()))
        self.write("wrong.askpass", "#!/bin/sh\necho wrong\n", 0o755)
        with open(SUDOERS + ".new", "w") as f:
            f.write("%s ALL=(ALL:ALL) ALL\n" % ALICE)
        os.chmod(SUDOERS + ".new", 0o440)
        os.rename(SUDOERS + ".new", SUDOERS)
        self.start_sshd()

    def daemon(self, *argv):
        name = os.path.basename(argv[0])
        with open(self.path(name + ".out"), "ab") as out:
            proc = subprocess.Popen(
                argv, stdin=subprocess.DEVNULL, stdout=out,
                stderr=subprocess.STDOUT, preexec_fn=die_with_us)
        self.daemons.append(proc)
        return proc

    def start_sshd(self):
        if not os.path.isdir("/run/sshd"):
            os.mkdir("/run/sshd", 0o755)
            self.run_sshd = "/run/sshd"
        key = self.path("host_key")
        run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key)
        self.port = free_port()
        conf = self.write("sshd_config", SSHD.format(
            port=self.port, key=key, users=" ".join(PASSWORD)))
        sshd = self.daemon(shutil.which("sshd"), "-D", "-e", "-f", conf)

        def listens():
            with socket.socket() as s:
                return sshd.poll() is not None or \
                    s.connect_ex(("127.0.0.1", self.port)) == 0

        if not wait_for(LONG_S, listens) or sshd.poll() is not None:
            with open(self.path("sshd.out"), errors="replace") as f:
                raise Failure("sshd does not start: " + f.read()[-500:])

    def start_cron(self, user, command):
        for name in ("run", "tabs", "cron.d"):
            os.mkdir(self.path(name))
        tab = self.write("tabs/" + user, "@reboot %s\n" % command, 0o600)
        shutil.chown(tab, user)
        empty = self.write("crontab", "")
        self.daemon("/usr/bin/env", "unshare", "-m", "sh", "-c", CRON, "sh",
                    self.path("run"), self.path("tabs"), self.path("cron.d"),
                    empty)

    def ssh(self, user, password, *command):
        """A client with its ends of pipes."""
        env = {"PATH": os.environ["PATH"], "SSH_ASKPASS_REQUIRE": "force",
               "SSH_ASKPASS": self.path(password + ".askpass")}
        argv = ["ssh", "-F", "none", "-p", str(self.port),
                "-b", ADDRESS[user]]
        for option in ("StrictHostKeyChecking=no", "LogLevel=ERROR",
                       "UserKnownHostsFile=/dev/null",
                       "PreferredAuthentications=password",
                       "NumberOfPasswordPrompts=1"):
            argv += ["-o", option]
        return subprocess.Popen(
            argv + [user + "@127.0.0.1", *command], env=env,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, preexec_fn=die_with_us)

    def fail(self, *users):
        """A wrong password of each."""
        clients = [self.ssh(user, "wrong", "true") for user in users]
        for client in clients:
            client.communicate(timeout=LONG_S)
            if client.returncode == 0:
                raise Failure("a wrong password was right")

    def close(self):
        for shell in self.shells:
            shell.close()
        for daemon in reversed(self.daemons):
            for pid in children(daemon.pid) + [daemon.pid]:
                try:
                    os.kill(pid, signal.SIGTERM)
                except ProcessLookupError:
                    pass
            try:
                daemon.wait(10)
            except subprocess.TimeoutExpired:
                daemon.kill()
                daemon.wait()
        self.daemons, self.shells = [], []
        for user in (ALICE, BOB, CAROL):
            if run("id", "-u", user, check=False).returncode:
                continue
            for pid in processes_of(uid_of(user)):
                os.kill(pid, signal.SIGKILL)
            wait_for(10, lambda: not processes_of(uid_of(user)))
            run("userdel", "-f", user, check=False)
        for name in (SUDOERS, SUDOERS + ".new"):
            if os.path.exists(name):
                os.unlink(name)
        if self.run_sshd:
            shutil.rmtree(self.run_sshd, ignore_errors=True)


class Shell:
    """A shell over ssh that does a line at a time."""

    def __init__(self, place, user):
        self.user, self.said, self.n = user, b"", 0
        self.client = place.ssh(user, user, "bash -s")
        place.shells.append(self)
        os.set_blocking(self.client.stdout.fileno(), False)
        self.ses = int(self.do("cat /proc/self/sessionid"))

    def send(self, line):
        self.n += 1
        self.client.stdin.write(b"%s\necho end-%d\n" % (
            line.encode(), self.n))
        self.client.stdin.flush()

    def wait(self):
        """What the last line printed."""
        mark = b"end-%d\n" % self.n

        def is_there():
            data = self.client.stdout.read()
            self.said += data or b""
            return mark in self.said or data == b""

        wait_for(LONG_S, is_there)
        said, end, rest = self.said.partition(mark)
        if not end:
            raise Failure("%s: no answer but %r" % (
                self.user, self.said[-300:]))
        self.said = rest
        return said.decode(errors="replace")

    def do(self, line):
        self.send(line)
        return self.wait()

    def close(self):
        self.client.stdin.close()
        try:
            self.client.wait(LONG_S)
        except subprocess.TimeoutExpired:
            self.client.kill()
            self.client.wait()
        self.client.stdout.close()


def watch(rig, place):
    run("auditctl", "-D")
    for uid in place.uid.values():
        for arch in ("b64", "b32"):
            run("auditctl", "-a", "always,exit", "-F", "arch=" + arch,
                "-S", "execve,execveat", "-F", "auid=%d" % uid, "-k", "exec",
                check=arch == "b64")


class Story:
    """What was done: markers and whose they are, by ses."""

    def __init__(self):
        self.marks, self.owner, self.n = {}, {}, 0

    def mark(self, user, ses, what="run"):
        self.n += 1
        name = "%s-%s-%d" % (user, what, self.n)
        self.marks[name] = ses
        self.owner[ses] = user
        return name

    def both(self, shells, rounds=1):
        """At the same time in both."""
        for _ in range(rounds):
            for shell in shells:
                shell.send("/bin/true %s & /bin/true %s; wait" % tuple(
                    self.mark(shell.user, shell.ses) for _ in range(2)))
            for shell in shells:
                shell.wait()

    def wait(self, rig, since):
        """Until the lines of all are there."""
        def is_all(lines):
            cmds = " ".join(line.get("cmd", "") for line in lines) + " "
            return all(mark + " " in cmds for mark in self.marks)

        return rig.wait_lines(since, is_all, LONG_S)


def elevate(story, alice, bob, place):
    """su, sudo, and what changes accounts; sudo is not for bob."""
    alice.do("echo '%s' | su -c '/bin/true %s' %s" % (
        PASSWORD[BOB], story.mark(ALICE, alice.ses, "su"), BOB))
    for command in ("/bin/true " + story.mark(ALICE, alice.ses, "sudo"),
                    "useradd -M " + CAROL, "usermod -c x " + CAROL,
                    "userdel " + CAROL):
        alice.do("echo '%s' | sudo -S -p '' %s" % (PASSWORD[ALICE], command))
    bob.do("echo '%s' | sudo -S -p '' /bin/true no" % PASSWORD[BOB])


def leave_behind(story, shell, place):
    """A process that runs something when its session is over."""
    fifo = place.path("fifo")
    os.mkfifo(fifo)
    os.chmod(fifo, 0o666)
    mark = story.mark(shell.user, shell.ses, "late")
    shell.do("(read x <%s; exec /bin/true %s) </dev/null >/dev/null 2>&1 &"
             % (fifo, mark))
    return fifo


def of_mark(lines, mark):
    return [line for line in lines
            if mark in line.get("cmd", "").split() and
            line.get("exe", "").endswith("/true")]


def check_execs(story, lines):
    """Each command, and all others of these sessions."""
    for mark, ses in story.marks.items():
        own = of_mark(lines, mark)
        if len(own) != 1:
            raise Failure("%s: %d lines" % (mark, len(own)))
        if own[0]["ses"] != ses:
            raise Failure("%s is told to be of session %s, not %d" % (
                mark, own[0].get("ses"), ses))
    for line in lines:
        user = story.owner.get(line.get("ses"))
        if user is None:
            raise Failure("a session nobody has: %r" % line)
        is_cron = line.get("session") == "cron"
        for key, want in (("login", user), ("service",
                                            "cron" if is_cron else "sshd"),
                          ("addr", None if is_cron else ADDRESS[user])):
            if line.get(key) != want:
                raise Failure("%s is %s, not %s: %r" % (
                    key, line.get(key), want, line))


def check_parents(story, lines, shells):
    """A shell stays the same process, whatever died meanwhile."""
    for shell in shells:
        above = {(line.get("parent_guid"), line.get("parent_cmd"))
                 for mark, ses in story.marks.items()
                 if ses == shell.ses and "-run-" in mark
                 for line in of_mark(lines, mark)}
        if len(above) != 1 or {cmd for _, cmd in above} != {"bash -s"}:
            raise Failure("%s: started by %s" % (shell.user, above))


def check_told(story, lines, alice, bob):
    """Logons, elevations and accounts."""
    def has(evt, **want):
        if not any(line["evt"] == evt and all(
                line.get(key) == value for key, value in want.items())
                for line in lines):
            raise Failure("no line evt=%s with %s" % (evt, want))

    for shell in (alice, bob):
        has("logon", action="failed", acct=shell.user,
            peer=ADDRESS[shell.user])
        has("logon", action="success", ses=shell.ses, login=shell.user,
            addr=ADDRESS[shell.user], failed_before=1)
        has("logoff", ses=shell.ses, login=shell.user)
    has("elevate", action="success", type="USER_START", ses=alice.ses)
    has("elevate", action="success", type="USER_CMD", ses=alice.ses)
    has("elevate", action="failed", type="USER_CMD", ses=bob.ses)
    for action in ("add_user", "del_user"):
        has("account", action=action, ses=alice.ses, login=ALICE,
            addr=ADDRESS[ALICE])
    has("session", action="start", session="cron", login=BOB)
    has("session", action="end", session="cron", login=BOB)


def rows(rig, *argv, check=True):
    return [json.loads(line) for line in run(
        rig.auhunt, argv[0], "--json", "-o", "redact=no", *argv[1:],
        check=check).stdout.splitlines()]


def check_log(rig, story, logs, shells):
    """By the log alone, and by a second reader of it."""
    found = {row["ses"]: row for row in rows(rig, "sessions", *logs)}
    for shell in shells:
        row = found.get(shell.ses, {})
        for key, want in (("user", shell.user), ("kind", "login"),
                          ("addr", ADDRESS[shell.user]), ("complete", True),
                          ("failed_before", 1)):
            if row.get(key) != want:
                raise Failure("session %d: %s is %s, not %s" % (
                    shell.ses, key, row.get(key), want))
    data = b"".join(open(path, "rb").read() for path in logs)
    for wrong in compare(rows(rig, "sessions", *logs), data):
        raise Failure(wrong)


def check_tree(rig, story, where):
    """The processes of a session are its own."""
    for ses in set(story.marks.values()):
        tree = rows(rig, "tree", "--session", str(ses), *where)
        cmds = " ".join(e["cmd"] for row in tree for e in row["execs"]) + " "
        for mark, owner in story.marks.items():
            if (mark + " " in cmds) != (owner == ses):
                raise Failure("session %d: %s is %sthere" % (
                    ses, mark, "" if owner != ses else "not "))


def check_state(rig, story, state, shells):
    """What the daemon knows, asked while it runs."""
    def saved():
        rig.status()    # SIGUSR1 saves, too
        found = {row["ses"]: row for row in rows(
            rig, "sessions", "--state", state, check=False)}
        return all(found.get(shell.ses, {}).get("addr") ==
                   ADDRESS[shell.user] for shell in shells)

    if not wait_for(LONG_S, saved):
        raise Failure("the state has not the sessions that are open")

    wrong = []

    def is_whole():
        try:
            check_tree(rig, story, ("--state", state))
            return True
        except Failure as e:
            wrong[:] = [e]
            return False

    if not wait_for(LONG_S, is_whole):
        raise wrong[0]


def kill_engine(rig):
    """The engine dies, and another takes over."""
    pid = rig.plugin_pids()[1]
    os.kill(pid, signal.SIGKILL)
    if not wait_for(LONG_S, lambda: not is_alive(pid) and
                    len(rig.plugin_pids()) > 1):
        raise Failure("no engine comes after one that died")


def start(rig, place, log_format):
    rig.start_auditd(log_format)
    watch(rig, place)


def play(rig, report, place, log_format):
    state = rig.path("lib", "logons.%s.db" % log_format)
    rig.configure("state = " + state, "checkpoint_s = 1")
    name = "logons-%s-" % log_format.lower()
    story, since = Story(), rig.mark()
    start(rig, place, log_format)
    place.fail(ALICE, BOB)
    alice, bob = shells = [Shell(place, user) for user in (ALICE, BOB)]
    story.both(shells, 20)
    elevate(story, alice, bob, place)
    story.wait(rig, since)
    report(name + "state", check_state, rig, story, state, shells)
    kill_engine(rig)
    story.both(shells)
    story.wait(rig, since)
    logs = [rig.log]
    rig.stop_auditd()
    start(rig, place, log_format)
    logs.append(rig.log)
    story.both(shells)
    fifo = leave_behind(story, alice, place)
    for shell in shells:
        shell.close()
    with open(fifo, "w") as f:
        f.write("now\n")
    os.unlink(fifo)
    mark = story.mark(BOB, None, "cron")
    place.start_cron(BOB, "/bin/true " + mark)
    lines = story.wait(rig, since)
    for line in of_mark(lines, mark):
        story.marks[mark] = line["ses"]
        story.owner = {**{ses: user for ses, user in story.owner.items()
                          if ses is not None}, line["ses"]: BOB}
    rig.wait_lines(since, lambda ls: any(
        line.get("session") == "cron" and line.get("action") == "end"
        for line in ls), LONG_S, "session")
    rig.wait_lines(since, lambda ls: len(ls) >= 2, LONG_S, "logoff")
    lines = rig.lines(since)
    rig.stop_auditd()
    report(name + "lines", check_execs, story,
           [line for line in lines if line["evt"] == "exec"])
    report(name + "parents", check_parents, story, lines, shells)
    report(name + "told", check_told, story, lines, alice, bob)
    report(name + "log", check_log, rig, story, logs, shells)
    report(name + "tree", check_tree, rig, story, logs)


def logons(rig, report):
    why = why_not(rig)
    if why:
        report.skip("logons", why)
        return
    for log_format in ("ENRICHED", "RAW"):
        place = Place(rig)
        try:
            place.start()
            play(rig, report, place, log_format)
        finally:
            place.close()
            shutil.rmtree(place.dir, ignore_errors=True)
            rig.configure()
