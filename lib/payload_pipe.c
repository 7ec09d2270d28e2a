// SPDX-License-Identifier: GPL-3.0-or-later
/* Pipelines of a shell whose own words nobody saw. */
#include "event.h"
#include "payload_state.h"
#include "text.h"

struct tool {
	const char *names;
	const char *options; /* letters; "" : none is needed */
	const char *words; /* long ones, or in place of an option */
	bool is_stdin_only; /* a file's name makes it everyday work */
};

static const struct tool tools[] = {
	{ "base64 base32 basenc base64url", "dD", "--decode", false },
	{ "openssl", "d", "", false },
	{ "xxd", "r", "-revert", false },
	{ "gunzip zcat bunzip2 bzcat unxz xzcat unzstd zstdcat", "", "", true },
	{ "gzip bzip2 xz zstd lzma", "d", "--decompress --uncompress", true },
	{ "uudecode", "", "", false },
};

/* Base names without the version behind them, by their first letter. */
static const char *const candidates[26] = {
	['a' - 'a'] = "awk ash",
	['b' - 'a'] = "bash base basenc busybox bunzip bzcat bzip bwrap",
	['c' - 'a'] = "chroot choom chrt",
	['d' - 'a'] = "dash doas",
	['e' - 'a'] = "env",
	['f' - 'a'] = "flock",
	['g' - 'a'] = "gawk gzip gunzip",
	['i' - 'a'] = "ionice",
	['k' - 'a'] = "ksh",
	['l' - 'a'] = "lua lzma",
	['m' - 'a'] = "mawk mksh",
	['n' - 'a'] = "node nodejs nice nohup nsenter",
	['o' - 'a'] = "openssl original-awk",
	['p' - 'a'] = "python perl php pwsh pkexec",
	['r' - 'a'] = "ruby runuser rbash",
	['s' - 'a'] = "sh sudo su setsid stdbuf script setpriv systemd-run",
	['t' - 'a'] = "timeout taskset time toybox tcsh",
	['u' - 'a'] = "unshare unxz unzstd uudecode unbuffer",
	['x' - 'a'] = "xxd xz xzcat xargs",
	['y' - 'a'] = "yash",
	['z' - 'a'] = "zsh zcat zstd zstdcat",
};

static bool is_anyones(struct bytes path)
{
	static const struct bytes folders[] = { BYTES("/tmp/"),
		BYTES("/var/tmp/"), BYTES("/dev/shm/"), BYTES("/run/user/") };

	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++)
		if (path.len > folders[i].len &&
			!memcmp(path.p, folders[i].p, folders[i].len))
			return true;
	return false;
}

bool payload_is_candidate(const struct event *ev)
{
	struct bytes b = invocation_base(ev->exe);
	const char *names;

	while (b.len && ((b.p[b.len - 1] >= '0' && b.p[b.len - 1] <= '9') ||
				b.p[b.len - 1] == '.'))
		b.len--;
	if (!b.len || is_anyones(ev->exe))
		return true;
	if (b.p[0] < 'a' || b.p[0] > 'z')
		return false;
	names = candidates[b.p[0] - 'a'];
	return names && invocation_is_listed(names, b);
}

static bool has_letter(struct bytes arg, const char *letters)
{
	for (size_t i = 1; i < arg.len; i++)
		if (arg.p[i] && strchr(letters, arg.p[i]))
			return true;
	return false;
}

static bool is_openssl(const struct event *ev, size_t command)
{
	return command + 1 < ev->argc &&
	       invocation_is_listed("base64 enc zlib", ev->argv[command + 1]);
}

bool payload_is_decoder(const struct event *ev, const struct invocation *inv)
{
	const struct tool *tool = NULL;
	bool is_decoding, has_file = false;

	for (size_t i = 0; i < sizeof(tools) / sizeof(tools[0]); i++)
		if (invocation_is_listed(tools[i].names, inv->name))
			tool = &tools[i];
	if (!tool || inv->command >= ev->argc)
		return false;
	if (bytes_equal(inv->name, BYTES("openssl")) &&
		!is_openssl(ev, inv->command))
		return false;
	is_decoding = !tool->options[0];
	for (size_t i = inv->command + 1; i < ev->argc; i++) {
		struct bytes arg = ev->argv[i];

		if (arg.len < 2 || arg.p[0] != '-')
			has_file |= arg.len > 1;
		else if (arg.p[1] != '-')
			is_decoding |= has_letter(arg, tool->options) ||
				       invocation_is_listed(tool->words, arg);
		else
			is_decoding |= invocation_is_listed(tool->words, arg);
	}
	return is_decoding && !(tool->is_stdin_only && has_file);
}

/* gunzip is a script where gzip comes with one. */
static bool is_gunzip(const struct event *ev, const struct invocation *inv)
{
	static const char names[] = "gunzip zcat bunzip2 bzcat unxz xzcat "
				    "unzstd zstdcat";

	return inv->script + 1 == ev->argc &&
	       invocation_is_listed(
		       names, invocation_base(ev->argv[inv->script]));
}

static bool is_unpacker(const struct event *ev, const struct invocation *inv)
{
	static const char names[] = "gunzip zcat bunzip2 bzcat unxz xzcat "
				    "unzstd zstdcat zstd gzip "
				    "bzip2 xz zstd lzma";

	return is_gunzip(ev, inv) || invocation_is_listed(names, inv->name);
}

