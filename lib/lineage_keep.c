// SPDX-License-Identifier: GPL-3.0-or-later
/* The processes as rows, for who keeps them over a restart and who shows
 * them. */
#include "lineage_state.h"

#include "event.h"

static void describe(const struct lineage *l, const struct process *p,
	const struct key *key, struct lineage_process *to)
{
	const struct host *host = map_find(l->hosts, &key->node);

	*to = (struct lineage_process){ .guid = p->guid,
		.exe = lineage_get_text(p, LINEAGE_EXE),
		.cmd = lineage_get_text(p, LINEAGE_CMD),
		.container = lineage_get_text(p, LINEAGE_CONTAINER),
		.starts = lineage_get_text(p, LINEAGE_STARTS),
		.parent = p->parent.guid,
		.pid = key->pid,
		.ppid = p->parent.pid,
		.number = map_number(l->processes, p),
		.execs = p->execs,
		.depth = p->depth,
		.round = p->round,
		.time_ms = p->seen.time_ms,
		.serial = p->seen.serial,
		.exit_ms = p->exit_ms,
		.exit_serial = p->exit_serial,
		.ses = p->ses,
		.auid = p->auid,
		.uid = p->uid,
		.change = p->change,
		.is_past = key->past != 0,
		.is_comm = p->is_comm,
		.is_cut = p->is_cut,
		.is_looked_up = p->is_looked_up };
	if (host)
		to->node = (struct bytes){ host->name, host->name_len };
}

/* Nobody knows any more whose the others are. */
static bool has_host(
	const struct lineage *l, const struct process *p, const struct key *key)
{
	const struct host *host = map_find(l->hosts, &key->node);

	return p->guid && host && !host->is_nameless && p->boot == host->boot;
}

bool lineage_next(
	struct lineage *l, uint32_t *i, struct lineage_process *process)
{
	uint32_t last = map_last(l->processes);

	while (*i < last) {
		const void *key;
		struct process *p = map_at(l->processes, ++*i, &key), *above;

		if (!p || !has_host(l, p, key))
			continue;
		describe(l, p, key, process);
		if (lineage_at(l, process->node) < 0)
			return false;
		above = lineage_get(l, &p->parent);
		if (above)
			process->parent_number =
				map_number(l->processes, above);
		return true;
	}
	return false;
}

uint64_t lineage_change(const struct lineage *l)
{
	return l->change;
}

bool lineage_changed(struct lineage *l, uint64_t after, uint32_t *at,
	uint32_t *row, struct lineage_process *process, bool *is_gone)
{
	uint32_t last = map_last(l->processes);

	while (*at < last) {
		const void *key;
		const struct process *p;

		*row = ++*at;
		p = map_at(l->processes, *row, &key);
		if ((p ? p->change : l->dropped) <= after)
			continue;
		*is_gone = !p || !has_host(l, p, key);
		if (!*is_gone)
			describe(l, p, key, process);
		return true;
	}
	return false;
}

/* False: it is longer than it can be. */
static bool put(struct process *p, enum lineage_text which, struct bytes text)
{
	lineage_set_text(p, which, text);
	return p->len[which] == text.len;
}

static bool read_texts(struct process *p, const struct lineage_process *from)
{
	return put(p, LINEAGE_EXE, from->exe) &&
	       put(p, LINEAGE_CMD, from->cmd) &&
	       put(p, LINEAGE_CONTAINER, from->container) &&
	       put(p, LINEAGE_STARTS, from->starts);
}

/* The newest round has begun where its highest pid is. */
static void note_round(struct host *host, const struct lineage_process *p)
{
	if (p->round > host->round || !host->highest) {
		host->round = p->round;
		host->highest = p->pid;
	} else if (p->round == host->round && p->pid > host->highest) {
		host->highest = p->pid;
	}
}

int lineage_restore(struct lineage *l, const struct lineage_process *from)
{
	struct process made = { .guid = from->guid,
		.parent = { .guid = from->parent, .pid = from->ppid },
		.round = from->round,
		.execs = from->execs,
		.depth = from->depth,
		.exit_serial = from->exit_serial,
		.exit_ms = from->exit_ms,
		.seen = { from->time_ms, from->serial },
		.ses = from->ses,
		.auid = from->auid,
		.uid = from->uid,
		.is_restored = !from->is_past,
		.is_looked_up = from->is_looked_up,
		.is_comm = from->is_comm,
		.is_cut = from->is_cut };
	struct key key = { .pid = from->pid };
	struct process *p;

	if (!from->guid || !from->pid || from->parent == from->guid ||
		from->node.len > LINEAGE_NODE_MAX || from->time_ms < 0 ||
		from->exit_ms < 0 || lineage_at(l, from->node) < 0)
		return -1;
	key.node = l->node_hash;
	if (from->is_past)
		key.past = lineage_past(from->guid);
	p = map_find(l->processes, &key) || !read_texts(&made, from)
		    ? NULL
		    : lineage_must(l, &key);
	if (!p) {
		lineage_drop_texts(&made);
		return -1;
	}
	made.boot = l->host->boot;
	*p = made;
	lineage_touch(l, p);
	note_round(l->host, from);
	return 0;
}

void lineage_seeded(struct lineage *l, int64_t now_ms)
{
	uint32_t last = map_last(l->processes);

	for (uint32_t i = 1; i <= last; i++) {
		const void *at;
		struct process *p = map_at(l->processes, i, &at);
		const struct key *key = at;

		if (!p || !p->is_restored || key->node || p->exit_ms)
			continue;
		p->is_restored = false;
		p->exit_ms = now_ms;
		p->exit_serial = 0;
		lineage_touch(l, p);
	}
}
