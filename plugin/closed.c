// SPDX-License-Identifier: GPL-3.0-or-later
#include "closed.h"

#include "record.h"

static uint32_t node_hash(struct bytes node)
{
	uint32_t h = 2166136261u; /* FNV-1a */

	for (size_t i = 0; i < node.len; i++)
		h = (h ^ (unsigned char)node.p[i]) * 16777619u;
	return h;
}

struct closed *closed_find(struct closed_ring *ring, const struct record *rec)
{
	struct closed *c = &ring->at[rec->serial % CLOSED_MAX];

	if (!c->fate || c->serial != rec->serial ||
		c->time_ms != rec->time_ms || c->node != node_hash(rec->node))
		return NULL;
	return c;
}

void closed_note(struct closed_ring *ring, struct bytes node, int64_t time_ms,
	uint32_t serial, enum fate fate, bool has_eoe)
{
	ring->at[serial % CLOSED_MAX] = (struct closed){ .time_ms = time_ms,
		.serial = serial,
		.node = node_hash(node),
		.fate = fate,
		.has_eoe = has_eoe };
}
