// SPDX-License-Identifier: GPL-3.0-or-later
/* Times are those of Berlin, for the hour that it is ahead of UTC. */
#include <stdint.h>

#include "check.h"
#include "event.h"
#include "select.h"

/* Wednesday, 2024-03-13 15:42:07.250 there. */
#define NOW 1710340927250
#define S   1000

static const struct row {
	const char *text;
	int rc;
	int64_t start, end; /* in ms */
} rows[] = {
	{ "now", 0, 1710340927 * (int64_t)S, 1710340927999 },
	{ "recent", 0, 1710340327 * (int64_t)S, 1710340327999 },
	{ "this-hour", 0, 1710338400 * (int64_t)S, 1710338400999 },
	{ "today", 0, 1710284400 * (int64_t)S, 1710340927999 },
	{ "yesterday", 0, 1710198000 * (int64_t)S, -1 },
	{ "this-week", 0, 1710025200 * (int64_t)S, -1 },
	{ "week-ago", 0, 1709679600 * (int64_t)S, -1 },
	{ "this-month", 0, 1709247600 * (int64_t)S, -1 },
	{ "this-year", 0, 1704063600 * (int64_t)S, -1 },
	{ "03/01/2024", 0, 1709247600 * (int64_t)S, 1709304127999 },
	{ "03/01/2024 12:00", 0, 1709290800 * (int64_t)S, 1709290800999 },
	{ "03/01/2024 12:00:05", 0, 1709290805 * (int64_t)S, 1709290805999 },
	{ "03/01/24", 0, 1709247600 * (int64_t)S, -1 },
	{ "03/01/24 12:00:05", 0, 1709290805 * (int64_t)S, -1 },
	{ "03/01/24 12:00", 0, 1709290800 * (int64_t)S, -1 },
	{ "07/01/2023", 0, 1688162400 * (int64_t)S, -1 }, /* summer */
	{ "12:00", 0, 1710327600 * (int64_t)S, 1710327600999 },
	{ "12:00:05", 0, 1710327605 * (int64_t)S, 1710327605999 },
	{ "2024-03-01", 0, 1709247600 * (int64_t)S, -1 },
	{ "2024-03-01T12:00", 0, 1709290800 * (int64_t)S, -1 },
	{ "2024-03-01T12:00:05", 0, 1709290805 * (int64_t)S, -1 },
	{ "2024-03-01 12:00:05", 0, 1709290805 * (int64_t)S, -1 },
	{ "2024-03-01T12:00:05Z", 0, 1709294405 * (int64_t)S, -1 },
	{ "2024-07-01T12:00:05Z", 0, 1719835205 * (int64_t)S, -1 },
	{ "1521757638", 0, 1521757638000, -1 },
	{ "1521757638.392", 0, 1521757638392, -1 },
	{ "0", 0, 0, -1 },
	{ "", -1, 0, 0 },
	{ "tomorrow", -1, 0, 0 },
	{ "Now", -1, 0, 0 },
	{ "todayx", -1, 0, 0 },
	{ "13/01/2024", -1, 0, 0 },
	{ "03/32/2024", -1, 0, 0 },
	{ "25:00", -1, 0, 0 },
	{ "12:60", -1, 0, 0 },
	{ "2024-13-01", -1, 0, 0 },
	{ "2024-03-01x", -1, 0, 0 },
	{ "2024-03-01T", -1, 0, 0 },
	{ "2024-03-01T12:00:05ZZ", -1, 0, 0 },
	{ "-5", -1, 0, 0 },
	{ "1e9", -1, 0, 0 },
	{ "nan", -1, 0, 0 },
	{ "inf", -1, 0, 0 },
	{ "0x10", -1, 0, 0 },
	{ "99999999999999999999", -1, 0, 0 },
	{ "1.2.3", -1, 0, 0 },
	{ ".", -1, 0, 0 },
};

static void test_times(void)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int64_t t = 4711;

		check_start("time '%s'", rows[i].text);
		if (CHECK_EQ(select_time(rows[i].text, false, NOW, &t),
			    rows[i].rc) &&
			!rows[i].rc)
			CHECK_EQ(t, rows[i].start);
		CHECK_EQ(select_time(rows[i].text, true, NOW, &t), rows[i].rc);
		if (!rows[i].rc && rows[i].end >= 0)
			CHECK_EQ(t, rows[i].end);
	}
	check_start("time 'boot'");
	{
		int64_t t = 0;

		CHECK_EQ(select_time("boot", false, NOW, &t), 0);
		CHECK(t > 0 && t % 1000 == 0);
	}
}

static void test_has(void)
{
	static const struct {
		const char *name;
		struct select s;
		bool has;
	} table[] = {
		{ "everything", { 0 }, true },
		{ "since then", { .has_since = true, .since_ms = 5000 }, true },
		{ "since later", { .has_since = true, .since_ms = 5001 },
			false },
		{ "until then", { .has_until = true, .until_ms = 5000 }, true },
		{ "until before", { .has_until = true, .until_ms = 4999 },
			false },
		{ "node", { .node = "web1" }, true },
		{ "another node", { .node = "web" }, false },
		{ "auid", { .user = "1000" }, true },
		{ "auid's name", { .user = "ann" }, true },
		{ "uid", { .user = "0" }, true },
		{ "uid's name", { .user = "root" }, true },
		{ "another user", { .user = "an" }, false },
		{ "another number", { .user = "100" }, false },
		{ "gid is no user", { .user = "5" }, false },
		{ "session", { .has_session = true, .session = 7 }, true },
		{ "another session", { .has_session = true }, false },
		{ "score", { .has_min_score = true, .min_score = 1.5 }, true },
		{ "a higher score",
			{ .has_min_score = true, .min_score = 1.51 }, false },
		{ "all of it",
			{ .has_since = true,
				.since_ms = 1,
				.node = "web1",
				.user = "ann",
				.has_min_score = true,
				.min_score = 1 },
			true },
		{ "all but one",
			{ .has_since = true,
				.since_ms = 1,
				.node = "web1",
				.user = "bob",
				.has_min_score = true,
				.min_score = 1 },
			false },
	};
	struct event ev = { .time_ms = 5000,
		.node = BYTES("web1"),
		.auid = { true, 1000, BYTES("ann") },
		.uid = { true, 0, BYTES("root") },
		.gid = { true, 5, BYTES("tty") },
		.has_ses = true,
		.ses = 7,
		.score = { .total = 1.5 } };

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		check_start("selects: %s", table[i].name);
		CHECK_EQ(select_has(&table[i].s, &ev), table[i].has);
	}
	check_start("selects: what is not there");
	ev = (struct event){ .auid = { true, EVENT_UNSET, { NULL, 0 } } };
	CHECK(!select_has(&(struct select){ .node = "web1" }, &ev));
	CHECK(!select_has(&(struct select){ .user = "0" }, &ev));
	CHECK(!select_has(&(struct select){ .has_session = true }, &ev));
	CHECK(select_has(&(struct select){ .user = "unset" }, &ev));
	CHECK(select_has(&(struct select){ .user = "4294967295" }, &ev));
}

int main(void)
{
	check.module = "select";
	/* The rule itself: zone files need not be there. */
	setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1);
	test_times();
	test_has();
	return check_end();
}
