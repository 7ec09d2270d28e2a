// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * A checkpoint that ends at any of its steps: before each write, truncation,
 * sync, deletion and opening of a file, after each of them, and in the middle
 * of each write. What is loaded then is what was there before or what was to
 * be there, to the row; and nothing at all, or that, where the journal that it
 * left behind was changed since.
 */
#include <sys/wait.h>

#include "kept.h"
#include "state_file.h"
#include "steps.h"

static struct kept before, after, got;

/* Many rows, so that they take several pages. */
static void change(struct kept *k, int64_t round)
{
	char text[60];

	for (uint32_t i = 0; i < KEPT_MAX; i++) {
		if ((i + round) % 3)
			continue;
		snprintf(text, sizeof(text), "round %lld, row %u: %040u",
			(long long)round, i, i);
		kept_set(k, i, round, (i + round) % 5 ? text : NULL);
	}
}

/* Of n, every one is tried, or about few of them under an emulator. */
static int stride(size_t n, unsigned int few)
{
	unsigned int all = (unsigned int)n;

	return (int)(all / check_fewer(all, few));
}

/* No fewer than a checkpoint of many rows takes. */
#define STEPS 64

static const char *const in_use = "another process keeps the state up";

/* said: what is said of another process. */
static void load(struct kept *k, const char *said)
{
	struct state *st;

	*k = (struct kept){ 0 };
	st = kept_state(k, 1, "boot");
	CHECK_EQ(kept_load(st, said), 0);
	state_free(st);
}

/* What is loaded after the checkpoint was cut short: 1 the new, 0 the old, -1
 * neither. */
static int which(const char *said)
{
	bool is_old, is_new;

	load(&got, said);
	is_old = kept_is_same(&got, &before);
	is_new = kept_is_same(&got, &after);
	if (is_old == is_new || kept_exists(".bad"))
		return -1;
	return is_new;
}

/* The state with "before" in its file and "after" to be written. */
static struct state *prepare(struct kept *k, bool is_first)
{
	struct state *st;

	kept_clear();
	*k = (struct kept){ 0 };
	change(k, 1);
	st = kept_state(k, 1, "boot");
	CHECK_EQ(state_finish(st, 10000), 0);
	before = *k;
	if (is_first) {
		/* As after a start: all of it is written anew. */
		state_free(st);
		st = kept_state(k, 1, "boot");
	}
	change(k, 2);
	after = *k;
	return st;
}

static void test_kill(bool is_first, enum moment moment)
{
	static const char *const names[] = { "before", "after", "halfway" };
	static struct kept k;
	int n, n_old = 0, n_new = 0, by;
	bool is_done = false;

	check_start("killed %s each step of a %s checkpoint", names[moment],
		is_first ? "first" : "later");
	by = stride(STEPS, STEPS / 8);
	for (n = 1; !is_done && n < 1000; n += by) {
		struct state *st = prepare(&k, is_first);
		int w;

		steps_plan(n, moment, 0);
		is_done = state_finish(st, 10000) == 0;
		steps_plan(0, BEFORE, 0);
		w = which(in_use);
		n_old += w == 0;
		n_new += w == 1;
		if (!CHECK(w >= 0) || !CHECK(!is_done || w == 1)) {
			CHECK_EQ(n, -1);
			is_done = true;
		}
		/* The same state goes on, and all is written in the end. */
		CHECK_EQ(state_finish(st, 10000), 0);
		CHECK_EQ(which(in_use), 1);
		state_free(st);
	}
	CHECK(n_old >= 10 / by);
	CHECK(n_new >= 1);
	printf("# %d steps: old %d times, new %d times\n", n - 1 - by, n_old,
		n_new);
}

static void test_first_ever(void)
{
	static struct kept k;
	bool is_done = false;
	int by;

	check_start("killed at each step of the first one ever");
	by = stride(STEPS, STEPS / 8);
	before = (struct kept){ 0 };
	for (int n = 1; !is_done && n < 1000; n += by) {
		struct state *st;

		kept_clear();
		k = (struct kept){ 0 };
		change(&k, 1);
		after = k;
		st = kept_state(&k, 1, "boot");
		steps_plan(n, BEFORE, 0);
		is_done = state_finish(st, 10000) == 0;
		steps_plan(0, BEFORE, 0);
		state_free(st);
		if (!CHECK(which(NULL) >= 0)) {
			CHECK_EQ(n, -1);
			break;
		}
	}
	CHECK(is_done);
}

/* What is full or broken stays so until the checkpoint has given up. */
static void test_errors(void)
{
	static const struct {
		const char *name;
		int error;
	} rows[] = {
		{ "a full disk", SQLITE_FULL },
		{ "a failing disk", SQLITE_IOERR },
		{ "a disk turned read-only", SQLITE_READONLY },
	};
	static struct kept k;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		bool is_done = false;
		int by;

		check_start("%s at each step", rows[i].name);
		by = stride(STEPS, STEPS / 8);
		for (int n = 1; !is_done && n < 1000; n += by) {
			struct state *st = prepare(&k, false);

			steps_plan(n, BEFORE, rows[i].error);
			is_done = state_finish(st, 10000) == 0;
			steps_plan(0, BEFORE, 0);
			if (!CHECK(which(in_use) >= 0))
				is_done = true;
			CHECK_EQ(state_finish(st, 10000), 0);
			CHECK_EQ(which(in_use), 1);
			state_free(st);
		}
	}
}

