// SPDX-License-Identifier: GPL-3.0-or-later
#include "watch.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/sockios.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#define SAMPLE_NS  200000
#define CONTROL_NS 500000
/* Any timer is late by as much. */
#define LATE_NS 100000
/* Gaps of which nothing need be known. */
#define SHORT_NS  200000
#define BUCKET_US 10 /* of the histogram */
#define BUCKETS   100000
#define CPUS_MAX  64

/* Fields of proc_pid_stat(5). */
#define STAT_COMM  2
#define STAT_STATE 3
#define STAT_CPU   39

struct times {
	unsigned long at[BUCKETS + 1], n;
	int64_t max_ns;
};

static struct times gaps, own, noise;
static int64_t begin_ns = -1; /* the reader's own part of its start */

/* One on each processor: what no process may hold up sleeps, and is late when
 * the processor itself was away. */
static struct control {
	pthread_t thread;
	int cpu;
	_Atomic int64_t due_ns, late_ns; /* late so far, over all its sleeps */
} controls[CPUS_MAX];
static int n_controls;

static struct {
	pid_t pid;
	int its_end;
	const _Atomic uint64_t *written;
	bool is_last_counted;
	pthread_t watcher, hearer;
} w;
static _Atomic bool is_over;

int64_t watch_now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

void watch_sleep_until(int64_t ns)
{
	struct timespec t = { .tv_sec = ns / 1000000000,
		.tv_nsec = ns % 1000000000 };

	clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL);
}

static void note(struct times *t, int64_t ns)
{
	int64_t bucket = ns / 1000 / BUCKET_US;

	t->at[bucket < BUCKETS ? bucket : BUCKETS]++;
	t->n++;
	if (ns > t->max_ns)
		t->max_ns = ns;
}

/* A sleep of a millisecond, as the plugin's, again and again. */
static void *hear(void *arg)
{
	(void)arg;
	while (!atomic_load(&is_over)) {
		int64_t due = watch_now_ns() + 1000000;

		watch_sleep_until(due);
		note(&noise, watch_now_ns() - due);
	}
	return NULL;
}

static void become_first(void)
{
	struct sched_param param = { .sched_priority = 1 };

	(void)!pthread_setschedparam(pthread_self(), SCHED_FIFO, &param);
}

static void *control(void *arg)
{
	struct control *c = arg;
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET((size_t)c->cpu, &set);
	(void)!pthread_setaffinity_np(pthread_self(), sizeof(set), &set);
	become_first();
	while (!atomic_load(&is_over)) {
		int64_t due = watch_now_ns() + CONTROL_NS, late;

		atomic_store(&c->due_ns, due);
		watch_sleep_until(due);
		late = watch_now_ns() - due;
		atomic_store(&c->due_ns, INT64_MAX);
		if (late > LATE_NS)
			atomic_fetch_add(&c->late_ns, late);
	}
	return NULL;
}

static int start_controls(void)
{
	cpu_set_t set;

	if (sched_getaffinity(0, sizeof(set), &set) < 0)
		return -1;
	for (int i = 0; i < CPU_SETSIZE && n_controls < CPUS_MAX; i++) {
		struct control *c = &controls[n_controls];

		if (!CPU_ISSET((size_t)i, &set))
			continue;
		c->cpu = i;
		c->due_ns = INT64_MAX;
		if (pthread_create(&c->thread, NULL, control, c))
			return -1;
		n_controls++;
	}
	return 0;
}

/* How the plugin stood at a look: its state, and the processor that it was on
 * last. */
struct stand {
	char state; /* 'R', 'S'... as in proc_pid_stat(5) */
	int cpu;    /* -1: not known */
};

/* Since data waits. */
struct gap {
	int64_t since_ns, last_ns; /* 0: none does; the last look */
	int64_t ran_ns; /* the plugin, before */
	int64_t slept_ns; /* since then */
	int64_t away_ns[CPUS_MAX]; /* while it needed that processor */
	int64_t late_ns[CPUS_MAX]; /* the controls, at the last look */
	struct stand stand; /* at the last look */
};

static const struct stand asleep = { .state = 'S', .cpu = -1 };

static struct {
	int stat, schedstat;
} files;

static int open_file(const char *name)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/%s", (int)w.pid, name);
	return open(path, O_RDONLY | O_CLOEXEC);
}

static struct stand look(void)
{
	struct stand stand = asleep;
	char text[1024] = "", *at;
	int field = STAT_COMM;

	if (pread(files.stat, text, sizeof(text) - 1, 0) <= 0)
		return stand;
	for (at = strrchr(text, ')'); at && field < STAT_CPU; field++) {
		at = strchr(at + 1, ' ');
		if (at && field + 1 == STAT_STATE)
			stand.state = at[1];
	}
	if (at)
		stand.cpu = (int)strtol(at, NULL, 10);
	return stand;
}

static int64_t ran_ns(void)
{
	char text[128] = "";

	if (pread(files.schedstat, text, sizeof(text) - 1, 0) <= 0)
		return 0;
	return strtoll(text, NULL, 10);
}

