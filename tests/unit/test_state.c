// SPDX-License-Identifier: GPL-3.0-or-later
#include <sqlite3.h>
#include <time.h>

#include "event.h"
#include "frequency.h"
#include "kept.h"
#include "metrics.h"

static struct kept a, b;

static void fresh(void)
{
	a = b = (struct kept){ 0 };
	kept_clear();
}

static void fill(struct kept *k, int n)
{
	char text[32];

	for (int i = 0; i < n; i++) {
		snprintf(text, sizeof(text), "row %d", i);
		kept_set(k, (uint32_t)i, 1000 + i, text);
	}
}

/* a into the file, once. */
static void save(unsigned int version, const char *boot_id)
{
	struct state *st = kept_state(&a, version, boot_id);

	CHECK_EQ(state_finish(st, 10000), 0);
	state_free(st);
}

static void test_round(void)
{
	struct state *st;

	check_start("nothing there");
	fresh();
	st = kept_state(&b, 1, "boot");
	CHECK_EQ(kept_load(st, NULL), 0);
	CHECK_EQ(b.taken, 0);
	CHECK_EQ(state_info(st)->saved_ms, 0);
	state_free(st);

	check_start("kept");
	fill(&a, 100);
	kept_set(&a, 7, 7, NULL);
	kept_set(&a, 8, INT64_MAX, "");
	save(1, "boot");
	st = kept_state(&b, 1, "boot");
	CHECK_EQ(kept_load(st, NULL), 0);
	CHECK(kept_is_same(&a, &b));
	CHECK_EQ(b.taken, 99);
	CHECK(state_info(st)->is_this_boot);
	CHECK(state_info(st)->saved_ms > KEPT_NOW);
	CHECK_EQ(state_info(st)->n_sections, 1);
	CHECK_EQ(state_info(st)->sections[0].rows, 99);
	state_free(st);
}

/* What the file has, by SQLite itself. */
static int64_t number(const char *sql)
{
	sqlite3_stmt *stmt = NULL;
	int64_t n = -1;
	sqlite3 *db;

	if (sqlite3_open(kept_file, &db) == SQLITE_OK &&
		sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) == SQLITE_OK &&
		sqlite3_step(stmt) == SQLITE_ROW)
		n = sqlite3_column_int64(stmt, 0);
	sqlite3_finalize(stmt);
	sqlite3_close(db);
	return n;
}

