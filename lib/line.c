// SPDX-License-Identifier: GPL-3.0-or-later
#include "line.h"

#include <stdio.h>

#include "cmdline.h"
#include "event.h"
#include "format.h"
#include "intel_severity.h"
#include "line_fit.h"
#include "line_walk.h"
#include "record.h"

/* What is left of a cut text, and bytes of a list of names or indicators:
 * less only where the line can't hold that much of everything. */
#define CUT_MIN  64
#define LIST_MAX 512
/* Room for "cut" and the marker when a field is cut. */
#define CUT_ROOM 96
/* Each text is cut at most twice, and what is left halved a few times. */
#define ROUNDS_MAX (3 * LINE_TEXTS_MAX)

static void add_cut(
	struct line_walk *k, const char *key, struct bytes value, size_t limit)
{
	size_t head = line_fit(k->w, value, limit / 2);
	struct bytes rest = { value.p + head, value.len - head };
	size_t tail = line_fit_tail(k->w, rest, limit / 2);
	char marker[48];

	/* 0 bytes: it is whole, but without its exact bytes in Base64. */
	k->cuts[k->n] = (struct cut){ true, rest.len - tail };
	snprintf(marker, sizeof(marker), "[...%zu bytes...]", rest.len - tail);
	k->w->cut(k->out, key, (struct bytes){ value.p, head }, marker,
		(struct bytes){ rest.p + rest.len - tail, tail });
}

void line_write_text(struct line_walk *k, const char *key, struct bytes value)
{
	size_t before = k->out->len;
	size_t limit = k->n < LINE_TEXTS_MAX ? k->limits[k->n] : k->cut_min;

	if (!value.p || k->n == LINE_TEXTS_MAX)
		return;
	k->keys[k->n] = key;
	k->cuts[k->n] = (struct cut){ false, 0 };
	if (value.len <= limit)
		k->w->text(k->out, key, value);
	if (value.len > limit ||
		(k->out->len - before > limit &&
			k->out->len - before > limit + strlen(key) + 8)) {
		k->out->len = before;
		add_cut(k, key, value, limit);
	}
	k->took[k->n++] = k->out->len - before;
}

void line_write_flag(struct line_walk *k, const char *key, bool is_set)
{
	if (is_set)
		k->w->boolean(k->out, key, true);
}

void line_write_user(struct line_walk *k, const char *key, const char *name_key,
	const struct event_user *u)
{
	if (!u->has || u->id == EVENT_UNSET)
		return;
	k->w->integer(k->out, key, u->id);
	if (name_key)
		line_write_text(k, name_key, u->name);
}

static void head(struct line_walk *k, const char *kind, const char *id,
	enum score_severity severity)
{
	k->w->begin(k->out, kind, id);
	k->w->integer(k->out, "v", 1);
	k->w->text(k->out, "evt", bytes_of(kind));
	k->w->text(k->out, "id", bytes_of(id));
	k->w->integer(k->out, "seq", (long long)k->job->seq);
	k->w->text(k->out, "sev", bytes_of(score_severity_name(severity)));
}

/* A list of those that fit list_max bytes, and how many did not. */
void line_write_list(struct line_walk *k, const char *name, const char *more,
	const void *items, size_t n, size_t stride)
{
	size_t before = k->out->len, shown = 0;

	if (!n)
		return;
	k->w->list(k->out, name);
	for (size_t i = 0; i < n; i++) {
		const char *at = (const char *)items + i * stride;
		struct bytes one = *(const struct bytes *)(const void *)at;
		size_t len = k->out->len;

		if (one.len + len - before >= k->list_max)
			continue;
		k->w->item(k->out, one, shown == 0);
		if (k->out->len - before <= k->list_max)
			shown++;
		else
			str_cut(k->out, len);
	}
	k->w->list_end(k->out);
	if (shown < n)
		k->w->integer(k->out, more, (long long)(n - shown));
}

