// SPDX-License-Identifier: GPL-3.0-or-later
#include "view_process.h"

#include <stdlib.h>

#include "lineage.h"
#include "session.h"
#include "text.h"
#include "views.h"

struct view_processes {
	const struct view_run *run;
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

static int list_sessions(struct view_processes *to)
{
	const struct view_run *run = to->run;
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

struct view_processes *view_processes_new(const struct view_run *run)
{
	struct view_processes *vp = calloc(1, sizeof(*vp));

	if (!vp)
		return NULL;
	vp->run = run;
	if (list_sessions(vp) == 0)
		return vp;
	view_processes_free(vp);
	return NULL;
}

void view_processes_free(struct view_processes *vp)
{
	if (!vp)
		return;
	free(vp->sessions);
	free(vp);
}

struct bytes view_process_user(
	const struct view_processes *vp, const struct lineage_process *p)
{
	struct bytes user = { NULL, 0 };
	size_t low = 0, high = vp->n_sessions;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (vp->sessions[middle]->ses < p->ses)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < vp->n_sessions && vp->sessions[low]->ses == p->ses; low++)
		if (vp->sessions[low]->auid == p->auid &&
			bytes_equal(vp->sessions[low]->node, p->node))
			user = vp->sessions[low]->user;
	return user;
}

static bool is_user(const struct view_processes *vp,
	const struct lineage_process *p, const char *wanted)
{
	uint64_t id;

	if (text_u64(bytes_of(wanted), 10, &id) == 0)
		return p->auid == id || p->uid == id;
	return bytes_equal(view_process_user(vp, p), bytes_of(wanted));
}

bool view_process_is_wanted(
	const struct view_processes *vp, const struct lineage_process *p)
{
	const struct select *q = &vp->run->options->select;

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
	return !q->user || is_user(vp, p, q->user);
}
