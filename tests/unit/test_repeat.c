// SPDX-License-Identifier: GPL-3.0-or-later
#include <inttypes.h>
#include <stdint.h>

#include "check.h"
#include "repeat.h"
#include "repeat_page.h"
#include "sample.h"

#define WINDOW 1000

static struct sample sample;
static struct repeat_page page;
static struct repeat *repeat;

/* What was told, in order: the last of it, and how many stand for how many. */
static struct {
	uint64_t n, sum, dups;
	uint64_t count, serial, last_serial;
	int64_t time_ms, last_ms;
	double score;
	char line[4][8192]; /* json, cee, hunt, auoms */
	char said[64]; /* serial of the first:count, ... */
} told;

static void on_told(void *arg, struct event *ev)
{
	static const char *const formats[] = { "json", "cee", "hunt", "auoms" };
	struct event *own = &sample.ev, kept = *own;
	size_t len = strlen(told.said);

	CHECK(arg == &told);
	CHECK_EQ(ev->input_pos, UINT64_MAX);
	told.n++;
	told.sum += ev->repeat.count;
	told.dups += ev->is_dup;
	told.count = ev->repeat.count;
	told.serial = ev->serial;
	told.time_ms = ev->time_ms;
	told.last_serial = ev->repeat.last_serial;
	told.last_ms = ev->repeat.last_ms;
	told.score = ev->score.total;
	snprintf(told.said + len, sizeof(told.said) - len,
		"%s%" PRIu32 ":%" PRIu64 "%s", len ? " " : "", ev->serial,
		ev->repeat.count, ev->is_dup ? "d" : "");
	*own = *ev;
	for (size_t i = 0; i < 4; i++) {
		sample_line(&sample, formats[i]);
		snprintf(told.line[i], sizeof(told.line[i]), "%s",
			str_z(&sample.out));
	}
	*own = kept;
}

static void open_table(void)
{
	struct repeat_conf cf = {
		.page = &page, .seed = { 5, 6 }, .tell = on_told, .arg = &told
	};

	repeat = repeat_new(&cf);
	if (!repeat)
		abort();
	memset(&told, 0, sizeof(told));
}

static void start(void)
{
	memset(&page, 0, sizeof(page));
	open_table();
}

static struct repeat_rule rule_at(int64_t now_ms)
{
	return (struct repeat_rule){ .is_on = true,
		.window_ms = WINDOW,
		.below = 3,
		.severity = &sample_severity,
		.now_ms = now_ms };
}

/* All of what the pipeline does: whether the event was counted. */
static bool see_by(struct event *ev, uint64_t outputs, struct repeat_rule rule)
{
	ev->repeat.has_key = ev->repeat.is_known = false;
	if (repeat_run(repeat, ev, outputs, &rule)) {
		repeat_count(ev);
		return true;
	}
	repeat_keep(repeat, ev);
	return false;
}

static bool see(struct event *ev, int64_t now_ms)
{
	return see_by(ev, 1, rule_at(now_ms));
}

/* A command of its own for each number. */
static bool see_number(uint32_t n, uint32_t user, int64_t now_ms)
{
	struct event ev = sample.ev;
	struct bytes argv[1];
	char text[16];

	snprintf(text, sizeof(text), "%" PRIu32, n);
	argv[0] = bytes_of(text);
	ev.argv = argv;
	ev.argc = 1;
	ev.serial = n;
	ev.auid.id = user;
	return see(&ev, now_ms);
}

/* --- what says the same ----------------------------------------------------
 */

static struct bytes other[] = { BYTES("sh"), BYTES("-c"),
	BYTES("echo aWQ=|base64 -d"), BYTES("a c") };
static struct bytes split[] = { BYTES("sh"), BYTES("-c"),
	BYTES("echo aWQ=|base64"), BYTES("-d a b") };
static struct event_path replaced[] = { { .name = BYTES("/bin/sh"),
	.record = BYTES("item=0 name=\"/bin/sh\" inode=8 dev=fe:01") } };

static struct event_ancestor shell[] = { { .guid = 6,
	.exe = BYTES("/usr/bin/bash") } };
static struct event_ancestor nginx[] = { { .guid = 7,
	.exe = BYTES("/usr/sbin/nginx") } };

