# SPDX-License-Identifier: GPL-3.0-or-later
"""The files of conf/, and a configuration that is wrong."""

import errno
import os
import re
import signal
import socket
import subprocess
import time

from check import check_lines_come, counter
from rig import Failure, run, wait_for

RSYSLOG_CONF = '''module(load="imuxsock")
module(load="imklog")
$IncludeConfig /etc/rsyslog.d/*.conf
*.*;auth,authpriv.none -/var/log/syslog
'''


def check_drop_in(rig):
    """As it is, beside the machine's own rsyslog.conf or one like it."""
    text = RSYSLOG_CONF
    if os.path.exists("/etc/rsyslog.conf"):
        with open("/etc/rsyslog.conf") as f:
            text = f.read()
    ours = os.path.dirname(
        rig.shipped("rsyslog", "40-audisp-hunt.conf")) + "/*.conf"
    marker = r"(?m)^(\$IncludeConfig|include\().*$"
    without = re.sub(marker, "#", text)
    beside, n = re.subn(marker, "$IncludeConfig " + ours, text, count=1)
    codes, said = zip(*(complaints(rig, t) for t in (
        without, beside if n else text + "$IncludeConfig %s\n" % ours)))
    if codes[1] != codes[0] or said[1] - said[0]:
        raise Failure("rsyslogd -N1 says: " + "; ".join(said[1] - said[0]))


def complaints(rig, text):
    """What rsyslogd says of a configuration."""
    path = rig.path("check.conf")
    with open(path, "w") as f:
        f.write(text)
    out = run("rsyslogd", "-N1", "-f", path, check=False)
    return out.returncode, set(out.stderr.decode().splitlines())


def check_agent_sees(rig):
    """What a forwarder on the default ruleset got, header and all."""
    with open(rig.agent, "rb") as f:
        lines = f.read().splitlines()
    header = re.compile(rb"^<(\d+)>[A-Z][a-z]{2} [ \d]\d [\d:]{8} \S+ "
                        rb'audisp-hunt(\[\d+\])?: \{"v":1,"evt":"[a-z]+",')
    seen = 0
    for line in lines:
        m = header.match(line)
        if b"audisp-hunt" not in line.partition(b": ")[0] or \
                line.endswith(b": in plain words"):
            continue    # rsyslogd's own, and what check_forged let pass
        if not m or int(m.group(1)) >> 3 != 21:
            raise Failure("not from local5 or not our form: %r" % line[:160])
        seen += 1
    if seen == 0 or seen != rig.mark_lines(0):
        raise Failure("%d lines of %d" % (seen, rig.mark_lines(0)))


FORGED = (b'{"v":1,"evt":"exec","id":"1.000:1","forged":1}',
          b'@cee: {"v":1,"evt":"exec","forged":1}',
          b'type=HUNT_EXEC audit(1.000:1): forged=1')
NAMES = (b"audisp-hunt", b"audisp-hunt[1]", b"Audisp-Hunt", b"audisp-hunt/x",
         b"x audisp-hunt", b" audisp-hunt", b"[audisp-hunt]", b"audisp-hunt:x")
OTHER = 61235   # neither root nor whom the plugin becomes


def as_other(what):
    """Runs it in a process of another user; its exit status."""
    pid = os.fork()
    if pid == 0:
        try:
            os.setgroups([])
            os.setgid(OTHER)
            os.setuid(OTHER)
            what()
            os._exit(0)
        except OSError as error:
            os._exit(error.errno)
        finally:
            os._exit(255)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def send(path, *datagrams):
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as to:
        to.connect(path)
        for data in datagrams:
            to.send(data)


def forge(rig):
    """By /dev/log, in every name, facility and form; by logger too."""
    for form in FORGED:
        send(rig.devlog, *(
            b"<%d>Jan  1 00:00:00 %s: %s" % (facility * 8 + 4, name, form)
            for facility in range(24) for name in NAMES))
        text = form.decode()
        for more in ((), ("-p", "local5.crit"), ("-p", "daemon.info"),
                     ("--id=1",), ("-s",)):
            subprocess.run(["logger", "-u", rig.devlog, "-t", "audisp-hunt",
                            *more, text], check=True,
                           stderr=subprocess.DEVNULL)
    send(rig.devlog, b"<30>Jan  1 00:00:00 audisp-hunt[7]: in plain words",
         b"<30>Jan  1 00:00:00 other[7]: the last word")


def check_forged(rig):
    """What others write under our name reaches neither agent nor copy."""
    if as_other(lambda: forge(rig)):
        raise Failure("another user cannot write to what is /dev/log here")
    wait_for(5, lambda: b"the last word" in contents(rig.agent))
    agent = contents(rig.agent)
    if b"the last word" not in agent or b"in plain words" not in agent:
        raise Failure("what is not ours did not pass")
    passed = forged_in(rig.agent) + forged_in(rig.received)
    if passed:
        raise Failure("%d passed: %r" % (len(passed), passed[0][:200]))
    kept = len(forged_in(rig.unverified))
    want = len(FORGED) * (24 * len(NAMES) + 5)
    if kept != want:
        raise Failure("%d of %d are kept" % (kept, want))


def forged_in(path):
    """Not the lines that tell of the logger that was run here."""
    return [line for line in contents(path).splitlines()
            if line.endswith((b'"forged":1}', b"forged=1"))]


def contents(path):
    try:
        with open(path, "rb") as f:
            return f.read()
    except FileNotFoundError:
        return b""