static void tags(struct line_walk *k, const struct event *ev)
{
	const struct event_tags *t = &ev->tags;

	line_write_list(k, "categories", "categories_more", t->categories,
		t->n_categories, sizeof(t->categories[0]));
	line_write_list(k, "gtfobins", "gtfobins_more",
		t->n_bins ? &t->bins[0].name : NULL, t->n_bins,
		sizeof(t->bins[0]));
	line_attack(k, ev);
}

static void timestamp(struct line_walk *k, int64_t time_ms)
{
	char ts[FORMAT_TIME_MAX];

	format_time(ts, time_ms);
	k->w->text(k->out, "ts", bytes_of(ts));
}

/* Of an event that stands for others: how many, and up to when. */
static void last(struct line_walk *k, const struct event *ev)
{
	char id[FORMAT_ID_MAX], ts[FORMAT_TIME_MAX];

	if (!ev->repeat.count)
		return;
	format_id(id, ev->repeat.last_ms, ev->repeat.last_serial);
	format_time(ts, ev->repeat.last_ms);
	k->w->integer(k->out, "count", (long long)ev->repeat.count);
	k->w->text(k->out, "last", bytes_of(id));
	k->w->text(k->out, "last_ts", bytes_of(ts));
}

static void score(struct line_walk *k, const struct event *ev)
{
	const char *names[sizeof(ev->score.parts) / sizeof(ev->score.parts[0])];
	double values[sizeof(names) / sizeof(names[0])];
	size_t n = 0;

	for (size_t i = 0; i < score_n_scorers; i++) {
		if (ev->score.parts[i] == 0)
			continue;
		names[n] = score_scorers[i]->name;
		values[n++] = ev->score.parts[i];
	}
	k->w->number(k->out, "score", ev->score.total);
	if (ev->repeat.count)
		return;
	k->w->parts(k->out, "parts", names, values, n);
}

static void key(struct line_walk *k, const struct event *ev)
{
	struct str *list = k->job->scratch;

	if (!ev->key.p)
		return;
	str_reset(list);
	for (size_t i = 0; i < ev->key.len; i++)
		str_addc(list, ev->key.p[i] == '\1' ? ',' : ev->key.p[i]);
	line_write_text(k, "key", str_bytes(list));
}

static void process(struct line_walk *k, const struct event *ev)
{
	line_write_user(k, "auid", "auser", &ev->auid);
	line_write_user(k, "uid", "user", &ev->uid);
	line_write_user(k, "euid", NULL, &ev->euid);
	line_write_user(k, "gid", NULL, &ev->gid);
	if (ev->has_ses && ev->ses != EVENT_UNSET)
		k->w->integer(k->out, "ses", ev->ses);
	line_session(k, ev);
	line_write_text(k, "tty", ev->tty);
	line_write_text(k, "node", ev->node);
	if (ev->has_pid)
		k->w->integer(k->out, "pid", ev->pid);
	if (ev->has_ppid)
		k->w->integer(k->out, "ppid", ev->ppid);
	line_write_text(k, "comm", ev->comm);
	line_write_text(k, "exe", ev->exe);
	line_write_text(k, "cwd", ev->cwd);
	line_write_text(k, "syscall", bytes_of(ev->syscall_name));
	if (ev->has_success)
		k->w->boolean(k->out, "success", ev->success);
	if (ev->has_exit)
		k->w->integer(k->out, "exit", ev->exit);
	key(k, ev);
}

static void flaws(struct line_walk *k, const struct event *ev)
{
	static const char *const names[] = { "no_syscall", "no_execve",
		"no_cwd", "no_path", "no_end", "argv_gap", "argv_dup",
		"argv_cut", "forced" };
	struct str *list = k->job->scratch;

	if (!ev->flaws)
		return;
	str_reset(list);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (!(ev->flaws >> i & 1))
			continue;
		if (list->len)
			str_addc(list, ',');
		str_addz(list, names[i]);
	}
	line_write_text(k, "flaws", str_bytes(list));
}

