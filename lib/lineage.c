// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * One table: (node, pid, 0) is the process that has the pid now. When another
 * has it, the old one moves to (node, pid, its guid's half), where those it
 * started find it.
 */
#include "lineage.h"

#include <endian.h>
#include <stdlib.h>
#include <string.h>

#include "event.h"
#include "lineage_state.h"
#include "map.h"

/* CPUs fork at once, so pids come a little out of order; a container's fork
 * returns its own pids, which are not near the host's. */
#define FORK_NEAR 1024
/* Links upwards that are followed before a chain is taken for endless. */
#define LOOKS_MAX 16
/* What /proc says of a start, in jiffies since the boot, is so near to what a
 * record says. */
#define START_NEAR_MS 2000

/* Fixed, so that a replay gives the same guids. */
static const uint64_t guid_seed[2] = { 0x6175646973702d68ULL,
	0x756e7420677569ULL };

struct lineage *lineage_new(const struct lineage_conf *cf)
{
	struct lineage *l = calloc(1, sizeof(*l));
	struct map_conf processes = { .key_len = sizeof(struct key),
		.value_len = sizeof(struct process),
		.max = cf->processes_max,
		.seed = { cf->seed[0], cf->seed[1] } };
	struct map_conf hosts = { .key_len = sizeof(uint64_t),
		.value_len = sizeof(struct host),
		.max = LINEAGE_HOSTS_MAX,
		.seed = { cf->seed[0], cf->seed[1] } };

	if (!l)
		return NULL;
	l->cf = *cf;
	str_init(&l->scratch, LINEAGE_CMD_MAX * 8);
	str_init(&l->node, 4096);
	l->processes = map_new(&processes);
	l->hosts = map_new(&hosts);
	if (l->processes && l->hosts)
		return l;
	lineage_free(l);
	return NULL;
}

void lineage_free(struct lineage *l)
{
	const void *key;
	struct process *p;
	uint32_t i = 0;

	if (!l)
		return;
	while (l->processes && (p = map_next(l->processes, &i, &key)))
		lineage_drop_texts(p);
	map_free(l->processes);
	map_free(l->hosts);
	str_fini(&l->scratch);
	str_fini(&l->node);
	free(l);
}

static void put_name(struct host *h, struct bytes node)
{
	h->is_nameless = node.len > LINEAGE_NODE_MAX;
	h->name_len = (uint8_t)(h->is_nameless ? LINEAGE_NODE_MAX : node.len);
	memcpy(h->name, node.p, h->name_len);
}

int lineage_at(struct lineage *l, struct bytes node)
{
	if (l->host && bytes_equal(node, str_bytes(&l->node)))
		return 0;
	l->node_hash = node.len ? map_siphash(guid_seed, node.p, node.len) : 0;
	l->host = map_note(l->hosts, &l->node_hash);
	if (l->host && !l->host->name_len && node.len)
		put_name(l->host, node);
	str_reset(&l->node);
	str_addb(&l->node, node);
	if (!str_ok(&l->node) || !l->host) {
		str_reset(&l->node);
		l->host = NULL;
		return -1;
	}
	return 0;
}

static void drop_oldest(struct lineage *l)
{
	const void *found;
	struct key key;
	uint32_t i = 0;
	struct process *p = map_next(l->processes, &i, &found);

	memcpy(&key, found, sizeof(key));
	lineage_drop_texts(p);
	map_drop(l->processes, &key);
	l->evicted++;
}

struct process *lineage_must(struct lineage *l, const struct key *key)
{
	struct process *p = map_touch(l->processes, key);

	if (p)
		return p;
	if (map_count(l->processes) == l->cf.processes_max)
		drop_oldest(l);
	return map_note(l->processes, key);
}

static struct key key_of(const struct lineage *l, uint32_t pid)
{
	return (struct key){ .node = l->node_hash, .pid = pid };
}

uint32_t lineage_past(uint64_t guid)
{
	return (uint32_t)(guid >> 32) | 1;
}

static uint64_t guid_of(const struct lineage *l, uint32_t pid, struct when when)
{
	uint64_t parts[3] = { htole64(l->node_hash),
		htole64((uint64_t)when.time_ms),
		htole64((uint64_t)pid << 32 | when.serial) };
	uint64_t guid = map_siphash(guid_seed, parts, sizeof(parts));

	return guid ? guid : 1;
}

/* A new process that lies below another in the numbering has begun a new
 * round. */
static void note_pid(struct lineage *l, uint32_t pid)
{
	if (pid < l->host->highest / 2) {
		l->host->round++;
		l->host->highest = pid;
	} else if (pid > l->host->highest) {
		l->host->highest = pid;
	}
}

void lineage_touch(struct lineage *l, struct process *p)
{
	p->change = ++l->change;
}

struct process *lineage_get(struct lineage *l, struct link *to)
{
	const void *key;
	struct process *p;
	struct key past = { .pid = to->pid, .past = lineage_past(to->guid) };

	if (!to->guid)
		return NULL;
	p = map_at(l->processes, to->number, &key);
	if (p && p->guid == to->guid)
		return p;
	past.node = l->node_hash;
	p = map_find(l->processes, &past);
	if (!p) {
		/* One that was restored has its pid still. */
		past.past = 0;
		p = map_find(l->processes, &past);
	}
	if (!p || p->guid != to->guid)
		return NULL;
	to->number = map_number(l->processes, p);
	return p;
}

/* Makes room for another process of that pid, and gives it. */
static struct process *retire(
	struct lineage *l, const struct key *key, const struct process *p)
{
	struct process old = *p, *to;
	struct key past = *key;

	map_drop(l->processes, key);
	l->dropped = ++l->change;
	past.past = lineage_past(old.guid);
	to = lineage_must(l, &past);
	if (to) {
		lineage_drop_texts(to);
		*to = old;
		lineage_touch(l, to);
	} else {
		lineage_drop_texts(&old);
	}
	return lineage_must(l, key);
}

static bool has_exited(const struct process *p, struct when when)
{
	if (!p->exit_ms || !when.serial)
		return false;
	if (!p->exit_serial)
		return p->exit_ms < when.time_ms;
	/* Serials go on where the clock is set back. */
	return (int32_t)(when.serial - p->exit_serial) > 0;
}

/* Whether it cannot be what has its pid by then. */
static bool is_gone(
	const struct lineage *l, const struct process *p, struct when when)
{
	return p->boot != l->host->boot || has_exited(p, when);
}

static void begin(
	struct lineage *l, struct process *p, uint32_t pid, struct when when)
{
	p->guid = guid_of(l, pid, when);
	p->round = l->host->round;
	p->boot = l->host->boot;
	p->seen = when.serial ? when : (struct when){ 0, 0 };
	p->ses = p->auid = p->uid = EVENT_UNSET;
	lineage_touch(l, p);
}

/* The process that has a pid, made where none is known; NULL: no memory. */
static struct process *must_have(
	struct lineage *l, uint32_t pid, struct when when)
{
	struct key key = key_of(l, pid);
	struct process *p = lineage_must(l, &key);

	if (p && p->guid && is_gone(l, p, when))
		p = retire(l, &key, p);
	if (p && !p->guid)
		begin(l, p, pid, when);
	return p;
}

static void set_parent(struct lineage *l, struct process *p,
	const struct process *parent, uint32_t ppid)
{
	p->parent = (struct link){ .guid = parent->guid,
		.number = map_number(l->processes, parent),
		.pid = ppid };
	p->depth = parent->depth + 1;
	lineage_touch(l, p);
	if (!p->len[LINEAGE_CONTAINER])
		lineage_set_text(p, LINEAGE_CONTAINER,
			lineage_get_text(parent, LINEAGE_CONTAINER));
}

static void set_seen(
	struct lineage *l, struct process *p, const struct lineage_seen *seen)
{
	lineage_touch(l, p);
	p->parent.pid = seen->ppid;
	lineage_set_text(p, LINEAGE_CONTAINER, seen->container);
	if (p->len[LINEAGE_EXE])
		return;
	if (seen->exe.p)
		lineage_set_exe(p, seen->exe, false);
	else if (seen->comm.p)
		lineage_set_exe(p, seen->comm, true);
}

/* Asks for what no record told: who p is, and who is above it. */
static void look_up(struct lineage *l, struct process *p, uint32_t pid)
{
	for (int i = 0; i < LOOKS_MAX && !p->parent.guid; i++) {
		struct lineage_seen seen = { 0 };
		uint32_t number = map_number(l->processes, p);
		uint64_t guid = p->guid;
		struct process *parent;
		const void *key;

		if (!p->is_looked_up && l->cf.look &&
			l->cf.look(l->cf.arg, pid, l->now_ms, &seen))
			set_seen(l, p, &seen);
		p->is_looked_up = true;
		pid = p->parent.pid;
		if (!pid)
			return;
		parent = must_have(
			l, pid, (struct when){ (int64_t)seen.start, 0 });
		p = map_at(l->processes, number, &key);
		if (!parent || !p || p->guid != guid || p == parent)
			return;
		set_parent(l, p, parent, pid);
		p = parent;
	}
}

/* Its number; 0: there is none. */
static uint32_t parent_of(
	struct lineage *l, uint32_t pid, uint32_t ppid, struct when when)
{
	struct process *p;
	uint32_t number;

	if (!ppid || ppid == pid)
		return 0;
	p = must_have(l, ppid, when);
	if (!p)
		return 0;
	number = map_number(l->processes, p);
	if (!l->node.len && !p->parent.guid &&
		(p->parent.pid || !p->is_looked_up))
		look_up(l, p, ppid);
	return number;
}

/* Whether one that was restored, and that nobody could look after since, is
 * another's child by now: nobody becomes that but of who takes orphans in. */
static bool is_other(const struct process *p, uint32_t ppid)
{
	return p->is_restored && p->parent.pid && ppid > 1 &&
	       p->parent.pid != ppid;
}

/* The process that a record is about: the one that has its pid, or a new one
 * below parent. */
static struct process *process_of(
	struct lineage *l, uint32_t pid, uint32_t ppid, struct when when)
{
	uint32_t parent = parent_of(l, pid, ppid, when);
	struct key key = key_of(l, pid);
	struct process *p = lineage_must(l, &key), *above;
	const void *at;

	if (p && p->guid &&
		(p->round != l->host->round || is_gone(l, p, when) ||
			is_other(p, ppid)))
		p = retire(l, &key, p);
	if (p && !p->guid) {
		note_pid(l, pid);
		begin(l, p, pid, when);
	}
	if (!p || p->parent.guid)
		return p;
	above = map_at(l->processes, parent, &at);
	if (above && above != p)
		set_parent(l, p, above, ppid);
	return p;
}

void lineage_run(struct lineage *l, struct event *ev)
{
	struct process *p;

	if (!ev->has_pid || !ev->pid || lineage_at(l, ev->node) < 0)
		return;
	l->now_ms = ev->time_ms;
	p = process_of(l, ev->pid, ev->has_ppid ? ev->ppid : 0,
		(struct when){ ev->time_ms, ev->serial });
	if (!p)
		return;
	lineage_note(l, p, ev);
	lineage_touch(l, p);
	lineage_fill(l, ev, p);
}

void lineage_fork(struct lineage *l, const struct lineage_birth *b)
{
	struct when when = { b->time_ms, b->serial };
	struct process *p, *child;
	struct key key;
	uint32_t number;
	const void *at;

	l->now_ms = b->time_ms;
	if (!b->pid || !b->child || b->pid == b->child ||
		lineage_at(l, b->node) < 0 ||
		(uint64_t)b->child + FORK_NEAR <= l->host->highest)
		return;
	key = key_of(l, b->child);
	child = map_find(l->processes, &key);
	if (child && child->round == l->host->round && !is_gone(l, child, when))
		return; /* its exec came first, or it is not the host's */
	p = process_of(l, b->pid, b->ppid, when);
	if (!p)
		return;
	if (!p->len[LINEAGE_EXE])
		lineage_set_exe(p, b->exe, false);
	number = map_number(l->processes, p);
	child = process_of(l, b->child, 0, when);
	p = map_at(l->processes, number, &at);
	if (!child || !p || p == child)
		return;
	set_parent(l, child, p, b->pid);
	lineage_set_exe(child, b->exe, false);
}

void lineage_exit(struct lineage *l, struct bytes node, uint32_t pid,
	int64_t time_ms, uint32_t serial)
{
	struct process *p;
	struct key key;

	if (lineage_at(l, node) < 0)
		return;
	key = key_of(l, pid);
	p = map_find(l->processes, &key);
	if (!p)
		return;
	p->exit_ms = time_ms;
	p->exit_serial = serial;
	lineage_touch(l, p);
}

void lineage_boot(struct lineage *l, struct bytes node)
{
	if (lineage_at(l, node) < 0)
		return;
	l->host->boot++;
	l->host->round++;
	l->host->highest = 0;
}

/* Of a process that was restored: another may have its pid by now. */
static void forget_other(
	struct lineage *l, uint32_t pid, const struct lineage_seen *seen)
{
	struct when start = { (int64_t)seen->start, 0 };
	struct key key = key_of(l, pid);
	struct process *p = map_find(l->processes, &key);

	if (!p || !p->is_restored)
		return;
	p->is_restored = false;
	if (p->guid == guid_of(l, pid, start) ||
		seen->start_ms <= p->seen.time_ms + START_NEAR_MS)
		return;
	p = retire(l, &key, p);
	if (p)
		begin(l, p, pid, start);
}

void lineage_seed(
	struct lineage *l, uint32_t pid, const struct lineage_seen *seen)
{
	struct process *p;

	if (!pid || lineage_at(l, (struct bytes){ NULL, 0 }) < 0)
		return;
	/* Old ones have begun no round. */
	if (pid > l->host->highest)
		l->host->highest = pid;
	forget_other(l, pid, seen);
	p = must_have(l, pid, (struct when){ (int64_t)seen->start, 0 });
	if (!p || p->parent.guid)
		return;
	set_seen(l, p, seen);
	p->is_looked_up = true;
}

uint32_t lineage_count(const struct lineage *l)
{
	return map_count(l->processes);
}

uint64_t lineage_evicted(const struct lineage *l)
{
	return l->evicted;
}
