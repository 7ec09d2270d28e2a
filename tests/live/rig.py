# SPDX-License-Identifier: GPL-3.0-or-later
"""A real audit chain in a temporary directory: auditd, plugin, rsyslogd.

auditd runs in a mount namespace with a /run of its own, so that neither its
pid file nor what the plugin finds by default (a syslog socket, say) is the
machine's. Everything is put back by Rig.close().
"""

import ctypes
import json
import os
import pwd
import re
import shutil
import signal
import subprocess
import tempfile
import time

USER = 61234   # the session's auid; no such account is needed
SERVICE = "nobody"   # any account but root, in place of the shipped one
WITNESS = "witness.stream"
LINE = re.compile(rb"^\S+ \S+ audisp-hunt(\[\d+\])?: (\{[\x20-\x7e]*\})$")
LIBC = ctypes.CDLL(None, use_errno=True)

AUDITD = """\
local_events = yes
write_logs = yes
log_file = {log}
log_group = root
log_format = {log_format}
flush = INCREMENTAL_ASYNC
freq = 50
max_log_file = 900
num_logs = 2
max_log_file_action = IGNORE
priority_boost = 4
name_format = {name_format}
name = web01
space_left = 2
space_left_action = IGNORE
admin_space_left = 1
admin_space_left_action = IGNORE
disk_full_action = IGNORE
disk_error_action = IGNORE
distribute_network = no
q_depth = 20000
overflow_action = SYSLOG
max_restarts = 10
plugin_dir = {plugins}
end_of_event_timeout = 2
"""

# Where it is on, what auditd's priority_boost gives counts among the processes
# of its own session only, and a storm of execs is none of them (sched(7)).
AUTOGROUP = "/proc/sys/kernel/sched_autogroup_enabled"

# $1 is bound over /run, the rest is what runs there
OWN_RUN = 'mount --bind "$1" /run && shift && exec "$@"'


class Failure(Exception):
    """A sentence that says what is wrong."""


def run(*argv, **kw):
    kw.setdefault("check", True)
    return subprocess.run(argv, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, **kw)


def wait_for(seconds, is_done):
    """Polls until is_done() is true; returns its value, or the last one."""
    end = time.monotonic() + seconds
    while True:
        value = is_done()
        if value or time.monotonic() > end:
            return value
        time.sleep(0.02)


def die_with_us():
    LIBC.prctl(1, signal.SIGTERM)   # PR_SET_PDEATHSIG


def become_user():
    """A login session, as far as audit is concerned: auid and a fresh ses."""
    die_with_us()
    with open("/proc/self/loginuid", "w") as f:
        f.write(str(USER))


def audit_status():
    out = run("auditctl", "-s", check=False).stdout.decode()
    pairs = (line.split(None, 1) for line in out.splitlines())
    return {p[0]: int(p[1]) for p in pairs if len(p) == 2 and p[1].isdigit()}


def autogroup(switch=None):
    """Whether the kernel schedules by session, as "0" or "1"; None: there is
    no such switch, or nobody may turn it. switch: what it shall be."""
    try:
        with open(AUTOGROUP, "r+", encoding="ascii") as file:
            before = file.read().strip()
            if switch:
                file.seek(0)
                file.write(switch)
            return before
    except OSError:
        return None


def is_alive(pid):
    try:
        with open("/proc/%d/stat" % pid) as f:
            return f.read().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


def children(pid):
    """All descendants of a process that are alive."""
    parents = {}
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open("/proc/%s/stat" % name) as f:
                fields = f.read().rpartition(")")[2].split()
        except OSError:
            continue
        if fields[0] not in "ZX":
            parents.setdefault(int(fields[1]), []).append(int(name))
    found = list(parents.get(pid, []))
    for child in found:
        found += parents.get(child, [])
    return found


def cpu_seconds(pids):
    ticks = 0
    for pid in pids:
        with open("/proc/%d/stat" % pid) as f:
            fields = f.read().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


