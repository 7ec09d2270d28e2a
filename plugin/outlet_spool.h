// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef OUTLET_SPOOL_H
#define OUTLET_SPOOL_H

#include <stddef.h>

struct config;
struct metrics;
struct outlet;
struct spool;
struct spool_line;

/* The spool of an output, under a name that stays the same as long as the
 * output does. NULL: it has none. */
struct spool *outlet_open_spool(const struct config *cf, size_t i,
	struct metrics *m) __attribute__((warn_unused_result));

/* To what is sent next; a line that a process before this may have sent says
 * so. */
void outlet_add_spooled(struct outlet *o, const struct spool_line *line);

#endif
