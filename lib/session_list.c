// SPDX-License-Identifier: GPL-3.0-or-later
/* What a session keeps beside its numbers. */
#include <stdlib.h>

#include "record.h"
#include "session_state.h"

/* How far back the records of one useradd are looked for. */
#define SAME_CHANGE 8

const char *session_kind_name(enum session_kind kind)
{
	static const char *const names[] = { [SESSION_OTHER] = "other",
		[SESSION_LOGIN] = "login",
		[SESSION_CRON] = "cron",
		[SESSION_AT] = "at",
		[SESSION_SERVICE] = "service" };

	return names[kind];
}

const char *session_account_name(unsigned int type)
{
	switch (type) {
	case RECORD_ADD_USER:
		return "add_user";
	case RECORD_DEL_USER:
		return "del_user";
	case RECORD_ADD_GROUP:
		return "add_group";
	case RECORD_DEL_GROUP:
		return "del_group";
	case RECORD_USER_MGMT:
		return "change_user";
	case RECORD_GRP_MGMT:
		return "change_group";
	default:
		return "change_login"; /* USER_CHAUTHTOK */
	}
}

static void forget(struct session_table *t, struct bytes *b)
{
	t->bytes -= b->len;
	free((void *)(uintptr_t)b->p);
	*b = (struct bytes){ NULL, 0 };
}

void session_fini(struct session_table *t, struct session *s)
{
	struct bytes *const names[] = { &s->node, &s->user, &s->service,
		&s->addr, &s->tty };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		free((void *)(uintptr_t)names[i]->p);
	for (uint32_t i = 0; i < s->n_sudo; i++)
		forget(t, &s->sudo[i].text);
	for (uint32_t i = 0; i < s->n_accounts; i++)
		forget(t, &s->accounts[i].name);
	t->bytes -= s->n_sudo * sizeof(s->sudo[0]) +
		    s->n_accounts * sizeof(s->accounts[0]);
	free(s->sudo);
	free(s->accounts);
}

/* Room for one more in a list of n; NULL: there is none, and it is counted. */
static void *grow(struct session_table *t, void *list, uint32_t n, size_t size)
{
	void *more;

	if (n >= SESSION_LIST_MAX || t->bytes > SESSION_BYTES_MAX) {
		t->left_out++;
		return NULL;
	}
	/* Powers of two. */
	if (n & (n - 1))
		more = list;
	else
		more = realloc(list, (n ? 2 * (size_t)n : 1) * size);
	if (more)
		t->bytes += size;
	else
		t->left_out++;
	return more;
}

static struct bytes keep(struct session_table *t, struct bytes b, size_t max)
{
	char *copy;

	if (!b.p)
		return b;
	if (b.len > max)
		b.len = max;
	copy = malloc(b.len + 1);
	if (!copy)
		return (struct bytes){ NULL, 0 };
	memcpy(copy, b.p, b.len);
	copy[b.len] = '\0';
	t->bytes += b.len;
	return (struct bytes){ copy, b.len };
}

int session_keep_command(struct session_table *t, struct session *s,
	const struct session_command *c)
{
	struct session_command *list =
		grow(t, s->sudo, s->n_sudo, sizeof(*list));

	if (!list)
		return -1;
	s->sudo = list;
	list[s->n_sudo] = *c;
	list[s->n_sudo++].text = keep(t, c->text, SESSION_COMMAND_MAX);
	return 0;
}

int session_keep_account(struct session_table *t, struct session *s,
	const struct session_account *a)
{
	struct session_account *list =
		grow(t, s->accounts, s->n_accounts, sizeof(*list));

	if (!list)
		return -1;
	s->accounts = list;
	list[s->n_accounts] = *a;
	list[s->n_accounts++].name = keep(t, a->name, SESSION_NAME_MAX);
	return 0;
}

static void add_command(
	struct session_table *t, struct session *s, const struct event *ev)
{
	struct session_command c = { .time_ms = ev->time_ms,
		.is_success = ev->message.is_success,
		.text = ev->message.command };

	s->all_sudo++;
	(void)!session_keep_command(t, s, &c);
}

static struct bytes name_of(const struct event_message *m)
{
	if (m->acct.p)
		return m->acct;
	return m->group.p ? m->group : m->id_name;
}

static void add_account(
	struct session_table *t, struct session *s, const struct event *ev)
{
	const struct event_message *m = &ev->message;
	struct bytes name = name_of(m);
	struct session_account *a = NULL;

	/* useradd has four records, of which not all have the name. */
	for (uint32_t i = s->n_accounts, n = 0; i && n < SAME_CHANGE; n++) {
		struct session_account *before = &s->accounts[--i];

		if (before->pid != ev->pid)
			continue;
		if (!name.p)
			name = before->name;
		if (before->type == m->type && !a &&
			(!before->name.p || bytes_equal(before->name, name)))
			a = before;
	}
	if (a) {
		if (!a->name.p)
			a->name = keep(t, name, SESSION_NAME_MAX);
		a->is_success &= m->is_success;
		a->has_id |= m->has_id;
		a->id = m->has_id ? m->id : a->id;
		return;
	}
	s->all_accounts++;
	(void)!session_keep_account(t, s,
		&(struct session_account){ .time_ms = ev->time_ms,
			.is_success = m->is_success,
			.has_id = m->has_id,
			.id = m->id,
			.pid = ev->pid,
			.type = m->type,
			.name = name });
}

void session_settle_message(
	struct session_table *t, struct session *s, const struct event *ev)
{
	const struct event_message *m = &ev->message;

	if (m->type == RECORD_USER_CMD)
		add_command(t, s, ev);
	else if (session_is_account(m->type))
		add_account(t, s, ev);
	else if (m->type == RECORD_USER_AUTH && !m->is_success &&
		 session_service_of(ev->exe).is_elevator)
		s->failed++;
	session_touch(t, s);
}