#define VARIATIONS(X)                                                          \
	X(node, BYTES("web2"))                                                 \
	X(arch, 0x40000003)                                                    \
	X(syscall_name, "execveat")                                            \
	X(success, false)                                                      \
	X(has_success, false)                                                  \
	X(exit, -2)                                                            \
	X(has_exit, false)                                                     \
	X(ses, 8)                                                              \
	X(has_ses, false)                                                      \
	X(auid.id, 1001)                                                       \
	X(auid.has, false)                                                     \
	X(uid.id, 1)                                                           \
	X(gid.id, 6)                                                           \
	X(euid.id, 1)                                                          \
	X(tty, BYTES("pts1"))                                                  \
	X(comm, BYTES("bash"))                                                 \
	X(exe, BYTES("/usr/bin/bash"))                                         \
	X(exe.p, NULL)                                                         \
	X(key, BYTES("exec"))                                                  \
	X(cwd, BYTES("/root/x"))                                               \
	X(argc, 3)                                                             \
	X(argv, other)                                                         \
	X(argv, split)                                                         \
	X(has_execve, false)                                                   \
	X(paths, replaced)                                                     \
	X(n_paths, 0)                                                          \
	X(lineage.n_ancestors, 0)                                              \
	X(lineage.ancestors, nginx)                                            \
	X(lineage.container, BYTES("0f"))

static void test_key(void)
{
	struct event ev;

	check_start("the same but for time, number, pid and ppid");
	start();
	ev = sample.ev;
	CHECK(!see(&ev, 0));
	ev.time_ms += 77;
	ev.serial++;
	ev.pid = 77;
	ev.ppid = 78;
	ev.lineage.guid = 79;
	CHECK(see(&ev, 1));
	repeat_free(repeat);
#define X(field, value)                                                        \
	check_start("another " #field " is another command");                  \
	start();                                                               \
	ev = sample.ev;                                                        \
	CHECK(!see(&ev, 0));                                                   \
	ev.field = value;                                                      \
	CHECK(!see(&ev, 1));                                                   \
	CHECK(see(&ev, 2));                                                    \
	CHECK(see(&sample.ev, 3));                                             \
	repeat_free(repeat);
	VARIATIONS(X)
#undef X
	sample.ev.repeat.slot = NULL;
	sample.ev.repeat.owner = NULL;
}

/* --- what is always told ---------------------------------------------------
 */

/* The second and third of three, that say the same: which are counted. */
static const struct {
	const char *name;
	double first, second;
	uint64_t outputs, filters;
	double intel, below;
	unsigned int flaws;
	bool is_dup, is_off;
	bool is_counted, is_next;
} rules[] = {
	{ "as before", 1.5, 1.5, 1, 0, 0, 3, 0, 0, 0, true, true },
	{ "a higher score", 1.5, 1.6, 1, 0, 0, 3, 0, 0, 0, false, true },
	{ "a lower one", 1.5, 1.4, 1, 0, 0, 3, 0, 0, 0, true, true },
	{ "another severity", 1.5, 0.9, 1, 0, 0, 3, 0, 0, 0, false, true },
	{ "beyond the limit", 3.5, 3.5, 1, 0, 0, 3, 0, 0, 0, false, false },
	{ "at the limit", 3, 3, 1, 0, 0, 3, 0, 0, 0, false, false },
	{ "below a higher one", 4, 4, 1, 0, 0, 9, 0, 0, 0, true, true },
	{ "nothing is below 0", 0, 0, 1, 0, 0, 0, 0, 0, 0, false, false },
	{ "no output", 1.5, 1.5, 0, 0, 0, 3, 0, 0, 0, false, false },
	{ "another output", 1.5, 1.5, 3, 0, 0, 3, 0, 0, 0, false, true },
	{ "another filter", 1.5, 1.5, 1, 2, 0, 3, 0, 0, 0, false, true },
	{ "another verdict", 1.5, 1.5, 1, 0, 1, 3, 0, 0, 0, false, true },
	{ "no end", 1.5, 1.5, 1, 0, 0, 3, EVENT_NO_END, 0, 0, false, false },
	{ "forced", 1.5, 1.5, 1, 0, 0, 3, EVENT_FORCED, 0, 0, false, false },
	{ "told before", 1.5, 1.5, 1, 0, 0, 3, 0, true, 0, false, false },
	{ "only noted", 1.5, 1.5, 1, 0, 0, 3, 0, 0, true, false, false },
};

static void test_rules(void)
{
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
		struct repeat_rule rule = rule_at(0);
		struct event ev = sample.ev;

		check_start("always told: %s", rules[i].name);
		start();
		rule.below = rules[i].below;
		rule.is_on = !rules[i].is_off;
		ev.score.total = rules[i].first;
		CHECK(!see_by(&ev, 1, rule));
		ev.score.total = rules[i].second;
		ev.filters = rules[i].filters;
		ev.intel_points = rules[i].intel;
		ev.flaws = rules[i].flaws;
		ev.is_dup = rules[i].is_dup;
		CHECK_EQ(see_by(&ev, rules[i].outputs, rule),
			rules[i].is_counted);
		CHECK_EQ(see_by(&ev, rules[i].outputs, rule), rules[i].is_next);
		repeat_end(repeat);
		CHECK_EQ(told.sum, rules[i].is_counted + rules[i].is_next);
		repeat_free(repeat);
	}
	check_start("what was noted before is counted from then on");
	start();
	CHECK(!see_number(1, 1, 0));
	CHECK(see_number(1, 1, 1));
	repeat_free(repeat);
	check_start("what was not kept is not known");
	start();
	for (int i = 0; i < 3; i++) {
		struct repeat_rule rule = rule_at(0);
		struct event ev = sample.ev;

		CHECK(!repeat_run(repeat, &ev, 1, &rule));
	}
	CHECK(!see(&sample.ev, 0));
	CHECK(see(&sample.ev, 0));
	repeat_free(repeat);
}

