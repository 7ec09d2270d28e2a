// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef PIPELINE_H
#define PIPELINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct alert_table;
struct classify_rules;
struct config;
struct event;
struct intel_table;
struct metrics;

/*
 * Bytes in, events out; the one place that knows the order of the stages:
 *
 *   feed -> gather -> assemble -> decode -> ioc -> classify -> frequency
 *        -> intel -> alert -> score -> out
 */
struct pipeline;

struct pipeline_conf {
	/* Borrows the event until it returns. */
	void (*out)(void *arg, struct event *ev);
	void *arg;
	struct metrics *metrics;
	/* What is known of indicators and hosts; NULL: nothing. Borrowed. */
	struct intel_table *intel;
	const struct alert_table *alerts;
};

/* NULL when out of memory. cf lives until the next pipeline_reload; so far
 * there are no classification rules. */
struct pipeline *pipeline_new(const struct pipeline_conf *pc,
	const struct config *cf) __attribute__((warn_unused_result));
void pipeline_free(struct pipeline *p);
/* Takes the rules over; NULL: there are none. */
void pipeline_reload(struct pipeline *p, const struct config *cf,
	struct classify_rules *rules);

/* Reads fd once: what read(2) returned, with errno. */
ssize_t pipeline_read(struct pipeline *p, int fd)
	__attribute__((warn_unused_result));
void pipeline_push(struct pipeline *p, const char *bytes, size_t n);
/* An event that came by another way than as records. */
void pipeline_event(struct pipeline *p, struct event *ev);
/* What an event's own text tells, without counting it: decode, ioc, classify
 * and intel. The notebook takes indicators from decoded text only; is_decoded
 * says that argv is such a text. */
void pipeline_judge(struct pipeline *p, struct event *ev, bool is_decoded);
/* Forgets every count, as if nothing had been seen. -1: out of memory. */
int pipeline_forget(struct pipeline *p) __attribute__((warn_unused_result));
/* Lets go of events that have waited too long; now_ms never steps. */
void pipeline_tick(struct pipeline *p, int64_t now_ms);
/* Whether some event waits for more records, and so for ticks. */
bool pipeline_is_waiting(const struct pipeline *p);
/* The end of the stream: everything that is still open comes out. */
void pipeline_end(struct pipeline *p);
/* Brings the gauges up to date. */
void pipeline_gauge(struct pipeline *p);
/* The time of the newest event, in ms since the epoch; 0 before any. */
int64_t pipeline_time_ms(const struct pipeline *p);

#endif
