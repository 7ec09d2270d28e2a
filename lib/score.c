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

void score_run(struct event *ev)
{
	struct event_score *score = &ev->score;

	str_reset(&score->why);
	score->total = 0;
	for (size_t i = 0; i < score_n_scorers; i++) {
		size_t before = score->why.len;

		if (before)
			str_add(&score->why, "; ", 2);
		score->parts[i] = score_scorers[i]->points(ev, &score->why);
		score->total += score->parts[i];
		if (before && score->why.len == before + 2)
			score->why.len = before;
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
