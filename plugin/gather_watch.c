// SPDX-License-Identifier: GPL-3.0-or-later
/* Calls that rows of alerts are about. Rules may have the kernel record them by
 * the thousand: most are passed over by what SYSCALL says. */
#include "gather_watch.h"

#include "gather_state.h"
#include "record.h"
#include "syscalls.h"
#include "text.h"

void gather_take_calls(struct gather *ga, uint32_t calls)
{
	ga->calls = calls;
}

bool gather_watch_takes(
	const struct gather *ga, const struct record *rec, struct call *call)
{
	static const struct bytes names[] = { BYTES("a0"), BYTES("a1"),
		BYTES("a2") };
	enum syscalls_watched watched;
	uint64_t argument = 0;
	int which;

	if (!ga->calls || !call->is_success)
		return false;
	watched = syscalls_watched(call->arch, call->number);
	if (watched == SYSCALLS_NOT_WATCHED || !(ga->calls >> watched & 1))
		return false;
	which = syscalls_watched_argument(watched);
	if (which >= 0)
		(void)!text_u64(
			record_field(rec->body, names[which]), 16, &argument);
	if (!syscalls_watched_is_meant(watched, argument))
		return false;
	call->watched = watched;
	return true;
}
