// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef RELIEF_H
#define RELIEF_H

#include <stdint.h>

#include "burden.h"
#include "overload.h"

struct emit;
struct event;
struct input;
struct metrics;
struct pipeline;

/*
 * Watches the input and has the pipeline leave out what overload.h says, level
 * by level, each told in a line of kind overload that names the user whose
 * events are most of it.
 */
struct relief {
	struct overload overload;
	struct burden burden;
	struct emit *emit;
	struct pipeline *pipeline;
	struct metrics *metrics;
};

void relief_init(struct relief *r, struct emit *emit, struct pipeline *p,
	struct metrics *metrics);
/* Each event. */
void relief_event(struct relief *r, const struct event *ev);
/* After each reading. now_ms never steps, wall_ms is since the epoch. */
void relief_run(struct relief *r, const struct input *in, int64_t now_ms,
	int64_t wall_ms);

#endif
