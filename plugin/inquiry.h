// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef INQUIRY_H
#define INQUIRY_H

#include <stdint.h>

struct config;
struct emit;
struct event;
struct intel_table;
struct loop;
struct metrics;

/*
 * The engine's side of threat intelligence: what nobody knows yet of an event's
 * indicators is asked of the intel process over its socket, and what is left of
 * the event waits for the answer. It never waits itself: where there is no such
 * process, or a slow one, verdicts are pending and no more.
 */
struct inquiry;

/* Events that wait, and indicators that are asked about; the oldest go. */
#define INQUIRY_EVENTS_MAX    512
#define INQUIRY_QUESTIONS_MAX 1024
/* An answer that is not there by then is none. */
#define INQUIRY_WAIT_MS (10 * 60 * 1000LL)
/* What was learnt is asked anew after that; the intel process knows it. */
#define INQUIRY_LEARNT_MS (6 * 3600 * 1000LL)
#define INQUIRY_LEARNT    65536

/* NULL when out of memory; all that follows takes it for one who asks nobody.
 * cf lives until the next inquiry_reload. */
struct inquiry *inquiry_new(struct loop *loop, struct emit *emit,
	struct metrics *metrics, const struct config *cf)
	__attribute__((warn_unused_result));
void inquiry_free(struct inquiry *q);
void inquiry_reload(struct inquiry *q, const struct config *cf);
/* What is known by now, for intel_run. */
struct intel_table *inquiry_learnt(struct inquiry *q);
/* Before the event is told: sets ev->n_pending, and asks. A verdict that comes
 * later is told in a line of kind intel. */
void inquiry_event(struct inquiry *q, struct event *ev, int64_t now_ms);
/* The socket is ready for that; now_ms never steps. */
void inquiry_ready(
	struct inquiry *q, int fd, unsigned int what, int64_t now_ms);
/* Does what is due, and says when that will be again; INT64_MAX: never. */
int64_t inquiry_run(struct inquiry *q, int64_t now_ms);

#endif
