// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef LISTMAP_KEY_H
#define LISTMAP_KEY_H

#include <stdint.h>

#include "ioc.h"
#include "str.h"

/* What the two halves of a map have in common: how an indicator becomes a
 * number, and how the bytes lie. Nobody else includes this. */

#define LISTMAP_MAGIC 0x3150414d5453494cULL /* "LISTMAP1" */

struct listmap_head {
	uint64_t magic, len; /* of all of it */
	uint64_t seed[2];
	uint64_t n_slots, n_entries;
	uint64_t n_room; /* n_slots, and where the last run goes beyond */
	/* Lengths of prefixes that are there, IPv4 in ::ffff:0:0/96. */
	uint64_t prefixes[3];
	uint64_t has_below; /* names with all below them */
	char names[256][24];
};

/* A value: the severity in the low three bits, the list above. */
#define LISTMAP_SEVERITY 7
#define LISTMAP_SHIFT    3

enum listmap_kind {
	LISTMAP_VALUE,
	LISTMAP_BELOW, /* a name, and all below it */
	LISTMAP_NET
};

#define LISTMAP_KEY_MAX (IOC_VALUE_MAX + 2)

/* Hashes; never 0. */
uint64_t listmap_hash(
	const uint64_t seed[2], enum listmap_kind kind, struct bytes value);
uint64_t listmap_hash_net(const uint64_t seed[2],
	const unsigned char address[16], unsigned int bits);
/* Writes the form in which two spellings of one indicator are the same: names
 * and hashes in small letters, URLs without default port and fragment. */
void listmap_plain(struct str *to, struct bytes value);
/* The slot that a hash would have in a table of n without others: the upper
 * half of hash * n, where 32 bits are all that a processor may have. */
static inline uint64_t listmap_slot(uint64_t hash, uint64_t n)
{
	uint64_t high = hash >> 32, low = hash & UINT32_MAX;
	uint64_t n_high = n >> 32, n_low = n & UINT32_MAX;
	uint64_t middle = high * n_low + (low * n_low >> 32);

	return high * n_high + (middle >> 32) +
	       (((middle & UINT32_MAX) + low * n_high) >> 32);
}

#endif
