// SPDX-License-Identifier: GPL-3.0-or-later
/* The language of the rows: what heads them, and which keywords there are. */
#include "classify_line.h"

#include <string.h>

#define NAME_LEN_MAX 64

static struct rows_category *find_category(
	struct classify_rules *r, struct bytes name, bool is_function)
{
	for (uint32_t i = 0; i < r->has_categories.n; i++)
		if (r->categories[i].is_function == is_function &&
			bytes_equal(r->categories[i].name, name))
			return &r->categories[i];
	return NULL;
}

/* What stands behind a category's name. */
static int take_flags(struct classify_rules *r, struct rowline *l,
	struct line_options *o, bool is_function)
{
	int rc;

	*o = (struct line_options){ .weight = -1 };
	while ((rc = rowline_next(l)) > 0) {
		rc = line_option(r, l, o);
		if (rc < 0)
			return -1;
		if (rc > 0)
			continue;
		if (!is_function && !strcmp(str_z(&l->token), "notebook"))
			o->is_notebook = true;
		else if (!is_function && !strcmp(str_z(&l->token), "off"))
			o->is_off = true;
		else {
			str_addf(l->why, "no option '%.64s'; there are: %s",
				str_z(&l->token),
				is_function
					? "attack="
					: "weight=, attack=, notebook, off");
			return -1;
		}
	}
	if (rc == 0 && is_function && o->weight >= 0) {
		str_addz(l->why, "a function has no weight");
		return -1;
	}
	return rc;
}

/* category "NAME" [weight=N] [attack=T...] [notebook] [off] */
static int take_header(
	struct classify_rules *r, struct rowline *l, bool is_function)
{
	struct rows_category *c;
	struct line_options o;
	struct bytes name;
	int rc = rowline_next(l);

	if (rc < 0)
		return -1;
	name = str_bytes(&l->token);
	if (!name.len || name.len > NAME_LEN_MAX) {
		str_addf(l->why, "a name of 1 to %d characters has to follow",
			NAME_LEN_MAX);
		return -1;
	}
	name = rows_keep(r, name);
	if (take_flags(r, l, &o, is_function) < 0)
		return -1;
	c = find_category(r, name, is_function);
	if (!c) {
		c = ROWS_ADD(r, categories);
		if (!c || !name.p)
			return rowline_full(l);
		c->name = name;
		c->is_function = is_function;
	}
	r->current = (uint32_t)(c - r->categories);
	if (o.weight >= 0)
		c->weight = o.weight;
	if (o.attack.n)
		c->attack = o.attack;
	c->is_notebook |= o.is_notebook;
	c->is_off |= o.is_off;
	return 0;
}

static int take_category(struct classify_rules *r, struct rowline *l)
{
	return take_header(r, l, false);
}

static int take_function(struct classify_rules *r, struct rowline *l)
{
	uint32_t i;

	if (take_header(r, l, true) < 0)
		return -1;
	i = rows_function(r, r->categories[r->current].name);
	if (i == ROWS_NONE) {
		str_addf(l->why, "more than %d functions", ROWS_FUNCTIONS_MAX);
		return -1;
	}
	r->functions[i].category = r->current;
	return 0;
}

static const struct keyword {
	const char *name;
	int (*header)(struct classify_rules *r, struct rowline *l);
	const struct line_kind *kind;
} keywords[] = {
	{ "category", take_category, NULL },
	{ "function", take_function, NULL },
	{ "word", NULL, &line_word },
	{ "words", NULL, &line_words },
	{ "pipe", NULL, &line_pipe },
	{ "text", NULL, &line_text },
	{ "texts", NULL, &line_texts },
	{ "pattern", NULL, &line_pattern },
};

#define N_KEYWORDS (sizeof(keywords) / sizeof(keywords[0]))

static int take_row(
	struct classify_rules *r, struct rowline *l, const struct keyword *k)
{
	struct line_options o;
	int rc;

	if (r->current == ROWS_NONE) {
		str_addf(l->why, "%s before any category", k->name);
		return -1;
	}
	l->is_split = k->kind->is_split;
	rc = line_options(r, l, &o);
	if (rc == 0)
		str_addf(l->why, "%s what?", k->name);
	if (rc > 0 && o.weight >= 0 && r->categories[r->current].is_function) {
		str_addz(l->why, "a function's row has no weight");
		return -1;
	}
	return rc > 0 ? k->kind->take(r, l, &o) : -1;
}

static int take_line(struct classify_rules *r, struct rowline *l)
{
	int rc = rowline_next(l);

	if (rc <= 0)
		return rc;
	rc = rowline_pick(l, keywords, N_KEYWORDS, sizeof(keywords[0]));
	if (rc < 0)
		return -1;
	if (keywords[rc].header)
		return keywords[rc].header(r, l);
	return take_row(r, l, &keywords[rc]);
}

int classify_rules_line(
	struct classify_rules *r, struct bytes line, struct str *why)
{
	struct rowline l;
	int rc = rowline_open(&l, line, why);

	if (rc > 0)
		rc = take_line(r, &l);
	rowline_close(&l);
	return rc;
}
