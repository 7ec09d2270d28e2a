// SPDX-License-Identifier: GPL-3.0-or-later
#include "view_alert.h"

#include "alert.h"
#include "config.h"
#include "detect.h"
#include "event.h"
#include "format.h"
#include "json.h"
#include "text.h"
#include "view_rows.h"
#include "views.h"

#define TEXT_MAX (4u << 20)

static const char *const kinds[] = { [EVENT_EXEC] = "exec",
	[EVENT_MESSAGE] = "message",
	[EVENT_NETWORK] = "network",
	[EVENT_CALL] = "call" };

static void json_alert(
	struct str *out, const struct event *ev, const char *kind)
{
	const struct event_fired *f = ev->told;

	json_field(out, "node", ev->node.p ? ev->node : BYTES(""));
	json_field(out, "kind", bytes_of(kind ? kind : kinds[ev->kind]));
	json_field(out, "alert", f->name);
	json_field(out, "severity",
		bytes_of(
			alert_severity_name((enum alert_severity)f->severity)));
	json_field(out, "why", f->why);
	json_field_array(
		out, "attack", f->attack, f->n_attack, sizeof(f->attack[0]));
	if (ev->has_ses && ev->ses != EVENT_UNSET)
		json_field_int(out, "ses", ev->ses);
	json_field(out, "user", ev->session.user);
	if (ev->auid.has && ev->auid.id != EVENT_UNSET)
		json_field_int(out, "auid", ev->auid.id);
	if (ev->uid.has)
		json_field_int(out, "uid", ev->uid.id);
	json_field(out, "addr", ev->session.addr);
	json_field(out, "exe", ev->exe);
}

static void add_word(struct str *out, const char *before, struct bytes word)
{
	if (!word.p)
		return;
	str_addz(out, before);
	json_escape(out, word);
}

/* [NODE] alert SEVERITY NAME: WHY, in session SES of USER by EXE */
static void text_alert(struct str *out, const struct event *ev)
{
	const struct event_fired *f = ev->told;

	if (ev->node.p) {
		json_escape(out, ev->node);
		str_addc(out, ' ');
	}
	str_addf(out, "alert %s ",
		alert_severity_name((enum alert_severity)f->severity));
	json_escape(out, f->name);
	add_word(out, ": ", f->why);
	if (ev->has_ses && ev->ses != EVENT_UNSET)
		str_addf(out, ", in session %u", ev->ses);
	add_word(out, " of ", ev->session.user);
	add_word(out, " from ", ev->session.addr);
	add_word(out, ", by ", ev->exe);
}

void view_alert_note(struct view_run *run, struct view_rows *rows,
	const struct event *ev, const char *kind)
{
	struct view_row row = { .time_ms = ev->time_ms,
		.worth = event_worth(ev) };
	char id[FORMAT_ID_MAX];
	struct str text;

	str_init(&text, TEXT_MAX);
	if (run->options->is_json)
		json_alert(&text, ev, kind);
	else
		text_alert(&text, ev);
	format_id(id, ev->time_ms, ev->serial);
	row.id = bytes_of(id);
	row.text = str_bytes(&text);
	view_rows_note(rows, &row);
	str_fini(&text);
}

/* As events are selected, of which an alert has but host and time. */
static bool is_wanted(const struct view_run *run, const struct alert_seen *a)
{
	const struct select *q = &run->options->select;

	if (q->has_since && a->time_ms < q->since_ms)
		return false;
	if (q->has_until && a->time_ms > q->until_ms)
		return false;
	if (q->node && !bytes_equal(a->host, bytes_of(q->node)))
		return false;
	return !q->user && !q->has_session;
}

static void note_other(struct view_run *run, struct view_rows *rows,
	const struct alert_seen *a, const char *kind)
{
	const char *severity = alert_severity_name(a->severity);
	struct view_row row = { .time_ms = a->time_ms,
		.worth = (double)a->severity };
	struct str text;

	str_init(&text, TEXT_MAX);
	if (run->options->is_json) {
		json_field(&text, "node", a->host);
		json_field(&text, "kind", bytes_of(kind ? kind : "external"));
		json_field(&text, "alert", a->name);
		json_field(&text, "severity", bytes_of(severity));
	} else {
		json_escape(&text, a->host);
		str_addf(&text, " alert %s ", severity);
		json_escape(&text, a->name);
		str_addz(&text, ", by others");
	}
	row.text = str_bytes(&text);
	view_rows_note(rows, &row);
	str_fini(&text);
}

void view_alert_note_others(
	struct view_run *run, struct view_rows *rows, const char *kind)
{
	struct alert_seen a;
	const void *at = NULL;

	while (run->alerts && alert_next(run->alerts, &at, &a))
		if (a.source != ALERT_OWN && is_wanted(run, &a))
			note_other(run, rows, &a, kind);
}

static void json_kept(
	struct str *out, const struct detect_alert_told *a, const char *kind)
{
	json_field(out, "node", a->host.p ? a->host : BYTES(""));
	json_field(out, "kind", bytes_of(kind));
	json_field(out, "alert", a->name);
	json_field(out, "severity",
		bytes_of(
			alert_severity_name((enum alert_severity)a->severity)));
	json_field(out, "why", a->why);
	if (a->ses != EVENT_UNSET)
		json_field_int(out, "ses", a->ses);
	if (a->auid != EVENT_UNSET)
		json_field_int(out, "auid", a->auid);
	json_field(out, "exe", a->exe);
}

static void text_kept(struct str *out, const struct detect_alert_told *a)
{
	if (a->host.p) {
		json_escape(out, a->host);
		str_addc(out, ' ');
	}
	str_addf(out, "alert %s ",
		alert_severity_name((enum alert_severity)a->severity));
	json_escape(out, a->name);
	add_word(out, ": ", a->why);
	if (a->ses != EVENT_UNSET)
		str_addf(out, ", in session %u", a->ses);
	add_word(out, ", by ", a->exe);
}

bool view_alert_is_asked_for(
	const struct view_run *run, const struct detect_alert_told *a)
{
	const struct select *q = &run->options->select;
	uint64_t id;

	if (q->has_since && a->time_ms < q->since_ms)
		return false;
	if (q->has_until && a->time_ms > q->until_ms)
		return false;
	if (q->node && !bytes_equal(a->host, bytes_of(q->node)))
		return false;
	if (q->has_session && a->ses != q->session)
		return false;
	return !q->user ||
	       (text_u64(bytes_of(q->user), 10, &id) == 0 && a->auid == id);
}

void view_alert_note_kept(
	struct view_run *run, struct view_rows *rows, const char *kind)
{
	struct detect_alert_told a;
	char id[FORMAT_ID_MAX];
	struct str text;

	str_init(&text, TEXT_MAX);
	for (size_t i = 0; detect_told_at(run->detect, i, &a); i++) {
		struct view_row row = { .time_ms = a.time_ms,
			.worth = (double)a.severity };

		if (!view_alert_is_asked_for(run, &a))
			continue;
		str_reset(&text);
		if (run->options->is_json)
			json_kept(&text, &a, kind);
		else
			text_kept(&text, &a);
		format_id(id, a.time_ms, a.serial);
		row.id = bytes_of(id);
		row.text = str_bytes(&text);
		view_rows_note(rows, &row);
	}
	str_fini(&text);
}
