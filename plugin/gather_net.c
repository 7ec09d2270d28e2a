// SPDX-License-Identifier: GPL-3.0-or-later
/* Calls with a socket's address: SYSCALL says which call, SOCKADDR whether
 * anybody wants it. */
#include "gather_net.h"

#include "gather_state.h"
#include "metrics.h"
#include "saddr.h"
#include "syscalls.h"
#include "text.h"

void gather_take_network(struct gather *ga, unsigned int families)
{
	ga->families = families;
}

bool gather_net_takes(
	const struct gather *ga, const struct record *rec, struct call *call)
{
	uint64_t which = 0;

	if (!ga->families)
		return false;
	call->socket = syscalls_socket(call->arch, call->number);
	if (call->socket != SYSCALLS_SOCKETCALL)
		return call->socket != SYSCALLS_NO_SOCKET;
	(void)!text_u64(record_field(rec->body, BYTES("a0")), 16, &which);
	call->socket = syscalls_socketcall(which);
	return call->socket != SYSCALLS_NO_SOCKET;
}

static bool is_wanted(const struct gather *ga, const struct gather_slot *s)
{
	struct metrics *m = ga->cf.metrics;
	enum saddr_family family =
		saddr_family(str_bytes(&s->texts[GATHER_SOCKADDR]),
			syscalls_is_little(s->call.arch));

	if (ga->families >> family & 1)
		return true;
	m->network_netlink += family == SADDR_NETLINK;
	m->network_other += family != SADDR_NETLINK;
	return false;
}

bool gather_net_is_void(const struct gather *ga, const struct gather_slot *s,
	enum record_type type)
{
	if (!s->count[RECORD_SOCKADDR])
		return type == RECORD_PROCTITLE || type == RECORD_EOE;
	if (type != RECORD_SOCKADDR && type != RECORD_SYSCALL)
		return false;
	return !is_wanted(ga, s);
}
