// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * The sessions stand in the pipeline's table, which has all of them when the
 * logs are read. Of one that is asked for, its events are written down as they
 * come.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>

#include "alert.h"
#include "cmdline.h"
#include "config.h"
#include "event.h"
#include "format.h"
#include "json.h"
#include "log.h"
#include "map.h"
#include "network.h"
#include "record.h"
#include "session.h"
#include "view_form.h"
#include "view_session.h"
#include "views.h"

/* What is written down of one session's events. */
#define EVENTS_MAX (64u << 20)
/* Bytes of the form of a command; a longer one is like none. */
#define FORM_MAX 1024

struct drill {
	struct str text; /* of all its events, each with a newline */
	struct drill_event {
		uint64_t session;
		size_t at, end;
		/* Of commands in text, those behind it that are like it. */
		uint64_t form, count; /* 0: it is like none */
		int64_t last_ms;
	} * events;
	size_t n, size;
	bool is_cut;
	struct str form;
	uint64_t seed[2];
};

static int start(struct view_run *run)
{
	struct drill *d = calloc(1, sizeof(*d));

	run->session_alerts = view_session_alerts_new();
	if (!d || !run->session_alerts) {
		if (!d)
			log_warn("out of memory");
		view_session_alerts_free(run->session_alerts);
		free(d);
		return -1;
	}
	str_init(&d->text, EVENTS_MAX);
	str_init(&d->form, FORM_MAX + 256);
	(void)!getrandom(d->seed, sizeof(d->seed), 0);
	run->state = d;
	return 0;
}

static void note(struct drill *d, const struct event *ev, size_t from)
{
	struct drill_event *more;

	if (d->n == d->size) {
		d->size = d->size ? 2 * d->size : 256;
		more = realloc(d->events, d->size * sizeof(*more));
		if (!more) {
			d->size = d->n;
			d->is_cut = true;
			return;
		}
		d->events = more;
	}
	if (!str_ok(&d->text)) {
		d->is_cut = true;
		return;
	}
	/* The list that they come to stand in has commas of its own. */
	from += d->text.p[from] == ',';
	d->events[d->n++] = (struct drill_event){ .session = ev->session.number,
		.at = from,
		.end = d->text.len,
		.count = 1,
		.last_ms = ev->time_ms };
}

/* What a line of text says of a command, but for its time and pid; 0: it has
 * to have a line of its own. */
static uint64_t form_of(struct drill *d, const struct event *ev)
{
	uint32_t is[3] = { ev->uid.id, ev->has_success && !ev->success,
		ev->session.is_early };

	if (!ev->has_execve || ev->n_layers)
		return 0;
	str_reset(&d->form);
	str_add(&d->form, (const char *)is, sizeof(is));
	for (size_t i = 0; i < ev->argc; i++) {
		str_addc(&d->form, '\0');
		view_form_add(&d->form, ev->argv[i], FORM_MAX);
	}
	if (d->form.len >= FORM_MAX)
		return 0;
	return map_siphash(d->seed, d->form.p, d->form.len) | 1;
}

/* Whether it goes with the one before. */
static bool is_again(struct drill *d, const struct event *ev, uint64_t form)
{
	struct drill_event *last = d->n ? &d->events[d->n - 1] : NULL;

	if (!form || !last || last->form != form ||
		last->session != ev->session.number)
		return false;
	last->count++;
	last->last_ms = ev->time_ms;
	return true;
}

static void text_hidden(struct str *out, const struct event *ev)
{
	for (size_t i = 0; i < ev->n_layers; i++) {
		str_addz(out, "\n      hidden: ");
		json_escape(out, ev->layers[i].text);
	}
}

/* TIME PID USER: COMMAND, and below it what that hid. */
static void text_exec(struct str *out, const struct event *ev)
{
	str_addz(out, "  ");
	view_add_time(out, ev->time_ms);
	str_addf(out, " %u ", ev->pid);
	if (ev->uid.name.p)
		json_escape(out, ev->uid.name);
	else
		str_addu(out, ev->uid.id);
	if (ev->session.is_early)
		str_addz(out, " (before it was open)");
	str_addz(out, ev->has_success && !ev->success ? " failed: " : ": ");
	view_add_command(out, ev);
	text_hidden(out, ev);
}

