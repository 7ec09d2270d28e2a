// SPDX-License-Identifier: GPL-3.0-or-later
#include "lineage.h"

#include <time.h>

#include "check.h"
#include "event.h"
#include "format.h"
#include "map.h"

/*
 * A step is something that happens: x an exec, f one that fails, n a network
 * call, + a fork
 * (pid by ppid), - an exit. What an exec is told then is compared: same is the
 * step whose process it goes on with (its own where it is a new one), and
 * above the executables of its ancestors, the parent first.
 */
struct step {
	char what;
	uint32_t pid, ppid;
	const char *exe;
	int same; /* from 1; 0: a process nobody has seen before */
	uint32_t execs;
	const char *above;
	bool is_adopted;
	const char *node;
};

struct story {
	const char *name;
	struct step steps[10];
};

#define STEP(kind, i, p, e, s, n, a)                                           \
	.what = kind, .pid = i, .ppid = p, .exe = e, .same = s, .execs = n,    \
	.above = a
#define RUN(...)                                                               \
	{                                                                      \
		STEP('x', __VA_ARGS__)                                         \
	}
#define FAIL(...)                                                              \
	{                                                                      \
		STEP('f', __VA_ARGS__)                                         \
	}
#define ADOPTED(...)                                                           \
	{                                                                      \
		STEP('x', __VA_ARGS__), .is_adopted = true                     \
	}
#define RUN_ON(n, ...)                                                         \
	{                                                                      \
		STEP('x', __VA_ARGS__), .node = n                              \
	}
#define CALL(...)                                                              \
	{                                                                      \
		STEP('n', __VA_ARGS__)                                         \
	}
#define FORK(i, p, e)                                                          \
	{                                                                      \
		.what = '+', .pid = i, .ppid = p, .exe = e                     \
	}
#define EXIT(i)                                                                \
	{                                                                      \
		.what = '-', .pid = i                                          \
	}

