// SPDX-License-Identifier: GPL-3.0-or-later
/* The sessions as rows, for who keeps them over a restart. */
#include <stdlib.h>
#include <string.h>

#include "session_state.h"

uint64_t session_change(const struct session_table *t)
{
	return t->change;
}

bool session_changed(const struct session_table *t, uint64_t after,
	uint32_t *at, uint32_t *row, const struct session **s)
{
	uint32_t last = map_last(t->sessions);
	const void *key;

	while (*at < last) {
		*row = ++*at;
		*s = map_at(t->sessions, *row, &key);
		if (*s ? (*s)->change > after : t->dropped > after)
			return true;
	}
	return false;
}

/* A list with room for what is added one by one. */
static int copy_lists(
	struct session_table *t, struct session *to, const struct session *from)
{
	for (uint32_t i = 0; i < from->n_sudo; i++)
		if (session_keep_command(t, to, &from->sudo[i]) < 0)
			return -1;
	for (uint32_t i = 0; i < from->n_accounts; i++)
		if (session_keep_account(t, to, &from->accounts[i]) < 0)
			return -1;
	return 0;
}

static void copy_names(struct session *to, const struct session *from)
{
	session_name(&to->node, from->node);
	session_name(&to->user, from->user);
	session_name(&to->service, from->service);
	session_name(&to->addr, from->addr);
	session_name(&to->tty, from->tty);
}

static void without_runs(struct session *s)
{
	s->node = s->user = s->service = s->addr = s->tty =
		(struct bytes){ NULL, 0 };
	s->sudo = NULL;
	s->accounts = NULL;
	s->n_sudo = s->n_accounts = 0;
	s->boot = 0;
}

int session_restore(struct session_table *t, const struct session *s)
{
	struct session_at at = { .t = t };
	struct session_key key = { 0, s->ses, 0 };
	struct session *to;

	/* They come in the order of their numbers. */
	if (s->number <= t->n_opened || s->number > UINT32_MAX ||
		s->kind > SESSION_SERVICE ||
		map_count(t->sessions) >= t->cf.sessions_max)
		return -1;
	key.node = at.node = map_siphash(
		t->cf.seed, s->node.p ? s->node.p : "", s->node.len);
	to = map_find(t->sessions, &key);
	if (to)
		session_set_aside(&at, to);
	to = map_note(t->sessions, &key);
	if (!to)
		return -1;
	*to = *s;
	without_runs(to);
	copy_names(to, s);
	t->n_opened = s->number;
	if (!to->is_closed)
		session_note_manager(&at, to);
	session_touch(t, to);
	return copy_lists(t, to, s);
}

uint64_t session_failures_change(const struct session_table *t)
{
	return t->address_change;
}

bool session_failures_changed(const struct session_table *t, uint64_t after,
	uint32_t *at, uint32_t *row, struct session_failures *f)
{
	uint32_t last = map_last(t->addresses);

	while (*at < last) {
		const struct address *a;
		struct address_key key;
		const void *found;

		*row = ++*at;
		a = map_at(t->addresses, *row, &found);
		if (!a || a->change <= after)
			continue;
		memcpy(&key, found, sizeof(key));
		*f = (struct session_failures){ .node = key.node,
			.addr = key.addr,
			.change = a->change,
			.slice_ms = session_slice_ms(t),
			.window = a->window };
		return true;
	}
	return false;
}

int session_restore_failures(
	struct session_table *t, const struct session_failures *f)
{
	struct address_key key = { f->node, f->addr };
	struct address *a;

	/* Of another length, they would count for other times. */
	if (f->slice_ms != session_slice_ms(t) || map_find(t->addresses, &key))
		return -1;
	a = map_note(t->addresses, &key);
	if (!a)
		return -1;
	*a = (struct address){ f->window, ++t->address_change };
	return 0;
}
