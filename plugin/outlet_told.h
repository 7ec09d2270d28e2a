// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef OUTLET_TOLD_H
#define OUTLET_TOLD_H

#include "outlet.h"

/* What whoever owns an outlet is told of its lines. */

/* The first n lines are written next. */
static inline void outlet_announce(
	const struct outlet *o, const struct queue_line *lines, size_t n)
{
	for (size_t i = 0; o->sending && i < n; i++)
		o->sending(o->arg, lines[i].pos, i);
}

/* A line from there has been written. */
static inline void outlet_tell(const struct outlet *o, uint64_t pos)
{
	if (o->sent)
		o->sent(o->arg, pos);
}

#endif