static const struct story stories[] = {
	{ "parent",
		{ RUN(20, 10, "/bin/sh", 0, 1, "?"),
			RUN(21, 20, "/bin/id", 0, 1, "/bin/sh ?"),
			RUN(22, 20, "/bin/ls", 0, 1, "/bin/sh ?"),
			RUN(23, 22, "/bin/cat", 0, 1, "/bin/ls /bin/sh ?") } },
	{ "chain", { RUN(20, 10, "/bin/sh", 0, 1, "?"),
			   RUN(21, 20, "/usr/bin/env", 0, 1, "/bin/sh ?"),
			   FAIL(21, 20, "/usr/bin/env", 2, 1, "/bin/sh ?"),
			   RUN(21, 20, "/bin/run-parts", 2, 2, "/bin/sh ?"),
			   RUN(22, 21, "/bin/id", 0, 1,
				   "/bin/run-parts /bin/sh ?") } },
	{ "failed_only", /* its exe is what it was forked from */
		{ FAIL(21, 20, "/usr/bin/perl", 0, 0, "?"),
			RUN(22, 21, "/bin/id", 0, 1, "/usr/bin/perl ?") } },
	{ "adopted", { RUN(20, 10, "/bin/sh", 0, 1, "?"),
			     RUN(21, 20, "/bin/daemon", 0, 1, "/bin/sh ?"),
			     ADOPTED(21, 1, "/bin/worker", 2, 2, "/bin/sh ?"),
			     RUN(22, 21, "/bin/id", 0, 1,
				     "/bin/worker /bin/sh ?") } },
	{ "hole_then_exec", /* who only forked may exec after all */
		{ RUN(22, 21, "/bin/id", 0, 1, "?"),
			RUN(21, 20, "/bin/cat", 0, 1, "?"),
			RUN(23, 21, "/bin/ls", 0, 1, "/bin/cat ?") } },
	{ "fork_fills_hole", { RUN(20, 10, "/bin/bash", 0, 1, "?"),
				     FORK(21, 20, "/bin/bash"),
				     RUN(22, 21, "/bin/id", 0, 1,
					     "/bin/bash /bin/bash ?") } },
	{ "fork_after_exec", /* the records came the other way round */
		{ RUN(21, 20, "/bin/id", 0, 1, "?"), FORK(21, 20, "/bin/bash"),
			RUN(21, 20, "/bin/ls", 1, 2, "?") } },
	{ "fork_in_container", /* its numbers are not the host's */
		{ RUN(15, 1, "/usr/sbin/cron", 0, 1, "?"),
			RUN(9000, 8000, "/bin/bash", 0, 1, "?"),
			FORK(15, 9000, "/bin/bash"),
			FORK(16, 9000, "/bin/bash"),
			RUN(9001, 15, "/bin/id", 0, 1, "/usr/sbin/cron ?"),
			RUN(9002, 16, "/bin/ls", 0, 1, "?") } },
	{ "exit", { RUN(20, 10, "/bin/sh", 0, 1, "?"),
			  RUN(21, 20, "/bin/id", 0, 1, "/bin/sh ?"), EXIT(21),
			  RUN(21, 20, "/bin/ls", 0, 1, "/bin/sh ?") } },
	{ "exit_of_parent",
		{ RUN(20, 10, "/bin/sh", 0, 1, "?"),
			RUN(21, 20, "/bin/daemon", 0, 1, "/bin/sh ?"), EXIT(20),
			RUN(20, 9, "/bin/other", 0, 1, "?"),
			ADOPTED(21, 1, "/bin/worker", 2, 2, "/bin/sh ?"),
			RUN(22, 20, "/bin/id", 0, 1, "/bin/other ?") } },
	{ "exit_of_hole", { RUN(22, 21, "/bin/id", 0, 1, "?"), EXIT(21),
				  RUN(23, 21, "/bin/ls", 0, 1, "?") } },
	{ "round", { RUN(30000, 10, "/bin/sh", 0, 1, "?"),
			   RUN(30001, 30000, "/bin/id", 0, 1, "/bin/sh ?"),
			   RUN(300, 30000, "/bin/ls", 0, 1, "/bin/sh ?"),
			   RUN(30001, 300, "/bin/cat", 0, 1,
				   "/bin/ls /bin/sh ?") } },
	{ "round_keeps_ancestors",
		{ RUN(30000, 10, "/bin/sh", 0, 1, "?"),
			RUN(30001, 30000, "/bin/id", 0, 1, "/bin/sh ?"),
			RUN(300, 5, "/bin/ls", 0, 1, "?"),
			RUN(30000, 5, "/bin/new", 0, 1, "?"),
			RUN(301, 30001, "/bin/cat", 0, 1,
				"/bin/id /bin/sh ?") } },
	{ "jitter", /* two CPUs: no new round */
		{ RUN(1000, 10, "/bin/sh", 0, 1, "?"),
			RUN(1003, 1000, "/bin/a", 0, 1, "/bin/sh ?"),
			RUN(1001, 1000, "/bin/b", 0, 1, "/bin/sh ?"),
			RUN(1003, 1000, "/bin/c", 2, 2, "/bin/sh ?") } },
	{ "nodes", { RUN_ON("a", 20, 10, "/bin/sh", 0, 1, "?"),
			   RUN_ON("b", 20, 10, "/bin/id", 0, 1, "?"),
			   RUN_ON("a", 21, 20, "/bin/ls", 0, 1, "/bin/sh ?"),
			   RUN_ON("b", 20, 10, "/bin/cat", 2, 2, "?") } },
	{ "network", /* 21 only forked */
		{ RUN(20, 10, "/bin/sh", 0, 1, "?"),
			CALL(20, 10, "/bin/sh", 1, 1, "?"),
			CALL(21, 20, "/bin/sh", 0, 0, "/bin/sh ?"),
			RUN(22, 21, "/bin/id", 0, 1, "/bin/sh /bin/sh ?") } },
	{ "network_tells_program", /* that no exec told of */
		{ RUN(20, 10, "/bin/sh", 0, 1, "?"),
			CALL(20, 10, "/usr/bin/curl", 1, 2, "?"),
			CALL(20, 10, "/usr/bin/curl", 1, 2, "?"),
			RUN(21, 20, "/bin/id", 0, 1, "/usr/bin/curl ?") } },
	{ "own_parent", /* a record that cannot be true */
		{ RUN(20, 20, "/bin/sh", 0, 1, ""),
			RUN(21, 22, "/bin/a", 0, 1, "?"),
			RUN(22, 21, "/bin/b", 0, 1,
				"/bin/a /bin/b /bin/a /bin/b /bin/a /bin/b "
				"/bin/a /bin/b") } },
};

