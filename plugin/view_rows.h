// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef VIEW_ROWS_H
#define VIEW_ROWS_H

#include <stdbool.h>
#include <stdint.h>

#include "str.h"

struct view_run;

/*
 * What happened, a row each, in the order of time. What says the same again is
 * counted in the row of the first, whose last time grows.
 */
struct view_rows;

/* Rows that are kept; what more there are is counted. */
#define VIEW_ROWS_MAX (1u << 20)

/* NULL when out of memory. */
struct view_rows *view_rows_new(void) __attribute__((warn_unused_result));
void view_rows_free(struct view_rows *r);

struct view_row {
	int64_t time_ms;
	double worth; /* for --min-score, and for --top */
	struct bytes id; /* of the first; absent: it has none */
	/* All but the times and the count: a line, or the inside of an object.
	 * Copied. */
	struct bytes text;
};

void view_rows_note(struct view_rows *r, const struct view_row *row);
/* Prints those that were asked for. */
void view_rows_print(struct view_rows *r, struct view_run *run);

#endif
