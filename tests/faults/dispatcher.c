// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Stands in for auditd: starts a plugin as auditd does (a stream socketpair as
 * standard input, no environment, signals ignored, a nice value of -4) and
 * writes it one record at a time, at a rate, from a log or made up. Meanwhile
 * it watches the plugin's end of the socket (watch.h).
 *
 *	dispatcher [-r EVENTS_A_SECOND] [-n EVENTS] [-b BURST[/EVERY_MS]]
 *		[-f LOG] [-s FIRST_SERIAL] [-w MS_BEFORE] [-h MS_AFTER]
 *		[-k KINDS[/EVERY]] [-q] -- PROGRAM [ARG...]
 *
 * Events made up have a hidden command each; with -k they have one of so many
 * plain ones, all of one parent, but for every EVERYth. With -q nothing is
 * watched, which itself keeps the processors busy.
 *
 * Prints "pid N" when the plugin runs, and at the end one JSON object. SIGUSR1
 * ends the writing and leaves the socket open, SIGTERM ends both.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/sockios.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "watch.h"

#define NICE       (-4)
#define EVENT_SIZE 4096

struct options {
	unsigned long rate, events, burst, burst_ms, first, wait_ms, hold_ms;
	unsigned long kinds, every;
	const char *log;
	bool is_quiet;
	char **argv;
};

static struct {
	pid_t pid;
	int to_plugin, its_end;
	_Atomic uint64_t written;
	_Atomic bool is_paused, is_stopped;
	unsigned long n_events, n_records;
	int64_t write_max_ns;
} d;

static _Noreturn void die(const char *what)
{
	fprintf(stderr, "dispatcher: %s: %s\n", what, strerror(errno));
	exit(1);
}

/* --- starting ---------------------------------------------------------------
 */

static void become_plugin(char **argv, int in)
{
	static char *const nothing[] = { NULL };
	int null = open("/dev/null", O_RDWR);

	dup2(in, STDIN_FILENO);
	dup2(null, STDOUT_FILENO);
	dup2(null, STDERR_FILENO);
	for (int s = 1; s < NSIG; s++)
		if (s != SIGCHLD)
			signal(s, SIG_IGN);
	(void)!setpriority(PRIO_PROCESS, 0, NICE);
	(void)!chdir("/");
	umask(022);
	execve(argv[0], argv, nothing);
	_exit(127);
}

static void start_plugin(char **argv)
{
	struct timeval patience = { .tv_usec = 100000 };
	int ends[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0 ||
		setsockopt(ends[0], SOL_SOCKET, SO_SNDTIMEO, &patience,
			sizeof(patience)) < 0)
		die("socketpair");
	d.to_plugin = ends[0];
	d.its_end = ends[1];
	d.pid = fork();
	if (d.pid < 0)
		die("fork");
	if (d.pid == 0)
		become_plugin(argv, ends[1]);
	printf("pid %d\n", (int)d.pid);
	fflush(stdout);
}

/* --- writing ----------------------------------------------------------------
 */

/* Our copy of its end keeps the socket open: nobody else would tell. */
static bool is_plugin_gone(void)
{
	siginfo_t info = { .si_pid = 0 };

	return waitid(P_PID, (id_t)d.pid, &info, WEXITED | WNOHANG | WNOWAIT) <
		       0 ||
	       info.si_pid;
}

/* False: the plugin is gone. */
static bool write_record(const char *p, size_t n)
{
	int64_t before = watch_now_ns(), took;

	while (n) {
		ssize_t m = send(d.to_plugin, p, n, MSG_NOSIGNAL);

		if (m < 0 && (errno == EINTR || errno == EAGAIN)) {
			if (is_plugin_gone())
				return false;
			continue;
		}
		if (m < 0)
			return false;
		atomic_fetch_add(&d.written, (uint64_t)m);
		p += m;
		n -= (size_t)m;
	}
	took = watch_now_ns() - before;
	if (took > d.write_max_ns)
		d.write_max_ns = took;
	d.n_records++;
	return true;
}

static bool write_lines(const char *p, size_t n)
{
	while (n) {
		const char *nl = memchr(p, '\n', n);
		size_t len = nl ? (size_t)(nl - p) + 1 : n;

		if (!write_record(p, len))
			return false;
		p += len;
		n -= len;
	}
	d.n_events++;
	return true;
}

