// SPDX-License-Identifier: GPL-3.0-or-later
#include "event.h"
#include "score.h"

static double points(const struct event *ev, struct str *why)
{
	if (ev->alerts.points == 0)
		return 0;
	str_addf(why, "%zu %s, among them ", ev->alerts.n,
		ev->alerts.is_related ? "alerts nearby" : "alerts on the host");
	str_addb(why, ev->alerts.worst);
	return ev->alerts.points;
}

const struct scorer scorer_alert = {
	.name = "alert",
	.is_notebook = true,
	.points = points,
};