static struct lineage *start(uint32_t max)
{
	struct lineage_conf cf = { .processes_max = max, .seed = { 1, 2 } };
	struct lineage *l = lineage_new(&cf);

	if (!l)
		abort();
	return l;
}

static struct event *exec(const struct step *s, uint32_t serial)
{
	struct event *ev = event_create();

	if (!ev)
		abort();
	ev->node = event_copy(ev, bytes_of(s->node));
	ev->time_ms = 1700000000000;
	ev->serial = serial;
	ev->has_pid = ev->has_ppid = true;
	ev->pid = s->pid;
	ev->ppid = s->ppid;
	ev->exe = event_copy(ev, bytes_of(s->exe));
	ev->has_success = true;
	ev->success = s->what != 'f';
	ev->kind = s->what == 'n' ? EVENT_NETWORK : EVENT_EXEC;
	ev->has_execve = s->what == 'x';
	ev->argv = event_alloc(ev, sizeof(*ev->argv));
	if (!ev->argv)
		abort();
	ev->argv[0] = ev->exe;
	ev->argc = ev->has_execve;
	return ev;
}

static void above(const struct event *ev, struct str *out)
{
	str_reset(out);
	for (size_t i = 0; i < ev->lineage.n_ancestors; i++) {
		if (i)
			str_addc(out, ' ');
		if (ev->lineage.ancestors[i].exe.p)
			str_addb(out, ev->lineage.ancestors[i].exe);
		else
			str_addc(out, '?');
	}
}

static int by_change(const void *a, const void *b)
{
	const struct lineage_process *x = a, *y = b;

	return x->change < y->change ? -1 : x->change > y->change;
}

/* As after a restart: what is kept, in another table. */
static struct lineage *renewed(struct lineage *l)
{
	struct lineage *to = start(64);
	struct lineage_process all[64];
	uint32_t at = 0, row;
	size_t n = 0;
	bool is_gone;

	while (n < 64 && lineage_changed(l, 0, &at, &row, &all[n], &is_gone))
		n += !is_gone;
	CHECK_EQ(n, lineage_count(l));
	qsort(all, n, sizeof(all[0]), by_change);
	for (size_t i = 0; i < n; i++)
		CHECK_EQ(lineage_restore(to, &all[i]), 0);
	lineage_free(l);
	return to;
}

