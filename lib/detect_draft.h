// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef DETECT_DRAFT_H
#define DETECT_DRAFT_H

/* A line on its way into a row: for detect's own files. */

#include <stdbool.h>

#include "detect_state.h"
#include "rowline.h"

enum detect_keyword {
	DETECT_ALERT,
	DETECT_MARK,
	DETECT_SEQUENCE,
	DETECT_BURST,
	DETECT_N_KEYWORDS
};

struct detect_draft {
	struct detect_rules *r;
	struct rowline *l;
	enum detect_keyword keyword;
	struct detect_row row;
	struct detect_alert alert;
	bool has_on, has_severity, has_n;
};

/* A copy that lives as long as r; absent when out of memory. */
struct bytes detect_keep(struct detect_rules *r, struct bytes s);
/* One more of an array that grows by steps; NULL: full, or out of memory. */
void *detect_one_more(void *array, size_t n, size_t size, size_t max)
	__attribute__((warn_unused_result));
#define DETECT_ONE_MORE(r, what, max)                                          \
	detect_one_more((r)->what, (r)->n_##what, sizeof(*(r)->what), max)

/* The token as an option of such a row. 1: it was one, 0: it is none. */
int detect_take_option(struct detect_draft *d)
	__attribute__((warn_unused_result));
/* As a test, and as the name of a mark. */
int detect_take_test(struct detect_draft *d)
	__attribute__((warn_unused_result));
int detect_take_mark(struct detect_draft *d)
	__attribute__((warn_unused_result));
uint32_t detect_find_mark(const struct detect_rules *r, struct bytes name);

#endif
