// SPDX-License-Identifier: GPL-3.0-or-later
#include "line.h"

#include <stdio.h>

#include "cmdline.h"
#include "event.h"
#include "format.h"
#include "record.h"

/* Texts of one line that an attacker can make long. */
#define TEXTS_MAX 24
/* What is left of a cut text at least. */
#define CUT_MIN 64
/* Bytes of a list of names or indicators. */
#define LIST_MAX 512
/* Room for "cut" and the marker when a field is cut. */
#define CUT_ROOM 96

struct walk {
	const struct line_writer *w;
	const struct format_job *job;
	struct str *out;
	/* Per text, in the order of writing: its limit, and what it took. */
	size_t limits[TEXTS_MAX];
	size_t took[TEXTS_MAX];
	struct cut {
		bool is_cut;
		size_t lost; /* bytes left out */
	} cuts[TEXTS_MAX];
	struct cut told[TEXTS_MAX]; /* of the walk before, for "cut" */
	const char *keys[TEXTS_MAX];
	size_t n;
};

/* As many bytes from one end of b as cost at most the budget to write. */
static size_t fit(const struct line_writer *w, struct bytes b, size_t budget)
{
	size_t i = 0, n;

	while (i < b.len) {
		size_t cost = w->cost(b.p + i, b.len - i, &n);

		if (cost > budget)
			break;
		budget -= cost;
		i += n;
	}
	return i;
}

/* Length of the character that ends at p + end. */
static size_t last_char(const struct line_writer *w, const char *p, size_t end)
{
	size_t n;

	for (size_t len = end < 4 ? end : 4; len > 1; len--) {
		w->cost(p + end - len, len, &n);
		if (n == len)
			return len;
	}
	return 1;
}

static size_t fit_tail(
	const struct line_writer *w, struct bytes b, size_t budget)
{
	size_t i = b.len, n;

	while (i > 0) {
		size_t len = last_char(w, b.p, i);
		size_t cost = w->cost(b.p + i - len, len, &n);

		if (cost > budget)
			break;
		budget -= cost;
		i -= len;
	}
	return b.len - i;
}

static void add_cut(
	struct walk *k, const char *key, struct bytes value, size_t limit)
{
	size_t head = fit(k->w, value, limit / 2);
	struct bytes rest = { value.p + head, value.len - head };
	size_t tail = fit_tail(k->w, rest, limit / 2);
	char marker[48];

	/* 0 bytes: it is whole, but without its exact bytes in Base64. */
	k->cuts[k->n] = (struct cut){ true, rest.len - tail };
	snprintf(marker, sizeof(marker), "[...%zu bytes...]", rest.len - tail);
	k->w->cut(k->out, key, (struct bytes){ value.p, head }, marker,
		(struct bytes){ rest.p + rest.len - tail, tail });
}

static void text(struct walk *k, const char *key, struct bytes value)
{
	size_t before = k->out->len;
	size_t limit = k->n < TEXTS_MAX ? k->limits[k->n] : CUT_MIN;

	if (!value.p || k->n == TEXTS_MAX)
		return;
	k->keys[k->n] = key;
	k->cuts[k->n] = (struct cut){ false, 0 };
	if (value.len <= limit)
		k->w->text(k->out, key, value);
	if (value.len > limit ||
		k->out->len - before > limit + strlen(key) + 8) {
		k->out->len = before;
		add_cut(k, key, value, limit);
	}
	k->took[k->n++] = k->out->len - before;
}

static void flag(struct walk *k, const char *key, bool is_set)
{
	if (is_set)
		k->w->boolean(k->out, key, true);
}

static void user(struct walk *k, const char *key, const char *name_key,
	const struct event_user *u)
{
	if (!u->has || u->id == EVENT_UNSET)
		return;
	k->w->integer(k->out, key, u->id);
	if (name_key)
		text(k, name_key, u->name);
}

static void head(struct walk *k, const char *kind, const char *id,
	enum score_severity severity)
{
	k->w->begin(k->out, kind, id);
	k->w->integer(k->out, "v", 1);
	k->w->text(k->out, "evt", bytes_of(kind));
	k->w->text(k->out, "id", bytes_of(id));
	k->w->integer(k->out, "seq", (long long)k->job->seq);
	k->w->text(k->out, "sev", bytes_of(score_severity_name(severity)));
}