static void check_story(const struct story *story, bool has_restarts)
{
	struct lineage *l = start(64);
	uint64_t guids[10] = { 0 };
	struct str text;

	check_start("%s/%s", has_restarts ? "restart" : "story", story->name);
	str_init(&text, 4096);
	for (uint32_t i = 0; i < 10 && story->steps[i].what; i++) {
		const struct step *s = &story->steps[i];
		struct lineage_birth birth = { .node = bytes_of(s->node),
			.time_ms = 1700000000000,
			.serial = i + 1,
			.child = s->pid,
			.pid = s->ppid,
			.exe = bytes_of(s->exe) };
		struct event *ev;

		if (has_restarts)
			l = renewed(l);
		if (s->what == '+')
			lineage_fork(l, &birth);
		if (s->what == '-')
			lineage_exit(l, birth.node, s->pid, birth.time_ms,
				birth.serial);
		if (s->what == '+' || s->what == '-')
			continue;
		ev = exec(s, i + 1);
		lineage_run(l, ev);
		lineage_tell(l, ev);
		guids[i] = ev->lineage.guid;
		CHECK(ev->lineage.has && guids[i]);
		for (uint32_t j = 0; j < i; j++)
			if ((guids[i] == guids[j]) != (s->same == (int)j + 1) &&
				!(s->same && guids[s->same - 1] == guids[j]))
				check_fail(__LINE__, "step %u and %u", i + 1,
					j + 1);
		CHECK_EQ(ev->lineage.execs, s->execs);
		CHECK_EQ(ev->lineage.is_adopted, s->is_adopted);
		above(ev, &text);
		CHECK_Z(str_bytes(&text), s->above);
		event_destroy(ev);
	}
	str_fini(&text);
	lineage_free(l);
}

/* A replay says the same, whatever the seed of the tables. */
static void check_guids(void)
{
	struct lineage_conf other = { .processes_max = 64, .seed = { 7, 9 } };
	struct lineage *ls[2] = { start(64), lineage_new(&other) };
	struct step s = RUN_ON("web1", 20, 10, "/bin/sh", 0, 1, "?");
	uint64_t guids[2] = { 0 };

	check_start("guid/replay");
	for (int i = 0; i < 2; i++) {
		struct event *ev = exec(&s, 7);

		lineage_run(ls[i], ev);
		guids[i] = ev->lineage.guid;
		CHECK_EQ(ev->lineage.n_ancestors, 1);
		event_destroy(ev);
		lineage_free(ls[i]);
	}
	CHECK(guids[0] == guids[1]);
	/* An interface: it stands in lines that are kept for years. */
	CHECK(guids[0] == UINT64_C(0xd1426c2f36af3f1e));
}

static struct event *command(uint32_t pid, uint32_t ppid, size_t argc,
	const struct bytes *argv, struct lineage *l)
{
	struct step s = RUN(pid, ppid, "/bin/sh", 0, 1, "");
	struct event *ev = exec(&s, pid);

	ev->argv = event_alloc(ev, argc * sizeof(*argv) + 1);
	if (!ev->argv)
		abort();
	ev->argc = argc;
	for (size_t i = 0; i < argc; i++)
		ev->argv[i] = event_copy(ev, argv[i]);
	lineage_run(l, ev);
	return ev;
}

/* What an ancestor ran is told as it may be told: what its event says once it
 * was masked, though the child's event comes before that. */
static void check_commands(void)
{
	static const struct {
		const char *name, *arg, *want;
	} rows[] = {
		{ "bare", "x", "sh x" },
		{ "quoted", "a b", "sh 'a b'" },
		{ "long", NULL, NULL },
	};
	struct bytes id = BYTES("id");
	char big[600];

	memset(big, 'y', sizeof(big));
	for (size_t i = 0; i < 3; i++) {
		struct lineage *l = start(64);
		struct bytes argv[2] = { BYTES("sh"),
			rows[i].arg ? bytes_of(rows[i].arg)
				    : (struct bytes){ big, sizeof(big) } };
		struct event *sh = command(20, 10, 2, argv, l);
		struct event *child = command(21, 20, 1, &id, l);
		struct bytes got;

		check_start("command/%s", rows[i].name);
		CHECK(!child->lineage.ancestors[0].cmd.p);
		lineage_tell(l, sh);
		lineage_tell(l, child);
		got = child->lineage.ancestors[0].cmd;
		if (rows[i].want)
			CHECK_Z(got, rows[i].want);
		else
			CHECK(got.len == LINEAGE_CMD_MAX + 3 &&
				!memcmp(got.p, "sh yyy", 6) &&
				!memcmp(got.p + got.len - 4, "y...", 4));
		event_destroy(sh);
		event_destroy(child);
		lineage_free(l);
	}
}

