// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef LEDGER_H
#define LEDGER_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Which events have been emitted, by input_pos, in memory that outlives the
 * engine: a new one reads its input again from the oldest event that was not
 * safe, and most of what follows that one has long been sent.
 */
struct ledger;

/* Entries remembered: twice as many as events come in the 2 s that one that
 * lost its end can hold the others up, at 5,000 a second and more. */
#define LEDGER_MAX 32768

/* Lines of one write. */
#define LEDGER_FLIGHT_MAX 1024

/* Zero-initialised at first. */
struct ledger_page {
	_Atomic uint64_t begun, done; /* of log, counted on past its end */
	_Atomic uint64_t n_sent; /* events ever begun */
	_Atomic uint64_t is_torn; /* the log is being written anew */
	uint64_t floor; /* the log may lack events from before here */
	_Atomic uint64_t n_flight;
	uint64_t flight[LEDGER_FLIGHT_MAX]; /* input_pos of each */
	uint64_t log[LEDGER_MAX]; /* input_pos << 4, and what of it */
};

enum ledger_fate {
	LEDGER_NEW, /* nobody has emitted it */
	LEDGER_DONE, /* it was handed over */
	LEDGER_UNSURE /* it may have been */
};

/* Takes in what the engine before left; nothing from before input_pos from will
 * be asked for. NULL when out of memory. */
struct ledger *ledger_new(struct ledger_page *page, uint64_t from)
	__attribute__((warn_unused_result));
void ledger_free(struct ledger *l);
/* Events of the engine before; free of cost once those are past. */
enum ledger_fate ledger_find(const struct ledger *l, uint64_t input_pos);
/* The event is about to be sent; is_told: each write of it will be too, by
 * ledger_send and ledger_done ... */
void ledger_begin(struct ledger *l, uint64_t input_pos, bool is_told);
/* ... as the i-th line of one write ... */
void ledger_send(struct ledger *l, uint64_t input_pos, size_t i);
/* ... and has been, while others wait ... */
void ledger_done(struct ledger *l, uint64_t input_pos);
/* ... and all that have begun are sent now. */
void ledger_settle(struct ledger *l);
/* What was told of events from before input_pos may not be all. */
void ledger_forget(struct ledger *l, uint64_t input_pos);

#endif
