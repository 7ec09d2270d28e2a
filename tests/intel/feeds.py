# SPDX-License-Identifier: GPL-3.0-or-later
"""Feeds: files that the intel process fetches, and what it makes of servers
that do not give them as they should."""

import base64
import hashlib
import json
import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import time
import urllib.parse

from asking import KEY, write_config
from faults import HEAD, endless, hang, moved, text
from late import INTEL, WAIT_S, command
from server import Rogue
from suite import (AUHUNT, HUNT, ROOT, SANITIZED, Failure, Skip,
                   environment)

from auditgen import exec_event, join

LIST = "# a list\n8.8.4.4\nbad.example.org\n"


class Feeds:
    """An intel process with feeds; feeds are lines, {file} a file with a key."""

    alive = []

    def __init__(self, nginx, lines, user="root", inside=True):
        self.nginx = nginx
        self.dir = nginx.path("feeds")
        shutil.rmtree(self.dir, ignore_errors=True)
        os.mkdir(self.dir, 0o755)
        if user != "root":
            os.chown(self.dir, pwd.getpwnam(user).pw_uid, 0)
        self.config = write_config(nginx, [])
        with open(self.config, "a", encoding="utf-8") as file:
            file.write("feed.dir = %s\nintel.socket = %s\n" % (
                self.dir, nginx.path("feeds.sock")))
            for line in lines:
                file.write("feed = %s%s\n" % (
                    line.replace("{file}", nginx.path("key")),
                    " inside=yes" if inside else ""))
        if user != "root":
            with open(self.config, encoding="utf-8") as file:
                whole = file.read().replace("intel.user = root",
                                            "intel.user = " + user)
            with open(self.config, "w", encoding="utf-8") as file:
                file.write(whole)
        self.log = open(nginx.path("feeds.err"), "wb")
        self.process = None
        Feeds.alive.append(self)

    def start(self):
        self.process = subprocess.Popen(
            [INTEL, "-c", self.config, "--socket",
             self.nginx.path("feeds.sock")], cwd=ROOT,
            stdout=subprocess.DEVNULL, stderr=self.log, env=environment())
        return self

    def path(self, name):
        return os.path.join(self.dir, name)

    def read(self, name):
        try:
            with open(self.path(name), encoding="utf-8") as file:
                return file.read()
        except FileNotFoundError:
            return None

    def said(self):
        with open(self.nginx.path("feeds.err"), encoding="utf-8",
                  errors="replace") as file:
            return file.read()

    def again(self):
        self.process.send_signal(signal.SIGUSR1)

    def wait(self, what, name):
        end = time.monotonic() + WAIT_S
        while time.monotonic() < end:
            got = what()
            if got:
                return got
            if self.process.poll() is not None:
                raise Failure("it has ended: %s" % self.said()[-500:])
            time.sleep(0.005)
        raise Failure("no %s: %s" % (name, self.said()[-500:]))

    def end(self):
        self.process.send_signal(signal.SIGTERM)
        status = self.process.wait(WAIT_S)
        said = self.said()
        if status or "ERROR: " in said or "runtime error" in said:
            raise Failure("exit status %d: %s" % (status, said[-500:]))
        if KEY in said:
            raise Failure("the key is in the log")
        return said

    def status(self, name):
        with open("/proc/%d/status" % self.process.pid,
                  encoding="ascii") as file:
            return re.search(r"^%s:\s+(.*)$" % name, file.read(), re.M)[1]


def tidily(case):
    """Nothing of a case that broke off runs on."""
    def run(nginx):
        try:
            return list(case(nginx))
        finally:
            while Feeds.alive:
                one = Feeds.alive.pop()
                if one.process and one.process.poll() is None:
                    one.process.kill()
                    one.process.wait()
                one.log.close()
    return run


def serve(nginx, name, what):
    """A file of nginx's, never of the same second as the one before."""
    folder = nginx.path("files")
    os.makedirs(folder, exist_ok=True)
    os.chmod(folder, 0o755)
    path = os.path.join(folder, name)
    before = os.stat(path).st_mtime if os.path.exists(path) else 1700000000
    with open(path, "w", encoding="utf-8") as file:
        file.write(what)
    os.chmod(path, 0o644)
    os.utime(path, (before + 5, before + 5))
    return "https://localhost:%d/files/%s" % (nginx.port, name)


