// SPDX-License-Identifier: GPL-3.0-or-later
/* What was hidden, alerts, and who came and went, in the order of time. */
#include "event.h"
#include "format.h"
#include "json.h"
#include "timeline_state.h"
#include "view_alert.h"
#include "view_rows.h"
#include "views.h"

#define TEXT_MAX (16u << 20)
/* Bytes of a text that a line shows. */
#define SHOWN_MAX 200

static int start(struct view_run *run)
{
	run->state = view_rows_new();
	return run->state ? 0 : -1;
}

static void note(
	struct view_run *run, const struct event *ev, const struct str *text)
{
	struct view_row row = { .time_ms = ev->time_ms,
		.worth = ev->score.total,
		.text = str_bytes(text) };
	char id[FORMAT_ID_MAX];

	/* What the state has of an event is not its number. */
	if (!run->options->is_live) {
		format_id(id, ev->time_ms, ev->serial);
		row.id = bytes_of(id);
	}
	view_rows_note(run->state, &row);
}

static void json_who(struct str *out, const struct event *ev, const char *kind)
{
	json_field(out, "node", ev->node.p ? ev->node : BYTES(""));
	json_field(out, "kind", bytes_of(kind));
	if (ev->has_ses && ev->ses != EVENT_UNSET)
		json_field_int(out, "ses", ev->ses);
	json_field(out, "user", ev->session.user);
	json_field(out, "addr", ev->session.addr);
}

static void text_who(struct str *out, const struct event *ev, const char *kind)
{
	if (ev->node.p) {
		json_escape(out, ev->node);
		str_addc(out, ' ');
	}
	str_addz(out, kind);
	if (ev->has_ses && ev->ses != EVENT_UNSET)
		str_addf(out, " in session %u", ev->ses);
	if (ev->session.user.p) {
		str_addz(out, " of ");
		json_escape(out, ev->session.user);
	}
}

static void add_text(struct str *out, struct bytes text)
{
	bool is_long = text.len > SHOWN_MAX;

	text.len = is_long ? SHOWN_MAX : text.len;
	str_addz(out, ": ");
	json_escape(out, text);
	if (is_long)
		str_addz(out, "...");
}

/* Each outermost text that was hidden; what: "hidden" in a command, or
 * "typed". */
static void note_hidden(struct view_run *run, const struct event *ev,
	const char *kind, const char *what)
{
	struct str text;

	str_init(&text, TEXT_MAX);
	for (size_t i = 0; i < ev->n_layers; i++) {
		if (ev->layers[i].depth != 1)
			continue;
		str_reset(&text);
		if (run->options->is_json) {
			json_who(&text, ev, kind);
			json_field(&text, "exe", ev->exe);
			json_field(&text, "chain", ev->layers[i].chain);
			json_field(&text, "decoded", ev->layers[i].text);
			json_field_array(&text, "categories",
				ev->tags.categories, ev->tags.n_categories,
				sizeof(ev->tags.categories[0]));
			json_field_num(&text, "score", ev->score.total);
		} else {
			text_who(&text, ev, what);
			add_text(&text, ev->layers[i].text);
		}
		note(run, ev, &text);
	}
	str_fini(&text);
}

static void event(struct view_run *run, const struct event *ev)
{
	note_hidden(run, ev, "decoded", "hidden");
}

static void typed(struct view_run *run, const struct event *ev)
{
	note_hidden(run, ev, "typed", "typed");
}

static void text_message(struct str *out, const struct event *ev)
{
	const struct event_message *m = &ev->message;
	struct bytes addr = m->addr.p ? m->addr : ev->session.addr;
	struct bytes acct = m->acct.p ? m->acct : m->id_name;

	text_who(out, ev, ev->session.evt);
	str_addf(out, " %s", ev->session.action);
	if (acct.p) {
		str_addz(out, " as ");
		json_escape(out, acct);
	}
	if (addr.p) {
		str_addz(out, " from ");
		json_escape(out, addr);
	}
	if (m->command.p)
		add_text(out, m->command);
}

static void json_message(struct str *out, const struct event *ev)
{
	const struct event_message *m = &ev->message;

	json_who(out, ev, ev->session.evt);
	json_field(out, "action", bytes_of(ev->session.action));
	json_field(out, "acct", m->acct.p ? m->acct : m->id_name);
	json_field(out, "peer", m->addr.p ? m->addr : m->hostname);
	json_field(out, "exe", ev->exe);
	json_field(out, "cmd", m->command);
}

static void message(struct view_run *run, const struct event *ev)
{
	struct str text;

	if (!ev->session.evt)
		return;
	str_init(&text, TEXT_MAX);
	if (run->options->is_json)
		json_message(&text, ev);
	else
		text_message(&text, ev);
	note(run, ev, &text);
	str_fini(&text);
}

static void alert(struct view_run *run, const struct event *ev)
{
	view_alert_note(run, run->state, ev, "alert");
}

static void finish(struct view_run *run)
{
	if (run->options->is_live)
		timeline_state_tell(run, event, message);
	if (run->options->is_live)
		view_alert_note_kept(run, run->state, "alert");
	view_alert_note_others(run, run->state, "alert");
	view_rows_print(run->state, run);
	view_rows_free(run->state);
}

const struct view view_timeline = {
	.name = "timeline",
	.help = "hidden commands, alerts, logons and the like over time",
	.has_totals = true,
	.has_live = true,
	.start = start,
	.event = event,
	.message = message,
	.typed = typed,
	.alert = alert,
	.finish = finish,
};
