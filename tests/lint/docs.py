# SPDX-License-Identifier: GPL-3.0-or-later
"""What the manual pages and the sample configuration must tell."""

import os
import re
import shutil
import subprocess
import tempfile

from suite import HUNT, ROOT, Failure, run

OPTION = re.compile(r'^OPTION\(\s*"([^"]+)"', re.M)
METRIC = re.compile(r"^METRIC\((\w+),", re.M)
VIEW = re.compile(r"^VIEW\((\w+)\)", re.M)
LONG = re.compile(r'\{\s*"([a-z][a-z-]+)",\s*(?:no|required|optional)_')
# A call that writes a key: its second argument is one, or its third too.
KEY = re.compile(r"\b(?:line_write_)?(?:text|flag|user|guid|integer|number|boolean|"
                 r"parts)\(\s*"
                 r'[\w>.&-]+,\s*"([a-z0-9_]+)"(?:,\s*"([a-z0-9_]+)")?')
CALL = re.compile(r"\b(?:line_write_)?(?:text|flag|user|guid|integer|number|boolean|"
                  r"parts)\(")


def read(path):
    with open(os.path.join(ROOT, path), encoding="utf-8") as file:
        return file.read()


def page(name):
    """Names that the page has an item for, by macro: Cm and Fl."""
    items = {"Cm": set(), "Fl": set()}
    for line in read(os.path.join("man", name)).splitlines():
        if not line.startswith(".It "):
            continue
        macro = None
        for word in line.split()[1:]:
            if word in items:
                macro = word
            elif len(word) == 2 and word[0].isupper():
                macro = None
            elif macro and word not in (",", "|"):
                items[macro].add(word)
    return items


def missing(wanted, there, where):
    return ["%s is not in %s" % (name, where) for name in wanted
            if name not in there]


def options():
    return OPTION.findall(read("plugin/options.def")) + ["output", "provider", "list",
                                                            "feed"]


def option_pages():
    yield from missing(options(), page("audisp-hunt.conf.5")["Cm"],
                       "man/audisp-hunt.conf.5")
    sample = re.findall(r"^#?([a-z_.]+) *=", read("conf/audisp-hunt.conf"),
                        re.M)
    yield from missing(options(), sample, "conf/audisp-hunt.conf")
    for name in sorted(set(sample) - set(options())):
        yield "conf/audisp-hunt.conf has %s, which is no option" % name
    for name in sorted(set(sample)):
        if sample.count(name) > 1:
            yield "conf/audisp-hunt.conf has %s twice" % name


def print_config(folder, text):
    """What --print-config makes of a file of that text."""
    path = os.path.join(folder, "hunt.conf")
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    os.chmod(path, 0o644)
    run([HUNT, "-c", path, "--check-config"])
    return run([HUNT, "-c", path, "--print-config"]).decode()


def sample_config():
    if not os.access(os.path.join(ROOT, HUNT), os.X_OK):
        raise Failure("%s is not there" % HUNT)
    sample = read("conf/audisp-hunt.conf")
    # There is no default provider, list or feed: their lines are examples.
    set_too = re.sub(r"^#(?!provider|list|feed =)(?=[a-z_.]+ *=)", "", sample,
                     flags=re.M)
    with tempfile.TemporaryDirectory() as folder:
        defaults = print_config(folder, "")
        if print_config(folder, sample) != defaults:
            yield "conf/audisp-hunt.conf does not give the defaults"
        shown = print_config(folder, set_too)
        for line in sorted(set(shown.splitlines()) ^
                           set(defaults.splitlines())):
            yield "a commented line is not the default: %s" % line


def keys():
    """Keys that lib/line*.c write; a call whose key is no literal is one of
    the writer's own."""
    code = "".join(read("lib/" + name)
                   for name in sorted(os.listdir(os.path.join(ROOT, "lib")))
                   if re.fullmatch(r"line(_\w+)?\.c", name))
    found = [key for pair in KEY.findall(code) for key in pair if key]
    if len(found) < 20 or len(CALL.findall(code)) > len(found) + 20:
        raise Failure("lib/line.c is not as this check reads it")
    return sorted(set(found))


def event_pages():
    there = page("audisp-hunt-events.7")["Cm"]
    metrics = METRIC.findall(read("plugin/metrics.def"))
    if not metrics:
        yield "plugin/metrics.def has no METRIC"
    for where, names in (("plugin/metrics.def", metrics),
                         ("lib/line.c", keys())):
        for problem in missing(names, there, "man/audisp-hunt-events.7"):
            yield "%s: %s" % (where, problem)


def command_pages():
    for source, name in (("plugin/main.c", "audisp-hunt.8"),
                         ("plugin/auhunt_options.c", "auhunt.8")):
        longs = LONG.findall(read(source))
        if not longs:
            yield "%s has no long option" % source
        yield from missing(["-" + option for option in longs],
                           page(name)["Fl"], "man/" + name)
    commands = [name.replace("_", "-")
                for name in VIEW.findall(read("plugin/views.def"))]
    yield from missing(commands, page("auhunt.8")["Cm"], "man/auhunt.8")


def mandoc():
    """None where there is no mandoc, else its complaints."""
    if not shutil.which("mandoc"):
        return None
    folder = os.path.join(ROOT, "man")
    done = subprocess.run(
        ["mandoc", "-T", "lint", "-W", "warning"] +
        ["man/" + name for name in sorted(os.listdir(folder))],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, cwd=ROOT,
        check=False)
    return done.stdout.decode("utf-8", "replace").splitlines() or \
        (["mandoc: exit status %d" % done.returncode] if done.returncode
         else [])
