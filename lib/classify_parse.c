// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * The language of the rows: a keyword, options, operands. An operand with a
 * blank or a bar in it stands in double quotes.
 */
#include "classify_line.h"

#include <string.h>

#include "text.h"

#define LINE_LEN_MAX    8192
#define NAME_LEN_MAX    64
#define OPERAND_LEN_MAX 256
/* Shorter ones are in everything. */
#define TEXT_LEN_MIN 3

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
static int take_flags(
	struct rowline *l, struct rowline_options *o, bool is_function)
{
	int rc;

	*o = (struct rowline_options){ .weight = -1 };
	while ((rc = rowline_next(l)) > 0) {
		rc = rowline_option(l, o);
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
static int take_header(struct rowline *l, bool is_function)
{
	struct rows_category *c;
	struct rowline_options o;
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
	name = rows_keep(l->r, name);
	if (take_flags(l, &o, is_function) < 0)
		return -1;
	c = find_category(l->r, name, is_function);
	if (!c) {
		c = ROWS_ADD(l->r, categories);
		if (!c || !name.p)
			return rowline_full(l);
		c->name = name;
		c->is_function = is_function;
	}
	l->r->current = (uint32_t)(c - l->r->categories);
	if (o.weight >= 0)
		c->weight = o.weight;
	if (o.attack.n)
		c->attack = o.attack;
	c->is_notebook |= o.is_notebook;
	c->is_off |= o.is_off;
	return 0;
}

static int take_category(struct rowline *l)
{
	return take_header(l, false);
}

static int take_function(struct rowline *l)
{
	uint32_t i;

	if (take_header(l, true) < 0)
		return -1;
	i = rows_function(l->r, l->r->categories[l->r->current].name);
	if (i == ROWS_NONE) {
		str_addf(l->why, "more than %d functions", ROWS_FUNCTIONS_MAX);
		return -1;
	}
	l->r->functions[i].category = l->r->current;
	return 0;
}

static struct rows_row *add_row(
	struct rowline *l, enum rows_kind kind, const struct rowline_options *o)
{
	struct rows_row *row = ROWS_ADD(l->r, rows);

	if (!row) {
		rowline_full(l);
		return NULL;
	}
	*row = (struct rows_row){ .category = l->r->current,
		.kind = kind,
		.weight = o->weight,
		.attack = o->attack };
	return row;
}

static bool is_command_name(struct rowline *l, struct bytes name)
{
	bool is_good = name.len && name.len <= NAME_LEN_MAX;

	for (size_t i = 0; i < name.len; i++)
		if (name.p[i] == '/' || name.p[i] == '*' ||
			rowline_is_blank(name.p[i]))
			is_good = false;
	if (!is_good)
		str_addf(l->why,
			"'%.*s' is no command's name: 1 to %d characters "
			"without /, * and blanks",
			rowline_shown(name), name.p, NAME_LEN_MAX);
	return is_good;
}

static int add_ref(struct rowline *l, struct bytes name, enum rows_role role)
{
	struct rows_entry *e;
	struct rows_ref *ref;

	if (!is_command_name(l, name))
		return -1;
	e = rows_entry(l->r, name);
	ref = e ? ROWS_ADD(l->r, refs) : NULL;
	if (!ref)
		return rowline_full(l);
	*ref = (struct rows_ref){ l->r->has_rows.n - 1, e->refs, role };
	e->refs = l->r->has_refs.n - 1;
	return 0;
}

/* The token and what bars join to it. */
static int add_names(struct rowline *l, enum rows_role role)
{
	for (;;) {
		if (add_ref(l, str_bytes(&l->token), role) < 0)
			return -1;
		if (!l->has_more)
			return 0;
		if (rowline_next(l) < 0)
			return -1;
	}
}

/* In which the notebook's matching looks for it, too. */
static int add_substring(struct rowline *l, struct bytes s)
{
	struct classify_rules *r = l->r;

	if (!r->categories[r->current].is_notebook)
		return 0;
	if (finder_add(r->substrings, s, ROWS_ID(r->has_rows.n - 1, 0)) < 0)
		return rowline_full(l);
	return 0;
}

/* word NAME... */
static int take_word(struct rowline *l, const struct rowline_options *o)
{
	int rc;

	if (!add_row(l, ROWS_WORD, o))
		return -1;
	while ((rc = rowline_next(l)) > 0)
		if (add_ref(l, str_bytes(&l->token), ROWS_IS) < 0 ||
			add_substring(l, str_bytes(&l->token)) < 0)
			return -1;
	return rc;
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static struct rows_form form_of(struct bytes s)
{
	bool is_open_front = s.p[0] == '*';
	bool is_open_end = s.len > 1 && s.p[s.len - 1] == '*';
	struct rows_form form = { .kind = ROWS_WHOLE };

	if (s.len == 2 && s.p[0] == '-' && is_letter(s.p[1])) {
		form.kind = ROWS_OPTION;
		is_open_front = true;
	} else if (is_open_front) {
		form.kind = is_open_end ? ROWS_INSIDE : ROWS_END;
	} else if (is_open_end) {
		form.kind = ROWS_START;
	}
	form.s = (struct bytes){ s.p + is_open_front,
		s.len - is_open_front - is_open_end };
	return form;
}

static int add_alternative(struct rowline *l, struct bytes s)
{
	struct classify_rules *r = l->r;
	struct rows_form *to;

	if (!s.len || s.len > OPERAND_LEN_MAX) {
		str_addf(l->why, "an argument has 1 to %d characters",
			OPERAND_LEN_MAX);
		return -1;
	}
	to = ROWS_ADD(r, alternatives);
	if (!to)
		return rowline_full(l);
	*to = form_of(s);
	to->letters = rows_letters(to->s);
	to->s = rows_keep(r, to->s);
	return to->s.p ? 0 : rowline_full(l);
}

static int add_arg(struct rowline *l, struct rows_row *row)
{
	struct classify_rules *r = l->r;
	struct bytes s = str_bytes(&l->token);
	struct rows_arg *arg = ROWS_ADD(r, args);

	if (!arg)
		return rowline_full(l);
	if (row->n++ == ROWS_ARGS_MAX) {
		str_addf(l->why, "more than %d arguments", ROWS_ARGS_MAX);
		return -1;
	}
	arg->first = r->has_alternatives.n;
	arg->is_negative = !l->is_quoted && s.len > 1 && s.p[0] == '!';
	s.p += arg->is_negative;
	s.len -= arg->is_negative;
	for (;;) {
		if (add_alternative(l, s) < 0)
			return -1;
		arg->n++;
		if (!l->has_more)
			return 0;
		if (rowline_next(l) < 0)
			return -1;
		s = str_bytes(&l->token);
	}
}

/* words NAME[|NAME...] ARG[|ARG...]... */
static int take_words(struct rowline *l, const struct rowline_options *o)
{
	struct rows_row *row = add_row(l, ROWS_WORDS, o);
	int rc;

	if (!row || rowline_next(l) <= 0 || add_names(l, ROWS_HAS_ARGS) < 0)
		return -1;
	row->first = l->r->has_args.n;
	while ((rc = rowline_next(l)) > 0)
		if (add_arg(l, row) < 0)
			return -1;
	if (rc == 0 && !row->n) {
		str_addz(l->why, "words takes a command's name and arguments; "
				 "for names alone there is word");
		return -1;
	}
	return rc;
}

/* pipe NAME[|NAME...] NAME[|NAME...] */
static int take_pipe(struct rowline *l, const struct rowline_options *o)
{
	if (!add_row(l, ROWS_PIPE, o) || rowline_next(l) <= 0 ||
		add_names(l, ROWS_WRITES) < 0)
		return -1;
	if (rowline_next(l) > 0 && add_names(l, ROWS_READS) == 0 &&
		rowline_next(l) == 0)
		return 0;
	if (!l->why->len)
		str_addz(l->why, "pipe takes two operands: who writes, and who "
				 "reads it");
	return -1;
}

/* The first of the texts that are this string, ROWS_NONE if it is new. */
static uint32_t find_text(const struct classify_rules *r, struct bytes s)
{
	for (uint32_t i = 0; i < r->has_texts.n; i++)
		if (bytes_equal(r->texts[i].s, s))
			return i;
	return ROWS_NONE;
}

/* The token as a string to be found, for the last row. */
static int add_text(struct rowline *l, uint32_t bit)
{
	struct classify_rules *r = l->r;
	struct bytes s = str_bytes(&l->token);
	uint32_t first = find_text(r, s);
	struct rows_text *to;

	if (s.len < TEXT_LEN_MIN || s.len > OPERAND_LEN_MAX) {
		str_addf(l->why, "'%.*s': a text has %d to %d characters",
			rowline_shown(s), s.p, TEXT_LEN_MIN, OPERAND_LEN_MAX);
		return -1;
	}
	to = ROWS_ADD(r, texts);
	if (!to)
		return rowline_full(l);
	*to = (struct rows_text){ rows_keep(r, s), r->has_rows.n - 1, bit,
		ROWS_NONE };
	if (!to->s.p)
		return rowline_full(l);
	if (first != ROWS_NONE) {
		to->same = r->texts[first].same;
		r->texts[first].same = r->has_texts.n - 1;
		return 0;
	}
	if (finder_add(r->find, s, ROWS_ID(r->has_texts.n - 1, 0)) < 0)
		return rowline_full(l);
	return 0;
}

/* text STRING... */
static int take_text(struct rowline *l, const struct rowline_options *o)
{
	int rc;

	if (!add_row(l, ROWS_TEXT, o))
		return -1;
	while ((rc = rowline_next(l)) > 0)
		if (add_text(l, 0) < 0 ||
			add_substring(l, str_bytes(&l->token)) < 0)
			return -1;
	return rc;
}

/* texts STRING[|STRING...] STRING[|STRING...]... */
static int take_texts(struct rowline *l, const struct rowline_options *o)
{
	struct rows_row *row = add_row(l, ROWS_TEXTS, o);
	bool is_same = false;
	int rc;

	if (!row)
		return -1;
	while ((rc = rowline_next(l)) > 0) {
		row->n += !is_same;
		if (row->n > ROWS_ARGS_MAX) {
			str_addf(
				l->why, "more than %d operands", ROWS_ARGS_MAX);
			return -1;
		}
		if (add_text(l, 1u << (row->n - 1)) < 0)
			return -1;
		is_same = l->has_more;
	}
	if (rc == 0 && row->n < 2) {
		str_addz(l->why, "texts takes two operands or more; for one "
				 "there is text");
		return -1;
	}
	return rc;
}

/* pattern REGEX: all that is left of the line */
static int take_pattern(struct rowline *l, const struct rowline_options *o)
{
	struct classify_rules *r = l->r;
	struct rows_pattern *p;
	struct bytes literal;

	if (!add_row(l, ROWS_PATTERN, o))
		return -1;
	p = ROWS_ADD(r, patterns);
	if (!p)
		return rowline_full(l);
	p->row = r->has_rows.n - 1;
	rowline_skip_blanks(l);
	p->code = classify_pattern_new(l->rest, l->why);
	if (!p->code)
		return -1;
	literal = classify_pattern_literal(p->code);
	r->n_others += !literal.len;
	if (literal.len && finder_add(r->find, literal,
				   ROWS_ID(r->has_patterns.n - 1, 1)) < 0)
		return rowline_full(l);
	return 0;
}

static const struct keyword {
	const char *name;
	int (*header)(struct rowline *l);
	int (*row)(struct rowline *l, const struct rowline_options *o);
	bool is_split;
} keywords[] = {
	{ "category", take_category, NULL, false },
	{ "function", take_function, NULL, false },
	{ "word", NULL, take_word, false },
	{ "words", NULL, take_words, true },
	{ "pipe", NULL, take_pipe, true },
	{ "text", NULL, take_text, false },
	{ "texts", NULL, take_texts, true },
	{ "pattern", NULL, take_pattern, false },
};

#define N_KEYWORDS (sizeof(keywords) / sizeof(keywords[0]))

static int take_row(struct rowline *l, const struct keyword *k)
{
	struct rowline_options o;
	int rc;

	if (l->r->current == ROWS_NONE) {
		str_addf(l->why, "%s before any category", k->name);
		return -1;
	}
	l->is_split = k->is_split;
	rc = rowline_options(l, &o);
	if (rc == 0)
		str_addf(l->why, "%s what?", k->name);
	if (rc > 0 && o.weight >= 0 &&
		l->r->categories[l->r->current].is_function) {
		str_addz(l->why, "a function's row has no weight");
		return -1;
	}
	return rc > 0 ? k->row(l, &o) : -1;
}

static int take_line(struct rowline *l)
{
	int rc = rowline_next(l);
	const char *word = str_z(&l->token);

	if (rc <= 0)
		return rc;
	for (size_t i = 0; i < N_KEYWORDS; i++) {
		const struct keyword *k = &keywords[i];

		if (strcmp(k->name, word))
			continue;
		return k->header ? k->header(l) : take_row(l, k);
	}
	str_addf(l->why, "no '%.64s'; there are: ", word);
	for (size_t i = 0; i < N_KEYWORDS; i++)
		str_addf(l->why, "%s%s", i ? ", " : "", keywords[i].name);
	return -1;
}

int classify_rules_line(
	struct classify_rules *r, struct bytes line, struct str *why)
{
	struct rowline l = { .r = r, .rest = line, .why = why };
	int rc;

	while (l.rest.len && (rowline_is_blank(l.rest.p[l.rest.len - 1]) ||
				     l.rest.p[l.rest.len - 1] == '\r'))
		l.rest.len--;
	rowline_skip_blanks(&l);
	if (!l.rest.len || l.rest.p[0] == '#')
		return 0;
	if (l.rest.len > LINE_LEN_MAX) {
		str_addf(why, "a line of more than %d bytes", LINE_LEN_MAX);
		return -1;
	}
	if (text_readable(l.rest.p, l.rest.len) != l.rest.len) {
		str_addz(why, "not UTF-8, or with control characters");
		return -1;
	}
	str_init(&l.token, LINE_LEN_MAX);
	rc = take_line(&l);
	str_fini(&l.token);
	return rc;
}
