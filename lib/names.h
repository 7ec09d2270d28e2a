// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef NAMES_H
#define NAMES_H

#include <stdbool.h>
#include <stdint.h>

#include "str.h"

#define NAMES_SLOTS   256
#define NAMES_MAX     (NAMES_SLOTS / 2)
#define NAMES_LEN_MAX 15

/*
 * Short words, each with a number that is not 0: most others are told from
 * them by how long they are and what they begin with. Zeroed memory is an
 * empty set.
 */
struct names {
	uint16_t lens[256]; /* of words that begin with the byte, a bit each */
	struct names_slot {
		char p[NAMES_LEN_MAX];
		uint8_t what; /* 0: free */
	} slots[NAMES_SLOTS];
	unsigned int n;
};

/* Adds the words of a list, which blanks part. False: one is longer than
 * NAMES_LEN_MAX, or there are more than NAMES_MAX. */
bool names_add(struct names *set, const char *list, uint8_t what)
	__attribute__((warn_unused_result));
unsigned int names_find(const struct names *set, struct bytes word);

/* The word's number, 0 if it is none of them. */
static inline unsigned int names_get(const struct names *set, struct bytes word)
{
	if (!word.len || word.len > NAMES_LEN_MAX ||
		!(set->lens[(unsigned char)word.p[0]] >> word.len & 1))
		return 0;
	return names_find(set, word);
}

#endif
