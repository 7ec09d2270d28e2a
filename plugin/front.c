// SPDX-License-Identifier: GPL-3.0-or-later
#include "front.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "keeper.h"
#include "log.h"
#include "process.h"
#include "ring.h"
#include "source.h"
#include "supervise.h"

/* auditd's socket holds 208 KiB of sk_buffs, which is less text. */
#define BUFFER_SIZE (256 * 1024)
/* A wake-up for each record would cost more than all else: what comes within
 * this time is read at once. auditd's socket, which holds some 250 records,
 * fills in 3.6 ms at 10,000 execs a second. */
#define PAUSE_NS 1000000
/* Half a socket: then there is no pause. */
#define FULL_LINES 128
/* What comes again within this time will in the next pause, too: then there is
 * no wait for it but the pause. */
#define BUSY_NS 1500000
/* A wait that was none. */
#define AT_ONCE_NS 50000
/* How long after SIGTERM the input may go on, and how long after its end the
 * engine may take to send its lines. */
#define STOP_MS 2000

struct front {
	struct ring *ring;
	struct supervise *supervise;
	struct keeper *keeper;
	struct source source;
	int bell_fd, signal_fd;
	pid_t parent;
	int64_t stop_ms; /* be gone by then; 0: no end in sight */
	bool is_ended; /* the input */
	bool is_busy; /* more comes as fast as it is read */
	bool is_full; /* and fast enough to fill the socket */
	bool is_vain; /* the last read brought nothing */
	size_t n_lines; /* since the bell was rung */
	int64_t read_ns; /* when something came last */
	size_t len;
	struct log_limit limit;
	char buffer[BUFFER_SIZE]; /* what has come of a line */
};

static int64_t now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000000000 + ts.tv_nsec;
}

static int64_t now_ms(void)
{
	return now_ns() / 1000000;
}

static int open_signals(void)
{
	sigset_t set;

	if (process_hold(&set) < 0)
		return -1;
	sigaddset(&set, SIGCHLD);
	if (sigprocmask(SIG_BLOCK, &set, NULL) < 0)
		return -1;
	return signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
}

/* The program that runs, by descriptor: what stands at its path may become
 * another one, which auditd then starts with a front of its own. */
static int open_program(const char *path)
{
	int fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);

	return fd < 0 ? open(path, O_RDONLY | O_CLOEXEC) : fd;
}

struct front *front_new(char **argv, const char *socket, struct keeper *keeper)
{
	static char name[] = SUPERVISE_ENGINE;
	static struct front front;
	struct supervise_conf cf = { .argv = argv };
	struct front *f = &front;

	f->parent = getppid();
	f->keeper = keeper;
	source_init(&f->source, socket);
	f->ring = ring_new(RING_SIZE);
	cf.ring = f->ring;
	cf.program_fd = f->ring ? open_program(argv[0]) : -1;
	cf.bell_fd = f->bell_fd =
		cf.program_fd < 0 ? -1 : eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	f->supervise = f->bell_fd < 0 ? NULL : supervise_new(&cf);
	f->signal_fd = f->supervise ? open_signals() : -1;
	if (f->signal_fd >= 0) {
		argv[0] = name;
		return f;
	}
	log_warn("no engine of its own: %s; reading and working are one "
		 "process now",
		strerror(errno));
	supervise_free(f->supervise);
	if (f->bell_fd >= 0)
		close(f->bell_fd);
	if (cf.program_fd >= 0)
		close(cf.program_fd);
	ring_free(f->ring);
	return NULL;
}

/* --- reading ----------------------------------------------------------------
 */

static void ring_bell(struct front *f)
{
	static const uint64_t one = 1;

	f->n_lines = 0;
	if (ring_wants_bell(f->ring) || f->is_ended)
		(void)!write(f->bell_fd, &one, sizeof(one));
}

static void put(struct front *f, const char *p, size_t n)
{
	size_t dropped = ring_put(f->ring, p, n);

	if (!dropped)
		return;
	ring_count(f->ring,
		supervise_is_alive(f->supervise) ? RING_DROPPED_SLOW
						 : RING_DROPPED_DEAD,
		dropped);
	log_warn_limited(&f->limit,
		"the ring is full: records are lost until the engine has "
		"caught up");
}

static size_t count_lines(const char *p, const char *end)
{
	size_t n = 0;

	while (p < end && (p = memchr(p, '\n', (size_t)(end - p)))) {
		n++;
		p++;
	}
	return n;
}

/* Hands whole lines on. One longer than the buffer, which engine will count,
 * goes in pieces. */
static size_t hand_on(struct front *f)
{
	const char *nl = memrchr(f->buffer, '\n', f->len);
	size_t n = nl ? (size_t)(nl - f->buffer) + 1 : 0;
	size_t lines = count_lines(f->buffer, f->buffer + n);

	if (!n && f->len == BUFFER_SIZE)
		n = f->len;
	put(f, f->buffer, n);
	if (n < f->len)
		memmove(f->buffer, f->buffer + n, f->len - n);
	f->len -= n;
	return lines;
}

