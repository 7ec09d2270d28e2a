// SPDX-License-Identifier: GPL-3.0-or-later
#include "handover.h"

#include "emit.h"
#include "event.h"
#include "ledger.h"
#include "metrics.h"

static void send_noted(struct handover *h, struct event *ev)
{
	const struct metrics *m = h->metrics;
	uint64_t silent = m->events_filtered + m->events_suppressed;

	ledger_begin(h->ledger, ev->input_pos, h->is_told);
	h->pos = ev->input_pos;
	h->is_sent = false;
	emit_event(h->emit, ev);
	h->pos = UINT64_MAX;
	if (emit_safe(h->emit) == UINT64_MAX)
		ledger_settle(h->ledger);
	else if (h->is_sent ||
		 m->events_filtered + m->events_suppressed != silent)
		ledger_done(h->ledger, ev->input_pos);
}

void handover_init(struct handover *h, struct emit *emit,
	struct metrics *metrics, size_t n_outputs)
{
	h->emit = emit;
	h->metrics = metrics;
	h->is_told = n_outputs == 1;
	h->pos = UINT64_MAX;
}

void handover_reload(struct handover *h, size_t n_outputs, uint64_t input_pos)
{
	h->is_told = n_outputs == 1;
	if (h->ledger)
		ledger_forget(h->ledger, input_pos);
}

void handover_alert(struct handover *h, const struct event *ev)
{
	if (!h->has_replayed || ev->input_pos != h->replayed_pos)
		emit_alert(h->emit, ev);
}

void handover_event(struct handover *h, struct event *ev)
{
	enum ledger_fate fate;

	/* What stands for others came in nowhere. */
	if (!h->ledger || ev->repeat.count) {
		emit_event(h->emit, ev);
		return;
	}
	fate = ledger_find(h->ledger, ev->input_pos);
	if (fate == LEDGER_DONE || ev->input_pos == h->counted_pos) {
		h->metrics->events_replayed++;
		h->has_replayed = true;
		h->replayed_pos = ev->input_pos;
		return;
	}
	ev->is_dup = fate == LEDGER_UNSURE;
	h->metrics->events_dup += ev->is_dup;
	send_noted(h, ev);
}

void handover_sending(struct handover *h, uint64_t input_pos, size_t i)
{
	if (h->ledger && h->is_told)
		ledger_send(h->ledger, input_pos, i);
}

void handover_sent(struct handover *h, uint64_t input_pos)
{
	/* Lines about ourselves are no event's, and in the ledger they would
	 * stand for one that comes after all others. */
	if (!h->ledger || !h->is_told || input_pos == UINT64_MAX)
		return;
	/* The event's own entry need not be followed by another, if nothing
	 * else waits. */
	if (input_pos == h->pos)
		h->is_sent = true;
	else
		ledger_done(h->ledger, input_pos);
}

void handover_settle(struct handover *h)
{
	if (h->ledger && emit_safe(h->emit) == UINT64_MAX)
		ledger_settle(h->ledger);
}
