// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * auhunt canary: what root's timer starts each minute. Asks the kernel and
 * auditd how they are, and starts itself once more with the answers as
 * arguments, which is the event that the daemon waits for.
 */
#include "canary.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "kernel.h"
#include "log.h"
#include "text.h"
#include "views.h"

/* What auditd writes where it gets SIGCONT, and how long that may take. */
#define REPORT      "/run/auditd.state"
#define REPORT_MAX  4096
#define REPORT_MS   500
#define REPORT_STEP 5
#define PATH_LEN    4096

static void set(struct canary *c, enum canary_figure i, uint32_t value)
{
	c->has[i] = true;
	c->value[i] = value;
}

static size_t read_file(const char *path, char *to, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	ssize_t n = fd < 0 ? -1 : read(fd, to, size - 1);

	if (fd >= 0)
		close(fd);
	to[n > 0 ? n : 0] = '\0';
	return n > 0 ? (size_t)n : 0;
}

/* The value of a line "NAME = VALUE"; empty if there is none. */
static struct bytes line_of(const char *report, const char *name)
{
	size_t len = strlen(name);

	for (const char *p = report; p && *p; p = strchr(p, '\n')) {
		p += *p == '\n';
		if (!strncmp(p, name, len) && !strncmp(p + len, " = ", 3))
			return (struct bytes){ p + len + 3,
				strcspn(p + len + 3, "\n") };
	}
	return BYTES("");
}

static void take_report(struct canary *c, const char *report)
{
	struct bytes full = line_of(report, "plugin queue overflow detected");
	uint64_t n;

	if (text_u64(line_of(report, "max plugin queue depth used"), 10, &n) ==
			0 &&
		n <= UINT32_MAX)
		set(c, CANARY_queue_most, (uint32_t)n);
	if (text_u64(line_of(report, "plugin queue size"), 10, &n) == 0 &&
		n <= UINT32_MAX)
		set(c, CANARY_queue_size, (uint32_t)n);
	if (full.len)
		set(c, CANARY_overflow, bytes_equal(full, BYTES("yes")));
}

/* SIGCONT does nothing to a process that knows no more of it; still, it is
 * auditd that gets it, or nobody. */
static bool is_auditd(pid_t pid)
{
	char path[64], comm[32];

	(void)snprintf(path, sizeof(path), "/proc/%d/comm", (int)pid);
	return read_file(path, comm, sizeof(comm)) && !strcmp(comm, "auditd\n");
}

static void ask_auditd(struct canary *c, pid_t pid)
{
	const struct timespec pause = { .tv_nsec = REPORT_STEP * 1000000 };
	struct stat before = { 0 }, after = { 0 };
	char report[REPORT_MAX];

	(void)!stat(REPORT, &before);
	if (!is_auditd(pid) || kill(pid, SIGCONT) < 0)
		return;
	for (int ms = 0; ms < REPORT_MS; ms += REPORT_STEP) {
		nanosleep(&pause, NULL);
		if (stat(REPORT, &after) == 0 &&
			(after.st_ino != before.st_ino ||
				after.st_mtim.tv_sec != before.st_mtim.tv_sec ||
				after.st_mtim.tv_nsec !=
					before.st_mtim.tv_nsec) &&
			read_file(REPORT, report, sizeof(report)) &&
			line_of(report, "plugin queueing suspended").len) {
			take_report(c, report);
			return;
		}
	}
}

/* What will keep the canary, and all else, from arriving. */
static int judge(const struct kernel_audit *k)
{
	int rc = 0;

	if (!k->enabled) {
		log_warn("auditing is switched off: auditctl -e 1");
		rc = -1;
	}
	if (!k->pid) {
		log_warn("no auditd takes the kernel's records");
		rc = -1;
	}
	if (!k->has_exec[0]) {
		log_warn("no audit rule records execve: augenrules --load");
		rc = -1;
	}
	return rc;
}

static int ask(struct canary *c)
{
	struct kernel_audit k;

	*c = (struct canary){ 0 };
	if (kernel_audit_get(&k) < 0) {
		log_warn("the kernel tells nothing of auditing: %s",
			strerror(errno));
		return -1;
	}
	set(c, CANARY_enabled, k.enabled);
	set(c, CANARY_lost, k.lost);
	set(c, CANARY_backlog, k.backlog);
	set(c, CANARY_backlog_limit, k.backlog_limit);
	set(c, CANARY_waited, k.waited);
	if (k.pid)
		ask_auditd(c, (pid_t)k.pid);
	return judge(&k);
}

static _Noreturn void become(const struct canary *c)
{
	static char self[PATH_LEN], command[] = "canary", word[] = CANARY_WORD;
	static char figures[CANARY_N][CANARY_TEXT_MAX];
	char *argv[4 + CANARY_N] = { self, command, word };
	size_t n = 0, i = 0;

	if (readlink("/proc/self/exe", self, sizeof(self) - 1) < 0)
		_exit(EXIT_FAILURE);
	while (canary_next(c, &i, figures[n])) {
		argv[3 + n] = figures[n];
		n++;
	}
	execv(self, argv);
	_exit(EXIT_FAILURE);
}

static int work(struct view_run *run)
{
	struct canary c;
	int rc, status;
	pid_t pid;

	/* Once more: that it was started is all there was to do. */
	if (run->options->n_args)
		return EXIT_SUCCESS;
	rc = ask(&c);
	pid = fork();
	if (pid == 0)
		become(&c);
	if (pid < 0 || waitpid(pid, &status, 0) != pid || status) {
		log_warn("cannot start the canary");
		rc = -1;
	}
	return rc < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}

const struct view view_canary = {
	.name = "canary",
	.help = "tells the daemon how the kernel and auditd are (the timer's)",
	.needs_no_config = true,
	.work = work,
};
