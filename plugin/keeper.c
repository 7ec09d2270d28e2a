// SPDX-License-Identifier: GPL-3.0-or-later
#include "keeper.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "config.h"
#include "log.h"
#include "process.h"

/* sd_booted(3) */
#define SYSTEMD "/run/systemd/system"
/* More words than a command line has options for are none of ours. */
#define ARGS_MAX 256

static bool is_wanted(const struct config *cf)
{
	if (!cf->n_providers && !cf->n_fetches)
		return false;
	if (!strcmp(cf->intel_socket, "none") ||
		cf->intel_spawn == CONFIG_SPAWN_NO)
		return false;
	if (cf->intel_spawn == CONFIG_SPAWN_AUTO &&
		(geteuid() != 0 || access(SYSTEMD, F_OK) == 0))
		return false;
	if (geteuid() == 0)
		return true;
	log_warn("intel.spawn: only root can start audisp-hunt-intel as "
		 "another user");
	return false;
}

static void become_keeper(int line, char *const *argv)
{
	static char name[] = KEEPER_NAME;
	static char *const nothing[] = { NULL };
	char *args[ARGS_MAX + 1] = { name };
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	/* Nobody else is to keep auditd's socket open. */
	if (null < 0 || dup2(null, STDIN_FILENO) < 0)
		return;
	for (size_t i = 1; i < ARGS_MAX && argv[i]; i++)
		args[i] = argv[i];
	/* Where it is that number already it would lose FD_CLOEXEC by no
	 * dup2(). */
	if (line == KEEPER_FD ? fcntl(line, F_SETFD, 0) < 0
			      : dup2(line, KEEPER_FD) < 0)
		return;
	execve("/proc/self/exe", args, nothing);
	execve(argv[0], args, nothing);
}

void keeper_start(struct keeper *k, const struct config *cf, char *const *argv)
{
	int ends[2];

	*k = (struct keeper){ .fd = -1 };
	if (!is_wanted(cf))
		return;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0) {
		log_warn("no keeper of audisp-hunt-intel: %s", strerror(errno));
		return;
	}
	k->pid = fork();
	if (k->pid == 0) {
		become_keeper(ends[1], argv);
		_exit(127);
	}
	close(ends[1]);
	if (k->pid > 0) {
		k->fd = ends[0];
		return;
	}
	log_warn("no keeper of audisp-hunt-intel: %s", strerror(errno));
	close(ends[0]);
	k->pid = 0;
}

void keeper_reload(const struct keeper *k)
{
	static const char what = KEEPER_RELOAD;

	if (k->fd >= 0)
		(void)!send(k->fd, &what, sizeof(what),
			MSG_NOSIGNAL | MSG_DONTWAIT);
}

void keeper_child(struct keeper *k)
{
	char how[PROCESS_HOW_MAX];
	int status;

	if (!k->pid || waitpid(k->pid, &status, WNOHANG) != k->pid)
		return;
	process_how(status, how, sizeof(how));
	log_warn("the keeper of audisp-hunt-intel ended %s: nobody is asked or "
		 "fetched from until auditd starts the plugin again",
		how);
	close(k->fd);
	*k = (struct keeper){ .fd = -1 };
}
