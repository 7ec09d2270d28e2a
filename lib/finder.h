// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef FINDER_H
#define FINDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "str.h"

/*
 * Finds any of many strings in one pass (Aho and Corasick, 1975): a text costs
 * its length, however many strings there are. Immutable once it is built.
 */
struct finder;

/* Bytes of all strings together, so that the table stays in the cache. */
#define FINDER_BYTES_MAX 32767

/* is_folded: ASCII letters match in either case. NULL when out of memory. */
struct finder *finder_new(bool is_folded) __attribute__((warn_unused_result));
void finder_free(struct finder *f);
/* Adds a string that is not empty. -1: full, or out of memory. */
int finder_add(struct finder *f, struct bytes s, uint32_t id)
	__attribute__((warn_unused_result));
/* Once, after the last string. -1: out of memory. */
int finder_build(struct finder *f) __attribute__((warn_unused_result));

/* Where a string was found: text[at .. at + len). Every place of every string
 * is told, by ascending ends. */
struct finder_hit {
	uint32_t id;
	size_t at, len;
};

typedef void finder_take(
	void *arg, struct bytes text, const struct finder_hit *hit);

void finder_run(const struct finder *f, struct bytes text, finder_take *take,
	void *arg);

#endif
