# SPDX-License-Identifier: GPL-3.0-or-later
"""What is inside is never asked about, and keys go nowhere else."""

import os
import random
import subprocess
import time

from asking import KEY, ask, write_config
from server import Rogue
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
    yield "privacy/rows", rows
    yield "privacy/key-stays", key_stays
    yield "privacy/key-of-everybody", key_of_everybody
