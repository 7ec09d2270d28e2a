// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Linked into a daemon that only the tests have, in front of what it asks of
 * the system: memory that is not there, calls that are interrupted or do a part
 * of what was asked, a clock that was set. A file "luck" beside the program
 * says when; its layout is struct luck, and tests/faults/luck.py knows it.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

struct luck {
	/* The how manieth allocation fails, from the start of main; 0: none. */
	uint64_t alloc;
	uint32_t role; /* of whom: 1 front or alone, 2 engine */
	uint32_t is_for_good; /* and all after it */
	uint64_t permille; /* of calls that have bad luck */
	int64_t clock_s; /* how far CLOCK_REALTIME is off */
	_Atomic uint64_t allocs, bad; /* so far: in that role; calls */
};

void *__libc_malloc(size_t n);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *p, size_t n);
ssize_t __real_recv(int fd, void *p, size_t n, int flags);
ssize_t __wrap_recv(int fd, void *p, size_t n, int flags);
ssize_t __real_read(int fd, void *p, size_t n);
ssize_t __wrap_read(int fd, void *p, size_t n);
ssize_t __real_send(int fd, const void *p, size_t n, int flags);
ssize_t __wrap_send(int fd, const void *p, size_t n, int flags);
ssize_t __real_write(int fd, const void *p, size_t n);
ssize_t __wrap_write(int fd, const void *p, size_t n);
ssize_t __real_pwrite64(int fd, const void *p, size_t n, off_t at);
ssize_t __wrap_pwrite64(int fd, const void *p, size_t n, off_t at);
ssize_t __real_pread64(int fd, void *p, size_t n, off_t at);
ssize_t __wrap_pread64(int fd, void *p, size_t n, off_t at);
int __real_ppoll(struct pollfd *fds, nfds_t n, const struct timespec *ts,
	const sigset_t *set);
int __wrap_ppoll(struct pollfd *fds, nfds_t n, const struct timespec *ts,
	const sigset_t *set);

static struct luck *luck;
static uint32_t role;
static uint32_t dice = 2463534242u;

__attribute__((constructor)) static void find_luck(int argc, char **argv)
{
	char path[4096];
	ssize_t n =
		readlink("/proc/self/exe", path, sizeof(path) - sizeof("luck"));
	char *slash;
	void *p;
	int fd;

	path[n < 0 ? 0 : n] = '\0';
	slash = strrchr(path, '/');
	strcpy(slash ? slash + 1 : path, "luck");
	fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		return;
	p = mmap(
		NULL, sizeof(*luck), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	close(fd);
	role = argc && strstr(argv[0], ": engine") ? 2 : 1;
	dice ^= (uint32_t)getpid() * 2654435761u;
	if (p != MAP_FAILED)
		luck = p;
}

/* --- memory -----------------------------------------------------------------
 */

static int has_memory(void)
{
	uint64_t n;

	if (!luck || luck->role != role)
		return 1;
	n = atomic_fetch_add(&luck->allocs, 1) + 1;
	if (!luck->alloc || n < luck->alloc ||
		(n > luck->alloc && !luck->is_for_good))
		return 1;
	errno = ENOMEM;
	return 0;
}

void *malloc(size_t n)
{
	return has_memory() ? __libc_malloc(n) : NULL;
}

void *calloc(size_t n, size_t size)
{
	return has_memory() ? __libc_calloc(n, size) : NULL;
}

void *realloc(void *p, size_t n)
{
	return has_memory() ? __libc_realloc(p, n) : NULL;
}

/* --- calls ------------------------------------------------------------------
 */

static uint32_t throw_dice(void)
{
	dice ^= dice << 13;
	dice ^= dice >> 17;
	dice ^= dice << 5;
	return dice;
}

/* -1: the call fails; else how much of n it does. */
static ssize_t part(size_t n, int is_partial)
{
	if (!luck || !luck->permille || throw_dice() % 1000 >= luck->permille)
		return (ssize_t)n;
	atomic_fetch_add(&luck->bad, 1);
	if (is_partial && n > 1 && throw_dice() % 2)
		return (ssize_t)(1 + throw_dice() % (n - 1));
	errno = throw_dice() % 2 ? EINTR : EAGAIN;
	return -1;
}

ssize_t __wrap_recv(int fd, void *p, size_t n, int flags)
{
	ssize_t m = part(n, 1);

	return m < 0 ? -1 : __real_recv(fd, p, (size_t)m, flags);
}

ssize_t __wrap_read(int fd, void *p, size_t n)
{
	/* Signals and bells come whole. */
	ssize_t m = part(n, n > 256);

	return m < 0 ? -1 : __real_read(fd, p, (size_t)m);
}

/* A datagram goes whole or not at all. */
ssize_t __wrap_send(int fd, const void *p, size_t n, int flags)
{
	return part(n, 0) < 0 ? -1 : __real_send(fd, p, n, flags);
}

/* No bell is ever too loud. */
ssize_t __wrap_write(int fd, const void *p, size_t n)
{
	ssize_t m = n == sizeof(uint64_t) ? (ssize_t)n : part(n, 1);

	return m < 0 ? -1 : __real_write(fd, p, (size_t)m);
}

static ssize_t part_of_file(size_t n)
{
	ssize_t m = part(n, 1);

	if (m < 0)
		errno = EINTR;
	return m;
}

ssize_t __wrap_pwrite64(int fd, const void *p, size_t n, off_t at)
{
	ssize_t m = part_of_file(n);

	return m < 0 ? -1 : __real_pwrite64(fd, p, (size_t)m, at);
}

ssize_t __wrap_pread64(int fd, void *p, size_t n, off_t at)
{
	ssize_t m = part_of_file(n);

	return m < 0 ? -1 : __real_pread64(fd, p, (size_t)m, at);
}

int __wrap_ppoll(struct pollfd *fds, nfds_t n, const struct timespec *ts,
	const sigset_t *set)
{
	if (part(1, 0) < 0) {
		errno = EINTR;
		return -1;
	}
	return __real_ppoll(fds, n, ts, set);
}

/* --- the clock --------------------------------------------------------------
 */

int clock_gettime(clockid_t id, struct timespec *ts)
{
	long rc = syscall(SYS_clock_gettime, id, ts);

	if (rc == 0 && luck && id == CLOCK_REALTIME)
		ts->tv_sec += luck->clock_s;
	return (int)rc;
}

time_t time(time_t *to)
{
	struct timespec ts;

	(void)clock_gettime(CLOCK_REALTIME, &ts);
	if (to)
		*to = ts.tv_sec;
	return ts.tv_sec;
}
