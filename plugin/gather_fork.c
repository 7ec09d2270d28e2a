// SPDX-License-Identifier: GPL-3.0-or-later
/* Forks and exits: all that lineage wants of them stands in SYSCALL. */
#include "gather_fork.h"

#include "gather.h"
#include "record.h"
#include "syscalls.h"
#include "text.h"

/* clone()'s first argument: the new one is but a thread. */
#define CLONE_THREAD 0x10000u
/* PATH_MAX, which is all that exe= can have. */
#define EXE_MAX 4096

static uint32_t number(struct bytes body, struct bytes name)
{
	uint64_t v = 0;

	if (text_u64(record_field(body, name), 10, &v) < 0 || v > UINT32_MAX)
		return 0;
	return (uint32_t)v;
}

static bool is_thread(struct bytes body)
{
	uint64_t flags = 0;

	return text_u64(record_field(body, BYTES("a0")), 16, &flags) == 0 &&
	       flags & CLONE_THREAD;
}

void gather_fork(const struct gather_conf *cf, const struct record *rec,
	const struct call *call)
{
	enum syscalls_life life = syscalls_life(call->arch, call->number);
	char exe[EXE_MAX];
	struct gathered_fork f = { .node = rec->node,
		.time_ms = rec->time_ms,
		.serial = rec->serial };
	struct bytes value;

	if (life == SYSCALLS_NEITHER || !cf->fork)
		return;
	f.pid = number(rec->body, BYTES("pid"));
	if (!f.pid)
		return;
	if (life == SYSCALLS_FORK) {
		if (!call->is_success || call->exit <= 0 ||
			call->exit > UINT32_MAX || is_thread(rec->body))
			return;
		f.child = (uint32_t)call->exit;
		f.ppid = number(rec->body, BYTES("ppid"));
		value = record_field(rec->body, BYTES("exe"));
		if (value.len / 2 <= sizeof(exe))
			f.exe = record_text(value, exe);
	}
	cf->fork(cf->arg, &f);
}
