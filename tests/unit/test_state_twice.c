// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Two processes and one file: an engine that died while its checkpoint's child
 * was at work, and two engines at a time. What is in the file is always all of
 * what one of them knew.
 */
#include <sys/wait.h>
#include <time.h>

#include "kept.h"
#include "metrics.h"
#include "state_file.h"
#include "steps.h"

static const char *const in_use = "another process keeps the state up";

static struct kept first, second, got;

/* Row by row something else, so that a mixture of two shows. */
static void fill(struct kept *k, int64_t round)
{
	char text[60];

	for (uint32_t i = 0; i < KEPT_MAX; i++) {
		snprintf(text, sizeof(text), "round %lld, row %u",
			(long long)round, i);
		kept_set(k, i, round, (i + round) % 4 ? text : NULL);
	}
}

static struct state *open_state(struct kept *k, int64_t wait_ms)
{
	struct state_conf cf = { .file = kept_file,
		.boot_id = "boot",
		.started_ms = KEPT_NOW,
		.max_age_ms = INT64_MAX / 2,
		.wait_ms = wait_ms };
	struct state_section section = kept_section(k, 1);
	struct state *st = state_new(&cf);

	if (!st || state_add(st, &section) < 0)
		abort();
	return st;
}

static bool is_in_file(const struct kept *k)
{
	struct state_conf cf = {
		.file = kept_file, .boot_id = "boot", .is_reader = true
	};
	struct state_section section = kept_section(&got, 1);
	struct state *st = state_new(&cf);
	int rc;

	got = (struct kept){ 0 };
	if (!st || state_add(st, &section) < 0)
		abort();
	rc = kept_load(st, NULL);
	state_free(st);
	return rc == 0 && kept_is_same(&got, k);
}

/* Waits for a child of ours that nobody reaped; true: it is done. */
static bool is_done(pid_t child)
{
	int status;

	return waitpid(child, &status, 0) == child && WIFEXITED(status) &&
	       WEXITSTATUS(status) == 0;
}

/* An engine with round 1 in its file that goes away while its child, which
 * stands still before step n, writes round 2. 0: it took fewer steps. */
static pid_t die_at(int n)
{
	struct state *st;
	pid_t child;
	int status;

	kept_clear();
	first = (struct kept){ 0 };
	fill(&first, 1);
	st = open_state(&first, 0);
	CHECK_EQ(kept_load(st, NULL), 0);
	CHECK_EQ(state_finish(st, 10000), 0);
	second = first;
	fill(&first, 2);
	steps_plan(n, STOP, 0);
	state_tick(st, 1, 1);
	state_tick(st, 1000, 1);
	steps_plan(0, BEFORE, 0);
	child = st->child;
	CHECK(child > 0);
	if (waitpid(child, &status, WUNTRACED) != child)
		abort();
	state_free(st);
	return WIFSTOPPED(status) ? child : 0;
}

/* The child goes on after a while. */
static pid_t wake_later(pid_t child)
{
	const struct timespec pause = { .tv_nsec = 100000000 };
	pid_t pid = fork();

	if (pid)
		return pid;
	nanosleep(&pause, NULL);
	_exit(kill(child, SIGCONT) == 0 ? 0 : 1);
}

static void test_wait(void)
{
	static struct kept k;
	bool has_more = true;
	int n;

	check_start(
		"a checkpoint of one that died is waited for, at each step");
	for (n = 1; has_more && n < 1000; n += 3) {
		pid_t child = die_at(n), waker;
		struct state *st;

		has_more = child > 0;
		waker = has_more ? wake_later(child) : 0;
		k = (struct kept){ 0 };
		st = open_state(&k, 10000);
		CHECK_EQ(kept_load(st, NULL), 0);
		CHECK(kept_is_same(&k, &first));
		state_free(st);
		if (!has_more)
			break;
		CHECK(is_done(waker));
		CHECK(is_done(child));
	}
	CHECK(n > 20);
}

/* What is loaded is the old state, as long as the child has no lock of
 * SQLite's; then the child writes the new one. */
static void test_no_wait(void)
{
	static struct kept k;
	int n, rc = 0;

	check_start("where it stands still, nothing is torn at any step");
	for (n = 1; rc == 0 && n < 1000; n++) {
		pid_t child = die_at(n);
		struct state *st;

		if (!child)
			break;
		k = (struct kept){ 0 };
		st = open_state(&k, 0);
		rc = kept_load(st, in_use);
		CHECK(rc < 0 || kept_is_same(&k, &second));
		kept_set(&k, 5, 5, "learnt meanwhile");
		CHECK_EQ(state_finish(st, 10000), -1);
		CHECK(kill(child, SIGCONT) == 0 && is_done(child));
		CHECK(is_in_file(&first));
		if (rc == 0) {
			CHECK_EQ(state_finish(st, 10000), 0);
			CHECK(is_in_file(&k));
			kept_set(&k, 6, 6, "and later");
			CHECK_EQ(state_finish(st, 10000), 0);
			CHECK(is_in_file(&k));
		}
		state_free(st);
	}
	CHECK(n > 3);
	printf("# %d steps\n", n - 1);
}

