# SPDX-License-Identifier: GPL-3.0-or-later
"""Providers at fault: the reader does not notice. F20, F21."""

import os
import shutil
import signal
import sys
import time

from processes import LONG, Late, check_gap, require
from rig import (BUILD, ROOT, SANITIZED, Rig, check_laws, children, read_file,
                 status_of, wait_for)
from state import record

sys.path.append(os.path.join(ROOT, "tests/intel"))
from faults import ROWS, SLOW, text                         # noqa: E402
from server import Nginx, Rogue, SlowNames                  # noqa: E402

INTEL_USER = "daemon"
RATE = 2000
PHASE_S = 10 if LONG else 2
ASKED_S = 10        # after a reload, on a busy machine
MEMORY_KIB = 64 * 1024
# By how much providers at fault may make a reader's own part of its gaps worse
# than it is without them in the same minute: of the one in 10,000, and of the
# longest, which is one reading. A pause of the reader's is 1 ms.
WORSE_P9999_MS, WORSE_MAX_MS = 1, 5
LATER = text(b"HTTP/1.1 429 Slow\r\nRetry-After: 1\r\nContent-Length: 0\r\n"
             b"\r\n")
# One whose name is looked up for 30 s.
NAMELESS = "https://slow.example.com"


class Asked(Rig):
    """A plugin with a keeper, in a mount namespace where names are slow."""

    def __init__(self, authority, names):
        super().__init__()
        self.authority, self.names = authority, names
        shutil.copyfile(os.path.join(ROOT, BUILD, "audisp-hunt-intel"),
                        self.path("audisp-hunt-intel"))
        os.chmod(self.path("audisp-hunt-intel"), 0o755)

    def command(self):
        return self.names.wrap(super().command())

    def ask(self, seconds=60):
        return super().ask(seconds)

    def provide(self, url):
        """The provider from now on; None: there is none."""
        lines = ["intel.spawn = yes", "intel.user = " + INTEL_USER,
                 "intel.socket = " + self.path("intel.sock"),
                 "intel.state = none", "intel.ca = " + self.authority]
        if url:
            lines.append("provider = otx types=ipv4 per_minute=0 timeout_s=1 "
                         "inside=yes url=" + url)
        self.configure(*lines)
        if self.front:
            os.kill(self.front, signal.SIGHUP)

    def intel(self):
        for keeper in children(self.front):
            if read_file("/proc/%d/cmdline" % keeper).startswith(
                    "audisp-hunt: keeper"):
                return max(children(keeper), default=None)
        return None


def write_log(rig, events):
    """Each names an address of its own."""
    path = rig.path("unique.log")
    with open(path, "wb") as log:
        for n in range(events):
            log.write(record(n + 1, b"curl http://%d.%d.%d.9/x" % (
                20 + (n >> 16), n >> 8 & 255, n & 255), 1000, n / RATE))
    return path


def phase(rig, name, rogue):
    """One provider for a while."""
    if rogue:
        rig.provide("https://localhost:%d" % rogue.port)
    else:
        rig.provide(NAMELESS)
    until = time.monotonic() + PHASE_S
    asked = wait_for(ASKED_S, lambda: rogue.calls if rogue
                     else rig.names.asked())
    require(asked, name, "was not asked")
    time.sleep(max(0, until - time.monotonic()))
    asked = rogue.calls if rogue else asked + rig.names.asked()
    pid = rig.intel()
    peak = int(status_of(pid)["VmHWM"].split()[0]) if pid else 0
    require(pid, "no intel process with", name)
    require(SANITIZED or peak <= MEMORY_KIB, name, "took", peak, "KiB")
    return "%s %d, %.0f MiB" % (name, asked, peak / 1024)


def load(rig, phases, rogues):
    """The report of a plugin under load, with rogues in turn; None: with nobody
    to ask, and the same reloads."""
    events = RATE * PHASE_S * len(phases) * 2
    rig.provide(NAMELESS if rogues else None)
    rig.start("-f", write_log(rig, events), "-r", str(RATE), "-h", "600000")
    said = []
    for name in phases:
        if rogues:
            said.append(phase(rig, name, rogues.get(name)))
        else:
            rig.provide(None)
            time.sleep(PHASE_S)
    rig.drain()
    check_laws(rig.ask())
    report = rig.finish()
    if said:
        print("# calls, memory: " + "; ".join(said))
    return report


def compare(without, with_them):
    """Late, where providers made it worse."""
    for name, more in (("p9999_ms", WORSE_P9999_MS), ("max_ms", WORSE_MAX_MS)):
        before, after = without["own"][name], with_them["own"][name]
        if after > before + more:
            raise Late("%s: %.2f ms, without providers %.2f" % (
                name, after, before))


def providers_at_fault():
    """Each fault a provider can have, one after another under load."""
    if not SlowNames.can_be():
        return "no mount of its own here"
    if not shutil.which("openssl") or not shutil.which("nginx", path=os.environ[
            "PATH"] + ":/usr/sbin:/sbin"):
        return "no openssl and nginx"
    os.environ["PATH"] += ":/usr/sbin:/sbin"
    rows = [(name, act, certificate) for name, act, certificate, _ in ROWS]
    rows += [("status-429", SLOW, "server"), ("429-later", LATER, "server")]
    nginx = Nginx([])
    names = SlowNames(nginx.dir)
    rogues = {name: Rogue(nginx.dir, act, certificate)
              for name, act, certificate in rows}
    phases = [*rogues, "slow-names"]
    try:
        with Asked(nginx.path("ca.pem"), names) as rig:
            without = load(rig, phases, None)
        with Asked(nginx.path("ca.pem"), names) as rig:
            with_them = load(rig, phases, rogues)
    finally:
        for rogue in rogues.values():
            rogue.stop()
        names.close()
        nginx.close()
    print("# without providers p99.99 %.2f ms, max %.2f ms of %d; with %d at "
          "fault:" % (*(without["own"][name] for name in (
              "p9999_ms", "max_ms", "n")), len(phases)))
    check_gap(with_them)
    compare(without, with_them)


CASES = (providers_at_fault,)
