// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdlib.h>
#include <string.h>

#include "metrics.h"
#include "state_file.h"

enum column { NAME, TOTAL, RUN, SINCE_MS, IS_GAUGE, N_COLUMNS };

static const struct state_column columns[] = {
	[NAME] = { "name", STATE_BYTES, 1 },
	[TOTAL] = { "total", STATE_INTEGER, 1 },
	[RUN] = { "run", STATE_INTEGER, 1 },
	[SINCE_MS] = { "since_ms", STATE_INTEGER, 1 },
	[IS_GAUGE] = { "is_gauge", STATE_INTEGER, 1 },
};

static const struct state_section layout = { .name = "counters",
	.version = 1,
	.columns = columns,
	.n_columns = N_COLUMNS,
	.order = STATE_BY_ID };

static uint64_t no_change(void *arg)
{
	(void)arg;
	return 0;
}

static bool no_rows(
	void *arg, uint64_t after, uint32_t *at, struct state_row *row)
{
	(void)arg;
	(void)after;
	(void)at;
	(void)row;
	return false;
}

static void fill(struct state_counter *c, const struct state_row *row)
{
	const union state_value *v = row->values;

	*c = (struct state_counter){ .name = v[NAME].b,
		.total = v[TOTAL].i,
		.run = v[RUN].i,
		.since_ms = v[SINCE_MS].i,
		.is_gauge = v[IS_GAUGE].i != 0 };
}

struct keeper {
	const struct state *st;
	struct metrics *m;
	struct metrics seen;
	uint64_t change;
	/* Of the runs before, by the order of the counters. */
	int64_t before[METRICS_N], since_ms[METRICS_N];
	/* While walking: the row that is wanted, and where we are. */
	uint32_t wanted, at;
	struct state_row *to;
	const struct state_counter *from;
};

/* Checkpoints are no reason for a checkpoint. */
static uint64_t change(void *arg)
{
	struct keeper *k = arg;
	struct metrics now = *k->m;

	now.checkpoints = now.checkpoint_errors = 0;
	if (memcmp(&now, &k->seen, sizeof(now)) == 0)
		return k->change;
	k->seen = now;
	return ++k->change;
}

static void give(void *arg, const char *name, uint64_t value)
{
	struct keeper *k = arg;
	union state_value *v = k->to->values;
	uint32_t i = k->at++;

	if (i != k->wanted)
		return;
	v[NAME].b = bytes_of(name);
	v[RUN].i = (int64_t)value;
	v[IS_GAUGE].i = metrics_is_gauge(name);
	v[SINCE_MS].i = k->since_ms[i];
	v[TOTAL].i = v[IS_GAUGE].i ? 0 : k->before[i] + (int64_t)value;
}

static bool next(void *arg, uint64_t after, uint32_t *at, struct state_row *row)
{
	struct keeper *k = arg;

	if (k->change <= after || *at >= METRICS_N)
		return false;
	k->wanted = (*at)++;
	k->at = 0;
	k->to = row;
	row->id = *at;
	metrics_walk(k->m, give, k);
	return true;
}

static bool is_same_run(const struct state *st)
{
	return st->info.is_this_boot &&
	       st->info.started_ms == st->cf.started_ms;
}

/* What an engine before has in the ring is newer. */
static void put_gauge(const struct keeper *k, const char *name)
{
	uint64_t *gauge = metrics_find(k->m, name);

	if (gauge && !*gauge && metrics_is_of_boot(name) &&
		k->st->info.is_this_boot)
		*gauge = (uint64_t)k->from->run;
}

static void put_back(void *arg, const char *name, uint64_t value)
{
	struct keeper *k = arg;
	uint32_t i = k->at++;

	(void)value;
	if (!bytes_equal(bytes_of(name), k->from->name))
		return;
	if (k->from->is_gauge) {
		put_gauge(k, name);
		return;
	}
	/* An engine's successor has its counters, too: in the ring. */
	k->before[i] = k->from->total - (is_same_run(k->st) ? k->from->run : 0);
	k->since_ms[i] = k->from->since_ms;
}

/* One that is counted no more is left away. */
static int take(void *arg, const struct state_row *row)
{
	struct keeper *k = arg;
	struct state_counter c;

	fill(&c, row);
	if (c.total < 0 || c.since_ms < 0 || c.run < 0 ||
		(!c.is_gauge && c.run > c.total))
		return -1;
	k->from = &c;
	k->at = 0;
	metrics_walk(k->m, put_back, k);
	return 0;
}

int state_keep_counters(struct state *st, struct metrics *m)
{
	struct keeper *k = calloc(1, sizeof(*k));
	struct state_section section = layout;

	if (!k)
		return -1;
	k->st = st;
	k->m = m;
	for (size_t i = 0; i < METRICS_N; i++)
		k->since_ms[i] = st->cf.started_ms;
	section.change = change;
	section.next = next;
	section.take = take;
	section.arg = k;
	return state_own(st, &section, k);
}

struct reader {
	void (*row)(void *arg, const struct state_counter *counter);
	void *arg;
};

static int show(void *arg, const struct state_row *row)
{
	const struct reader *r = arg;
	struct state_counter c;

	fill(&c, row);
	r->row(r->arg, &c);
	return 0;
}

int state_read_counters(struct state *st,
	void (*row)(void *arg, const struct state_counter *counter), void *arg)
{
	struct reader *r = calloc(1, sizeof(*r));
	struct state_section section = layout;

	if (!r)
		return -1;
	r->row = row;
	r->arg = arg;
	section.change = no_change;
	section.next = no_rows;
	section.take = show;
	section.arg = r;
	return state_own(st, &section, r);
}
