// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * What repetition takes from the part freq it does not take from the total:
 * here it comes back, unless the sightings are those of several users or days.
 */
#include "event.h"
#include "score.h"

static double points(const struct event *ev, struct str *why)
{
	const struct event_frequency *f = &ev->frequency;

	if (!f->has || f->steady <= f->points)
		return 0;
	str_addf(why, "in %llu sittings only", (unsigned long long)f->sittings);
	return f->steady - f->points;
}

const struct scorer scorer_training = {
	.name = "training",
	.points = points,
};
