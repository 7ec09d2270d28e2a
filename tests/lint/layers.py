# SPDX-License-Identifier: GPL-3.0-or-later
"""Who may include whom.

Each stage has a rank. A file includes the headers of lower ranks and those of
its own stage, never a sibling's. A folder is its stage's extension point. What
is in no row is in no layer: a new stage gets its row here. A stage too large
for one file has more of them, each named NAME_part.
"""

import re

# (rank, stage, files: names without folder and ending, or "folder/")
STAGES = (
    (0, "str", ("lib/str",)),
    (1, "text", ("lib/text",)),
    (1, "sieve", ("lib/sieve",)),
    (1, "names", ("lib/names",)),
    (2, "map", ("lib/map",)),
    (3, "quota", ("lib/quota",)),
    (2, "window", ("lib/window",)),
    (2, "json", ("lib/json",)),
    (2, "record", ("lib/record",)),
    (2, "serial", ("lib/serial",)),
    (2, "address", ("lib/address",)),
    (2, "geodata", ("lib/geodata",)),
    (2, "typed", ("lib/typed",)),
    (2, "syscalls", ("lib/syscalls",)),
    (3, "saddr", ("lib/saddr",)),
    (2, "edit", ("lib/edit",)),
    (2, "escape", ("lib/escape",)),
    (2, "finder", ("lib/finder",)),
    (2, "inflate", ("lib/inflate",)),
    (2, "invocation", ("lib/invocation",)),
    (2, "undo", ("lib/undo",)),
    (2, "words", ("lib/words",)),
    (2, "pattern", ("lib/pattern",)),
    (2, "rowline", ("lib/rowline",)),
    (2, "intel_severity", ("lib/intel_severity",)),
    (2, "container", ("lib/container",)),
    (10, "event", ("lib/event",)),
    (20, "message", ("lib/message",)),
    (20, "session", ("lib/session",)),
    (20, "cmdline", ("lib/cmdline",)),
    (20, "shell", ("lib/shell",)),
    (21, "lineage", ("lib/lineage",)),
    (21, "decode", ("lib/decode", "lib/decoders/", "lib/unpackers/",
                    "lib/layer", "lib/operand", "lib/tools", "lib/unpack", "lib/flow",
                    "lib/command", "lib/commands/", "lib/program",
                    "lib/eval", "lib/plain", "lib/search",
                    "lib/script")),
    (20, "ioc", ("lib/ioc", "lib/iocs/")),
    (21, "listmap", ("lib/listmap",)),
    (22, "intel", ("lib/intel",)),
    (23, "askable", ("lib/askable",)),
    (24, "network", ("lib/network",)),
    (22, "classify", ("lib/classify",)),
    (21, "baseline", ("lib/baseline",)),
    (22, "frequency", ("lib/frequency",)),
    (22, "alert", ("lib/alert",)),
    (22, "payload", ("lib/payload",)),
    (23, "score", ("lib/score", "lib/scorers/")),
    (25, "detect", ("lib/detect",)),
    (23, "redact", ("lib/redact",)),
    (24, "filter", ("lib/filter",)),
    (24, "repeat", ("lib/repeat",)),
    (24, "late", ("lib/late",)),
    (2, "overload", ("lib/overload",)),
    (25, "format", ("lib/format", "lib/line", "lib/formats/")),
    (20, "burden", ("lib/burden",)),
    (30, "log", ("plugin/log",)),
    (30, "metrics", ("plugin/metrics",)),
    (30, "mark", ("plugin/mark",)),
    (30, "ledger", ("plugin/ledger",)),
    (30, "process", ("plugin/process",)),
    (30, "select", ("plugin/select",)),
    (30, "misp", ("plugin/misp",)),
    (30, "provider", ("plugin/provider", "plugin/providers/")),
    (30, "csv", ("plugin/csv",)),
    (30, "stamp", ("plugin/stamp",)),
    (31, "list", ("plugin/list", "plugin/lists/")),
    (32, "fetch_conf", ("plugin/fetch_conf",)),
    (33, "config", ("plugin/config", "plugin/output")),
    (34, "settings", ("plugin/settings",)),
    (40, "ring", ("plugin/ring",)),
    (40, "priv", ("plugin/priv",)),
    (40, "procfs", ("plugin/procfs",)),
    (41, "source", ("plugin/source",)),
    (41, "supervise", ("plugin/supervise",)),
    (41, "listener", ("plugin/listener",)),
    (41, "keeper", ("plugin/keeper",)),
    (42, "keeping", ("plugin/keeping",)),
    (40, "feed", ("plugin/feed",)),
    (40, "gather", ("plugin/gather", "plugin/call", "plugin/closed",
                    "plugin/tally")),
    (40, "argv", ("plugin/argv",)),
    (40, "loop", ("plugin/loop",)),
    (41, "alertfile", ("plugin/alertfile",)),
    (41, "alertsock", ("plugin/alertsock",)),
    (40, "place", ("plugin/place",)),
    (41, "shelf", ("plugin/shelf",)),
    (41, "http", ("plugin/http",)),
    (40, "fetch_meta", ("plugin/fetch_meta",)),
    (51, "fetch", ("plugin/fetch",)),
    (40, "logfile", ("plugin/logfile",)),
    (40, "queue", ("plugin/queue",)),
    (40, "sink", ("plugin/sink",)),
    (40, "tables", ("plugin/tables",)),
    (40, "kernel", ("plugin/kernel",)),
    (41, "survey", ("plugin/survey",)),
    (41, "daemon", ("plugin/daemon",)),
    (40, "gtfobins", ("plugin/gtfobins",)),
    (30, "rowfile", ("plugin/rowfile",)),
    (31, "geo", ("plugin/geo",)),
    (32, "rules", ("plugin/rules",)),
    (41, "state", ("plugin/state",)),
    (41, "assemble", ("plugin/assemble",)),
    (41, "spool", ("plugin/spool",)),
    (42, "outlet", ("plugin/outlet",)),
    (43, "emit", ("plugin/emit",)),
    (44, "handover", ("plugin/handover",)),
    (42, "textfile", ("plugin/textfile",)),
    (40, "canary", ("plugin/canary",)),
    (44, "herald", ("plugin/herald",)),
    (61, "input", ("plugin/input",)),
    (50, "broker", ("plugin/broker",)),
    (51, "lookup", ("plugin/lookup",)),
    (40, "question", ("plugin/question",)),
    (52, "answering", ("plugin/answering",)),
    (44, "inquiry", ("plugin/inquiry",)),
    (62, "relief", ("plugin/relief",)),
    (60, "pipeline", ("plugin/pipeline", "plugin/rollup")),
    (70, "front", ("plugin/front",)),
    (70, "engine", ("plugin/engine",)),
    (69, "rank", ("plugin/rank",)),
    (69, "tree", ("plugin/tree",)),
    (70, "views", ("plugin/views", "plugin/views/", "plugin/view_json",
                   "plugin/view_session", "plugin/view_process",
                   "plugin/view_form", "plugin/view_rows",
                   "plugin/view_alert",
                   "plugin/auhunt")),
    (71, "main", ("plugin/main", "plugin/intel_main")),
)

