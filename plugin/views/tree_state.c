// SPDX-License-Identifier: GPL-3.0-or-later
#include "tree_state.h"

#include <stdlib.h>

#include "lineage.h"
#include "payload.h"
#include "tree.h"
#include "view_process.h"
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
	struct view_processes *asked;
};

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
			.is_in = view_process_is_wanted(it->asked, &p) };
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
		if (tree_put(t, &p, view_process_user(it->asked, &p), payload,
			    is_executed) < 0)
			return -1;
	}
	return 0;
}

int tree_state_add(struct view_run *run, struct tree *t)
{
	struct items it = { 0 };
	int rc = -1;

	it.asked = view_processes_new(run);
	if (it.asked && read_items(run, &it) == 0) {
		mark_above(&it);
		if (it.size)
			qsort(it.all, it.size, sizeof(*it.all), by_time);
		rc = put_all(run, &it, t);
	}
	view_processes_free(it.asked);
	free(it.all);
	return rc;
}
