// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef OPERAND_H
#define OPERAND_H

#include <stdbool.h>

#include "str.h"

/*
 * What stands around an encoded string in a command or program text: whether a
 * decoder is given it, and what is done with it. Each call looks at a constant
 * number of bytes, but operand_next, whose calls together look at each byte a
 * constant number of times.
 */

/* Around a string of a program that has ' and " in it. */
#define OPERAND_QUOTE '\x02'
/* Operations told apart behind one operand. */
#define OPERAND_OPS_MAX 8

/* The text before at, without the quotes and blanks at its end; not much. */
struct bytes operand_lead(struct bytes text, size_t at);
/* Whether it is one that an operand stands behind: echo, (, <<<, ... */
bool operand_is_in_place(struct bytes text, size_t at);
/* Whether from at to end is all of text, but for quotes and white space. */
bool operand_is_alone(struct bytes text, size_t at, size_t end);
/* Whether b ends with one of n tails. */
bool operand_ends_with(struct bytes b, const struct bytes *tails, size_t n);

struct operand_op {
	struct bytes
		name; /* "gzinflate(", ".reverse()", "[::-1]", "tr a-z b-za" */
	struct bytes args; /* a function's, behind the operand */
};

/* What is done with the operand, the first thing first: functions that it is
 * inside of; methods; [::-1]; the commands before a <<< and behind each |.
 * Returns how many there are. */
size_t operand_ops(struct bytes text, size_t at, size_t end,
	struct operand_op ops[OPERAND_OPS_MAX]);

/* Walks the strings of a text: what stands between quotes of one kind, and
 * what an echo, printf or <<< is given without quotes. */
struct operand_walk {
	struct bytes text;
	size_t i;
	bool is_odd[3]; /* no more of that quote */
	size_t unquoted; /* where the last one without quotes ends */
	size_t at, end; /* the string */
};

bool operand_next(struct operand_walk *w);

#endif
