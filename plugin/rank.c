// SPDX-License-Identifier: GPL-3.0-or-later
#include "rank.h"

#include <stdlib.h>

#include "alert.h"
#include "config.h"
#include "event.h"
#include "baseline.h"
#include "frequency.h"
#include "map.h"
#include "score.h"

#define DIGEST 32

/* One user's sightings of a command in one slice of time are one sitting. */
struct sitting {
	uint8_t sha256[DIGEST];
	uint64_t user;
	uint64_t slice;
};

struct rank {
	struct rank_conf cf;
	struct map *rows; /* by SHA-256: struct rank_row * */
	struct map *sittings; /* by struct sitting */
	struct rank_row **sorted;
	uint64_t left_out;
};

struct rank *rank_new(const struct rank_conf *cf)
{
	struct map_conf rows = { .key_len = DIGEST,
		.value_len = sizeof(struct rank_row *),
		.max = RANK_ROWS_MAX };
	struct map_conf sittings = { .key_len = sizeof(struct sitting),
		.max = RANK_ROWS_MAX };
	struct rank *r = calloc(1, sizeof(*r));

	if (!r)
		return NULL;
	r->cf = *cf;
	r->rows = map_new(&rows);
	r->sittings = map_new(&sittings);
	if (r->rows && r->sittings)
		return r;
	rank_free(r);
	return NULL;
}

static void free_row(struct rank_row *row)
{
	struct rank_host *h, *next;

	if (!row)
		return;
	for (h = row->hosts; h; h = next) {
		next = h->next;
		free(h);
	}
	event_destroy(row->judged);
	free((char *)(uintptr_t)row->decoded.p);
	free((char *)(uintptr_t)row->shown.p);
	free(row);
}

void rank_free(struct rank *r)
{
	const void *key;
	uint32_t at = 0;
	void *value;

	if (!r)
		return;
	while (r->rows && (value = map_next(r->rows, &at, &key)))
		free_row(*(struct rank_row **)value);
	free(r->sorted);
	map_free(r->rows);
	map_free(r->sittings);
	free(r);
}

uint64_t rank_left_out(const struct rank *r)
{
	return r->left_out;
}

/* Absent when out of memory. */
static struct bytes copy_of(struct bytes b)
{
	char *copy = malloc(b.len + 1);

	if (copy)
		memcpy(copy, b.p, b.len);
	return (struct bytes){ copy, copy ? b.len : 0 };
}

static struct rank_row *row_of(
	struct rank *r, const struct event_layer *l, struct bytes shown)
{
	struct rank_row **at = map_find(r->rows, l->sha256);

	if (at)
		return *at;
	if (map_count(r->rows) == RANK_ROWS_MAX)
		return NULL;
	at = map_note(r->rows, l->sha256);
	if (!at)
		return NULL;
	*at = calloc(1, sizeof(**at));
	if (!*at)
		return NULL;
	(*at)->decoded = copy_of(l->text);
	(*at)->shown = copy_of(shown);
	return *at;
}

static struct rank_host *host_of(struct rank_row *row, struct bytes node)
{
	struct rank_host *h;

	for (h = row->hosts; h; h = h->next)
		if (bytes_equal(bytes_of(h->name), node))
			return h;
	h = calloc(1, sizeof(*h) + node.len + 1);
	if (!h)
		return NULL;
	if (node.len)
		memcpy(h->name, node.p, node.len);
	h->next = row->hosts;
	row->hosts = h;
	row->n_hosts++;
	return h;
}

static void note_sitting(struct rank *r, struct rank_row *row,
	const struct event *ev, const struct event_layer *l)
{
	struct sitting key = { .user = frequency_user(ev),
		.slice = frequency_slice(
			r->cf.config->frequency_window_h, ev->time_ms) };

	memcpy(key.sha256, l->sha256, DIGEST);
	if (map_find(r->sittings, &key))
		return;
	row->sittings++;
	if (!map_note(r->sittings, &key))
		r->left_out++;
}

static void note(struct rank *r, const struct event *ev,
	const struct event_layer *l, struct bytes shown)
{
	struct rank_row *row = row_of(r, l, shown);
	struct rank_host *h = row ? host_of(row, ev->node) : NULL;

	if (!h) {
		r->left_out++;
		return;
	}
	h->count++;
	note_sitting(r, row, ev, l);
	if (ev->score.parts[SCORE_obfuscation] > row->obfuscation)
		row->obfuscation = ev->score.parts[SCORE_obfuscation];
	if (!row->count++ || ev->time_ms < row->first_ms)
		row->first_ms = ev->time_ms;
	if (ev->time_ms > row->last_ms)
		row->last_ms = ev->time_ms;
}

/* A command counts once an event, however often it stands in it. */
static bool is_repeated(const struct event_layer *layers, size_t i)
{
	for (size_t j = 0; j < i; j++)
		if (layers[j].depth == 1 &&
			!memcmp(layers[j].sha256, layers[i].sha256, DIGEST))
			return true;
	return false;
}

