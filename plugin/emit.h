// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef EMIT_H
#define EMIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "format.h"

struct config;
struct event;
struct filter_rules;
struct metrics;

/*
 * Events to their outputs, without ever waiting: what a destination does not
 * take at once stays in a queue of queue_max bytes, from which the lowest
 * scores go when it is full, of those the oldest.
 */
struct emit;

struct emit_conf {
	/* Asks for one emit_flush when fd can be written to, or no longer. */
	void (*watch)(void *arg, int fd, bool is_on);
	/* A line of the event from that input_pos is going to an output, or to
	 * disk, as the i-th of one write; and has gone. NULL if nobody wants to
	 * know. */
	void (*sending)(void *arg, uint64_t input_pos, size_t i);
	void (*sent)(void *arg, uint64_t input_pos);
	void *arg;
	struct metrics *metrics;
	/* The next seq of each output, where a process that follows this one
	 * finds them; CONFIG_OUTPUTS_MAX of them. NULL: all begin with 0. */
	uint64_t *seqs;
};

/* NULL when out of memory. cf lives until the next emit_reload. */
struct emit *emit_new(const struct emit_conf *ec, const struct config *cf)
	__attribute__((warn_unused_result));
void emit_free(struct emit *e);
/* Queued lines go over to the outputs that stay; others' are dropped. -1: out
 * of memory, and all stays as it was. */
int emit_reload(struct emit *e, const struct config *cf)
	__attribute__((warn_unused_result));

/* The rows whose bits events bring, NULL for none; what each kept back is
 * counted from its first time on. Nothing of r is kept. */
void emit_filters(struct emit *e, const struct filter_rules *r);

/* What filters of each name have kept back, at most FILTER_NAMES_MAX; how many.
 * The names live until the next emit_filters. */
size_t emit_counts(const struct emit *e, struct format_counter *to);
/* An event, or one that stands for others; or counts it where repeat wants it
 * counted. */
void emit_event(struct emit *e, const struct event *ev);
/* A verdict that came later, for an event that was told (late.h). */
void emit_late(struct emit *e, const struct event *ev);
/* The alert that it is told as, by the points of its severity. */
void emit_alert(struct emit *e, const struct event *ev);
/* The outputs that would take it, a bit each. */
uint64_t emit_audience(const struct emit *e, const struct event *ev);
/* A line about ourselves, of a kind such as "loss", to every output. */
struct emit_notice {
	const char *kind;
	enum score_severity sev;
	int64_t time_ms; /* since the epoch */
	const struct format_counter *counters; /* n of them */
	size_t n;
};

void emit_notice(struct emit *e, const struct emit_notice *notice);
/* All counters, in a notice of that kind; time_ms since the epoch. */
void emit_status(struct emit *e, const char *kind, int64_t time_ms);
/* Sends what is waiting, as far as it goes. now_ms never steps. */
void emit_flush(struct emit *e, int64_t now_ms);
/* What still waits then goes to disk, for others to be let go. */
void emit_spill(struct emit *e);
/* In how many ms emit_flush is due, should no watched descriptor ask for it
 * sooner; -1: no line waits. */
int emit_due_ms(const struct emit *e, int64_t now_ms);
bool emit_is_waiting(const struct emit *e);
/* Where the oldest event came in (its input_pos) whose lines are nowhere but in
 * this process's memory; UINT64_MAX if all are handed over or on disk. */
uint64_t emit_safe(const struct emit *e);
/* Whether every output is for good beyond reach (standard output closed). */
bool emit_is_dead(const struct emit *e);

#endif
