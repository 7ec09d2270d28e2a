// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef EDIT_SET_H
#define EDIT_SET_H

/* Sets of bytes in patterns: for edit.c. */

#include "edit.h"

void edit_set_add(struct edit_part *part, unsigned char c, bool is_folded);
/* \w \s \d and, in capitals, what is none of them. False: another letter. */
bool edit_set_letter(struct edit_part *part, char c, struct edit_syntax how);
/* [...] at *i, which is then behind it. False: refused. */
bool edit_set_parse(struct edit_part *part, struct bytes p, size_t *i,
	struct edit_syntax how);

static inline bool edit_set_has(const struct edit_part *part, char c)
{
	unsigned char u = (unsigned char)c;

	return part->set[u >> 3] & 1 << (u & 7);
}

#endif
