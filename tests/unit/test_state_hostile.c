// SPDX-License-Identifier: GPL-3.0-or-later
/* State files that somebody else could have made, and ones that are not as
 * they were written. */
#include <sqlite3.h>

#include "kept.h"

static struct kept a, b;

static void save_some(int n)
{
	struct state *st;

	a = b = (struct kept){ 0 };
	kept_clear();
	for (int i = 0; i < n; i++)
		kept_set(&a, (uint32_t)i, i * i, "some text of a row");
	st = kept_state(&a, 1, "boot");
	CHECK_EQ(state_finish(st, 10000), 0);
	state_free(st);
}

static void path_of(char *to, size_t size, const char *suffix)
{
	snprintf(to, size, "%s%s", kept_file, suffix);
}

static void swap_for_link(void)
{
	char other[128];

	path_of(other, sizeof(other), ".bad");
	if (rename(kept_file, other) < 0 || symlink(other, kept_file) < 0)
		abort();
}

static void swap_for_directory(void)
{
	if (unlink(kept_file) < 0 || mkdir(kept_file, 0700) < 0)
		abort();
}

static void link_twice(void)
{
	char other[128];

	path_of(other, sizeof(other), "-shm");
	if (link(kept_file, other) < 0)
		abort();
}

static void open_to_group(void)
{
	if (chmod(kept_file, 0660) < 0)
		abort();
}

static void open_to_all(void)
{
	if (chmod(kept_file, 0606) < 0)
		abort();
}

static void give_away(void)
{
	if (chown(kept_file, 65534, 65534) < 0)
		abort();
}

static void give_journal(void)
{
	char other[128];
	int fd;

	path_of(other, sizeof(other), "-journal");
	fd = open(other, O_CREAT | O_WRONLY, 0600);
	if (fd < 0 || fchown(fd, 65534, 65534) < 0)
		abort();
	close(fd);
}

static void write_nonsense(void)
{
	int fd = open(kept_file, O_WRONLY | O_TRUNC);

	if (fd < 0 || write(fd, "no database\n", 12) != 12)
		abort();
	close(fd);
}

static void sql(const char *text)
{
	sqlite3 *db;

	if (sqlite3_open(kept_file, &db) != SQLITE_OK ||
		sqlite3_exec(db, text, NULL, NULL, NULL) != SQLITE_OK)
		check_fail(__LINE__, "%s: %s", text, sqlite3_errmsg(db));
	sqlite3_close(db);
}

static void another_magic(void)
{
	sql("PRAGMA application_id = 7");
}

static void add_view(void)
{
	sql("ALTER TABLE kept RENAME TO other;"
	    "CREATE VIEW kept AS SELECT * FROM other");
}

static void add_trigger(void)
{
	sql("CREATE TRIGGER t AFTER INSERT ON kept BEGIN "
	    "DELETE FROM kept; END");
}

static void change_a_row(void)
{
	sql("UPDATE kept SET number = number + 1 WHERE id = 2");
}

static void remove_a_row(void)
{
	sql("DELETE FROM kept WHERE id = 2");
}

static void double_a_row(void)
{
	sql("INSERT INTO kept SELECT 1000, number, text, checksum FROM kept "
	    "WHERE id = 2");
}

static void change_the_age(void)
{
	sql("UPDATE state SET saved_ms = saved_ms + 1");
}

static void change_a_type(void)
{
	sql("UPDATE kept SET number = 'text' WHERE id = 2");
}

static void remove_the_info(void)
{
	sql("DELETE FROM state");
}

static void test_set_aside(void)
{
	static const struct {
		const char *name;
		void (*spoil)(void);
		const char *said;
		bool is_for_root;
	} rows[] = {
		{ "a symbolic link", swap_for_link, "symbolic link", false },
		{ "another name", link_twice, "has another name", false },
		{ "its group may write it", open_to_group,
			"others may write it", false },
		{ "all may write it", open_to_all, "others may write it",
			false },
		{ "somebody else's", give_away, "belongs to neither", true },
		{ "somebody else's journal", give_journal, "belongs to neither",
			true },
		{ "nonsense", write_nonsense, "not a database", false },
		{ "a view", add_view, "malformed", false },
		{ "a trigger", add_trigger, "malformed", false },
		{ "a row changed", change_a_row, "malformed", false },
		{ "a row removed", remove_a_row, "malformed", false },
		{ "a row doubled", double_a_row, "malformed", false },
		{ "its age changed", change_the_age, "malformed", false },
		{ "a value of another type", change_a_type, "malformed",
			false },
		{ "nothing about itself", remove_the_info, "malformed", false },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct state *st;

		if (rows[i].is_for_root && geteuid() != 0) {
			check_skip(rows[i].name, "only root can make one");
			continue;
		}
		check_start("%s", rows[i].name);
		save_some(9);
		rows[i].spoil();
		st = kept_state(&b, 1, "boot");
		CHECK_EQ(kept_load(st, rows[i].said), 0);
		CHECK_EQ(b.taken, 0);
		CHECK(!kept_exists(""));
		CHECK(!kept_exists("-journal"));
		/* The daemon goes on with a file of its own. */
		kept_set(&b, 1, 1, "new");
		CHECK_EQ(state_finish(st, 10000), 0);
		state_free(st);
		a = b;
		b = (struct kept){ 0 };
		st = kept_state(&b, 1, "boot");
		CHECK_EQ(kept_load(st, NULL), 0);
		CHECK(kept_is_same(&a, &b));
		state_free(st);
	}
}

