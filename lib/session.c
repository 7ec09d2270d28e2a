// SPDX-License-Identifier: GPL-3.0-or-later
#include "session.h"

#include <stdlib.h>

#include "record.h"
#include "session_state.h"
#include "text.h"

static struct map *table_new(
	const struct session_conf *cf, size_t key, size_t value, uint32_t max)
{
	struct map_conf map = { .key_len = key,
		.value_len = value,
		.max = max,
		.seed = { cf->seed[0], cf->seed[1] } };

	return map_new(&map);
}

struct session_table *session_table_new(const struct session_conf *cf)
{
	struct session_table *t = calloc(1, sizeof(*t));

	if (!t)
		return NULL;
	t->cf = *cf;
	t->sessions = table_new(cf, sizeof(struct session_key),
		sizeof(struct session), cf->sessions_max);
	t->attempts = table_new(cf, sizeof(struct attempt_key),
		sizeof(struct attempt), SESSION_ATTEMPTS_MAX);
	t->addresses = table_new(cf, sizeof(struct address_key),
		sizeof(struct address), cf->addresses_max);
	t->nodes = table_new(cf, sizeof(uint64_t), sizeof(struct session_node),
		SESSION_NODES_MAX);
	t->managers = table_new(cf, sizeof(struct manager_key),
		sizeof(uint32_t), SESSION_MANAGERS_MAX);
	if (t->sessions && t->attempts && t->addresses && t->nodes &&
		t->managers)
		return t;
	session_table_free(t);
	return NULL;
}

void session_table_free(struct session_table *t)
{
	const void *key;
	struct session *s;
	uint32_t i = 0;

	if (!t)
		return;
	while (t->sessions && (s = map_next(t->sessions, &i, &key)))
		session_fini(t, s);
	map_free(t->sessions);
	map_free(t->attempts);
	map_free(t->addresses);
	map_free(t->nodes);
	map_free(t->managers);
	free(t);
}

void session_touch(struct session_table *t, struct session *s)
{
	s->change = ++t->change;
}

void session_name(struct bytes *to, struct bytes name)
{
	char *copy;

	if (to->p || !name.len || name.len > SESSION_NAME_MAX)
		return;
	copy = malloc(name.len + 1);
	if (!copy)
		return;
	memcpy(copy, name.p, name.len);
	copy[name.len] = '\0';
	*to = (struct bytes){ copy, name.len };
}

static void make_room(struct session_table *t)
{
	struct session_key key;
	const void *found;
	struct session *s;
	uint32_t i = 0;

	if (map_count(t->sessions) < t->cf.sessions_max)
		return;
	s = map_next(t->sessions, &i, &found);
	memcpy(&key, found, sizeof(key));
	session_fini(t, s);
	map_drop(t->sessions, &key);
	t->dropped = ++t->change;
	t->evicted++;
}

void session_set_aside(struct session_at *at, struct session *s)
{
	struct session_table *t = at->t;
	struct session_key key = { at->node, s->ses, 0 };
	struct session old = *s, *to;

	map_drop(t->sessions, &key);
	t->dropped = ++t->change;
	key.gen = (uint32_t)old.number;
	to = map_note(t->sessions, &key);
	if (!to) {
		session_fini(t, &old);
		t->evicted++;
		return;
	}
	*to = old;
	session_touch(t, to);
}

/* Whether the event's own ids can be of that session. */
static bool is_same(const struct session_at *at, const struct session *s)
{
	const struct event *ev = at->ev;

	if (at->state && s->boot != at->state->boot)
		return false;
	return !ev->auid.has || ev->auid.id == EVENT_UNSET ||
	       ev->auid.id == s->auid;
}

struct session *session_find(struct session_at *at)
{
	struct session_key key = { at->node, at->ev->ses, 0 };
	struct session *s;

	if (!at->ev->has_ses || at->ev->ses == EVENT_UNSET)
		return NULL;
	s = map_touch(at->t->sessions, &key);
	if (!s || is_same(at, s))
		return s;
	session_set_aside(at, s);
	return NULL;
}

struct session *session_open(struct session_at *at)
{
	struct session_key key = { at->node, at->ev->ses, 0 };
	const struct event *ev = at->ev;
	struct session *s;

	if (!ev->has_ses || ev->ses == EVENT_UNSET || !ev->auid.has ||
		ev->auid.id == EVENT_UNSET)
		return NULL;
	make_room(at->t);
	s = map_note(at->t->sessions, &key);
	if (!s)
		return NULL;
	*s = (struct session){ .number = ++at->t->n_opened,
		.ses = ev->ses,
		.auid = ev->auid.id,
		.serial = ev->serial,
		.start_ms = ev->time_ms,
		.seen_ms = ev->time_ms,
		.boot = at->state ? at->state->boot : 0,
		.is_root = ev->auid.id == 0 };
	session_name(&s->node, ev->node);
	session_touch(at->t, s);
	return s;
}

