// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef ASSEMBLE_H
#define ASSEMBLE_H

struct event;
struct gathered;

/*
 * One event's records to struct event: the only user of libauparse, which
 * takes EXECVE apart. It gets all such records of an event at once, and gives
 * them back at once. Raw accessors only: interpretation looks users up in NSS,
 * and its path code writes past a buffer (libauparse 3.0.9). One assemble a
 * process: libauparse has globals.
 */
struct assemble;

/* NULL when libauparse or memory fails. */
struct assemble *assemble_new(void) __attribute__((warn_unused_result));
void assemble_free(struct assemble *a);
/* The caller owns the event. NULL: out of memory. */
struct event *assemble_run(struct assemble *a, const struct gathered *g)
	__attribute__((warn_unused_result));

#endif