def check_socket(rig):
    """Nobody else gets at our own socket, nor puts one in its place."""
    def write():
        send(rig.socket, b"<172>Jan  1 00:00:00 audisp-hunt: " + FORGED[0])

    code = as_other(write)
    if code != errno.EACCES:
        raise Failure("writing to it: %s" % os.strerror(code))
    code = as_other(lambda: os.unlink(rig.socket))
    if code != errno.EACCES:
        raise Failure("removing it: %s" % os.strerror(code))
    if forged_in(rig.received):
        raise Failure("a forged line in the copy")


def check_loaded(rig):
    rules = rig.shipped("rules.d", "40-audisp-hunt.rules")
    run("auditctl", "-D")
    out = run("auditctl", "-R", rules, check=False)
    if out.returncode or b"rror" in out.stdout + out.stderr:
        raise Failure("auditctl -R says: %r" % (out.stdout + out.stderr))
    listed = run("auditctl", "-l").stdout.decode().splitlines()
    if "never" not in listed[0] or "/usr/sbin/audisp-hunt" not in listed[0]:
        raise Failure("the first rule is " + listed[0])
    for arch in ("arch=b64", "arch=b32"):
        if not any(arch in x and "execve,execveat" in x and "always" in x
                   for x in listed):
            raise Failure("no exec rule for %s: %r" % (arch, listed))


def check_own_is_left_out(rig):
    """The never rule, with our binary where this test has it."""
    with open(rig.shipped("rules.d", "40-audisp-hunt.rules")) as f:
        text = f.read().replace("/usr/sbin/audisp-hunt", rig.plugin)
    with open(rig.path("moved.rules"), "w") as f:
        f.write(text)
    run("auditctl", "-D")
    run("auditctl", "-R", rig.path("moved.rules"))
    since = rig.mark()
    own = rig.command(rig.plugin, "--version")
    check_lines_come(rig)
    if any(x.get("pid") == own for x in rig.lines(since, "exec")):
        raise Failure("our own exec came back to us")


def check_32bit(rig, since):
    lines = rig.wait_lines(since, lambda ls: any(
        x.get("exe", "").endswith("/true") for x in ls), 5)
    if not any(x.get("exe", "").endswith("/true") for x in lines):
        raise Failure("no line for an exec through the 32-bit call")


def shipped(rig, report):
    report("shipped-rsyslog-checks", check_drop_in, rig)
    rig.start_auditd("ENRICHED")
    report("shipped-rules-load", check_loaded, rig)
    report("shipped-rules-line", check_lines_come, rig)
    since = rig.mark()
    proc = rig.session(rig.spawn, "b32", "/bin/true")
    proc.communicate()
    if proc.returncode == 0:
        report("shipped-rules-32bit", check_32bit, rig, since)
    else:
        report.skip("shipped-rules-32bit", "no 32-bit calls on this machine")
    report("shipped-rules-not-ourselves", check_own_is_left_out, rig)
    report("shipped-rsyslog-forged", check_forged, rig)
    report("shipped-rsyslog-socket", check_socket, rig)
    report("shipped-rules-line-again", check_lines_come, rig)
    rig.stop_auditd()
    rig.settle()
    report("shipped-rsyslog-default-ruleset", check_agent_sees, rig)


BAD = ["# a bad one", "no.such.option = 1", "",
       "output = syslog:/x format=nosuch", "this is no setting",
       "output ="]
BAD_LINES = (2, 4, 5, 6)


def write_bad(rig):
    with open(rig.config, "w") as f:
        f.write("\n".join(BAD) + "\n")


def check_listed(rig):
    out = run(rig.plugin, "--check-config", "-c", rig.config, check=False)
    said = (out.stdout + out.stderr).decode()
    missing = [n for n in BAD_LINES
               if "%s:%d:" % (rig.config, n) not in said]
    unasked = [n for n in range(1, len(BAD) + 1) if n not in BAD_LINES
               and "%s:%d:" % (rig.config, n) in said]
    if out.returncode != 2 or missing or unasked:
        raise Failure("exit %d, no error for lines %r, some for %r, says %r"
                      % (out.returncode, missing, unasked, said[-300:]))


def check_stays(rig, pids, seconds=1.0):
    time.sleep(seconds)
    if rig.plugin_pids() != pids:
        raise Failure("the process ended or changed: %r, then %r"
                      % (pids, rig.plugin_pids()))


def check_kept(rig):
    """Bad at reload: the old one stays, and the status line says so."""
    pids = rig.plugin_pids()
    write_bad(rig)
    errors = counter(rig.status(), "reload_errors")
    rig.auditd.send_signal(signal.SIGHUP)
    if not wait_for(3, lambda: counter(rig.status(), "reload_errors")
                    == errors + 1):
        raise Failure("reload_errors did not count it")
    check_lines_come(rig)
    check_stays(rig, pids, 0)


def bad_config(rig, report):
    write_bad(rig)
    report("bad-config-listed", check_listed, rig)
    rig.start_auditd("ENRICHED")
    rig.watch()
    rig.command("/bin/true")
    report("bad-config-stays", check_stays, rig, rig.plugin_pids())
    if rig.has_own_run:
        # the default output is the drop-in's socket, here in our own /run
        report("bad-config-defaults", check_lines_come, rig)
    else:
        report.skip("bad-config-defaults", "no mount namespaces")
    rig.configure()
    rig.auditd.send_signal(signal.SIGHUP)
    time.sleep(0.3)
    report("bad-config-mended", check_lines_come, rig)
    report("bad-config-kept", check_kept, rig)
    rig.stop_auditd()

    os.unlink(rig.config)
    rig.start_auditd("ENRICHED")
    rig.watch()
    rig.command("/bin/true")
    report("no-config-stays", check_stays, rig, rig.plugin_pids())
    rig.configure()
    rig.auditd.send_signal(signal.SIGHUP)
    time.sleep(0.3)
    report("no-config-mended", check_lines_come, rig)
    rig.stop_auditd()
