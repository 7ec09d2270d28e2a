// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SCORE_H
#define SCORE_H

#include <stdbool.h>
#include <stddef.h>

#include "str.h"

struct event;

enum score_profile { SCORE_HUNT, SCORE_NOTEBOOK };

/* A weight for each row of scorers.def, in its order. */
enum score_part {
#define SCORER(name) SCORE_##name,
#include "scorers.def"
#undef SCORER
	SCORE_N_PARTS
};

struct score_conf {
	unsigned int profile; /* enum score_profile */
	double weights[SCORE_N_PARTS];
	/* Least points of each severity. */
	double notice, warning, err, crit;
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
	bool is_notebook; /* counts in profile notebook too, and there at 1 */
	/* Points for the event, a pure function of the sections above score;
	 * where there are any, one clause to why that a person understands. */
	double (*points)(const struct event *ev, struct str *why);
};

extern const struct scorer *const score_scorers[];
extern const size_t score_n_scorers;

/* Fills ev->score. Running it again replaces what it said. */
void score_run(struct event *ev, const struct score_conf *cf);
enum score_severity score_severity(double total, const struct score_conf *cf);
/* "warning" */
const char *score_severity_name(enum score_severity severity);

#endif
