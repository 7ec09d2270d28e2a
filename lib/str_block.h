// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef STR_BLOCK_H
#define STR_BLOCK_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Bytes that are looked at together: compilers make SIMD of this. */
#define BLOCK_LEN 16

typedef uint8_t block __attribute__((vector_size(BLOCK_LEN)));
typedef uint64_t block_halves __attribute__((vector_size(BLOCK_LEN)));

/* Which bytes of a block something is true of; both 0: of none. */
struct block_marks {
	uint64_t lo, hi;
};

static inline block block_load(const char *p)
{
	block b;

	memcpy(&b, p, sizeof(b));
	return b;
}

/* Which bytes are in a range. */
static inline block block_in_range(block b, char from, char to)
{
	return (block)(b - (uint8_t)from <= (uint8_t)(to - from));
}

/* Of a comparison: 0xff where it holds. */
static inline struct block_marks block_marks(block b)
{
	block_halves halves = (block_halves)b;

	return (struct block_marks){ halves[0], halves[1] };
}

/* Where the first mark stands, if there is one. */
static inline size_t block_first(struct block_marks m)
{
	uint64_t half = m.lo ? m.lo : m.hi;
	size_t from = m.lo ? 0 : BLOCK_LEN / 2;

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	return from + (size_t)__builtin_ctzll(half) / 8;
#else
	return from + (size_t)__builtin_clzll(half) / 8;
#endif
}

/* The same, and takes it away. */
static inline size_t block_take(struct block_marks *m)
{
	size_t i = block_first(*m);
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	uint64_t mark = UINT64_C(0xff) << 8 * (i % 8);
#else
	uint64_t mark = UINT64_C(0xff) << (56 - 8 * (i % 8));
#endif

	if (m->lo)
		m->lo &= ~mark;
	else
		m->hi &= ~mark;
	return i;
}

#endif