static void end_input(struct front *f)
{
	if (f->is_ended)
		return;
	if (f->len)
		put(f, f->buffer, f->len);
	f->len = 0;
	f->is_ended = true;
	f->is_busy = f->is_full = false;
	f->stop_ms = now_ms() + STOP_MS;
	ring_end(f->ring);
	supervise_finish(f->supervise);
	ring_bell(f);
}

/* What has come of a line stays one: nothing of the next connection's
 * continues it. */
static void lose_source(struct front *f)
{
	if (f->stop_ms || !source_lost(&f->source, now_ms())) {
		end_input(f);
		return;
	}
	if (f->len)
		f->buffer[f->len++] = '\n';
	put(f, f->buffer, f->len);
	f->len = 0;
	f->is_busy = f->is_full = false;
	ring_bell(f);
}

static void read_some(struct front *f)
{
	ssize_t n = recv(STDIN_FILENO, f->buffer + f->len, BUFFER_SIZE - f->len,
		MSG_DONTWAIT);
	int64_t now = now_ns();
	size_t lines;

	if (n < 0 && (errno == EAGAIN || errno == EINTR)) {
		f->is_busy = f->is_full = false;
		f->is_vain = true;
		ring_bell(f);
		return;
	}
	if (n <= 0) {
		if (n < 0)
			log_warn("reading standard input: %s", strerror(errno));
		lose_source(f);
		return;
	}
	f->is_vain = false;
	f->len += (size_t)n;
	lines = hand_on(f);
	f->n_lines += lines;
	f->is_full = lines >= FULL_LINES;
	f->is_busy = f->is_full || now - f->read_ns < BUSY_NS;
	f->read_ns = now;
	if (!f->is_busy || f->n_lines >= FULL_LINES)
		ring_bell(f);
}

/* --- the rest ---------------------------------------------------------------
 */

static void terminate(struct front *f, pid_t from)
{
	if (from != f->parent && from > 1) {
		ring_count(f->ring, RING_REFUSED, 1);
		log_warn("SIGTERM from pid %d refused: stop auditd instead",
			(int)from);
	} else if (!f->stop_ms) {
		f->stop_ms = now_ms() + STOP_MS;
	}
}

static void take_signals(struct front *f)
{
	struct signalfd_siginfo info;

	while (read(f->signal_fd, &info, sizeof(info)) == sizeof(info)) {
		int number = (int)info.ssi_signo;

		if (number == SIGHUP || number == SIGUSR1)
			supervise_signal(f->supervise, number);
		else if (number != SIGCHLD)
			terminate(f, (pid_t)info.ssi_pid);
		if (number == SIGHUP)
			keeper_reload(f->keeper);
		if (number == SIGCHLD) {
			supervise_child(f->supervise);
			keeper_child(f->keeper);
		}
	}
}

static void wait_for(struct front *f, nfds_t n, int64_t ns)
{
	struct pollfd fds[2] = { { .fd = f->signal_fd, .events = POLLIN },
		{ .fd = STDIN_FILENO, .events = POLLIN } };
	struct timespec ts = { .tv_sec = (time_t)(ns / 1000000000),
		.tv_nsec = (long)(ns % 1000000000) };

	if (ppoll(fds, n, ns < 0 ? NULL : &ts, NULL) > 0 && fds[0].revents)
		take_signals(f);
}

/* The same where what follows looks at the signals, for less. */
static void pause_only(void)
{
	const struct timespec ts = { .tv_nsec = PAUSE_NS };

	(void)clock_nanosleep(CLOCK_MONOTONIC, 0, &ts, NULL);
}

/* Until something is due; nothing that has come waits longer than a pause: what
 * is there at once after a read in vain has waited for one. */
static void rest(struct front *f)
{
	int64_t now = now_ms(), ms = supervise_wait_ms(f->supervise, now);
	int64_t retry_ms = source_wait_ms(&f->source, now), since_ns;
	bool is_open = !f->is_ended && f->source.is_open;

	if (!f->is_ended && retry_ms >= 0 && (ms < 0 || retry_ms < ms))
		ms = retry_ms;
	if (f->stop_ms && (ms < 0 || f->stop_ms - now < ms))
		ms = f->stop_ms > now ? f->stop_ms - now : 0;
	if (f->is_busy) {
		if (is_open && !f->is_full)
			wait_for(f, 1, PAUSE_NS);
		return;
	}
	since_ns = now_ns();
	wait_for(f, is_open ? 2 : 1, ms < 0 ? -1 : ms * 1000000);
	if (is_open && !(f->is_vain && now_ns() - since_ns < AT_ONCE_NS))
		pause_only();
}

int front_run(struct front *f)
{
	for (;;) {
		int64_t now = now_ms();

		if (f->stop_ms && now >= f->stop_ms && f->is_ended)
			break;
		if (f->stop_ms && (now >= f->stop_ms || !f->source.is_open))
			end_input(f);
		supervise_run(f->supervise, now);
		if (supervise_is_done(f->supervise))
			break;
		rest(f);
		if (!f->is_ended && source_open(&f->source, now_ms()))
			read_some(f);
	}
	supervise_leave(f->supervise);
	return EXIT_SUCCESS;
}
