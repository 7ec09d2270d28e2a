// SPDX-License-Identifier: GPL-3.0-or-later
/* Who can send a canary, and whose figures are believed. */
#include <stdint.h>

#include "canary.h"
#include "check.h"
#include "event.h"

#define TOOL "/usr/sbin/auhunt"

enum verdict { NONE, PLAIN, FIGURES };

struct row {
	const char *name;
	uint32_t auid, uid, euid;
	bool is_failed;
	const char *exe;
	const char *argv[8];
	enum verdict want;
};

#define FULL "auhunt", "canary", CANARY_WORD, "lost=7"
#define UN   EVENT_UNSET

static const struct row rows[] = {
	{ "ours", UN, 0, 0, false, TOOL, { FULL }, FIGURES },
	{ "any program's", UN, 0, 0, false, "/usr/bin/true",
		{ "true", CANARY_WORD }, PLAIN },
	{ "ours without figures", UN, 0, 0, false, TOOL,
		{ "auhunt", "canary", CANARY_WORD }, PLAIN },
	{ "a user's", 1000, 1000, 1000, false, TOOL, { FULL }, NONE },
	{ "root's from a login session", 1000, 0, 0, false, TOOL, { FULL },
		NONE },
	{ "root's who logged in", 0, 0, 0, false, TOOL, { FULL }, NONE },
	{ "a service's", UN, 33, 33, false, TOOL, { FULL }, NONE },
	{ "a service's through setuid root", UN, 33, 0, false, TOOL, { FULL },
		NONE },
	{ "one that gave root up", UN, 0, 33, false, TOOL, { FULL }, NONE },
	{ "an exec that failed", UN, 0, 0, true, TOOL, { FULL }, NONE },
	{ "another program's figures", UN, 0, 0, false, "/tmp/auhunt", { FULL },
		NONE },
	{ "another command's", UN, 0, 0, false, TOOL,
		{ "auhunt", "decode", CANARY_WORD, "lost=7" }, NONE },
	{ "the timer's own start", UN, 0, 0, false, TOOL,
		{ "auhunt", "canary" }, NONE },
	{ "a longer word", UN, 0, 0, false, "/usr/bin/true",
		{ "true", CANARY_WORD "s" }, NONE },
	{ "no argument", UN, 0, 0, false, TOOL, { "auhunt" }, NONE },
};

static bool read_row(const struct row *r, struct canary *c)
{
	struct bytes argv[8];
	struct event ev = { .has_success = true,
		.success = !r->is_failed,
		.auid = { .has = true, .id = r->auid },
		.uid = { .has = true, .id = r->uid },
		.euid = { .has = true, .id = r->euid },
		.exe = bytes_of(r->exe),
		.argv = argv };

	while (ev.argc < 8 && r->argv[ev.argc]) {
		argv[ev.argc] = bytes_of(r->argv[ev.argc]);
		ev.argc++;
	}
	return canary_read(&ev, TOOL, c);
}

static void test_origin(void)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct canary c;
		bool is = read_row(&rows[i], &c);

		check_start("%s", rows[i].name);
		CHECK_EQ(is, rows[i].want != NONE);
		CHECK_EQ(c.has[CANARY_lost], rows[i].want == FIGURES);
	}
	check_start("an event without ids");
	CHECK(!canary_read(&(struct event){ 0 }, TOOL, &(struct canary){ 0 }));
}

static void test_figures(void)
{
	static const struct {
		const char *arg;
		bool has;
		uint32_t value;
	} args[] = {
		{ "lost=0", true, 0 },
		{ "lost=4294967295", true, UINT32_MAX },
		{ "lost=4294967296", false, 0 },
		{ "lost=-1", false, 0 },
		{ "lost=", false, 0 },
		{ "lost", false, 0 },
		{ "lost=1x", false, 0 },
		{ "lostly=1", false, 0 },
		{ "", false, 0 },
	};

	for (size_t i = 0; i < sizeof(args) / sizeof(args[0]); i++) {
		struct row r = rows[0];
		struct canary c;

		check_start("figure '%s'", args[i].arg);
		r.argv[3] = args[i].arg;
		CHECK(read_row(&r, &c));
		CHECK_EQ(c.has[CANARY_lost], args[i].has);
		CHECK_EQ(c.value[CANARY_lost], args[i].value);
	}
}

static void test_round(void)
{
	struct canary c = { 0 }, got;
	char words[CANARY_N][CANARY_TEXT_MAX];
	struct bytes argv[CANARY_N + 3] = { BYTES("auhunt"), BYTES("canary"),
		BYTES(CANARY_WORD) };
	struct event ev = { .has_success = true,
		.success = true,
		.auid = { .has = true, .id = EVENT_UNSET },
		.uid = { .has = true },
		.euid = { .has = true },
		.exe = BYTES(TOOL),
		.argv = argv,
		.argc = 3 };
	size_t i = 0, n = 0;

	check_start("what is written is read");
	for (size_t k = 0; k < CANARY_N; k += 2) {
		c.has[k] = true;
		c.value[k] = UINT32_MAX - (uint32_t)k;
	}
	while (n < CANARY_N && canary_next(&c, &i, words[n])) {
		argv[ev.argc++] = bytes_of(words[n]);
		n++;
	}
	CHECK_EQ(n, (CANARY_N + 1) / 2);
	CHECK(canary_read(&ev, TOOL, &got));
	CHECK(memcmp(&got, &c, sizeof(c)) == 0);
}

int main(void)
{
	check.module = "canary";
	test_origin();
	test_figures();
	test_round();
	return check_end();
}
