# SPDX-License-Identifier: GPL-3.0-or-later
"""No output tells a secret.

Command lines that are made up, each with a canary where a row of
conf/hunt.d/redact.conf says that a secret is, as they are and encoded. The
canary must be in no format of audisp-hunt and in no view of auhunt: not plain,
nor in hex, Base64 or percent-encoded.
"""

import base64
import json
import os
import random
import shlex

import auditgen
from suite import AUHUNT, ROOT, hunt, run

COUNT = 2000
ROWS = ("-o", "hunt_dir=" + os.path.join(ROOT, "conf", "hunt.d"),
        "-o", "tag=all", "-o", "min_score=0")
ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZabcdefghjkmnpqrstuvwxyz23456789"
FORMATS = ("json", "cee", "hunt", "auoms")

# {} is the canary; argv, or a shell text.
ARGVS = (
    ["mysql", "-uroot", "-p{}", "db"],
    ["/usr/bin/mysqldump", "--password={}", "db"],
    ["mysqladmin", "password", "{}"],
    ["curl", "-u", "ann:{}", "https://h.example.com/x"],
    ["curl", "-fsSu", "ann:{}", "h.example.com"],
    ["curl", "-H", "Authorization: Bearer {}", "https://h.example.com"],
    ["curl", "-H", "Authorization: Basic {}", "https://h.example.com"],
    ["curl", "-H", "X-Api-Key: {}", "https://h.example.com"],
    ["curl", "https://ann:{}@h.example.com/x"],
    ["curl", "https://h.example.com/x?a=b&token={}&c=d"],
    ["curl", "-d", '{{"user":"ann","password":"{}"}}', "h.example.com"],
    ["wget", "--http-password={}", "h.example.com"],
    ["wget", "--ftp-password", "{}", "h.example.com"],
    ["sshpass", "-p", "{}", "ssh", "h.example.com", "id"],
    ["redis-cli", "-a", "{}", "ping"],
    ["mongo", "-u", "ann", "-p", "{}"],
    ["env", "PGPASSWORD={}", "psql"],
    ["env", "AWS_SECRET_ACCESS_KEY={}", "aws", "s3", "ls"],
    ["docker", "run", "-e", "DB_PASSWORD={}", "image"],
    ["docker", "login", "-u", "ann", "-p", "{}"],
    ["openssl", "rsa", "-in", "k", "-passin", "pass:{}"],
    ["ldapsearch", "-x", "-w", "{}", "-b", "dc=x"],
    ["smbclient", "//h/s", "-U", "ann%{}"],
    ["kubectl", "--token", "{}", "get", "pods"],
    ["helm", "--token={}", "list"],
    ["vault", "login", "{}"],
    ["git", "clone", "https://ann:{}@h.example.com/r.git"],
    ["psql", "postgresql://ann:{}@h.example.com/db"],
    ["echo", "ghp_{}"],
    ["echo", "glpat-{}"],
    ["echo", "eyJhbGciOiJIUzI1NiJ9.eyJ{}.{}"],
    ["echo", "SG.{}.{}"],
    ["sudo", "-u", "ann", "mysql", "-p{}"],
    ["ssh", "h.example.com", "mysql", "-p{}"],
    ["python3", "-c", "import os; os.system('mysql -p{} db')"],
    ["python3", "-c", "run(['sshpass', '-p', '{}', 'id'])"],
)
TEXTS = (
    "echo ann:{} | chpasswd",
    "chpasswd <<< 'ann:{}'",
    "echo {} | sudo -S id",
    "export A_TOKEN={}; run it",
    "export A_TOKEN='{}' B=c && run",
    "P={}; mysql -p$P; mysql -p\"$P\" db",
    "cd /srv && mysql -u root -p'{}' db < dump.sql",
    "curl -u \"ann:{}\" https://h.example.com/x | sh",
    "for i in a b; do sshpass -p {} ssh $i id; done",
    "sh -c 'mysqldump -p{} db' | gzip",
)


def secret_of(dice):
    return "".join(dice.choice(ALPHABET) for _ in range(24))


def in_base64(text):
    return base64.b64encode(text.encode()).decode()


def wrap(dice, text):
    """A shell text that runs this one, in some coat."""
    shape = dice.randrange(6)
    if shape == 0:
        return "echo %s | base64 -d | sh" % in_base64(text)
    if shape == 1:
        return "echo '%s' | base64 --decode | bash; id" % in_base64(text)
    if shape == 2:
        return "a=%s; echo $a | base64 -d | sh" % in_base64(text)
    if shape == 3:
        return "printf %s | xxd -r -p | sh" % text.encode().hex()
    if shape == 4:
        return "bash -c %s" % shlex.quote(text)
    return "base64 -d <<< %s | sh" % in_base64(text)