static void redacted(struct line_walk *k, const struct event *ev)
{
	const struct event_redacted *r = &ev->redacted;

	line_write_list(k, "redacted", "redacted_more", r->rules, r->n_rules,
		sizeof(r->rules[0]));
}

/* The command line as it will stand last in the line: made once. */
static void prepare(const struct event *ev, struct str *cmd)
{
	str_reset(cmd);
	if (ev->has_execve) {
		cmdline_shell(cmd, ev);
		return;
	}
	record_add_text(cmd, ev->proctitle);
	for (size_t i = 0; i < cmd->len; i++)
		if (!cmd->p[i])
			cmd->p[i] = ' ';
}

static void command(struct line_walk *k, const struct event *ev)
{
	struct bytes cmd = str_bytes(k->job->command);

	if (ev->kind == EVENT_CALL)
		line_paths(k, ev);
	if (ev->has_execve || ev->lineage.cmd.p) {
		line_write_text(
			k, "cmd", ev->has_execve ? cmd : ev->lineage.cmd);
		return;
	}
	if (ev->n_paths && ev->kind == EVENT_EXEC)
		line_write_text(k, "path", ev->paths[0].name);
	if (ev->proctitle.p)
		line_write_text(k, "proctitle", cmd);
}

/* What the walk before this one had to cut. */
static void cuts(struct line_walk *k)
{
	char list[LINE_TEXTS_MAX * 24];
	size_t len = 0;

	for (size_t i = 0; i < LINE_TEXTS_MAX; i++) {
		if (!k->told[i].is_cut || len + 64 > sizeof(list))
			continue;
		len += (size_t)snprintf(list + len, sizeof(list) - len,
			"%s%s:%zu", len ? "," : "", k->keys[i],
			k->told[i].lost);
	}
	if (len)
		k->w->text(k->out, "cut", (struct bytes){ list, len });
}

static void mark_dup(struct line_walk *k, const struct event *ev)
{
	if (k->job->dup_at)
		*k->job->dup_at = ev->is_dup ? 0 : k->out->len;
	line_write_flag(k, "dup", ev->is_dup);
}

/* What is still to be heard, and what was. */
static void verdicts(struct line_walk *k, const struct event *ev)
{
	if (ev->n_pending)
		k->w->integer(k->out, "pending", (long long)ev->n_pending);
	if (!ev->is_late)
		return;
	line_write_text(k, "verdict",
		bytes_of(intel_severity_name(
			(enum intel_severity)ev->verdicts[0].severity)));
	line_write_text(k, "provider", ev->verdicts[0].provider);
}

static void exec(struct line_walk *k, const struct event *ev)
{
	score(k, ev);
	line_decoded(k, ev);
	if (ev->score.why.len)
		line_write_text(k, "why", str_bytes(&ev->score.why));
	line_write_list(k, "iocs", "iocs_more",
		ev->n_iocs ? &ev->iocs[0].value : NULL, ev->n_iocs,
		sizeof(ev->iocs[0]));
	verdicts(k, ev);
	timestamp(k, ev->time_ms);
	last(k, ev);
	process(k, ev);
	line_network(k, ev);
	line_typed(k, ev);
	line_parent(k, ev);
	tags(k, ev);
	line_layers(k, ev);
	flaws(k, ev);
	mark_dup(k, ev);
	redacted(k, ev);
	cuts(k);
	command(k, ev);
}

static void message(struct line_walk *k, const struct event *ev)
{
	score(k, ev);
	timestamp(k, ev->time_ms);
	line_message(k, ev);
	mark_dup(k, ev);
	redacted(k, ev);
	cuts(k);
	line_write_text(k, "cmd", ev->message.command);
}

