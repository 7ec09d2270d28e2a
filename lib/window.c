// SPDX-License-Identifier: GPL-3.0-or-later
#include "window.h"

#include <stdbool.h>
#include <string.h>

static bool has(const struct window *w, uint32_t at)
{
	return at <= w->at && w->at - at < WINDOW_SLICES;
}

static void forward(struct window *w, uint32_t at)
{
	if (at - w->at >= WINDOW_SLICES)
		memset(w->n, 0, sizeof(w->n));
	else
		for (uint32_t i = w->at + 1; i <= at; i++)
			w->n[i % WINDOW_SLICES] = 0;
	w->at = at;
}

static uint32_t sum32(uint64_t n)
{
	return n < UINT32_MAX ? (uint32_t)n : UINT32_MAX;
}

static void set_back(struct window *w, uint32_t at)
{
	uint32_t all = sum32(window_sum(w, at));

	memset(w->n, 0, sizeof(w->n));
	w->at = at;
	w->n[at % WINDOW_SLICES] = all;
}

void window_add(struct window *w, uint32_t at, uint32_t n)
{
	uint32_t *slice;

	if (at > w->at)
		forward(w, at);
	else if (!has(w, at))
		set_back(w, at);
	slice = &w->n[at % WINDOW_SLICES];
	*slice = sum32((uint64_t)*slice + n);
}

void window_take(struct window *w, uint32_t at, uint32_t n)
{
	uint32_t *slice = &w->n[at % WINDOW_SLICES];

	if (has(w, at))
		*slice -= n < *slice ? n : *slice;
}

void window_merge(struct window *w, const struct window *from)
{
	window_add(w, from->at > w->at ? from->at : w->at, 0);
	for (uint32_t i = 0; i < WINDOW_SLICES && i <= from->at; i++)
		if (has(w, from->at - i))
			window_add(w, from->at - i,
				from->n[(from->at - i) % WINDOW_SLICES]);
}

void window_unmerge(struct window *w, const struct window *from)
{
	for (uint32_t i = 0; i < WINDOW_SLICES && i <= from->at; i++)
		window_take(w, from->at - i,
			from->n[(from->at - i) % WINDOW_SLICES]);
}

uint64_t window_sum(const struct window *w, uint32_t at)
{
	uint64_t sum = 0;
	uint32_t past;

	/* Slices that have passed since the newest leave that many fewer. */
	past = at > w->at ? at - w->at : 0;
	for (uint32_t i = 0; i + past < WINDOW_SLICES && i <= w->at; i++)
		sum += w->n[(w->at - i) % WINDOW_SLICES];
	return sum;
}