# Headers of the world outside that have their owners.
OWNERS = {
    r"auparse.*": ("plugin/assemble.c",),
    r"libaudit\.h": ("plugin/assemble.c", "plugin/kernel.c"),
    r"event2/.*": ("plugin/loop.c",),
    r"zlib\.h": ("plugin/logfile.c", "lib/inflate.c",
                 "plugin/spool_file.c"),
    r"zstd\.h": ("lib/unpackers/zstd.c",),
    r"lzma\.h": ("plugin/logfile.c", "lib/unpackers/xz.c"),
    r"bzlib\.h": ("lib/unpackers/bzip2.c",),
    r"curl/.*": ("plugin/http.c",),
    r"syslog\.h": ("plugin/log.c",),
    r"cjson/.*": ("plugin/views/decode.c", "plugin/tables.c",
                 "plugin/tables_alerts.c",
                 "plugin/gtfobins.c", "plugin/provider.c",
                 *("plugin/providers/%s.c" % name for name in (
                     "http", "malwarebazaar", "misp", "threatfox", "urlhaus",
                     "xforce")),
                 "plugin/lists/misp.c", "plugin/lists/stix.c",
                 "plugin/misp.c", "plugin/fetch_json.c",
                 "plugin/fetch_misp.c", "plugin/fetch_taxii.c"),
    r"nettle/.*": ("lib/layer.c", "lib/ioc_wallet.c",
                   "lib/commands/openssl.c", "lib/commands/digest.c",
                   "plugin/fetch_file.c"),
    r"sys/signalfd\.h": ("plugin/loop.c", "plugin/front.c",
                          "plugin/keeping.c"),
    r"maxminddb\.h": ("plugin/geo.c",),
    r"seccomp\.h": ("plugin/priv_filter.c",),
    r"sqlite3\.h": ("plugin/state_db.c", "plugin/state_load.c",
                    "plugin/state_save.c"),
}

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]+(["<])([^">]+)[">]', re.M)

# The clock, the environment, files and the terminal are not for lib/.
OUTSIDE = re.compile(
    r"\b(time|clock_gettime|gettimeofday|clock|localtime\w*|gmtime\w*|getenv|"
    r"secure_getenv|open|openat|fopen|fdopen|freopen|read|write|printf|puts|"
    r"putchar|fputs|fputc|putc|fprintf|vprintf|vfprintf|fwrite|perror|exit|"
    r"_exit|abort|getrandom|rand|random|system|popen|socket)\s*\(")
STREAM = re.compile(r"\b(stdin|stdout|stderr|environ|errno)\b")


def stage_of(path):
    """(rank, stage) of a file, None if it has none."""
    base = path.rsplit(".", 1)[0]
    folder = path.rsplit("/", 1)[0] + "/"
    for rank, stage, files in STAGES:
        if base in files or (folder in files and folder.count("/") > 1):
            return rank, stage
    for rank, stage, files in STAGES:
        if base.rsplit("_", 1)[0] in files:
            return rank, stage
    return None


def check_local(path, name, headers):
    """What is wrong with an #include "name" in path, None if nothing."""
    if name.endswith(".def"):
        return None
    target = headers.get(name)
    if not target:
        return "%s: includes %s, which is nowhere" % (path, name)
    rank, stage = stage_of(path)
    if path.startswith("lib/") and not target.startswith("lib/"):
        return "%s: lib/ includes %s" % (path, target)
    their_rank, their_stage = stage_of(target) or (None, None)
    if their_rank is None:
        return "%s: has no layer in tests/lint/layers.py" % target
    if their_stage != stage and their_rank >= rank:
        return "%s: includes %s, which is not below it" % (path, target)
    return None


def check_outside(path, name):
    for pattern, owners in OWNERS.items():
        if re.fullmatch(pattern, name) and path not in owners:
            return "%s: includes <%s>, which is %s's" % (
                path, name, ", ".join(owners))
    return None


def check_calls(path, code):
    for pattern in (OUTSIDE, STREAM):
        for match in pattern.finditer(code):
            line = code.count("\n", 0, match.start()) + 1
            yield "%s:%d: %s in lib/" % (path, line, match[1])


def problems(sources, strip):
    """sources: path to text. strip takes comments and strings away."""
    headers = {path.rsplit("/", 1)[1]: path for path in sources
               if path.endswith(".h")}
    for path, text in sorted(sources.items()):
        if not path.endswith((".c", ".h")):
            continue
        if not stage_of(path):
            yield "%s: has no layer in tests/lint/layers.py" % path
            continue
        for kind, name in INCLUDE.findall(text):
            wrong = check_local(path, name, headers) if kind == '"' else \
                check_outside(path, name)
            if wrong:
                yield wrong
        if path.startswith("lib/"):
            yield from check_calls(path, strip(text))
