// SPDX-License-Identifier: GPL-3.0-or-later
#include "score.h"

#include "event.h"

#define SCORER(name) extern const struct scorer scorer_##name;
#include "scorers.def"
#undef SCORER

const struct scorer *const score_scorers[] = {
#define SCORER(name) &scorer_##name,
#include "scorers.def"
#undef SCORER
};

const size_t score_n_scorers = sizeof(score_scorers) / sizeof(score_scorers[0]);

_Static_assert(
	sizeof(score_scorers) / sizeof(score_scorers[0]) <=
		sizeof(((struct event *)0)->score.parts) / sizeof(double),
	"struct event has no room for so many parts");

/* One part's points, its reason behind those before it in why. */
static double part(const struct scorer *s, double weight,
	const struct event *ev, struct str *why)
{
	size_t before = why->len;
	double points;

	if (before)
		str_add(why, "; ", 2);
	points = weight * s->points(ev, why);
	if (points == 0 || why->len == before + 2)
		str_cut(why, before);
	return points;
}

void score_run(struct event *ev, const struct score_conf *cf)
{
	struct event_score *score = &ev->score;

	str_reset(&score->why);
	score->total = 0;
	for (size_t i = 0; i < score_n_scorers; i++) {
		const struct scorer *s = score_scorers[i];
		double weight = cf->weights[i];

		if (cf->profile == SCORE_NOTEBOOK)
			weight = s->is_notebook ? 1 : 0;
		score->parts[i] = 0;
		if (weight > 0)
			score->parts[i] = part(s, weight, ev, &score->why);
		score->total += score->parts[i];
	}
}

enum score_severity score_severity(double total, const struct score_conf *cf)
{
	if (total >= cf->crit)
		return SEVERITY_CRIT;
	if (total >= cf->err)
		return SEVERITY_ERR;
	if (total >= cf->warning)
		return SEVERITY_WARNING;
	return total >= cf->notice ? SEVERITY_NOTICE : SEVERITY_INFO;
}

const char *score_severity_name(enum score_severity severity)
{
	static const char *const names[] = { "crit", "err", "warning", "notice",
		"info" };

	return names[severity - SEVERITY_CRIT];
}