/* /proc as a row of processes. */
static const struct {
	uint32_t pid, ppid;
	const char *exe, *comm, *container;
} proc[] = { { 1, 0, "/sbin/init", "init", NULL },
	{ 50, 1, "/usr/bin/containerd-shim-runc-v2", "shim", NULL },
	{ 60, 1, NULL, "sshd", NULL }, { 61, 60, NULL, "sshd", NULL },
	{ 70, 50, NULL, "sh", "0123456789ab" },
	{ 71, 50, NULL, "id", "0123456789ab" } };

static unsigned int n_looks;

static bool look(
	void *arg, uint32_t pid, int64_t time_ms, struct lineage_seen *seen)
{
	n_looks++;
	CHECK(!arg && time_ms == 1700000000000);
	for (size_t i = 0; i < sizeof(proc) / sizeof(proc[0]); i++) {
		if (proc[i].pid != pid)
			continue;
		*seen = (struct lineage_seen){ .ppid = proc[i].ppid,
			.start = pid,
			.comm = bytes_of(proc[i].comm),
			.exe = bytes_of(proc[i].exe),
			.container = bytes_of(proc[i].container) };
		return true;
	}
	return false;
}

static void check_looks(void)
{
	struct lineage_conf cf = { .processes_max = 64, .look = look };
	struct lineage *l = lineage_new(&cf);
	struct bytes id = BYTES("id");
	struct event *ev;

	check_start("look/holes");
	ev = command(100, 61, 1, &id, l);
	CHECK_EQ(ev->lineage.n_ancestors, 3);
	CHECK_Z(ev->lineage.ancestors[0].comm, "sshd");
	CHECK_Z(ev->lineage.ancestors[2].exe, "/sbin/init");
	CHECK_EQ(n_looks, 3);
	event_destroy(ev);
	event_destroy(command(101, 61, 1, &id, l));
	CHECK_EQ(n_looks, 3);
	/* One that nobody knows is asked for once. */
	event_destroy(command(102, 99, 1, &id, l));
	event_destroy(command(103, 99, 1, &id, l));
	CHECK_EQ(n_looks, 4);
	check_start("look/container");
	ev = command(71, 50, 1, &id, l);
	CHECK_Z(ev->lineage.container, "0123456789ab");
	event_destroy(ev);
	ev = command(104, 71, 1, &id, l);
	CHECK_Z(ev->lineage.container, "0123456789ab");
	event_destroy(ev);
	ev = command(105, 70, 1, &id, l);
	CHECK_Z(ev->lineage.container, "0123456789ab");
	event_destroy(ev);
	lineage_free(l);
}

static void check_seeds(void)
{
	struct lineage *l = start(64);
	struct bytes id = BYTES("id");
	struct event *ev;

	check_start("seed");
	for (size_t i = sizeof(proc) / sizeof(proc[0]); i--;) {
		struct lineage_seen seen = { .ppid = proc[i].ppid,
			.start = proc[i].pid,
			.comm = bytes_of(proc[i].comm),
			.exe = bytes_of(proc[i].exe),
			.container = bytes_of(proc[i].container) };

		lineage_seed(l, proc[i].pid, &seen);
	}
	ev = command(100, 61, 1, &id, l);
	CHECK_EQ(ev->lineage.n_ancestors, 3);
	CHECK_Z(ev->lineage.ancestors[2].exe, "/sbin/init");
	CHECK(!ev->lineage.container.p);
	event_destroy(ev);
	ev = command(101, 70, 1, &id, l);
	CHECK_Z(ev->lineage.container, "0123456789ab");
	event_destroy(ev);
	lineage_free(l);
}

