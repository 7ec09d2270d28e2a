// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef GATHER_WATCH_H
#define GATHER_WATCH_H

#include <stdbool.h>

struct call;
struct gather;
struct record;

/* Whether a SYSCALL record is about another call that is asked for; then
 * call->watched says which. */
bool gather_watch_takes(
	const struct gather *ga, const struct record *rec, struct call *call);

#endif