/* A list of those that fit LIST_MAX bytes, and how many did not. */
static void list(struct walk *k, const char *name, const char *more,
	const void *items, size_t n, size_t stride)
{
	size_t before = k->out->len, shown = 0;

	if (!n)
		return;
	k->w->list(k->out, name);
	for (size_t i = 0; i < n; i++) {
		const char *at = (const char *)items + i * stride;
		struct bytes one = *(const struct bytes *)(const void *)at;

		if (one.len + k->out->len - before < LIST_MAX)
			k->w->item(k->out, one, shown++ == 0);
	}
	k->w->list_end(k->out);
	if (shown < n)
		k->w->integer(k->out, more, (long long)(n - shown));
}

static void tags(struct walk *k, const struct event *ev)
{
	const struct event_tags *t = &ev->tags;

	list(k, "categories", "categories_more", t->categories, t->n_categories,
		sizeof(t->categories[0]));
	list(k, "gtfobins", "gtfobins_more",
		t->n_bins ? &t->bins[0].name : NULL, t->n_bins,
		sizeof(t->bins[0]));
	list(k, "attack", "attack_more", t->attack, t->n_attack,
		sizeof(t->attack[0]));
}

static void timestamp(struct walk *k, int64_t time_ms)
{
	char ts[FORMAT_TIME_MAX];

	format_time(ts, time_ms);
	k->w->text(k->out, "ts", bytes_of(ts));
}

static void score(struct walk *k, const struct event *ev)
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
	k->w->parts(k->out, "parts", names, values, n);
}

static void decoded(struct walk *k, const struct event *ev)
{
	struct str *all = k->job->scratch;

	if (ev->n_layers == 1)
		text(k, "decoded", ev->layers[0].text);
	if (ev->n_layers < 2)
		return;
	str_reset(all);
	for (size_t i = 0; i < ev->n_layers; i++) {
		if (i)
			str_addc(all, '\n');
		str_addb(all, ev->layers[i].text);
	}
	text(k, "decoded", str_bytes(all));
}

static void layers(struct walk *k, const struct event *ev)
{
	struct str *list = k->job->scratch;

	if (!ev->n_layers)
		return;
	str_reset(list);
	for (size_t i = 0; i < ev->n_layers; i++) {
		if (i)
			str_addc(list, ',');
		str_addb(list, ev->layers[i].chain);
	}
	text(k, "chain", str_bytes(list));
	str_reset(list);
	for (size_t i = 0; i < ev->n_layers; i++) {
		if (i)
			str_addc(list, ',');
		for (size_t j = 0; j < sizeof(ev->layers[i].sha256); j++)
			str_addf(list, "%02x", ev->layers[i].sha256[j]);
	}
	text(k, "sha256", str_bytes(list));
	flag(k, "capped", ev->is_capped);
}

static void key(struct walk *k, const struct event *ev)
{
	struct str *list = k->job->scratch;

	if (!ev->key.p)
		return;
	str_reset(list);
	for (size_t i = 0; i < ev->key.len; i++)
		str_addc(list, ev->key.p[i] == '\1' ? ',' : ev->key.p[i]);
	text(k, "key", str_bytes(list));
}

static void process(struct walk *k, const struct event *ev)
{
	user(k, "auid", "auser", &ev->auid);
	user(k, "uid", "user", &ev->uid);
	user(k, "euid", NULL, &ev->euid);
	user(k, "gid", NULL, &ev->gid);
	if (ev->has_ses && ev->ses != EVENT_UNSET)
		k->w->integer(k->out, "ses", ev->ses);
	text(k, "tty", ev->tty);
	text(k, "node", ev->node);
	if (ev->has_pid)
		k->w->integer(k->out, "pid", ev->pid);
	if (ev->has_ppid)
		k->w->integer(k->out, "ppid", ev->ppid);
	text(k, "comm", ev->comm);
	text(k, "exe", ev->exe);
	text(k, "cwd", ev->cwd);
	text(k, "syscall", bytes_of(ev->syscall_name));
	if (ev->has_success)
		k->w->boolean(k->out, "success", ev->success);
	if (ev->has_exit)
		k->w->integer(k->out, "exit", ev->exit);
	key(k, ev);
}

