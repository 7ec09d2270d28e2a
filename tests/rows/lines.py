# SPDX-License-Identifier: GPL-3.0-or-later
"""What the shipped rows say of attacks, and do not say of ordinary work."""

import os

import huntdir
from suite import DATA

# Who raises these over ordinary work is soon not listened to.
NEVER = {"reverse shell", "bind shell", "download and execute", "mining",
         "credential access", "container escape"}
# What ordinary work may be tagged with, it is not made much of.
WEIGHT_MAX = 2.5


def read(name):
    with open(os.path.join(DATA, name), encoding="utf-8") as file:
        return [line.rstrip("\n") for line in file
                if line.strip() and line[:1] != "#"]


def decode(commands):
    return huntdir.decode([["sh", "-c", text] for text in commands])


def check_attacks():
    rows = [line.split("\t") for line in read("rows_attack.tsv")]
    results = decode(text for _, _, text in rows)
    for (category, technique, text), result in zip(rows, results):
        if category not in result["categories"]:
            yield "%s: %s, not %s" % (text, result["categories"], category)
        elif technique not in result["attack"]:
            yield "%s: %s, not %s" % (text, result["attack"], technique)


def check_benign():
    commands = read("rows_benign.txt")
    if len(commands) < 100:
        yield "only %d commands" % len(commands)
    for text, result in zip(commands, decode(commands)):
        wrong = NEVER & set(result["categories"])
        if wrong:
            yield "%s: %s" % (text, sorted(wrong))
        weight = result["score"]["parts"].get("tooling", 0)
        if weight > WEIGHT_MAX:
            yield "%s: weighs %s: %s" % (text, weight, result["categories"])


def check_covered():
    """The categories that the notebook's authors left out."""
    have = {}
    for line in read("rows_attack.tsv"):
        category, technique, _ = line.split("\t")
        have.setdefault(category, set()).add(technique)
    for category, least in (
            ("reverse shell", 4), ("persistence", 12),
            ("credential access", 10), ("defence evasion", 15),
            ("privilege escalation", 3), ("mining", 1),
            ("lateral movement", 5), ("container escape", 2)):
        if len(have.get(category, ())) < least:
            yield "%s: %s" % (category, sorted(have.get(category, ())))


def cases():
    return (("attacks", check_attacks), ("benign", check_benign),
            ("covered", check_covered))
