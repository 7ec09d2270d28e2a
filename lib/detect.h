// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef DETECT_H
#define DETECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "str.h"

struct event;

/*
 * Alerts of our own: what an event is, or several of one session are, by rows
 * that are data (conf/hunt.d, alerts*.conf). Rows are found by one word that
 * the event has to have (the name of its program, its type...), so that an
 * event that none is about costs a look or two.
 *
 * An alert that says what another said within its row's every= is counted and
 * not told again until that is over; then the next says how many there were.
 * Of one row so many are told a minute, whatever they say. All tables are of
 * fixed size: the oldest goes.
 */
struct detect_rules; /* the rows */
struct detect; /* the stage's memory */

/* Rows, and alerts of one event. */
#define DETECT_ROWS_MAX  1024
#define DETECT_FIRED_MAX 8
/* Techniques of a row. */
#define DETECT_ATTACK_MAX 4
/* Steps of a sequence, commands of a burst. */
#define DETECT_STEPS_MAX 8
#define DETECT_BURST_MAX 16
/* Alerts of one row that are told within a minute. */
#define DETECT_MINUTE_MAX 30
/* Told alerts, addresses seen, half-done sequences that are remembered. */
#define DETECT_TOLD_MAX  8192
#define DETECT_SEEN_MAX  32768
#define DETECT_STATE_MAX 8192
/* The latest alerts, by which events are judged. */
#define DETECT_RECENT_MAX 256
/* Bytes kept of a host, a program and a reason. */
#define DETECT_HOST_MAX 96
#define DETECT_EXE_MAX  96
#define DETECT_WHY_MAX  200
/* Bytes of the name of a row. */
#define DETECT_NAME_LEN 40

/* NULL when out of memory. */
struct detect_rules *detect_rules_new(void) __attribute__((warn_unused_result));
void detect_rules_free(struct detect_rules *r);
/*
 * Takes one line of a rows file. -1: *why says what is wrong with it.
 *
 *   alert NAME on=KIND severity=S [attack=ID,ID] [every=SECONDS] "why=TEXT"
 *         TEST...
 *   mark NAME on=KIND [bind=FIELD] TEST...
 *       an event that is no alert by itself, but one of
 *   sequence NAME severity=S [attack=] [every=] within=SECONDS [by=WHOSE]
 *         "why=TEXT" MARK MARK...      in that order
 *   burst NAME severity=S [attack=] [every=] within=SECONDS n=COUNT [of=FIELD]
 *         [by=WHOSE] "why=TEXT" MARK...  so many, with different values of
 *                                        FIELD
 *
 * KIND is exec (of a program that did start), network, message or call; WHOSE
 * is session (the usual), user, host or addr. Marks come before what names
 * them. Every mark that has bind= has to be about the same value of it as the
 * one before.
 *
 * A test is FIELD OPERATOR VALUE without blanks between them: = is it, ^=
 * begins with it, $= ends with it, *= has it somewhere (with no VALUE: is
 * there), each with a ! before it for the contrary, >= for numbers. VALUE may
 * be several with | between. A field of several values (arg, path,
 * category...) passes when one of them does, and one that is absent only a !.
 * new=FIELD holds where its value was not seen before by that row on that
 * host. {FIELD} in TEXT stands for the value. audisp-hunt.conf(5) lists the
 * fields.
 */
int detect_rules_line(struct detect_rules *r, struct bytes line,
	struct str *why) __attribute__((warn_unused_result));
/* After the last. -1: out of memory. */
int detect_rules_done(struct detect_rules *r)
	__attribute__((warn_unused_result));
/* Alerts, sequences and bursts. */
size_t detect_rules_count(const struct detect_rules *r);
/* The calls that rows are about: bits of 1 << enum syscalls_watched. */
uint32_t detect_rules_calls(const struct detect_rules *r);

struct detect_conf {
	uint64_t seed[2];
	char own_host[256]; /* what an event without node= is from */
};

/* NULL when out of memory. */
struct detect *detect_new(const struct detect_conf *cf)
	__attribute__((warn_unused_result));
void detect_free(struct detect *d);
/* Half-done sequences are of rows that are no more. */
void detect_reload(struct detect *d);
/* Fills ev->fired. */
void detect_run(
	struct detect *d, struct event *ev, const struct detect_rules *r);
/* Adds to ev->alerts what our own latest alerts say of the event: by its
 * process and those above it, by its session, by its host, each less the longer
 * ago. */
void detect_relate(const struct detect *d, struct event *ev);

/* Alerts not told since the last that was, and rows, addresses and sequences
 * forgotten to make room. */
uint64_t detect_suppressed(const struct detect *d);
uint64_t detect_evicted(const struct detect *d);

/* One of the latest alerts, as far as its texts are kept. */
struct detect_alert_told {
	struct bytes host, name, exe, why; /* borrowed; host absent: our own */
	unsigned int severity; /* enum alert_severity */
	int64_t time_ms;
	uint32_t serial, ses, auid; /* EVENT_UNSET where they are */
	uint64_t session, guid; /* 0: none */
	uint64_t change;
};

/* The i-th, the oldest first. False: there are not so many. */
bool detect_told_at(
	const struct detect *d, size_t i, struct detect_alert_told *alert);

/* What is remembered by a hash: what was told, what was seen, and what is half
 * done, as 24 numbers. */
enum detect_key_kind { DETECT_KEY_TOLD, DETECT_KEY_SEEN, DETECT_KEY_STEP };
#define DETECT_KEY_NUMBERS 24

struct detect_key {
	enum detect_key_kind kind;
	uint64_t key, change;
	uint64_t numbers[DETECT_KEY_NUMBERS];
	size_t n;
};

/* For who keeps them: the number of the last change, and what changed after
 * one by row; *at starts at 0. False at the end. */
uint64_t detect_change(const struct detect *d);
bool detect_keys_changed(const struct detect *d, uint64_t after, uint32_t *at,
	uint32_t *row, struct detect_key *key);
bool detect_told_changed(const struct detect *d, uint64_t after, uint32_t *at,
	uint32_t *row, struct detect_alert_told *alert);
/* Put one back, in the order of their changes. -1: it cannot be. */
int detect_restore_key(struct detect *d, const struct detect_key *key)
	__attribute__((warn_unused_result));
int detect_restore_told(struct detect *d, const struct detect_alert_told *alert)
	__attribute__((warn_unused_result));

#endif
