// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Feeds the audit stream on stdin to a program as auditd feeds a plugin: over
 * a stream socketpair, one write a record, at a steady rate of events. Tells
 * what that cost the program and how long after an event's last record the
 * line with the event's "id" came out of the program's stdout.
 */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define LINE_LEN_MAX 65536 /* of a line read back; the id is near its start */
#define RSS_EVERY_NS 50000000

struct event {
	int64_t written_ns; /* its last record so far */
	int64_t seen_ns; /* its first line, 0 for none */
};

struct pace {
	unsigned long rate, events_max;
	pid_t child;
	int to_child, from_child;
	int64_t start_ns, rss_ns;
	struct event *events; /* by serial, less the first one's */
	unsigned long first_serial, events_len;
	unsigned long rss_kib; /* the child's highest */
	char line[LINE_LEN_MAX];
	size_t line_len;
};

static _Noreturn void die(const char *what)
{
	fprintf(stderr, "pace: %s: %s\n", what, strerror(errno));
	exit(1);
}

static int64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static void start_child(struct pace *p, char **argv)
{
	int in[2], out[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, in) < 0 ||
		pipe2(out, O_CLOEXEC) < 0)
		die("socketpair");
	p->child = fork();
	if (p->child < 0)
		die("fork");
	if (p->child == 0) {
		dup2(in[1], STDIN_FILENO);
		dup2(out[1], STDOUT_FILENO);
		execvp(argv[0], argv);
		die(argv[0]);
	}
	close(in[1]);
	close(out[1]);
	p->to_child = in[0];
	p->from_child = out[0];
	if (fcntl(p->to_child, F_SETFL, O_NONBLOCK) < 0 ||
		fcntl(p->from_child, F_SETFL, O_NONBLOCK) < 0)
		die("fcntl");
}

/* wait4() cannot say: its peak includes that of the program before exec. */
static void sample_rss(struct pace *p)
{
	unsigned long kib;
	char path[64], text[128];
	FILE *f;

	p->rss_ns = now_ns();
	snprintf(path, sizeof(path), "/proc/%d/status", (int)p->child);
	f = fopen(path, "re");
	while (f && fgets(text, sizeof(text), f))
		if (sscanf(text, "VmHWM: %lu", &kib) == 1 && kib > p->rss_kib)
			p->rss_kib = kib;
	if (f)
		fclose(f);
}

/* The event with the serial after 'mark' in the text, NULL for none of ours. */
static struct event *event_of(
	struct pace *p, const char *text, const char *mark)
{
	const char *at = strstr(text, mark);
	unsigned long serial;

	at = at ? strchr(at + strlen(mark), ':') : NULL;
	if (!at)
		return NULL;
	serial = strtoul(at + 1, NULL, 10);
	if (p->events_len == 0)
		p->first_serial = serial;
	if (serial < p->first_serial ||
		serial - p->first_serial >= p->events_max)
		return NULL;
	return &p->events[serial - p->first_serial];
}

static void note_line(struct pace *p)
{
	struct event *ev;

	p->line[p->line_len] = '\0';
	p->line_len = 0;
	ev = event_of(p, p->line, "\"id\":\"");
	if (ev && ev->seen_ns == 0)
		ev->seen_ns = now_ns();
}

/* Takes what the child has written; false at its end. */
static bool read_child(struct pace *p)
{
	static char block[LINE_LEN_MAX];
	ssize_t len = read(p->from_child, block, sizeof(block));

	if (len < 0)
		return errno == EAGAIN || errno == EINTR;
	for (ssize_t i = 0; i < len; i++) {
		if (block[i] == '\n')
			note_line(p);
		else if (p->line_len < LINE_LEN_MAX - 1)
			p->line[p->line_len++] = block[i];
	}
	return len > 0;
}

/* Waits for output, and for room to write where 'can_write', until a time. */
static void wait_until(struct pace *p, int64_t until_ns, bool can_write)
{
	struct pollfd fds[2] = {
		{ .fd = p->from_child, .events = POLLIN },
		{ .fd = can_write ? p->to_child : -1, .events = POLLOUT },
	};
	int64_t left = until_ns - now_ns();
	struct timespec t;

	if (left < 0)
		left = 0;
	t.tv_sec = (time_t)(left / 1000000000);
	t.tv_nsec = (long)(left % 1000000000);
	if (ppoll(fds, 2, &t, NULL) > 0 && (fds[0].revents & POLLIN))
		read_child(p);
	if (now_ns() - p->rss_ns > RSS_EVERY_NS)
		sample_rss(p);
}

