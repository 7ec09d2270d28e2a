// SPDX-License-Identifier: GPL-3.0-or-later
#include "alert.h"

#include <stdbool.h>
#include <stdlib.h>
#include <strings.h>

#include "event.h"

#define HOUR_MS 3600000

/* A name on a host, which many alerts may have. */
struct name {
	struct name *next;
	size_t refs;
	uint64_t look; /* the last that has counted it */
	size_t host_len, name_len;
	char text[]; /* host, then name */
};

struct alert {
	struct alert *next; /* the newest last */
	struct name *name;
	int64_t time_ms;
	enum alert_severity severity;
	enum alert_source source;
	uint64_t change; /* of one that was sent */
};

struct alert_table {
	struct alert *first, **last;
	struct name *names;
	size_t n;
	uint64_t look, evicted;
	/* Those that were sent, by their change. */
	struct alert *sent[ALERT_SENT_MAX];
	uint64_t n_sent; /* so far */
};

static const char *const names[] = { "informational", "low", "medium", "high",
	"information" };

const char *alert_severity_name(enum alert_severity severity)
{
	return names[severity];
}

int alert_severity(struct bytes name)
{
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

static void let_go(struct alert_table *t, struct name *name)
{
	struct name **at = &t->names;

	if (--name->refs)
		return;
	while (*at != name)
		at = &(*at)->next;
	*at = name->next;
	free(name);
}

static struct alert **place_of(struct alert_table *t, uint64_t change)
{
	return &t->sent[change % ALERT_SENT_MAX];
}

/* Lets go of what *at leads to. */
static void drop(struct alert_table *t, struct alert **at)
{
	struct alert *a = *at;

	*at = a->next;
	if (t->last == &a->next)
		t->last = at;
	t->n--;
	if (a->source == ALERT_SENT)
		*place_of(t, a->change) = NULL;
	let_go(t, a->name);
	free(a);
}

void alert_table_free(struct alert_table *t)
{
	if (!t)
		return;
	while (t->first)
		drop(t, &t->first);
	free(t);
}

void alert_table_clear_file(struct alert_table *t)
{
	struct alert **at = &t->first;

	while (*at) {
		if ((*at)->source == ALERT_FILE)
			drop(t, at);
		else
			at = &(*at)->next;
	}
}

static struct bytes name_of(const struct name *n)
{
	return (struct bytes){ n->text + n->host_len, n->name_len };
}

static bool is_of(const struct name *n, struct bytes host)
{
	return n->host_len == host.len &&
	       (!host.len || !strncasecmp(n->text, host.p, host.len));
}

/* NULL: out of memory. */
static struct name *find_name(
	struct alert_table *t, struct bytes host, struct bytes name)
{
	struct name *n;

	for (n = t->names; n; n = n->next)
		if (is_of(n, host) && bytes_equal(name_of(n), name))
			return n;
	n = malloc(sizeof(*n) + host.len + name.len);
	if (!n)
		return NULL;
	*n = (struct name){
		.next = t->names, .host_len = host.len, .name_len = name.len
	};
	if (host.len)
		memcpy(n->text, host.p, host.len);
	if (name.len)
		memcpy(n->text + host.len, name.p, name.len);
	t->names = n;
	return n;
}

static int add(struct alert_table *t, struct bytes host, struct bytes name,
	const struct alert *from)
{
	struct name *n = find_name(t, host, name);
	struct alert *a = n ? malloc(sizeof(*a)) : NULL;

	if (n)
		n->refs++;
	if (!a) {
		if (n)
			let_go(t, n);
		return -1;
	}
	*a = *from;
	a->name = n;
	*t->last = a;
	t->last = &a->next;
	if (a->source == ALERT_SENT)
		*place_of(t, a->change) = a;
	if (++t->n > ALERT_MAX) {
		drop(t, &t->first);
		t->evicted++;
	}
	return 0;
}

int alert_table_add(struct alert_table *t, struct bytes host, struct bytes name,
	enum alert_severity severity, int64_t time_ms)
{
	return add(t, host, name,
		&(struct alert){ .time_ms = time_ms,
			.severity = severity,
			.source = ALERT_FILE });
}

int alert_table_add_own(struct alert_table *t, struct bytes host,
	struct bytes name, enum alert_severity severity, int64_t time_ms)
{
	return add(t, host, name,
		&(struct alert){ .time_ms = time_ms,
			.severity = severity,
			.source = ALERT_OWN });
}

static bool was_sent(const struct alert_table *t, struct bytes host,
	struct bytes name, const struct alert *like)
{
	for (size_t i = 0; i < ALERT_SENT_MAX; i++) {
		const struct alert *a = t->sent[i];

		if (a && a->time_ms == like->time_ms &&
			a->severity == like->severity && is_of(a->name, host) &&
			bytes_equal(name_of(a->name), name))
			return true;
	}
	return false;
}

/* The oldest that was sent, whose place the next takes. */
static void make_place(struct alert_table *t, uint64_t change)
{
	const struct alert *old = *place_of(t, change);
	struct alert **at = &t->first;

	if (!old)
		return;
	while (*at != old)
		at = &(*at)->next;
	drop(t, at);
	t->evicted++;
}

int alert_table_add_sent(struct alert_table *t, struct bytes host,
	struct bytes name, enum alert_severity severity, int64_t time_ms)
{
	struct alert a = { .time_ms = time_ms,
		.severity = severity,
		.source = ALERT_SENT,
		.change = t->n_sent + 1 };

	if (!host.len || !name.len || host.len > ALERT_NAME_MAX ||
		name.len > ALERT_NAME_MAX || severity > ALERT_HIGH ||
		time_ms < 0)
		return -1;
	if (was_sent(t, host, name, &a))
		return 0;
	make_place(t, a.change);
	if (add(t, host, name, &a) < 0)
		return -1;
	t->n_sent++;
	return 0;
}

static void describe(struct alert_seen *seen, const struct alert *a)
{
	*seen = (struct alert_seen){ .host = { a->name->text,
					     a->name->host_len },
		.name = name_of(a->name),
		.severity = a->severity,
		.time_ms = a->time_ms,
		.source = a->source,
		.change = a->change };
}

uint64_t alert_sent_change(const struct alert_table *t)
{
	return t->n_sent;
}

bool alert_sent_changed(const struct alert_table *t, uint64_t after,
	uint32_t *at, uint32_t *row, struct alert_seen *seen)
{
	while (*at < ALERT_SENT_MAX) {
		const struct alert *a = t->sent[*at];

		*row = ++*at;
		if (!a || a->change <= after)
			continue;
		describe(seen, a);
		return true;
	}
	return false;
}

uint64_t alert_evicted(const struct alert_table *t)
{
	return t->evicted;
}

bool alert_next(
	const struct alert_table *t, const void **at, struct alert_seen *seen)
{
	const struct alert *a =
		*at ? ((const struct alert *)*at)->next : t->first;

	if (!a)
		return false;
	*at = a;
	describe(seen, a);
	return true;
}

/* The next one from a on of a name that this look has not counted yet. */
static const struct alert *next_of(struct alert_table *t, const struct alert *a,
	struct bytes host, int64_t from_ms, int64_t to_ms)
{
	for (; a; a = a->next) {
		if (a->name->look == t->look || a->time_ms < from_ms ||
			a->time_ms > to_ms || !is_of(a->name, host))
			continue;
		a->name->look = t->look;
		return a;
	}
	return NULL;
}

struct alert_sum alert_sum(struct alert_table *t, struct bytes host,
	int64_t from_ms, int64_t to_ms)
{
	const struct alert *a = t->first;
	struct alert_sum sum = { 0 };
	int worst = -1;

	for (t->look++; (a = next_of(t, a, host, from_ms, to_ms));
		a = a->next) {
		sum.n++;
		sum.points += (double)a->severity;
		if ((int)a->severity > worst) {
			worst = (int)a->severity;
			sum.worst = name_of(a->name);
		}
	}
	return sum;
}

void alert_names(struct alert_table *t, struct bytes host, int64_t from_ms,
	int64_t to_ms, void (*take)(void *arg, struct bytes name), void *arg)
{
	const struct alert *a = t->first;

	for (t->look++; (a = next_of(t, a, host, from_ms, to_ms)); a = a->next)
		if (a->source != ALERT_OWN)
			take(arg, name_of(a->name));
}

struct alert_sum alert_around(struct alert_table *t, struct bytes host,
	int64_t first_ms, int64_t last_ms, const struct alert_conf *cf)
{
	return alert_sum(t, host, first_ms - (int64_t)cf->before_h * HOUR_MS,
		last_ms + (int64_t)cf->after_h * HOUR_MS);
}

void alert_run(
	struct alert_table *t, struct event *ev, const struct alert_conf *cf)
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
