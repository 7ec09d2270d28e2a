// SPDX-License-Identifier: GPL-3.0-or-later
#include "tree.h"

#include <stdlib.h>
#include <sys/random.h>

#include "cmdline.h"
#include "event.h"
#include "lineage.h"
#include "map.h"

#define FIRST 256

struct tree {
	struct map *guids; /* to an index */
	struct tree_process *all;
	uint32_t n, size;
	uint32_t root; /* the first */
	struct str scratch;
};

struct tree *tree_new(void)
{
	struct map_conf cf = { .key_len = sizeof(uint64_t),
		.value_len = sizeof(uint32_t),
		.max = TREE_PROCESSES_MAX };
	struct tree *t = calloc(1, sizeof(*t));

	if (!t)
		return NULL;
	str_init(&t->scratch, EVENT_BYTES_MAX);
	t->root = TREE_NONE;
	if (getrandom(cf.seed, sizeof(cf.seed), 0) == sizeof(cf.seed))
		t->guids = map_new(&cf);
	if (t->guids)
		return t;
	tree_free(t);
	return NULL;
}

static void drop(struct bytes b)
{
	free((char *)(uintptr_t)b.p);
}

static void process_fini(struct tree_process *p)
{
	struct tree_exec *e, *next;

	for (e = p->execs; e; e = next) {
		next = e->next;
		drop(e->exe);
		drop(e->cmd);
		free(e);
	}
	drop(p->node);
	drop(p->user);
	drop(p->tty);
	drop(p->exe);
	drop(p->container);
}

void tree_free(struct tree *t)
{
	if (!t)
		return;
	for (uint32_t i = 0; i < t->n; i++)
		process_fini(&t->all[i]);
	free(t->all);
	map_free(t->guids);
	str_fini(&t->scratch);
	free(t);
}

static struct bytes copy(struct bytes b)
{
	char *p;

	if (!b.p)
		return b;
	p = malloc(b.len + 1);
	if (!p)
		return (struct bytes){ NULL, 0 };
	if (b.len)
		memcpy(p, b.p, b.len);
	p[b.len] = '\0';
	return (struct bytes){ p, b.len };
}

/* Its index, a new one's where the guid is; TREE_NONE: no memory or room. */
static uint32_t must_have(struct tree *t, uint64_t guid, uint32_t pid)
{
	uint32_t *at = map_find(t->guids, &guid);

	if (at)
		return *at;
	if (t->n == TREE_PROCESSES_MAX)
		return TREE_NONE;
	if (t->n == t->size) {
		uint32_t size = t->size ? t->size * 2 : FIRST;
		void *all = realloc(t->all, size * sizeof(*t->all));

		if (!all)
			return TREE_NONE;
		t->all = all;
		t->size = size;
	}
	at = map_note(t->guids, &guid);
	if (!at)
		return TREE_NONE;
	*at = t->n;
	t->all[t->n] = (struct tree_process){ .guid = guid,
		.pid = pid,
		.ses = EVENT_UNSET,
		.auid = EVENT_UNSET,
		.uid = EVENT_UNSET,
		.parent = TREE_NONE,
		.child = TREE_NONE,
		.last_child = TREE_NONE,
		.sibling = TREE_NONE };
	return t->n++;
}

static int add_above(struct tree *t, const struct event *ev, uint32_t below)
{
	for (size_t i = 0; i < ev->lineage.n_ancestors; i++) {
		const struct event_ancestor *a = &ev->lineage.ancestors[i];
		uint32_t above = must_have(t, a->guid, a->pid);

		if (above == TREE_NONE)
			return -1;
		if (!t->all[above].exe.p)
			t->all[above].exe = copy(a->exe.p ? a->exe : a->comm);
		if (!t->all[above].node.p)
			t->all[above].node = copy(ev->node);
		if (t->all[below].parent == TREE_NONE && above != below)
			t->all[below].parent = above;
		below = above;
	}
	return 0;
}

static int add_exec(
	struct tree *t, struct tree_process *p, const struct event *ev)
{
	struct tree_exec *e = calloc(1, sizeof(*e));
	struct bytes cmd;

	if (!e)
		return -1;
	str_reset(&t->scratch);
	if (ev->has_execve)
		cmdline_shell(&t->scratch, ev);
	else if (ev->n_paths && ev->paths[0].name.p)
		cmdline_shell_arg(&t->scratch, ev->paths[0].name);
	cmd = str_bytes(&t->scratch);
	if (cmd.len > TREE_CMD_MAX) {
		cmd.len = TREE_CMD_MAX;
		while (cmd.len &&
			((unsigned char)cmd.p[cmd.len] & 0xc0) == 0x80)
			cmd.len--;
	}
	e->time_ms = ev->time_ms;
	e->serial = ev->serial;
	e->is_failed = ev->has_success && !ev->success;
	e->score = ev->score.total;
	e->exe = copy(ev->exe);
	e->cmd = copy(cmd);
	*(p->last ? &p->last->next : &p->execs) = e;
	p->last = e;
	p->n_execs++;
	return 0;
}

static void set_ids(struct tree_process *p, const struct event *ev)
{
	p->ppid = ev->ppid;
	p->has_ses = ev->has_ses && ev->ses != EVENT_UNSET;
	p->ses = ev->ses;
	p->auid = ev->auid.has ? ev->auid.id : EVENT_UNSET;
	p->uid = ev->uid.has ? ev->uid.id : EVENT_UNSET;
	p->node = copy(ev->node);
	p->user = copy(ev->auid.name);
	p->tty = copy(ev->tty);
	p->container = copy(ev->lineage.container);
}

