// SPDX-License-Identifier: GPL-3.0-or-later
/* The kernel: whether it audits, by which rules, and what it lost. */
#include "survey.h"

#include <errno.h>
#include <sys/utsname.h>

#include "kernel.h"
#include "text.h"

#define RULES "/etc/audit/rules.d/40-audisp-hunt.rules"
/* Fewer records are full before auditd is scheduled on a busy host. */
#define BACKLOG_MIN 8192

static void boot(struct survey *s)
{
	bool is_there;

	if (!survey_read(s, "/proc/cmdline", &is_there) || s->sc.root[0])
		return;
	if (text_find(str_bytes(&s->file), BYTES("audit=0")))
		survey_find(s, SURVEY_PROBLEM, "kernel.audit",
			"take audit=0 off the kernel's command line",
			"the kernel was started without auditing");
	else if (!text_find(str_bytes(&s->file), BYTES("audit=1")))
		survey_find(s, SURVEY_ADVICE, "kernel.boot",
			"audit=1 on the kernel's command line",
			"what starts before auditd carries no audit records");
}

static void status(struct survey *s, const struct kernel_audit *k)
{
	if (!k->enabled)
		survey_find(s, SURVEY_PROBLEM, "kernel.enabled",
			"auditctl -e 1", "kernel auditing is switched off");
	if (!k->pid)
		survey_find(s, SURVEY_PROBLEM, "kernel.daemon",
			"service auditd start",
			"no daemon takes the kernel's records");
	if (k->rate_limit)
		survey_find(s, SURVEY_PROBLEM, "kernel.rate_limit",
			"auditctl -r 0",
			"the kernel drops all over %u records a second",
			k->rate_limit);
	if (k->backlog_limit < BACKLOG_MIN)
		survey_find(s, SURVEY_ADVICE, "kernel.backlog_limit",
			"-b 8192 in /etc/audit/rules.d/audit.rules",
			"the kernel queues %u records at most",
			k->backlog_limit);
	if (k->failure == 2)
		survey_find(s, SURVEY_ADVICE, "kernel.failure", "auditctl -f 1",
			"a lost record stops the host (failure mode panic)");
	if (k->lost)
		survey_find(s, SURVEY_ADVICE, "kernel.lost",
			"auditctl --reset-lost, and look for what was slow",
			"the kernel has lost %u records since it counts",
			k->lost);
	if (k->enabled && k->pid && !k->rate_limit)
		survey_find(s, SURVEY_OK, "kernel.status", NULL,
			"the kernel audits for pid %u, backlog %u of %u",
			k->pid, k->backlog, k->backlog_limit);
}

static bool is_64bit(void)
{
	struct utsname u;

	return uname(&u) == 0 && strstr(u.machine, "64");
}

static void rules(struct survey *s, const struct kernel_audit *k)
{
	static const char mend[] = "augenrules --load with " RULES;
	bool is_wide = is_64bit();

	if (!k->has_exec[!is_wide] || !k->has_execat[!is_wide])
		survey_find(s, SURVEY_PROBLEM, "rules.exec", mend,
			"no rule records every %s",
			k->has_exec[!is_wide] ? "execveat" : "execve");
	else
		survey_find(s, SURVEY_OK, "rules.exec", NULL,
			"execve and execveat are recorded%s",
			k->is_exec_late ? ", by rules some of which have "
					  "conditions"
					: "");
	if (is_wide && (!k->has_exec[1] || !k->has_execat[1]))
		survey_find(s, SURVEY_ADVICE, "rules.exec32", mend,
			"no rule records execs of 32-bit programs");
	if (!k->has_never)
		survey_find(s, SURVEY_ADVICE, "rules.own", mend,
			"audisp-hunt's own calls are audited: no rule leaves "
			"them out ahead of the others");
}

void survey_rules(struct survey *s)
{
	struct kernel_audit k;
	bool is_there;

	boot(s);
	if (!survey_read(s, RULES, &is_there) && !is_there)
		survey_find(s, SURVEY_ADVICE, "rules.file",
			"copy conf/rules.d/40-audisp-hunt.rules there",
			"there is no " RULES
			": the rules are gone after a reboot, if no other "
			"file has them");
	if (s->sc.root[0])
		return;
	if (kernel_audit_get(&k) < 0) {
		survey_find(s, SURVEY_UNKNOWN, "kernel.status",
			"run it as root, in the host's namespaces",
			"the kernel's audit status is not to be had: %s",
			strerror(errno));
		return;
	}
	status(s, &k);
	rules(s, &k);
}
