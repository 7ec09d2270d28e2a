// SPDX-License-Identifier: GPL-3.0-or-later
/* What other events have to do with alerts. */
#include "detect_state.h"

#define HOUR_MS 3600000
/* An alert weighs half as much with each hour, and nothing after these. */
#define HOURS_MAX 8
/* What an alert of the same host weighs that has no more to do with it. */
#define OF_HOST 0.25
/* Names that are told apart when they are added up. */
#define NAMES_MAX 32

static bool is_below(const struct event *ev, uint64_t guid)
{
	const struct event_lineage *l = &ev->lineage;

	if (!guid || !l->has)
		return false;
	if (l->guid == guid)
		return true;
	for (size_t i = 0; i < l->n_ancestors; i++)
		if (l->ancestors[i].guid == guid)
			return true;
	return false;
}

/* What it weighs for the event. */
static double weigh(const struct detect_recent *a, const struct event *ev)
{
	int64_t hours = (ev->time_ms - a->time_ms) / HOUR_MS;
	double points = a->severity;

	if (hours < 0)
		hours = -hours;
	if (hours >= HOURS_MAX)
		return 0;
	if (!is_below(ev, a->guid) &&
		(!a->session || a->session != ev->session.number))
		points *= OF_HOST;
	return points / (double)(1u << hours);
}

/* The most that alerts of one name weigh. */
struct sum {
	const struct detect_recent *alert;
	double points;
};

static size_t add(struct sum *sums, size_t n, struct sum one)
{
	for (size_t i = 0; i < n; i++) {
		if (sums[i].alert->name_len != one.alert->name_len ||
			memcmp(sums[i].alert->name, one.alert->name,
				one.alert->name_len) != 0)
			continue;
		if (one.points > sums[i].points)
			sums[i] = one;
		return n;
	}
	if (n == NAMES_MAX)
		return n;
	sums[n] = one;
	return n + 1;
}

void detect_relate(const struct detect *d, struct event *ev)
{
	size_t n = d->n_recent < DETECT_RECENT_MAX ? d->n_recent
						   : DETECT_RECENT_MAX;
	uint64_t node = n && ev->node.p ? detect_text(ev->node) : 0;
	struct sum sums[NAMES_MAX];
	size_t n_sums = 0, worst = 0;

	for (size_t i = 0; i < n; i++) {
		struct sum one = { &d->recent[i], 0 };

		if (one.alert->node != node)
			continue;
		one.points = weigh(one.alert, ev);
		if (one.points > 0)
			n_sums = add(sums, n_sums, one);
	}
	if (!n_sums)
		return;
	for (size_t i = 0; i < n_sums; i++) {
		ev->alerts.points += sums[i].points;
		if (sums[i].points > sums[worst].points)
			worst = i;
	}
	ev->alerts.n += n_sums;
	ev->alerts.is_related = true;
	if (!ev->alerts.worst.p)
		ev->alerts.worst =
			event_copy(ev, (struct bytes){ sums[worst].alert->name,
					       sums[worst].alert->name_len });
}
