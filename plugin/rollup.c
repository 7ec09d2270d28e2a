// SPDX-License-Identifier: GPL-3.0-or-later
#include "rollup.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "config.h"
#include "event.h"
#include "metrics.h"
#include "pipeline.h"
#include "repeat.h"
#include "repeat_page.h"

static void on_repeats(void *arg, struct event *ev)
{
	const struct pipeline_conf *pc = arg;

	pc->out(pc->arg, ev);
}

int rollup_init(struct rollup *r, const struct pipeline_conf *pc)
{
	struct repeat_conf cf = { .page = pc->repeats,
		.tell = on_repeats,
		.arg = (void *)(uintptr_t)pc };

	r->pc = pc;
	if (!pc->audience)
		return 0;
	if (!cf.page)
		cf.page = r->page = calloc(1, sizeof(*r->page));
	if (!cf.page || getrandom(cf.seed, sizeof(cf.seed), 0) < 0)
		return -1;
	r->repeat = repeat_new(&cf);
	return r->repeat ? 0 : -1;
}

void rollup_fini(struct rollup *r)
{
	repeat_free(r->repeat);
	free(r->page);
}

bool rollup_is_noting(const struct rollup *r, const struct config *cf)
{
	if (!r->repeat)
		return false;
	return cf->repeat == REPEAT_ALWAYS ||
	       (cf->repeat == REPEAT_IN_OVERLOAD && r->level > OVERLOAD_NONE);
}

static struct repeat_rule rule_of(
	const struct rollup *r, const struct config *cf)
{
	return (struct repeat_rule){ .is_on = cf->repeat == REPEAT_ALWAYS ||
					      r->level >= OVERLOAD_ROLL_UP,
		.window_ms = (int64_t)cf->repeat_window_s * 1000,
		.below = cf->repeat_below,
		.severity = &cf->score,
		.now_ms = r->now_ms };
}

size_t rollup_pick(struct rollup *r, const struct config *cf,
	struct event *const *evs, size_t n, struct event **unknown)
{
	struct repeat_rule rule = rule_of(r, cf);
	bool is_light = r->level >= OVERLOAD_LIGHT && rollup_is_noting(r, cf);
	size_t m = 0;

	for (size_t i = 0; i < n; i++) {
		if (is_light && repeat_knows(r->repeat, evs[i], &rule))
			evs[i]->repeat.is_known = true;
		else
			unknown[m++] = evs[i];
	}
	return m;
}

bool rollup_run(struct rollup *r, const struct config *cf, struct event *ev)
{
	struct repeat_rule rule;

	if (r->pc->is_replay && ev->time_ms > r->now_ms)
		r->now_ms = ev->time_ms;
	rule = rule_of(r, cf);
	return repeat_run(
		r->repeat, ev, r->pc->audience(r->pc->arg, ev), &rule);
}

void rollup_tick(struct rollup *r, int64_t now_ms)
{
	if (!r->repeat || r->pc->is_replay)
		return;
	r->now_ms = now_ms;
	repeat_tick(r->repeat, now_ms);
}

void rollup_end(struct rollup *r)
{
	if (r->repeat)
		repeat_end(r->repeat);
}

void rollup_gauge(const struct rollup *r)
{
	struct metrics *m = r->pc->metrics;

	if (!r->repeat)
		return;
	m->repeats_open = repeat_open(r->repeat);
	m->repeats_evicted = repeat_evicted(r->repeat);
}
