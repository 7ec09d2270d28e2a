// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * What reading auditd's records costs a machine at the least, whoever does it:
 * sleeps until something comes, gives the rest of the event a millisecond,
 * reads, and does nothing with it. Until the end of standard input.
 */
#include <errno.h>
#include <poll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

int main(void)
{
	static char buffer[256 * 1024];
	const struct timespec pause = { .tv_nsec = 1000000 };
	ssize_t n;

	do {
		struct pollfd fd = { .fd = STDIN_FILENO, .events = POLLIN };

		(void)poll(&fd, 1, -1);
		(void)nanosleep(&pause, NULL);
		n = recv(STDIN_FILENO, buffer, sizeof(buffer), MSG_DONTWAIT);
	} while (n > 0 || (n < 0 && (errno == EAGAIN || errno == EINTR)));
	return n < 0;
}