static void check_runtime(void)
{
	static const char sum[] = "0123456789abcdef0123456789abcdef"
				  "0123456789abcdef0123456789abcdef";
	struct lineage *l = start(64);
	struct bytes create[3] = { BYTES("runc"), BYTES("create"),
		bytes_of(sum) };
	struct step steps[] = { RUN(20, 10, "/usr/bin/runc", 0, 1, ""),
		RUN(21, 20, "/usr/bin/runc", 0, 1, ""),
		RUN(21, 20, "/bin/sh", 0, 1, ""),
		RUN(22, 21, "/bin/id", 0, 1, "") };
	struct event *ev;

	check_start("container/runtime");
	for (uint32_t i = 0; i < 4; i++) {
		ev = exec(&steps[i], i + 1);
		if (i == 0) {
			ev->argv = create;
			ev->argc = 3;
		}
		lineage_run(l, ev);
		if (i < 2)
			CHECK(!ev->lineage.container.p);
		else
			CHECK_Z(ev->lineage.container, "0123456789ab");
		event_destroy(ev);
	}
	lineage_free(l);
}

#define BOMB 1000000

/* Each is the parent of the next, and none stays: a million processes take as
 * much a process as ten thousand, and the memory of the table. */
static void check_bomb(void)
{
	struct lineage *l = start(4096);
	clock_t begin = clock(), early = 0, late;
	uint32_t n;

	check_start("bomb");
	n = check_rounds(BOMB);
	for (uint32_t i = 0; i < n; i++) {
		struct step s = RUN(i + 2, i + 1, "/bin/sh", 0, 1, "");
		struct event *ev = exec(&s, i);

		lineage_run(l, ev);
		lineage_tell(l, ev);
		if (i == n - 1)
			CHECK_EQ(
				ev->lineage.n_ancestors, LINEAGE_ANCESTORS_MAX);
		event_destroy(ev);
		if (i == n / 10)
			early = clock() - begin;
	}
	late = clock() - begin;
	CHECK_EQ(lineage_count(l), 4096);
	CHECK(lineage_evicted(l) >= n - 4096);
	if (check_has_clock("bomb_time")) {
		check_start("bomb_time");
		CHECK(late < early * 30);
	}
	lineage_free(l);
}

/* A call has the command of its process, while that runs what it ran. */
static void check_call_cmd(void)
{
	static const struct bytes argv[] = { BYTES("sh"), BYTES("-c"),
		BYTES("id; w") };
	struct step same = CALL(20, 10, "/bin/sh", 0, 0, "");
	struct step other = CALL(20, 10, "/usr/bin/curl", 0, 0, "");
	struct lineage *l = start(64);
	struct event *ev, *first;

	check_start("cmd/network");
	first = command(20, 10, 3, argv, l);
	lineage_tell(l, first);
	event_destroy(first);
	ev = exec(&same, 30);
	lineage_run(l, ev);
	lineage_tell(l, ev);
	CHECK_BYTES(ev->lineage.cmd, BYTES("sh -c 'id; w'"));
	event_destroy(ev);
	ev = exec(&other, 31);
	lineage_run(l, ev);
	lineage_tell(l, ev);
	CHECK(!ev->lineage.cmd.p);
	event_destroy(ev);
	lineage_free(l);

	/* As they stand in one batch. */
	check_start("cmd/network/batch");
	l = start(64);
	first = exec(&(struct step)RUN(20, 10, "/bin/sh", 0, 1, ""), 1);
	ev = exec(&other, 2);
	lineage_run(l, first);
	lineage_run(l, ev);
	lineage_tell(l, first);
	lineage_tell(l, ev);
	CHECK(!ev->lineage.cmd.p);
	event_destroy(first);
	event_destroy(ev);
	lineage_free(l);
}

