# SPDX-License-Identifier: GPL-3.0-or-later
"""geo/: where addresses are, by databases that are written here, and databases
that were made to do harm: those are refused, or know nothing."""

import json
import os
import struct
import subprocess
import tempfile

import mmdb
from mmdb import Raw, Uint
from suite import AUHUNT, HUNT, Failure, ROOT, environment, hunt, run

# Address, country, asn, as_org; an address that is not public has none.
PLACES = (
    ("8.8.8.8", "US", 15169, "GOOGLE"),
    ("9.9.9.9", "CH", 19281, "QUAD9-AS-1 \u00c9"),
    ("1.1.1.1", "AU", None, None),          # registered there, in no AS
    ("185.0.0.1", None, 4200000000, "A" * 128),
    ("212.58.244.20", None, None, None),
    ("2001:4860:4860::8888", "US", 15169, "GOOGLE"),
    ("10.0.0.1", None, None, None),
    ("127.0.0.66", None, None, None),
    ("192.0.2.1", None, None, None),
)
COUNTRIES = {
    "8.8.8.0/24": {"continent": {"code": "NA", "names": {"en": "x" * 300}},
                   "country": {"geoname_id": 6252001, "iso_code": "US"}},
    "9.9.9.9/32": {"location": {"latitude": 47.1, "none": [1, [], "CH"]},
                   "country": {"is_in_european_union": False,
                               "iso_code": "CH"}},
    "1.1.1.0/24": {"registered_country": {"iso_code": "AU"}},
    "2001:4860::/32": {"country": {"iso_code": "US"}},
    # Nobody is to be asked about these.
    "10.0.0.0/8": {"country": {"iso_code": "ZZ"}},
    "127.0.0.0/8": {"country": {"iso_code": "ZZ"}},
    "192.0.2.0/24": {"country": {"iso_code": "ZZ"}},
}


def network_of(number, name):
    return {"autonomous_system_number": number,
            "autonomous_system_organization": name}


NETWORKS = {
    "8.8.8.0/24": network_of(15169, "GOOGLE"),
    "9.9.9.0/24": network_of(19281, "QUAD9-AS-1 \u00c9"),
    "185.0.0.0/16": network_of(4200000000, "A" * 128),
    "2001:4860::/32": network_of(15169, "GOOGLE"),
}


def saddr(address):
    if ":" in address:
        return struct.pack("<HHI", 10, 0xbb01, 0) + \
            bytes.fromhex("20014860486000000000000000008888") + bytes(4)
    return struct.pack("<H", 2) + b"\x01\xbb" + \
        bytes(map(int, address.split("."))) + bytes(8)


def log():
    """For each address a logon that fails, a session and a call."""
    lines = []
    for number, place in enumerate(PLACES):
        sec, ses = 1700000000 + 10 * number, 10 + number
        serial, pid = 100 * number, 5000 + number
        text = "exe=\"/usr/sbin/sshd\" hostname=%s addr=%s terminal=ssh" % (
            place[0], place[0])
        by = "pid=%d uid=0 auid=%d ses=%d msg='op=%s acct=\"alice\" %s " \
            "res=%s'"
        for step, (kind, body) in enumerate((
                ("USER_AUTH", by % (pid, 4294967295, 4294967295,
                                    "PAM:authentication", text, "failed")),
                ("LOGIN", "pid=%d uid=0 old-auid=4294967295 auid=1000 "
                 "tty=(none) old-ses=4294967295 ses=%d res=1" % (pid, ses)),
                ("USER_START", by % (pid, 1000, ses, "PAM:session_open", text,
                                     "success")),
                ("SYSCALL", "arch=c000003e syscall=42 success=yes exit=0 "
                 "a0=3 items=0 ppid=1 pid=%d auid=1000 uid=1000 gid=1000 "
                 "euid=1000 tty=pts0 ses=%d comm=\"curl\" "
                 "exe=\"/usr/bin/curl\" key=\"net\"" % (pid + 100, ses)),
                ("SOCKADDR", "saddr=" + saddr(place[0]).hex().upper()),
                ("EOE", ""))):
            step = min(step, 3)
            lines.append("type=%s msg=audit(%d.%03d:%d): %s" % (
                kind, sec, step, serial + step, body))
    return "\n".join(lines).encode() + b"\n"


