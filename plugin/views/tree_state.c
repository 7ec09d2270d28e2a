// SPDX-License-Identifier: GPL-3.0-or-later
#include "tree_state.h"

#include <stdlib.h>

#include "event.h"
#include "lineage.h"
#include "payload.h"
#include "session.h"
#include "text.h"
#include "tree.h"
#include "views.h"

struct item {
	uint32_t number, above;
	int64_t time_ms;
	uint32_t serial;
	bool is_in;
};

struct items {
	struct item *all; /* by number */
	size_t size;
	const struct session **sessions; /* by ses */
	size_t n_sessions;
};

/* The newest last. */
static int by_ses(const void *a, const void *b)
{
	const struct session *x = *(const struct session *const *)a;
	const struct session *y = *(const struct session *const *)b;

	if (x->ses != y->ses)
		return x->ses < y->ses ? -1 : 1;
	return x->number < y->number ? -1 : x->number > y->number;
}

static int list_sessions(struct view_run *run, struct items *to)
{
	const struct session *s;
	uint32_t i = 0;

	while (session_next(run->sessions, &i))
		to->n_sessions++;
	to->sessions = calloc(to->n_sessions + 1, sizeof(*to->sessions));
	if (!to->sessions)
		return -1;
	to->n_sessions = i = 0;
	while ((s = session_next(run->sessions, &i)))
		to->sessions[to->n_sessions++] = s;
	qsort(to->sessions, to->n_sessions, sizeof(*to->sessions), by_ses);
	return 0;
}

/* Who logged in; absent if nobody said. */
static struct bytes user_of(
	const struct items *it, const struct lineage_process *p)
{
	struct bytes user = { NULL, 0 };
	size_t low = 0, high = it->n_sessions;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (it->sessions[middle]->ses < p->ses)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < it->n_sessions && it->sessions[low]->ses == p->ses; low++)
		if (it->sessions[low]->auid == p->auid &&
			bytes_equal(it->sessions[low]->node, p->node))
			user = it->sessions[low]->user;
	return user;
}

static bool is_user(const struct items *it, const struct lineage_process *p,
	const char *wanted)
{
	uint64_t id;

	if (text_u64(bytes_of(wanted), 10, &id) == 0)
		return p->auid == id || p->uid == id;
	return bytes_equal(user_of(it, p), bytes_of(wanted));
}

static bool is_wanted(const struct view_run *run, const struct items *it,
	const struct lineage_process *p)
{
	const struct select *q = &run->options->select;

	if (!p->execs)
		return false;
	if (q->has_since && p->time_ms < q->since_ms)
		return false;
	if (q->has_until && p->time_ms > q->until_ms)
		return false;
	if (q->node && !bytes_equal(p->node, bytes_of(q->node)))
		return false;
	if (q->has_session && p->ses != q->session)
		return false;
	return !q->user || is_user(it, p, q->user);
}

static int read_items(struct view_run *run, struct items *it)
{
	struct lineage_process p;
	uint32_t i = 0;

	while (lineage_next(run->lineage, &i, &p)) {
		if (i >= it->size) {
			size_t size = (size_t)i * 2;
			struct item *all =
				realloc(it->all, size * sizeof(*all));

			if (!all)
				return -1;
			memset(all + it->size, 0,
				(size - it->size) * sizeof(*all));
			it->all = all;
			it->size = size;
		}
		it->all[i] = (struct item){ .number = i,
			.above = p.parent_number,
			.time_ms = p.time_ms,
			.serial = p.serial,
			.is_in = is_wanted(run, it, &p) };
	}
	return 0;
}

/* What is above those that are wanted; each is met once. */
static void mark_above(struct items *it)
{
	for (size_t i = 0; i < it->size; i++) {
		uint32_t at = it->all[i].is_in ? it->all[i].above : 0;

		while (at && at < it->size && !it->all[at].is_in) {
			it->all[at].is_in = true;
			at = it->all[at].above;
		}
	}
}

static int by_time(const void *a, const void *b)
{
	const struct item *x = a, *y = b;

	if (x->is_in != y->is_in)
		return x->is_in ? -1 : 1;
	if (x->time_ms != y->time_ms)
		return x->time_ms < y->time_ms ? -1 : 1;
	if (x->serial != y->serial)
		return x->serial < y->serial ? -1 : 1;
	return x->number < y->number ? -1 : x->number > y->number;
}

static int put_all(struct view_run *run, const struct items *it, struct tree *t)
{
	for (size_t i = 0; i < it->size && it->all[i].is_in; i++) {
		uint32_t before = it->all[i].number - 1;
		struct lineage_process p;
		bool is_executed;
		uint64_t payload;

		if (!lineage_next(run->lineage, &before, &p))
			return -1;
		payload = payload_of(run->payloads, p.guid, &is_executed);
		if (tree_put(t, &p, user_of(it, &p), payload, is_executed) < 0)
			return -1;
	}
	return 0;
}

int tree_state_add(struct view_run *run, struct tree *t)
{
	struct items it = { 0 };
	int rc = -1;

	if (list_sessions(run, &it) == 0 && read_items(run, &it) == 0) {
		mark_above(&it);
		if (it.size)
			qsort(it.all, it.size, sizeof(*it.all), by_time);
		rc = put_all(run, &it, t);
	}
	free(it.sessions);
	free(it.all);
	return rc;
}
