// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef BROKER_GATE_H
#define BROKER_GATE_H

#include <stdbool.h>
#include <stdint.h>

/*
 * One provider's door: what it allows a minute and a day, how many questions
 * it has at once, and how long it is left alone after it said so or failed.
 * Times are in ms of a clock that never steps, days since the epoch in UTC.
 */

/* Questions at one time. */
#define GATE_IN_FLIGHT_MAX 4
/* Failures in a row that close it. */
#define GATE_FAILURES_MAX 5

struct gate {
	unsigned int per_minute, per_day; /* 0: as many as one likes */
	double tokens; /* of the minute */
	int64_t filled_ms; /* 0: never */
	int64_t day;
	unsigned int used; /* on that day */
	unsigned int in_flight;
	unsigned int failures; /* in a row */
	unsigned int backoffs; /* in a row */
	int64_t closed_ms; /* until then; 0: it is open */
	bool is_denied;
	uint64_t random;
	char why[96];
};

void gate_init(struct gate *g, unsigned int per_minute, unsigned int per_day,
	uint64_t seed);
void gate_recall(struct gate *g, int64_t day, unsigned int used);
/* How long until a question may go; 0: now. */
int64_t gate_wait_ms(const struct gate *g, int64_t now_ms, int64_t day);
bool gate_is_full(const struct gate *g);
/* Why it will not be asked soon. */
const char *gate_why(const struct gate *g, int64_t day);
/* A question goes; give_back: it did not. */
void gate_take(struct gate *g, int64_t now_ms, int64_t day);
void gate_give_back(struct gate *g);
/* An answer came, or the time for it is over; what it was follows. */
void gate_leave(struct gate *g);
void gate_succeed(struct gate *g);
/* True: this one closed it. */
bool gate_fail(struct gate *g, int64_t now_ms, const char *why);
/* retry_after_ms -1: it did not say. */
void gate_limit(struct gate *g, int64_t now_ms, int64_t retry_after_ms,
	const char *why);
void gate_deny(struct gate *g, const char *why);
unsigned int gate_used(const struct gate *g, int64_t day);
/* For how long it is left alone; 0: it is not. */
int64_t gate_closed_ms(const struct gate *g, int64_t now_ms);

#endif