def options(country="none", asn="none"):
    return ("-o", "hunt_dir=/nonexistent", "-o", "geoip.country=" + country,
            "-o", "geoip.asn=" + asn)


def place_of(row):
    return row.get("country"), row.get("asn"), row.get("as_org")


def compare(rows, key, want):
    """Of each row the place, by the address that stands in key."""
    seen = set()
    for row in rows:
        if key not in row:
            continue
        seen.add(row[key])
        if place_of(row) != want.get(row[key]):
            yield "%s is at %s, should be %s" % (
                row[key], place_of(row), want.get(row[key]))
    for address in sorted(want.keys() - seen):
        yield "%s is not there" % address


def objects(output):
    return [json.loads(line) for line in output.splitlines()]


def check_lines(data, use):
    want = {place[0]: place[1:] for place in PLACES}
    rows = objects(hunt(data=data, options=use))
    for evt, action, key in (("logon", "failed", "peer"),
                             ("logon", "success", "addr"),
                             ("network", None, "peer")):
        yield from compare([row for row in rows if row["evt"] == evt and
                            row.get("action") == action], key, want)
    keys = [list(row) for row in rows if row["evt"] == "network"]
    if keys[0][keys[0].index("peer_port") + 1] != "country":
        yield "country is not behind peer_port: %s" % keys[0]


def check_views(data, use):
    want = {place[0]: place[1:] for place in PLACES}
    yield from compare(objects(run([AUHUNT, "sessions", "--json", *use, "-"],
                                   data=data)), "addr", want)
    yield from compare(objects(run([AUHUNT, "network", "--json", *use, "-"],
                                   data=data)), "addr", want)
    for view, text in (
            ("sessions", "from 9.9.9.9 CH AS19281 QUAD9-AS-1 \\u00c9 on pts0: "),
            ("sessions", "from 10.0.0.1 on pts0: "),
            ("network", "1.1.1.1:443 (public) AU external: 1,")):
        got = run([AUHUNT, view, *use, "-"], data=data).decode()
        if text not in got:
            yield "auhunt %s: no %r" % (view, text)


def nested(depth):
    """Arrays of one in each other, deeper than any stack goes on."""
    return Raw(b"\x01\x04" * depth + b"\x40")


def laughs(levels):
    """Each array has the one behind it twice, by pointers: 2**levels texts."""
    out = b""
    for _ in range(levels):
        out += b"\x02\x04" + mmdb.pointer(len(out) + 6) * 2
    return Raw(out + b"\x41x")


def refused():
    """name, bytes: what is not opened."""
    good = mmdb.database(COUNTRIES)
    marker = good.rindex(mmdb.MARKER)
    yield "empty", b""
    yield "text", b"# a list\n1.2.3.4\n" * 1000
    yield "marker", mmdb.MARKER
    yield "cut_metadata", good[:-40]
    yield "cut_before", good[:marker]
    yield "cut_tree", good[marker - 100:]
    yield "no_metadata", good[:marker + len(mmdb.MARKER)]
    for name, metadata in (
            ("nodes_none", {"node_count": 0}),
            ("nodes_many", {"node_count": 0xffffffff}),
            ("nodes_text", {"node_count": "12"}),
            ("nodes_huge", {"node_count": Uint(1 << 63, 64)}),
            ("nodes_long", {"node_count": Uint(1 << 100, 128)}),
            ("record_size", {"record_size": Uint(17, 16)}),
            ("ip_version", {"ip_version": Uint(5, 16)}),
            ("major", {"binary_format_major_version": Uint(3, 16)}),
            ("type_number", {"database_type": Uint(7, 16)}),
            ("languages_numbers", {"languages": ["en", 7]}),
            ("description_number", {"description": {"en": 7}}),
            ("type_unknown", {"a": Raw(b"\x00\x05")}),
            ("double_short", {"a": Raw(b"\x64abcd")}),
            ("languages_map", {"languages": {"en": "en"}}),
            ("description_nested", {"a": nested(60000)}),
            ("description_laughs", {"description": laughs(200)}),
            ("description_itself", {"description": Raw(mmdb.pointer(0))}),
            ("description_many", {"a": Raw(b"\x1f\x04\xff\xff\xff")}),
            ("description_long", {"description": {"en": "x" * 200000}})):
        yield name, mmdb.database(COUNTRIES, metadata=metadata)


