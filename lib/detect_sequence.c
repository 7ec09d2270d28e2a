// SPDX-License-Identifier: GPL-3.0-or-later
/* Several events that together are more than each: one after the other, or so
 * many in a time. */
#include "detect_state.h"
#include "invocation.h"

/* Events come a little out of order. */
#define LATE_MS 2000

/* Whose events belong together. What runs in no session is its user's. */
static uint64_t whose(struct detect_at *at, enum detect_by by)
{
	struct event *ev = at->ev;
	struct bytes none = { NULL, 0 };
	uint64_t node = detect_node(at);

	if (by == DETECT_SESSION && ev->session.number)
		return detect_mix(node, detect_mix(1, ev->session.number));
	if (by == DETECT_HOST)
		return detect_mix(node, 2);
	if (by == DETECT_ADDR)
		return detect_mix(node, detect_text(detect_value(at->d, ev,
						DETECT_FIELD_addr, none, 0)));
	if (by == DETECT_USER && ev->auid.has && ev->auid.id != EVENT_UNSET)
		return detect_mix(node, detect_mix(3, ev->auid.id));
	return detect_mix(node, detect_mix(4, ev->uid.has ? ev->uid.id : 0));
}

static bool is_within(int64_t since_ms, int64_t now_ms, int64_t within_ms)
{
	return since_ms && now_ms - since_ms <= within_ms &&
	       now_ms >= since_ms - LATE_MS;
}

/* What a mark is about; files by their names, wherever they are. 0: nothing. */
static uint64_t bound_to(struct detect_at *at, const struct detect_row *mark)
{
	struct bytes none = { NULL, 0 };
	struct bytes value = detect_value(at->d, at->ev, mark->bind, none, 0);

	if (!value.len)
		return 0;
	return detect_text(invocation_base(value)) | 1;
}

static uint64_t key_of(const struct detect_rules *r, uint32_t alert,
	uint64_t who, uint64_t what)
{
	return detect_mix(detect_mix(who, r->alerts[alert].hash), what);
}

static void take_step(struct detect_at *at, const struct detect_use *use)
{
	const struct detect_alert *a = &at->r->alerts[use->alert];
	const struct detect_row *mark = &at->r->rows[a->marks[use->at]];
	int64_t now_ms = at->ev->time_ms, since_ms = now_ms;
	uint64_t who = whose(at, a->by), what = 0, key;
	struct detect_step *s;

	if (mark->bind < DETECT_N_FIELDS && !(what = bound_to(at, mark)))
		return;
	if (use->at) {
		mark = &at->r->rows[a->marks[use->at - 1]];
		key = key_of(at->r, use->alert, who,
			mark->bind < DETECT_N_FIELDS ? what : 0);
		s = map_find(at->d->steps, &key);
		since_ms = s ? s->at_ms[use->at - 1] : 0;
		if (!is_within(since_ms, now_ms, a->within_ms))
			return;
	}
	if (use->at == a->n_marks - 1) {
		map_drop(at->d->steps, &key);
		detect_fire(at, use->alert, detect_mix(who, what));
		return;
	}
	key = key_of(at->r, use->alert, who, what);
	s = map_note(at->d->steps, &key);
	if (!s)
		return;
	s->at_ms[use->at] = since_ms;
	s->change = ++at->d->change;
	at->d->reached_ms[use->alert][use->at] = now_ms;
}

/* Puts a value in its own place, a free one, or that of the oldest. How many
 * there are within the time. */
static uint32_t put(
	struct detect_step *s, uint32_t what, int64_t now_ms, int64_t within_ms)
{
	size_t to = DETECT_BURST_MAX, oldest = 0;
	uint32_t n = 1;

	for (size_t i = 0; i < DETECT_BURST_MAX; i++) {
		if (s->at_ms[i] < s->at_ms[oldest])
			oldest = i;
		if (!s->at_ms[i])
			continue;
		if (s->what[i] == what)
			to = i;
		else
			n += is_within(s->at_ms[i], now_ms, within_ms);
	}
	if (to == DETECT_BURST_MAX) {
		to = oldest;
		n -= is_within(s->at_ms[to], now_ms, within_ms);
	}
	s->at_ms[to] = now_ms;
	s->what[to] = what;
	return n;
}

static void count(struct detect_at *at, const struct detect_use *use)
{
	const struct detect_alert *a = &at->r->alerts[use->alert];
	uint64_t who = whose(at, a->by);
	uint64_t key = key_of(at->r, use->alert, who, 0);
	struct detect_step *s = map_touch(at->d->steps, &key);
	struct bytes none = { NULL, 0 }, value;
	uint32_t what = at->ev->serial;

	if (a->of < DETECT_N_FIELDS) {
		value = detect_value(at->d, at->ev, a->of, none, 0);
		if (!value.p)
			return;
		what = (uint32_t)detect_text(value);
	}
	if (!s)
		s = map_note(at->d->steps, &key);
	if (!s)
		return;
	s->change = ++at->d->change;
	if (put(s, what, at->ev->time_ms, a->within_ms) < a->n)
		return;
	*s = (struct detect_step){ .change = s->change };
	detect_fire(at, use->alert, who);
}

/* A sequence's later steps come first here, so that one event is one step. */
void detect_mark(struct detect_at *at, const struct detect_row *row)
{
	for (uint32_t i = row->uses; i != DETECT_NONE;
		i = at->r->uses[i].next) {
		const struct detect_use *use = &at->r->uses[i];

		if (at->r->alerts[use->alert].n)
			count(at, use);
		else
			take_step(at, use);
	}
}

bool detect_is_due(const struct detect_at *at, const struct detect_row *row)
{
	for (uint32_t i = row->uses; i != DETECT_NONE;
		i = at->r->uses[i].next) {
		const struct detect_use *use = &at->r->uses[i];
		const struct detect_alert *a = &at->r->alerts[use->alert];

		if (a->n || !use->at ||
			at->ev->time_ms - at->d->reached_ms[use->alert]
							   [use->at - 1] <=
				a->within_ms)
			return true;
	}
	return false;
}
