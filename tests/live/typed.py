# SPDX-License-Identifier: GPL-3.0-or-later
"""What is typed at a terminal, by pam_tty_audit and the kernel: a pipeline of a
shell's, whose text stands in no argument, is told with what it ran; nothing
else that was typed is."""

import base64
import glob
import json
import os
import subprocess

from rig import Failure

PAYLOAD = "id -u; uname -s; expr 31337 + 1"
COMMANDS = {"id -u", "uname -s", "expr 31337 + 1"}
PASSWORD = "Tr0ub4dor-and-3"
KEYS = ("ls /\n",
        "read -s -p word: word; export word\n", PASSWORD + "\n",
        # taken back: it ends as the line below says
        "xyz\x15echo %s | base64 -d | shh\x7f\n" % base64.b64encode(
            PAYLOAD.encode()).decode(),
        "exit\n")
SERVICE = """\
auth required pam_permit.so
account required pam_permit.so
session required pam_tty_audit.so enable=*
"""
REFUSED = "pam_open_session: "
# Opens a session as sshd would, at a terminal of its own, and types. Says
# REFUSED where that cannot be.
PROGRAM = r"""
import ctypes, json, os, pty, select, sys, time

CONV = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_int, ctypes.c_void_p,
                        ctypes.c_void_p, ctypes.c_void_p)

class Conv(ctypes.Structure):
    _fields_ = [("conv", CONV), ("data", ctypes.c_void_p)]

def open_session(folder):
    pam, handle = ctypes.CDLL("libpam.so.0"), ctypes.c_void_p()
    conv = Conv(CONV(lambda *_: 19), None)
    rc = pam.pam_start_confdir(b"typed", b"root", ctypes.byref(conv),
                               folder.encode(), ctypes.byref(handle))
    return rc or pam.pam_open_session(handle, 0)

pid, fd = pty.fork()
if not pid:
    rc = open_session(sys.argv[1])
    if rc:
        os._exit(rc)
    os.execve("/bin/bash", ["bash", "--norc", "-i"],
              {"PATH": "/usr/bin:/bin", "TERM": "dumb"})

def read(seconds):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if select.select([fd], [], [], 0.1)[0]:
            try:
                os.read(fd, 4096)
            except OSError:
                return

read(1)
with open(sys.argv[2]) as file:
    lines = json.load(file)
for keys in lines:
    try:
        os.write(fd, keys.encode())
    except OSError:
        break
    read(0.5)
read(2)
rc = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
sys.exit("pam_open_session: %d" % rc if rc else 0)
"""


def why_not():
    if not glob.glob("/lib/*/security/pam_tty_audit.so") + \
            glob.glob("/usr/lib*/security/pam_tty_audit.so") + \
            glob.glob("/lib/security/pam_tty_audit.so"):
        return "pam_tty_audit is not installed"
    return None


def check_typed(lines):
    typed = [line for line in lines if line.get("action") == "typed"]
    if len(typed) != 1:
        raise Failure("%d lines of what was typed" % len(typed))
    for key, want in (("decoded", PAYLOAD), ("chain", "base64"),
                      ("type", "TTY"), ("trust", "kernel"),
                      ("executed", "yes")):
        if typed[0].get(key) != want:
            raise Failure("%s is %s: %s" % (key, typed[0].get(key), typed[0]))
    ran = [line for line in lines if line["evt"] == "exec" and
           line.get("payload") == typed[0]["payload"]]
    missing = COMMANDS - {line.get("cmd") for line in ran
                          if line.get("executed") == "yes"}
    if missing:
        raise Failure("not told to be of it: %s" % missing)
    if {line["ses"] for line in ran} != {typed[0]["ses"]}:
        raise Failure("another session's: %s" % typed[0])


def check_untold(text):
    if PASSWORD in text or PASSWORD.encode().hex().upper() in text.upper():
        raise Failure("what else was typed is told")


def typed(rig, report):
    why = why_not()
    if why:
        report.skip("typed", why)
        return
    folder = rig.path("pam.d")
    os.mkdir(folder)
    with open(os.path.join(folder, "typed"), "w") as file:
        file.write(SERVICE)
    rig.start_auditd("ENRICHED")
    rig.watch()
    since = rig.mark()
    # In no argument, where it would be found, too.
    keys = rig.path("keys.json")
    with open(keys, "w") as file:
        json.dump(KEYS, file)
    proc = rig.session("python3", "-c", PROGRAM, folder, keys,
                       stderr=subprocess.PIPE)
    errors = proc.communicate()[1].decode(errors="replace")
    if proc.returncode:
        rig.stop_auditd()
        if not errors.startswith(REFUSED):
            raise Failure(errors[-500:])
        report.skip("typed", "the kernel records no keys here: " +
                    errors.strip())
        return
    rig.wait_lines(since, lambda ls: any(
        line.get("action") == "typed" for line in ls), evt="session")
    rig.settle()
    lines = rig.lines(since)
    with open(rig.received, encoding="utf-8", errors="replace") as file:
        text = file.read()
    rig.stop_auditd()
    report("typed-told", check_typed, lines)
    report("typed-untold", check_untold, text)
