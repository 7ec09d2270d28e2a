// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics.h"

void metrics_walk(const struct metrics *m,
	void (*row)(void *arg, const char *name, uint64_t value), void *arg)
{
#define METRIC(name, help) row(arg, #name, m->name);
#include "metrics.def"
#undef METRIC
}

static uint64_t apart(uint64_t a, uint64_t b)
{
	return a > b ? a - b : b - a;
}

uint64_t metrics_residual(const struct metrics *m)
{
	uint64_t records =
		m->lines_malformed + m->lines_long + m->records_taken +
		m->records_other + m->records_not_exec + m->records_duplicate +
		m->records_late + m->records_fragment + m->records_open;
	uint64_t events =
		m->events_emitted + m->events_filtered + m->events_dropped;
	uint64_t out = m->lines_sent + m->lines_queued + m->lines_dropped +
		       m->lines_failed;

	return apart(m->lines, records) + apart(m->events, events) +
	       apart(m->lines_out, out);
}
