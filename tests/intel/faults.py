# SPDX-License-Identifier: GPL-3.0-or-later
"""Providers that answer as nobody should: the question ends in time, says why,
and takes no memory."""

import subprocess
import time

from asking import ask, write_config
from server import Rogue, SlowNames
from suite import AUHUNT, ROOT, Skip, environment

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
    ("nested-a-million", body(b"[" * 1000000), "server", "too long"),
    ("nothing", text(b""), "server", ""),
    ("not-http", text(b"SSH-2.0-OpenSSH_9.2\r\n"), "server", ""),
    ("status-500", text(b"HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n"),
     "server", "status 500"),
]
SLOW = text(b"HTTP/1.1 429 Slow\r\nContent-Length: 0\r\n\r\n")


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


def limited_silently(nginx):
    """429 and no word of when: it is left alone for a minute, whatever else
    there is to ask."""
    rogue = Rogue(nginx.dir, SLOW)
    path = write_config(nginx, ["otx per_minute=0 url=https://localhost:%d" %
                                rogue.port])
    with subprocess.Popen(
            [AUHUNT, "intel", "-c", path, *("8.8.4.%d" % n for n in range(9))],
            cwd=ROOT, env=environment(), stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL) as process:
        time.sleep(8)
        is_waiting = process.poll() is None
        process.kill()
    rogue.stop()
    # Those that were under way when it said so.
    if not 1 <= rogue.requests <= 4 or not is_waiting:
        yield "%d requests" % rogue.requests


def all_at_once(nginx):
    """Every fault and a good provider in one process: each is left alone after
    some failures, says why, and the good one is heard."""
    ips = ["8.8.4.%d" % n for n in range(12)]
    nginx.start([("/v2/smoke/" + ip, 200, (),
                  '{"scores":{"overall":{"total":5}}}') for ip in ips])
    rogues = {name: Rogue(nginx.dir, act, certificate)
              for name, act, certificate, _ in ROWS if name != "nothing"}
    lines = ["otx name=%s per_minute=0 timeout_s=2 url=https://localhost:%d" % (
        name, rogue.port) for name, rogue in rogues.items()]
    lines.append("crowdsec key={file} per_minute=0 url=https://localhost:%d" %
                 nginx.port)
    answers, said = ask(nginx, lines, ips, timeout=120)
    for name, rogue in rogues.items():
        rogue.stop()
        # 5 failures, and those that were under way at the fifth; a connection
        # that breaks is tried once more.
        if not 5 <= rogue.calls <= 18:
            yield "%s: %d calls" % (name, rogue.calls)
        if said.count(name + ": is not asked for a while") != 1:
            yield "%s: %s" % (name, said)
    for one in answers:
        if (one.get("severity"), one.get("provider")) != ("high", "crowdsec"):
            yield "%s" % one
        if not one.get("why"):
            yield "no reason: %s" % one


def slow_names(nginx):
    """A resolver that takes 30 s holds up neither the end nor another
    provider."""
    if not SlowNames.can_be():
        raise Skip("needs root, and a mount of its own")
    names = SlowNames(nginx.dir)
    nginx.start([("/v2/smoke/" + IP, 200, (),
                  '{"scores":{"overall":{"total":5}}}')])
    start = time.monotonic()
    answers, _ = ask(nginx, [
        "otx timeout_s=2 url=https://slow.example.com",
        "crowdsec key={file} url=https://localhost:%d" % nginx.port], [IP],
        wrap=names.wrap)
    took = time.monotonic() - start
    if not names.asked():
        yield "no name was looked up"
    names.close()
    if answers[0].get("severity") != "high" or \
            "timed out" not in answers[0].get("why", ""):
        yield "%s" % answers
    if took > 12:
        yield "it took %.1f s" % took


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
    yield "fault/limited-silently", limited_silently
    yield "fault/all-at-once", all_at_once
    yield "fault/slow-names", slow_names
    yield "fault/inside", inside
