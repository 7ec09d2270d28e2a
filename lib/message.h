// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef MESSAGE_H
#define MESSAGE_H

#include <stdbool.h>

#include "str.h"

struct event;
struct record;

/*
 * A record that is an event by itself: what the kernel (LOGIN), auditd
 * (DAEMON_*) or a program (all others) says of users, sessions and services.
 *
 *   pid=N uid=N auid=N ses=N [subj=L] msg='op=TEXT acct="A" exe="E" ...'
 *
 * Of a program's word the kernel vouches for what stands in front of msg= only,
 * which is about the program itself; whoever has CAP_AUDIT_WRITE, root in a
 * container for one, may put anything behind it. So the first field of a name
 * counts, fields in msg= are never taken for those in front of it, and none of
 * this ever makes a process event.
 *
 * Of what was typed at a terminal the keys stand in data=, in hex or quotes;
 * TTY is the kernel's word, USER_TTY that of a shell.
 *
 * op= is the one text that is written with blanks and without quotes: it ends
 * where the next NAME= begins.
 */

/* Fills the event's ids, node, time and ev->message from a record for which
 * record_is_message holds; nothing is borrowed from it afterwards. -1: no room
 * in the event. */
int message_read(struct event *ev, const struct record *rec)
	__attribute__((warn_unused_result));

/* What stands in front of msg=' and what in it; absent if there is none. */
void message_split(
	struct bytes record, struct bytes *outer, struct bytes *inner);
/* The next NAME=VALUE of either, advancing *rest past it. False at the end. */
bool message_next(struct bytes *rest, struct bytes *name, struct bytes *value);

#endif
