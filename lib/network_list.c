// SPDX-License-Identifier: GPL-3.0-or-later
/* What the tables hold, for who shows it. */
#include <stdio.h>
#include <string.h>

#include "address.h"
#include "network_state.h"

static struct bytes name_of(struct map *names, const void *key)
{
	const struct network_name *n = map_find(names, key);

	return (struct bytes){ n && n->len ? n->text : NULL, n ? n->len : 0 };
}

static void set_text(struct saddr *a, struct bytes text)
{
	a->len = text.len < SADDR_TEXT_MAX ? text.len : SADDR_TEXT_MAX;
	if (a->len)
		memcpy(a->text, text.p, a->len);
}

static void set_address(const struct network_table *t, struct saddr *a,
	const struct network_key *key)
{
	char text[ADDRESS_MAX];

	a->family = (enum saddr_family)key->family;
	a->has_port = a->family != SADDR_UNIX && key->direction != EVENT_IN;
	a->port = key->port;
	if (a->family == SADDR_UNIX) {
		set_text(a, name_of(t->paths, key->address));
	} else if (a->family == SADDR_VSOCK) {
		memcpy(&a->cid, key->address, sizeof(a->cid));
		memcpy(&a->port, key->address + 4, sizeof(a->port));
		(void)snprintf(
			text, sizeof(text), "%lu", (unsigned long)a->cid);
		set_text(a, bytes_of(text));
	} else {
		memcpy(a->address, key->address, sizeof(a->address));
		address_text(key->address, text);
		set_text(a, bytes_of(text));
	}
}

void network_peer_set(const struct network_table *t, struct network_peer *to,
	const struct network_key *key, const struct network_sight *s)
{
	*to = (struct network_peer){ .node = name_of(t->nodes, &key->node),
		.direction = (enum event_direction)key->direction };
	set_address(t, &to->address, key);
	if (!s)
		return;
	to->is_external = s->is_external;
	to->first_ms = s->first_ms;
	to->last_ms = s->last_ms;
	to->count = s->count;
	to->failed = s->failed;
	to->guid = s->guid;
	to->change = s->change;
}

static void set_process(const struct network_table *t,
	struct network_process *to, uint64_t guid,
	const struct network_caller *c)
{
	*to = (struct network_process){ .node = name_of(t->nodes, &c->node),
		.exe = { c->exe_len ? c->exe : NULL, c->exe_len },
		.guid = guid,
		.payload = c->payload,
		.is_executed = c->is_executed,
		.pid = c->pid,
		.ses = c->ses,
		.auid = c->auid,
		.uid = c->uid,
		.first_ms = c->first_ms,
		.last_ms = c->last_ms,
		.out = c->out,
		.in = c->in,
		.local = c->local,
		.failed = c->failed,
		.firsts = c->firsts,
		.n_peers = c->n_peers,
		.more_peers = c->more_peers };
}

bool network_next_peer(
	const struct network_table *t, uint32_t *i, struct network_peer *peer)
{
	const void *key;
	const struct network_sight *s = map_next(t->peers, i, &key);

	if (!s)
		return false;
	network_peer_set(t, peer, key, s);
	return true;
}

bool network_next_process(const struct network_table *t, uint32_t *i,
	struct network_process *process)
{
	const void *key;
	const struct network_caller *c = map_next(t->processes, i, &key);
	uint64_t guid;

	if (!c)
		return false;
	memcpy(&guid, key, sizeof(guid));
	set_process(t, process, guid, c);
	return true;
}

bool network_get_process(const struct network_table *t, uint64_t guid,
	struct network_process *process)
{
	const struct network_caller *c = map_find(t->processes, &guid);

	if (!c)
		return false;
	set_process(t, process, guid, c);
	return true;
}

void network_peer_of(const struct network_table *t, uint64_t guid, uint32_t i,
	struct network_peer *peer)
{
	const struct network_caller *c = map_find(t->processes, &guid);

	*peer = (struct network_peer){ 0 };
	if (c && i < c->n_peers)
		network_peer_set(t, peer, &c->peers[i], NULL);
}
