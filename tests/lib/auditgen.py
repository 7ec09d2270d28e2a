# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes audit records the way the kernel and auditd write them.

exec_event() gives the lines (bytes, without line feed) of one process
event; ExecEvent's fields are the attacker's: any bytes may stand in them.
"""

PIECE_MAX = 7500        # an EXECVE record's share of arguments
HEX_MIN = 7500          # arguments this long are hex whatever is in them

NUMBERS = {             # name: (arch, execve, execveat)
    "x86_64": ("c000003e", 59, 322),
    "x32": ("c000003e", 0x40000000 | 520, 0x40000000 | 545),
    "i386": ("40000003", 11, 358),
    "aarch64": ("c00000b7", 221, 281),
    "arm": ("40000028", 11, 387),
    "ppc64le": ("c0000015", 11, 362),
    "ppc64": ("80000015", 11, 362),
    "s390x": ("80000016", 11, 354),
    "riscv64": ("c00000f3", 221, 281),
}


def needs_hex(value):
    return any(byte < 0x21 or byte > 0x7E or byte == 0x22 for byte in value)


def encode(value):
    """audit_log_untrustedstring(): quotes, or upper-case hex."""
    if value is None:
        return b"(null)"
    if needs_hex(value):
        return value.hex().upper().encode()
    return b'"' + value + b'"'


def execve_bodies(argv, argc=None):
    """The bodies of an exec's EXECVE records: argc=, aN=, aN[k]= pieces."""
    body = b"argc=%d" % (len(argv) if argc is None else argc)
    bodies = []
    for number, value in enumerate(argv):
        hexed = needs_hex(value) or len(value) >= HEX_MIN
        raw = value.hex().upper().encode() if hexed else value
        quote = 0 if hexed else 2
        if len(body) + 60 > PIECE_MAX:
            bodies.append(body)
            body = b""
        if len(body) + len(raw) + quote + 20 <= PIECE_MAX:
            body += b" a%d=%s" % (number, raw if hexed else b'"%s"' % raw)
            continue
        body += b" a%d_len=%d" % (number, len(raw))
        index = 0
        while raw:
            room = (PIECE_MAX - len(body) - 22) & ~1
            part, raw = raw[:room], raw[room:]
            body += b" a%d[%d]=%s" % (number, index,
                                      part if hexed else b'"%s"' % part)
            index += 1
            if raw:
                bodies.append(body)
                body = b""
    bodies.append(body)
    return [body for body in bodies if body]


def stamp(kind, serial, sec, msec, node=None):
    head = b"node=%s " % node.encode() if node else b""
    return head + b"type=%s msg=audit(%d.%03d:%d): " % (
        kind.encode(), sec, msec, serial)


def exec_event(serial, argv, sec=1700000000, msec=0, node=None, cwd=b"/root",
               comm=None, exe=b"/usr/bin/true", tty=b"pts0", key=b"exec",
               names=(b"/usr/bin/true", b"/lib64/ld-linux-x86-64.so.2"),
               title=None, arch="x86_64", at=False, success=True, exit_code=0,
               pid=100, ppid=99, auid=1000, uid=0, gid=0, euid=0, ses=7,
               subj=b"", enriched=False, eoe=True, argc=None):
    """All lines of one exec event; argv=None writes no EXECVE record."""
    machine, execve, execveat = NUMBERS[arch]

    def line(kind, body):
        return stamp(kind, serial, sec, msec, node) + body

    if comm is None:
        comm = exe.rsplit(b"/", 1)[-1][:15]
    body = (b"arch=%s syscall=%d success=%s exit=%d a0=55d7 a1=55d8 a2=55d9 "
            b"a3=8 items=%d ppid=%d pid=%d auid=%d uid=%d gid=%d euid=%d "
            b"suid=%d fsuid=%d egid=%d sgid=%d fsgid=%d tty=%s ses=%d "
            b"comm=%s exe=%s%s key=%s" % (
                machine.encode(), execveat if at else execve,
                b"yes" if success else b"no", exit_code, len(names), ppid,
                pid, auid, uid, gid, euid, euid, euid, gid, gid, gid, tty,
                ses, encode(comm), encode(exe),
                b" subj=" + subj if subj else b"", encode(key)))
    if enriched:
        body += (b'\x1dARCH=x86_64 SYSCALL=execve AUID="alice" UID="root" '
                 b'GID="root" EUID="root" SUID="root" FSUID="root" '
                 b'EGID="root" SGID="root" FSGID="root"')
    lines = [line("SYSCALL", body)]
    if argv is not None:
        lines += [line("EXECVE", part) for part in execve_bodies(argv, argc)]
    if cwd is not None:
        lines.append(line("CWD", b"cwd=" + encode(cwd)))
    for item, name in enumerate(names):
        body = (b"item=%d name=%s inode=%d dev=fe:00 mode=0100755 ouid=0 "
                b"ogid=0 rdev=00:00 nametype=NORMAL cap_fp=0 cap_fi=0 "
                b"cap_fe=0 cap_fver=0 cap_frootid=0" % (
                    item, encode(name), 1000 + item))
        if enriched:
            body += b'\x1dOUID="root" OGID="root"'
        lines.append(line("PATH", body))
    if title is None:
        title = b"\0".join(argv)[:128] if argv else b"true"
    if title is not False:
        lines.append(line("PROCTITLE", b"proctitle=" + encode(title)))
    if eoe:
        end = line("EOE", b"")
        lines.append(end.rstrip(b" ") if enriched else end)
    return lines


def join(lines):
    return b"".join(line + b"\n" for line in lines)