static void swap_for_pipe(void)
{
	if (unlink(kept_file) < 0 || mkfifo(kept_file, 0600) < 0)
		abort();
}

/* What is no state file stays where it is: the path may be a mistake. */
static void test_left_alone(void)
{
	static const struct {
		const char *name, *suffix;
		void (*spoil)(void);
		const char *said;
	} rows[] = {
		{ "a directory", "", swap_for_directory, "not a regular file" },
		{ "a pipe", "", swap_for_pipe, "not a regular file" },
		{ "another program's", "", another_magic, "malformed" },
		{ "text under another name", "-wal", write_nonsense,
			"not a database" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char was[sizeof(kept_file)];
		struct state *st;

		check_start("%s is left alone", rows[i].name);
		save_some(9);
		rows[i].spoil();
		memcpy(was, kept_file, sizeof(was));
		if (rows[i].suffix[0]) {
			strncat(kept_file, rows[i].suffix,
				sizeof(kept_file) - strlen(kept_file) - 1);
			if (rename(was, kept_file) < 0)
				abort();
		}
		st = kept_state(&b, 1, "boot");
		CHECK_EQ(kept_load(st, rows[i].said), -1);
		CHECK(kept_exists(""));
		CHECK(!kept_exists(".bad"));
		kept_set(&b, 1, 1, "new");
		CHECK_EQ(state_finish(st, 10000), -1);
		CHECK_EQ(b.taken, 0);
		state_free(st);
		memcpy(kept_file, was, sizeof(was));
		kept_clear();
	}
}

static void test_places(void)
{
	static const struct {
		const char *name;
		mode_t mode;
		bool is_refused;
	} rows[] = {
		{ "a directory of ours", 0700, false },
		{ "one that all may read", 0755, false },
		{ "one like /tmp", 01777, false },
		{ "one that its group may write", 0770, true },
		{ "one that all may write", 0777, true },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct state *st;

		check_start("%s", rows[i].name);
		(void)!chmod(kept_dir, 0700);
		save_some(5);
		if (chmod(kept_dir, rows[i].mode) < 0)
			abort();
		st = kept_state(&b, 1, "boot");
		if (rows[i].is_refused)
			CHECK_EQ(kept_load(st, "others may write it"), -1);
		else
			CHECK_EQ(kept_load(st, NULL), 0);
		CHECK_EQ(b.taken, rows[i].is_refused ? 0 : 5);
		CHECK(kept_exists(""));
		kept_set(&b, 1, 5, "more");
		CHECK_EQ(state_finish(st, 10000), rows[i].is_refused ? -1 : 0);
		CHECK_EQ(state_due_ms(st) == INT64_MAX, rows[i].is_refused);
		state_free(st);
	}
	(void)!chmod(kept_dir, 0700);
}

static size_t slurp(char *to, size_t size)
{
	int fd = open(kept_file, O_RDONLY);
	ssize_t n = fd < 0 ? -1 : read(fd, to, size);

	if (n <= 0 || (size_t)n == size)
		abort();
	close(fd);
	return (size_t)n;
}

static void spit(const char *bytes, size_t n)
{
	int fd = open(kept_file, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	if (fd < 0 || write(fd, bytes, n) != (ssize_t)n)
		abort();
	close(fd);
}

/* 0: refused; 1: taken, and as it was; -1: anything else. */
static int outcome(void)
{
	struct state *st;
	struct str why;
	int rc;

	b = (struct kept){ 0 };
	st = kept_state(&b, 1, "boot");
	str_init(&why, 8192);
	rc = state_load(st, KEPT_NOW, &why);
	str_fini(&why);
	state_free(st);
	if (rc == 0 && b.taken)
		return kept_is_same(&a, &b) && !b.refused ? 1 : -1;
	return b.taken || b.refused ? -1 : 0;
}

static char bytes[1 << 20];

/* Page sizes and free space as small as they get, to have it all in few
 * bytes. */
static size_t small_file(void)
{
	save_some(12);
	sql("PRAGMA journal_mode = DELETE; PRAGMA page_size = 512; VACUUM");
	CHECK_EQ(outcome(), 1);
	return slurp(bytes, sizeof(bytes));
}

static void test_flips(void)
{
	unsigned long long seed = 23;
	size_t n, refused = 0;

	check_start("each byte changed");
	n = small_file();
	for (size_t i = 0; i < n; i++) {
		char was = bytes[i];
		int got;

		bytes[i] ^= (char)(1 << (check_random(&seed) >> 32) % 8);
		spit(bytes, n);
		got = outcome();
		if (!CHECK(got >= 0)) {
			CHECK_EQ(i, -1);
			break;
		}
		refused += got == 0;
		bytes[i] = was;
		kept_clear();
	}
	/* Among them, all that is in the rows. */
	CHECK(refused > 12 * strlen("some text of a row"));
}

static void test_lengths(void)
{
	size_t n;

	check_start("each length");
	n = small_file();
	for (size_t len = 0; len < n; len++) {
		int got;

		kept_clear();
		spit(bytes, len);
		got = outcome();
		if (!CHECK_EQ(got, 0)) {
			CHECK_EQ(len, -1);
			break;
		}
	}
}

int main(void)
{
	check.module = "state_hostile";
	kept_begin();
	test_set_aside();
	test_left_alone();
	test_places();
	test_flips();
	test_lengths();
	kept_end();
	return check_end();
}
