# SPDX-License-Identifier: GPL-3.0-or-later
"""Providers that answer as nobody should: the question ends in time, says why,
and takes no memory."""

import time

from asking import ask
from server import Rogue

IP = "8.8.4.4"
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


def text(data):
    return lambda tls: tls.sendall(data)


def hang(tls):
    time.sleep(60)
    del tls


def trickle(tls):
    tls.sendall(HEAD + b"Content-Length: 1000\r\n\r\n")
    for _ in range(60):
        tls.sendall(b" ")
        time.sleep(1)


def endless(before, piece):
    def act(tls):
        tls.sendall(before)
        while True:
            tls.sendall(piece)
    return act


def body(data):
    return text(HEAD + b"Content-Length: %d\r\nConnection: close\r\n\r\n"
                % len(data) + data)


def moved(where):
    return text(b"HTTP/1.1 302 Found\r\nLocation: %s\r\nContent-Length: 0\r\n"
                b"\r\n" % where)


# name, what it does, certificate, part of why
ROWS = [
    ("hang", hang, "server", "timed out"),
    ("one-byte-a-second", trickle, "server", "timed out"),
    ("endless-headers", endless(HEAD, b"X-A: " + b"a" * 4000 + b"\r\n"),
     "server", "too long"),
    ("endless-body", endless(HEAD + b"Content-Length: 10000000000\r\n\r\n",
                             b"[1,1,1,1," * 8000), "server", "too long"),
    ("self-signed", body(b"{}"), "self", "certificate"),
    ("wrong-host", body(b"{}"), "other", "certificate"),
    ("redirect-file", moved(b"file:///etc/passwd"), "server", "status 302"),
    ("redirect-metadata", moved(b"http://169.254.169.254/latest"), "server",
     "status 302"),
    ("invalid-json", body(b'{"pulse_info": <script>'), "server", "not JSON"),
    ("nested-json", body(b'{"a":' * 40000), "server", "nested too deeply"),
    ("nothing", text(b""), "server", ""),
    ("not-http", text(b"SSH-2.0-OpenSSH_9.2\r\n"), "server", ""),
    ("status-500", text(b"HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n"),
     "server", "status 500"),
]


def fault(act, certificate, why):
    def case(nginx):
        rogue = Rogue(nginx.dir, act, certificate)
        start = time.monotonic()
        answers, _ = ask(nginx, ["otx timeout_s=2 url=https://localhost:%d"
                                 % rogue.port], [IP])
        took = time.monotonic() - start
        rogue.stop()
        if "severity" in answers[0]:
            yield "severity %s" % answers[0]
        if why not in answers[0].get("why", ""):
            yield "why: %s" % answers[0].get("why")
        if not answers[0].get("why", "").startswith("otx: "):
            yield "why: %s" % answers[0].get("why")
        if took > 12:
            yield "it took %.1f s" % took
        if rogue.requests > 2:
            yield "%d requests" % rogue.requests
    return case


def breaker(nginx):
    """Five failures in a row, and it is left alone."""
    rogue = Rogue(nginx.dir, text(
        b"HTTP/1.1 503 Oops\r\nContent-Length: 0\r\n\r\n"))
    answers, said = ask(
        nginx, ["otx per_minute=0 timeout_s=2 url=https://localhost:%d"
                % rogue.port], ["8.8.4.%d" % n for n in range(1, 30)],
        timeout=120)
    rogue.stop()
    if not 5 <= rogue.requests <= 9:
        yield "%d requests" % rogue.requests
    if said.count("is not asked for a while") != 1:
        yield "it said: %s" % said
    if any("severity" in one for one in answers):
        yield "somebody knows"


def limited(nginx):
    """429: asked again when it says, not before."""
    seen = []

    def act(tls):
        seen.append(time.monotonic())
        if len(seen) == 1:
            tls.sendall(b"HTTP/1.1 429 Slow\r\nRetry-After: 3\r\n"
                        b"Content-Length: 0\r\nConnection: close\r\n\r\n")
        else:
            body(b'{"pulse_info":{"count":2}}')(tls)
    rogue = Rogue(nginx.dir, act)
    answers, _ = ask(nginx, ["otx timeout_s=2 url=https://localhost:%d"
                             % rogue.port], [IP])
    rogue.stop()
    if len(seen) != 2 or not 2.9 <= seen[1] - seen[0] <= 6:
        yield "asked at %s" % seen
    if answers[0].get("severity") != "high":
        yield "%s" % answers


def inside(nginx):
    """A provider's name that leads inside is not followed there."""
    rogue = Rogue(nginx.dir, body(b'{"pulse_info":{"count":2}}'))
    answers, _ = ask(nginx, ["otx url=https://localhost:%d inside=no"
                             % rogue.port], [IP])
    rogue.stop()
    if rogue.requests or "address inside" not in answers[0].get("why", ""):
        yield "%d requests, %s" % (rogue.requests, answers)


def cases():
    for name, act, certificate, why in ROWS:
        yield "fault/" + name, fault(act, certificate, why)
    yield "fault/breaker", breaker
    yield "fault/limited", limited
    yield "fault/inside", inside
