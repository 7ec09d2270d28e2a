// SPDX-License-Identifier: GPL-3.0-or-later
#include "process.h"

#include <errno.h>
#include <fcntl.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static void fill(sigset_t *set)
{
	sigemptyset(set);
	sigaddset(set, SIGTERM);
	sigaddset(set, SIGINT);
	sigaddset(set, SIGHUP);
	sigaddset(set, SIGUSR1);
}

int process_hold(sigset_t *set)
{
	fill(set);
	return sigprocmask(SIG_BLOCK, set, NULL);
}

/* First the mask: one that came since we were started waits on. */
static void reset_signals(bool is_held)
{
	struct sigaction ours = { .sa_handler = SIG_DFL };
	sigset_t held;

	sigemptyset(&held);
	if (is_held)
		fill(&held);
	(void)sigprocmask(SIG_SETMASK, &held, NULL);
	for (int s = 1; s < NSIG; s++)
		if (s != SIGKILL && s != SIGSTOP)
			(void)sigaction(s, &ours, NULL);
	ours.sa_handler = SIG_IGN;
	(void)sigaction(SIGPIPE, &ours, NULL);
}

static void close_above(int fd)
{
	long most = sysconf(_SC_OPEN_MAX);

#ifdef SYS_close_range
	if (syscall(SYS_close_range, (unsigned int)fd + 1, ~0U, 0) == 0)
		return;
#endif
	for (int i = fd + 1; i < (most > 0 ? most : 1024); i++)
		close(i);
}

void process_reset(int last_fd, bool is_held)
{
	int fd;

	reset_signals(is_held);
	do
		fd = open("/dev/null", O_RDWR);
	while (fd >= 0 && fd < STDERR_FILENO);
	close_above(last_fd);
	umask(022);
}

void process_trim(void)
{
#ifdef __GLIBC__
	(void)malloc_trim(0);
#endif
}

bool process_is_plugin(void)
{
	struct ucred peer;
	socklen_t len = sizeof(peer);

	return getsockopt(STDIN_FILENO, SOL_SOCKET, SO_PEERCRED, &peer, &len) ==
		       0 &&
	       peer.pid == getppid();
}

void process_how(int status, char *to, size_t size)
{
	if (WIFSIGNALED(status))
		snprintf(to, size, "by signal %d", WTERMSIG(status));
	else
		snprintf(to, size, "with status %d", WEXITSTATUS(status));
}

int process_beside(char *to, size_t size, const char *name)
{
	size_t len = strlen(name) + 1;
	ssize_t n = readlink("/proc/self/exe", to, size - 1);
	char *slash;

	if (n < 0)
		return -1;
	to[n] = '\0';
	slash = strrchr(to, '/');
	if (!slash || (size_t)(slash + 1 - to) + len > size) {
		errno = ENAMETOOLONG;
		return -1;
	}
	memcpy(slash + 1, name, len);
	return 0;
}
