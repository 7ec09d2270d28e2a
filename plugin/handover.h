// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef HANDOVER_H
#define HANDOVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct emit;
struct event;
struct ledger;
struct metrics;

/*
 * Events to emit, each once over all engines: what one before had sent is not
 * sent again, what it may have sent is marked, and what is sent now is noted
 * for the next. Without a ledger there is no other engine.
 */
struct handover {
	struct ledger *ledger;
	struct emit *emit;
	struct metrics *metrics;
	/* Emit tells all of what becomes of a line. With several outputs an
	 * event is sent when all have it: only handover_settle can know. */
	bool is_told;
	/* What a died engine counted last, whatever the ledger says. */
	uint64_t counted_pos;
	uint64_t pos; /* of the event that emit has just now */
	bool is_sent; /* and a line of it has gone */
	/* Of the last that an engine before had sent: its alerts, too. */
	bool has_replayed;
	uint64_t replayed_pos;
};

/* The ledger is there already, and counted_pos, or never will be. */
void handover_init(struct handover *h, struct emit *emit,
	struct metrics *metrics, size_t n_outputs);
/* Other outputs from now on; events before input_pos may have lines in the old
 * ones' queues. */
void handover_reload(struct handover *h, size_t n_outputs, uint64_t input_pos);
/* An alert of the event that came last. */
void handover_alert(struct handover *h, const struct event *ev);
void handover_event(struct handover *h, struct event *ev);
/* What emit tells of lines. */
void handover_sending(struct handover *h, uint64_t input_pos, size_t i);
void handover_sent(struct handover *h, uint64_t input_pos);
/* After a flush: if nothing waits, everything is safe. */
void handover_settle(struct handover *h);

#endif
