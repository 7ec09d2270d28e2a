// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef EMIT_H
#define EMIT_H

#include <stdbool.h>
#include <stdint.h>

struct config;
struct event;
struct metrics;

/*
 * Events to their outputs, without ever waiting: what a destination does not
 * take at once stays in a queue of queue_max bytes, from which the oldest goes
 * when it is full. A destination that went away is tried once a second.
 */
struct emit;

struct emit_conf {
	/* Asks for one emit_flush when fd can be written to, or no longer. */
	void (*watch)(void *arg, int fd, bool is_on);
	void *arg;
	struct metrics *metrics;
};

/* NULL when out of memory. cf lives until the next emit_reload. */
struct emit *emit_new(const struct emit_conf *ec, const struct config *cf)
	__attribute__((warn_unused_result));
void emit_free(struct emit *e);
/* Queued lines go over to the outputs that stay; others' are dropped. -1: out
 * of memory, and all stays as it was. */
int emit_reload(struct emit *e, const struct config *cf)
	__attribute__((warn_unused_result));

void emit_event(struct emit *e, const struct event *ev);
/* The counters, to every output; time_ms since the epoch. */
void emit_status(struct emit *e, int64_t time_ms);
/* Sends what is waiting, as far as it goes. now_ms never steps. */
void emit_flush(struct emit *e, int64_t now_ms);
/* Whether lines wait; then emit_flush is due within a second. */
bool emit_is_waiting(const struct emit *e);
/* Whether every output is for good beyond reach (standard output closed). */
bool emit_is_dead(const struct emit *e);

#endif
