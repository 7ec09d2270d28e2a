// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdlib.h>
#include <string.h>

#include "frequency.h"
#include "state_file.h"

enum column {
	COMMAND,
	BIRTH,
	NODE,
	OWNER,
	OTHER,
	CHANGE,
	SLICE_MS,
	COUNT_AT,
	COUNTS,
	N_HOSTS_COLUMNS,
	SITTINGS_AT = N_HOSTS_COLUMNS,
	SITTINGS,
	SITTERS,
	N_COMMANDS_COLUMNS
};

static const struct state_column columns[] = {
	[COMMAND] = { "command", STATE_BYTES, 1 },
	[BIRTH] = { "birth", STATE_INTEGER, 1 },
	[NODE] = { "node", STATE_INTEGER, 1 },
	[OWNER] = { "owner", STATE_INTEGER, 1 },
	[OTHER] = { "other", STATE_INTEGER, 1 },
	[CHANGE] = { "change", STATE_INTEGER, 1 },
	[SLICE_MS] = { "slice_ms", STATE_INTEGER, 1 },
	[COUNT_AT] = { "count_at", STATE_INTEGER, 1 },
	[COUNTS] = { "counts", STATE_BYTES, 1 },
	[SITTINGS_AT] = { "sittings_at", STATE_INTEGER, 1 },
	[SITTINGS] = { "sittings", STATE_BYTES, 1 },
	[SITTERS] = { "sitters", STATE_INTEGER, 1 },
};

/* A window's slices, the newest first, each as 4 bytes, the lowest first; the
 * empty ones at the end are left away. */
#define WINDOW_LEN (WINDOW_SLICES * 4)

struct kept {
	struct frequency *fr;
	enum frequency_table table;
	struct frequency_row row; /* what values are borrowed from */
	char counts[WINDOW_LEN], sittings[WINDOW_LEN];
};

static struct bytes pack(const struct window *w, char *to)
{
	size_t len = 0;

	for (uint32_t i = 0; i < WINDOW_SLICES && i <= w->at; i++) {
		uint32_t n = w->n[(w->at - i) % WINDOW_SLICES];

		for (unsigned int k = 0; k < 4; k++)
			to[4 * i + k] = (char)(n >> (8 * k));
		if (n)
			len = 4 * (i + 1);
	}
	return (struct bytes){ to, len };
}

static int unpack(struct window *w, int64_t at, struct bytes b)
{
	if (at < 0 || at > UINT32_MAX || b.len > WINDOW_LEN || b.len % 4 ||
		(int64_t)(b.len / 4) > at + 1)
		return -1;
	*w = (struct window){ .at = (uint32_t)at };
	for (uint32_t i = 0; i < b.len / 4; i++) {
		uint32_t n = 0;

		for (unsigned int k = 0; k < 4; k++)
			n |= (uint32_t)(unsigned char)b.p[4 * i + k] << (8 * k);
		w->n[(w->at - i) % WINDOW_SLICES] = n;
	}
	return 0;
}

static uint64_t change(void *arg)
{
	const struct kept *k = arg;

	return frequency_change(k->fr, k->table);
}

static bool next(void *arg, uint64_t after, uint32_t *at, struct state_row *to)
{
	struct kept *k = arg;
	struct frequency_row *row = &k->row;
	union state_value *v = to->values;

	if (!frequency_next(k->fr, k->table, after, at, row))
		return false;
	to->id = row->number;
	to->is_gone = row->is_gone;
	if (row->is_gone)
		return true;
	v[COMMAND].b = (struct bytes){ (const char *)row->command,
		sizeof(row->command) };
	v[BIRTH].i = (int64_t)row->birth;
	v[NODE].i = (int64_t)row->node;
	v[OWNER].i = (int64_t)row->owner;
	v[OTHER].i = (int64_t)row->other;
	v[CHANGE].i = (int64_t)row->change;
	v[SLICE_MS].i = (int64_t)row->slice_ms;
	v[COUNT_AT].i = row->count.at;
	v[COUNTS].b = pack(&row->count, k->counts);
	v[SITTINGS_AT].i = row->sittings.at;
	v[SITTINGS].b = pack(&row->sittings, k->sittings);
	v[SITTERS].i = (int64_t)row->sitters;
	return true;
}

static int take(void *arg, const struct state_row *from)
{
	const union state_value *v = from->values;
	const struct kept *k = arg;
	struct frequency_row row = { .birth = (uint64_t)v[BIRTH].i,
		.node = (uint64_t)v[NODE].i,
		.owner = (uint64_t)v[OWNER].i,
		.other = (uint64_t)v[OTHER].i,
		.slice_ms = (uint64_t)v[SLICE_MS].i,
		.sitters = (uint64_t)v[SITTERS].i };

	if (v[COMMAND].b.len != sizeof(row.command) ||
		unpack(&row.count, v[COUNT_AT].i, v[COUNTS].b) < 0 ||
		unpack(&row.sittings, v[SITTINGS_AT].i, v[SITTINGS].b) < 0)
		return -1;
	memcpy(row.command, v[COMMAND].b.p, sizeof(row.command));
	return frequency_restore(k->fr, k->table, &row);
}

static int keep(struct state *st, struct frequency *fr,
	enum frequency_table table, const char *name)
{
	struct kept *k = calloc(1, sizeof(*k));
	struct state_section section = { .name = name,
		.version = 1,
		.columns = columns,
		.n_columns = table == FREQUENCY_COMMANDS ? N_COMMANDS_COLUMNS
							 : N_HOSTS_COLUMNS,
		.order = CHANGE,
		.change = change,
		.next = next,
		.take = take,
		.arg = k };

	if (!k)
		return -1;
	k->fr = fr;
	k->table = table;
	return state_own(st, &section, k);
}

int state_keep_frequency(struct state *st, struct frequency *fr)
{
	if (keep(st, fr, FREQUENCY_COMMANDS, "frequency") < 0)
		return -1;
	return keep(st, fr, FREQUENCY_HOSTS, "frequency_hosts");
}
