// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef ALERT_H
#define ALERT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "str.h"

struct event;

enum alert_severity {
	ALERT_INFORMATIONAL,
	ALERT_LOW,
	ALERT_MEDIUM,
	ALERT_HIGH
};

/* "High", "informational"... in any case; -1: none of them. */
int alert_severity(struct bytes name) __attribute__((warn_unused_result));

const char *alert_severity_name(enum alert_severity severity);

/* The alerts of hosts. */
struct alert_table;

/* The oldest go when more than this are held: hosts with more are not judged
 * by their alerts. */
#define ALERT_MAX 4096

/* The same of those that were sent: whoever may send any takes no room of
 * others. */
#define ALERT_SENT_MAX 1024
/* Bytes of a name, and of a host's. */
#define ALERT_NAME_MAX 255

enum alert_source {
	ALERT_FILE, /* others', from a table */
	ALERT_SENT, /* others', one by one */
	ALERT_OWN /* our own rows gave it */
};

/* NULL when out of memory. */
struct alert_table *alert_table_new(void) __attribute__((warn_unused_result));
void alert_table_free(struct alert_table *t);
/* Those from a table go. */
void alert_table_clear_file(struct alert_table *t);
/* Of a table. -1: out of memory. */
int alert_table_add(struct alert_table *t, struct bytes host, struct bytes name,
	enum alert_severity severity, int64_t time_ms)
	__attribute__((warn_unused_result));

/* The same of one that our own rows gave. */
int alert_table_add_own(struct alert_table *t, struct bytes host,
	struct bytes name, enum alert_severity severity, int64_t time_ms)
	__attribute__((warn_unused_result));
/* The same of one that was sent; what was sent before is no other. -1, too:
 * one that cannot be. */
int alert_table_add_sent(struct alert_table *t, struct bytes host,
	struct bytes name, enum alert_severity severity, int64_t time_ms)
	__attribute__((warn_unused_result));

struct alert_seen {
	struct bytes host, name; /* borrowed */
	enum alert_severity severity;
	int64_t time_ms;
	enum alert_source source;
	uint64_t change; /* of one that was sent: the number of its coming */
};

/* Visits all, in the order of adding; *at starts as NULL. False at the end. */
bool alert_next(
	const struct alert_table *t, const void **at, struct alert_seen *seen);

/* For who keeps those that were sent: the number of the last, and those behind
 * one by row; *at starts at 0. False at the end. */
uint64_t alert_sent_change(const struct alert_table *t);
bool alert_sent_changed(const struct alert_table *t, uint64_t after,
	uint32_t *at, uint32_t *row, struct alert_seen *seen);
/* Alerts forgotten to make room. */
uint64_t alert_evicted(const struct alert_table *t);

struct alert_conf {
	/* The window around an event. */
	unsigned int before_h, after_h;
	char own_host[256]; /* what an event without node= is from */
};

struct alert_sum {
	double points;
	size_t n; /* distinct names */
	struct bytes worst; /* the first of the gravest; borrowed */
};

/*
 * The notebook's alert score of a host: every distinct name inside [from_ms,
 * to_ms] once, by the severity it was first given: informational 0, low 1,
 * medium 2, high 3, added up. Host names are compared without regard to case.
 */
struct alert_sum alert_sum(struct alert_table *t, struct bytes host,
	int64_t from_ms, int64_t to_ms);

/* The same, for the window around [first_ms, last_ms]. */
struct alert_sum alert_around(struct alert_table *t, struct bytes host,
	int64_t first_ms, int64_t last_ms, const struct alert_conf *cf);
/* Gives every name inside [from_ms, to_ms] to take, once, but our own. */
void alert_names(struct alert_table *t, struct bytes host, int64_t from_ms,
	int64_t to_ms, void (*take)(void *arg, struct bytes name), void *arg);
/* Fills ev->alerts of an event that hides something: alerts are about hosts,
 * and say nothing of all the others'. t may be NULL: there are none. */
void alert_run(
	struct alert_table *t, struct event *ev, const struct alert_conf *cf);

#endif