/* --- windows ---------------------------------------------------------------
 */

/* Commands at their times; what is told by the end of it. */
static const struct {
	const char *name;
	struct {
		uint32_t command;
		int64_t ms;
	} seen[8]; /* command 0: only time passes */
	const char *counted; /* y or n for each */
	const char *said;
} windows[] = {
	{ "one of a kind", { { 1, 0 }, { 0, 5000 } }, "n", "" },
	{ "to the last ms", { { 1, 0 }, { 1, 999 }, { 0, 999 } }, "ny", "" },
	{ "over", { { 1, 0 }, { 1, 999 }, { 0, 1000 } }, "ny", "1:1" },
	{ "over, by an event", { { 1, 0 }, { 1, 1 }, { 1, 1000 } }, "nyn",
		"1:1" },
	{ "no longer for being seen",
		{ { 1, 0 }, { 1, 900 }, { 1, 1000 }, { 1, 1900 }, { 1, 2000 } },
		"nynyn", "1:1 1:1" },
	{ "two kinds",
		{ { 1, 0 }, { 2, 500 }, { 1, 600 }, { 2, 700 }, { 2, 800 },
			{ 0, 1000 } },
		"nnyyy", "1:1" },
	{ "two kinds, both over",
		{ { 1, 0 }, { 2, 500 }, { 1, 600 }, { 2, 700 }, { 2, 800 },
			{ 0, 9000 } },
		"nnyyy", "1:1 2:2" },
	{ "the clock stands", { { 1, 7 }, { 1, 7 }, { 1, 7 }, { 0, 7 } }, "nyy",
		"" },
};

static void test_windows(void)
{
	for (size_t i = 0; i < sizeof(windows) / sizeof(windows[0]); i++) {
		const char *c = windows[i].counted;

		check_start("window: %s", windows[i].name);
		start();
		for (size_t k = 0; k < 8; k++) {
			uint32_t n = windows[i].seen[k].command;

			if (n)
				CHECK_EQ(
					see_number(n, 1, windows[i].seen[k].ms),
					*c++ == 'y');
			else if (windows[i].seen[k].ms)
				repeat_tick(repeat, windows[i].seen[k].ms);
		}
		CHECK_Z(bytes_of(told.said), windows[i].said);
		repeat_free(repeat);
	}
}

static void test_end(void)
{
	struct event ev = sample.ev;

	check_start("the end tells all, the oldest first");
	start();
	for (uint32_t n = 3; n > 0; n--)
		for (uint32_t i = 0; i < 4; i++)
			see_number(n, 1, 3 - n);
	CHECK_EQ(repeat_open(repeat), 9);
	CHECK_EQ(repeat_due_ms(repeat), WINDOW);
	repeat_end(repeat);
	CHECK_Z(bytes_of(told.said), "3:3 2:3 1:3");
	CHECK_EQ(repeat_open(repeat), 0);
	CHECK_EQ(repeat_due_ms(repeat), INT64_MAX);
	repeat_free(repeat);
	check_start("of the first and of the last");
	start();
	ev.score.total = 1.5;
	see(&ev, 0);
	for (int i = 1; i < 5; i++) {
		ev.serial += 10;
		ev.time_ms += 100;
		ev.score.total = 1.2;
		see(&ev, i);
	}
	repeat_end(repeat);
	CHECK_EQ(told.count, 4);
	CHECK_EQ(told.serial, sample.ev.serial);
	CHECK_EQ(told.time_ms, sample.ev.time_ms);
	CHECK_EQ(told.last_serial, sample.ev.serial + 40);
	CHECK_EQ(told.last_ms, sample.ev.time_ms + 400);
	CHECK(told.score > 1.4 && told.score < 1.6);
	repeat_free(repeat);
}

