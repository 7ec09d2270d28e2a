// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernel.h"

#include <elf.h>
#include <errno.h>
#include <libaudit.h>
#include <linux/audit.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

/* An answer comes at once, or not at all. */
#define WAIT_MS 1000
/* More rules than anybody has. */
#define REPLIES_MAX 4096

static bool has_call(const struct audit_rule_data *r, int call)
{
	return call >= 0 &&
	       r->mask[AUDIT_WORD(call)] & AUDIT_BIT((unsigned int)call);
}

static void note_calls(
	struct kernel_audit *k, const struct audit_rule_data *r, bool is_b32)
{
	int machine = is_b32 ? MACH_X86 : MACH_86_64;

#ifdef __aarch64__
	machine = is_b32 ? MACH_ARM : MACH_AARCH64;
#endif
	k->has_exec[is_b32] |=
		has_call(r, audit_name_to_syscall("execve", machine));
	k->has_execat[is_b32] |=
		has_call(r, audit_name_to_syscall("execveat", machine));
}

/* Conditions other than ABI and key make a rule see less than all. */
static void note_rule(struct kernel_audit *k, const struct audit_rule_data *r)
{
	bool is_b32 = false, has_arch = false, has_exe = false;
	bool is_narrow = false;

	k->n_rules++;
	if ((r->flags & AUDIT_FILTER_MASK) != AUDIT_FILTER_EXIT)
		return;
	for (uint32_t i = 0; i < r->field_count; i++) {
		switch (r->fields[i]) {
		case AUDIT_ARCH:
			has_arch = true;
			is_b32 = !(r->values[i] & __AUDIT_ARCH_64BIT);
			break;
		case AUDIT_EXE:
			has_exe = true;
			break;
		case AUDIT_FILTERKEY:
			break;
		default:
			is_narrow = true;
		}
	}
	if (r->action == AUDIT_NEVER) {
		k->has_never |= has_exe && !k->has_exec[0] && !k->has_exec[1];
		return;
	}
	if (r->action != AUDIT_ALWAYS || has_exe)
		return;
	k->is_exec_late |= is_narrow;
	if (has_arch)
		note_calls(k, r, is_b32);
	else
		for (int i = 0; i < 2; i++)
			note_calls(k, r, i);
}

/* Takes answers up to the last of them. */
static int take(int fd, struct kernel_audit *k, int request)
{
	struct audit_reply reply;

	for (int i = 0; i < REPLIES_MAX; i++) {
		struct pollfd p = { .fd = fd, .events = POLLIN };

		if (poll(&p, 1, WAIT_MS) <= 0)
			return -1;
		if (audit_get_reply(fd, &reply, GET_REPLY_NONBLOCKING, 0) <= 0)
			continue;
		if (reply.type == NLMSG_DONE)
			return 0;
		if (reply.type == NLMSG_ERROR && reply.error->error) {
			errno = -reply.error->error;
			return -1;
		}
		if (reply.type == AUDIT_LIST_RULES &&
			request == AUDIT_LIST_RULES)
			note_rule(k, reply.ruledata);
		if (reply.type != AUDIT_GET || request != AUDIT_GET)
			continue;
		k->enabled = reply.status->enabled;
		k->failure = reply.status->failure;
		k->pid = reply.status->pid;
		k->rate_limit = reply.status->rate_limit;
		k->backlog_limit = reply.status->backlog_limit;
		k->lost = reply.status->lost;
		k->backlog = reply.status->backlog;
		k->backlog_wait_time = reply.status->backlog_wait_time;
#ifdef AUDIT_STATUS_BACKLOG_WAIT_TIME_ACTUAL
		/* Older kernels' answers are shorter. */
		if (reply.len >= (int)NLMSG_LENGTH(sizeof(*reply.status)))
			k->waited = reply.status->backlog_wait_time_actual;
#endif
		return 0;
	}
	return -1;
}

int kernel_audit_get(struct kernel_audit *k)
{
	int fd = audit_open(), rc = -1;

	memset(k, 0, sizeof(*k));
	if (fd < 0)
		return -1;
	if (audit_request_status(fd) > 0 && take(fd, k, AUDIT_GET) == 0 &&
		audit_request_rules_list_data(fd) > 0)
		rc = take(fd, k, AUDIT_LIST_RULES);
	close(fd);
	return rc;
}
