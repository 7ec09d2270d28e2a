# SPDX-License-Identifier: GPL-3.0-or-later
"""Strict readers of what audisp-hunt writes, and the AUOMS parse families.

Each raises BadLine where a line breaks its contract.
"""

import base64
import json
import re

LIMITS = {"json": 6000, "cee": 6000, "hunt": 6000, "auoms": 7500}


class BadLine(Exception):
    pass


def lines_of(output, fmt):
    """The lines of an output; the alphabet and the limit are checked."""
    if output and not output.endswith(b"\n"):
        raise BadLine("the last line has no newline: %r" % output[-80:])
    lines = output.split(b"\n")[:-1]
    for line in lines:
        strange = re.search(rb"[^\x20-\x7e]", line)
        if strange:
            raise BadLine("byte %r in %r" % (
                strange[0], line[max(0, strange.start() - 60):][:120]))
        if len(line) > LIMITS[fmt]:
            raise BadLine("%d bytes long: %r..." % (len(line), line[:80]))
        if not line:
            raise BadLine("an empty line")
    return lines


def unique(pairs):
    out = {}
    for key, value in pairs:
        if key in out:
            raise BadLine("key %r twice" % key)
        out[key] = value
    return out


# What must come first, in this order, whatever else a line has; keys that
# have nothing to say may be absent after the sixth.
JSON_FIRST = ("v", "evt", "id", "seq", "sev", "score")
JSON_ORDER = JSON_FIRST + ("parts", "decoded", "why", "iocs", "ts")


def read_json(line):
    """One line of format json, as a dict in the line's order."""
    try:
        row = json.loads(line, object_pairs_hook=unique)
    except ValueError as error:
        raise BadLine("no JSON: %s: %r" % (error, line[:200])) from error
    if not isinstance(row, dict):
        raise BadLine("no object: %r" % line[:200])
    if re.search(rb'[\]}",0-9el] [\[{"0-9tfn-]', re.sub(
            rb'"(?:[^"\\]|\\.)*"', b'""', line)):
        raise BadLine("not compact: %r" % line[:200])
    return row


def check_order(row):
    """Contract on the order of the common keys of json, cee and hunt."""
    keys = [key for key in row if not key.endswith("_b64")]
    if tuple(keys[:3]) != JSON_FIRST[:3]:
        raise BadLine("begins with %s" % keys[:6])
    if row["evt"] in ("exec", b"exec"):
        if tuple(keys[:6]) != JSON_FIRST:
            raise BadLine("begins with %s" % keys[:6])
        if "cmd" in keys and keys[-1] != "cmd":
            raise BadLine("cmd is not last: %s" % keys)
    known = [key for key in keys if key in JSON_ORDER]
    if known != [key for key in JSON_ORDER if key in keys] or \
            keys[:len(known)] != known:
        raise BadLine("key order %s" % keys)


def read_cee(line):
    if not line.startswith(b"@cee: {"):
        raise BadLine("no cookie: %r" % line[:80])
    return read_json(line[len(b"@cee: "):])


HUNT_HEAD = re.compile(rb"type=HUNT_([A-Z]+) audit\((\d+\.\d{3}:\d+)\):")
HUNT_NAME = re.compile(rb" ([A-Za-z_][A-Za-z0-9_.]*)=")
HUNT_BARE = re.compile(rb"[A-Za-z0-9_./:@%+,-]+(?= |\Z)")
HUNT_QUOTED = re.compile(rb'"((?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\]|'
                         rb'\\x[0-9A-F]{2})*)"(?= |\Z)')
HUNT_ESCAPE = re.compile(rb'\\(?:(["\\])|x([0-9A-F]{2}))')


def read_hunt(line):
    """One line of format hunt: names to bytes, with evt and id from it."""
    match = HUNT_HEAD.match(line)
    if not match:
        raise BadLine("no head: %r" % line[:120])
    out, at = {}, match.end()
    while at < len(line):
        name = HUNT_NAME.match(line, at)
        if not name:
            raise BadLine("no field at %d: %r" % (at, line[at:at + 80]))
        at = name.end()
        bare = HUNT_BARE.match(line, at)
        quoted = HUNT_QUOTED.match(line, at)
        if bare:
            value = bare[0]
        elif quoted:
            value = HUNT_ESCAPE.sub(
                lambda m: m[1] or bytes([int(m[2], 16)]), quoted[1])
            if HUNT_BARE.fullmatch(value):
                raise BadLine("needless quotes: %r" % quoted[0][:80])
            bare = quoted
        else:
            raise BadLine("no value at %d: %r" % (at, line[at:at + 80]))
        at = bare.end()
        key = name[1].decode()
        if key in out:
            raise BadLine("%s twice" % key)
        out[key] = value
    if out.get("evt", b"").decode().upper() != match[1].decode():
        raise BadLine("evt=%r in a HUNT_%s line" % (
            out.get("evt"), match[1].decode()))
    return out


