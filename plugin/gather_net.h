// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef GATHER_NET_H
#define GATHER_NET_H

#include <stdbool.h>

#include "record.h"

struct call;
struct gather;
struct gather_slot;

/* Whether a SYSCALL record is about a call with a socket's address that may be
 * asked for; then call->socket says which. */
bool gather_net_takes(
	const struct gather *ga, const struct record *rec, struct call *call);
/* Whether such an event, to which a record of that type came, is over: its
 * address is none that is asked for, which is counted, or it came without. */
bool gather_net_is_void(const struct gather *ga, const struct gather_slot *s,
	enum record_type type);

#endif
