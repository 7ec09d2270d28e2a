// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef ENGINE_STATE_H
#define ENGINE_STATE_H

/* For engine's own files. */

#include <stdbool.h>
#include <stdint.h>

#include "engine.h"
#include "handover.h"
#include "herald.h"
#include "input.h"
#include "mark.h"
#include "metrics.h"
#include "relief.h"

struct engine {
	struct engine_conf ec;
	struct config *cf;
	struct metrics own, told; /* where there is no ring to keep them */
	struct metrics *metrics;
	struct pipeline *pipeline;
	struct emit *emit;
	struct state *state; /* NULL: what is learnt stays in memory */
	struct shelf *shelf; /* lists of indicators */
	struct alert_table *alerts;
	struct alertfile *alertfile; /* others' */
	struct alertsock *alertsock; /* those that are sent */
	struct inquiry *inquiry; /* NULL: a replay asks nobody */
	struct loop *loop;
	struct input input;
	struct herald herald;
	bool is_heard; /* the herald speaks: this is no replay */
	struct relief relief;
	struct handover handover;
	struct mark mark;
	struct procfs *procfs; /* NULL: nobody asks */
	int64_t resume_ms; /* reading pauses until then; 0: it does not */
	int64_t stop_ms; /* SIGTERM: end by then; 0: none came */
	bool is_ended; /* no more input: only lines are left to send */
};

/* Takes a new configuration and rows, or keeps the old ones where something is
 * wrong with the new. */
void engine_reload(struct engine *en);
/* A line that says no more than its kind. */
void engine_say(struct engine *en, const char *kind);

#endif
