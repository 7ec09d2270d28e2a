// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SELECT_H
#define SELECT_H

#include <stdbool.h>
#include <stdint.h>

#include "str.h"

struct event;

/* Which events auhunt shows; zero-initialised it selects all. */
struct select {
	bool has_since, has_until, has_session, has_min_score;
	int64_t since_ms, until_ms; /* since the epoch */
	const char *node; /* NULL: any */
	const char *user; /* auid or uid, by name or number */
	uint32_t session;
	double min_score;
};

bool select_has(const struct select *s, const struct event *ev);
/* Takes only the session of that number. False: it is none. */
bool select_session(struct select *s, const char *number);

/*
 * A time as ausearch takes it: now, recent (ten minutes ago), this-hour,
 * today, yesterday, this-week, week-ago, this-month, this-year, boot,
 * MM/DD/YY[YY] [HH:MM[:SS]], HH:MM[:SS]; also YYYY-MM-DD[THH:MM[:SS]], with Z
 * for UTC, and seconds since the epoch. Local time otherwise. A date without a
 * time is its midnight, or, as an end, the time of day that is now; the second
 * of an end is taken in whole. -1: none of these.
 */
int select_time(const char *text, bool is_end, int64_t now_ms, int64_t *time_ms)
	__attribute__((warn_unused_result));

#endif
