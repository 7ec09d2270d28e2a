// SPDX-License-Identifier: GPL-3.0-or-later
#include "alert.h"

#include <stdbool.h>
#include <stdlib.h>
#include <strings.h>

#include "event.h"

#define HOUR_MS 3600000

struct alert {
	struct alert *next; /* the newest last */
	int64_t time_ms;
	enum alert_severity severity;
	size_t host_len, name_len;
	char text[]; /* host, then name */
};

struct alert_table {
	struct alert *first, **last;
	size_t n;
};

int alert_severity(struct bytes name)
{
	static const char *const names[] = { "informational", "low", "medium",
		"high", "information" };
	const int n = sizeof(names) / sizeof(names[0]);

	for (int i = 0; i < n; i++)
		if (strlen(names[i]) == name.len &&
			!strncasecmp(names[i], name.p, name.len))
			return i == n - 1 ? ALERT_INFORMATIONAL : i;
	return -1;
}

struct alert_table *alert_table_new(void)
{
	struct alert_table *t = calloc(1, sizeof(*t));

	if (t)
		t->last = &t->first;
	return t;
}

static void drop_first(struct alert_table *t)
{
	struct alert *a = t->first;

	t->first = a->next;
	if (!t->first)
		t->last = &t->first;
	t->n--;
	free(a);
}

void alert_table_free(struct alert_table *t)
{
	if (!t)
		return;
	while (t->first)
		drop_first(t);
	free(t);
}

int alert_table_add(struct alert_table *t, struct bytes host, struct bytes name,
	enum alert_severity severity, int64_t time_ms)
{
	struct alert *a = malloc(sizeof(*a) + host.len + name.len);

	if (!a)
		return -1;
	*a = (struct alert){ .time_ms = time_ms,
		.severity = severity,
		.host_len = host.len,
		.name_len = name.len };
	if (host.len)
		memcpy(a->text, host.p, host.len);
	if (name.len)
		memcpy(a->text + host.len, name.p, name.len);
	*t->last = a;
	t->last = &a->next;
	if (++t->n > ALERT_MAX)
		drop_first(t);
	return 0;
}

static struct bytes name_of(const struct alert *a)
{
	return (struct bytes){ a->text + a->host_len, a->name_len };
}

static bool is_in(const struct alert *a, struct bytes host, int64_t from_ms,
	int64_t to_ms)
{
	return a->time_ms >= from_ms && a->time_ms <= to_ms &&
	       a->host_len == host.len &&
	       (!host.len || !strncasecmp(a->text, host.p, host.len));
}

/* Whether an earlier one in the window has the same name. */
static bool is_repeat(const struct alert_table *t, const struct alert *a,
	struct bytes host, int64_t from_ms, int64_t to_ms)
{
	for (const struct alert *b = t->first; b != a; b = b->next)
		if (is_in(b, host, from_ms, to_ms) &&
			bytes_equal(name_of(a), name_of(b)))
			return true;
	return false;
}

struct alert_sum alert_sum(const struct alert_table *t, struct bytes host,
	int64_t from_ms, int64_t to_ms)
{
	struct alert_sum sum = { 0 };
	int worst = -1;

	for (const struct alert *a = t->first; a; a = a->next) {
		if (!is_in(a, host, from_ms, to_ms) ||
			is_repeat(t, a, host, from_ms, to_ms))
			continue;
		sum.n++;
		sum.points += (double)a->severity;
		if ((int)a->severity > worst) {
			worst = (int)a->severity;
			sum.worst = name_of(a);
		}
	}
	return sum;
}

void alert_names(const struct alert_table *t, struct bytes host,
	int64_t from_ms, int64_t to_ms,
	void (*take)(void *arg, struct bytes name), void *arg)
{
	for (const struct alert *a = t->first; a; a = a->next)
		if (is_in(a, host, from_ms, to_ms) &&
			!is_repeat(t, a, host, from_ms, to_ms))
			take(arg, name_of(a));
}

struct alert_sum alert_around(const struct alert_table *t, struct bytes host,
	int64_t first_ms, int64_t last_ms, const struct alert_conf *cf)
{
	return alert_sum(t, host, first_ms - (int64_t)cf->before_h * HOUR_MS,
		last_ms + (int64_t)cf->after_h * HOUR_MS);
}

void alert_run(const struct alert_table *t, struct event *ev,
	const struct alert_conf *cf)
{
	struct bytes host = ev->node.p ? ev->node : bytes_of(cf->own_host);
	struct alert_sum sum;

	if (!t || !t->first || !ev->n_layers)
		return;
	sum = alert_around(t, host, ev->time_ms, ev->time_ms, cf);
	ev->alerts.points = sum.points;
	ev->alerts.n = sum.n;
	ev->alerts.worst = event_copy(ev, sum.worst);
}
