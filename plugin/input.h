// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef INPUT_H
#define INPUT_H

#include <stdbool.h>
#include <stdint.h>

#include "overload.h"

struct metrics;
struct pipeline;
struct ring;

/* Where an engine's records come from: its standard input, or, under front,
 * the ring, with front's bell as standard input. */
enum input_kind { INPUT_FILE, INPUT_PIPE, INPUT_SOCKET, INPUT_RING };

struct input {
	enum input_kind kind;
	struct ring *ring; /* INPUT_RING's */
	struct pipeline *pipeline;
	const struct metrics *metrics;
	uint64_t next_pos; /* what follows stands here, unless the ring jumps */
	int64_t read_ms; /* when it was last read */
	int64_t behind_ms; /* since when not to its end; 0: it was just now */
	bool has_failed; /* it ended with an error */
};

/* What to do after a reading. */
enum input_next {
	INPUT_WAIT, /* until standard input is readable */
	INPUT_PAUSE, /* for *pause_ms, then read again */
	INPUT_END
};

/* Finds out what standard input is; ring may be NULL. */
void input_init(struct input *in, struct ring *ring, struct pipeline *p,
	const struct metrics *metrics);
/* Reads once, as much as is to be done between two turns of the loop.
 * longest_ms is how long a pause may be; 0 for none. */
enum input_next input_read(struct input *in, int64_t now_ms,
	unsigned int longest_ms, int64_t *pause_ms);
/* Everything up to the oldest event that is still on its way, or whose lines
 * are not yet safe (safe_pos), need not come again. */
void input_commit(struct input *in, uint64_t safe_pos, int64_t now_ms);
/* How far it is behind; never, but for a ring. */
struct overload_look input_look(const struct input *in, int64_t now_ms);
/* Brings front's counters into the metrics. */
void input_gauge(const struct input *in, struct metrics *m);

#endif
