// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdint.h>

#include "check.h"
#include "overload.h"

#define STEP_MS 20
#define SIZE    1000

/* A load for so long: the level at its end, and how often it changed. */
struct phase {
	int64_t ms;
	int64_t behind_ms; /* at its start, from there on it grows; -1: never */
	uint64_t used;
	enum overload_level level;
	unsigned int changes;
};

static const struct {
	const char *name;
	struct phase phases[8];
} rows[] = {
	{ "nothing to do", { { 60000, -1, 0, 0, 0 } } },
	{ "a burst of 480 ms",
		{ { 480, 0, 100, 0, 0 }, { 9000, -1, 0, 0, 0 } } },
	{ "half a second", { { 520, 0, 100, 1, 1 } } },
	{ "0.9 s", { { 920, 0, 100, 2, 2 } } },
	{ "1.3 s", { { 1320, 0, 100, 3, 3 } } },
	{ "no more than three", { { 60000, 0, 100, 3, 3 } } },
	{ "a quarter of the room", { { 2000, -1, 250, 1, 1 } } },
	{ "less than a quarter", { { 2000, -1, 249, 0, 0 } } },
	{ "half of the room", { { 2000, -1, 500, 2, 2 } } },
	{ "three quarters, at once", { { 60, -1, 750, 3, 3 } } },
	{ "a full ring", { { 60, -1, 1000, 3, 3 } } },
	{ "not before it is calm for long",
		{ { 1320, 0, 100, 3, 3 }, { 9900, -1, 0, 3, 0 },
			{ 200, -1, 0, 2, 1 }, { 9700, -1, 0, 2, 0 },
			{ 400, -1, 0, 1, 1 }, { 10000, -1, 0, 0, 1 },
			{ 60000, -1, 0, 0, 0 } } },
	{ "what is no calm begins it anew",
		{ { 520, 0, 100, 1, 1 }, { 9000, -1, 0, 1, 0 },
			{ 400, 0, 100, 1, 0 }, { 9900, -1, 0, 1, 0 },
			{ 200, -1, 0, 0, 1 } } },
	{ "the same load again",
		{ { 920, 0, 100, 2, 2 }, { 10020, -1, 0, 1, 1 },
			{ 520, 0, 100, 1, 0 }, { 400, 520, 100, 2, 1 } } },
	{ "a peak takes it up, a plateau keeps it",
		{ { 60, -1, 800, 3, 3 }, { 30000, -1, 300, 3, 0 } } },
};

int main(void)
{
	check.module = "overload";
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct overload o = { 0 };
		int64_t now_ms = 1000;

		check_start("%s", rows[i].name);
		for (const struct phase *p = rows[i].phases; p->ms; p++) {
			unsigned int changes = 0;

			for (int64_t t = 0; t < p->ms; t += STEP_MS) {
				struct overload_look look = { now_ms,
					p->behind_ms < 0 ? 0 : p->behind_ms + t,
					p->used, SIZE };
				enum overload_level before = o.level;

				now_ms += STEP_MS;
				if (overload_run(&o, &look))
					changes++;
				else
					CHECK_EQ(o.level, before);
				CHECK(o.level + 1 >= before &&
					o.level <= before + 1);
			}
			CHECK_EQ(o.level, p->level);
			CHECK_EQ(changes, p->changes);
		}
	}
	return check_end();
}