def command(dice, secret):
    if dice.random() < 0.6:
        argv = [arg.format(secret, secret) for arg in dice.choice(ARGVS)]
    else:
        argv = ["sh", "-c", dice.choice(TEXTS).replace("{}", secret)]
    for _ in range(dice.choice((0, 0, 1, 2))):
        text = argv[2] if argv[0] == "sh" else shlex.join(argv)
        argv = ["sh", "-c", wrap(dice, text)]
    return argv


def forms(secret):
    """What would tell it, in lower case where that is all the same."""
    yield secret.encode()
    yield secret.encode().hex().encode()
    yield "".join("%%%02x" % byte for byte in secret.encode()).encode()
    # Base64 at each of three offsets, without the characters that what is
    # beside it has a part in.
    for offset in range(3):
        text = base64.b64encode(b"x" * offset + secret.encode())
        yield text[4 if offset else 0:len(text) - 4]


def stream(dice):
    lines, told = [], {}
    for serial in range(1, COUNT + 1):
        secret = secret_of(dice)
        argv = command(dice, secret)
        told[serial] = (secret, argv)
        options = {}
        if dice.random() < 0.1:
            options = {"success": False, "exit_code": -2}
        raw = [arg.encode() for arg in argv]
        lines += auditgen.exec_event(
            serial, raw, msec=serial % 1000, names=(b"/bin/x",),
            title=b"\0".join(raw)[:128], **options)
    return auditgen.join(lines), told


def leaks(where, output, told):
    found = 0
    folded = output.lower()
    for serial, (secret, argv) in told.items():
        for form in forms(secret):
            if form in output or form.lower() in folded:
                found += 1
                yield "%s: event %d tells %s as %s: %s" % (
                    where, serial, secret, form.decode(), argv)
                break
    if not output:
        yield "%s: says nothing" % where


def is_told():
    """The yardstick itself: unmasked, all of them are found."""
    data, told = stream(random.Random(3))
    output = run([AUHUNT, "events", "--json", "-o", "redact=no", "-"],
                 data=data)
    hidden = sum(not any(form in output for form in forms(secret))
                 for secret, _ in told.values())
    # Those in two coats are there neither plain nor in one of them.
    if hidden > COUNT * 0.4:
        yield "%d of %d canaries are nowhere" % (hidden, COUNT)


def daemon(fmt):
    data, told = stream(random.Random(1))
    output = hunt(data, fmt=fmt, options=ROWS)
    yield from leaks(fmt, output, told)
    if fmt == "json":
        masked = output.count(b'"redacted":[')
        if masked < COUNT:
            yield "%d of %d lines name no rule" % (COUNT - masked, COUNT)


def tool(name, *options):
    data, told = stream(random.Random(2))
    output = run([AUHUNT, name, *options, *ROWS, "-"], data=data)
    yield from leaks(name, output, told)


def decode():
    dice = random.Random(4)
    told = {}
    for serial in range(COUNT):
        secret = secret_of(dice)
        told[serial] = (secret, command(dice, secret))
    data = "".join(json.dumps(argv) + "\n" for _, argv in told.values())
    output = run([AUHUNT, "decode", *ROWS], data=data.encode())
    yield from leaks("decode", output, told)


def counts():
    """Commands that differ in their secret only are two commands."""
    lines = []
    for serial, secret in enumerate((b"first-S3cret", b"other-S3cret"), 1):
        text = base64.b64encode(b"mysql -p" + secret + b" db").decode()
        lines += auditgen.exec_event(
            serial, [b"sh", b"-c", b"echo %s | base64 -d | sh" %
                     text.encode()])
    data = auditgen.join(lines)
    rows = [json.loads(line) for line in
            run([AUHUNT, "rank", "--json", *ROWS, "-"], data=data)
            .splitlines()]
    if [row["count"] for row in rows] != [1, 1]:
        yield "counted %s" % [row["count"] for row in rows]
    if any(row["decoded"] != "mysql -p*** db" for row in rows):
        yield "shown as %s" % [row["decoded"] for row in rows]


def cases():
    yield "yardstick", is_told
    for fmt in FORMATS:
        yield fmt, lambda fmt=fmt: daemon(fmt)
    yield "events", lambda: tool("events")
    yield "events_json", lambda: tool("events", "--json")
    yield "rank", lambda: tool("rank")
    yield "rank_json", lambda: tool("rank", "--json")
    yield "decode", decode
    yield "counts", counts
