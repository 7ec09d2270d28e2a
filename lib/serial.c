// SPDX-License-Identifier: GPL-3.0-or-later
#include "serial.h"

#include <string.h>

static bool is_seen(const struct serial_window *w, uint32_t serial)
{
	uint32_t i = serial % SERIAL_WINDOW;

	return w->seen[i / 64] >> (i % 64) & 1;
}

static void set(struct serial_window *w, uint32_t serial, bool is_set)
{
	uint32_t i = serial % SERIAL_WINDOW;
	uint64_t bit = (uint64_t)1 << (i % 64);

	if (is_set)
		w->seen[i / 64] |= bit;
	else
		w->seen[i / 64] &= ~bit;
}

/* What was before the first record is nobody's loss. */
static void start(struct serial_window *w, uint32_t serial)
{
	memset(w->seen, 0xff, sizeof(w->seen));
	w->is_started = true;
	w->high = serial;
}

static void advance(struct serial_window *w, uint32_t steps)
{
	uint32_t past = steps > SERIAL_WINDOW ? steps - SERIAL_WINDOW : 0;

	for (uint32_t i = 0; i < steps - past; i++) {
		w->high++;
		/* The slot held high - SERIAL_WINDOW. */
		w->missing += !is_seen(w, w->high);
		set(w, w->high, false);
	}
	/* A jump past the whole window: none of these was seen. */
	w->missing += past;
	w->high += past;
}

bool serial_note(struct serial_window *w, uint32_t serial)
{
	int32_t ahead = (int32_t)(serial - w->high);

	if (w->is_started && ahead == 0)
		return false;
	if (!w->is_started) {
		start(w, serial);
		return false;
	}
	if (ahead <= -SERIAL_WINDOW) {
		w->missing = serial_missing(w);
		start(w, serial);
		return true;
	}
	if (ahead > 0)
		advance(w, (uint32_t)ahead);
	set(w, serial, true);
	return false;
}

uint64_t serial_missing(const struct serial_window *w)
{
	uint64_t seen = 0;

	for (unsigned int i = 0; i < SERIAL_WINDOW / 64; i++)
		seen += (uint64_t)__builtin_popcountll(w->seen[i]);
	return w->is_started ? w->missing + (SERIAL_WINDOW - seen) : 0;
}