def field(row, key):
    """A text field of a json row as bytes, None where absent."""
    if row.get(key + "_b64") is not None:
        return base64.b64decode(row[key + "_b64"], validate=True)
    value = row.get(key)
    if value is None or isinstance(value, bytes):
        return value
    return value.encode("utf-8", "strict")


# ------------------------------------------------------------------ shell

ANSI = {"a": 7, "b": 8, "e": 27, "E": 27, "f": 12, "n": 10, "r": 13,
        "t": 9, "v": 11, "\\": 92, "'": 39, '"': 34, "?": 63}


def shell_split(text):
    """bash's words of one simple command, as bytes; no expansion is met."""
    words, word, at = [], None, 0
    data = text.decode("latin-1") if isinstance(text, bytes) else text

    def fault(why):
        raise BadLine("shell: %s at %d of %r" % (why, at, data[:200]))

    while at < len(data):
        char = data[at]
        if char == " ":
            if word is not None:
                words.append(bytes(word))
            word, at = None, at + 1
            continue
        if word is None:
            word = bytearray()
            if char in "#~":
                fault("bare %s" % char)
        if char == "'":
            end = data.find("'", at + 1)
            if end < 0:
                fault("open '")
            word += data[at + 1:end].encode("latin-1")
            at = end + 1
        elif data.startswith("$'", at):
            at += 2
            while data[at:at + 1] != "'":
                if at >= len(data):
                    fault("open $'")
                if data[at] != "\\":
                    word += data[at].encode("latin-1")
                    at += 1
                    continue
                match = re.compile(
                    r"\\(?:x([0-9A-Fa-f]{1,2})|([0-7]{1,3})|(.))",
                    re.DOTALL).match(data, at)
                if not match or (match[3] and match[3] not in ANSI):
                    fault("escape %r" % data[at:at + 4])
                word.append(int(match[1], 16) if match[1] else
                            int(match[2], 8) if match[2] else ANSI[match[3]])
                at = match.end()
            at += 1
        elif char == '"':
            at += 1
            while data[at:at + 1] != '"':
                if at >= len(data):
                    fault('open "')
                if data[at] in "$`!":
                    fault("bare %s" % data[at])
                if data[at] == "\\" and data[at + 1:at + 2] in '$`"\\':
                    at += 1
                word += data[at:at + 1].encode("latin-1")
                at += 1
            at += 1
        elif char == "\\":
            if at + 1 >= len(data) or data[at + 1] == "\n":
                fault("backslash")
            word += data[at + 1].encode("latin-1")
            at += 2
        elif char in "&();<>|$`*?[]{}!\n\t":
            fault("bare %s" % char)
        else:
            word += char.encode("latin-1")
            at += 1
    if word is not None:
        words.append(bytes(word))
    return words


# ------------------------------------------------------------------ AUOMS

IDS = (("audit_user", "auid"), ("user", "uid"), ("group", "gid"),
       ("effective_user", "euid"), ("set_user", "suid"),
       ("filesystem_user", "fsuid"), ("effective_group", "egid"),
       ("set_group", "sgid"), ("filesystem_group", "fsgid"))


def lazily(*parts):
    """Constants in order; None skips, a name takes a column, all lazily."""
    out, names = "", set()
    for part in parts:
        if part is None:
            out += ".*?"
        elif part.startswith("@"):
            out += "(?P<%s>.*?)" % part[1:]
            names.add(part[1:])
        elif part.startswith("~"):
            out += part[1:]
        else:
            out += re.escape(part)
    return re.compile(out + r"\Z" if out.endswith("*)") else out, re.DOTALL)


