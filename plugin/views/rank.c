// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * The notebook's table: one row for each decoded command, by its score once
 * the whole input is known.
 */
#include <stdio.h>
#include <stdlib.h>

#include "config.h"
#include "event.h"
#include "format.h"
#include "frequency.h"
#include "json.h"
#include "log.h"
#include "map.h"
#include "views.h"

/* Unique commands; a row takes a few hundred bytes. */
#define ROWS_MAX (1u << 20)
#define DIGEST   32

struct host {
	struct host *next;
	uint64_t count;
	char name[];
};

struct row {
	char *decoded;
	size_t len;
	uint64_t count, n_hosts;
	struct host *hosts; /* the latest first */
	int64_t first_ms, last_ms;
	/* Once the input has ended. */
	double freq, total;
};

struct rank {
	struct map *rows; /* by SHA-256: struct row * */
	uint64_t left_out;
};

static int start(struct view_run *run)
{
	struct map_conf rows = { .key_len = DIGEST,
		.value_len = sizeof(struct row *),
		.max = ROWS_MAX };
	struct rank *r = calloc(1, sizeof(*r));

	if (r)
		r->rows = map_new(&rows);
	if (!r || !r->rows) {
		free(r);
		log_warn("out of memory");
		return -1;
	}
	run->state = r;
	return 0;
}

static struct row *row_of(struct rank *r, const struct event_layer *l)
{
	struct row **at = map_find(r->rows, l->sha256);

	if (at)
		return *at;
	if (map_count(r->rows) == ROWS_MAX)
		return NULL;
	at = map_note(r->rows, l->sha256);
	if (!at)
		return NULL;
	*at = calloc(1, sizeof(**at));
	if (!*at)
		return NULL;
	(*at)->decoded = malloc(l->text.len + 1);
	if ((*at)->decoded) {
		memcpy((*at)->decoded, l->text.p, l->text.len);
		(*at)->len = l->text.len;
	}
	return *at;
}

static struct host *host_of(struct row *row, struct bytes node)
{
	struct host *h;

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

static void note(
	struct rank *r, const struct event *ev, const struct event_layer *l)
{
	struct row *row = row_of(r, l);
	struct host *h = row ? host_of(row, ev->node) : NULL;

