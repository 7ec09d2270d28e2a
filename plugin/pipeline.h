// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef PIPELINE_H
#define PIPELINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "overload.h"

struct alert_table;
struct baseline;
struct rules;
struct config;
struct detect;
struct event;
struct geo;
struct intel_table;
struct lineage;
struct listmap;
struct lineage_seen;
struct mark;
struct metrics;
struct network_table;
struct payload_table;
struct repeat;
struct repeat_page;
struct session_table;
struct state;

/*
 * Bytes in, events out; the one place that knows the order of the stages:
 *
 *   feed -> gather -> assemble -> lineage -> session -> decode -> ioc
 *        -> classify -> intel -> frequency -> payload -> detect -> alert
 *        -> score -> filter -> repeat -> redact -> out
 *
 * Of network calls: assemble -> lineage -> session -> network -> geo -> intel
 *        -> payload -> detect -> score -> filter -> redact -> out
 *
 * Of messages: message -> session -> detect -> geo -> redact -> out
 *
 * Of what was typed: message -> session -> decode -> ... -> frequency
 *        -> payload -> alert -> score -> filter -> redact -> out
 *
 * Of other calls: assemble -> lineage -> session -> detect -> redact
 *
 * What repeat counts goes out too, with ev->repeat.slot, for its fate to be
 * noted: nothing is to be told of it.
 */
struct pipeline;

struct pipeline_conf {
	/* Borrows the event until it returns. With ev->told it is about that
	 * alert of an event that came right before. */
	void (*out)(void *arg, struct event *ev);
	/* Which outputs would take the event, a bit each; none if it must not
	 * be counted with others. NULL: no event ever is. */
	uint64_t (*audience)(void *arg, const struct event *ev);
	void *arg;
	struct metrics *metrics;
	/* Where repeats are counted, for whoever comes after this process.
	 * NULL: nobody does. Borrowed. */
	struct repeat_page *repeats;
	bool is_replay; /* its clock is the events' */
	/* What is known of indicators and hosts; NULL: nothing. Borrowed. */
	struct intel_table *intel;
	struct alert_table *alerts; /* ours go in, too, in profile notebook */
	/* Looked up in as they are at each event; NULL: there is none. */
	const struct listmap *lists;
	const struct baseline *baseline;
	/* Where each line and event is noted, and which are passed over; NULL:
	 * nowhere, none. Borrowed. */
	const struct mark *mark;
	/* Whom to ask about processes of this host: lineage_conf.look. */
	bool (*look)(void *arg, uint32_t pid, int64_t time_ms,
		struct lineage_seen *seen);
	void *look_arg;
	/* Asked before each event until it says true, for pipeline_seed; NULL:
	 * nobody is to be asked. */
	bool (*seed)(void *arg, int64_t time_ms);
};

/* NULL when out of memory. cf lives until the next pipeline_reload; so far
 * there are no rules. */
struct pipeline *pipeline_new(const struct pipeline_conf *pc,
	const struct config *cf) __attribute__((warn_unused_result));
void pipeline_free(struct pipeline *p);
/* Takes the rules over; NULL: there are none. */
void pipeline_reload(
	struct pipeline *p, const struct config *cf, struct rules *rules);

/* Reads fd once: what read(2) returned, with errno. */
ssize_t pipeline_read(struct pipeline *p, int fd)
	__attribute__((warn_unused_result));
void pipeline_push(struct pipeline *p, const char *bytes, size_t n);
/* An event that came by another way than as records. */
void pipeline_event(struct pipeline *p, struct event *ev);
/* A process that ran before the first event: p is a pipeline. */
void pipeline_seed(void *p, uint32_t pid, const struct lineage_seen *seen);
/* There are no others; now_ms since the epoch. */
void pipeline_seeded(struct pipeline *p, int64_t now_ms);
/* What an event's own text tells, without counting it: decode, ioc, classify
 * and intel. The notebook takes indicators from decoded text only; is_decoded
 * says that argv is such a text. */
void pipeline_judge(struct pipeline *p, struct event *ev, bool is_decoded);
/* Masks the secrets in what an event tells, once nothing is to be judged by
 * it any more; pipeline_conf.out gets events for which that was done. */
void pipeline_redact(struct pipeline *p, struct event *ev);
/* Hands what is to survive a restart to st, which is freed first. -1: no room
 * for it. */
int pipeline_keep(struct pipeline *p, struct state *st)
	__attribute__((warn_unused_result));
/* Forgets every count, as if nothing had been seen; not after
 * pipeline_keep. -1: out of memory. */
int pipeline_forget(struct pipeline *p) __attribute__((warn_unused_result));
/* Lets go of events that have waited too long; now_ms never steps. */
void pipeline_tick(struct pipeline *p, int64_t now_ms);
/* Whether some event waits for more records, and so for ticks. */
bool pipeline_is_waiting(const struct pipeline *p);
/* Leaves out what that level says (overload.h). */
void pipeline_relieve(struct pipeline *p, enum overload_level level);
/* NULL where nothing is ever counted. */
struct repeat *pipeline_repeat(struct pipeline *p);
/* The end of the stream: everything that is still open comes out. */
void pipeline_end(struct pipeline *p);
/* Positions in the input: what comes next stands at pos (between two lines);
 * and where the oldest byte stands that an event still to come is made of. */
void pipeline_seek(struct pipeline *p, uint64_t pos);
uint64_t pipeline_pos(const struct pipeline *p);
/* Lets go of the event that came in at pos, if it is still open. */
void pipeline_expire(struct pipeline *p, uint64_t pos);
/* Who was there, and what ran; borrowed until the next event. */
const struct session_table *pipeline_sessions(const struct pipeline *p);
struct lineage *pipeline_lineage(struct pipeline *p);
const struct payload_table *pipeline_payloads(const struct pipeline *p);
const struct network_table *pipeline_peers(const struct pipeline *p);
const struct detect *pipeline_detect(const struct pipeline *p);
/* Databases of places, NULL where there are none; until the next reload. */
struct geo *pipeline_geo(const struct pipeline *p);
/* Brings the gauges up to date. */
void pipeline_gauge(struct pipeline *p);
/* The time of the newest event, in ms since the epoch; 0 before any. */
int64_t pipeline_time_ms(const struct pipeline *p);

#endif
