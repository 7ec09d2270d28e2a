// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SIEVE_H
#define SIEVE_H

#include <stdbool.h>
#include <stdint.h>

#include "str.h"

#define SIEVE_SLOTS     (1 << 16)
#define SIEVE_MARKS_MAX 8

struct sieve_entry {
	struct bytes string;
	int32_t at; /* of the gram in it; -1: it starts in the byte before */
	uint16_t next; /* with the same hash, + 1; 0: none */
};

/*
 * Whether a text may hold any of many strings, in either case. A look does not
 * wait for the one before it, as a finder's do, and there are half as many.
 * Text that is kept out holds none; text that passes may.
 */
struct sieve {
	bool is_open; /* everything passes */
	bool has_threes; /* some string has but three bytes */
	/* A byte of each string that is too short for grams. */
	uint8_t n_marks;
	char marks[SIEVE_MARKS_MAX];
	/* Of four bytes in a row: a bit each by hash, and by other bits of it.
	 * Small, since a text looks all over them. */
	uint32_t has_gram[SIEVE_SLOTS / 32];
	uint32_t has_other[SIEVE_SLOTS / 32];
	uint16_t first[SIEVE_SLOTS]; /* of entries, + 1; 0: none */
	struct sieve_entry *entries;
	uint16_t n_entries, size;
};

/* Zeroed memory is a sieve that keeps everything out. */
void sieve_fini(struct sieve *s);
/* The string is borrowed. What there is no room for opens the sieve. */
void sieve_add(struct sieve *s, struct bytes string);
bool sieve_passes(const struct sieve *s, struct bytes text);

#endif
