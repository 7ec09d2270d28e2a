// SPDX-License-Identifier: GPL-3.0-or-later
/* How long a checkpoint holds up the loop that starts it, with a table of
 * commands and one of processes that are full: the rest is a child's work. */
#include <time.h>

#include "event.h"
#include "frequency.h"
#include "kept.h"
#include "lineage.h"

#define COMMANDS  65536
#define PROCESSES 32768
#define ROUNDS    25
/* The loop has 2 ms; a busy machine adds its own to most tries, not to all. */
#define MOST_US 2000

static int64_t now_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

static void see(struct frequency *fr, uint32_t command)
{
	struct event_layer layer = { .depth = 1 };
	struct event ev = { .time_ms = KEPT_NOW + command,
		.auid = { .has = true, .id = 1000 + command % 7 },
		.layers = &layer,
		.n_layers = 1 };

	memcpy(layer.sha256, &command, sizeof(command));
	frequency_run(fr, &ev, FREQUENCY_BLOG);
}

static void run(struct lineage *l, uint32_t pid)
{
	struct event *ev = event_create();

	if (!ev)
		abort();
	ev->time_ms = KEPT_NOW + pid;
	ev->serial = ev->pid = pid;
	ev->ppid = pid / 2;
	ev->has_pid = ev->has_ppid = true;
	ev->exe = BYTES("/usr/bin/true");
	lineage_run(l, ev);
	event_destroy(ev);
}

static int compare(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

int main(void)
{
	struct frequency_conf cf = {
		.commands_max = COMMANDS, .window_h = 336, .seed = { 3, 4 }
	};
	struct state_conf conf = { .file = kept_file,
		.boot_id = "boot",
		.max_age_ms = INT64_MAX / 2 };
	struct lineage_conf lc = { .processes_max = PROCESSES,
		.seed = { 3, 4 } };
	struct frequency *fr = frequency_new(&cf);
	struct lineage *l = lineage_new(&lc);
	int64_t took[ROUNDS], at = 1000;
	struct state *st;

	check.module = "state_time";
	kept_begin();
	st = state_new(&conf);
	if (!fr || !l || !st || state_keep_frequency(st, fr) < 0 ||
		state_keep_lineage(st, l) < 0)
		abort();
	for (uint32_t i = 1; i <= PROCESSES; i++)
		run(l, i);
	for (uint32_t i = 0; i < COMMANDS; i++)
		see(fr, i);
	check_start("the start of a checkpoint");
	state_tick(st, at, 1000);
	for (uint32_t i = 0; i < ROUNDS; i++) {
		int64_t start;

		see(fr, COMMANDS + i);
		run(l, PROCESSES + i + 1);
		start = now_us();
		state_tick(st, at += 1000, 1000);
		took[i] = now_us() - start;
		CHECK_EQ(state_finish(st, 60000), 0);
	}
	qsort(took, ROUNDS, sizeof(took[0]), compare);
	printf("# %d commands, %d processes: %lld us, %lld to %lld\n", COMMANDS,
		PROCESSES, (long long)took[ROUNDS / 2], (long long)took[0],
		(long long)took[ROUNDS - 1]);
	CHECK(took[0] <= MOST_US);
	state_free(st);
	frequency_free(fr);
	lineage_free(l);
	kept_end();
	return check_end();
}
