// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef WATCH_H
#define WATCH_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/*
 * Watches a reader's end of a socket: how long does what was written wait there
 * while nobody reads? Three histograms come of it: of the gaps between its
 * reads; of the reader's own part of them; of how late a sleep of a millisecond
 * ends on this machine, in a thread of the reader's nice value. How long it
 * takes to begin is a figure of its own.
 *
 * The own part of a gap is what the reader ran in it and what it slept, and no
 * more than is left of it without the time in which the processor was away that
 * the reader needed, as a thread on each that comes before all others woke too
 * late. That in which it was ready to run and others ran is the machine's.
 */

/* CLOCK_MONOTONIC. */
int64_t watch_now_ns(void);
void watch_sleep_until(int64_t ns);

/* *written is how many bytes have been put into the socket of which its_end is
 * the reader's end. -1: errno. */
int watch_start(pid_t pid, int its_end, const _Atomic uint64_t *written);
/* Whether what still waits counts as a gap. */
void watch_stop(bool is_last_counted);
/* Members of a JSON object. */
void watch_print(void);

#endif