/* What happened, then all that the event's own line says of who did it. */
static void alert(struct line_walk *k, const struct event *ev)
{
	line_alert(k, ev);
	timestamp(k, ev->time_ms);
	if (ev->kind == EVENT_MESSAGE) {
		line_message(k, ev);
	} else {
		process(k, ev);
		line_network(k, ev);
		line_parent(k, ev);
	}
	redacted(k, ev);
	cuts(k);
	if (ev->kind == EVENT_MESSAGE)
		line_write_text(k, "cmd", ev->message.command);
	else
		command(k, ev);
}

static const char *kind_of(const struct event *ev)
{
	if (ev->told)
		return "alert";
	if (event_is_message(ev))
		return ev->session.evt;
	if (ev->kind == EVENT_NETWORK)
		return "network";
	if (ev->is_late)
		return "intel";
	return ev->repeat.count ? "repeat" : "exec";
}

static void walk(struct line_walk *k, const struct event *ev)
{
	char id[FORMAT_ID_MAX];

	k->n = 0;
	memcpy(k->told, k->cuts, sizeof(k->told));
	format_id(id, ev->time_ms, ev->serial);
	head(k, kind_of(ev), id,
		score_severity(event_worth(ev), k->job->severity));
	if (ev->told)
		alert(k, ev);
	else if (ev->kind == EVENT_MESSAGE)
		message(k, ev);
	else
		exec(k, ev);
	k->w->end(k->out);
}

/* The text that is longest uncut, of those that can still lose something;
 * LINE_TEXTS_MAX if none can. */
static size_t longest(const struct line_walk *k)
{
	size_t found = LINE_TEXTS_MAX, most = 0;

	for (size_t i = 0; i < k->n; i++) {
		size_t len = k->took[i] + k->cuts[i].lost;

		if (len < most || k->limits[i] == k->cut_min)
			continue;
		found = i;
		most = len;
	}
	return found;
}

/* Takes the longest text down to what leaves the rest room, or nearly nothing;
 * where all of them are, everything has half of that. */
static void tighten(struct line_walk *k, size_t excess)
{
	size_t i = longest(k), room = excess + CUT_ROOM;

	if (i < LINE_TEXTS_MAX) {
		k->limits[i] = k->took[i] > room + k->cut_min
				       ? k->took[i] - room
				       : k->cut_min;
		return;
	}
	k->cut_min /= 2;
	k->list_max /= 2;
	for (i = 0; i < k->n; i++)
		k->limits[i] = k->cut_min;
}

/* Whether "cut" says what this very walk has cut. */
static bool is_told(const struct line_walk *k)
{
	for (size_t i = 0; i < k->n; i++)
		if (k->told[i].is_cut != k->cuts[i].is_cut ||
			k->told[i].lost != k->cuts[i].lost)
			return false;
	return true;
}

bool line_event(const struct line_writer *w, const struct event *ev,
	const struct format_job *job, struct str *out)
{
	struct line_walk k = { .w = w,
		.job = job,
		.out = out,
		.cut_min = CUT_MIN,
		.list_max = LIST_MAX };
	size_t start = out->len;

	prepare(ev, job->command);
	for (size_t i = 0; i < LINE_TEXTS_MAX; i++)
		k.limits[i] = job->line_max;
	/* A last round tells in the line what was cut. */
	for (int round = 0; round < ROUNDS_MAX; round++) {
		size_t len;

		out->len = start;
		walk(&k, ev);
		len = out->len - start;
		if (len > job->line_max)
			tighten(&k, len - job->line_max);
		else if (is_told(&k))
			break;
	}
	for (size_t i = 0; i < k.n; i++)
		if (k.cuts[i].is_cut)
			return true;
	return false;
}

void line_status(const struct line_writer *w, const struct format_job *job,
	struct str *out)
{
	struct line_walk k = { .w = w, .job = job, .out = out };
	char id[FORMAT_ID_MAX];

	format_id(id, job->time_ms, 0);
	head(&k, job->kind, id, job->sev);
	timestamp(&k, job->time_ms);
	for (size_t i = 0; i < job->n_counters; i++)
		w->integer(out, job->counters[i].name,
			(long long)job->counters[i].value);
	w->end(out);
}
