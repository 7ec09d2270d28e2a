// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SPOOL_H
#define SPOOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct metrics;
struct queue_run;

/*
 * The lines of one output on disk, where memory is not enough, in order. They
 * outlive the process, however it ends: a line is in the page cache when
 * spool_put has returned, and a line cut short by a crash is found and cut
 * off. Nothing is synced, so a power failure may cost what the kernel had not
 * written yet, and may bring lines again that were sent. When the spool holds
 * its most, lines of the lowest scores go, a file of them at a time, the
 * oldest first. A disk that fails costs no time, but a try now and then.
 */
struct spool;

struct spool_conf {
	const char *dir; /* made when the first line comes */
	const char *name; /* [a-z0-9-], no other output's */
	size_t max; /* bytes of all files */
	struct metrics *metrics;
};

struct spool_line {
	const char *text; /* newline included; borrowed till the next call */
	uint32_t len;
	uint32_t dup_at; /* of its queue_line */
	bool is_unsure; /* an earlier process may have sent it */
	uint64_t order;
};

/* Finds what an earlier process left. NULL when out of memory. */
struct spool *spool_new(const struct spool_conf *cf)
	__attribute__((warn_unused_result));
/* What is in it stays. */
void spool_free(struct spool *s);
/* 0: no more lines are taken. */
void spool_set_max(struct spool *s, size_t max);

/* Takes lines of a run over, from its start, and tells how many; -1: it cannot
 * for now. now_ms never steps. */
int spool_put(struct spool *s, const struct queue_run *run, int64_t now_ms)
	__attribute__((warn_unused_result));
/* Whether there is a line, and which is the oldest. */
bool spool_peek(struct spool *s, struct spool_line *line);
/* The oldest line leaves the spool's count, but stays on disk until... */
void spool_take(struct spool *s);
/* Lines up to that order are about to be sent: should the process die before
 * it can say spool_sent, nobody knows. 0: not any more. */
void spool_begin(struct spool *s, uint64_t order);
/* ...it, and all before it, are dealt with for good. */
void spool_sent(struct spool *s, uint64_t order);
/* Lines that were not taken. */
uint64_t spool_count(const struct spool *s);
/* Tries again what another process, now gone perhaps, was in the way of. */
void spool_tick(struct spool *s, int64_t now_ms);

#endif
