// SPDX-License-Identifier: GPL-3.0-or-later
#include "overload.h"

/* The level that the load asks for. */
static enum overload_level wanted(const struct overload_look *look)
{
	enum overload_level by_time = OVERLOAD_NONE, by_room = OVERLOAD_NONE;

	while (by_time + 1 < OVERLOAD_N &&
		look->behind_ms >=
			OVERLOAD_BEHIND_MS + OVERLOAD_STEP_MS * (int)by_time)
		by_time++;
	while (by_room + 1 < OVERLOAD_N &&
		look->used >= look->size / 4 * (by_room + 1))
		by_room++;
	return by_time > by_room ? by_time : by_room;
}

bool overload_run(struct overload *o, const struct overload_look *look)
{
	enum overload_level want = wanted(look);

	if (want || look->behind_ms > OVERLOAD_BEHIND_MS / 2)
		o->calm_ms = look->now_ms;
	if (want > o->level) {
		o->level++;
		return true;
	}
	if (!o->level || look->now_ms - o->calm_ms < OVERLOAD_CALM_MS)
		return false;
	o->level--;
	o->calm_ms = look->now_ms;
	return true;
}
