// SPDX-License-Identifier: GPL-3.0-or-later
/* The keys of sessions, and those of a message. */
#include "event.h"
#include "line_walk.h"

static void integer(struct line_walk *k, const char *key, uint64_t value)
{
	k->w->integer(k->out, key, (long long)value);
}

void line_session(struct line_walk *k, const struct event *ev)
{
	const struct event_session *s = &ev->session;

	line_write_text(k, "session", bytes_of(s->kind));
	line_write_text(k, "service", s->service);
	line_write_text(k, "login", s->user);
	line_write_text(k, "addr", s->addr);
	line_write_text(k, "addr_class", bytes_of(s->addr_class));
	if (s->has_port)
		integer(k, "port", s->port);
	if (s->failed_before)
		integer(k, "failed_before", s->failed_before);
	line_write_flag(k, "early", s->is_early);
}

void line_place(struct line_walk *k, const struct event *ev)
{
	line_write_text(k, "country", ev->place.country);
	if (ev->place.has_asn)
		integer(k, "asn", ev->place.asn);
	line_write_text(k, "as_org", ev->place.as_org);
}

static void sums(struct line_walk *k, const struct event *ev)
{
	const struct event_session *s = &ev->session;
	char start[FORMAT_TIME_MAX];

	if (!s->has_sums)
		return;
	format_time(start, s->start_ms);
	line_write_text(k, "start", bytes_of(start));
	integer(k, "processes", s->processes);
	integer(k, "sudo", s->sudo);
	integer(k, "accounts", s->accounts);
	integer(k, "failed", s->failed);
	integer(k, "payloads", s->payloads);
	k->w->number(k->out, "session_score", s->score);
	k->w->boolean(k->out, "root", s->is_root);
}

/* Whose word it is, and what it is about. */
static void source(struct line_walk *k, const struct event *ev)
{
	static const char *const trust[] = { [EVENT_BY_KERNEL] = "kernel",
		[EVENT_BY_AUDITD] = "auditd",
		[EVENT_BY_INIT] = "init",
		[EVENT_BY_PROGRAM] = "program" };
	const struct event_message *m = &ev->message;

	line_write_text(k, "type", m->type_name);
	line_write_text(k, "trust", bytes_of(trust[m->trust]));
	line_write_text(k, "action", bytes_of(ev->session.action));
}

void line_typed(struct line_walk *k, const struct event *ev)
{
	if (ev->kind == EVENT_TYPED)
		source(k, ev);
}

void line_message(struct line_walk *k, const struct event *ev)
{
	const struct event_message *m = &ev->message;

	line_write_user(k, "auid", "auser", &ev->auid);
	line_write_user(k, "uid", "user", &ev->uid);
	if (ev->has_ses && ev->ses != EVENT_UNSET)
		integer(k, "ses", ev->ses);
	line_session(k, ev);
	line_place(k, ev);
	sums(k, ev);
	line_write_text(k, "tty", ev->tty);
	line_write_text(k, "node", ev->node);
	if (ev->has_pid)
		integer(k, "pid", ev->pid);
	line_write_text(k, "exe", ev->exe);
	line_write_text(k, "cwd", ev->cwd);
	source(k, ev);
	if (m->has_result)
		k->w->boolean(k->out, "success", m->is_success);
	line_write_text(k, "op", m->op);
	line_write_text(k, "acct", m->acct);
	if (m->has_id)
		integer(k, "acct_id", m->id);
	line_write_text(k, "acct_name", m->id_name);
	line_write_text(k, "group", m->group);
	line_write_text(k, "peer", m->addr.p ? m->addr : m->hostname);
	if (m->has_port && !ev->session.has_port)
		integer(k, "peer_port", m->port);
	line_write_text(k, "terminal", m->terminal);
}