def comes(nginx):
    """It comes, the engine knows it, and it comes again only if it has
    changed."""
    nginx.start([])
    url = serve(nginx, "list.txt", LIST)
    feeds = Feeds(nginx, ["plain %s name=ours severity=medium" % url]).start()
    feeds.wait(lambda: feeds.read("ours.meta"), "list")
    if feeds.read("ours") != LIST:
        yield "the list: %r" % feeds.read("ours")
    if os.stat(feeds.path("ours")).st_mode & 0o777 != 0o644:
        yield "mode %o" % os.stat(feeds.path("ours")).st_mode
    done = subprocess.run(
        [HUNT, "--stdout", "-c", feeds.config], cwd=ROOT, check=False,
        input=join(exec_event(1, command(1, "8.8.4.4"), sec=1700000000)),
        capture_output=True, env=environment())
    if b"8.8.4.4 is medium to ours" not in done.stdout:
        yield "the engine: %s %s" % (done.stdout[:500], done.stderr[-500:])
    inode = os.stat(feeds.path("ours")).st_ino
    feeds.again()
    second = feeds.wait(lambda: (nginx.asked() + [None, None])[1],
                        "second request")
    if second["status"] != 304 or not second["if-none-match"]:
        yield "the second request: %s" % second
    time.sleep(0.1)
    if os.stat(feeds.path("ours")).st_ino != inode:
        yield "the same list took its own place"
    serve(nginx, "list.txt", LIST + "8.8.8.8\n")
    feeds.again()
    feeds.wait(lambda: feeds.read("ours") == LIST + "8.8.8.8\n", "new list")
    feeds.end()
    if os.path.exists(feeds.path("ours.part")):
        yield "something is left over"


