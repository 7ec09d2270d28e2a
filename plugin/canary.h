// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CANARY_H
#define CANARY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct event;

/*
 * An exec that root's timer starts each minute. That it comes proves the way
 * from the audit rules to us; and in its arguments stand figures that need
 * capabilities which we don't have: "auhunt canary audisp-hunt-canary lost=0
 * ...". Without figures, any program may be one.
 */
#define CANARY_WORD "audisp-hunt-canary"

/* As auditctl -s and auditd's own report have them. */
#define CANARY_FIGURES(X)                                                      \
	X(enabled) /* 2: the rules are locked */                               \
	X(lost) /* records, since boot or since somebody set it to 0 */        \
	X(backlog) /* records in the kernel's queue */                         \
	X(backlog_limit)                                                       \
	X(waited) /* jiffies that programs waited for room there, since boot   \
		   */                                                          \
	X(queue_most) /* records in auditd's queue for plugins, at most */     \
	X(queue_size)                                                          \
	X(overflow) /* 1: that was too small since auditd's start */

enum canary_figure {
#define X(name) CANARY_##name,
	CANARY_FIGURES(X)
#undef X
		CANARY_N
};

struct canary {
	bool has[CANARY_N];
	uint32_t value[CANARY_N];
};

/* "lost=0" */
#define CANARY_TEXT_MAX 32

/* Takes the figures out of an event. False: it is no canary, for one that a
 * user sent, however root he became: no login session leads to it. Figures are
 * believed where the program is tool, the path of ours. */
bool canary_read(const struct event *ev, const char *tool, struct canary *c);
/* The i-th figure that there is, as an argument, and the next i; false: no more
 * are there. */
bool canary_next(const struct canary *c, size_t *i, char to[CANARY_TEXT_MAX]);

#endif
