// SPDX-License-Identifier: GPL-3.0-or-later
#include "event.h"
#include "score.h"

static double points(const struct event *ev, struct str *why)
{
	const struct event_frequency *f = &ev->frequency;

	if (!f->has)
		return 0;
	if (f->in_workspace == 1)
		str_addz(why, "decoded command never seen before");
	else if (f->hosts == 1)
		str_addf(why, "decoded command seen %llu times on this host",
			(unsigned long long)f->on_host);
	else
		str_addf(why,
			"decoded command seen %llu times on this host, "
			"%llu times on %llu hosts",
			(unsigned long long)f->on_host,
			(unsigned long long)f->in_workspace,
			(unsigned long long)f->hosts);
	return f->points;
}

const struct scorer scorer_freq = {
	.name = "freq",
	.is_notebook = true,
	.points = points,
};