void session_tell(struct session_at *at, struct session *s)
{
	struct event_session *to = &at->ev->session;

	to->number = s->number;
	to->ses = s->ses;
	session_touch(at->t, s);
	if (at->ev->time_ms > s->seen_ms)
		s->seen_ms = at->ev->time_ms;
	if (!s->service.p)
		return;
	to->kind = session_kind_name(s->kind);
	to->service = event_copy(at->ev, s->service);
	to->user = event_copy(at->ev, s->user);
	to->addr = event_copy(at->ev, s->addr);
	to->addr_class = address_class(s->addr);
	to->has_port = s->has_port;
	to->port = s->port;
	to->failed_before = s->failed_before;
}

/* Whether the program itself is set to another user: that is how sudo begins,
 * whoever may then do what. */
static bool is_setuid(const struct event *ev)
{
	struct bytes mode = { NULL, 0 };
	uint64_t bits;

	if (ev->n_paths)
		mode = record_field(ev->paths[0].record, BYTES("mode"));
	return text_u64(mode, 8, &bits) == 0 && bits & 04000;
}

static bool is_by_root(const struct event *ev)
{
	if (!ev->success)
		return false;
	if (ev->uid.has && ev->uid.id == 0)
		return true;
	return ev->euid.has && ev->euid.id == 0 && !is_setuid(ev);
}

static void run_exec(struct session_at *at)
{
	struct session *s = session_find(at);

	if (!s)
		s = session_open(at);
	if (!s)
		return;
	/* PAM's motd runs as root, in the name of who logs in. */
	at->ev->session.is_early = s->has_login && !s->is_open &&
				   at->ev->uid.has && at->ev->uid.id == 0 &&
				   s->auid != 0;
	if (!s->tty.p)
		session_name(&s->tty, at->ev->tty);
	session_tell(at, s);
}

static uint64_t node_hash(const struct session_table *t, const struct event *ev)
{
	return map_siphash(
		t->cf.seed, ev->node.p ? ev->node.p : "", ev->node.len);
}

void session_run(struct session_table *t, struct event *ev)
{
	struct session_at at = { .t = t, .ev = ev };
	bool is_kernels = ev->kind != EVENT_MESSAGE ||
			  ev->message.trust != EVENT_BY_AUDITD;

	at.node = map_siphash(
		t->cf.seed, ev->node.p ? ev->node.p : "", ev->node.len);
	at.state = map_touch(t->nodes, &at.node);
	if (!at.state)
		at.state = map_note(t->nodes, &at.node);
	if (ev->kind == EVENT_MESSAGE)
		session_message(&at);
	else
		run_exec(&at);
	if (ev->kind == EVENT_TYPED) {
		ev->session.evt = "session";
		ev->session.action = "typed";
	}
	if (at.state && is_kernels && ev->serial > at.state->serial)
		at.state->serial = ev->serial;
}

/* The session of an event that session_run has seen: it may have lost its
 * number since. */
static struct session *settled(struct session_table *t, const struct event *ev)
{
	struct session_key key = { 0, ev->session.ses, 0 };
	struct session *s;

	if (!ev->session.number)
		return NULL;
	key.node = node_hash(t, ev);
	s = map_find(t->sessions, &key);
	if (s && s->number == ev->session.number)
		return s;
	key.gen = (uint32_t)ev->session.number;
	return map_find(t->sessions, &key);
}

static void settle_exec(struct session *s, const struct event *ev)
{
	s->processes++;
	s->score += ev->score.total;
	s->payloads += ev->n_layers > 0;
	if (!ev->session.is_early)
		s->is_root |= is_by_root(ev);
}

static void settle_typed(struct session *s, const struct event *ev)
{
	s->score += ev->score.total;
	s->payloads += ev->n_layers > 0;
}

static void sum_up(const struct session *s, struct event_session *to)
{
	to->start_ms = s->start_ms;
	to->processes = s->processes;
	to->payloads = s->payloads;
	to->sudo = s->all_sudo;
	to->accounts = s->all_accounts;
	to->failed = s->failed;
	to->score = s->score;
	to->is_root = s->is_root;
}

void session_settle(struct session_table *t, struct event *ev)
{
	struct session *s = settled(t, ev);

	if (!s)
		return;
	if (ev->kind == EVENT_EXEC)
		settle_exec(s, ev);
	else if (ev->kind == EVENT_TYPED)
		settle_typed(s, ev);
	else if (ev->kind == EVENT_MESSAGE)
		session_settle_message(t, s, ev);
	if (ev->session.has_sums)
		sum_up(s, &ev->session);
}

const struct session *session_next(const struct session_table *t, uint32_t *i)
{
	const void *key;

	return map_next(t->sessions, i, &key);
}

uint64_t session_evicted(const struct session_table *t)
{
	return t->evicted + map_evicted(t->addresses) + t->left_out;
}
