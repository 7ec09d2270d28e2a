// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SAMPLE_H
#define SAMPLE_H

#include "check.h"
#include "event.h"
#include "format.h"

/* An event with everything in it, for the tests of formats. */
struct sample {
	struct event ev;
	struct bytes argv[4];
	struct event_layer layers[2];
	struct event_path paths[2];
	struct str scratch, command, out;
	struct format_job job;
};

static const struct score_conf sample_severity = {
	.notice = 0.01, .warning = 1, .err = 3, .crit = 5
};

static inline void sample_init(struct sample *s)
{
	struct event *ev = &s->ev;

	*s = (struct sample){ .argv = { BYTES("sh"), BYTES("-c"),
				      BYTES("echo aWQ=|base64 -d"),
				      BYTES("a b") },
		.layers = { { .depth = 1,
				    .arg = 2,
				    .chain = BYTES("base64"),
				    .text = BYTES("id;\n"),
				    .is_text = true },
			{ .depth = 2,
				.arg = 2,
				.chain = BYTES("base64url"),
				.text = BYTES("\"q\""),
				.is_text = true } },
		.paths = {
			{ 0, BYTES("/bin/sh"),
				BYTES("item=0 name=\"/bin/sh\" inode=7 "
				      "dev=fe:01 mode=0104755 ouid=0 "
				      "ogid=5 rdev=00:00 nametype=NORMAL "
				      "cap_fp=0 cap_fi=0 cap_fe=0 cap_fver=0 "
				      "cap_frootid=0") },
			{ 1, BYTES("/lib/ld.so"),
				BYTES("item=1 name=\"/lib/ld.so\" inode=8 "
				      "mode=0100644 ouid=0 ogid=0 "
				      "nametype=NORMAL") } } };
	str_init(&s->scratch, 64u << 20);
	str_init(&s->command, 64u << 20);
	str_init(&s->out, 1u << 20);
	s->job = (struct format_job){ .seq = 42,
		.line_max = 6000,
		.severity = &sample_severity,
		.scratch = &s->scratch,
		.command = &s->command };
	memset(s->layers[0].sha256, 0xab, 32);
	memset(s->layers[1].sha256, 0x01, 32);
	*ev = (struct event){ .node = BYTES("web1"),
		.time_ms = 1521757638392,
		.serial = 262332,
		.has_syscall = true,
		.arch = 0xc000003e,
		.arch_name = "x86_64",
		.syscall_name = "execve",
		.has_success = true,
		.success = true,
		.has_exit = true,
		.has_ppid = true,
		.has_pid = true,
		.has_ses = true,
		.ppid = 1,
		.pid = 2,
		.ses = 7,
		.auid = { true, 1000, BYTES("ann") },
		.uid = { true, 0, BYTES("root") },
		.gid = { true, 5, { NULL, 0 } },
		.euid = { true, 0, { NULL, 0 } },
		.tty = BYTES("pts0"),
		.comm = BYTES("sh"),
		.exe = BYTES("/usr/bin/dash"),
		.key = BYTES("exec\1two"),
		.has_execve = true,
		.argc = 4,
		.cwd = BYTES("/root/x y"),
		.n_paths = 2,
		.syscall_record = BYTES("arch=c000003e syscall=59 success=yes "
					"exit=0 a0=1f a1=2 a2=3 a3=8 items=2 "
					"ppid=1 pid=2 auid=1000 uid=0 gid=5 "
					"euid=0 suid=0 fsuid=0 egid=5 sgid=5 "
					"fsgid=5 tty=pts0 ses=7 comm=\"sh\" "
					"exe=\"/usr/bin/dash\" subj=unconfined "
					"key=(null)"),
		.syscall_enriched = BYTES("ARCH=x86_64 SYSCALL=execve "
					  "AUID=\"ann\" UID=\"root\" "
					  "GID=\"tty\" EUID=\"root\""),
		.path_enriched = BYTES("OUID=\"root\" OGID=\"tty\""),
		.proctitle = BYTES("7368002D63"),
		.n_layers = 2,
		.frequency = { true, 1, 1, 1, 1.0, 1, 1.0 } };
	ev->argv = s->argv;
	ev->layers = s->layers;
	ev->paths = s->paths;
	str_init(&ev->score.why, 1024);
	ev->score.total = 1.625;
	ev->score.parts[0] = 1.625;
	str_addz(&ev->score.why, "decoded command never seen before");
}

static inline void sample_fini(struct sample *s)
{
	str_fini(&s->ev.score.why);
	str_fini(&s->scratch);
	str_fini(&s->command);
	str_fini(&s->out);
}

/* The line, and whether it was cut. */
static inline bool sample_line(struct sample *s, const char *format)
{
	str_reset(&s->out);
	return format_get(bytes_of(format))->event(&s->ev, &s->job, &s->out);
}

#endif
