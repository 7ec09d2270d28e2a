// SPDX-License-Identifier: GPL-3.0-or-later
/* Lists that change, break and go, and what is looked up in meanwhile. */
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "baseline.h"
#include "check.h"
#include "config.h"
#include "listmap.h"
#include "log.h"
#include "shelf.h"

#define MINUTE_MS 60000
#define WAIT_MS   10000

static char dir[] = "/tmp/hunt-shelf-XXXXXX";
static char paths[2][64];
static struct config config;
static struct shelf *shelf;
static int64_t now_ms;

/* In one step, and never the same file as before. */
static void write_list(size_t i, const char *text, mode_t mode)
{
	char new[80];
	FILE *f;

	snprintf(new, sizeof(new), "%s.new", paths[i]);
	f = fopen(new, "w");
	if (!f || fputs(text, f) < 0 || fclose(f) != 0 ||
		chmod(new, mode) < 0 || rename(new, paths[i]) < 0)
		abort();
}

static void configure(size_t n)
{
	struct str line, why;

	config_init(&config);
	str_init(&why, 1000);
	str_init(&line, 1000);
	for (size_t i = 0; i < n; i++) {
		str_reset(&line);
		str_addf(&line, "plain %s name=l%zu", paths[i], i);
		if (list_parse(&config.lists[i], str_bytes(&line), &why) < 0)
			abort();
	}
	config.n_lists = n;
	str_fini(&line);
	str_fini(&why);
}

static bool has(const char *name)
{
	const char *list;

	return listmap_get(shelf_map(shelf), IOC_DNS, bytes_of(name), &list) !=
	       INTEL_NOT_ASKED;
}

/* Time goes on until nothing is due within a second. */
static void settle(void)
{
	const struct timespec pause = { .tv_nsec = check_is_slow() ? 100000000
								   : 2000000 };

	for (int i = 0; i < WAIT_MS / 2; i++) {
		shelf_tick(shelf, &config, now_ms);
		if (shelf_due_ms(shelf) > now_ms + 1000)
			return;
		now_ms = shelf_due_ms(shelf);
		nanosleep(&pause, NULL);
	}
	check_fail(__LINE__, "a builder does not end");
}

static void pass(int64_t ms)
{
	now_ms += ms;
	settle();
}

static void test_changes(void)
{
	int64_t read_ms;

	check_start("nothing to read");
	configure(0);
	settle();
	CHECK_EQ(shelf_due_ms(shelf), INT64_MAX);
	CHECK(!has("a.example"));

	check_start("read by a child");
	write_list(0, "a.example\n", 0644);
	configure(1);
	shelf_reload(shelf);
	read_ms = now_ms;
	shelf_tick(shelf, &config, now_ms);
	CHECK(!has("a.example"));
	settle();
	CHECK(has("a.example"));

	check_start("read again when it has changed, and not before a minute");
	write_list(0, "b.example\n", 0644);
	CHECK_EQ(shelf_due_ms(shelf), read_ms + MINUTE_MS);
	pass(shelf_due_ms(shelf) - 2000 - now_ms);
	CHECK(has("a.example"));
	pass(2000);
	CHECK(has("b.example") && !has("a.example"));

	check_start("one that does not change is not read again");
	pass(MINUTE_MS);
	CHECK_EQ(shelf_due_ms(shelf), now_ms + MINUTE_MS);
}

static void test_broken(void)
{
	check_start("what cannot be read leaves what was there");
	write_list(0, "c.example\n", 0666);
	pass(MINUTE_MS);
	CHECK(has("b.example") && !has("c.example"));

	check_start("mended");
	write_list(0, "c.example\n", 0644);
	pass(MINUTE_MS);
	CHECK(has("c.example") && !has("b.example"));

	check_start("a second list that is not there");
	configure(2);
	shelf_reload(shelf);
	settle();
	CHECK(has("c.example"));
	write_list(1, "d.example\n", 0644);
	pass(MINUTE_MS);
	CHECK(has("c.example") && has("d.example"));

	check_start("no lists any more");
	configure(0);
	shelf_reload(shelf);
	settle();
	CHECK(!has("c.example") && !has("d.example"));

	check_start("where there was none, the good ones make one");
	write_list(0, "e.example\n", 0644);
	write_list(1, "f.example\n", 0666);
	configure(2);
	shelf_reload(shelf);
	settle();
	CHECK(has("e.example") && !has("f.example"));
}

