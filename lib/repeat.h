// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef REPEAT_H
#define REPEAT_H

#include <stdbool.h>
#include <stdint.h>

#include "score.h"

struct event;
struct repeat_page;

/*
 * Events that say what another said a moment ago are counted, and told
 * together in one line of kind repeat when the window that the first of them
 * opened is over. The first is always told, and so is one that scores higher
 * than it, or otherwise.
 *
 * Two events say the same when all that a line tells of them is equal but the
 * time, the number, pid and ppid: node, arch, system call, success, exit,
 * users, session, tty, comm, exe, cwd, every byte of every argument, key, the
 * programs that it stems from, and the record of the file that was run, so that
 * a program put in the place of another is not the other. They are compared by
 * a hash under a secret seed, so nobody can make one look like another. Events
 * that lack a record, or were closed early, are always told.
 *
 * The table is of fixed size and shared by the users (quota.h). What has to go
 * to make room is told at once; what comes again is then a first one.
 */
struct repeat;

struct repeat_conf {
	struct repeat_page *page; /* repeat_page.h; borrowed */
	uint64_t seed[2]; /* of the hash; from the kernel's randomness */
	/* Takes an event with repeat.count, borrowed until it returns. */
	void (*tell)(void *arg, struct event *ev);
	void *arg;
};

/* What holds for the next event. */
struct repeat_rule {
	bool is_on; /* repeats are rolled up; else only noted */
	int64_t window_ms; /* the same until repeat_end */
	double below; /* who scores this much is always told */
	const struct score_conf *severity;
	/* Time that never steps back: of a replay, the events' own. */
	int64_t now_ms;
};

/* NULL when out of memory. What the page holds of a process that died is kept
 * for repeat_resume. */
struct repeat *repeat_new(const struct repeat_conf *cf)
	__attribute__((warn_unused_result));
void repeat_free(struct repeat *r);
/* Tells what a process that died had counted, marked (is_dup) where it may
 * have told it. Before anything else. */
void repeat_resume(struct repeat *r);

/* Before anything is known of the event: whether one that said the same was
 * told within the window, and hid nothing. Then its score, of which intel's
 * part, and filters are those of the first. */
bool repeat_knows(
	struct repeat *r, struct event *ev, const struct repeat_rule *rule);
/* Once it is scored: whether it is to be counted instead of told, and then
 * ev->repeat.slot says where. outputs has a bit for each that would take it;
 * with none it is never counted. */
bool repeat_run(struct repeat *r, struct event *ev, uint64_t outputs,
	const struct repeat_rule *rule);
/* Once its secrets are masked and it was told: keeps what the line of its
 * repeats will say. Without this call those that follow are told, too. */
void repeat_keep(struct repeat *r, const struct event *ev);
/* Puts the arguments that were kept, as far as they were, in the place of the
 * event's own: they say the same, and are masked. */
void repeat_mask(struct event *ev);
/* Counts the event in ev->repeat.slot; it survives the process from now on. */
void repeat_count(const struct event *ev);

/* Tells those whose window is over, or all. */
void repeat_tick(struct repeat *r, int64_t now_ms);
void repeat_end(struct repeat *r);
/* All that was told is safe by now. */
void repeat_settle(struct repeat *r);
/* When the next line may be due, INT64_MAX if none is. */
int64_t repeat_due_ms(const struct repeat *r);
/* Events counted whose line is still to come. */
uint64_t repeat_open(const struct repeat *r);
/* Commands whose window was ended to make room. */
uint64_t repeat_evicted(const struct repeat *r);

#endif