/* TIME PID typed, and below it what that hid. */
static void text_typed(struct str *out, const struct event *ev)
{
	str_addz(out, "  ");
	view_add_time(out, ev->time_ms);
	str_addf(out, " %u typed", ev->pid);
	text_hidden(out, ev);
}

static void json_event(
	struct str *out, const struct event *ev, const char *kind)
{
	char id[FORMAT_ID_MAX];

	format_id(id, ev->time_ms, ev->serial);
	json_field(out, "id", bytes_of(id));
	view_json_time(out, "time", ev->time_ms);
	json_field(out, "kind", bytes_of(kind));
}

static void json_hidden(struct str *out, const struct event *ev)
{
	if (ev->n_layers)
		json_field_array(out, "decoded", &ev->layers[0].text,
			ev->n_layers, sizeof(ev->layers[0]));
	view_json_score(out, ev);
}

static void json_exec(struct str *out, const struct event *ev)
{
	struct str cmd;

	json_open(out, '{');
	json_event(out, ev, "exec");
	json_field_int(out, "pid", ev->pid);
	json_field_int(out, "ppid", ev->ppid);
	json_field_int(out, "uid", ev->uid.id);
	json_field(out, "exe", ev->exe);
	if (ev->session.is_early) {
		json_key(out, "early");
		json_bool(out, true);
	}
	if (ev->has_success) {
		json_key(out, "success");
		json_bool(out, ev->success);
	}
	str_init(&cmd, EVENT_BYTES_MAX);
	if (ev->has_execve)
		cmdline_shell(&cmd, ev);
	json_field(out, "cmd", str_bytes(&cmd));
	str_fini(&cmd);
	json_hidden(out, ev);
	json_close(out, '}');
}

static void json_typed(struct str *out, const struct event *ev)
{
	json_open(out, '{');
	json_event(out, ev, "typed");
	json_field_int(out, "pid", ev->pid);
	json_hidden(out, ev);
	json_close(out, '}');
}

static void event(struct view_run *run, const struct event *ev)
{
	struct drill *d = run->state;
	size_t from = d->text.len, n;
	uint64_t form;

	if (!run->options->has_id || !ev->session.number)
		return;
	if (run->options->is_json) {
		json_exec(&d->text, ev);
		note(d, ev, from);
		return;
	}
	form = form_of(d, ev);
	if (is_again(d, ev, form))
		return;
	text_exec(&d->text, ev);
	n = d->n;
	note(d, ev, from);
	if (d->n > n)
		d->events[n].form = form;
}

static void typed(struct view_run *run, const struct event *ev)
{
	struct drill *d = run->state;
	size_t from = d->text.len;

	if (!run->options->has_id || !ev->session.number)
		return;
	if (run->options->is_json)
		json_typed(&d->text, ev);
	else
		text_typed(&d->text, ev);
	note(d, ev, from);
}

/* TIME logon success: USER_START acct=..., or the command. */
static void text_message(struct str *out, const struct event *ev)
{
	const struct event_message *m = &ev->message;

	str_addz(out, "  ");
	view_add_time(out, ev->time_ms);
	str_addf(
		out, " %u %s %s", ev->pid, ev->session.evt, ev->session.action);
	if (m->command.p) {
		str_addz(out, ": ");
		json_escape(out, m->command);
	}
	if (m->acct.p || m->id_name.p) {
		str_addc(out, ' ');
		json_escape(out, m->acct.p ? m->acct : m->id_name);
	}
	if (m->op.p) {
		str_addz(out, " (");
		json_escape(out, m->op);
		str_addc(out, ')');
	}
}

static void json_message(struct str *out, const struct event *ev)
{
	const struct event_message *m = &ev->message;

	json_open(out, '{');
	json_event(out, ev, ev->session.evt);
	json_field(out, "type", m->type_name);
	json_field(out, "action", bytes_of(ev->session.action));
	json_field_int(out, "pid", ev->pid);
	json_field(out, "exe", ev->exe);
	if (m->has_result) {
		json_key(out, "success");
		json_bool(out, m->is_success);
	}
	json_field(out, "op", m->op);
	json_field(out, "acct", m->acct.p ? m->acct : m->id_name);
	json_field(out, "cmd", m->command);
	json_close(out, '}');
}

