// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * An operator's own indicators. A pattern is tried only where the plain string
 * stands that it cannot be without, or, where it has none, everywhere; and all
 * of them together have one budget for an event.
 */
#include "ioc_rules.h"

/* About 10 ms, by steps of 20 ns. */
#define EVENT_STEPS 500000
/* Starting places tried at once, of a pattern without a literal. */
#define BLOCK 256

struct own {
	struct ioc_rules *r;
	struct bytes text;
	ioc_own_take *take;
	void *arg;
	bool is_full;
};

static bool is_plain(struct bytes value)
{
	for (size_t i = 0; i < value.len; i++)
		if (value.p[i] < 0x20 || value.p[i] > 0x7e)
			return false;
	return value.len && value.len <= IOC_OWN_LEN_MAX;
}

/* Hands over what was found; where to go on. */
static size_t take_match(
	struct own *o, const struct ioc_rule *rule, size_t from, size_t to)
{
	struct bytes all = pattern_matcher_match(o->r->matcher, o->text);
	struct bytes value = pattern_matcher_span(o->r->matcher, o->text);
	size_t end = all.p ? (size_t)(all.p - o->text.p) + all.len : 0;

	/* What goes on where nobody looked may be anything. */
	if (is_plain(value) && (end < to || to == o->text.len))
		o->is_full = !o->take(o->arg, rule, value);
	return end > from ? end : from + 1;
}

/* Matches that start between from and last. */
static void search(
	struct own *o, struct ioc_rule *rule, size_t from, size_t last)
{
	struct pattern_window w = { from, last, o->text.len };
	enum pattern_found found = PATTERN_FOUND;

	if (rule->text == o->r->text && rule->next > from)
		w.from = rule->next;
	if (o->text.len - last > IOC_OWN_LEN_MAX)
		w.to = last + IOC_OWN_LEN_MAX + 1;
	while (found == PATTERN_FOUND && !o->is_full && w.from <= last) {
		found = pattern_matcher_find(
			o->r->matcher, rule->code, o->text, &w);
		w.from = found == PATTERN_FOUND
				 ? take_match(o, rule, w.from, w.to)
				 : last + 1;
	}
	if (found == PATTERN_FOUND_LIMIT)
		rule->is_given_up = o->r->is_capped = true;
	rule->text = o->r->text;
	rule->next = w.from;
}

static void take_hit(void *arg, struct bytes text, const struct finder_hit *hit)
{
	struct own *o = arg;
	struct ioc_rule *rule = &o->r->rules[hit->id];
	size_t before = IOC_OWN_LEN_MAX;

	(void)text;
	if (!rule->is_given_up && !o->is_full)
		search(o, rule, hit->at > before ? hit->at - before : 0,
			hit->at);
}

static void search_all(struct own *o, struct ioc_rule *rule)
{
	for (size_t from = 0; from < o->text.len; from += BLOCK) {
		size_t last = from + BLOCK - 1;

		if (rule->is_given_up || o->is_full)
			return;
		search(o, rule, from,
			last < o->text.len ? last : o->text.len - 1);
	}
}

void ioc_own_start(struct ioc_rules *r)
{
	pattern_matcher_allow(r->matcher, EVENT_STEPS);
	r->is_capped = false;
	for (unsigned int i = 0; i < r->n_rules; i++)
		r->rules[i].is_given_up = false;
}

bool ioc_own_scan(
	struct ioc_rules *r, struct bytes text, ioc_own_take *take, void *arg)
{
	struct own o = { .r = r, .text = text, .take = take, .arg = arg };

	r->text++;
	finder_run(r->find, text, take_hit, &o);
	for (unsigned int i = 0; r->n_others && i < r->n_rules; i++)
		if (!pattern_literal(r->rules[i].code).len)
			search_all(&o, &r->rules[i]);
	return !o.is_full;
}
