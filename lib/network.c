// SPDX-License-Identifier: GPL-3.0-or-later
#include "network.h"

#include <stdlib.h>
#include <string.h>

#include "address.h"
#include "askable.h"
#include "ioc.h"
#include "network_state.h"
#include "syscalls.h"

/* EINPROGRESS, on every architecture of syscalls.h. */
#define IN_PROGRESS 115

static struct map *table(const struct network_conf *cf, size_t key_len,
	size_t value_len, uint32_t max)
{
	struct map_conf map = { .key_len = key_len,
		.value_len = value_len,
		.max = max,
		.seed = { cf->seed[0], cf->seed[1] } };

	return map_new(&map);
}

struct network_table *network_table_new(const struct network_conf *cf)
{
	struct network_table *t = calloc(1, sizeof(*t));

	if (!t)
		return NULL;
	memcpy(t->seed, cf->seed, sizeof(t->seed));
	t->peers = table(cf, sizeof(struct network_key),
		sizeof(struct network_sight), cf->peers_max);
	t->processes = table(cf, sizeof(uint64_t),
		sizeof(struct network_caller), cf->processes_max);
	t->nodes = table(cf, sizeof(uint32_t), sizeof(struct network_name),
		NETWORK_NODES_MAX);
	t->paths =
		table(cf, 16, sizeof(struct network_name), NETWORK_PATHS_MAX);
	if (t->peers && t->processes && t->nodes && t->paths)
		return t;
	network_table_free(t);
	return NULL;
}

void network_table_free(struct network_table *t)
{
	if (!t)
		return;
	map_free(t->peers);
	map_free(t->processes);
	map_free(t->nodes);
	map_free(t->paths);
	free(t);
}

uint64_t network_evicted(const struct network_table *t)
{
	return map_evicted(t->peers) + map_evicted(t->processes);
}

bool network_has_failed(const struct event *ev)
{
	return ev->has_success && !ev->success &&
	       !(ev->has_exit && ev->exit == -IN_PROGRESS);
}

static enum event_direction direction_of(const char *call)
{
	if (call && !strncmp(call, "accept", 6))
		return EVENT_IN;
	if (call && (!strcmp(call, "bind") || !strcmp(call, "listen")))
		return EVENT_LOCAL;
	return EVENT_OUT;
}

const char *network_direction_name(enum event_direction direction)
{
	static const char *const names[] = {
		[EVENT_OUT] = "out", [EVENT_IN] = "in", [EVENT_LOCAL] = "local"
	};

	return names[direction];
}

/* External ones that a process of this host called. */
static void add_ioc(struct event *ev, enum ioc_type type)
{
	ev->iocs = event_alloc(ev, sizeof(*ev->iocs));
	if (!ev->iocs)
		return;
	*ev->iocs = (struct event_ioc){ .type = type,
		.type_name = bytes_of(ioc_type_name(type)),
		.value = ev->network.address,
		.layer = EVENT_IN_ARGV };
	ev->n_iocs = 1;
}

static void judge(
	struct event *ev, const struct saddr *a, struct askable_rules *never)
{
	struct event_network *to = &ev->network;
	enum ioc_type type = address_is_ipv4(a->address) ? IOC_IPV4 : IOC_IPV6;
	struct str as;

	to->address_class = address_class(to->address);
	str_init(&as, ADDRESS_MAX);
	to->is_external = askable(never, type, to->address, &as);
	str_fini(&as);
	if (to->is_external && to->direction == EVENT_OUT)
		add_ioc(ev, type);
}

/* False: it is none that is told. */
static bool fill(
	struct event *ev, const struct saddr *a, struct askable_rules *never)
{
	struct event_network *to = &ev->network;

	to->direction = direction_of(ev->syscall_name);
	to->family = saddr_family_name(a->family);
	if (!to->family)
		return false;
	to->has_port = a->has_port;
	to->port = a->port;
	if (a->len)
		to->address = event_copy(ev, (struct bytes){ a->text, a->len });
	if (to->address.p &&
		(a->family == SADDR_INET || a->family == SADDR_INET6))
		judge(ev, a, never);
	return true;
}

static struct bytes nonull(struct bytes b)
{
	return (struct bytes){ b.p ? b.p : "", b.len };
}

static void note_name(
	struct map *names, const void *key, struct bytes name, size_t max)
{
	struct network_name *to;

	if (map_touch(names, key))
		return;
	to = map_note(names, key);
	if (!to || !name.len)
		return;
	to->len = (uint8_t)(name.len < max ? name.len : max);
	memcpy(to->text, name.p, to->len);
}

static uint32_t note_node(struct network_table *t, struct bytes node)
{
	struct bytes b = nonull(node);
	uint32_t hash = (uint32_t)map_siphash(t->seed, b.p, b.len);

	note_name(t->nodes, &hash, b, NETWORK_NODE_MAX);
	return hash;
}

