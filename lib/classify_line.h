// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CLASSIFY_LINE_H
#define CLASSIFY_LINE_H

/* The lines of a categories file: for classify's own files. */

#include "classify_rows.h"
#include "rowline.h"

struct line_options {
	double weight; /* below 0: none given */
	struct rows_attack attack;
	bool is_notebook, is_off;
};

/* Takes the token if it is weight= or attack=. 1: it was, 0: it was not, -1:
 * an error, as for all here. */
int line_option(struct classify_rules *r, struct rowline *l,
	struct line_options *o) __attribute__((warn_unused_result));
/* Goes behind the options. 1: there is more, 0: the line has ended. */
int line_options(struct classify_rules *r, struct rowline *l,
	struct line_options *o) __attribute__((warn_unused_result));

/* One kind of row; its keyword and its options are taken. */
struct line_kind {
	int (*take)(struct classify_rules *r, struct rowline *l,
		const struct line_options *o);
	bool is_split;
};

extern const struct line_kind line_word, line_words, line_pipe, line_text,
	line_texts, line_pattern;

#endif
