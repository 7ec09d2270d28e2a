// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SCORE_H
#define SCORE_H

#include <stddef.h>

#include "str.h"

struct event;

/* What a line's priority says of its score. */
struct score_conf {
	double notice, warning, err, crit; /* least points of each severity */
};

/* Severities as syslog numbers them. */
enum score_severity {
	SEVERITY_CRIT = 2,
	SEVERITY_ERR,
	SEVERITY_WARNING,
	SEVERITY_NOTICE,
	SEVERITY_INFO
};

/* A part of the score: a row in scorers.def, a file in scorers/. */
struct scorer {
	const char *name;
	/* Points for the event, a pure function of the sections above score;
	 * where there are any, one clause to why that a person understands. */
	double (*points)(const struct event *ev, struct str *why);
};

extern const struct scorer *const score_scorers[];
extern const size_t score_n_scorers;

/* Fills ev->score. Running it again replaces what it said. */
void score_run(struct event *ev);
enum score_severity score_severity(double total, const struct score_conf *cf);
/* "warning" */
const char *score_severity_name(enum score_severity severity);

#endif
