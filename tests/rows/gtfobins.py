# SPDX-License-Identifier: GPL-3.0-or-later
"""auhunt import-gtfobins: what the site's file says is what the rows say."""

import contextlib
import copy
import json
import os
import random
import subprocess

import huntdir
from suite import AUHUNT, DATA, ROOT, SANITIZER, environment

API = os.path.join(DATA, "gtfobins_api.json")
LETTERS = (("unprivileged", "u"), ("sudo", "s"), ("suid", "i"),
           ("capabilities", "c"))
MUTATIONS = 150


def sample():
    with open(API, encoding="utf-8") as file:
        return json.load(file)


def rows_of(api):
    """The same, written down once more."""
    programs = api["executables"]
    for name in sorted(programs):
        program = programs[name]
        while "alias" in program:
            program = programs[program["alias"]]
        told = []
        for function in api["functions"]:
            if function not in program["functions"]:
                continue
            needs = set()
            for example in program["functions"][function]:
                needs |= set(example["contexts"])
            letters = "".join(letter for context, letter in LETTERS
                              if context in needs)
            told.append(function if letters.startswith("usi") else
                        "%s:%s" % (function, letters))
        yield "%s\t%s" % (name, ",".join(told))


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def body(text):
    """(comment at its head, rows, what follows the first empty line)."""
    lines = text.split("\n")
    n = next(i for i, line in enumerate(lines) if line[:1] != "#")
    end = lines.index("", n)
    return lines[:n], lines[n:end], lines[end:]


def import_json(where, data, *options):
    """(exit status, stdout, stderr)."""
    done = subprocess.run(
        [AUHUNT, "import-gtfobins", "-o", "hunt_dir=" + where, *options, "-"],
        input=data, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env=environment(), cwd=ROOT, timeout=60, check=False)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


@contextlib.contextmanager
def shipped():
    """A folder of rows, and the path of its gtfobins.tsv."""
    with huntdir.folder({}) as where:
        yield where, os.path.join(where, "gtfobins.tsv")


def check_rows():
    want = list(rows_of(sample()))
    with shipped() as (where, tsv):
        head, old, tail = body(read(tsv))
        code, said, errors = import_json(where, read(API).encode())
        new = body(read(tsv))
        vetted = huntdir.check_config(where)
    if code:
        yield "exit status %d: %s" % (code, errors)
    if new[1] != want:
        yield "rows are %s" % [row for row in new[1] if row not in want][:5]
    if new[0] != head:
        yield "its comment is not what it was"
    # The sample has every program of some, as the site had them all.
    for row in want:
        if row not in old:
            yield "shipped rows have no %r" % row
    named = {row.split("\t")[0] for row in want}
    kept = [line for line in tail
            if "\t=" not in line or line.split("\t=")[1] in named]
    if new[2] != kept:
        yield "behind the rows: %s" % new[2]
    if vetted != (0, ""):
        yield "--check-config: %s" % (vetted,)
    if said.count("removed ") != len(old) - len(want):
        yield "removals told: %d" % said.count("removed ")
    end = "%d programs: 0 added, %d removed, 0 changed; %s written" % (
        len(want), len(old) - len(want), tsv)
    if said.splitlines()[-1] != end:
        yield "it ends with %r" % said.splitlines()[-1]


def check_changes():
    """Programs and functions, come and gone; once more, and nothing is."""
    api = sample()
    data = json.dumps(api).encode()
    example = [{"code": "x", "contexts": {"sudo": None}}]
    with shipped() as (where, tsv):
        import_json(where, data)
        api["executables"]["newbin"] = {"functions": {"shell": example}}
        del api["executables"]["socat"]
        api["executables"]["xxd"]["functions"]["upload"] = example
        del api["executables"]["xxd"]["functions"]["file-write"]
        data = json.dumps(api).encode()
        before = os.stat(tsv)
        code, said, _ = import_json(where, data, "--json")
        changes = [json.loads(line) for line in said.splitlines()]
        wants = [
            {"name": "newbin", "change": "added", "added": ["shell:s"],
             "removed": []},
            {"name": "xxd", "change": "changed", "added": ["upload:s"],
             "removed": ["file-write"]},
            {"name": "socat", "change": "removed", "added": [],
             "removed": changes[-1]["removed"]},
        ]
        if code or changes != wants:
            yield "changes: %s" % said
        after = os.stat(tsv)
        if after.st_ino == before.st_ino or after.st_mode & 0o777 != 0o644:
            yield "not a new file, that all may read"
        code, said, _ = import_json(where, data)
        if code or "stays as it is" not in said or \
                os.stat(tsv).st_ino != after.st_ino:
            yield "the same again: %d, %s" % (code, said)