static void run(const char *sql)
{
	sqlite3 *db;

	if (sqlite3_open(kept_file, &db) != SQLITE_OK ||
		sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
		check_fail(__LINE__, "%s: %s", sql, sqlite3_errmsg(db));
	sqlite3_close(db);
}

/* Ticks until a checkpoint that is under way is done. */
static int64_t settle(struct state *st, int64_t now, int64_t every)
{
	const struct timespec pause = { .tv_nsec = 1000000 };

	for (int i = 0; i < 5000; i++) {
		state_tick(st, now, every);
		if (state_due_ms(st) > now + 50)
			break;
		nanosleep(&pause, NULL);
	}
	return state_due_ms(st);
}

static void test_ticks(void)
{
	struct metrics m = { 0 };
	struct state_conf cf = { .file = kept_file,
		.boot_id = "boot",
		.max_age_ms = 1,
		.metrics = &m };
	struct state_section section = kept_section(&a, 1);
	struct state *st = state_new(&cf);

	if (!st || state_add(st, &section) < 0)
		abort();
	check_start("a checkpoint every 30 s");
	fresh();
	fill(&a, 10);
	state_tick(st, 5000, 30000);
	CHECK_EQ(state_due_ms(st), 35000);
	CHECK(!kept_exists(""));
	CHECK_EQ(settle(st, 35000, 30000), 65000);
	CHECK_EQ(number("SELECT count(*) FROM kept"), 10);
	CHECK_EQ(m.checkpoints, 1);

	check_start("of what changed alone");
	run("UPDATE kept SET number = 77 WHERE id = 3");
	kept_set(&a, 4, 44, "changed");
	kept_set(&a, 5, 0, NULL);
	kept_set(&a, 20, 20, "new");
	CHECK_EQ(settle(st, 65000, 30000), 95000);
	CHECK_EQ(number("SELECT count(*) FROM kept"), 10);
	CHECK_EQ(number("SELECT number FROM kept WHERE id = 3"), 77);
	CHECK_EQ(number("SELECT number FROM kept WHERE id = 4"), 44);
	CHECK_EQ(number("SELECT number FROM kept WHERE id = 5"), -1);

	check_start("none where nothing changed");
	CHECK_EQ(settle(st, 95000, 30000), 125000);
	CHECK_EQ(m.checkpoints, 2);

	check_start("one at once where it is wanted");
	kept_set(&a, 23, 23, "new");
	CHECK_EQ(settle(st, 96000, 30000), 126000);
	kept_set(&a, 23, 0, NULL);
	state_tick(st, 97000, 30000);
	CHECK_EQ(m.checkpoints, 3);
	state_want(st);
	CHECK(state_due_ms(st) <= 97000);
	CHECK_EQ(settle(st, 97000, 30000), 127000);
	CHECK_EQ(m.checkpoints, 4);

	check_start("a file that vanished is made again");
	kept_clear();
	kept_set(&a, 21, 21, "new");
	settle(st, 187000, 30000);
	CHECK_EQ(m.checkpoint_errors, 0);
	CHECK_EQ(m.checkpoints, 5);
	CHECK_EQ(number("SELECT count(*) FROM kept"), 11);

	check_start("one that somebody spoilt is set aside");
	run("PRAGMA journal_mode = DELETE; DROP TABLE sections;"
	    "CREATE VIEW sections AS SELECT 1");
	kept_set(&a, 22, 22, "new");
	settle(st, 217001, 30000);
	settle(st, 247001, 30000);
	CHECK_EQ(number("SELECT count(*) FROM kept"), 12);
	CHECK_EQ(number("SELECT rows FROM sections"), 12);
	state_free(st);
}

static void test_boot(void)
{
	struct state_section section;
	struct state *st;

	for (int is_of_boot = 0; is_of_boot < 2; is_of_boot++) {
		check_start(
			"after a boot: %s", is_of_boot ? "dropped" : "kept");
		fresh();
		fill(&a, 5);
		save(1, "before");
		st = kept_state(&b, 1, "after");
		section = kept_section(&b, 1);
		section.name = "other";
		section.is_of_boot = true;
		CHECK_EQ(state_add(st, &section), 0);
		state_free(st);
		st = state_new(&(struct state_conf){ .file = kept_file,
			.boot_id = "after",
			.max_age_ms = INT64_MAX / 2 });
		section = kept_section(&b, 1);
		section.is_of_boot = is_of_boot;
		CHECK_EQ(state_add(st, &section), 0);
		CHECK_EQ(kept_load(st, NULL), 0);
		CHECK_EQ(b.taken, is_of_boot ? 0 : 5);
		CHECK(!state_info(st)->is_this_boot);
		state_free(st);
	}
	check_start("the kernel's own boot");
	fresh();
	fill(&a, 5);
	save(1, NULL);
	st = kept_state(&b, 1, NULL);
	CHECK_EQ(kept_load(st, NULL), 0);
	CHECK(state_info(st)->is_this_boot);
	CHECK_EQ(strlen(state_info(st)->boot_id), 36);
	state_free(st);
}

static void test_versions(void)
{
	struct state *st;

	check_start("an older section is taken over");
	fresh();
	fill(&a, 5);
	save(1, "boot");
	st = kept_state(&b, 2, "boot");
	CHECK_EQ(kept_load(st, NULL), 0);
	CHECK(kept_is_same(&a, &b));
	CHECK_EQ(state_finish(st, 10000), 0);
	state_free(st);
	CHECK_EQ(number("SELECT version FROM sections"), 2);
	CHECK_EQ(number("SELECT change FROM kept WHERE id = 4"), 5);

	check_start("a later one is left out");
	b = (struct kept){ 0 };
	st = kept_state(&b, 1, "boot");
	CHECK_EQ(kept_load(st, "kept is of a later version"), 0);
	CHECK_EQ(b.taken, 0);
	state_free(st);

	check_start("a later file is set aside");
	run("PRAGMA user_version = 3");
	st = kept_state(&b, 2, "boot");
	CHECK_EQ(kept_load(st, "made by a later version"), 0);
	CHECK_EQ(b.taken, 0);
	CHECK(kept_exists(".bad"));
	CHECK(!kept_exists(""));
	state_free(st);
}

static void test_age(void)
{
	static const struct {
		const char *name;
		int64_t ago_ms;
		bool is_taken;
	} rows[] = {
		{ "as old as it may be", 1000, true },
		{ "too old", 1001, false },
		{ "from the future", -1000000, true },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct state_section section = kept_section(&b, 1);
		struct state *st;
		struct str why;
		int64_t saved;

		check_start("%s", rows[i].name);
		fresh();
		fill(&a, 5);
		save(1, "boot");
		saved = number("SELECT saved_ms FROM state");
		st = state_new(&(struct state_conf){ .file = kept_file,
			.boot_id = "boot",
			.max_age_ms = 1000 });
		CHECK_EQ(state_add(st, &section), 0);
		str_init(&why, 4096);
		CHECK_EQ(state_load(st, saved + rows[i].ago_ms, &why), 0);
		CHECK_EQ(b.taken, rows[i].is_taken ? 5 : 0);
		CHECK_EQ(kept_exists(".bad"), !rows[i].is_taken);
		str_fini(&why);
		state_free(st);
	}
}

static void test_refused_rows(void)
{
	struct state *st;

	check_start("rows that cannot be are left out");
	fresh();
	fill(&a, 5);
	kept_set(&a, 2, -1, "below");
	save(1, "boot");
	st = kept_state(&b, 1, "boot");
	CHECK_EQ(kept_load(st, "1 rows of kept left out"), 0);
	CHECK_EQ(b.taken, 4);
	state_free(st);
}

static void test_reader(void)
{
	struct state_conf cf = {
		.file = kept_file, .boot_id = "other", .is_reader = true
	};
	struct state_section section = kept_section(&b, 1);
	struct state *st;
	sqlite3 *db;

	check_start("a reader while a checkpoint is under way");
	fresh();
	fill(&a, 5);
	save(1, "boot");
	if (sqlite3_open(kept_file, &db) != SQLITE_OK)
		abort();
	sqlite3_exec(db, "BEGIN IMMEDIATE; DELETE FROM kept", NULL, NULL, NULL);
	st = state_new(&cf);
	CHECK_EQ(state_add(st, &section), 0);
	CHECK_EQ(kept_load(st, NULL), 0);
	CHECK_EQ(b.taken, 5);
	state_free(st);
	sqlite3_close(db);

	check_start("a reader of nothing");
	fresh();
	st = state_new(&cf);
	CHECK_EQ(kept_load(st, "unable to open"), -1);
	CHECK(!kept_exists(""));
	state_free(st);
}

static const struct state_counter *find(
	const struct state_counter *all, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (bytes_equal(all[i].name, bytes_of(name)))
			return &all[i];
	abort();
}

struct counters {
	struct state_counter all[METRICS_N];
	char names[METRICS_N][64];
	size_t n;
};

static void on_counter(void *arg, const struct state_counter *c)
{
	struct counters *to = arg;
	size_t i = to->n++;

	to->all[i] = *c;
	memcpy(to->names[i], c->name.p, c->name.len);
	to->all[i].name.p = to->names[i];
}

static void test_counters(void)
{
	struct state_conf cf = {
		.file = kept_file, .boot_id = "boot", .max_age_ms = 1LL << 60
	};
	static struct counters got;
	struct state *st;

	check_start("totals over several runs");
	fresh();
	for (int64_t i = 1; i <= 3; i++) {
		struct metrics m = { .lines = 10, .records_open = 4 };

		cf.started_ms = i * 1000;
		st = state_new(&cf);
		CHECK_EQ(state_keep_counters(st, &m), 0);
		CHECK_EQ(kept_load(st, NULL), 0);
		m.lines += (uint64_t)i;
		CHECK_EQ(state_finish(st, 10000), 0);
		state_free(st);
	}
	cf.is_reader = true;
	st = state_new(&cf);
	CHECK_EQ(state_read_counters(st, on_counter, &got), 0);
	CHECK_EQ(kept_load(st, NULL), 0);
	CHECK_EQ(got.n, METRICS_N);
	CHECK_EQ(find(got.all, got.n, "lines")->total, 36);
	CHECK_EQ(find(got.all, got.n, "lines")->run, 13);
	CHECK_EQ(find(got.all, got.n, "lines")->since_ms, 1000);
	CHECK(find(got.all, got.n, "records_open")->is_gauge);
	CHECK_EQ(find(got.all, got.n, "records_open")->run, 4);
	CHECK_EQ(state_info(st)->started_ms, 3000);
	state_free(st);
}

static struct event_frequency see(
	struct frequency *fr, uint32_t command, uint32_t user, const char *node)
{
	struct event_layer layer = { .depth = 1 };
	struct event ev = { .node = bytes_of(node),
		.time_ms = KEPT_NOW + command * 86400000LL / 40,
		.auid = { .has = true, .id = user },
		.layers = &layer,
		.n_layers = 1 };

	memcpy(layer.sha256, &command, sizeof(command));
	frequency_run(fr, &ev, FREQUENCY_BLOG);
	return ev.frequency;
}

static struct state *state_with(struct frequency **fr)
{
	struct frequency_conf cf = { .commands_max = 1000, .window_h = 336 };
	struct state *st = kept_state(&a, 1, "boot");

	*fr = frequency_new(&cf);
	if (!*fr || state_keep_frequency(st, *fr) < 0)
		abort();
	return st;
}

static void test_frequency(void)
{
	static const char *const nodes[] = { "", "web1", "web2" };
	struct frequency *before, *after;
	struct state *st;
	size_t n_bad = 0;

	check_start("frequencies");
	fresh();
	st = state_with(&before);
	for (uint32_t i = 0; i < 2000; i++)
		see(before, i * i % 300, i % 7, nodes[i / 5 % 3]);
	CHECK_EQ(state_finish(st, 10000), 0);
	see(before, 4, 1, ""); /* the second one writes this alone */
	CHECK_EQ(state_finish(st, 10000), 0);
	state_free(st);
	st = state_with(&after);
	CHECK_EQ(kept_load(st, NULL), 0);
	for (uint32_t i = 0; i < 300; i++) {
		struct event_frequency f = see(before, i, i % 8, nodes[i % 3]);
		struct event_frequency g = see(after, i, i % 8, nodes[i % 3]);

		n_bad += memcmp(&f, &g, sizeof(f)) != 0;
	}
	CHECK_EQ(n_bad, 0);
	state_free(st);
	frequency_free(before);
	frequency_free(after);
}

int main(void)
{
	check.module = "state";
	kept_begin();
	test_round();
	test_ticks();
	test_boot();
	test_versions();
	test_age();
	test_refused_rows();
	test_reader();
	test_counters();
	test_frequency();
	kept_end();
	return check_end();
}
