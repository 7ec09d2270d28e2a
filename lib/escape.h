// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef ESCAPE_H
#define ESCAPE_H

#include <stdbool.h>
#include <stddef.h>

#include "str.h"

/*
 * Escapes of printf, echo -e, $'..' and of programs' strings: \x69, \151,
 * \0151, \u0069, \U00000069, \x{69}, \u{69}, \n...
 */
struct escape_count {
	size_t hidden; /* escapes of what needs none */
	size_t alnum; /* of these, letters and digits */
	size_t plain; /* characters that stand for themselves */
	bool is_range; /* [\x41-\x5a] */
	bool is_ended; /* by \c, where that ends all */
};

/* The escape whose letter stands at *i, which is then behind it; what it is
 * for is appended. False: it is none; *i may have moved. */
bool escape_one(
	struct bytes s, size_t *i, struct escape_count *c, struct str *out);
/* All of s; backslashes in front of backslashes are taken for one. */
struct escape_count escape_undo(struct bytes s, struct str *out);
/* The same as echo and printf %b do it: up to a \c. */
struct escape_count escape_print(struct bytes s, struct str *out);

#endif
