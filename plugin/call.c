// SPDX-License-Identifier: GPL-3.0-or-later
#include "call.h"

#include "record.h"
#include "syscalls.h"
#include "text.h"

bool call_read(struct call *call, struct bytes *rest)
{
	struct bytes name, value;
	uint64_t arch = 0;
	bool has_number = false;

	while (record_next(rest, &name, &value)) {
		/* a0 to a3 */
		if (name.len == 2)
			continue;
		if (bytes_equal(name, BYTES("arch"))) {
			call->is_unclear = text_u64(value, 16, &arch) < 0;
			call->arch = (uint32_t)arch;
		} else if (bytes_equal(name, BYTES("syscall"))) {
			has_number = text_u64(value, 10, &call->number) == 0;
		} else if (bytes_equal(name, BYTES("success"))) {
			call->has_success = true;
			call->is_success = bytes_equal(value, BYTES("yes"));
		} else if (bytes_equal(name, BYTES("exit"))) {
			call->has_exit = text_i64(value, &call->exit) == 0;
		} else if (bytes_equal(name, BYTES("items"))) {
			/* Damaged, it announces none. */
			(void)!text_u64(value, 10, &call->items);
			break;
		}
	}
	call->is_unclear |= !has_number || !syscalls_arch(call->arch);
	return call->is_unclear || syscalls_exec(call->arch, call->number);
}

struct bytes call_split(struct bytes *rest)
{
	const char *from = text_find(*rest, BYTES(" suid=")), *to;
	struct bytes behind = BYTES("");

	if (!from)
		return behind;
	behind = (struct bytes){ from, (size_t)(rest->p + rest->len - from) };
	to = text_find(behind, BYTES(" ses="));
	if (!to)
		return (struct bytes){ "", 0 };
	behind.len -= (size_t)(to - from);
	behind.p = to;
	rest->len = (size_t)(from - rest->p);
	return behind;
}