static void write_record(struct pace *p, const char *text, size_t len)
{
	ssize_t n;

	while (len > 0) {
		n = send(p->to_child, text, len, MSG_NOSIGNAL);
		if (n >= 0) {
			text += n;
			len -= (size_t)n;
		} else if (errno == EAGAIN) {
			wait_until(p, now_ns() + 1000000000, true);
		} else if (errno != EINTR) {
			die("write to the child");
		}
	}
}

static void feed(struct pace *p)
{
	unsigned long serial;
	struct event *ev;
	char *text = NULL;
	size_t cap = 0;
	ssize_t len;
	int64_t due;

	while ((len = getline(&text, &cap, stdin)) > 0) {
		ev = event_of(p, text, "msg=audit(");
		if (!ev)
			break;
		serial = (unsigned long)(ev - p->events);
		if (serial >= p->events_len) { /* another event begins */
			due = p->start_ns +
			      (int64_t)(p->events_len * 1000000000 / p->rate);
			do
				wait_until(p, due, false);
			while (now_ns() < due);
			p->events_len = serial + 1;
		}
		write_record(p, text, (size_t)len);
		ev->written_ns = now_ns();
	}
	free(text);
}

static int by_size(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

static void report(struct pace *p, double seconds, double cpu)
{
	int64_t *delays = calloc(p->events_len + 1, sizeof(*delays));
	unsigned long n = 0;

	if (!delays)
		die("calloc");
	for (unsigned long i = 0; i < p->events_len; i++)
		if (p->events[i].seen_ns)
			delays[n++] =
				p->events[i].seen_ns - p->events[i].written_ns;
	qsort(delays, n, sizeof(*delays), by_size);
	printf("events=%lu lines=%lu seconds=%.3f cpu_s=%.3f "
	       "cpu_us_per_event=%.2f rss_kib=%lu",
		p->events_len, n, seconds, cpu,
		cpu * 1e6 / (double)p->events_len, p->rss_kib);
	if (n > 0)
		printf(" median_us=%.0f p99_us=%.0f max_us=%.0f",
			(double)delays[n / 2] / 1e3,
			(double)delays[n * 99 / 100] / 1e3,
			(double)delays[n - 1] / 1e3);
	putchar('\n');
	free(delays);
}

static _Noreturn void usage(void)
{
	fputs("usage: pace --rate EVENTS --seconds S -- COMMAND... < STREAM\n",
		stderr);
	exit(2);
}

static char **parse(struct pace *p, int argc, char **argv)
{
	static const struct option options[] = { { "rate", required_argument,
							 NULL, 'r' },
		{ "seconds", required_argument, NULL, 's' }, { 0 } };
	unsigned long seconds = 0;
	int opt;

	while ((opt = getopt_long(argc, argv, "+", options, NULL)) != -1) {
		if (opt == 'r')
			p->rate = strtoul(optarg, NULL, 10);
		else if (opt == 's')
			seconds = strtoul(optarg, NULL, 10);
		else
			usage();
	}
	if (p->rate == 0 || p->rate > 1000000 || seconds == 0 ||
		seconds > 3600 || optind == argc)
		usage();
	p->events_max = p->rate * seconds;
	return argv + optind;
}

int main(int argc, char **argv)
{
	static struct pace p;
	struct rusage used;
	double seconds;
	int status;

	argv = parse(&p, argc, argv);
	p.events = calloc(p.events_max, sizeof(*p.events));
	if (!p.events)
		die("calloc");
	start_child(&p, argv);
	p.start_ns = now_ns();
	feed(&p);
	seconds = (double)(now_ns() - p.start_ns) / 1e9;
	sample_rss(&p);
	close(p.to_child);
	fcntl(p.from_child, F_SETFL, 0);
	while (read_child(&p))
		;
	if (wait4(p.child, &status, 0, &used) < 0)
		die("wait4");
	report(&p, seconds,
		(double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
			(double)(used.ru_utime.tv_usec +
				 used.ru_stime.tv_usec) /
				1e6);
	if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
		fprintf(stderr, "pace: %s failed\n", argv[0]);
		return 1;
	}
	return 0;
}