def swap(nginx):
    """A list that comes while the engine runs is known with the next look; no
    event is lost meanwhile."""
    nginx.start([])
    url = serve(nginx, "list.txt", LIST)
    feeds = Feeds(nginx, ["plain %s name=ours" % url])
    lines = nginx.path("lines.log")
    if os.path.exists(lines):
        os.unlink(lines)
    engine = subprocess.Popen(
        [HUNT, "-f", "-c", feeds.config, "-o", "output=file:" + lines, "-o",
         "state=none"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL, cwd=ROOT, env=environment())
    n = 0

    def tell():
        """Gives an event, and whether its line has the verdict."""
        nonlocal n
        n += 1
        engine.stdin.write(join(exec_event(n, command(n, "8.8.4.4"),
                                           sec=1700000000 + n)))
        engine.stdin.flush()
        feeds.wait(lambda: os.path.exists(lines) and len(told()) == n, "line")
        return "is high to ours" in told()[-1]

    def told():
        with open(lines, encoding="ascii") as file:
            return [line for line in file if '"evt":"exec"' in line and
                    line.endswith("\n")]
    feeds.start()
    try:
        if tell():
            raise Failure("a verdict of nobody's")
        feeds.wait(lambda: feeds.read("ours.meta"), "list")
        engine.send_signal(signal.SIGHUP)
        feeds.wait(tell, "verdict")
        os.unlink(feeds.path("ours"))
        engine.send_signal(signal.SIGHUP)
        feeds.wait(lambda: not tell(), "end of the verdict")
    finally:
        engine.kill()
        engine.wait()
        engine.stdin.close()
    said = feeds.end()
    return [said] if "stays" in said else []


def not_due(nginx):
    """What was fetched not long ago is not fetched at the next start."""
    nginx.start([])
    url = serve(nginx, "list.txt", LIST)
    feeds = Feeds(nginx, ["plain %s name=ours every_m=5" % url]).start()
    feeds.wait(lambda: feeds.read("ours.meta"), "list")
    feeds.end()
    feeds.start()
    time.sleep(1)
    feeds.end()
    if len(nginx.asked()) != 1:
        yield "%d requests" % len(nginx.asked())
    os.unlink(feeds.path("ours"))
    feeds.start()
    feeds.wait(lambda: feeds.read("ours"), "list once it is lost")
    feeds.end()
    if nginx.asked()[-1]["if-none-match"]:
        yield "asked for nothing new: %s" % nginx.asked()[-1]


def kinds(nginx):
    """Each kind of list, the list of Tor's exits, and pins."""
    nginx.start([])
    pin = hashlib.sha256(LIST.encode()).hexdigest()
    rows = [("plain", "tor", "203.0.113.7\n203.0.113.8\n", ""),
            ("csv", "csv", '# "first","ioc"\n"x","8.8.4.4"\n', " column=ioc"),
            ("hosts", "hosts", "0.0.0.0 bad.example.org\n", ""),
            ("stix", "stix", '{"type":"bundle","objects":[{"type":"indicator",'
             '"pattern":"[ipv4-addr:value = \'8.8.4.4\']"}]}', ""),
            ("plain", "pinned", LIST, " sha256=" + pin)]
    lines = ["%s %s name=%s%s" % (kind, serve(nginx, name, what), name, more)
             for kind, name, what, more in rows]
    feeds = Feeds(nginx, lines).start()
    for _, name, what, _ in rows:
        feeds.wait(lambda: feeds.read(name) == what, name)
    said = feeds.end()
    if "stays" in said:
        yield said


def whole(data, status=b"200 OK"):
    return text(b"HTTP/1.1 %s\r\nContent-Length: %d\r\nConnection: close"
                b"\r\n\r\n%s" % (status, len(data), data))


def cut(data):
    return text(HEAD + b"Content-Length: %d\r\nConnection: close\r\n\r\n%s" % (
        len(data) + 10, data))


GOOD = LIST.encode()
# name, what the server does, words of the feed, certificate, part of why
FAULTS = [
    ("truncated", cut(GOOD), "", "server", ""),
    ("10-gigabytes", endless(
        HEAD + b"Content-Length: 10000000000\r\n\r\n", b"8.8.4.4\n" * 8192),
     " max_m=1", "server", "too long"),
    ("endless-chunks", endless(
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n",
        b"2000\r\n" + b"8.8.4.4\n" * 1024 + b"\r\n"), " max_m=1", "server",
     "too long"),
    ("redirect-file", moved(b"file:///etc/passwd"), "", "server", "302"),
    ("redirect-metadata", moved(b"http://169.254.169.254/latest"), "",
     "server", "302"),
    ("hang", hang, " timeout_s=2", "server", "timed out"),
    ("wrong-pin", whole(GOOD), " sha256=" + "ab" * 32, "server", "sha256="),
    ("sorry", whole(b"<html>Sorry</html>"), "", "server", "nothing of kind"),
    ("nothing", whole(b""), "", "server", "nothing"),
    ("no-indicator", whole(b"# none\n"), "", "server", "no indicator"),
    ("status-500", whole(GOOD, b"500 Oops"), "", "server", "500"),
    ("unasked-304", whole(b"", b"304 Not Modified"), "", "server", "304"),
    ("self-signed", whole(GOOD), "", "self", "certificate"),
    ("wrong-host", whole(GOOD), "", "other", "certificate"),
]


def fault(act, words, certificate, why):
    """What was there stays, and it is said once."""
    def case(nginx):
        rogue = Rogue(nginx.dir, act, certificate)
        feeds = Feeds(nginx, ["plain https://localhost:%d/x name=ours%s" % (
            rogue.port, words)])
        with open(feeds.path("ours"), "w", encoding="ascii") as file:
            file.write("old.example.org\n")
        feeds.start()
        said = feeds.wait(lambda: "stays" in feeds.said() and feeds.said(),
                          "complaint")
        if "feed ours: " not in said or why not in said:
            yield "it said: %s" % said
        count = rogue.requests
        time.sleep(0.5)
        if rogue.requests != count:
            yield "asked again at once"
        feeds.again()
        # What is under way is not begun again, and tells of nothing new.
        time.sleep(3 if "timeout_s" in words else 1)
        said = feeds.end()
        rogue.stop()
        if said.count("feed ours: ") != 1:
            yield "it said: %s" % said
        if feeds.read("ours") != "old.example.org\n":
            yield "the list: %r" % feeds.read("ours")
        left = sorted(os.listdir(feeds.dir))
        if left != ["ours"]:
            yield "left over: %s" % left
    return case


def memory(nginx):
    """A list of 40 MB and a kilobyte a line does not lie in memory."""
    nginx.start([])
    url = serve(nginx, "large", "".join(
        "h%d.example.org # %s\n" % (n, "x" * 1000) for n in range(40000)))
    feeds = Feeds(nginx, ["plain %s name=large" % url]).start()
    feeds.wait(lambda: feeds.read("large.meta"), "list")
    peak = int(feeds.status("VmHWM").split()[0])
    feeds.end()
    if not SANITIZED and peak > 64 * 1024:
        yield "%d KiB of memory" % peak


def inside(nginx):
    """A name that leads inside is not followed there."""
    rogue = Rogue(nginx.dir, whole(GOOD))
    feeds = Feeds(nginx, ["plain https://localhost:%d/x name=ours" %
                          rogue.port], inside=False).start()
    feeds.wait(lambda: "address inside" in feeds.said(), "refusal")
    feeds.end()
    rogue.stop()
    if rogue.requests:
        yield "%d requests" % rogue.requests


def later(nginx):
    """429 with Retry-After, then it mends: both are said."""
    nginx.start([])
    seen = []

    def act(tls):
        seen.append(time.monotonic())
        if len(seen) == 1:
            tls.sendall(b"HTTP/1.1 429 Slow\r\nRetry-After: 3600\r\n"
                        b"Content-Length: 0\r\nConnection: close\r\n\r\n")
        else:
            whole(GOOD)(tls)
    rogue = Rogue(nginx.dir, act)
    feeds = Feeds(nginx, ["plain https://localhost:%d/x name=ours" %
                          rogue.port]).start()
    feeds.wait(lambda: "status 429" in feeds.said(), "complaint")
    time.sleep(0.5)
    feeds.again()
    feeds.wait(lambda: feeds.read("ours"), "list")
    feeds.wait(lambda: "fetched again" in feeds.said(), "good news")
    feeds.end()
    rogue.stop()
    if len(seen) != 2:
        yield "%d requests" % len(seen)


def killed(nginx):
    """kill -9 in the middle of a list: the one before stays, the next run
    brings it."""
    state = {"is_cut": True}

    def act(tls):
        if state["is_cut"]:
            tls.sendall(HEAD + b"Content-Length: 1000\r\n\r\n" + GOOD)
            time.sleep(30)
        else:
            whole(GOOD)(tls)
    rogue = Rogue(nginx.dir, act)
    feeds = Feeds(nginx, ["plain https://localhost:%d/x name=ours" %
                          rogue.port])
    with open(feeds.path("ours"), "w", encoding="ascii") as file:
        file.write("old.example.org\n")
    feeds.start()
    feeds.wait(lambda: os.path.exists(feeds.path("ours.part")) and
               os.path.getsize(feeds.path("ours.part")), "first piece")
    feeds.process.kill()
    feeds.process.wait()
    if feeds.read("ours") != "old.example.org\n":
        yield "the list: %r" % feeds.read("ours")
    state["is_cut"] = False
    feeds.start()
    feeds.wait(lambda: feeds.read("ours") == LIST, "list")
    feeds.end()
    rogue.stop()


class Collection:
    """A TAXII 2.1 collection; objects are (date added, object)."""

    def __init__(self, folder):
        self.objects = []
        self.asked = []
        self.page = 2
        self.rogue = Rogue(folder, lambda tls: None)
        self.rogue.serve = self.serve
        self.url = "https://localhost:%d/api/collections/1/objects/" % \
            self.rogue.port

    def add(self, n, address, **more):
        self.objects = [one for one in self.objects
                        if not one[1]["id"].endswith("%012d" % n)]
        self.objects.append(("2026-01-01T00:00:%02d.000000Z" % len(
            self.asked + self.objects), {
                "type": "indicator", "spec_version": "2.1",
                "id": "indicator--00000000-0000-4000-8000-%012d" % n,
                "pattern_type": "stix", "description": "\u00fc" * 50,
                "pattern": "[ipv4-addr:value = '%s']" % address, **more}))

    def serve(self, plain):
        try:
            with self.rogue.context.wrap_socket(plain, server_side=True) as tls:
                head = tls.recv(65536).decode()
                self.asked.append(head)
                query = urllib.parse.parse_qs(urllib.parse.urlsplit(
                    head.split()[1]).query)
                tls.sendall(self.answer(query))
        except OSError:
            pass

    def answer(self, query):
        after = query.get("added_after", [""])[0]
        at = int(query.get("next", ["0"])[0])
        new = [one for one in self.objects if one[0] > after]
        page = new[at:at + self.page]
        body = {"objects": [one[1] for one in page]} if page else {}
        if at + self.page < len(new):
            body.update(more=True, next=str(at + self.page))
        data = json.dumps(body).encode()
        last = "X-TAXII-Date-Added-Last: %s\r\n" % page[-1][0] if page else ""
        return (b"HTTP/1.1 200 OK\r\nContent-Type: application/taxii+json;"
                b"version=2.1\r\n%sContent-Length: %d\r\nConnection: close"
                b"\r\n\r\n%s" % (last.encode(), len(data), data))


def addresses(feeds):
    whole_text = feeds.read("ours")
    return sorted(re.findall(r"'([0-9.]+)'", one["pattern"])[0]
                  for one in json.loads(whole_text)["objects"]) \
        if whole_text else []


def taxii(nginx):
    """All pages, then only what is new; what is revoked or over goes."""
    collection = Collection(nginx.dir)
    for n in range(5):
        collection.add(n, "8.8.4.%d" % n)
    collection.add(7, "8.8.4.7", valid_until="2020-01-01T00:00:00Z")
    collection.add(8, "8.8.4.8", pattern_type="snort")
    feeds = Feeds(nginx, ["taxii %s name=ours key={file}" %
                          collection.url + " header=\"X-Key: {key}\""]).start()
    feeds.wait(lambda: feeds.read("ours.meta"), "collection")
    want = ["8.8.4.%d" % n for n in (0, 1, 2, 3, 4, 7)]
    if addresses(feeds) != want:
        yield "it has %s" % addresses(feeds)
    first = collection.asked[0]
    if len(collection.asked) != 4 or "X-Key: " + KEY not in first or \
            "Accept: application/taxii+json;version=2.1" not in first or \
            "match%5Btype%5D=indicator" not in first or \
            "added_after" in first:
        yield "asked %d times: %s" % (len(collection.asked), first)
    collection.add(2, "8.8.4.2", revoked=True)
    collection.add(3, "8.8.8.3")
    collection.add(9, "8.8.8.9")
    feeds.again()
    want = ["8.8.4.0", "8.8.4.1", "8.8.4.4", "8.8.8.3", "8.8.8.9"]
    feeds.wait(lambda: addresses(feeds) == want, "amended collection")
    if "added_after=2026-01-01T00%3A00%3A" not in collection.asked[4]:
        yield "asked for all of it: %s" % collection.asked[4]
    inode = os.stat(feeds.path("ours")).st_ino
    count = len(collection.asked)
    feeds.again()
    feeds.wait(lambda: len(collection.asked) > count, "third run")
    time.sleep(0.2)
    if os.stat(feeds.path("ours")).st_ino != inode:
        yield "written anew without news"
    done = subprocess.run(
        [HUNT, "--stdout", "-c", feeds.config], cwd=ROOT, check=False,
        input=join(exec_event(1, command(1, "8.8.8.9"), sec=1700000000)),
        capture_output=True, env=environment())
    if b"8.8.8.9 is high to ours" not in done.stdout:
        yield "the engine: %s %s" % (done.stdout[:500], done.stderr[-500:])
    for n in (0, 1, 3, 4, 9):
        collection.add(n, "8.8.4.1", revoked=True)
    feeds.again()
    feeds.wait(lambda: feeds.read("ours") and not addresses(feeds),
               "empty collection")
    done = subprocess.run([HUNT, "--stdout", "-c", feeds.config], cwd=ROOT,
                          input=b"", check=False, capture_output=True,
                          env=environment())
    if done.returncode or done.stderr:
        yield "the engine: %s" % done.stderr[-500:]
    feeds.end()
    collection.rogue.stop()


class MispFeed:
    """A directory of nginx's with events, and a manifest of them."""

    def __init__(self, nginx):
        shutil.rmtree(nginx.path("files/misp"), ignore_errors=True)
        os.makedirs(nginx.path("files/misp"))
        self.nginx, self.events = nginx, {}
        self.url = serve(nginx, "misp/none", "").rpartition("/")[0]

    @staticmethod
    def uuid(n):
        return "%08x-0000-4000-8000-000000000000" % n

    def put(self, n, stamp, *values, body=None):
        attributes = [{"type": kind, "value": value, "to_ids": to_ids}
                      for kind, value, to_ids in values]
        half = len(attributes) // 2
        if body is None:
            body = json.dumps({"Event": {
                "uuid": self.uuid(n), "Attribute": attributes[:half],
                "Object": [{"Attribute": attributes[half:]}]}})
        serve(self.nginx, "misp/%s.json" % self.uuid(n), body)
        self.events[self.uuid(n)] = {"info": "x", "timestamp": stamp}

    def publish(self, **more):
        serve(self.nginx, "misp/manifest.json", json.dumps(
            {**self.events, **more}))

    def asked(self):
        """Events that were asked for, since the last time."""
        found = [re.search(r"misp/0*([0-9a-f]*)-", one["uri"])
                 for one in self.nginx.asked() if one["status"] == 200]
        got = [int(one[1] or "0", 16) for one in found if one]
        new, self.seen = got[getattr(self, "seen", 0):], len(got)
        return new


def entries(feeds):
    return sorted(line.split()[0] for line in
                  (feeds.read("ours") or "").splitlines()
                  if not line.startswith("#"))


def misp(nginx):
    """A directory of events: all of them, then only those that are new; what
    the manifest has no more goes, and what is no event is left out."""
    nginx.start([])
    feed = MispFeed(nginx)
    feed.put(1, "100", ("ip-dst", "8.8.4.1", True), ("ip-dst", "8.8.4.9", False),
             ("domain|ip", "bad.example.org|8.8.4.8", True),
             ("comment", "8.8.4.7", True), ("url", "http://a.b/ c", True))
    feed.put(2, 200, ("filename|md5", "x.exe|" + "ab" * 16, True))
    feed.put(3, "300", body="<html>")
    feed.put(4, "400", body='{"Event":' + "[" * 5000000)
    feed.put(5, "500", body='{"Event":' + "[" * 5000)
    feed.publish(**{"../../etc/passwd": {"timestamp": "1"},
                    "short": {"timestamp": "1"},
                    feed.uuid(6): {"timestamp": "x"},
                    feed.uuid(7): {"timestamp": "600"}})
    feeds = Feeds(nginx, ["misp %s name=ours severity=medium" %
                          feed.url]).start()
    feeds.wait(lambda: feeds.read("ours.meta"), "feed")
    if entries(feeds) != sorted(["8.8.4.1", "bad.example.org", "ab" * 16]):
        yield "it has %s" % feeds.read("ours")
    if feed.asked() != [5, 4, 3, 2, 1]:
        yield "asked: %s" % nginx.asked()
    feed.put(2, "201", ("ip-src", "8.8.4.2", True))
    feed.put(8, "800", ("hostname", "worse.example.org", True))
    del feed.events[feed.uuid(3)]
    feed.publish()
    feeds.again()
    feeds.wait(lambda: entries(feeds) == sorted(
        ["8.8.4.1", "8.8.4.2", "bad.example.org", "worse.example.org"]),
        "amended feed")
    if sorted(feed.asked()) != [2, 8]:
        yield "asked again: %s" % nginx.asked()
    del feed.events[feed.uuid(1)]
    feed.publish()
    feeds.again()
    feeds.wait(lambda: entries(feeds) == ["8.8.4.2", "worse.example.org"],
               "lesser feed")
    inode = os.stat(feeds.path("ours")).st_ino
    count = len(nginx.asked())
    feeds.again()
    last = feeds.wait(lambda: nginx.asked()[count:], "another look")[-1]
    if last["status"] != 304 or feed.asked() or \
            os.stat(feeds.path("ours")).st_ino != inode:
        yield "nothing new: %s" % last
    done = subprocess.run(
        [HUNT, "--stdout", "-c", feeds.config], cwd=ROOT, check=False,
        input=join(exec_event(1, command(1, "8.8.4.2"), sec=1700000000)),
        capture_output=True, env=environment())
    if b"8.8.4.2 is medium to ours" not in done.stdout:
        yield "the engine: %s %s" % (done.stdout[:500], done.stderr[-500:])
    feed.events.clear()
    feed.publish()
    feeds.again()
    feeds.wait(lambda: "names no event" in feeds.said(), "complaint")
    if len(entries(feeds)) != 2:
        yield "lost: %s" % feeds.read("ours")
    feeds.end()


def misp_many(nginx):
    """More events than one run takes come in several, and a server that fails
    in one loses none of those before."""
    nginx.start([])
    feed = MispFeed(nginx)
    for n in range(600):
        feed.put(n, str(1000 + n), ("ip-dst", "8.%d.%d.4" % (
            n >> 8, n & 255), True))
    feed.publish()
    feeds = Feeds(nginx, ["misp %s/ name=ours" % feed.url]).start()
    feeds.wait(lambda: feeds.read("ours.meta"), "first part")
    if "8.2.87.4" not in entries(feeds) or len(entries(feeds)) != 250:
        yield "the first part: %d" % len(entries(feeds))
    # The newest of those that are left is gone, and then the server fails.
    os.rename(nginx.path("files/misp/%s.json" % feed.uuid(300)),
              nginx.path("files/misp/later"))
    os.mkdir(nginx.path("files/misp/%s.json" % feed.uuid(300)))
    feeds.again()
    feeds.wait(lambda: "stays" in feeds.said(), "complaint")
    if len(entries(feeds)) != 250:
        yield "after a failure: %d" % len(entries(feeds))
    os.rmdir(nginx.path("files/misp/%s.json" % feed.uuid(300)))
    os.rename(nginx.path("files/misp/later"),
              nginx.path("files/misp/%s.json" % feed.uuid(300)))
    feeds.again()
    feeds.wait(lambda: len(entries(feeds)) == 500, "second part")
    feeds.wait(lambda: len(entries(feeds)) == 600, "third part, by itself")
    peak = int(feeds.status("VmHWM").split()[0])
    if not SANITIZED and peak > 64 * 1024:
        yield "%d KiB of memory" % peak
    feeds.end()


def circle(nginx):
    """Pages that do not end, and one that is none."""
    for body, why in ((b'{"more":true,"next":"a","objects":[]}', "do not end"),
                      (b'{"more":true,"objects":[]}', "do not end"),
                      (b"[" * 100000, "no TAXII"),
                      (b"[1" + b",1" * 200000 + b"]", "no TAXII"),
                      (b"[]", "no TAXII"), (b"", "no TAXII")):
        rogue = Rogue(nginx.dir, whole(body))
        feeds = Feeds(nginx, ["taxii https://localhost:%d/x name=ours" %
                              rogue.port]).start()
        feeds.wait(lambda: why in feeds.said(), why)
        feeds.end()
        rogue.stop()
        if feeds.read("ours") is not None or rogue.requests > 2:
            yield "%r: %d requests" % (body[:40], rogue.requests)


def fleet(nginx):
    """A baseline and alerts come like lists, and make a command that is new
    here and common elsewhere half as rare; what is none of them does not."""
    nginx.start([])
    argv = command(1, "8.8.4.4")
    hidden = base64.b64decode(argv[2].split()[1])
    baseline = "command,count,hosts\n%s,99,9\n" % hashlib.sha256(
        hidden).hexdigest()
    alerts = json.dumps([{"host": socket.gethostname(), "AlertName": "a",
                          "Severity": "High",
                          "TimeGenerated": "2023-11-14T22:00:00Z"}])
    feeds = Feeds(nginx, [
        "baseline %s name=fleet" % serve(nginx, "fleet", baseline),
        "alerts %s name=alerts" % serve(nginx, "alerts", alerts),
        "baseline %s name=odd" % serve(nginx, "odd", "command,count\n"),
        "alerts %s name=none" % serve(nginx, "none", baseline)]).start()
    feeds.wait(lambda: feeds.read("fleet.meta") and feeds.read("alerts.meta"),
               "files")
    said = feeds.wait(lambda: feeds.said().count("stays") == 2 and
                      feeds.said(), "complaints")
    if "no column hosts" not in said or "no column host" not in said:
        yield "it said: %s" % said
    feeds.end()
    if (feeds.read("fleet"), feeds.read("alerts"), feeds.read("odd"),
            feeds.read("none")) != (baseline, alerts, None, None):
        yield "there are: %s" % os.listdir(feeds.dir)
    log = join(exec_event(1, argv, sec=1700000000))
    done = subprocess.run([HUNT, "--stdout", "-c", feeds.config], cwd=ROOT,
                          input=log, check=False, capture_output=True,
                          env=environment())
    if b'"freq":0.505' not in done.stdout or \
            b'"alert":3' not in done.stdout:
        yield "the engine: %s %s" % (done.stdout[:500], done.stderr[-500:])
    for file, want in ((feeds.path("fleet"), 0.505), (None, 1.0)):
        done = subprocess.run(
            [AUHUNT, "rank", "--json", "-o", "hunt_dir=/nonexistent"] +
            (["--baseline", file] if file else []) + ["-"], cwd=ROOT, input=log,
            check=False, capture_output=True, env=environment())
        got = json.loads(done.stdout or b"{}").get("freq")
        if got != want:
            yield "rank: %s, not %s: %s" % (got, want, done.stderr[-500:])


def another_user(nginx):
    """Root gives up what it can, and the engine believes what that user
    fetched."""
    if os.geteuid():
        raise Skip("needs root, which it gives up being")
    nginx.start([])
    url = serve(nginx, "list.txt", LIST)
    feeds = Feeds(nginx, ["plain %s name=ours" % url], user="nobody").start()
    feeds.wait(lambda: feeds.read("ours.meta"), "list")
    uid = str(pwd.getpwnam("nobody").pw_uid)
    want = {"Uid": "\t".join([uid] * 4), "Seccomp": "2", "NoNewPrivs": "1",
            "CapEff": "0" * 16, "CapPrm": "0" * 16, "CapBnd": "0" * 16}
    for name, value in want.items():
        if feeds.status(name) != value and not (
                SANITIZED and name == "Seccomp"):
            yield "%s is %s" % (name, feeds.status(name))
    done = subprocess.run(
        [HUNT, "--stdout", "-c", feeds.config], cwd=ROOT, check=False,
        input=join(exec_event(1, command(1, "8.8.4.4"), sec=1700000000)),
        capture_output=True, env=environment())
    if b"is high to ours" not in done.stdout:
        yield "the engine: %s %s" % (done.stdout[:500], done.stderr[-500:])
    os.chmod(feeds.dir, 0o777)
    done = subprocess.run([HUNT, "--stdout", "-c", feeds.config], cwd=ROOT,
                          input=b"", check=False, capture_output=True,
                          env=environment())
    if b"belongs to neither" not in done.stderr:
        yield "believed, where anybody may write: %s" % done.stderr[-500:]
    feeds.end()


def cases():
    for case in (comes, swap, not_due, kinds, memory, inside, later, killed, taxii,
                 misp, misp_many, circle, fleet, another_user):
        yield "feed/" + case.__name__.replace("_", "-"), tidily(case)
    for name, act, words, certificate, why in FAULTS:
        yield "feed/" + name, tidily(fault(act, words, certificate, why))
