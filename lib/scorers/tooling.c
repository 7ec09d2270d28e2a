// SPDX-License-Identifier: GPL-3.0-or-later
#include "event.h"
#include "score.h"

/* What the rows of conf/hunt.d weigh, up to what a list of tools may add. */
#define POINTS_MAX 6.0

static double points(const struct event *ev, struct str *why)
{
	double sum =
		ev->tags.weight < POINTS_MAX ? ev->tags.weight : POINTS_MAX;

	if (sum > 0)
		str_addb(why, ev->tags.heaviest);
	return sum;
}

const struct scorer scorer_tooling = {
	.name = "tooling",
	.points = points,
};