/* What is of a payload was started by one that is: whose own event came before
 * anybody knew. */
static void mark_parent(struct tree *t, uint32_t i, const struct event *ev)
{
	struct tree_process *above;

	if (ev->payload.role != EVENT_PAYLOAD_FOLLOWS ||
		t->all[i].parent == TREE_NONE)
		return;
	above = &t->all[t->all[i].parent];
	if (above->payload)
		return;
	above->payload = ev->payload.id;
	above->is_executed = true;
}

int tree_add(struct tree *t, const struct event *ev)
{
	struct tree_process *p;
	uint32_t i;

	if (!ev->lineage.has)
		return 0;
	i = must_have(t, ev->lineage.guid, ev->pid);
	if (i == TREE_NONE || add_above(t, ev, i) < 0)
		return -1;
	p = &t->all[i];
	if (!p->execs) {
		drop(p->node);
		set_ids(p, ev);
	}
	if (ev->payload.id &&
		(!p->payload || ev->payload.is_executed > p->is_executed)) {
		p->payload = ev->payload.id;
		p->is_executed = ev->payload.is_executed;
	}
	mark_parent(t, i, ev);
	return add_exec(t, p, ev);
}

static int put_exec(
	struct tree *t, struct tree_process *p, const struct lineage_process *l)
{
	struct tree_exec *e = calloc(1, sizeof(*e));

	if (!e)
		return -1;
	str_reset(&t->scratch);
	str_addb(&t->scratch, l->cmd);
	if (l->is_cut)
		str_addz(&t->scratch, "...");
	*e = (struct tree_exec){ .time_ms = l->time_ms,
		.serial = l->serial,
		.is_last = true,
		.exe = copy(l->exe),
		.cmd = copy(str_bytes(&t->scratch)) };
	*(p->last ? &p->last->next : &p->execs) = e;
	p->last = e;
	p->n_execs++;
	return 0;
}

int tree_put(struct tree *t, const struct lineage_process *from,
	struct bytes user, uint64_t payload, bool is_executed)
{
	uint32_t i = must_have(t, from->guid, from->pid), above = TREE_NONE;
	struct tree_process *p;

	if (from->parent)
		above = must_have(t, from->parent, from->ppid);
	if (i == TREE_NONE || (from->parent && above == TREE_NONE))
		return -1;
	p = &t->all[i];
	if (above != i && p->parent == TREE_NONE)
		p->parent = above;
	p->ppid = from->ppid;
	p->has_ses = from->ses != EVENT_UNSET;
	p->ses = from->ses;
	p->auid = from->auid;
	p->uid = from->uid;
	p->payload = payload;
	p->is_executed = is_executed;
	drop(p->node);
	p->node = copy(from->node);
	p->user = copy(user);
	p->container = copy(from->container.len ? from->container
						: (struct bytes){ NULL, 0 });
	if (from->execs)
		return put_exec(t, p, from);
	p->exe = copy(from->exe);
	return 0;
}

static void append(struct tree *t, uint32_t i)
{
	struct tree_process *p = &t->all[i], *above;

	if (p->parent == TREE_NONE)
		return;
	above = &t->all[p->parent];
	if (above->last_child == TREE_NONE)
		above->child = i;
	else
		t->all[above->last_child].sibling = i;
	above->last_child = i;
	above->n_children++;
}

/* Records that cannot be true may make a process its own ancestor: the first
 * of such a ring that is met is its root. Colour is when it was met. */
static void cut_rings(struct tree *t)
{
	uint32_t *colour = calloc(t->n ? t->n : 1, sizeof(*colour));

	for (uint32_t i = 0; colour && i < t->n; i++) {
		uint32_t at = i;

		while (at != TREE_NONE && !colour[at]) {
			colour[at] = i + 1;
			if (t->all[at].parent != TREE_NONE &&
				colour[t->all[at].parent] == i + 1)
				t->all[at].parent = TREE_NONE;
			at = t->all[at].parent;
		}
	}
	free(colour);
}

void tree_link(struct tree *t)
{
	uint32_t last = TREE_NONE;

	cut_rings(t);
	for (uint32_t i = 0; i < t->n; i++) {
		append(t, i);
		if (t->all[i].parent != TREE_NONE)
			continue;
		/* Roots are each other's siblings. */
		if (last == TREE_NONE)
			t->root = i;
		else
			t->all[last].sibling = i;
		last = i;
	}
	for (uint32_t i = t->root; i != TREE_NONE; i = tree_next(t, i))
		t->all[i].depth = t->all[i].parent == TREE_NONE
					  ? 0
					  : t->all[t->all[i].parent].depth + 1;
}

size_t tree_count(const struct tree *t)
{
	return t->n;
}

const struct tree_process *tree_at(const struct tree *t, uint32_t i)
{
	return &t->all[i];
}

uint32_t tree_root(const struct tree *t)
{
	return t->root;
}

uint32_t tree_behind(const struct tree *t, uint32_t i)
{
	while (i != TREE_NONE && t->all[i].sibling == TREE_NONE)
		i = t->all[i].parent;
	return i == TREE_NONE ? TREE_NONE : t->all[i].sibling;
}

uint32_t tree_next(const struct tree *t, uint32_t i)
{
	return t->all[i].child != TREE_NONE ? t->all[i].child
					    : tree_behind(t, i);
}