/* --- room ------------------------------------------------------------------
 */

static void test_room(void)
{
	uint64_t counted = 0;

	check_start("a flood takes nobody else's place, and all is told");
	start();
	for (uint32_t n = 1; n <= 10; n++)
		see_number(n, 7, 0);
	for (uint32_t n = 1; n <= 10; n++)
		counted += see_number(n, 7, 0);
	for (uint32_t n = 1000; n < 1000 + 4 * REPEAT_OPEN_MAX; n++) {
		CHECK(!see_number(n, 8, 1));
		if (n % 3 == 0)
			counted += see_number(n, 8, 1);
		if (n % 1000 == 0)
			repeat_settle(repeat);
	}
	for (uint32_t n = 1; n <= 10; n++)
		counted += see_number(n, 7, 2);
	CHECK_EQ(counted, 20 + 4 * REPEAT_OPEN_MAX / 3);
	CHECK(repeat_evicted(repeat) > 2 * REPEAT_OPEN_MAX);
	repeat_tick(repeat, 5000);
	CHECK_EQ(told.sum, counted);
	CHECK_EQ(told.dups, 0);
	repeat_free(repeat);
	check_start("lines that nobody can send hold up nothing");
	start();
	for (uint32_t n = 1; n <= 3 * REPEAT_MAX; n++) {
		see_number(n, 1, n * WINDOW * 2);
		CHECK(see_number(n, 1, n * WINDOW * 2));
	}
	repeat_end(repeat);
	CHECK_EQ(told.sum, 3 * REPEAT_MAX);
	repeat_free(repeat);
}

/* --- a process that died ---------------------------------------------------
 */

static void test_resume(void)
{
	struct event ev = sample.ev;

	check_start("what one that died had counted is told");
	start();
	see_number(1, 1, 0);
	see_number(2, 1, 900);
	ev.input_pos = 4711;
	see(&ev, 901);
	for (int i = 0; i < 3; i++)
		see_number(1, 1, 901);
	CHECK_EQ(repeat_page_pos(&page), 0);
	CHECK(see(&ev, 902));
	CHECK_EQ(repeat_page_pos(&page), 4711);
	CHECK_EQ(repeat_page_open(&page), 4);
	repeat_tick(repeat, 1000);
	CHECK_Z(bytes_of(told.said), "1:3");
	CHECK_EQ(repeat_page_open(&page), 1);
	repeat_free(repeat);
	open_table();
	repeat_resume(repeat);
	CHECK_EQ(told.sum, 4);
	CHECK_EQ(told.dups, 1); /* its line may have gone */
	CHECK(strstr(told.said, "1:3d") != NULL);
	CHECK(strstr(told.line[0], "\"dup\":true") == NULL);
	repeat_free(repeat);
	check_start("what is not yet safe is told again");
	open_table();
	repeat_resume(repeat);
	CHECK_EQ(told.sum, 4);
	CHECK_EQ(told.dups, 2);
	CHECK(strstr(told.line[0], "\"dup\":true") != NULL);
	repeat_settle(repeat);
	repeat_free(repeat);
	check_start("what is safe is not");
	open_table();
	repeat_resume(repeat);
	CHECK_EQ(told.n, 0);
	CHECK_EQ(repeat_page_open(&page), 0);
	repeat_free(repeat);
	check_start("a page that nobody wrote in");
	memset(&page, 0, sizeof(page));
	CHECK_EQ(repeat_page_pos(&page), UINT64_MAX);
	CHECK_EQ(repeat_page_open(&page), 0);
}

