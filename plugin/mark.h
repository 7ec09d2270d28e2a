// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef MARK_H
#define MARK_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * What is being worked on, noted where it outlives a crash: a line by its
 * input_pos, or the event that began there. What has ended two engines is a
 * poison: it is passed over and counted.
 */
#define MARK_NONE UINT64_MAX

struct mark {
	_Atomic uint64_t *at; /* NULL: nobody would look */
	const uint64_t *poisons;
	size_t n_poisons;
};

static inline uint64_t mark_line(uint64_t input_pos)
{
	return input_pos << 1;
}

static inline uint64_t mark_event(uint64_t input_pos)
{
	return input_pos << 1 | 1;
}

/* False: it is poison. */
static inline bool mark_set(const struct mark *m, uint64_t mark)
{
	for (size_t i = 0; i < m->n_poisons; i++)
		if (m->poisons[i] == mark)
			return false;
	if (m->at)
		atomic_store_explicit(m->at, mark, memory_order_relaxed);
	return true;
}

#endif
