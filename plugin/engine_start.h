// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef ENGINE_START_H
#define ENGINE_START_H

#include <stdint.h>

struct alert_table;
struct config;
struct emit;
struct engine_conf;
struct handover;
struct metrics;
struct pipeline;
struct settings;
struct shelf;
struct state;

/* What an engine reads when it starts. */

/* Takes over what the engine before left in the ring. -1: out of memory. */
int engine_inherit(const struct engine_conf *ec, struct metrics *m,
	struct handover *h) __attribute__((warn_unused_result));
/* Gives the rows to whom they concern. -1: there are none to go on with, and
 * why is logged. */
int engine_rules(const struct engine_conf *ec, const struct config *cf,
	struct emit *emit, struct pipeline *p)
	__attribute__((warn_unused_result));
/* What survived the last restart goes into the pipeline and the totals of the
 * metrics, and what is to survive the next is kept from now on. NULL: nothing
 * is; nothing of it is fatal, and what a person should know is logged. */
struct state *engine_restore(const struct settings *s, const struct config *cf,
	struct pipeline *p, struct metrics *m)
	__attribute__((warn_unused_result));

/* Reads the lists, and the alerts of others, here and now: a replay has them
 * from its first event on, so that it says the same each time; a daemon does
 * not wait for them. -1: one cannot be read, which is logged. */
int engine_lists(struct shelf *shelf, struct alert_table *alerts,
	const struct config *cf) __attribute__((warn_unused_result));

#endif