static void test_hostile(void)
{
	unsigned char *p = (unsigned char *)&page;
	uint64_t x = 88172645463325252;

	check_start("a page full of anything");
	for (int round = 0; round < 40; round++) {
		memset(&page, 0, sizeof(page));
		open_table();
		for (uint32_t n = 0; n < 64; n++) {
			see_number(n, 1, 0);
			see_number(n, 1, 0);
		}
		repeat_free(repeat);
		for (size_t i = 0; i < 64 * sizeof(page.slots[0]); i++) {
			x ^= x << 13;
			x ^= x >> 7;
			x ^= x << 17;
			if (x % 64 < (uint64_t)round)
				p[i] = (unsigned char)(x >> 32);
		}
		(void)!repeat_page_pos(&page);
		(void)!repeat_page_open(&page);
		open_table();
		repeat_resume(repeat);
		for (const char *c = told.line[0]; *c; c++)
			CHECK(*c >= 0x20 && *c < 0x7f);
		repeat_settle(repeat);
		for (uint32_t n = 0; n < 64; n++) {
			CHECK(!see_number(n, 1, 0));
			CHECK(see_number(n, 1, 0));
		}
		repeat_free(repeat);
	}
}

/* --- judged by the first ---------------------------------------------------
 */

static void test_knows(void)
{
	struct repeat_rule rule = rule_at(0);
	struct event first = sample.ev, ev = sample.ev;

	check_start("one that was told is known, and judged as it was");
	start();
	first.n_layers = 0;
	first.score.total = 1.25;
	first.intel_points = 0.5;
	first.filters = 4;
	ev.score.total = 0;
	CHECK(!repeat_knows(repeat, &ev, &rule));
	see(&first, 0);
	CHECK(repeat_knows(repeat, &ev, &rule));
	CHECK(ev.score.total > 1.2 && ev.score.total < 1.3);
	CHECK(ev.intel_points > 0.4 && ev.intel_points < 0.6);
	CHECK_EQ(ev.filters, 4);
	ev.repeat.is_known = true;
	CHECK(repeat_run(repeat, &ev, 1, &rule));
	check_start("it opens no window of its own");
	rule.now_ms = WINDOW;
	CHECK(!repeat_run(repeat, &ev, 1, &rule));
	CHECK(!repeat_knows(repeat, &ev, &rule));
	repeat_free(repeat);
	check_start("not known: one that hid something");
	start();
	rule.now_ms = 0;
	first.n_layers = 1;
	see(&first, 0);
	CHECK(!repeat_knows(repeat, &ev, &rule));
	repeat_free(repeat);
	check_start("not known: one beyond the limit, an incomplete one, or "
		    "where repeats are told");
	start();
	rule.now_ms = 0;
	first.score.total = 3;
	first.n_layers = 0;
	see(&first, 0);
	CHECK(!repeat_knows(repeat, &ev, &rule));
	rule.below = 4;
	CHECK(repeat_knows(repeat, &ev, &rule));
	rule.is_on = false;
	CHECK(!repeat_knows(repeat, &ev, &rule));
	rule.is_on = true;
	ev.flaws = EVENT_NO_CWD;
	CHECK(!repeat_knows(repeat, &ev, &rule));
	repeat_free(repeat);
}

/* --- what the line says ----------------------------------------------------
 */

static void twice(struct event *ev)
{
	start();
	see(ev, 0);
	CHECK(see(ev, 1));
	repeat_end(repeat);
	repeat_free(repeat);
}

static void test_lines(void)
{
	static const char *const want[] = {
		"{\"v\":1,\"evt\":\"repeat\",\"id\":\"1521757638.392:262332\","
		"\"seq\":42,\"sev\":\"warning\",\"score\":1.625,"
		"\"decoded\":\"id;\\n\",\"ts\":\"2018-03-22T22:27:18.392Z\","
		"\"count\":1,\"last\":\"1521757638.392:262332\","
		"\"last_ts\":\"2018-03-22T22:27:18.392Z\",\"auid\":1000,"
		"\"auser\":\"ann\",\"uid\":0,\"user\":\"root\",\"euid\":0,"
		"\"ses\":7,\"tty\":\"pts0\",\"node\":\"web1\",\"comm\":\"sh\","
		"\"exe\":\"/usr/bin/dash\",\"cwd\":\"/root/x y\","
		"\"cmd\":\"sh -c 'echo aWQ=|base64 -d' 'a b'\"}",
		"",
		"type=HUNT_REPEAT audit(1521757638.392:262332): v=1 evt=repeat "
		"id=1521757638.392:262332 seq=42 sev=warning score=1.625 "
		"decoded=\"id;\\x0A\" ts=2018-03-22T22:27:18.392Z count=1 "
		"last=1521757638.392:262332 last_ts=2018-03-22T22:27:18.392Z "
		"auid=1000 auser=ann uid=0 user=root euid=0 ses=7 tty=pts0 "
		"node=web1 comm=sh exe=/usr/bin/dash cwd=\"/root/x y\" "
		"cmd=\"sh -c 'echo aWQ=|base64 -d' 'a b'\"",
	};
	struct event ev = sample.ev;
	char cee[8192];

	check_start("each format's line");
	twice(&ev);
	CHECK_Z(bytes_of(told.line[0]), want[0]);
	snprintf(cee, sizeof(cee), "@cee: %s", want[0]);
	CHECK_Z(bytes_of(told.line[1]), cee);
	CHECK_Z(bytes_of(told.line[2]), want[2]);
	CHECK_Z(bytes_of(told.line[3]), want[2]);
	check_start("without an argv: the path");
	ev.has_execve = false;
	ev.argc = 0;
	twice(&ev);
	CHECK(strstr(told.line[0], "\"path\":\"/bin/sh\"}") != NULL);
	CHECK(strstr(told.line[0], "\"cmd\"") == NULL);
	check_start("ids that are unset, names that nobody gave");
	ev = sample.ev;
	ev.auid = (struct event_user){ true, EVENT_UNSET, { NULL, 0 } };
	ev.uid.has = ev.has_ses = false;
	ev.tty.p = NULL;
	twice(&ev);
	CHECK(strstr(told.line[0], "auid") == NULL);
	CHECK(strstr(told.line[0], "\"uid") == NULL);
	CHECK(strstr(told.line[0], "ses") == NULL);
	CHECK(strstr(told.line[0], "tty") == NULL);
}

