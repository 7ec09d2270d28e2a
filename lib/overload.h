// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef OVERLOAD_H
#define OVERLOAD_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Whether more comes in than can be worked on, and what is then left out, in
 * this order, each step with all of those before it. What has not been seen
 * within the window of repeat is at every level decoded, judged and told.
 */
enum overload_level {
	OVERLOAD_NONE,
	OVERLOAD_NO_INTEL, /* nobody outside is asked about indicators */
	OVERLOAD_ROLL_UP, /* repeats are counted instead of told */
	OVERLOAD_LIGHT, /* repeats are not even judged: repeat_knows */
	OVERLOAD_N
};

/* How long the input may go without having been read to its end, once: a burst
 * takes less, and a load that never lets up takes all of them. */
#define OVERLOAD_BEHIND_MS 500
/* The same for each level after the first. */
#define OVERLOAD_STEP_MS 400
/* A level is left when for so long the input was never behind for more than
 * OVERLOAD_BEHIND_MS / 2. */
#define OVERLOAD_CALM_MS 10000

struct overload {
	enum overload_level level;
	int64_t calm_ms; /* since when it is calm */
};

/* What is to be seen at now_ms, which never steps. */
struct overload_look {
	int64_t now_ms;
	/* For how long the input was not once read to its end. */
	int64_t behind_ms;
	/* Bytes that have come in and are not yet done with, and how many there
	 * is room for. */
	uint64_t used, size;
};

/* Moves one level at most, and says whether it did. A quarter of the room is
 * reason enough for the first level, half for the second, three quarters for
 * the last, for however short a time. */
bool overload_run(struct overload *o, const struct overload_look *look);

#endif
