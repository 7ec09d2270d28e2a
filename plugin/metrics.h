// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef METRICS_H
#define METRICS_H

#include <stdbool.h>
#include <stdint.h>

/* Counters, one row each in metrics.def: m->lines++ counts a line. */
struct metrics {
#define METRIC(name, help) uint64_t name;
#include "metrics.def"
#undef METRIC
};

/* How many there are. */
enum {
	METRICS_N = 0
#define METRIC(name, help) +1
#include "metrics.def"
#undef METRIC
};

/* Whether it goes down as well as up: its help has "(gauge". */
bool metrics_is_gauge(const char *name);
/* Whether it holds until the next boot, whoever counts: "(gauge of this
 * boot)". */
bool metrics_is_of_boot(const char *name);
/* Where a counter is; NULL: nowhere. */
uint64_t *metrics_find(struct metrics *m, const char *name);
/* Calls row for each counter in order. */
void metrics_walk(const struct metrics *m,
	void (*row)(void *arg, const char *name, uint64_t value), void *arg);

/* Closes the books of a process that died at any point, where repeats_open is
 * what it really left open: what it had taken on
 * and not brought to an end is counted as such, in *_redone and lines_unsent,
 * and the laws hold again. */
void metrics_redo(struct metrics *m);

/*
 * What the conservation laws leave over, 0 when nothing went astray:
 * every line is malformed, long, poison or a record of one fate; every event
 * is emitted, filtered, suppressed, dropped, poison or was sent by an engine
 * before; what is suppressed was told in a line of kind repeat or will be;
 * every line out, or found in the spool, is sent, waits in memory or in the
 * spool, or was dropped for a reason; and of each, what an engine that died
 * left undone. The remainders are added up by magnitude.
 */
uint64_t metrics_residual(const struct metrics *m);

#endif
