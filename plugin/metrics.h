// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef METRICS_H
#define METRICS_H

#include <stdint.h>

/* Counters, one row each in metrics.def: m->lines++ counts a line. */
struct metrics {
#define METRIC(name, help) uint64_t name;
#include "metrics.def"
#undef METRIC
};

/* Calls row for each counter in order. */
void metrics_walk(const struct metrics *m,
	void (*row)(void *arg, const char *name, uint64_t value), void *arg);

/*
 * What the conservation laws leave over, 0 when nothing went astray:
 * every line is malformed, long or a record of one fate; every event is
 * emitted, filtered or dropped; every line out is sent, queued, dropped or
 * refused. The three remainders are added up by magnitude.
 */
uint64_t metrics_residual(const struct metrics *m);

#endif
