// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef EDIT_H
#define EDIT_H

#include <stdbool.h>
#include <stdint.h>

#include "str.h"

/*
 * sed's s command, and grep's search, for patterns that name characters one by
 * one: literals, ., [...], anchors, *, +, ?, {n,m} behind one of them, and
 * groups without any of these. Others are refused: what they would do is not
 * guessed.
 */
#define EDIT_PARTS_MAX  64
#define EDIT_GROUPS_MAX 9

enum edit_kind { EDIT_SET, EDIT_START, EDIT_END, EDIT_KEEP };

struct edit_part {
	unsigned char set[32]; /* a bit for each byte */
	unsigned int least, most;
	enum edit_kind kind;
};

struct edit {
	struct edit_part parts[EDIT_PARTS_MAX];
	size_t n;
	struct {
		size_t first, end; /* parts */
	} groups[EDIT_GROUPS_MAX];
	size_t n_groups;
	size_t kept; /* the part at which a match begins */
	struct bytes replacement;
	bool is_global;
	uint64_t which; /* the match that is replaced; 0: the first */
};

/* Reads s/pattern/replacement/flags from the start of *text, which is then
 * behind it; is_extended as for -E. False: refused. */
bool edit_parse(struct edit *e, struct bytes *text, bool is_extended);
/* Appends line with its matches replaced. False: it would take more than
 * *steps, which is counted down. */
bool edit_line(const struct edit *e, struct bytes line, size_t *steps,
	struct str *out);

/* How a pattern is written. */
struct edit_syntax {
	bool is_extended, is_folded;
	bool is_perl; /* is_extended, too: \d, \K and (?<=...) */
};
/* Reads a pattern without a replacement. False: refused. */
bool edit_pattern(struct edit *e, struct bytes pattern, struct edit_syntax how);
/* The first match in line that begins at from or behind it. False: none, or it
 * would take more than *steps. */
bool edit_find(const struct edit *e, struct bytes line, size_t from,
	size_t *steps, struct bytes *match);

#endif
