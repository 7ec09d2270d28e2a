// SPDX-License-Identifier: GPL-3.0-or-later
/* Failed logons by address, so that what begins before a restart and goes on
 * after it is one. */
#include <stdlib.h>

#include "session.h"
#include "state_file.h"
#include "state_pack.h"

enum column { CHANGE, NODE, ADDR, SLICE_MS, AT, COUNTS, N_COLUMNS };

static const struct state_column columns[] = {
	[CHANGE] = { "change", STATE_INTEGER, 1 },
	[NODE] = { "node", STATE_INTEGER, 1 },
	[ADDR] = { "addr", STATE_INTEGER, 1 },
	[SLICE_MS] = { "slice_ms", STATE_INTEGER, 1 },
	[AT] = { "at", STATE_INTEGER, 1 },
	[COUNTS] = { "counts", STATE_BYTES, 1 },
};

struct kept {
	struct session_table *table;
	struct str counts; /* what a value is borrowed from */
};

static uint64_t change(void *arg)
{
	const struct kept *k = arg;

	return session_failures_change(k->table);
}

static bool next(void *arg, uint64_t after, uint32_t *at, struct state_row *to)
{
	struct kept *k = arg;
	union state_value *v = to->values;
	struct session_failures f;
	uint32_t row;

	if (!session_failures_changed(k->table, after, at, &row, &f))
		return false;
	str_reset(&k->counts);
	for (unsigned int i = 0; i < WINDOW_SLICES; i++)
		state_put(&k->counts, f.window.n[i]);
	to->id = row;
	to->is_gone = false;
	v[CHANGE].i = (int64_t)f.change;
	v[NODE].i = (int64_t)f.node;
	v[ADDR].i = (int64_t)f.addr;
	v[SLICE_MS].i = f.slice_ms;
	v[AT].i = f.window.at;
	v[COUNTS].b = str_bytes(&k->counts);
	return true;
}

static int take(void *arg, const struct state_row *from)
{
	const union state_value *v = from->values;
	struct kept *k = arg;
	struct bytes counts = v[COUNTS].b;
	struct session_failures f = { .node = (uint64_t)v[NODE].i,
		.addr = (uint64_t)v[ADDR].i,
		.slice_ms = v[SLICE_MS].i };
	uint64_t n;

	if (v[AT].i < 0 || v[AT].i > UINT32_MAX)
		return -1;
	f.window.at = (uint32_t)v[AT].i;
	for (unsigned int i = 0; i < WINDOW_SLICES; i++) {
		if (!state_get(&counts, &n) || n > UINT32_MAX)
			return -1;
		f.window.n[i] = (uint32_t)n;
	}
	return counts.len ? -1 : session_restore_failures(k->table, &f);
}

static void fini(void *arg)
{
	struct kept *k = arg;

	str_fini(&k->counts);
}

int state_keep_failures(struct state *st, struct session_table *t)
{
	struct kept *k = calloc(1, sizeof(*k));
	struct state_section section = { .name = "failed_logons",
		.version = 1,
		.columns = columns,
		.n_columns = N_COLUMNS,
		.order = CHANGE,
		.change = change,
		.next = next,
		.take = take,
		.fini = fini,
		.arg = k };

	if (!k)
		return -1;
	k->table = t;
	str_init(&k->counts, 8 * WINDOW_SLICES);
	return state_own(st, &section, k);
}
