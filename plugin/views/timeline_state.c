// SPDX-License-Identifier: GPL-3.0-or-later
#include "timeline_state.h"

#include <stdlib.h>

#include "event.h"
#include "log.h"
#include "payload.h"
#include "session.h"
#include "view_session.h"
#include "views.h"

typedef void tell(struct view_run *run, const struct event *ev);

static bool is_in_time(const struct view_run *run, int64_t time_ms)
{
	const struct select *q = &run->options->select;

	return !(q->has_since && time_ms < q->since_ms) &&
	       !(q->has_until && time_ms > q->until_ms);
}

/* Something of a session that happened then. */
static struct event event_of(const struct session *s, int64_t time_ms)
{
	struct event ev = { .kind = EVENT_MESSAGE,
		.time_ms = time_ms,
		.node = s->node,
		.has_ses = true,
		.ses = s->ses };

	ev.session.user = s->user;
	ev.session.addr = s->addr;
	return ev;
}

static void tell_session(
	struct view_run *run, const struct session *s, tell *message)
{
	bool is_login = s->kind == SESSION_LOGIN;
	struct event ev = event_of(s, s->start_ms);

	ev.message.acct = s->user;
	ev.session.evt = is_login ? "logon" : "session";
	ev.session.action = is_login ? "success" : "start";
	if (s->is_open && is_in_time(run, s->start_ms))
		message(run, &ev);
	ev.time_ms = s->end_ms;
	ev.session.evt = is_login ? "logoff" : "session";
	ev.session.action = "end";
	if (s->is_closed && is_in_time(run, s->end_ms))
		message(run, &ev);
}

static void tell_commands(
	struct view_run *run, const struct session *s, tell *message)
{
	for (uint32_t i = 0; i < s->n_sudo; i++) {
		struct event ev = event_of(s, s->sudo[i].time_ms);

		ev.session.evt = "elevate";
		ev.session.action =
			s->sudo[i].is_success ? "success" : "failed";
		ev.message.command = s->sudo[i].text;
		if (is_in_time(run, ev.time_ms))
			message(run, &ev);
	}
}

static void tell_accounts(
	struct view_run *run, const struct session *s, tell *message)
{
	for (uint32_t i = 0; i < s->n_accounts; i++) {
		struct event ev = event_of(s, s->accounts[i].time_ms);

		ev.session.evt = "account";
		ev.session.action = session_account_name(s->accounts[i].type);
		ev.message.acct = s->accounts[i].name;
		if (is_in_time(run, ev.time_ms))
			message(run, &ev);
	}
}

/* Nobody knows any more whose they were; of a long one, its beginning. */
static void tell_hidden(
	struct view_run *run, const struct payload_text *text, tell *hidden)
{
	struct event *ev = event_create();

	if (!ev || !(ev->layers = event_alloc(ev, sizeof(*ev->layers)))) {
		event_destroy(ev);
		log_warn("out of memory");
		return;
	}
	ev->time_ms = text->time_ms;
	ev->n_layers = 1;
	*ev->layers = (struct event_layer){
		.depth = 1, .is_text = true, .text = event_copy(ev, text->text)
	};
	run->redact(run->arg, ev);
	hidden(run, ev);
	event_destroy(ev);
}

void timeline_state_tell(struct view_run *run, tell *hidden, tell *message)
{
	const struct select *q = &run->options->select;
	const struct session **list;
	size_t n = view_session_list(run, &list);
	struct payload_text text;
	uint32_t at = 0, row;

	for (size_t i = 0; i < n; i++) {
		tell_session(run, list[i], message);
		tell_commands(run, list[i], message);
		tell_accounts(run, list[i], message);
	}
	free(list);
	if (q->node || q->user || q->has_session)
		return;
	while (payload_texts_changed(run->payloads, 0, &at, &row, &text))
		if (is_in_time(run, text.time_ms))
			tell_hidden(run, &text, hidden);
}
