// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef ROLLUP_H
#define ROLLUP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "overload.h"

struct config;
struct event;
struct pipeline_conf;
struct repeat;
struct repeat_page;

/* The stage repeat under pipeline's configuration, clock and level. */
struct rollup {
	const struct pipeline_conf *pc;
	struct repeat *repeat; /* NULL: nothing is ever counted */
	struct repeat_page *page; /* where nobody else brought one */
	enum overload_level level;
	int64_t now_ms;
};

/* pc lives as long. -1: out of memory. */
int rollup_init(struct rollup *r, const struct pipeline_conf *pc)
	__attribute__((warn_unused_result));
void rollup_fini(struct rollup *r);
/* Whether events are noted, so that repeats of them can be told together. */
bool rollup_is_noting(const struct rollup *r, const struct config *cf);
/* Those of n events that have to be judged; how many. Of the others
 * repeat.is_known is set. */
size_t rollup_pick(struct rollup *r, const struct config *cf,
	struct event *const *evs, size_t n, struct event **unknown);
/* Whether the event, which is scored, is to be counted. */
bool rollup_run(struct rollup *r, const struct config *cf, struct event *ev);
void rollup_tick(struct rollup *r, int64_t now_ms);
void rollup_end(struct rollup *r);
/* Brings the gauges up to date. */
void rollup_gauge(const struct rollup *r);

#endif