static int64_t late_ns(const struct control *c, int64_t now)
{
	int64_t due = atomic_load(&c->due_ns);

	return atomic_load(&c->late_ns) +
	       (now > due && now - due > LATE_NS ? now - due : 0);
}

static void begin_gap(struct gap *g, int64_t now)
{
	g->since_ns = g->last_ns = now;
	g->slept_ns = 0;
	g->ran_ns = ran_ns();
	g->stand = asleep;
	for (int i = 0; i < n_controls; i++) {
		g->away_ns[i] = 0;
		g->late_ns[i] = late_ns(&controls[i], now);
	}
}

/* One that runs or waits for it needs the processor it stands on; what wakes a
 * sleeper may be the timer of any. */
static bool needs(struct stand stand, int cpu)
{
	return stand.state == 'S' || (stand.state == 'R' && stand.cpu == cpu);
}

/* Short gaps are not worth the look. */
static void go_on(struct gap *g, int64_t now)
{
	if (g->stand.state != 'R')
		g->slept_ns += now - g->last_ns;
	g->last_ns = now;
	if (now - g->since_ns < SHORT_NS)
		return;
	for (int i = 0; i < n_controls; i++) {
		int64_t late = late_ns(&controls[i], now);

		if (late <= g->late_ns[i])
			continue;
		if (needs(g->stand, controls[i].cpu))
			g->away_ns[i] += late - g->late_ns[i];
		g->late_ns[i] = late;
	}
	g->stand = look();
}

/* What it ran holds the time in which a processor was away under it, unless the
 * machine's host says so. */
static void end_gap(struct gap *g)
{
	int64_t len = g->last_ns - g->since_ns;
	int64_t most = ran_ns() - g->ran_ns + g->slept_ns;

	for (int i = 0; i < n_controls; i++)
		if (most > len - g->away_ns[i])
			most = len - g->away_ns[i];
	if (most < 0)
		most = 0;
	if (begin_ns < 0) {
		begin_ns = most;
	} else {
		note(&gaps, len);
		note(&own, most);
	}
	g->since_ns = 0;
}

/*
 * What was read is what was written less what waits: the first is loaded before
 * the second, so that it is never too much. A gap ends at the last sample that
 * still saw the same amount: this thread's own lateness adds nothing to it.
 */
static void *watch(void *arg)
{
	struct gap g = { 0 };
	uint64_t taken = 0;

	(void)arg;
	become_first();
	while (!atomic_load(&is_over)) {
		uint64_t written = atomic_load(w.written);
		int64_t now;
		int waits = 0;

		if (ioctl(w.its_end, SIOCINQ, &waits) < 0) {
			perror("SIOCINQ");
			break;
		}
		now = watch_now_ns();
		if (written > taken + (uint64_t)waits) {
			taken = written - (uint64_t)waits;
			if (!g.since_ns)
				begin_gap(&g, now);
			end_gap(&g);
		}
		if (!waits)
			g.since_ns = 0;
		else if (g.since_ns)
			go_on(&g, now);
		else
			begin_gap(&g, now);
		watch_sleep_until(now + SAMPLE_NS);
	}
	if (g.since_ns && w.is_last_counted)
		end_gap(&g);
	return NULL;
}

int watch_start(pid_t pid, int its_end, const _Atomic uint64_t *written)
{
	w.pid = pid;
	w.its_end = its_end;
	w.written = written;
	files.stat = open_file("stat");
	files.schedstat = open_file("schedstat");
	if (files.stat < 0 || files.schedstat < 0 || start_controls() < 0 ||
		pthread_create(&w.watcher, NULL, watch, NULL) ||
		pthread_create(&w.hearer, NULL, hear, NULL))
		return -1;
	return 0;
}

void watch_stop(bool is_last_counted)
{
	w.is_last_counted = is_last_counted;
	atomic_store(&is_over, true);
	pthread_join(w.watcher, NULL);
	pthread_join(w.hearer, NULL);
	for (int i = 0; i < n_controls; i++)
		pthread_join(controls[i].thread, NULL);
}

static double percentile_ms(const struct times *t, double part)
{
	unsigned long want = (unsigned long)((double)t->n * part), sum = 0;

	for (size_t i = 0; i <= BUCKETS; i++) {
		sum += t->at[i];
		if (sum > want)
			return (double)((i + 1) * BUCKET_US) / 1000;
	}
	return (double)t->max_ns / 1e6;
}

static void print_times(const char *name, const struct times *t)
{
	printf("\"%s\":{\"n\":%lu,\"p50_ms\":%.3f,\"p99_ms\":%.3f,"
	       "\"p999_ms\":%.3f,\"p9999_ms\":%.3f,\"max_ms\":%.3f}",
		name, t->n, percentile_ms(t, 0.5), percentile_ms(t, 0.99),
		percentile_ms(t, 0.999), percentile_ms(t, 0.9999),
		(double)t->max_ns / 1e6);
}

void watch_print(void)
{
	print_times("gap", &gaps);
	putchar(',');
	print_times("own", &own);
	putchar(',');
	print_times("noise", &noise);
	printf(",\"begin_ms\":%.3f", (double)begin_ns / 1e6);
}
