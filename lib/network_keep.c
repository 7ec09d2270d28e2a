// SPDX-License-Identifier: GPL-3.0-or-later
/* The peers as rows, for who keeps them over a restart. */
#include <string.h>

#include "address.h"
#include "network_state.h"
#include "text.h"

uint64_t network_change(const struct network_table *t)
{
	return t->change;
}

bool network_changed(const struct network_table *t, uint64_t after,
	uint32_t *at, uint32_t *row, struct network_peer *peer)
{
	uint32_t last = map_last(t->peers);

	while (*at < last) {
		const void *key;
		const struct network_sight *s;

		*row = ++*at;
		s = map_at(t->peers, *row, &key);
		if (!s || s->change <= after)
			continue;
		network_peer_set(t, peer, key, s);
		return true;
	}
	return false;
}

/* What else stands in the address. False: it is none. */
static bool read_text(struct saddr *a)
{
	struct bytes text = { a->text, a->len };
	uint64_t cid;

	if (a->len > SADDR_TEXT_MAX)
		return false;
	switch (a->family) {
	case SADDR_INET:
	case SADDR_INET6:
		return a->port <= UINT16_MAX &&
		       address_parse(text, a->address) &&
		       address_is_ipv4(a->address) == (a->family == SADDR_INET);
	case SADDR_VSOCK:
		if (text_u64(text, 10, &cid) < 0 || cid > UINT32_MAX)
			return false;
		a->cid = (uint32_t)cid;
		return true;
	default:
		return a->family == SADDR_UNIX;
	}
}

int network_restore(struct network_table *t, const struct network_peer *peer)
{
	struct saddr a = peer->address;
	struct network_key key;
	struct network_sight *s;

	if (!read_text(&a) || peer->direction > EVENT_LOCAL || !peer->count ||
		peer->failed > peer->count || peer->failed > INT32_MAX ||
		peer->first_ms < 0 || peer->last_ms < peer->first_ms)
		return -1;
	network_key_of(t, peer->node, peer->direction, &a, &key);
	if (map_find(t->peers, &key))
		return -1;
	s = map_note(t->peers, &key);
	if (!s)
		return -1;
	*s = (struct network_sight){ .first_ms = peer->first_ms,
		.last_ms = peer->last_ms,
		.guid = peer->guid,
		.change = ++t->change,
		.count = peer->count,
		.failed = peer->failed & INT32_MAX,
		.is_external = peer->is_external };
	return 0;
}
