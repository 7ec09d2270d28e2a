// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef WINDOW_H
#define WINDOW_H

#include <stdint.h>

/*
 * A count over a sliding window of time, kept in slices: what is older than
 * the window is forgotten a slice at a time, never early. A slice is a time
 * divided by the slice's length; who keeps several windows uses one length.
 */

/* The window's slices and the one that is not over yet. */
#define WINDOW_SLICES 15

struct window {
	uint32_t at; /* the newest slice */
	uint32_t n[WINDOW_SLICES]; /* slice % WINDOW_SLICES */
};

/* Counts in slice at. One that is older than the whole window means that the
 * clock was set back: what was counted so far then counts as of now. */
void window_add(struct window *w, uint32_t at, uint32_t n);
/* Takes back what was counted in slice at, if the window still has it. */
void window_take(struct window *w, uint32_t at, uint32_t n);
/* Adds what from counted in the slices that both can have, or takes it back. */
void window_merge(struct window *w, const struct window *from);
void window_unmerge(struct window *w, const struct window *from);
/* The count as seen from slice at. */
uint64_t window_sum(const struct window *w, uint32_t at);

#endif