	if (!h) {
		r->left_out++;
		return;
	}
	h->count++;
	if (!row->count++ || ev->time_ms < row->first_ms)
		row->first_ms = ev->time_ms;
	if (ev->time_ms > row->last_ms)
		row->last_ms = ev->time_ms;
}

/* A command counts once an event, however often it stands in it. */
static bool is_repeated(const struct event *ev, size_t i)
{
	for (size_t j = 0; j < i; j++)
		if (ev->layers[j].depth == 1 &&
			!memcmp(ev->layers[j].sha256, ev->layers[i].sha256,
				DIGEST))
			return true;
	return false;
}

static void event(struct view_run *run, const struct event *ev)
{
	for (size_t i = 0; i < ev->n_layers; i++)
		if (ev->layers[i].depth == 1 && !is_repeated(ev, i))
			note(run->state, ev, &ev->layers[i]);
}

/* Over several hosts a row's figure is the highest of its hosts'. */
static double frequency_of(
	const struct row *row, enum frequency_formula formula)
{
	uint64_t least = UINT64_MAX;

	for (const struct host *h = row->hosts; h; h = h->next)
		if (h->count < least)
			least = h->count;
	return frequency_points(formula, row->count, least, row->n_hosts);
}

static int compare(const void *va, const void *vb)
{
	const struct row *a = *(struct row *const *)va;
	const struct row *b = *(struct row *const *)vb;
	int order;

	if (a->total != b->total)
		return a->total > b->total ? -1 : 1;
	if (a->first_ms != b->first_ms)
		return a->first_ms < b->first_ms ? -1 : 1;
	order = memcmp(
		a->decoded, b->decoded, a->len < b->len ? a->len : b->len);
	if (order)
		return order;
	return a->len < b->len ? -1 : a->len > b->len;
}

/* In the order of first sight. */
static void json_hosts(struct str *out, const struct host *h)
{
	if (!h)
		return;
	json_hosts(out, h->next);
	json_bytes(out, bytes_of(h->name));
}

static void print_json(struct view_run *run, const struct row *row, size_t rank)
{
	struct str *out = &run->out;

	json_open(out, '{');
	json_field_int(out, "rank", (long long)rank);
	json_field_num(out, "total", row->total);
	json_field_num(out, "freq", row->freq);
	json_field_num(out, "intel", 0);
	json_field_num(out, "alert", 0);
	json_key(out, "parts");
	json_open(out, '{');
	json_field_num(out, "freq", row->freq);
	json_close(out, '}');
	json_field(out, "decoded", (struct bytes){ row->decoded, row->len });
	json_field_int(out, "count", (long long)row->count);
	json_key(out, "hosts");
	json_open(out, '[');
	json_hosts(out, row->hosts);
	json_close(out, ']');
	view_json_time(out, "first_seen", row->first_ms);
	view_json_time(out, "last_seen", row->last_ms);
	json_close(out, '}');
	view_print(run);
}

static void print_text(struct view_run *run, const struct row *row, size_t rank)
{
	char first[FORMAT_TIME_MAX], last[FORMAT_TIME_MAX];

	format_time(first, row->first_ms);
	format_time(last, row->last_ms);
	str_addf(&run->out, "%4zu %6.2f %5.2f %5llu %5llu  %.19s  %.19s  ",
		rank, row->total, row->freq, (unsigned long long)row->count,
		(unsigned long long)row->n_hosts, first, last);
	json_escape(&run->out, (struct bytes){ row->decoded, row->len });
	view_print(run);
}

static size_t sort(struct view_run *run, struct row **rows)
{
	struct rank *r = run->state;
	const void *key;
	uint32_t at = 0;
	size_t n = 0;
	void *value;

	while ((value = map_next(r->rows, &at, &key))) {
		struct row *row = *(struct row **)value;

		if (!row || !row->count || !row->decoded)
			continue;
		row->freq = frequency_of(
			row, (enum frequency_formula)run->config->frequency);
		row->total = row->freq;
		rows[n++] = row;
	}
	qsort(rows, n, sizeof(rows[0]), compare);
	return n;
}

static void print_rows(struct view_run *run, struct row **rows, size_t n)
{
	const struct view_options *o = run->options;
	double least = o->select.has_min_score ? o->select.min_score : 0;

	if (!o->is_json) {
		str_addf(&run->out, "%4s %6s %5s %5s %5s  %-19s  %-19s  %s",
			"RANK", "TOTAL", "FREQ", "COUNT", "HOSTS",
			"FIRST SEEN (UTC)", "LAST SEEN (UTC)",
			"DECODED COMMAND");
		view_print(run);
	}
	for (size_t i = 0; i < n && (!o->top || i < o->top); i++) {
		if (rows[i]->total < least)
			return;
		if (o->is_json)
			print_json(run, rows[i], i + 1);
		else
			print_text(run, rows[i], i + 1);
	}
}

static void free_row(struct row *row)
{
	struct host *h, *next;

	if (!row)
		return;
	for (h = row->hosts; h; h = next) {
		next = h->next;
		free(h);
	}
	free(row->decoded);
	free(row);
}

static void finish(struct view_run *run)
{
	struct rank *r = run->state;
	struct row **rows = calloc(map_count(r->rows) + 1, sizeof(*rows));
	const void *key;
	uint32_t at = 0;
	void *value;

	if (rows)
		print_rows(run, rows, sort(run, rows));
	if (!rows || r->left_out)
		log_warn("%llu sightings left out: too many unique commands",
			(unsigned long long)r->left_out);
	while ((value = map_next(r->rows, &at, &key)))
		free_row(*(struct row **)value);
	free(rows);
	map_free(r->rows);
	free(r);
}

const struct view view_rank = {
	.name = "rank",
	.help = "unique decoded commands by score",
	.has_totals = true,
	.start = start,
	.event = event,
	.finish = finish,
};
