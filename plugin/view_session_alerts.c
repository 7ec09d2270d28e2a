// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "detect.h"
#include "event.h"
#include "json.h"
#include "log.h"
#include "map.h"
#include "view_session.h"
#include "view_session_alerts.h"
#include "views.h"

/* Names of all sessions; more are left out. */
#define ALERTS_MAX 65536

struct key {
	uint64_t session, name;
};

struct one {
	uint64_t session;
	size_t number; /* of coming */
	unsigned char len;
	char name[DETECT_NAME_LEN];
};

struct view_session_alerts {
	uint64_t seed[2];
	struct map *known;
	struct one *list;
	size_t n, size;
	bool is_sorted;
};

struct view_session_alerts *view_session_alerts_new(void)
{
	struct view_session_alerts *a = calloc(1, sizeof(*a));
	struct map_conf cf = { .key_len = sizeof(struct key),
		.max = ALERTS_MAX };

	if (a && getrandom(a->seed, sizeof(a->seed), 0) > 0) {
		memcpy(cf.seed, a->seed, sizeof(cf.seed));
		a->known = map_new(&cf);
	}
	if (a && a->known)
		return a;
	free(a);
	log_warn("out of memory");
	return NULL;
}

void view_session_alerts_free(struct view_session_alerts *a)
{
	if (!a)
		return;
	map_free(a->known);
	free(a->list);
	free(a);
}

static void add(
	struct view_session_alerts *a, uint64_t session, struct bytes name)
{
	struct key key = { session,
		map_siphash(a->seed, name.p ? name.p : "", name.len) };
	struct one *more;

	if (!session || a->n == ALERTS_MAX || name.len > DETECT_NAME_LEN ||
		map_find(a->known, &key) || !map_note(a->known, &key))
		return;
	if (a->n == a->size) {
		a->size = a->size ? 2 * a->size : 64;
		more = realloc(a->list, a->size * sizeof(*more));
		if (!more) {
			a->size = a->n;
			return;
		}
		a->list = more;
	}
	a->list[a->n] = (struct one){ .session = session,
		.number = a->n,
		.len = (unsigned char)name.len };
	memcpy(a->list[a->n++].name, name.p, name.len);
	a->is_sorted = false;
}

void view_session_alert(struct view_session_alerts *a, const struct event *ev)
{
	add(a, ev->session.number, ev->told->name);
}

void view_session_alerts_kept(
	struct view_session_alerts *a, struct view_run *run)
{
	struct detect_alert_told told;

	for (size_t i = 0; detect_told_at(run->detect, i, &told); i++)
		add(a, told.session, told.name);
}

static int by_session(const void *va, const void *vb)
{
	const struct one *a = va, *b = vb;

	if (a->session != b->session)
		return a->session < b->session ? -1 : 1;
	return a->number < b->number ? -1 : a->number > b->number;
}

void view_session_alerts_json(
	struct view_session_alerts *a, uint64_t session, struct str *out)
{
	size_t low = 0, high = a->n;

	if (a->n && !a->is_sorted)
		qsort(a->list, a->n, sizeof(a->list[0]), by_session);
	a->is_sorted = true;
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (a->list[middle].session < session)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < a->n && a->list[low].session == session; low++)
		json_bytes(out,
			(struct bytes){ a->list[low].name, a->list[low].len });
}
