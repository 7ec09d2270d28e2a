// SPDX-License-Identifier: GPL-3.0-or-later
#include "view_session.h"

#include <stdio.h>
#include <stdlib.h>

#include "alert.h"
#include "config.h"
#include "format.h"
#include "json.h"
#include "log.h"
#include "record.h"
#include "session.h"
#include "text.h"
#include "view_session_alerts.h"
#include "views.h"

static int64_t last_ms(const struct session *s)
{
	return s->has_end && s->end_ms > s->seen_ms ? s->end_ms : s->seen_ms;
}

static bool is_users(const struct session *s, const char *wanted)
{
	uint64_t id;

	if (text_u64(bytes_of(wanted), 10, &id) == 0)
		return s->auid == id;
	return bytes_equal(s->user, bytes_of(wanted));
}

/* As events are selected, but that a session has a beginning and an end. */
static bool is_wanted(const struct view_run *run, const struct session *s)
{
	const struct select *q = &run->options->select;

	if (q->has_since && last_ms(s) < q->since_ms)
		return false;
	if (q->has_until && s->start_ms > q->until_ms)
		return false;
	if (q->node && !bytes_equal(s->node, bytes_of(q->node)))
		return false;
	if (q->user && !is_users(s, q->user))
		return false;
	if (q->has_session && s->ses != q->session)
		return false;
	return !q->has_min_score || s->score >= q->min_score;
}

static int by_start(const void *a, const void *b)
{
	const struct session *x = *(const struct session *const *)a;
	const struct session *y = *(const struct session *const *)b;

	if (x->start_ms != y->start_ms)
		return x->start_ms < y->start_ms ? -1 : 1;
	return x->number < y->number ? -1 : x->number > y->number;
}

size_t view_session_list(struct view_run *run, const struct session ***list)
{
	const struct session *s, **to = NULL;
	size_t n = 0, size = 0;
	uint32_t i = 0;

	while ((s = session_next(run->sessions, &i))) {
		if (!is_wanted(run, s))
			continue;
		if (n == size) {
			size = size ? 2 * size : 256;
			*list = realloc(to, size * sizeof(*to));
			if (!*list) {
				free(to);
				log_warn("out of memory");
				return 0;
			}
			to = *list;
		}
		to[n++] = s;
	}
	*list = to;
	if (n)
		qsort(to, n, sizeof(*to), by_start);
	return n;
}

static void json_sudo(struct str *out, const struct session *s)
{
	json_key(out, "sudo");
	json_open(out, '[');
	for (uint32_t i = 0; i < s->n_sudo; i++) {
		json_open(out, '{');
		view_json_time(out, "time", s->sudo[i].time_ms);
		json_field(out, "cmd", s->sudo[i].text);
		json_field(out, "result",
			s->sudo[i].is_success ? BYTES("success")
					      : BYTES("failed"));
		json_close(out, '}');
	}
	json_close(out, ']');
}

static void json_accounts(struct str *out, const struct session *s)
{
	json_key(out, "accounts");
	json_open(out, '[');
	for (uint32_t i = 0; i < s->n_accounts; i++) {
		const struct session_account *a = &s->accounts[i];

		json_open(out, '{');
		view_json_time(out, "time", a->time_ms);
		json_field(
			out, "action", bytes_of(session_account_name(a->type)));
		json_field(out, "name", a->name);
		if (a->has_id)
			json_field_int(out, "id", a->id);
		json_field(out, "result",
			a->is_success ? BYTES("success") : BYTES("failed"));
		json_close(out, '}');
	}
	json_close(out, ']');
}

static void add_alert(void *arg, struct bytes name)
{
	struct view_run *run = arg;

	json_bytes(&run->out, name);
}

static void json_alerts(struct view_run *run, const struct session *s)
{
	struct bytes host =
		s->node.p ? s->node : bytes_of(run->config->alerts.own_host);

	json_key(&run->out, "alerts");
	json_open(&run->out, '[');
	if (run->session_alerts)
		view_session_alerts_json(
			run->session_alerts, s->number, &run->out);
	if (run->alerts)
		alert_names(run->alerts, host, s->start_ms, last_ms(s),
			add_alert, run);
	json_close(&run->out, ']');
}

void view_json_session(struct view_run *run, const struct session *s)
{
	struct str *out = &run->out;

	json_field_int(out, "ses", s->ses);
	json_field(out, "node", s->node.p ? s->node : BYTES(""));
	json_field_int(out, "auid", s->auid);
	json_field(out, "user", s->user);
	json_field(out, "service", s->service);
	json_field(out, "addr", s->addr);
	view_json_place(out, run, s->addr);
	json_field(out, "tty", s->tty);
	json_field(out, "kind", bytes_of(session_kind_name(s->kind)));
	view_json_time(out, "start", s->start_ms);
	if (s->has_end)
		view_json_time(out, "end", s->end_ms);
	json_key(out, "complete");
	json_bool(out, session_is_complete(s));
	json_field_int(out, "failed_before", (long long)s->failed_before);
	json_key(out, "root");
	json_bool(out, s->is_root);
	json_field_int(out, "processes", (long long)s->processes);
	json_sudo(out, s);
	json_accounts(out, s);
	json_field_int(out, "payloads", (long long)s->payloads);
	json_alerts(run, s);
	json_field_num(out, "score", s->score);
}

static void add_word(struct str *out, const char *before, struct bytes word)
{
	if (!word.p)
		return;
	str_addz(out, before);
	json_escape(out, word);
}

static void add_count(struct str *out, uint64_t n, const char *what)
{
	if (n)
		str_addf(out, ", %llu %s", (unsigned long long)n, what);
}

static void add_length(struct str *out, const struct session *s)
{
	int64_t length_s = (s->end_ms - s->start_ms) / 1000;

	if (!s->has_end)
		str_addz(out, " (no end)");
	else if (!session_is_complete(s))
		str_addz(out, " (no start)");
	else if (length_s < 0)
		str_addz(out, " (clock set back)");
	else
		str_addf(out, " %lld:%02lld:%02lld", (long long)length_s / 3600,
			(long long)length_s / 60 % 60,
			(long long)length_s % 60);
}

/* TIME LENGTH [NODE] SES KIND USER by SERVICE from ADDR on TTY: COUNTS */
void view_text_session(struct view_run *run, const struct session *s)
{
	struct str *out = &run->out;
	char ts[FORMAT_TIME_MAX];

	format_time(ts, s->start_ms);
	str_addf(out, "%.10s %.8s", ts, ts + 11);
	add_length(out, s);
	add_word(out, " ", s->node);
	str_addf(out, " %u %s ", s->ses, session_kind_name(s->kind));
	if (s->user.p)
		json_escape(out, s->user);
	else
		str_addu(out, s->auid);
	add_word(out, " by ", s->service);
	add_word(out, " from ", s->addr);
	view_add_place(out, run, s->addr);
	add_word(out, " on ", s->tty);
	str_addf(out, ": %llu commands", (unsigned long long)s->processes);
	add_count(out, s->failed_before, "failed logons before");
	add_count(out, s->all_sudo, "by sudo");
	add_count(out, s->failed, "failed passwords");
	add_count(out, s->all_accounts, "changes of accounts");
	add_count(out, s->payloads, "with hidden text");
	if (s->is_root)
		str_addz(out, ", root");
	str_addz(out, ", score ");
	str_addd(out, s->score);
}