HEAD = (None, "syscall=", "@syscall", " syscall_r=", None, " success=",
        "@success", " exit=", "@exit", " a0", None, " ppid=", "@ppid",
        " pid=", "@pid", " audit_user=", "@audit_user", " auid=", "@auid",
        " user=", "@user", " uid=", "@uid", " group=", "@group", " gid=",
        "@gid", "effective_user=", "@effective_user", " euid=", "@euid",
        " set_user=", "@set_user", " suid=", "@suid", " filesystem_user=",
        "@filesystem_user", " fsuid=", "@fsuid", " effective_group=",
        "@effective_group", " egid=", "@egid", " set_group=", "@set_group",
        " sgid=", "@sgid", " filesystem_group=", "@filesystem_group",
        " fsgid=", "@fsgid", " tty=", "@tty", " ses=", "@ses")
NAMES = HEAD + (' comm="', "@comm", '" exe="', "@exe", '"', None)
LOOSE = (None, "success=", "@success", " exit=", None, "ppid=", "@ppid",
         "pid=", "@pid", "audit_user=", "@audit_user", "auid=", None,
         "user=", "@user", " uid=", "@uid", " group=", None, 'comm="',
         "@comm", '" exe="', "@exe")
REST = "~(?P<%s>.*)"

FAMILIES = {
    "F1": lazily(*NAMES, 'cwd="', "@cwd", '" name="', "@name", '"', None,
                 'cmdline="', "@cmdline", '" containerid=',
                 REST % "containerid"),
    "F2": lazily(*NAMES, 'cwd="', "@cwd", '"', None, 'name="', "@name", '"',
                 None, 'cmdline="', "@cmdline", '" containerid=',
                 REST % "containerid"),
    "F3": lazily(*NAMES, 'cwd="', "@cwd", '"', None, 'name="', "@name", '"',
                 None, "cmdline=", REST % "cmdline"),
    "F4": lazily(*LOOSE, '"', None, 'cwd="', "@cwd", '" name="', "@name",
                 '" ', "~(?:inode|nametype)", "=", None,
                 "~(?:proctitle|cmdline)", "=", REST % "cmdline"),
    "F5": lazily(*LOOSE, '" subj=', None, 'cwd="', "@cwd", '" name="',
                 "@name", '" ', "~(?:inode|nametype)", "=", None,
                 "~(?:proctitle|cmdline)", "=", REST % "cmdline"),
    "F6": lazily("type=", "@type", " audit(", "@id", "): ", None, "cmdline=",
                 "@cmdline", " containerid=", REST % "containerid"),
}
TRIMMED = ("F3", "F4", "F5")    # these cut at redactors= and keep the tail
AUOMS_HEAD = re.compile(rb"type=AUOMS_(EXECVE|SYSCALL) "
                        rb"audit\((\d+\.\d{3}:\d+)\): ")


def read_auoms(line, family):
    """The columns a query of that family gets, or None when it gets none."""
    text = line.decode("ascii")
    if family in ("F4", "F5"):
        text = re.sub("containerid=\\Z", "", text)
    match = FAMILIES[family].match(text)
    if not match:
        return None
    out = {key: value.strip(" ") for key, value in match.groupdict().items()}
    if family in TRIMMED:
        out["cmdline"] = re.sub("redactors=.*", "", out["cmdline"])
    return out


def unescape(text):
    r"""Bytes of a column: \xHH undone."""
    if isinstance(text, str):
        text = text.encode("ascii")
    return re.sub(rb"\\x([0-9A-F]{2})",
                  lambda m: bytes([int(m[1], 16)]), text)


def auoms_argument(value):
    """One argument as AUOMS writes it into cmdline."""
    value = value.split(b"\0")[0]
    if not value:
        return b"''"
    special = any(byte in b" &();<>|" for byte in value)
    control = any(byte < 0x20 or byte >= 0x7F for byte in value)
    if control or (b"!" in value and b"'" in value):
        names = {7: b"a", 8: b"b", 9: b"t", 10: b"n", 11: b"v", 12: b"f",
                 13: b"r", 27: b"e", 39: b"'"}
        return b"$'" + b"".join(
            b"\\" + names[byte] if byte in names else
            b"\\x%02X" % byte if byte < 0x20 or byte >= 0x7F else
            bytes([byte]) for byte in value) + b"'"
    if b"!" in value:
        return b"'" + value + b"'"
    if special:
        return b'"' + re.sub(rb'(["$\\`])', rb"\\\1", value) + b'"'
    return re.sub(rb'(["$\'\\`])', rb"\\\1", value)


def auoms_cmdline(argv):
    return b" ".join(map(auoms_argument, argv))
