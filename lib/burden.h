// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef BURDEN_H
#define BURDEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct event;

/* Users told apart; who weighs least makes room. A user with one part in so
 * many of the whole is never missed. */
#define BURDEN_USERS 16
/* After so long what was noted counts half. */
#define BURDEN_HALF_MS 1000

struct burden_user {
	bool is_uid; /* the auid is unset, as a service's is */
	uint32_t id;
	uint64_t weight; /* 0: nobody */
	uint64_t doubt; /* of the weight: it may be others' */
};

/*
 * Whose events take the most memory of late, with that the most time. The
 * counters are those of Metwally et al., Efficient Computation of Frequent and
 * Top-k Elements in Data Streams (2005). Zero-initialise.
 */
struct burden {
	struct burden_user users[BURDEN_USERS];
	uint64_t total;
	int64_t halved_ms;
};

void burden_note(struct burden *b, const struct event *ev);
/* Lets what is older count less; now_ms never steps. */
void burden_tick(struct burden *b, int64_t now_ms);
/* The one with the most, NULL if there was no event; *percent of the whole is
 * his for sure. */
const struct burden_user *burden_top(
	const struct burden *b, unsigned int *percent);

#endif