static bool is_near(const struct payload_waiting *w, const struct event *ev,
	uint32_t pids_max)
{
	int64_t apart_ms = ev->time_ms - w->time_ms;
	uint32_t apart = ev->pid > w->pid ? ev->pid - w->pid : w->pid - ev->pid;

	return w->guid && apart_ms <= PAYLOAD_PIPE_MS &&
	       apart_ms >= -PAYLOAD_PIPE_MS && apart <= pids_max;
}

static void wait_for(
	struct payload_waiting *w, const struct event *ev, bool is_unpacker)
{
	size_t oldest = 0;

	for (size_t i = 0; i < PAYLOAD_WAIT_MAX; i++) {
		if (w[i].guid == ev->lineage.guid)
			return;
		if (!w[i].guid || w[i].time_ms < w[oldest].time_ms)
			oldest = i;
		if (!w[i].guid)
			break;
	}
	w[oldest] = (struct payload_waiting){ .guid = ev->lineage.guid,
		.time_ms = ev->time_ms,
		.pid = ev->pid,
		.is_unpacker = is_unpacker };
}

/* The nearest that waits; PAYLOAD_WAIT_MAX: none does. */
static size_t nearest(const struct payload_waiting *w, const struct event *ev,
	uint32_t pids_max)
{
	size_t found = PAYLOAD_WAIT_MAX;
	uint32_t least = UINT32_MAX;

	for (size_t i = 0; i < PAYLOAD_WAIT_MAX; i++) {
		uint32_t apart = ev->pid > w[i].pid ? ev->pid - w[i].pid
						    : w[i].pid - ev->pid;

		if (!is_near(&w[i], ev, pids_max) || apart >= least)
			continue;
		least = apart;
		found = i;
	}
	return found;
}

static void tell(struct event *ev, uint64_t id, enum event_payload_role role,
	const struct invocation *inv, const char *why)
{
	struct event_payload *p = &ev->payload;
	bool is_shell =
		inv->language == INVOCATION_SH || role != EVENT_PAYLOAD_RUNS;

	p->id = id;
	p->role = role;
	p->is_executed = role == EVENT_PAYLOAD_RUNS;
	p->why = event_copy(ev, bytes_of(why));
	p->attack[p->n_attack++] =
		event_copy(ev, is_shell ? BYTES("T1059.004") : BYTES("T1059"));
	p->attack[p->n_attack++] = event_copy(ev, BYTES("T1140"));
}

/* A script where anyone may put one. */
static bool is_in_tmp(const struct event *ev, const struct invocation *inv)
{
	return is_anyones(
		inv->script < ev->argc ? ev->argv[inv->script] : ev->exe);
}

static void take_reader(struct payload_table *t, struct event *ev,
	const struct invocation *inv, struct payload_siblings *s, bool is_pipe)
{
	uint32_t pids_max = is_pipe ? PAYLOAD_PIPE_PIDS : PAYLOAD_NEXT_PIDS;
	uint64_t id = payload_id_of(ev->lineage.guid, 0);
	size_t i = nearest(s->decoders, ev, pids_max);

	/* Installers unpack themselves and run what was in them. */
	if (i < PAYLOAD_WAIT_MAX && !is_pipe && s->decoders[i].is_unpacker)
		return;
	if (i == PAYLOAD_WAIT_MAX) {
		if (is_pipe)
			wait_for(s->readers, ev, false);
		return;
	}
	/* All stages of the pipeline are done with. */
	for (i = 0; i < PAYLOAD_WAIT_MAX; i++)
		if (is_near(&s->decoders[i], ev, pids_max))
			s->decoders[i].guid = 0;
	if (is_pipe)
		id = payload_note_pipe(t, ev, id);
	payload_mark(t, ev->lineage.guid, id, PAYLOAD_EXECUTED);
	tell(ev, id, EVENT_PAYLOAD_RUNS, inv,
		is_pipe ? "an interpreter that reads what a decoder beside it "
			  "writes"
			: "a script that runs right after a decoder");
}

static void take_decoder(struct payload_table *t, struct event *ev,
	const struct invocation *inv, struct payload_siblings *s)
{
	size_t i = nearest(s->readers, ev, PAYLOAD_PIPE_PIDS);
	uint64_t id;

	if (i == PAYLOAD_WAIT_MAX) {
		wait_for(s->decoders, ev, is_unpacker(ev, inv));
		return;
	}
	id = payload_note_pipe(t, ev, payload_id_of(s->readers[i].guid, 0));
	payload_mark(t, s->readers[i].guid, id, PAYLOAD_EXECUTED);
	s->readers[i].guid = 0;
	tell(ev, id, EVENT_PAYLOAD_DECODES, inv,
		"an interpreter beside it reads what it decodes");
}

void payload_pair(
	struct payload_table *t, struct event *ev, const struct invocation *inv)
{
	bool is_pipe = inv->reads_stdin;
	bool is_decoder = payload_is_decoder(ev, inv) || is_gunzip(ev, inv);
	struct payload_siblings *s;

	if (!ev->lineage.n_ancestors ||
		!(is_decoder || is_pipe || is_in_tmp(ev, inv)))
		return;
	s = is_decoder || is_pipe
		    ? map_note(t->siblings, &ev->lineage.ancestors[0].guid)
		    : map_find(t->siblings, &ev->lineage.ancestors[0].guid);
	if (!s)
		return;
	if (is_decoder)
		take_decoder(t, ev, inv, s);
	else
		take_reader(t, ev, inv, s, is_pipe);
}