def check_names():
    """Other names: gone where they are programs, or name none."""
    api = sample()
    shell = {"functions": {"shell": [{"contexts": {"sudo": None}}]}}
    api["executables"].update({"netcat": shell, "node": shell})
    with shipped() as (where, tsv):
        _, _, errors = import_json(where, json.dumps(api).encode())
        tail = body(read(tsv))[2]
        vetted = huntdir.check_config(where)
    if "netcat\t=nc" in tail or "nodejs\t=node" not in tail or \
            "node#\t=node" not in tail or "nc.openbsd\t=nc" not in tail:
        yield "names: %s" % tail
    if "'netcat' is a program of its own" not in errors:
        yield "stderr: %s" % errors
    if vetted != (0, ""):
        yield "--check-config: %s" % (vetted,)


def check_elsewhere():
    data = read(API).encode()
    with shipped() as (where, tsv):
        was = read(tsv)
        other = os.path.join(where, "other.tsv")
        code, said, errors = import_json(where, data, "--output", "-")
        if code or body(said)[1] != list(rows_of(sample())):
            yield "to stdout: %d, %s" % (code, said[:200])
        if "removed " not in errors or "standard output written" not in errors:
            yield "its stderr: %s" % errors[-200:]
        code, _, _ = import_json(where, data, "--output", other)
        if code or read(other) != said:
            yield "to a file: %d" % code
        if read(tsv) != was:
            yield "the usual place was written, too"
        os.unlink(tsv)
        code, _, errors = import_json(where, data)
        if code or [line for line in read(tsv).splitlines()
                    if line[:1] != "#"] != list(rows_of(sample())):
            yield "where there was none: %d, %s" % (code, errors)


def change(path, value):
    """The sample with something else at a path of keys."""
    api = copy.deepcopy(sample())
    at = api
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = value
    return json.dumps(api).encode()