/* Whom an exec is below, after others. */
static uint64_t run_one(struct lineage *l, uint32_t pid, uint32_t ppid,
	uint32_t serial, uint64_t *parent)
{
	struct step s = RUN(pid, ppid, "/bin/sh", 0, 1, "");
	struct event *ev = exec(&s, serial);
	uint64_t guid;

	lineage_run(l, ev);
	lineage_tell(l, ev);
	guid = ev->lineage.guid;
	if (parent)
		*parent = ev->lineage.n_ancestors
				  ? ev->lineage.ancestors[0].guid
				  : 0;
	event_destroy(ev);
	return guid;
}

/* After a boot nobody is who had that pid, be they new or above. */
static void check_boot(void)
{
	struct lineage *l = start(64);
	uint64_t sh = run_one(l, 20, 10, 100, NULL), above;
	uint64_t id = run_one(l, 21, 20, 101, &above);

	check_start("boot");
	CHECK(above == sh);
	lineage_boot(l, (struct bytes){ NULL, 0 });
	CHECK(run_one(l, 21, 20, 3, &above) != id);
	CHECK(above && above != sh);
	lineage_free(l);
}

/* What is written again is what changed. */
static void check_changes(void)
{
	struct lineage *l = start(64);
	struct lineage_process p;
	uint32_t at = 0, row, n = 0;
	uint64_t after;
	bool is_gone;

	check_start("changes");
	for (uint32_t i = 0; i < 20; i++)
		(void)run_one(l, 100 + i, 10, i + 1, NULL);
	after = lineage_change(l);
	CHECK(!lineage_changed(l, after, &at, &row, &p, &is_gone));
	(void)run_one(l, 105, 10, 30, NULL);
	at = 0;
	while (lineage_changed(l, after, &at, &row, &p, &is_gone)) {
		CHECK(!is_gone && p.pid == 105 && p.execs == 2);
		n++;
	}
	CHECK_EQ(n, 1);
	lineage_free(l);
}

/* What runs when the engine is back decides about what was kept: 20 has lived
 * on, 21 is another by now, 22 is gone. */
static void check_restored(void)
{
	struct lineage *l = start(64);
	struct lineage_seen seen = { .ppid = 1, .comm = BYTES("x") };
	uint64_t old[3], now[3], above;

	check_start("restored");
	for (uint32_t i = 0; i < 3; i++)
		old[i] = run_one(l, 20 + i, 10, i + 1, NULL);
	l = renewed(l);
	seen.start_ms = 1700000000000 - 1000;
	lineage_seed(l, 20, &seen);
	seen.start_ms = 1700000000000 + 60000;
	lineage_seed(l, 21, &seen);
	lineage_seeded(l, 1700000000000 - 1);
	for (uint32_t i = 0; i < 3; i++)
		now[i] = run_one(l, 20 + i, 10, i + 10, NULL);
	CHECK(now[0] == old[0]);
	CHECK(now[1] != old[1]);
	CHECK(now[2] != old[2]);
	CHECK(run_one(l, 30, 20, 20, &above) && above == old[0]);
	lineage_free(l);

	check_start("restored/unseen");
	l = start(64);
	for (uint32_t i = 0; i < 3; i++)
		old[i] = run_one(l, 20 + i, 10, i + 1, NULL);
	l = renewed(l);
	CHECK(run_one(l, 20, 10, 10, NULL) == old[0]);
	CHECK(run_one(l, 21, 1, 11, NULL) == old[1]);
	CHECK(run_one(l, 22, 11, 12, NULL) != old[2]);
	lineage_free(l);
}

int main(void)
{
	check.module = "lineage";
	for (size_t i = 0; i < sizeof(stories) / sizeof(stories[0]); i++)
		for (int has_restarts = 0; has_restarts < 2; has_restarts++)
			check_story(&stories[i], has_restarts);
	check_boot();
	check_changes();
	check_restored();
	check_guids();
	check_commands();
	check_call_cmd();
	check_looks();
	check_seeds();
	check_runtime();
	check_bomb();
	return check_end();
}
