// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics.h"

#include <stddef.h>
#include <string.h>

void metrics_walk(const struct metrics *m,
	void (*row)(void *arg, const char *name, uint64_t value), void *arg)
{
#define METRIC(name, help) row(arg, #name, m->name);
#include "metrics.def"
#undef METRIC
}

static const struct {
	const char *name, *help;
	size_t at;
} rows[] = {
#define METRIC(name, help) { #name, help, offsetof(struct metrics, name) },
#include "metrics.def"
#undef METRIC
};

static bool has_help(const char *name, const char *part)
{
	for (size_t i = 0; i < METRICS_N; i++)
		if (!strcmp(rows[i].name, name))
			return strstr(rows[i].help, part) != NULL;
	return false;
}

bool metrics_is_gauge(const char *name)
{
	return has_help(name, "(gauge");
}

bool metrics_is_of_boot(const char *name)
{
	return has_help(name, "(gauge of this boot)");
}

uint64_t *metrics_find(struct metrics *m, const char *name)
{
	for (size_t i = 0; i < METRICS_N; i++)
		if (!strcmp(rows[i].name, name))
			return (uint64_t *)(void *)((char *)m + rows[i].at);
	return NULL;
}

static uint64_t apart(uint64_t a, uint64_t b)
{
	return a > b ? a - b : b - a;
}

static uint64_t lines_told(const struct metrics *m)
{
	return m->lines_malformed + m->lines_long + m->lines_poisoned +
	       m->records_taken + m->records_other + m->records_not_exec +
	       m->records_duplicate + m->records_late + m->records_fragment +
	       m->records_open + m->lines_redone;
}

static uint64_t events_told(const struct metrics *m)
{
	return m->events_emitted + m->events_filtered + m->events_quiet +
	       m->events_suppressed + m->events_dropped + m->events_poisoned +
	       m->events_replayed + m->events_redone;
}

static uint64_t suppressed_told(const struct metrics *m)
{
	return m->repeats_told + m->repeats_open + m->repeats_redone;
}

static uint64_t out_told(const struct metrics *m)
{
	return m->lines_sent + m->lines_queued + m->lines_spooled +
	       m->lines_left + m->lines_dropped + m->lines_failed +
	       m->lines_unsent + m->spool_full + m->spool_damaged;
}

/* The compiler may have turned two additions round, so either may be short. */
static void settle(uint64_t *total, uint64_t told, uint64_t *redone)
{
	if (*total > told)
		*redone += *total - told;
	else
		*total = told;
}

void metrics_redo(struct metrics *m)
{
	uint64_t out = m->lines_out + m->lines_restored;

	/* What is in the spool is found there, and counted anew. */
	m->lines_left += m->lines_spooled;
	m->records_open = m->lines_queued = m->lines_spooled = 0;
	settle(&m->events_suppressed, suppressed_told(m), &m->repeats_redone);
	settle(&m->lines, lines_told(m), &m->lines_redone);
	settle(&m->events, events_told(m), &m->events_redone);
	settle(&out, out_told(m), &m->lines_unsent);
	m->lines_out = out - m->lines_restored;
}

uint64_t metrics_residual(const struct metrics *m)
{
	return apart(m->lines, lines_told(m)) +
	       apart(m->events, events_told(m)) +
	       apart(m->events_suppressed, suppressed_told(m)) +
	       apart(m->lines_out + m->lines_restored, out_told(m));
}