static void message(struct view_run *run, const struct event *ev)
{
	struct drill *d = run->state;
	size_t from = d->text.len;

	if (!run->options->has_id || !ev->session.number)
		return;
	if (run->options->is_json)
		json_message(&d->text, ev);
	else
		text_message(&d->text, ev);
	note(d, ev, from);
}

/* TIME PID network out ADDRESS port N by EXE */
static void text_network(struct str *out, const struct event *ev)
{
	const struct event_network *n = &ev->network;

	str_addz(out, "  ");
	view_add_time(out, ev->time_ms);
	str_addf(out, " %u network %s ", ev->pid,
		network_direction_name(n->direction));
	json_escape(out, n->address.p ? n->address : BYTES("?"));
	if (n->has_port)
		str_addf(out, " port %u", n->port);
	str_addz(out, network_has_failed(ev) ? " failed, by " : " by ");
	json_escape(out, ev->exe.p ? ev->exe : BYTES("?"));
}

static void json_network(struct str *out, const struct event *ev)
{
	const struct event_network *n = &ev->network;

	json_open(out, '{');
	json_event(out, ev, "network");
	json_field(out, "direction",
		bytes_of(network_direction_name(n->direction)));
	json_field(out, "family", bytes_of(n->family));
	json_field(out, "addr", n->address);
	if (n->has_port)
		json_field_int(out, "port", n->port);
	json_field_int(out, "pid", ev->pid);
	json_field(out, "exe", ev->exe);
	json_key(out, "success");
	json_bool(out, ev->success);
	json_close(out, '}');
}

static void network(struct view_run *run, const struct event *ev)
{
	struct drill *d = run->state;
	size_t from = d->text.len;

	if (!run->options->has_id || !ev->session.number || !ev->network.family)
		return;
	if (run->options->is_json)
		json_network(&d->text, ev);
	else
		text_network(&d->text, ev);
	note(d, ev, from);
}

static void json_events(
	struct str *out, const struct drill *d, const struct session *s)
{
	json_key(out, "events");
	json_open(out, '[');
	for (size_t i = 0; i < d->n; i++) {
		const struct drill_event *e = &d->events[i];

		if (e->session != s->number)
			continue;
		if (out->p[out->len - 1] != '[')
			str_addc(out, ',');
		str_add(out, d->text.p + e->at, e->end - e->at);
	}
	json_close(out, ']');
}

static void print(struct view_run *run, const struct session *s)
{
	const struct drill *d = run->state;

	if (run->options->is_json) {
		json_open(&run->out, '{');
		view_json_session(run, s);
		if (run->options->has_id)
			json_events(&run->out, d, s);
		json_close(&run->out, '}');
		view_print(run);
		return;
	}
	view_text_session(run, s);
	view_print(run);
	for (size_t i = 0; i < d->n; i++) {
		const struct drill_event *e = &d->events[i];

		if (e->session != s->number)
			continue;
		str_add(&run->out, d->text.p + e->at, e->end - e->at);
		view_form_count(&run->out, e->count, e->last_ms);
		view_print(run);
	}
}

static void alert(struct view_run *run, const struct event *ev)
{
	view_session_alert(run->session_alerts, ev);
}

static void finish(struct view_run *run)
{
	struct drill *d = run->state;
	const struct session **list;
	size_t n = view_session_list(run, &list);

	if (run->options->is_live)
		view_session_alerts_kept(run->session_alerts, run);
	if (run->options->top && n > run->options->top)
		n = run->options->top;
	for (size_t i = 0; i < n; i++)
		print(run, list[i]);
	if (session_evicted(run->sessions))
		log_warn("%llu sessions, addresses or commands did not fit: "
			 "-o sessions.max=N",
			(unsigned long long)session_evicted(run->sessions));
	if (d->is_cut)
		log_warn("there are more events than fit into memory");
	free(list);
	free(d->events);
	str_fini(&d->text);
	str_fini(&d->form);
	free(d);
	view_session_alerts_free(run->session_alerts);
}

const struct view view_sessions = {
	.name = "sessions",
	.help = "logon sessions; with their number, what happened in one",
	.has_totals = true,
	.takes_id = true,
	.has_live = true,
	.start = start,
	.event = event,
	.message = message,
	.typed = typed,
	.network = network,
	.alert = alert,
	.finish = finish,
};