/* A path is too long for a key. */
static void set_path(
	struct network_table *t, struct network_key *key, struct bytes path)
{
	struct bytes b = nonull(path);
	uint64_t other[2] = { t->seed[1], t->seed[0] };
	uint64_t hash[2] = { map_siphash(t->seed, b.p, b.len),
		map_siphash(other, b.p, b.len) };

	memcpy(key->address, hash, sizeof(key->address));
	note_name(t->paths, key->address, b, SADDR_TEXT_MAX);
}

void network_key_of(struct network_table *t, struct bytes node,
	enum event_direction direction, const struct saddr *a,
	struct network_key *key)
{
	/* Whoever calls in has another port each time. */
	uint32_t port = direction == EVENT_IN ? 0 : a->port;

	/* All of it is hashed. */
	memset(key, 0, sizeof(*key));
	key->node = note_node(t, node);
	key->family = (uint8_t)a->family;
	key->direction = (uint8_t)direction;
	if (a->family == SADDR_UNIX) {
		set_path(t, key, (struct bytes){ a->text, a->len });
	} else if (a->family == SADDR_VSOCK) {
		memcpy(key->address, &a->cid, sizeof(a->cid));
		memcpy(key->address + 4, &port, sizeof(port));
	} else {
		memcpy(key->address, a->address, sizeof(key->address));
		key->port = (uint16_t)port;
		/* The same host, whatever socket reaches it. */
		if (address_is_ipv4(a->address))
			key->family = SADDR_INET;
	}
}

static void note_peer(struct network_caller *c, const struct network_key *key)
{
	for (unsigned int i = 0; i < c->n_peers; i++)
		if (!memcmp(&c->peers[i], key, sizeof(*key)))
			return;
	if (c->n_peers == NETWORK_PEERS_KEPT)
		c->more_peers++;
	else
		c->peers[c->n_peers++] = *key;
}

static void set_exe(struct network_caller *c, struct bytes exe)
{
	if (exe.len > NETWORK_EXE_MAX) {
		exe.p += exe.len - NETWORK_EXE_MAX;
		exe.len = NETWORK_EXE_MAX;
	}
	c->exe_len = (uint8_t)exe.len;
	if (exe.len)
		memcpy(c->exe, exe.p, exe.len);
}

static void note_span(
	int64_t *first_ms, int64_t *last_ms, int64_t time_ms, bool is_new)
{
	if (is_new || time_ms < *first_ms)
		*first_ms = time_ms;
	if (is_new || time_ms > *last_ms)
		*last_ms = time_ms;
}

static void note_caller(struct network_table *t, const struct event *ev,
	const struct network_key *key, bool is_first)
{
	uint64_t guid = ev->lineage.guid;
	struct network_caller *c =
		ev->lineage.has ? map_note(t->processes, &guid) : NULL;

	if (!c)
		return;
	note_span(&c->first_ms, &c->last_ms, ev->time_ms,
		!(c->out || c->in || c->local));
	c->node = key->node;
	c->pid = ev->pid;
	c->ses = ev->has_ses ? ev->ses : EVENT_UNSET;
	c->auid = ev->auid.has ? ev->auid.id : EVENT_UNSET;
	c->uid = ev->uid.has ? ev->uid.id : EVENT_UNSET;
	if (ev->payload.id) {
		c->payload = ev->payload.id;
		c->is_executed |= ev->payload.is_executed;
	}
	c->out += ev->network.direction == EVENT_OUT;
	c->in += ev->network.direction == EVENT_IN;
	c->local += ev->network.direction == EVENT_LOCAL;
	c->failed += network_has_failed(ev);
	c->firsts += is_first;
	set_exe(c, ev->exe);
	note_peer(c, key);
}

static uint32_t note(
	struct network_table *t, const struct event *ev, const struct saddr *a)
{
	struct network_key key;
	struct network_sight *s;

	network_key_of(t, ev->node, ev->network.direction, a, &key);
	s = map_note(t->peers, &key);
	if (!s)
		return 0;
	note_span(&s->first_ms, &s->last_ms, ev->time_ms, !s->count);
	s->count += s->count < UINT32_MAX;
	if (network_has_failed(ev) && s->failed < INT32_MAX)
		s->failed = (s->failed + 1) & INT32_MAX;
	s->is_external = ev->network.is_external;
	s->guid = ev->lineage.guid;
	s->change = ++t->change;
	note_caller(t, ev, &key, s->count == 1);
	return s->count;
}

bool network_run(
	struct network_table *t, struct event *ev, struct askable_rules *never)
{
	struct saddr a;

	saddr_read(ev->network.record, syscalls_is_little(ev->arch), &a);
	if (!fill(ev, &a, never))
		return false;
	ev->network.count = note(t, ev, &a);
	ev->network.is_first = ev->network.count == 1;
	return true;
}

void network_note(struct network_table *t, const struct event *ev)
{
	struct saddr a;

	if (!ev->network.family)
		return;
	saddr_read(ev->network.record, syscalls_is_little(ev->arch), &a);
	(void)note(t, ev, &a);
}