/* An argument of n times a text behind "sh -c": how it is told. */
static const struct {
	const char *name;
	const char *unit;
	size_t n, args;
	const char *tail;
} long_ones[] = {
	{ "all of it fits", "x", 500, 1, "xxxx\"}" },
	{ "the last byte that fits", "x", 505, 1, "xxxx\"}" },
	{ "one too many", "x", 506, 1, "xxxx <...>\"}" },
	{ "a MiB", "x", 1 << 20, 1, "xxxx <...>\"}" },
	{ "a character is not cut", "\xc3\xa9", 400, 1,
		"\\u00e9\\u00e9' <...>\"}" },
	{ "nor one of four bytes", "\xf0\x9f\x98\x80", 200, 1,
		"\\ud83d\\ude00' <...>\"}" },
	{ "many arguments", "x", 2, 60, " xx xx\"}" },
	{ "too many arguments", "x", 2, 80, " xx xx <...>\"}" },
	{ "no text at all", "", 0, 80, " '' '' <...>\"}" },
};

static void test_long(void)
{
	static char text[1 << 20];
	static struct bytes argv[128];

	for (size_t i = 0; i < sizeof(long_ones) / sizeof(long_ones[0]); i++) {
		size_t len = strlen(long_ones[i].unit), n = long_ones[i].n;
		struct event ev = sample.ev;
		size_t all, want = strlen(long_ones[i].tail);

		check_start("long: %s", long_ones[i].name);
		for (size_t k = 0; k < n; k++)
			memcpy(text + k * len, long_ones[i].unit, len);
		argv[0] = BYTES("sh");
		argv[1] = BYTES("-c");
		for (size_t k = 0; k < long_ones[i].args; k++)
			argv[2 + k] = (struct bytes){ text, n * len };
		ev.argv = argv;
		ev.argc = 2 + long_ones[i].args;
		twice(&ev);
		all = strlen(told.line[0]);
		if (CHECK(all > want))
			CHECK_Z(bytes_of(told.line[0] + all - want),
				long_ones[i].tail);
		CHECK(strstr(told.line[0], "ufffd") == NULL);
	}
	check_start("long: every text at once, in the line's limit");
	memset(text, 0xff, sizeof(text));
	{
		struct bytes all = { text, 4096 };
		struct event ev = sample.ev;

		argv[0] = argv[1] = all;
		ev.node = ev.tty = ev.comm = ev.exe = ev.cwd = all;
		ev.auid.name = ev.uid.name = sample.layers[0].text = all;
		ev.argv = argv;
		ev.argc = 2;
		twice(&ev);
		CHECK(strlen(told.line[0]) <= sample.job.line_max);
		CHECK(strlen(told.line[0]) > 1000);
	}
}

int main(void)
{
	check.module = "repeat";
	sample_init(&sample);
	sample.ev.lineage = (struct event_lineage){
		.has = true, .guid = 5, .ancestors = shell, .n_ancestors = 1
	};
	test_key();
	test_rules();
	test_windows();
	test_end();
	test_room();
	test_resume();
	test_hostile();
	test_knows();
	test_lines();
	test_long();
	sample_fini(&sample);
	return check_end();
}
