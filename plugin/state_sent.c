// SPDX-License-Identifier: GPL-3.0-or-later
/* Alerts that were sent: nobody sends them twice. */
#include <stdlib.h>
#include <string.h>

#include "alert.h"
#include "state_file.h"

enum column { CHANGE, HOST, NAME, SEVERITY, TIME, N_COLUMNS };

static const struct state_column columns[] = {
	[CHANGE] = { "change", STATE_INTEGER, 1 },
	[HOST] = { "host", STATE_BYTES, 1 },
	[NAME] = { "name", STATE_BYTES, 1 },
	[SEVERITY] = { "severity", STATE_INTEGER, 1 },
	[TIME] = { "time_ms", STATE_INTEGER, 1 },
};

static uint64_t change(void *arg)
{
	return alert_sent_change(arg);
}

static bool next(void *arg, uint64_t after, uint32_t *at, struct state_row *to)
{
	union state_value *v = to->values;
	struct alert_seen a;
	uint32_t row;

	if (!alert_sent_changed(arg, after, at, &row, &a))
		return false;
	to->id = row;
	to->is_gone = false;
	v[CHANGE].i = (int64_t)a.change;
	v[HOST].b = a.host;
	v[NAME].b = a.name;
	v[SEVERITY].i = a.severity;
	v[TIME].i = a.time_ms;
	return true;
}

static int take(void *arg, const struct state_row *from)
{
	const union state_value *v = from->values;

	if (v[SEVERITY].i < 0 || v[SEVERITY].i > ALERT_HIGH)
		return -1;
	return alert_table_add_sent(arg, v[HOST].b, v[NAME].b,
		(enum alert_severity)v[SEVERITY].i, v[TIME].i);
}

int state_keep_sent(struct state *st, struct alert_table *t)
{
	struct state_section section = { .name = "alerts_sent",
		.version = 1,
		.columns = columns,
		.n_columns = N_COLUMNS,
		.order = CHANGE,
		.change = change,
		.next = next,
		.take = take,
		.arg = t };

	return state_add(st, &section);
}