/* A file's bytes, while others work on it. */
struct image {
	char bytes[1 << 17];
	size_t len;
};

static void path_of(char *to, size_t size, const char *suffix)
{
	snprintf(to, size, "%s%s", kept_file, suffix);
}

static void take_image(struct image *im, const char *suffix)
{
	char path[128];
	ssize_t n;
	int fd;

	path_of(path, sizeof(path), suffix);
	fd = open(path, O_RDONLY);
	n = fd < 0 ? 0 : read(fd, im->bytes, sizeof(im->bytes));
	if (n < 0 || (size_t)n == sizeof(im->bytes))
		abort();
	if (fd >= 0)
		close(fd);
	im->len = (size_t)n;
}

static void put_image(const struct image *im, const char *suffix, size_t len)
{
	char path[128];
	int fd;

	path_of(path, sizeof(path), suffix);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	if (fd < 0 || write(fd, im->bytes, len) != (ssize_t)len)
		abort();
	close(fd);
}

/* In pages as small as they get. */
static void save_small(struct kept *k)
{
	struct state *st;
	sqlite3 *db;

	kept_clear();
	*k = (struct kept){ 0 };
	for (uint32_t i = 0; i < 12; i++)
		kept_set(k, i, i, "some text of a row");
	st = kept_state(k, 1, "boot");
	CHECK_EQ(state_finish(st, 10000), 0);
	state_free(st);
	if (sqlite3_open(kept_file, &db) != SQLITE_OK ||
		sqlite3_exec(db,
			"PRAGMA journal_mode = DELETE; PRAGMA page_size = 512;"
			"VACUUM",
			NULL, NULL, NULL) != SQLITE_OK)
		abort();
	sqlite3_close(db);
}

static struct image file, journal;

/* File and journal as they are right before the journal goes. */
static void take_last(void)
{
	static struct kept k;
	struct image now;
	bool is_done = false;

	for (int n = 1; !is_done && n < 1000; n++) {
		struct state *st;
		int status;

		save_small(&k);
		before = k;
		kept_set(&k, 3, 3, "changed since, and longer than it was");
		st = kept_state(&k, 1, "boot");
		steps_plan(n, STOP, 0);
		state_tick(st, 1, 1);
		state_tick(st, 1000, 1);
		steps_plan(0, BEFORE, 0);
		if (waitpid(st->child, &status, WUNTRACED) != st->child)
			abort();
		is_done = !WIFSTOPPED(status);
		take_image(&now, "-journal");
		if (!is_done && now.len) {
			journal = now;
			take_image(&file, "");
		}
		if (!is_done && (kill(st->child, SIGKILL) < 0 ||
					waitpid(st->child, &status, 0) < 0))
			abort();
		state_free(st);
	}
	after = k;
}

/* Whether a file and len bytes of a journal give all of what there was, or
 * nothing; *is_old: the former. */
static bool is_whole(size_t len, bool *is_old)
{
	struct state *st;
	struct str why;

	kept_clear();
	put_image(&file, "", file.len);
	put_image(&journal, "-journal", len);
	got = (struct kept){ 0 };
	st = kept_state(&got, 1, "boot");
	str_init(&why, 8192);
	(void)!state_load(st, KEPT_NOW, &why);
	str_fini(&why);
	state_free(st);
	*is_old = kept_is_same(&got, &before);
	return *is_old || kept_is_same(&got, &after) ||
	       (!got.taken && !got.refused);
}

static void test_journal(void)
{
	unsigned long long seed = 29;
	size_t n_old = 0, n = 0, by;
	bool is_old;

	check_start("each byte of a journal left behind changed");
	take_last();
	CHECK(is_whole(journal.len, &is_old) && is_old);
	CHECK(journal.len > 2048);
	by = (size_t)stride(journal.len, 64);
	for (size_t i = 0; i < journal.len; i += by) {
		char was = journal.bytes[i];

		journal.bytes[i] ^=
			(char)(1 << (check_random(&seed) >> 32) % 8);
		if (!CHECK(is_whole(journal.len, &is_old)))
			break;
		journal.bytes[i] = was;
		n_old += is_old;
		n++;
	}
	CHECK_EQ(n, (journal.len + by - 1) / by);
	CHECK(n_old > 512 / by);
	printf("# %zu bytes: old %zu times, refused %zu times\n", n, n_old,
		n - n_old);

	check_start("each length of it");
	by = (size_t)stride(journal.len, 64);
	for (size_t len = 0; len <= journal.len; len += by)
		if (!CHECK(is_whole(len, &is_old)))
			break;
}

int main(void)
{
	check.module = "state_crash";
	/* Each checkpoint that is cut short says so. */
	if (!freopen("/dev/null", "w", stderr))
		abort();
	kept_begin();
	steps_install();
	for (int moment = 0; moment < N_MOMENTS; moment++) {
		test_kill(false, (enum moment)moment);
		test_kill(true, (enum moment)moment);
	}
	test_first_ever();
	test_errors();
	test_journal();
	kept_end();
	return check_end();
}
