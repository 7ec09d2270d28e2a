// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef TALLY_H
#define TALLY_H

#include <stdbool.h>
#include <stdint.h>

#include "str.h"

/* Which arguments have come whole, without looking at any twice. */
struct tally {
	bool has_argc;
	uint64_t argc, whole;
	/* The argument that comes in pieces now, and its encoded bytes. */
	uint64_t arg, need, got;
	bool is_odd; /* out of order: only an end can tell */
};

/* Takes in the body of an EXECVE record. */
void tally_note(struct tally *t, struct bytes body);
/* Every argument that argc= announces has come. */
bool tally_is_whole(const struct tally *t);

#endif