static void flaws(struct walk *k, const struct event *ev)
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
	text(k, "flaws", str_bytes(list));
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

static void command(struct walk *k, const struct event *ev)
{
	struct bytes cmd = str_bytes(k->job->command);

	if (ev->has_execve) {
		text(k, "cmd", cmd);
		return;
	}
	if (ev->n_paths)
		text(k, "path", ev->paths[0].name);
	if (ev->proctitle.p)
		text(k, "proctitle", cmd);
}

/* What the walk before this one had to cut. */
static void cuts(struct walk *k)
{
	char list[TEXTS_MAX * 24];
	size_t len = 0;

	for (size_t i = 0; i < TEXTS_MAX; i++) {
		if (!k->told[i].is_cut || len + 64 > sizeof(list))
			continue;
		len += (size_t)snprintf(list + len, sizeof(list) - len,
			"%s%s:%zu", len ? "," : "", k->keys[i],
			k->told[i].lost);
	}
	if (len)
		k->w->text(k->out, "cut", (struct bytes){ list, len });
}

static void walk(struct walk *k, const struct event *ev)
{
	char id[FORMAT_ID_MAX];

	k->n = 0;
	memcpy(k->told, k->cuts, sizeof(k->told));
	format_id(id, ev->time_ms, ev->serial);
	head(k, "exec", id, score_severity(ev->score.total, k->job->severity));
	score(k, ev);
	decoded(k, ev);
	if (ev->score.why.len)
		text(k, "why", str_bytes(&ev->score.why));
	list(k, "iocs", "iocs_more", ev->n_iocs ? &ev->iocs[0].value : NULL,
		ev->n_iocs, sizeof(ev->iocs[0]));
	timestamp(k, ev->time_ms);
	process(k, ev);
	tags(k, ev);
	layers(k, ev);
	flaws(k, ev);
	cuts(k);
	command(k, ev);
	k->w->end(k->out);
}

/* The text that is longest uncut, of those that can still lose something. */
static size_t longest(const struct walk *k)
{
	size_t found = 0, most = 0;

	for (size_t i = 0; i < k->n; i++) {
		size_t len = k->took[i] + k->cuts[i].lost;

		if (len < most || k->limits[i] == CUT_MIN)
			continue;
		found = i;
		most = len;
	}
	return found;
}

/* Whether "cut" says what this very walk has cut. */
static bool is_told(const struct walk *k)
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
	struct walk k = { .w = w, .job = job, .out = out };
	size_t start = out->len;

	prepare(ev, job->command);
	for (size_t i = 0; i < TEXTS_MAX; i++)
		k.limits[i] = job->line_max;
	/* Each round takes the longest text down to what leaves the rest room,
	 * or nearly nothing; a last one tells in the line what was cut. */
	for (int round = 0; round < 2 * TEXTS_MAX; round++) {
		size_t len, i;

		out->len = start;
		walk(&k, ev);
		len = out->len - start;
		if (len > job->line_max) {
			i = longest(&k);
			len -= job->line_max;
			k.limits[i] = k.took[i] > len + CUT_ROOM + CUT_MIN
					      ? k.took[i] - len - CUT_ROOM
					      : CUT_MIN;
		} else if (is_told(&k)) {
			break;
		}
	}
	for (size_t i = 0; i < k.n; i++)
		if (k.cuts[i].is_cut)
			return true;
	return false;
}

void line_status(const struct line_writer *w, const struct format_job *job,
	struct str *out)
{
	struct walk k = { .w = w, .job = job, .out = out };
	char id[FORMAT_ID_MAX];

	format_id(id, job->time_ms, 0);
	head(&k, "status", id, SEVERITY_INFO);
	timestamp(&k, job->time_ms);
	for (size_t i = 0; i < job->n_counters; i++)
		w->integer(out, job->counters[i].name,
			(long long)job->counters[i].value);
	w->end(out);
}
