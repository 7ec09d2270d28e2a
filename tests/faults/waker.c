// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * What reading auditd's records costs a machine at the least, whoever does it:
 * sleeps until something comes, gives the rest of the event a millisecond,
 * reads, and does nothing with it. Until the end of standard input.
 *
 *	waker [MS]
 *
 * With MS it is a bad one, and works for as long before each hundredth reading.
 */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static void work(long ms)
{
	clock_t end = clock() + ms * (CLOCKS_PER_SEC / 1000);

	while (clock() < end)
		;
}

int main(int argc, char **argv)
{
	static char buffer[256 * 1024];
	const struct timespec pause = { .tv_nsec = 1000000 };
	long ms = argc > 1 ? strtol(argv[1], NULL, 10) : 0;
	unsigned n_paused = 0;
	ssize_t n;

	do {
		struct pollfd fd = { .fd = STDIN_FILENO, .events = POLLIN };

		(void)poll(&fd, 1, -1);
		(void)nanosleep(&pause, NULL);
		if (ms && ++n_paused % 100 == 0)
			work(ms);
		n = recv(STDIN_FILENO, buffer, sizeof(buffer), MSG_DONTWAIT);
	} while (n > 0 || (n < 0 && (errno == EAGAIN || errno == EINTR)));
	return n < 0;
}
