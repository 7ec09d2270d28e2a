// SPDX-License-Identifier: GPL-3.0-or-later
#include "check.h"
#include "window.h"

#define N WINDOW_SLICES

static void test_rows(void)
{
	static const struct {
		const char *name;
		struct {
			uint32_t at, n;
		} adds[4];
		uint32_t seen_from;
		uint64_t want;
	} rows[] = {
		{ "nothing", { { 0, 0 } }, 100, 0 },
		{ "now", { { 100, 3 } }, 100, 3 },
		{ "at the beginning of time", { { 0, 2 }, { 1, 1 } }, 1, 3 },
		{ "as old as it may be", { { 100, 3 }, { 100 + N - 1, 1 } },
			100 + N - 1, 4 },
		{ "older", { { 100, 3 }, { 100 + N, 1 } }, 100 + N, 1 },
		{ "older, seen from later", { { 100, 3 }, { 110, 1 } }, 100 + N,
			1 },
		{ "all of it older", { { 100, 3 }, { 110, 1 } }, 110 + N, 0 },
		{ "seen from earlier", { { 100, 3 }, { 110, 1 } }, 105, 4 },
		{ "late", { { 100, 3 }, { 98, 1 }, { 99, 1 } }, 100, 5 },
		{ "late, and gone first", { { 100, 3 }, { 98, 1 } }, 98 + N,
			3 },
		{ "the clock set back", { { 5000, 3 }, { 100, 1 } }, 100, 4 },
		{ "set back, and on from there",
			{ { 5000, 3 }, { 100, 1 }, { 100 + N, 1 } }, 100 + N,
			1 },
		{ "the end of time", { { UINT32_MAX, 1 }, { UINT32_MAX, 1 } },
			UINT32_MAX, 2 },
		{ "no overflow", { { 7, UINT32_MAX }, { 7, 5 } }, 7,
			UINT32_MAX },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct window w = { 0 };

		check_start("%s", rows[i].name);
		for (int k = 0; k < 4 && rows[i].adds[k].n; k++)
			window_add(&w, rows[i].adds[k].at, rows[i].adds[k].n);
		CHECK_EQ(window_sum(&w, rows[i].seen_from), rows[i].want);
	}
}

static void test_take(void)
{
	struct window w = { 0 };

	check_start("taken back");
	window_add(&w, 50, 2);
	window_add(&w, 55, 1);
	window_take(&w, 50, 1);
	CHECK_EQ(window_sum(&w, 55), 2);
	window_take(&w, 55, 1);
	window_take(&w, 55, 1);
	window_take(&w, 55 + N, 1); /* not yet */
	window_take(&w, 40, 1); /* not any more */
	CHECK_EQ(window_sum(&w, 55), 1);
}

static void test_merge(void)
{
	struct window a = { 0 }, b = { 0 };

	check_start("merged");
	window_add(&a, 100, 1);
	window_add(&a, 110, 2);
	window_add(&b, 90, 4); /* out of sight of the other's newest */
	window_add(&b, 99, 8);
	window_merge(&a, &b);
	CHECK_EQ(a.at, 110);
	CHECK_EQ(window_sum(&a, 110), 11);
	CHECK_EQ(window_sum(&a, 99 + N), 3);
	window_merge(&b, &a);
	CHECK_EQ(b.at, 110);
	CHECK_EQ(window_sum(&b, 110), 8 + 11);
	window_unmerge(&b, &a);
	CHECK_EQ(window_sum(&b, 110), 8);
	window_unmerge(&b, &a);
	CHECK_EQ(window_sum(&b, 110), 0);
}

/* Random times near one another against a list of all of them. */
static void test_random(void)
{
	unsigned long long seed = 11;
	enum { STEPS = 5000 };
	static uint32_t added[STEPS];
	struct window w = { 0 };
	uint32_t now = 1000;

	check_start("random");
	for (int i = 0; i < STEPS; i++) {
		unsigned long long r = check_random(&seed);
		uint64_t want = 0;

		if (r % 8 == 0)
			now += (uint32_t)(r >> 8) % 5;
		added[i] = now - (uint32_t)(r >> 16) % 4;
		window_add(&w, added[i], 1);
		for (int k = 0; k <= i; k++)
			want += added[k] + N > now;
		if (!CHECK_EQ(window_sum(&w, now), want))
			break;
	}
}

int main(void)
{
	check.module = "window";
	test_rows();
	test_take();
	test_merge();
	test_random();
	return check_end();
}
