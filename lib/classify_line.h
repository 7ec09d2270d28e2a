// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CLASSIFY_LINE_H
#define CLASSIFY_LINE_H

/* One line of a rows file, taken apart: for classify's own files. */

#include "classify_rows.h"

struct rowline {
	struct classify_rules *r;
	struct bytes rest;
	struct str token; /* the last one, unquoted */
	bool is_quoted;
	bool is_split; /* a bar ends a token */
	bool has_more; /* one ended this */
	struct str *why;
};

struct rowline_options {
	double weight; /* below 0: none given */
	struct rows_attack attack;
	bool is_notebook, is_off;
};

bool rowline_is_blank(char c);
void rowline_skip_blanks(struct rowline *l);
/* Takes the next token. 1: there is one, 0: the line has ended, -1: an error,
 * as for all here. */
int rowline_next(struct rowline *l) __attribute__((warn_unused_result));
/* Takes the token if it is weight= or attack=. 1: it was, 0: it was not. */
int rowline_option(struct rowline *l, struct rowline_options *o)
	__attribute__((warn_unused_result));
/* Goes behind the options. 1: there is more, 0: the line has ended. */
int rowline_options(struct rowline *l, struct rowline_options *o)
	__attribute__((warn_unused_result));
/* Says that a table is full, or memory. Returns -1. */
int rowline_full(struct rowline *l);
/* As much of b as a message shows, for %.*s. */
int rowline_shown(struct bytes b);

#endif