WGET = ("executables", "wget", "functions")
BAD = (
    ("empty", b"", "not a JSON object"),
    ("text", b"<html>404</html>", "not a JSON object"),
    ("array", b"[]", "not a JSON object"),
    ("null", b"null", "not a JSON object"),
    ("nothing", b"{}", 'no object "executables" with anything in it'),
    ("deep", b"[" * 100000, "not a JSON object"),
    ("no programs", change(("executables",), {}),
     'no object "executables" with anything in it'),
    ("no functions", change(("functions",), {}),
     'no object "functions" with anything in it'),
    ("list of functions", change(("functions",), ["shell"]),
     'no object "functions" with anything in it'),
    ("function's name", change(("functions", "a\tb"), {}),
     "'a?b' is no function"),
    ("many functions", change(("functions",), {
        "f" + "abcdefghijklmnopqrstuvwxyz"[i % 26] * (i // 26 + 1): {}
        for i in range(40)}), "more than 32 functions"),
    ("bare", change(("executables", "wget"), {}),
     "program 'wget': neither functions nor an alias"),
    ("number", change(("executables", "wget"), 1),
     "program 'wget': neither functions nor an alias"),
    ("no function", change(WGET, {}),
     "program 'wget': neither functions nor an alias"),
    ("unknown function", change(WGET + ("fly",), [{"contexts": {}}]),
     "program 'wget': 'fly' is not among the functions"),
    ("no example", change(WGET + ("shell",), []),
     "program 'wget': shell has no examples"),
    ("example", change(WGET + ("shell",), ["x"]),
     "program 'wget': shell: an example without contexts"),
    ("no context", change(WGET + ("shell",), [{"contexts": {}}]),
     "program 'wget': shell: an example without contexts"),
    ("unknown context", change(WGET + ("shell",),
                               [{"contexts": {"Sudo": None}}]),
     "program 'wget': no context 'Sudo'; there are: unprivileged, sudo, "
     "suid, capabilities"),
    ("path", change(("executables", "../wget"), {"alias": "wget"}),
     "program '../wget': its name is not 1 to 64 of"),
    ("line", change(("executables", "a\nb\tshell"), {"alias": "wget"}),
     "its name is not 1 to 64 of"),
    ("comment", change(("executables", "#x"), {"alias": "wget"}),
     "its name is not 1 to 64 of"),
    ("no name", change(("executables", ""), {"alias": "wget"}),
     "its name is not 1 to 64 of"),
    ("long", change(("executables", "x" * 65), {"alias": "wget"}),
     "its name is not 1 to 64 of"),
    ("alias of none", change(("executables", "x"), {"alias": "y"}),
     "program 'x': no program 'y' that it would stand for"),
    ("alias of itself", change(("executables", "x"), {"alias": "x"}),
     "program 'x': aliases in a circle"),
    ("alias", change(("executables", "x"), {"alias": 1}),
     "program 'x': its alias is no text"),
    ("twice", json.dumps(sample()).encode().replace(
        b'"wget":', b'"xxd":'), "program 'xxd': is there twice"),
    ("many programs", change(("executables",), {
        "x%d" % i: {"alias": "x"} for i in range(5000)}),
     "more than 4096 programs"),
    ("more", read(API).encode() + b"{}", "something follows the JSON object"),
    ("large", b" " * (17 << 20), "File too large"),
)


def check_bad(data, want):
    def check():
        with shipped() as (where, tsv):
            was = read(tsv)
            names = sorted(os.listdir(where))
            code, said, errors = import_json(where, data)
            if code != 1 or want not in errors or said:
                yield "exit status %d: %s%s" % (code, said, errors)
            if read(tsv) != was or sorted(os.listdir(where)) != names:
                yield "the folder is not what it was"
    return check


def check_mutations():
    """Taken or refused, but never half."""
    rng = random.Random(7)
    data = read(API).encode()
    taken = 0
    with shipped() as (where, tsv):
        was = read(tsv)
        for i in range(MUTATIONS):
            wrong = bytearray(data)
            for _ in range(rng.randint(1, 4)):
                wrong[rng.randrange(len(wrong))] = rng.choice(
                    b'"{}[],:\\ntx0/\x00\xff')
            if i % 5 == 0:
                del wrong[rng.randrange(len(wrong)):]
            code, _, errors = import_json(where, bytes(wrong))
            if code not in (0, 1) or SANITIZER.search(errors.encode()):
                yield "mutation %d: %d, %s" % (i, code, errors)
            if code == 1 and read(tsv) != was:
                yield "mutation %d was refused, and written" % i
            taken += code == 0
            was = read(tsv)
        vetted = huntdir.check_config(where)
    if vetted != (0, ""):
        yield "--check-config: %s" % (vetted,)
    if not taken or taken == MUTATIONS:
        yield "%d of %d were taken" % (taken, MUTATIONS)


def check_usage():
    for args, want, words in (
            ([], 2, "takes one file"), (["a", "b"], 2, "takes one file"),
            (["/nonexistent/api.json"], 1, "No such file"),
            (["--output", "/nonexistent/x.tsv", API], 1, "No such file")):
        with shipped() as (where, _):
            done = subprocess.run(
                [AUHUNT, "import-gtfobins", "-o", "hunt_dir=" + where] + args,
                stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT,
                env=environment(), timeout=60, check=False)
        errors = done.stderr.decode()
        if done.returncode != want or words not in errors:
            yield "%s: %d, %s" % (args, done.returncode, errors)


def cases():
    return (("rows", check_rows), ("changes", check_changes),
            ("names", check_names), ("elsewhere", check_elsewhere),
            ("mutations", check_mutations), ("usage", check_usage)) + \
        tuple(("bad/" + name, check_bad(data, want))
              for name, data, want in BAD)