static void test_in_turn(void)
{
	struct metrics m = { 0 };
	struct state *a, *b;

	check_start("one process at a time");
	kept_clear();
	first = second = (struct kept){ 0 };
	fill(&first, 1);
	CHECK(!state_is_locked(kept_file));
	a = open_state(&first, 0);
	CHECK_EQ(kept_load(a, NULL), 0);
	CHECK(state_is_locked(kept_file));
	CHECK_EQ(state_finish(a, 10000), 0);
	b = open_state(&second, 50);
	b->cf.metrics = &m;
	CHECK_EQ(kept_load(b, in_use), 0);
	CHECK(kept_is_same(&first, &second));
	kept_set(&first, 3, 3, "of the first");
	kept_set(&second, 4, 4, "of the second");
	CHECK_EQ(state_finish(b, 10000), -1);
	CHECK_EQ(m.checkpoint_errors, 1);
	CHECK_EQ(state_finish(a, 10000), 0);
	CHECK(is_in_file(&first));
	state_free(a);
	CHECK_EQ(state_finish(b, 10000), 0);
	CHECK(is_in_file(&second));
	CHECK_EQ(m.checkpoints, 1);
	CHECK(state_is_locked(kept_file));
	state_free(b);
	CHECK(!state_is_locked(kept_file));
}

/* As if somebody had removed it. */
static void test_no_lock(void)
{
	struct state *a, *b;

	check_start("both at once");
	kept_clear();
	first = second = (struct kept){ 0 };
	fill(&first, 1);
	a = open_state(&first, 0);
	CHECK_EQ(kept_load(a, NULL), 0);
	CHECK_EQ(state_finish(a, 10000), 0);
	kept_remove(".lock");
	b = open_state(&second, 0);
	CHECK_EQ(kept_load(b, NULL), 0);
	fill(&second, 2);
	CHECK_EQ(state_finish(b, 10000), 0);
	CHECK(is_in_file(&second));
	for (uint32_t i = 10; i < 20; i++) {
		kept_set(&first, i, i, "of the first");
		CHECK_EQ(state_finish(a, 10000), 0);
		CHECK(is_in_file(&first));
		kept_set(&second, i, i, "of the second");
		CHECK_EQ(state_finish(b, 10000), 0);
		CHECK(is_in_file(&second));
	}
	state_free(a);
	state_free(b);
}

static void run(const char *sql)
{
	sqlite3 *db;

	if (sqlite3_open(kept_file, &db) != SQLITE_OK ||
		sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
		check_fail(__LINE__, "%s: %s", sql, sqlite3_errmsg(db));
	sqlite3_close(db);
}

/* The file as the first version of its tables had it. */
static void make_older(void)
{
	struct state_info info;
	int64_t sums[STATE_SECTIONS_MAX];
	char sql[200];
	sqlite3 *db;
	struct state *st = open_state(&second, 0);

	CHECK_EQ(kept_load(st, NULL), 0);
	info = *state_info(st);
	state_free(st);
	if (sqlite3_open(kept_file, &db) != SQLITE_OK ||
		state_db_number(db, "SELECT checksum FROM sections", sums) !=
			SQLITE_OK)
		abort();
	sqlite3_close(db);
	info.generation = 0;
	snprintf(sql, sizeof(sql),
		"ALTER TABLE state DROP COLUMN generation;"
		"UPDATE state SET checksum = %u; PRAGMA user_version = 1",
		state_sum_info(&info, sums));
	run(sql);
}

static void test_older(void)
{
	struct state *st;

	check_start("a file without generations is taken over");
	kept_clear();
	first = second = (struct kept){ 0 };
	fill(&first, 1);
	st = open_state(&first, 0);
	CHECK_EQ(state_finish(st, 10000), 0);
	state_free(st);
	make_older();
	CHECK(is_in_file(&first));
	second = (struct kept){ 0 };
	st = open_state(&second, 0);
	CHECK_EQ(kept_load(st, NULL), 0);
	CHECK_EQ(state_info(st)->generation, 0);
	CHECK(kept_is_same(&first, &second));
	kept_set(&second, 3, 3, "new");
	CHECK_EQ(state_finish(st, 10000), 0);
	CHECK(is_in_file(&second));
	state_free(st);
}

int main(void)
{
	check.module = "state_twice";
	/* Each checkpoint that cannot be says so. */
	if (!freopen("/dev/null", "w", stderr))
		abort();
	kept_begin();
	steps_install();
	test_wait();
	test_no_wait();
	test_in_turn();
	test_no_lock();
	test_older();
	kept_end();
	return check_end();
}