/* An exec as a Debian host writes it, ENRICHED. */
static size_t make_event(
	const struct options *o, char *to, unsigned long serial, long ms)
{
	bool is_plain = o->kinds && (!o->every || serial % o->every);
	char word[96];

	static const char enriched[] =
		"\035ARCH=x86_64 SYSCALL=execve "
		"AUID=\"alice\" UID=\"root\" GID=\"root\" EUID=\"root\" "
		"SUID=\"root\" FSUID=\"root\" EGID=\"root\" SGID=\"root\" "
		"FSGID=\"root\"";
	char at[64];

	snprintf(at, sizeof(at), "msg=audit(%ld.%03ld:%lu):", ms / 1000,
		ms % 1000, serial);
	snprintf(word, sizeof(word),
		is_plain ? "\"kind-%06lX\""
			 : "6563686F2061476C6B5A5756754C576C7564477876585841"
			   "%06lX30207C20626173653634202D64",
		is_plain ? serial % o->kinds : serial % 0xFFFFFF);
	return (size_t)snprintf(to, EVENT_SIZE,
		"type=SYSCALL %s arch=c000003e syscall=59 success=yes exit=0 "
		"a0=55d1c0ffee00 a1=55d1c0ffee20 a2=55d1c0ffee40 a3=8 items=2 "
		"ppid=%lu pid=%lu auid=1000 uid=0 gid=0 euid=0 suid=0 fsuid=0 "
		"egid=0 sgid=0 fsgid=0 tty=pts0 ses=7 comm=\"sh\" "
		"exe=\"/usr/bin/dash\" key=\"exec\"%s\n"
		"type=EXECVE %s argc=3 a0=\"sh\" a1=\"-c\" "
		"a2=%s\n"
		"type=CWD %s cwd=\"/var/lib/somewhere\"\n"
		"type=PATH %s item=0 name=\"/bin/sh\" inode=1234 dev=08:01 "
		"mode=0100755 ouid=0 ogid=0 rdev=00:00 nametype=NORMAL "
		"cap_fp=0 cap_fi=0 cap_fe=0 cap_fver=0 cap_frootid=0"
		"\035OUID=\"root\" OGID=\"root\"\n"
		"type=PATH %s item=1 name=\"/lib64/ld-linux-x86-64.so.2\" "
		"inode=4321 dev=08:01 mode=0100755 ouid=0 ogid=0 rdev=00:00 "
		"nametype=NORMAL cap_fp=0 cap_fi=0 cap_fe=0 cap_fver=0 "
		"cap_frootid=0\035OUID=\"root\" OGID=\"root\"\n"
		"type=PROCTITLE %s proctitle=7368002D63006563686F\n"
		"type=EOE %s\n",
		at, o->kinds ? 1 : serial % 30000 + 1, serial % 32768 + 2,
		enriched, at, word, at, at, at, at, at);
}

/* Where the event that begins at p ends: as long as the serial is the same. */
static const char *event_end(const char *p, const char *end)
{
	char id[64] = "";

	while (p < end) {
		const char *nl = memchr(p, '\n', (size_t)(end - p));
		const char *from =
			memmem(p, (size_t)((nl ? nl : end) - p), "audit(", 6);
		size_t len = from ? strcspn(from, ")") : 0;

		if (from && len < sizeof(id)) {
			if (id[0] && (strncmp(id, from, len) || id[len]))
				return p;
			memcpy(id, from, len);
			id[len] = '\0';
		}
		p = nl ? nl + 1 : end;
	}
	return p;
}

static const char *map_log(const char *path, const char **end)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;
	void *p;

	if (fd < 0 || fstat(fd, &st) < 0 || !st.st_size)
		die(path);
	p = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (p == MAP_FAILED)
		die(path);
	*end = (const char *)p + st.st_size;
	return p;
}

/* When the event is to be written, in ns from the start. */
static int64_t due_ns(const struct options *o, unsigned long i)
{
	unsigned long per_burst;
	int64_t at_ns;

	if (!o->burst)
		return o->rate ? (int64_t)((double)i * 1e9 / (double)o->rate)
			       : 0;
	/* A burst at once, then the rate until the next one. */
	per_burst = o->burst + o->rate * o->burst_ms / 1000;
	at_ns = (int64_t)(i / per_burst) * (int64_t)o->burst_ms * 1000000;
	i %= per_burst;
	return i < o->burst || !o->rate
		       ? at_ns
		       : at_ns + (int64_t)((double)(i - o->burst) * 1e9 /
					   (double)o->rate);
}