class Rig:
    def __init__(self, build):
        self.before = audit_status()
        self.rules_before = run("auditctl", "-l").stdout.decode()
        self.autogroup_before = autogroup("0")
        self.build = os.path.abspath(build)
        self.auditd = self.rsyslogd = None
        self.starts = 0
        self.tmp = tempfile.mkdtemp(prefix="hunt-live.")
        os.chmod(self.tmp, 0o711)   # the plugin is no longer root
        for name in ("run", "log", "spool", "lib"):
            os.mkdir(self.path(name))
        os.chmod(self.path("log"), 0o777)
        shutil.chown(self.path("lib"), SERVICE)
        self.socket = self.path("run/audisp-hunt/log.sock")
        self.received = self.path("log/audisp-hunt.log")
        self.agent = self.path("log/agent.log")
        self.unverified = self.path("log/audisp-hunt-unverified.log")
        self.devlog = self.path("run/dev-log")   # in its place
        os.mkdir(os.path.dirname(self.socket))   # as tmpfiles.d says
        os.chmod(os.path.dirname(self.socket), 0o710)
        shutil.chown(os.path.dirname(self.socket),
                     group=pwd.getpwnam(SERVICE).pw_gid)
        self.has_own_run = run("unshare", "-m", "true",
                               check=False).returncode == 0

    def path(self, *parts):
        return os.path.join(self.tmp, *parts)

    def close(self):
        for stop in (self.stop_auditd, self.stop_rsyslogd):
            try:
                stop()
            except (OSError, Failure, subprocess.SubprocessError):
                pass
        run("auditctl", "-D", check=False)
        run("auditctl", "-b", str(self.before["backlog_limit"]), check=False)
        if "-a" in self.rules_before or "-w" in self.rules_before:
            with open(self.path("before.rules"), "w") as f:
                f.write(self.rules_before)
            run("auditctl", "-R", self.path("before.rules"), check=False)
        run("auditctl", "-e", str(self.before["enabled"]), check=False)
        autogroup(self.autogroup_before)
        if os.environ.get("KEEP"):
            print("# kept: " + self.tmp)
        else:
            shutil.rmtree(self.tmp, ignore_errors=True)

    # -- the product ------------------------------------------------------

    def install(self):
        """make install; then the one file that names a path is told ours."""
        run("make", "install", "DESTDIR=" + self.tmp, "PREFIX=/usr")
        self.plugin = self.path("usr/sbin/audisp-hunt")
        built = os.path.join(self.build, "audisp-hunt")
        if os.path.exists(built):    # another build (SAN=...) than installed
            self.put_binary(built)
        self.auhunt = os.path.join(self.build, "auhunt")
        if not os.path.exists(self.auhunt):
            self.auhunt = self.path("usr/sbin/auhunt")
        self.config = self.path("etc/audisp-hunt.live.conf")
        self.plugins = self.path("etc/audit/plugins.d")
        self.plugin_conf = self.shipped("plugins.d", "audisp-hunt.conf")
        with open(self.plugin_conf) as f:
            text = f.read()
        with open(self.plugin_conf, "w") as f:
            f.write(re.sub(r"(?m)^path = /usr/sbin/audisp-hunt$",
                           "path = %s\nargs = -c %s" % (self.plugin,
                                                        self.config), text))
        self.configure()

    def shipped(self, folder, name):
        """Where make install put a file of conf/."""
        for base, _, files in os.walk(self.path("etc")):
            if name in files and os.path.basename(base).startswith(folder):
                return os.path.join(base, name)
        raise Failure("make install does not install %s/%s" % (folder, name))

    def put_binary(self, source):
        """A new inode under the old name, as a package upgrade does it."""
        fresh = self.plugin + ".new"
        shutil.copyfile(source, fresh)
        os.chmod(fresh, 0o755)
        os.rename(fresh, self.plugin)

    def configure(self, *more):
        lines = ["output = syslog:%s format=json facility=local5"
                 % self.socket, "user = " + SERVICE,
                 "spool_dir = " + self.path("lib/spool"),
                 # A machine that is too slow has a line for each event, too.
                 "repeat = off"]
        with open(self.config, "w") as f:
            f.write("".join(line + "\n" for line in lines + list(more)))

    # -- rsyslogd ---------------------------------------------------------

    def write_rsyslog_conf(self):
        """The shipped drop-in in our paths, after a stand-in for the agent
        that forwards what passes the default ruleset, as 10-azure... does."""
        guard, text = map(self.shipped_rsyslog, ("05", "40"))
        with open(self.path("rsyslog.conf"), "w") as f:
            f.write('global(workDirectory="%s")\n'
                    'module(load="imuxsock" SysSock.Use="off")\n'
                    'template(name="agent" type="string" string="<%%PRI%%>'
                    "%%TIMESTAMP%% %%HOSTNAME%% %%syslogtag%%"
                    '%%msg:::sp-if-no-1st-sp%%%%msg%%\\n")\n'
                    'input(type="imuxsock" Socket="%s")\n%s'
                    'action(type="omfile" file="%s" template="agent")\n%s'
                    % (self.path("spool"), self.devlog, guard, self.agent,
                       text))

    def shipped_rsyslog(self, number):
        with open(self.shipped("rsyslog", number + "-audisp-hunt.conf")) as f:
            text = f.read()
        text = text.replace("/run/audisp-hunt/", self.path("run/audisp-hunt/"))
        return text.replace("/var/log/", self.path("log/"))

    def start_rsyslogd(self):
        self.write_rsyslog_conf()
        self.rsyslogd = subprocess.Popen(
            ["rsyslogd", "-n", "-f", self.path("rsyslog.conf"),
             "-i", self.path("rsyslogd.pid")],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=open(self.path("rsyslogd.err"), "ab"),
            preexec_fn=die_with_us)
        if not wait_for(10, lambda: os.path.exists(self.socket)):
            with open(self.path("rsyslogd.err"), errors="replace") as f:
                raise Failure("rsyslogd opens no socket: " + f.read()[-500:])

    def stop_rsyslogd(self):
        if self.rsyslogd is None:
            return
        self.rsyslogd.send_signal(signal.SIGCONT)
        self.rsyslogd.terminate()
        try:
            self.rsyslogd.wait(10)
        except subprocess.TimeoutExpired:
            self.rsyslogd.kill()
            self.rsyslogd.wait()
        self.rsyslogd = None

    # -- auditd -----------------------------------------------------------

    def start_auditd(self, log_format="ENRICHED", name_format="NONE",
                     witness=False, leak=()):
        """A private auditd; leak: descriptors (24 and up) its starter left
        open. witness: a second plugin that only writes down what it gets."""
        self.starts += 1
        self.dir = self.path("auditd.%d" % self.starts)
        os.mkdir(self.dir, 0o700)
        self.log = os.path.join(self.dir, "audit.log")
        self.witness = os.path.join(self.dir, WITNESS)
        other = os.path.join(self.plugins, "witness.conf")
        if witness:
            self.write_witness(other)
        elif os.path.exists(other):
            os.unlink(other)
        with open(os.path.join(self.dir, "auditd.conf"), "w") as f:
            f.write(AUDITD.format(log=self.log, log_format=log_format,
                                  name_format=name_format,
                                  plugins=self.plugins))
        argv = ["auditd", "-n", "-c", self.dir]
        if self.has_own_run:
            argv = ["unshare", "-m", "sh", "-c", OWN_RUN, "sh",
                    self.path("run")] + argv
        self.auditd = subprocess.Popen(
            argv, stdin=subprocess.DEVNULL, preexec_fn=die_with_us,
            stdout=open(os.path.join(self.dir, "out"), "wb"),
            stderr=subprocess.STDOUT, pass_fds=leak,
            env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin"})
        if not wait_for(10, lambda: self.auditd.poll() is not None
                        or audit_status().get("pid") == self.auditd.pid) \
           or self.auditd.poll() is not None:
            with open(os.path.join(self.dir, "out"), errors="replace") as f:
                raise Failure("auditd does not start: " + f.read()[-500:])
        run("auditctl", "-b", "8192")
        if not wait_for(5, lambda: len(self.plugin_pids()) > 1):
            out = run(self.plugin, "-c", self.config, check=False)
            raise Failure("the plugin does not stay under auditd; alone: "
                          "exit %d, %s" % (out.returncode,
                                           out.stderr.decode()[-300:]))
        self.first_pids = self.plugin_pids()

    def write_witness(self, conf):
        script = self.path("usr/sbin/witness")
        with open(script, "w") as f:
            f.write('#!/bin/sh\nexec cat >>"$1"\n')
        os.chmod(script, 0o750)
        with open(conf, "w") as f:
            f.write("active = yes\ndirection = out\npath = %s\n"
                    "type = always\nargs = %s\nformat = string\n"
                    % (script, self.witness))
        os.chmod(conf, 0o640)

    def watch(self, *more):
        """Audits the execs of our session only."""
        run("auditctl", "-D")
        for arch in ("b64", "b32"):
            run("auditctl", "-a", "always,exit", "-F", "arch=" + arch,
                "-S", "execve,execveat", "-F", "auid=%d" % USER, *more,
                "-k", "exec", check=arch == "b64")

    def stop_auditd(self):
        """SIGTERM; returns the seconds from its end to that of the plugin."""
        if self.auditd is None:
            return 0.0
        self.auditd.terminate()
        try:
            self.auditd.wait(10)
        except subprocess.TimeoutExpired:
            self.auditd.kill()
            self.auditd.wait()
        ended = time.monotonic()
        wait_for(5, lambda: not self.plugin_pids_left())
        took = time.monotonic() - ended
        for pid in self.plugin_pids_left():
            os.kill(pid, signal.SIGKILL)
        self.auditd = None
        run("auditctl", "-D", check=False)
        return took

    def plugin_pids(self):
        """Our processes under auditd, the one that it started first."""
        return [p for p in children(self.auditd.pid) if self.is_ours(p)]

    def plugin_pids_left(self):
        """Our processes, whoever their parent is by now."""
        return [p for p in map(int, filter(str.isdigit, os.listdir("/proc")))
                if self.is_ours(p) and is_alive(p)]

    def is_ours(self, pid):
        try:
            exe = os.readlink("/proc/%d/exe" % pid)
        except OSError:
            return False
        return exe.split(" (deleted)")[0] == self.plugin

    # -- sessions ---------------------------------------------------------

    def session(self, *argv, **kw):
        """Starts a program in the test session; its exec is audited too."""
        kw.setdefault("stdin", subprocess.DEVNULL)
        return subprocess.Popen(argv, stdout=subprocess.PIPE, cwd="/",
                                preexec_fn=become_user,
                                env={"PATH": "/usr/bin:/bin"}, **kw)

    def command(self, *argv):
        """Runs one command; returns its pid."""
        proc = self.session(*argv)
        proc.communicate()
        return proc.pid

    # -- what came out, or was left --------------------------------------

    def places(self):
        """Where a plugin could leave something: our /run and the host."""
        found = {p for p in ("/run/audisp-hunt", "/var/lib/audisp-hunt",
                             "/var/log/audisp-hunt.log")
                 if os.path.exists(p)}
        for base, folders, files in os.walk(self.path("run")):
            found |= {os.path.join(base, n) for n in folders + files}
        return found

    def mark(self):
        """Where the received lines end now."""
        return os.path.getsize(self.received) \
            if os.path.exists(self.received) else 0

    def settle(self):
        """Waits until no line has come for a while."""
        size = -1
        for _ in range(20):
            if self.mark() == size:
                return
            size = self.mark()
            time.sleep(0.3)

    def mark_lines(self, since):
        """How many lines came since a mark."""
        if not os.path.exists(self.received):
            return 0
        with open(self.received, "rb") as f:
            f.seek(since)
            return f.read().count(b"\n")

    def lines(self, since=0, evt=None):
        """The lines received since a mark, as objects, in order."""
        if not os.path.exists(self.received):
            return []
        with open(self.received, "rb") as f:
            f.seek(since)
            data = f.read()
        out = []
        for line in data[:data.rfind(b"\n") + 1].splitlines():
            m = LINE.match(line)
            if not m:
                raise Failure("a line that is not ours: %r" % line[:200])
            out.append(json.loads(m.group(2)))
        return [o for o in out if evt is None or o.get("evt") == evt]

    def wait_lines(self, since, want, seconds=10, evt="exec"):
        """Waits until want(lines) is true; returns the lines."""
        def look():
            found = self.lines(since, evt)
            return (found,) if want(found) else None

        done = wait_for(seconds, look)
        return done[0] if done else self.lines(since, evt)

    def status(self):
        """SIGUSR1; the status line that follows."""
        since = self.mark()
        pids = self.plugin_pids()
        if not pids:
            raise Failure("the plugin does not run")
        os.kill(pids[0], signal.SIGUSR1)
        found = self.wait_lines(since, len, 5, "status")
        if not found:
            raise Failure("SIGUSR1 brings no line with evt=status")
        return found[0]


class Exec:
    """A successful exec under our rule, read from a log independently."""

    CALL = re.compile(rb"^(?:node=\S+ )?type=SYSCALL msg=audit\(([\d.:]+)\): "
                      rb".* success=yes .* ppid=(\d+) pid=(\d+) .* "
                      rb'key="exec"')
    END = re.compile(rb"^(?:node=\S+ )?type=EOE msg=audit\(([\d.:]+)\):")

    def __init__(self, name, ppid, pid):
        self.id = name
        self.ppid = ppid
        self.pid = pid
        self.serial = int(name.partition(":")[2])
        self.has_end = False


def execs(path):
    """Those of a log, in the order they happened."""
    found = {}
    with open(path, "rb") as f:
        for line in f:
            m = Exec.CALL.match(line)
            if m:
                name = m.group(1).decode()
                found[name] = Exec(name, int(m.group(2)),
                                   int(m.group(3)))
                continue
            m = Exec.END.match(line)
            if m and m.group(1).decode() in found:
                found[m.group(1).decode()].has_end = True
    return sorted(found.values(), key=lambda e: e.serial)
