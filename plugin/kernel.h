// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef KERNEL_H
#define KERNEL_H

#include <stdbool.h>
#include <stdint.h>

/* The kernel's audit subsystem, asked through netlink: needs CAP_AUDIT_CONTROL.
 * Values as audit(7) and auditctl -s have them. */
struct kernel_audit {
	uint32_t enabled; /* 2: the rules are locked */
	uint32_t failure, pid, rate_limit, backlog_limit, lost, backlog;
	uint32_t backlog_wait_time; /* jiffies */
	uint32_t waited; /* backlog_wait_time_actual: the same, over all */

	/* Of the rules: calls that some rule records at exit, by ABI. */
	bool has_exec[2], has_execat[2]; /* b64, b32 */
	bool has_never; /* one that leaves our own program out stands first */
	bool is_exec_late; /* behind a rule that leaves some execs out */
	unsigned int n_rules;
};

/* -1: not to be had; errno says why. */
int kernel_audit_get(struct kernel_audit *k)
	__attribute__((warn_unused_result));

#endif