static void write_all(const struct options *o)
{
	const char *log = NULL, *end = NULL;
	char text[EVENT_SIZE];
	struct timespec wall;
	int64_t start = watch_now_ns();

	if (o->log)
		log = map_log(o->log, &end);
	clock_gettime(CLOCK_REALTIME, &wall);
	for (unsigned long i = 0; !o->events || i < o->events; i++) {
		int64_t due = start + due_ns(o, i);
		size_t n;

		if (due > watch_now_ns())
			watch_sleep_until(due);
		if (atomic_load(&d.is_paused) || (log && log == end))
			return;
		if (log) {
			const char *next = event_end(log, end);

			if (!write_lines(log, (size_t)(next - log)))
				return;
			log = next;
			continue;
		}
		n = make_event(o, text, o->first + i,
			(long)wall.tv_sec * 1000 +
				(long)((due - start) / 1000000));
		if (!write_lines(text, n))
			return;
	}
}

/* --- ending -----------------------------------------------------------------
 */

static void on_signal(int number)
{
	atomic_store(&d.is_paused, true);
	if (number == SIGTERM)
		atomic_store(&d.is_stopped, true);
}

/* Closes the socket; how long the plugin takes to end, and its status. */
static double end_plugin(int *status)
{
	int64_t start = watch_now_ns();

	shutdown(d.to_plugin, SHUT_RDWR);
	close(d.to_plugin);
	close(d.its_end);
	while (waitpid(d.pid, status, WNOHANG) == 0) {
		if (watch_now_ns() - start > 10000000000)
			kill(d.pid, SIGKILL);
		watch_sleep_until(watch_now_ns() + 1000000);
	}
	return (double)(watch_now_ns() - start) / 1e6;
}

static void wait_until_read(void)
{
	int64_t end = watch_now_ns() + 2000000000;
	int waits = 1;

	while (waits && watch_now_ns() < end && !is_plugin_gone() &&
		ioctl(d.its_end, SIOCINQ, &waits) == 0)
		watch_sleep_until(watch_now_ns() + 1000000);
}

static void parse(struct options *o, int argc, char **argv)
{
	char *slash;
	int c;

	while ((c = getopt(argc, argv, "+r:n:b:f:s:w:h:k:q")) != -1) {
		if (c == 'r')
			o->rate = strtoul(optarg, NULL, 10);
		else if (c == 'n')
			o->events = strtoul(optarg, NULL, 10);
		else if (c == 's')
			o->first = strtoul(optarg, NULL, 10);
		else if (c == 'w')
			o->wait_ms = strtoul(optarg, NULL, 10);
		else if (c == 'h')
			o->hold_ms = strtoul(optarg, NULL, 10);
		else if (c == 'f')
			o->log = optarg;
		else if (c == 'q')
			o->is_quiet = true;
		else if (c == 'b') {
			o->burst = strtoul(optarg, &slash, 10);
			if (*slash == '/')
				o->burst_ms = strtoul(slash + 1, NULL, 10);
		} else if (c == 'k') {
			o->kinds = strtoul(optarg, &slash, 10);
			if (*slash == '/')
				o->every = strtoul(slash + 1, NULL, 10);
		} else
			exit(2);
	}
	if (optind == argc) {
		fprintf(stderr, "usage: dispatcher [OPTION...] -- PROGRAM\n");
		exit(2);
	}
	o->argv = argv + optind;
}

int main(int argc, char **argv)
{
	struct options o = { .rate = 1000, .burst_ms = 1000, .first = 1 };
	int64_t start, wrote;
	int status = 0;
	double end_ms;

	parse(&o, argc, argv);
	signal(SIGTERM, on_signal);
	signal(SIGUSR1, on_signal);
	start_plugin(o.argv);
	watch_sleep_until(watch_now_ns() + (int64_t)o.wait_ms * 1000000);
	(void)!setpriority(PRIO_PROCESS, 0, NICE);
	if (!o.is_quiet && watch_start(d.pid, d.its_end, &d.written) < 0)
		die("watching");
	start = watch_now_ns();
	write_all(&o);
	wrote = watch_now_ns();
	wait_until_read();
	for (unsigned long ms = 0;
		!atomic_load(&d.is_stopped) &&
		(ms < o.hold_ms || atomic_load(&d.is_paused));
		ms += 10)
		watch_sleep_until(watch_now_ns() + 10000000);
	if (!o.is_quiet)
		watch_stop(!atomic_load(&d.is_stopped));
	end_ms = end_plugin(&status);
	printf("{\"events\":%lu,\"records\":%lu,\"bytes\":%llu,"
	       "\"seconds\":%.3f,\"write_max_ms\":%.3f,"
	       "\"end_ms\":%.1f,\"status\":%d,",
		d.n_events, d.n_records, (unsigned long long)d.written,
		(double)(wrote - start) / 1e9, (double)d.write_max_ns / 1e6,
		end_ms, status);
	watch_print();
	puts("}");
	return 0;
}
