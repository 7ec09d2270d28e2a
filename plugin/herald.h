// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef HERALD_H
#define HERALD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "metrics.h"

struct config;
struct emit;
struct event;

/*
 * What the daemon says of itself, unasked: that it started, what it lost,
 * within HERALD_LOSS_MS and with exact counts, its counters each hour, and
 * when the host's canary no longer arrives. Counters also go to a file for
 * Prometheus.
 */
#define HERALD_LOSS_MS 5000

/* One each HERALD_LOSS_MS, for more than a minute. */
#define HERALD_SAMPLES 16

struct herald {
	struct herald_sample {
		int64_t at_ms;
		uint64_t lines, events;
	} samples[HERALD_SAMPLES];
	size_t n_samples; /* the oldest first */
	/* Losses that were told, as they stood; and with those in lines that
	 * an engine's death might still take along. */
	struct metrics *told, going;
	bool has_going;
	int64_t going_ms;
	uint64_t canaries; /* since anybody looked */
	char tool[4096]; /* whose canaries have figures */
	int64_t look_ms, status_ms, file_ms, canary_ms; /* when due */
};

/* told is zero, or what the herald before made of it; it outlives the herald.
 * Times never step. */
void herald_start(struct herald *h, struct metrics *told,
	const struct config *cf, int64_t now_ms);
/* Counts the event if it is a canary, and takes over what it tells. */
void herald_event(struct herald *h, const struct event *ev, struct metrics *m);
bool herald_is_canary(const struct herald *h, const struct event *ev);
/* In how many ms it is due. */
int herald_due_ms(const struct herald *h, int64_t now_ms);
/* Tells what there is to tell; wall_ms since the epoch. */
void herald_run(struct herald *h, struct metrics *m, const struct config *cf,
	struct emit *e, int64_t now_ms, int64_t wall_ms);

/* Lines were sent as far as they go; is_waiting: not all of them. */
void herald_settle(struct herald *h, bool is_waiting, int64_t now_ms);
/* Tells what is not yet told, and that the daemon stops. */
void herald_stop(struct herald *h, const struct metrics *m, struct emit *e,
	int64_t wall_ms);

#endif