def useless():
    """name, value of 8.8.8.0/24: what is opened, and knows nothing."""
    yield "record_text", "US"
    yield "record_array", [["country", "US"]]
    yield "country_text", {"country": "US"}
    yield "code_number", {"country": {"iso_code": 840}}
    yield "code_empty", {"country": {"iso_code": ""}}
    yield "code_long", {"country": {"iso_code": "U" * 9}}
    yield "pointer_itself", Raw(mmdb.pointer(0))
    yield "pointer_pointer", Raw(mmdb.pointer(2) + mmdb.pointer(4) + b"\xe0")
    yield "pointer_outside", Raw(b"\x38\xff\xff\xff\xff")
    yield "pointer_loop", {"a": Raw(mmdb.pointer(0)), "country":
                           Raw(mmdb.pointer(0))}
    yield "key_number", Raw(b"\xe1\xc1\x07\x42US")
    yield "map_many", Raw(b"\xff\xff\xff\xff\x40\x40")
    yield "map_long", dict({"k%05d" % n: n for n in range(5000)},
                           country={"iso_code": "US"})
    yield "text_outside", Raw(b"\xe1\x47country\x5f\xff\xff\xff")
    yield "type_none", Raw(b"\x01\xf0")
    yield "nested", {"a": nested(200000), "country": {"iso_code": "US"}}
    yield "laughs", {"a": laughs(200), "country": laughs(40)}


def check_refused(path, data):
    """The reason stands there, and nothing else happens."""
    for argv in ([HUNT, "--stdout", *options(path)],
                 [HUNT, "--check-config", *options(path)],
                 [AUHUNT, "sessions", *options(path), "-"]):
        done = subprocess.run(argv, input=data, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, env=environment(),
                              cwd=ROOT, timeout=60, check=False)
        if done.returncode not in (1, 2):
            yield "%s: exit %d" % (argv[:2], done.returncode)
        if ("geoip.country: %s: " % path).encode() not in done.stderr or \
                b"Sanitizer" in done.stderr:
            yield "%s says %r" % (argv[:2], done.stderr[-300:])


def check_useless(path, data):
    rows = objects(hunt(data=data, options=options(path, path)))
    found = [row for row in rows if "country" in row or "asn" in row]
    if found:
        yield "%s is at %s" % (found[0].get("peer"), place_of(found[0]))
    if rows[-1]["events_network"] != len(PLACES):
        yield "%d calls" % rows[-1]["events_network"]


def broken_tree(database):
    """Every record says more than there are nodes."""
    return b"\xff" * 600 + database[600:]


def cases(suite):
    data = log()
    with tempfile.TemporaryDirectory() as folder:
        def put(name, content, mode=0o644):
            path = os.path.join(folder, name)
            with open(path, "wb") as file:
                file.write(content)
            os.chmod(path, mode)
            return path

        def case(name, check, *args):
            name = "geo/" + name
            if not suite.wanted(name):
                return
            try:
                suite.case(name, check(*args))
            except (Failure, ValueError, KeyError,
                    subprocess.TimeoutExpired) as error:
                suite.fail(name, repr(error))

        for bits in (24, 28, 32):
            use = options(put("country", mmdb.database(COUNTRIES, bits=bits)),
                          put("asn", mmdb.database(
                              NETWORKS, "GeoLite2-ASN", bits=bits)))
            case("lines/%d" % bits, check_lines, data, use)
        case("views", check_views, data, use)
        for name, content in refused():
            case("refused/" + name, check_refused, put("bad", content), data)
        good = mmdb.database(COUNTRIES)
        case("refused/writable", check_refused, put("bad", good, 0o666), data)
        case("refused/absent", check_refused, folder + "/no", data)
        case("refused/folder", check_refused, folder, data)
        for name, value in useless():
            case("useless/" + name, check_useless, put(
                "bad", mmdb.database({"8.8.8.0/24": value})), data)
        case("useless/tree", check_useless, put("bad", broken_tree(good)),
             data)
        case("useless/version", check_useless, put("bad", mmdb.database(
            {"5.0.0.0/8": {"country": {"iso_code": "US"}}}, version=4)), data)
