// SPDX-License-Identifier: GPL-3.0-or-later
/* Peers of network calls, so that one that was seen before a restart is not new
 * after it. */
#include <stdlib.h>
#include <string.h>

#include "network.h"
#include "state_file.h"

enum column {
	CHANGE,
	NODE,
	DIRECTION,
	FAMILY,
	ADDR,
	PORT,
	EXTERNAL,
	FIRST,
	LAST,
	COUNT,
	FAILED,
	GUID,
	N_COLUMNS
};

static const struct state_column columns[] = {
	[CHANGE] = { "change", STATE_INTEGER, 1 },
	[NODE] = { "node", STATE_BYTES, 1 },
	[DIRECTION] = { "direction", STATE_INTEGER, 1 },
	[FAMILY] = { "family", STATE_INTEGER, 1 },
	[ADDR] = { "addr", STATE_BYTES, 1 },
	[PORT] = { "port", STATE_INTEGER, 1 },
	[EXTERNAL] = { "external", STATE_INTEGER, 1 },
	[FIRST] = { "first_ms", STATE_INTEGER, 1 },
	[LAST] = { "last_ms", STATE_INTEGER, 1 },
	[COUNT] = { "count", STATE_INTEGER, 1 },
	[FAILED] = { "failed", STATE_INTEGER, 1 },
	[GUID] = { "guid", STATE_INTEGER, 1 },
};

struct kept {
	struct network_table *table;
	struct network_peer peer; /* what values are borrowed from */
};

static uint64_t change(void *arg)
{
	const struct kept *k = arg;

	return network_change(k->table);
}

static bool next(void *arg, uint64_t after, uint32_t *at, struct state_row *to)
{
	struct kept *k = arg;
	struct network_peer *p = &k->peer;
	union state_value *v = to->values;
	uint32_t row;

	if (!network_changed(k->table, after, at, &row, p))
		return false;
	to->id = row;
	to->is_gone = false;
	v[CHANGE].i = (int64_t)p->change;
	v[NODE].b = p->node;
	v[DIRECTION].i = (int64_t)p->direction;
	v[FAMILY].i = (int64_t)p->address.family;
	v[ADDR].b = (struct bytes){ p->address.text, p->address.len };
	v[PORT].i = p->address.port;
	v[EXTERNAL].i = p->is_external;
	v[FIRST].i = p->first_ms;
	v[LAST].i = p->last_ms;
	v[COUNT].i = p->count;
	v[FAILED].i = p->failed;
	v[GUID].i = (int64_t)p->guid;
	return true;
}

static bool is_u32(int64_t v)
{
	return v >= 0 && v <= UINT32_MAX;
}

static int take(void *arg, const struct state_row *from)
{
	const union state_value *v = from->values;
	struct kept *k = arg;
	struct network_peer *p = &k->peer;

	if (!is_u32(v[PORT].i) || !is_u32(v[COUNT].i) || !is_u32(v[FAILED].i) ||
		v[DIRECTION].i < 0 || v[DIRECTION].i > EVENT_LOCAL ||
		v[FAMILY].i < 0 || v[FAMILY].i > SADDR_OTHER ||
		v[ADDR].b.len > SADDR_TEXT_MAX)
		return -1;
	*p = (struct network_peer){ .node = v[NODE].b,
		.direction = (enum event_direction)v[DIRECTION].i,
		.is_external = v[EXTERNAL].i & 1,
		.first_ms = v[FIRST].i,
		.last_ms = v[LAST].i,
		.count = (uint32_t)v[COUNT].i,
		.failed = (uint32_t)v[FAILED].i,
		.guid = (uint64_t)v[GUID].i };
	p->address.family = (enum saddr_family)v[FAMILY].i;
	p->address.port = (uint32_t)v[PORT].i;
	p->address.len = v[ADDR].b.len;
	if (v[ADDR].b.len)
		memcpy(p->address.text, v[ADDR].b.p, v[ADDR].b.len);
	return network_restore(k->table, p);
}

int state_keep_network(struct state *st, struct network_table *t)
{
	struct kept *k = calloc(1, sizeof(*k));
	struct state_section section = { .name = "network",
		.version = 1,
		.columns = columns,
		.n_columns = N_COLUMNS,
		.order = CHANGE,
		.change = change,
		.next = next,
		.take = take,
		.arg = k };

	if (!k)
		return -1;
	k->table = t;
	return state_own(st, &section, k);
}
