# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes MaxMind databases (MaxMind DB File Format Specification 2.0).

database({"8.8.8.0/24": {"country": {"iso_code": "US"}}}) gives the bytes of
one. Values are dict, list, str, bytes, bool, float, Uint(n, bits) and Raw
(bytes that stand there as they are); int is 32 bits. A text that comes again
is a pointer to where it stands.
"""

import collections
import ipaddress
import struct

Uint = collections.namedtuple("Uint", "value bits")
Raw = collections.namedtuple("Raw", "value")
MARKER = b"\xab\xcd\xefMaxMind.com"
POINTER, TEXT, DOUBLE, BYTES, UINT16, UINT32, MAP = range(1, 8)
UINT64, UINT128, ARRAY, BOOLEAN = 9, 10, 11, 14
UINTS = {16: UINT16, 32: UINT32, 64: UINT64, 128: UINT128}


def control(kind, size):
    """The bytes in front of a value."""
    head, more = kind << 5, b""
    if kind > 7:
        head, more = 0, bytes([kind - 7])
    if size < 29:
        return bytes([head | size]) + more
    if size < 285:
        return bytes([head | 29]) + more + bytes([size - 29])
    if size < 65821:
        return bytes([head | 30]) + more + (size - 285).to_bytes(2, "big")
    return bytes([head | 31]) + more + (size - 65821).to_bytes(3, "big")


def pointer(to):
    if to < 2048:
        return bytes([POINTER << 5 | to >> 8, to & 255])
    if to < 526336:
        to -= 2048
        return bytes([POINTER << 5 | 8 | to >> 16]) + \
            (to & 65535).to_bytes(2, "big")
    return bytes([POINTER << 5 | 24]) + to.to_bytes(4, "big")


class Section:
    """Values, one behind the other; seen is None where none is to be a
    pointer."""

    def __init__(self, has_pointers=True):
        self.data, self.seen = bytearray(), {} if has_pointers else None

    def add(self, value):
        at = len(self.data)
        if isinstance(value, Raw):
            self.data += value.value
        elif isinstance(value, dict):
            self.data += control(MAP, len(value))
            for key, member in value.items():
                self.add(key)
                self.add(member)
        elif isinstance(value, list):
            self.data += control(ARRAY, len(value))
            for member in value:
                self.add(member)
        elif isinstance(value, str):
            self.text(value)
        elif isinstance(value, bytes):
            self.data += control(BYTES, len(value)) + value
        elif isinstance(value, bool):
            self.data += control(BOOLEAN, value)
        elif isinstance(value, float):
            self.data += control(DOUBLE, 8) + struct.pack(">d", value)
        else:
            number = value if isinstance(value, Uint) else Uint(value, 32)
            size = (number.value.bit_length() + 7) // 8
            self.data += control(UINTS[number.bits], size)
            self.data += number.value.to_bytes(size, "big")
        return at

    def text(self, value):
        if self.seen is not None and value in self.seen:
            self.data += pointer(self.seen[value])
            return
        if self.seen is not None and len(value) > 2:
            self.seen[value] = len(self.data)
        self.data += control(TEXT, len(value.encode())) + value.encode()


def tree(networks, section, version):
    """Nodes, as lists of two: None, a node's number, or -1 - the offset."""
    nodes = [[None, None]]
    for network, value in networks.items():
        network = ipaddress.ip_network(network)
        address, n_bits = int(network.network_address), network.max_prefixlen
        length = network.prefixlen
        if version == 6 and n_bits == 32:       # IPv4 is at ::/96
            n_bits, length = 128, length + 96
        at = 0
        for depth in range(length):
            bit = address >> (n_bits - 1 - depth) & 1
            if depth == length - 1:
                nodes[at][bit] = -1 - section.add(value)
            elif nodes[at][bit] is None:
                nodes.append([None, None])
                nodes[at][bit] = at = len(nodes) - 1
            else:
                at = nodes[at][bit]
    return nodes


def pack(nodes, bits):
    def record(value):
        if value is None:
            return len(nodes)
        return value if value >= 0 else len(nodes) + 16 - 1 - value

    out = bytearray()
    for left, right in (map(record, node) for node in nodes):
        if bits == 28:
            out += (left & 0xffffff).to_bytes(3, "big")
            out.append(left >> 24 << 4 | right >> 24)
            out += (right & 0xffffff).to_bytes(3, "big")
        else:
            out += left.to_bytes(bits // 8, "big")
            out += right.to_bytes(bits // 8, "big")
    return bytes(out)


def database(networks, kind="GeoLite2-Country", bits=24, version=6,
             metadata=()):
    """metadata changes or adds members of the description."""
    section = Section()
    nodes = tree(networks, section, version)
    description = {
        "node_count": len(nodes), "record_size": Uint(bits, 16),
        "ip_version": Uint(version, 16), "database_type": kind,
        "languages": ["en"], "binary_format_major_version": Uint(2, 16),
        "binary_format_minor_version": Uint(0, 16),
        "build_epoch": Uint(1700000000, 64), "description": {"en": "a test"}}
    description.update(dict(metadata))
    about = Section(has_pointers=False)
    about.add(description)
    return pack(nodes, bits) + bytes(16) + bytes(section.data) + MARKER + \
        bytes(about.data)
