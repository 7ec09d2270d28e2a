// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SUPERVISE_H
#define SUPERVISE_H

#include <stdbool.h>
#include <stdint.h>

struct ring;

/*
 * Keeps one engine alive. One that dies is started anew: at once when it had
 * got further, else after a pause that doubles. One that stands still with
 * something to read is killed. What two of them died of is made poison, so
 * that the third passes it over.
 */
struct supervise;

struct supervise_conf {
	struct ring *ring;
	int program_fd; /* what front itself was started from */
	char **argv; /* front's, whose first word becomes engine's name */
	int bell_fd; /* engine's standard input */
};

/* The first word of an engine's argv, which tells it that it is one. */
#define SUPERVISE_ENGINE "audisp-hunt: engine"
/* Where an engine finds the ring. */
#define SUPERVISE_RING_FD 3

/* NULL when out of memory. */
struct supervise *supervise_new(const struct supervise_conf *cf)
	__attribute__((warn_unused_result));
void supervise_free(struct supervise *s);
/* Looks after the engine: takes note of its end, starts one when one is due,
 * kills one that is stuck. now_ms is any clock that never steps. */
void supervise_run(struct supervise *s, int64_t now_ms);
/* SIGCHLD came: the next run sees whose. */
void supervise_child(struct supervise *s);
/* When it has to run next at the latest, in ms; -1: when SIGCHLD comes. */
int64_t supervise_wait_ms(const struct supervise *s, int64_t now_ms);
bool supervise_is_alive(const struct supervise *s);
/* From now on an engine that ends with status 0 has done all there is to do. */
void supervise_finish(struct supervise *s);
bool supervise_is_done(const struct supervise *s);
/* Front has to go: an engine that still takes steps may finish; one that does
 * not is killed. */
void supervise_leave(struct supervise *s);
/* Passes a signal on. */
void supervise_signal(const struct supervise *s, int number);

#endif
