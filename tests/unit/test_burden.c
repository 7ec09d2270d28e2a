// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdint.h>

#include "burden.h"
#include "check.h"
#include "event.h"

static void note(struct burden *b, uint32_t auid, uint32_t uid, size_t bytes)
{
	struct event ev = { .bytes = bytes,
		.auid = { .has = true, .id = auid },
		.uid = { .has = true, .id = uid } };

	burden_note(b, &ev);
}

static void test_nobody(void)
{
	struct burden b = { 0 };
	unsigned int percent;

	check_start("nobody");
	burden_tick(&b, 100000);
	CHECK(!burden_top(&b, &percent));
}

static void test_one_of_two(void)
{
	struct burden b = { 0 };
	const struct burden_user *top;
	unsigned int percent = 0;

	check_start("the heavier of two");
	for (int i = 0; i < 100; i++) {
		note(&b, 1000, 0, 1000);
		note(&b, 1001, 0, 3000);
	}
	top = burden_top(&b, &percent);
	CHECK(top && top->id == 1001 && !top->is_uid);
	CHECK_EQ(percent, 75);
}

/* Few that weigh much are found among many that weigh little. */
static void test_among_many(void)
{
	struct burden b = { 0 };
	const struct burden_user *top;
	unsigned int percent = 0;

	check_start("a service among many users");
	for (uint32_t i = 0; i < 10000; i++) {
		note(&b, 2000 + i, 0, 1000);
		if (i % 100 == 0)
			note(&b, EVENT_UNSET, 33, 100000);
	}
	top = burden_top(&b, &percent);
	CHECK(top && top->id == 33 && top->is_uid);
	CHECK(percent >= 40 && percent <= 50);
}

static void test_what_is_old(void)
{
	struct burden b = { 0 };
	const struct burden_user *top;
	unsigned int percent = 0;

	check_start("what is old counts less");
	burden_tick(&b, 5000);
	note(&b, 1000, 0, 8000);
	burden_tick(&b, 5000 + BURDEN_HALF_MS - 1);
	note(&b, 1001, 0, 7999);
	top = burden_top(&b, &percent);
	CHECK(top && top->id == 1000);
	burden_tick(&b, 5000 + 2 * BURDEN_HALF_MS);
	note(&b, 1001, 0, 8000);
	top = burden_top(&b, &percent);
	CHECK(top && top->id == 1001);
	burden_tick(&b, 1000000);
	CHECK(!burden_top(&b, &percent));
	burden_tick(&b, 0);
	note(&b, 1002, 0, 1);
	CHECK(burden_top(&b, &percent) != NULL);
}

/* Who comes last takes the place of the least, and what that had is in doubt:
 * nobody gets a part that is not his. */
static void test_doubt(void)
{
	struct burden b = { 0 };
	unsigned int percent = 0;

	check_start("nobody gets what is in doubt");
	for (uint32_t i = 0; i < 100 * BURDEN_USERS; i++)
		note(&b, i, 0, 1000);
	CHECK(burden_top(&b, &percent) != NULL);
	CHECK(percent <= 1);
}

int main(void)
{
	check.module = "burden";
	test_nobody();
	test_one_of_two();
	test_among_many();
	test_what_is_old();
	test_doubt();
	return check_end();
}
