// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdint.h>

#include "check.h"
#include "stamp.h"

/* Of date -u -d ... +%s. */
static const struct row {
	const char *text;
	int64_t time_ms;
} good[] = {
	{ "1970-01-01T00:00:00Z", 0 },
	{ "2026-01-02T03:04:05", 1767323045000 },
	{ "2026-01-02 03:04:05", 1767323045000 },
	{ "2026-01-02T03:04:05+00:00", 1767323045000 },
	{ "2026-01-02T03:04:05.6", 1767323045600 },
	{ "2026-01-02T03:04:05.6789012Z", 1767323045678 },
	{ "2024-02-29T23:59:59Z", 1709251199000 },
	{ "2024-12-31T00:00:00Z", 1735603200000 },
	/* Two that a time_t of 32 bits has no room for, and two before it. */
	{ "2100-02-28T00:00:00Z", 4107456000000 },
	{ "2999-01-01T00:00:00Z", 32472144000000 },
	{ "1900-03-01T00:00:00Z", -2203891200000 },
	{ "0001-01-01T00:00:00Z", -62135596800000 },
	{ "1969-12-31T23:59:59Z", -1000 },
	{ "11/22/2026, 6:57:21 AM", 1795330641000 },
	{ "11/22/2026, 6:57:21.714 PM", 1795373841714 },
	{ "11/22/2026, 12:57:21 AM", 1795309041000 },
	{ "11/22/2026, 12:57:21 PM", 1795352241000 },
};

static const char *const bad[] = { "", "now", "2026-01-02", "2026-01-02T03:04",
	"2026-01-02T03:04:05+01:00", "2026-01-02T03:04:05Zz",
	"2026-13-02T03:04:05Z", "11/22/2026, 6:57:21", "11/22/2026, 6:57:21 am",
	"2026-01-02T03:04:05.000000000000000000000Z" };

int main(void)
{
	int64_t ms;

	check.module = "stamp";
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		check_start("%s", good[i].text);
		ms = 1;
		CHECK_EQ(stamp_parse(bytes_of(good[i].text), &ms), 0);
		CHECK_EQ(ms, good[i].time_ms);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		check_start("%s", bad[i]);
		ms = 1;
		CHECK_EQ(stamp_parse(bytes_of(bad[i]), &ms), -1);
		CHECK_EQ(ms, 1);
	}
	return check_end();
}