static bool is_known(void)
{
	unsigned char key[BASELINE_KEY_LEN];

	memset(key, 0xab, sizeof(key));
	return baseline_get(shelf_baseline(shelf), key) != NULL;
}

#define AB8 "abababababababab"

static void test_baseline(void)
{
	check_start("a baseline beside the lists");
	write_list(0, "g.example\n", 0644);
	write_list(1, "command,count,hosts\n" AB8 AB8 AB8 AB8 ",2,1\n", 0644);
	configure(1);
	snprintf(config.frequency_baseline, sizeof(config.frequency_baseline),
		"%s", paths[1]);
	shelf_reload(shelf);
	settle();
	CHECK(has("g.example") && is_known());

	check_start("one that is none leaves what was there");
	write_list(1, "command,count\n", 0644);
	pass(MINUTE_MS);
	CHECK(has("g.example") && is_known());

	check_start("a baseline alone, and none");
	write_list(1, "command,count,hosts\n" AB8 AB8 AB8 AB8 ",2,1\n", 0644);
	config.n_lists = 0;
	shelf_reload(shelf);
	settle();
	CHECK(!has("g.example") && is_known());
	configure(0);
	shelf_reload(shelf);
	settle();
	CHECK(!is_known());
}

/* A feed that is to come is no hindrance; one that came is a list. */
static void test_feed(void)
{
	bool is_first = true;
	struct str why;

	check_start("a feed that never came");
	str_init(&why, 1000);
	write_list(0, "h.example\n", 0644);
	unlink(paths[1]);
	configure(1);
	shelf_reload(shelf);
	settle();
	write_list(0, "h.example\nj.example\n", 0644);
	snprintf(config.feed_dir, sizeof(config.feed_dir), "%s", dir);
	CHECK_EQ(config_set(&config, "feed=plain https://a/ name=1", &is_first,
			 &why),
		0);
	shelf_reload(shelf);
	settle();
	CHECK(has("j.example") && !has("i.example"));

	check_start("and comes");
	snprintf(paths[1], sizeof(paths[1]), "%s/1", dir);
	write_list(1, "i.example\n", 0644);
	pass(MINUTE_MS);
	CHECK(has("h.example") && has("i.example"));
	unlink(paths[1]);
	snprintf(paths[1], sizeof(paths[1]), "%s/1.txt", dir);
	str_fini(&why);
}

static void test_load(void)
{
	struct str why;

	check_start("here and now");
	write_list(0, "e.example\n", 0644);
	write_list(1, "f.example\n", 0666);
	shelf_free(shelf);
	shelf = shelf_new();
	str_init(&why, 1000);
	configure(1);
	CHECK_EQ(shelf_load(shelf, &config, 0, &why), 0);
	CHECK(has("e.example"));
	configure(2);
	CHECK(shelf_load(shelf, &config, 0, &why) < 0);
	CHECK(strstr(str_z(&why), paths[1]) != NULL);
	str_fini(&why);
}

/* An engine may send none. */
static void test_end(void)
{
	int status;

	check_start("who ends while they are read sends no signal");
	shelf_free(shelf);
	shelf = shelf_new();
	configure(1);
	shelf_tick(shelf, &config, now_ms);
	shelf_free(shelf);
	shelf = NULL;
	CHECK(waitpid(-1, &status, 0) > 0 && WIFEXITED(status));
}

int main(void)
{
	check.module = "shelf";
	if (!mkdtemp(dir) || chmod(dir, 0755) < 0)
		return 1;
	for (size_t i = 0; i < 2; i++)
		snprintf(paths[i], sizeof(paths[i]), "%s/%zu.txt", dir, i);
	/* What builders say is no part of a test's output. */
	log_init(LOG_TO_SYSLOG);
	shelf = shelf_new();
	test_changes();
	test_broken();
	test_baseline();
	test_feed();
	test_load();
	test_end();
	for (size_t i = 0; i < 2; i++)
		unlink(paths[i]);
	rmdir(dir);
	return check_end();
}
