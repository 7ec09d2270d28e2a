// SPDX-License-Identifier: GPL-3.0-or-later
#include "process.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static void reset_signals(void)
{
	struct sigaction ours = { .sa_handler = SIG_DFL };
	sigset_t none;

	for (int s = 1; s < NSIG; s++)
		if (s != SIGKILL && s != SIGSTOP)
			(void)sigaction(s, &ours, NULL);
	ours.sa_handler = SIG_IGN;
	(void)sigaction(SIGPIPE, &ours, NULL);
	sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
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

void process_reset(void)
{
	int fd;

	reset_signals();
	do
		fd = open("/dev/null", O_RDWR);
	while (fd >= 0 && fd < STDERR_FILENO);
	close_above(STDERR_FILENO);
	umask(022);
}

bool process_is_plugin(void)
{
	struct ucred peer;
	socklen_t len = sizeof(peer);

	return getsockopt(STDIN_FILENO, SOL_SOCKET, SO_PEERCRED, &peer, &len) ==
		       0 &&
	       peer.pid == getppid();
}
