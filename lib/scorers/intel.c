// SPDX-License-Identifier: GPL-3.0-or-later
#include "event.h"
#include "intel.h"
#include "score.h"

/* The verdict that weighs most; NULL if nobody said anything. */
static const struct event_verdict *worst(const struct event *ev, size_t *at)
{
	const struct event_verdict *found = NULL;

	for (size_t i = 0; ev->verdicts && i < ev->n_iocs; i++) {
		const struct event_verdict *v = &ev->verdicts[i];

		if (v->severity == INTEL_NOT_ASKED ||
			(found && v->severity <= found->severity))
			continue;
		found = v;
		*at = i;
	}
	return found;
}

/* Of those that a row gives points, the heaviest. */
static const struct event_ioc *heaviest(const struct event *ev)
{
	const struct event_ioc *found = NULL;

	for (size_t i = 0; i < ev->n_iocs; i++)
		if (ev->iocs[i].weight > (found ? found->weight : 0))
			found = &ev->iocs[i];
	return found;
}

static void tell_row(const struct event *ev, struct str *why)
{
	const struct event_ioc *ioc = heaviest(ev);

	if (!ioc) {
		str_addf(why, "%zu indicators nobody was asked about",
			ev->n_iocs);
		return;
	}
	str_addb(why, ioc->value);
	str_addz(why, " is of type ");
	str_addb(why, ioc->type_name);
}

static double points(const struct event *ev, struct str *why)
{
	const struct event_verdict *v;
	size_t at = 0;

	if (ev->intel_points == 0)
		return 0;
	v = worst(ev, &at);
	if (!v) {
		tell_row(ev, why);
		return ev->intel_points;
	}
	str_addb(why, ev->iocs[at].value);
	str_addf(why, " is %s",
		intel_severity_name((enum intel_severity)v->severity));
	if (v->provider.len) {
		str_addz(why, " to ");
		str_addb(why, v->provider);
	}
	return ev->intel_points;
}

const struct scorer scorer_intel = {
	.name = "intel",
	.is_notebook = true,
	.points = points,
};