void rank_note(struct rank *r, const struct event *ev)
{
	const struct event_layer *layers =
		ev->redacted.layers ? ev->redacted.layers : ev->layers;

	for (size_t i = 0; i < ev->n_layers; i++)
		if (layers[i].depth == 1 && !is_repeated(layers, i))
			note(r, ev, &layers[i], ev->layers[i].text);
}

/* Over several hosts a row's figure is the highest of its hosts'. */
static double frequency_of(const struct rank_row *row,
	const struct event_frequency *f, enum frequency_formula formula)
{
	uint64_t least = UINT64_MAX;

	for (const struct rank_host *h = row->hosts; h; h = h->next)
		if (h->count < least)
			least = h->count;
	return frequency_points(formula, f->in_workspace, least, f->hosts);
}

/* Over several hosts the alerts of all of them count. */
static void add_alerts(
	const struct rank *r, const struct rank_row *row, struct event *ev)
{
	const struct alert_conf *cf = &r->cf.config->alerts;

	for (const struct rank_host *h = row->hosts; h && r->cf.alerts;
		h = h->next) {
		struct bytes name =
			bytes_of(h->name[0] ? h->name : cf->own_host);
		struct alert_sum sum = alert_around(
			r->cf.alerts, name, row->first_ms, row->last_ms, cf);

		ev->alerts.points += sum.points;
		ev->alerts.n += sum.n;
		if (sum.worst.p)
			ev->alerts.worst = event_copy(ev, sum.worst);
	}
}

/* A script of its own, which is what the decoded command was meant to be. */
static struct event *script_of(const struct rank_row *row)
{
	static const char *const shell[] = { "sh", "-c" };
	struct event *ev = event_create();

	if (!ev)
		return NULL;
	ev->has_execve = true;
	ev->argv = event_alloc(ev, 3 * sizeof(*ev->argv));
	if (!ev->argv)
		return ev;
	for (; ev->argc < 2; ev->argc++)
		ev->argv[ev->argc] = bytes_of(shell[ev->argc]);
	ev->argv[ev->argc++] = event_copy(ev, row->decoded);
	return ev;
}

/* By the counts of the whole input, and of the hosts that are not in it. */
static void set_frequency(const struct rank *r, const struct rank_row *row,
	const void *digest, struct event_frequency *to)
{
	enum frequency_formula formula =
		(enum frequency_formula)r->cf.config->frequency;
	const struct baseline_row *others =
		r->cf.baseline ? baseline_get(r->cf.baseline, digest) : NULL;
	uint64_t elsewhere = others ? others->count : 0;

	*to = (struct event_frequency){ .has = true,
		.on_host = row->count,
		.in_workspace = row->count + elsewhere,
		.hosts = row->n_hosts + (others ? others->hosts : 0),
		.sittings = row->sittings };
	to->points = frequency_of(row, to, formula);
	to->steady =
		frequency_steady(formula, row->sittings, elsewhere, to->hosts);
}

/* Scores the row. -1: out of memory. */
static int judge(struct rank *r, struct rank_row *row, const void *digest)
{
	struct event *ev = script_of(row);
	double *parts;

	if (!ev)
		return -1;
	row->judged = ev;
	r->cf.judge(r->cf.arg, ev);
	set_frequency(r, row, digest, &ev->frequency);
	add_alerts(r, row, ev);
	score_run(ev, &r->cf.config->score);
	parts = ev->score.parts;
	ev->score.total += row->obfuscation - parts[SCORE_obfuscation];
	parts[SCORE_obfuscation] = row->obfuscation;
	r->cf.redact(r->cf.arg, ev);
	return 0;
}

static int compare(const void *va, const void *vb)
{
	const struct rank_row *a = *(struct rank_row *const *)va;
	const struct rank_row *b = *(struct rank_row *const *)vb;
	int order;

	if (a->judged->score.total != b->judged->score.total)
		return a->judged->score.total > b->judged->score.total ? -1 : 1;
	if (a->first_ms != b->first_ms)
		return a->first_ms < b->first_ms ? -1 : 1;
	order = memcmp(a->decoded.p, b->decoded.p,
		a->decoded.len < b->decoded.len ? a->decoded.len
						: b->decoded.len);
	if (order)
		return order;
	return a->decoded.len < b->decoded.len
		       ? -1
		       : a->decoded.len > b->decoded.len;
}

struct rank_row **rank_rows(struct rank *r, size_t *n)
{
	const void *key;
	uint32_t at = 0;
	void *value;

	*n = 0;
	r->sorted = calloc(map_count(r->rows) + 1, sizeof(r->sorted[0]));
	if (!r->sorted)
		return NULL;
	while ((value = map_next(r->rows, &at, &key))) {
		struct rank_row *row = *(struct rank_row **)value;

		if (!row || !row->count || !row->decoded.p || !row->shown.p)
			continue;
		if (judge(r, row, key) < 0)
			return NULL;
		r->sorted[(*n)++] = row;
	}
	qsort(r->sorted, *n, sizeof(r->sorted[0]), compare);
	return r->sorted;
}
