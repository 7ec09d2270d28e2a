// SPDX-License-Identifier: GPL-3.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "state_file.h"

/* A checkpoint takes some 10 ms. */
#define POLL_MS 5

static int64_t mono_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

static int name(char *to, const char *file)
{
	int n = snprintf(to, PATH_MAX, "%s.lock", file);

	if (n > 0 && n < PATH_MAX)
		return 0;
	errno = ENAMETOOLONG;
	return -1;
}

/* A file of its own: SQLite gives up all locks of a process on its file when
 * the process closes any descriptor of it, and the file may be replaced. */
static int open_lock(const char *file, int flags)
{
	char path[PATH_MAX];

	if (name(path, file) < 0)
		return -1;
	return open(path, flags | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0640);
}

int state_lock(struct state *st, int64_t wait_ms)
{
	/* Of the open file and not of the process: a child has it, too. */
	struct flock lock = { .l_type = F_WRLCK };
	const struct timespec pause = { .tv_nsec = POLL_MS * 1000000 };
	int64_t end_ms;
	int fd, error;

	if (st->lock_fd >= 0)
		return 0;
	fd = open_lock(st->cf.file, O_RDWR | O_CREAT);
	if (fd < 0)
		return -1;
	end_ms = mono_ms() + wait_ms;
	while (fcntl(fd, F_OFD_SETLK, &lock) < 0) {
		if (errno == EAGAIN && mono_ms() < end_ms) {
			nanosleep(&pause, NULL);
			continue;
		}
		error = errno;
		close(fd);
		errno = error;
		return -1;
	}
	st->lock_fd = fd;
	return 0;
}

void state_unlock(struct state *st, bool is_over)
{
	char path[PATH_MAX];

	if (st->lock_fd < 0)
		return;
	if (is_over && name(path, st->cf.file) == 0)
		(void)!unlink(path);
	close(st->lock_fd);
	st->lock_fd = -1;
}

bool state_is_locked(const char *file)
{
	struct flock lock = { .l_type = F_WRLCK };
	int fd = open_lock(file, O_RDONLY);
	bool is_locked;

	if (fd < 0)
		return false;
	is_locked =
		fcntl(fd, F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
	close(fd);
	return is_locked;
}
