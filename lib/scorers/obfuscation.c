// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Hiding text is what an ordinary command has little reason for: a point for
 * doing it, half a one for each further level and each further way of hiding,
 * and a point when a budget ended the decoding, which is never in favour.
 */
#include "event.h"
#include "score.h"

#define FIRST      1.0
#define FURTHER    0.5
#define LEVELS_MAX 4
#define CAPPED     1.0

/* How many things were undone for one layer: base64+gzip is 2. */
static size_t steps(struct bytes chain)
{
	size_t n = 1;

	for (size_t i = 0; i < chain.len; i++)
		n += chain.p[i] == '+';
	return n;
}

static double points(const struct event *ev, struct str *why)
{
	size_t deepest = 0, most = 0;
	const struct event_layer *l = ev->layers;
	double sum;

	/* What kept the decoding busy until it gave up may have hidden all. */
	if (!ev->n_layers && ev->is_capped)
		str_addz(why, "more hidden than the budget decodes");
	if (!ev->n_layers)
		return ev->is_capped ? CAPPED : 0;
	for (size_t i = 0; i < ev->n_layers; i++) {
		if (ev->layers[i].depth > deepest)
			deepest = ev->layers[i].depth;
		if (steps(ev->layers[i].chain) > most) {
			most = steps(ev->layers[i].chain);
			l = &ev->layers[i];
		}
	}
	if (deepest > LEVELS_MAX)
		deepest = LEVELS_MAX;
	sum = FIRST + FURTHER * (double)(deepest - 1 + most - 1);
	str_addz(why, "hidden by ");
	str_addb(why, l->chain);
	if (deepest > 1)
		str_addf(why, ", %zu levels deep", deepest);
	if (ev->is_capped) {
		sum += CAPPED;
		str_addz(why, ", more than the budget decodes");
	}
	return sum;
}

const struct scorer scorer_obfuscation = {
	.name = "obfuscation",
	.points = points,
};
