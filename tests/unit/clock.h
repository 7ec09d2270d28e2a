// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CLOCK_H
#define CLOCK_H

#include <stdint.h>
#include <time.h>

#include "check.h"

/*
 * What a piece of work costs: this process's processor time, so what others
 * run counts only as far as they share caches, memory and the core itself.
 * Compare the best of several tries.
 */
static inline double clock_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

/*
 * Plain work, always the same: a table is looked up and memory read, byte by
 * byte, as the stages do it. CLOCK_WORK_MS is what it takes where the limits
 * were set: one core of a Xeon at 2.3 GHz, idle, gcc 12, -O3.
 */
#define CLOCK_WORK_MS  0.55
#define CLOCK_WORK_LEN (512 * 1024)
#define CLOCK_TRIES    3

/* Code that was not optimized takes so many times as long, beyond what the
 * work does. */
#ifdef __OPTIMIZE__
#define CLOCK_PLAIN 1
#else
#define CLOCK_PLAIN 5
#endif

/* So that the compiler leaves nothing out. */
static volatile uint32_t clock_sink;

static inline double clock_work_ms(void)
{
	static unsigned char room[CLOCK_WORK_LEN];
	uint32_t table[256], h = 1;
	double from = clock_ms();

	for (uint32_t i = 0; i < 256; i++)
		table[i] = i * 2654435761u;
	for (size_t i = 0; i < sizeof(room); i++)
		room[i] = (unsigned char)(i * i >> 7);
	for (size_t i = 0; i < sizeof(room); i++) {
		h = (h << 5 | h >> 27) ^ table[room[i]];
		if (room[i] == '\n' || (h & 0xff) == '\\')
			h += table[h >> 24];
	}
	clock_sink = h;
	return clock_ms() - from;
}

/* ms, or as much more as this machine is slower now: to be asked for right
 * beside what is measured, since a busy machine is slow at times. */
static inline double clock_limit_ms(double ms)
{
	double best = clock_work_ms();

	for (int i = 1; i < CLOCK_TRIES; i++) {
		double work = clock_work_ms();

		best = work < best ? work : best;
	}
	ms *= CLOCK_PLAIN;
	return best > CLOCK_WORK_MS ? ms * best / CLOCK_WORK_MS : ms;
}

#endif
