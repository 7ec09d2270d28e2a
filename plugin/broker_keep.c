// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdio.h>

#include "broker_state.h"
#include "state.h"

enum { KEY, SAY, SEVERITY, UNTIL_MS, CHANGE, N_ANSWER };
enum { NAME, DAY, USED, N_SPENT };

static const struct state_column answer_columns[N_ANSWER] = {
	[KEY] = { "indicator", STATE_BYTES, 1 },
	[SAY] = { "said", STATE_INTEGER, 1 },
	[SEVERITY] = { "severity", STATE_INTEGER, 1 },
	[UNTIL_MS] = { "until_ms", STATE_INTEGER, 1 },
	[CHANGE] = { "change", STATE_INTEGER, 1 },
};

static const struct state_column spent_columns[N_SPENT] = {
	[NAME] = { "provider", STATE_BYTES, 1 },
	[DAY] = { "day", STATE_INTEGER, 1 },
	[USED] = { "used", STATE_INTEGER, 1 },
};

static uint64_t answer_change(void *arg)
{
	const struct broker *b = arg;

	return b->change;
}

/* Places in the map are numbers of rows; what forgot its place was written
 * over by what took it. */
static bool next_answer(
	void *arg, uint64_t after, uint32_t *at, struct state_row *to)
{
	const struct broker *b = arg;

	while (*at < map_last(b->memory)) {
		const void *key;
		const struct memory *m = map_at(b->memory, ++*at, &key);

		if (!m || m->change <= after || m->say == PROVIDER_FAILED)
			continue;
		to->id = *at;
		to->values[KEY].b = (struct bytes){ key, sizeof(struct key) };
		to->values[SAY].i = m->say;
		to->values[SEVERITY].i = m->severity;
		to->values[UNTIL_MS].i = m->until_ms;
		to->values[CHANGE].i = (int64_t)m->change;
		return true;
	}
	return false;
}

static int take_answer(void *arg, const struct state_row *from)
{
	const union state_value *v = from->values;
	struct broker *b = arg;
	struct memory *m;

	if (v[KEY].b.len != sizeof(struct key) || v[SAY].i < 0 ||
		v[SAY].i > PROVIDER_NOTHING || v[SEVERITY].i < 0 ||
		v[SEVERITY].i > INTEL_HIGH)
		return -1;
	m = map_note(b->memory, v[KEY].b.p);
	if (!m)
		return -1;
	*m = (struct memory){ .until_ms = v[UNTIL_MS].i,
		.change = ++b->change,
		.say = (uint8_t)v[SAY].i,
		.severity = (uint8_t)v[SEVERITY].i };
	return 0;
}

static uint64_t spent_change(void *arg)
{
	const struct broker *b = arg;

	return b->spent;
}

static bool next_spent(
	void *arg, uint64_t after, uint32_t *at, struct state_row *to)
{
	const struct broker *b = arg;
	const struct gate *g;

	(void)after;
	if (*at >= b->cf.n)
		return false;
	g = &b->gates[*at];
	to->values[NAME].b = bytes_of(b->cf.providers[*at].name);
	to->values[DAY].i = g->day;
	to->values[USED].i = g->used;
	to->id = ++*at;
	return true;
}

/* One that the configuration no longer has is let go. */
static int take_spent(void *arg, const struct state_row *from)
{
	const union state_value *v = from->values;
	struct broker *b = arg;

	if (v[USED].i < 0 || v[USED].i > UINT32_MAX)
		return -1;
	for (size_t i = 0; i < b->cf.n; i++)
		if (bytes_equal(v[NAME].b, bytes_of(b->cf.providers[i].name)))
			gate_recall(&b->gates[i], v[DAY].i,
				(unsigned int)v[USED].i);
	return 0;
}

int broker_keep(struct broker *b, struct state *st)
{
	struct state_section answers = { .name = "answers",
		.version = 1,
		.columns = answer_columns,
		.n_columns = N_ANSWER,
		.order = CHANGE,
		.change = answer_change,
		.next = next_answer,
		.take = take_answer,
		.arg = b };
	struct state_section spent = { .name = "spent",
		.version = 1,
		.columns = spent_columns,
		.n_columns = N_SPENT,
		.order = STATE_BY_ID,
		.change = spent_change,
		.next = next_spent,
		.take = take_spent,
		.arg = b };

	return state_add(st, &answers) < 0 ? -1 : state_add(st, &spent);
}
