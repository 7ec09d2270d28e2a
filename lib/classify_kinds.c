// SPDX-License-Identifier: GPL-3.0-or-later
/* The kinds of rows that a category or a function has. */
#include "classify_line.h"

#include <string.h>

#define NAME_LEN_MAX    64
#define OPERAND_LEN_MAX 256
/* Shorter ones are in everything. */
#define TEXT_LEN_MIN 3

static struct rows_row *add_row(struct classify_rules *r, struct rowline *l,
	enum rows_kind kind, const struct line_options *o)
{
	struct rows_row *row = ROWS_ADD(r, rows);

	if (!row) {
		rowline_full(l);
		return NULL;
	}
	*row = (struct rows_row){ .category = r->current,
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

static int add_ref(struct classify_rules *r, struct rowline *l,
	struct bytes name, enum rows_role role)
{
	struct rows_entry *e;
	struct rows_ref *ref;

	if (!is_command_name(l, name))
		return -1;
	e = rows_entry(r, name);
	ref = e ? ROWS_ADD(r, refs) : NULL;
	if (!ref)
		return rowline_full(l);
	*ref = (struct rows_ref){ r->has_rows.n - 1, e->refs, 0, role };
	e->refs = r->has_refs.n - 1;
	return 0;
}

/* The token and what bars join to it. */
static int add_names(
	struct classify_rules *r, struct rowline *l, enum rows_role role)
{
	for (;;) {
		if (add_ref(r, l, str_bytes(&l->token), role) < 0)
			return -1;
		if (!l->has_more)
			return 0;
		if (rowline_next(l) < 0)
			return -1;
	}
}

/* In which the notebook's matching looks for it, too. */
static int add_substring(
	struct classify_rules *r, struct rowline *l, struct bytes s)
{
	if (!r->categories[r->current].is_notebook)
		return 0;
	if (finder_add(r->substrings, s, ROWS_ID(r->has_rows.n - 1, 0)) < 0)
		return rowline_full(l);
	return 0;
}

/* word NAME... */
static int take_word(struct classify_rules *r, struct rowline *l,
	const struct line_options *o)
{
	int rc;

	if (!add_row(r, l, ROWS_WORD, o))
		return -1;
	while ((rc = rowline_next(l)) > 0)
		if (add_ref(r, l, str_bytes(&l->token), ROWS_IS) < 0 ||
			add_substring(r, l, str_bytes(&l->token)) < 0)
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

static int add_alternative(
	struct classify_rules *r, struct rowline *l, struct bytes s)
{
	struct rows_form *to;
	uint64_t *letters;

	if (!s.len || s.len > OPERAND_LEN_MAX) {
		str_addf(l->why, "an argument has 1 to %d characters",
			OPERAND_LEN_MAX);
		return -1;
	}
	to = ROWS_ADD(r, alternatives);
	letters = ROWS_ADD(r, letters);
	if (!to || !letters)
		return rowline_full(l);
	*to = form_of(s);
	*letters = rows_letters(to->s);
	to->s = rows_keep(r, to->s);
	return to->s.p ? 0 : rowline_full(l);
}

static int add_arg(
	struct classify_rules *r, struct rowline *l, struct rows_row *row)
{
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
		if (add_alternative(r, l, s) < 0)
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
static int take_words(struct classify_rules *r, struct rowline *l,
	const struct line_options *o)
{
	struct rows_row *row = add_row(r, l, ROWS_WORDS, o);
	int rc;

	if (!row || rowline_next(l) <= 0 || add_names(r, l, ROWS_HAS_ARGS) < 0)
		return -1;
	row->first = r->has_args.n;
	while ((rc = rowline_next(l)) > 0)
		if (add_arg(r, l, row) < 0)
			return -1;
	if (rc == 0 && !row->n) {
		str_addz(l->why, "words takes a command's name and arguments; "
				 "for names alone there is word");
		return -1;
	}
	return rc;
}

/* pipe NAME[|NAME...] NAME[|NAME...] */
static int take_pipe(struct classify_rules *r, struct rowline *l,
	const struct line_options *o)
{
	if (!add_row(r, l, ROWS_PIPE, o) || rowline_next(l) <= 0 ||
		add_names(r, l, ROWS_WRITES) < 0)
		return -1;
	if (rowline_next(l) > 0 && add_names(r, l, ROWS_READS) == 0 &&
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
static int add_text(struct classify_rules *r, struct rowline *l, uint32_t bit)
{
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
static int take_text(struct classify_rules *r, struct rowline *l,
	const struct line_options *o)
{
	int rc;

	if (!add_row(r, l, ROWS_TEXT, o))
		return -1;
	while ((rc = rowline_next(l)) > 0)
		if (add_text(r, l, 0) < 0 ||
			add_substring(r, l, str_bytes(&l->token)) < 0)
			return -1;
	return rc;
}

/* texts STRING[|STRING...] STRING[|STRING...]... */
static int take_texts(struct classify_rules *r, struct rowline *l,
	const struct line_options *o)
{
	struct rows_row *row = add_row(r, l, ROWS_TEXTS, o);
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
		if (add_text(r, l, 1u << (row->n - 1)) < 0)
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
static int take_pattern(struct classify_rules *r, struct rowline *l,
	const struct line_options *o)
{
	struct rows_pattern *p;
	struct bytes literal;

	if (!add_row(r, l, ROWS_PATTERN, o))
		return -1;
	p = ROWS_ADD(r, patterns);
	if (!p)
		return rowline_full(l);
	p->row = r->has_rows.n - 1;
	rowline_skip_blanks(l);
	p->code = pattern_new(l->rest, l->why);
	if (!p->code)
		return -1;
	literal = pattern_literal(p->code);
	r->n_others += !literal.len;
	if (literal.len && finder_add(r->find, literal,
				   ROWS_ID(r->has_patterns.n - 1, 1)) < 0)
		return rowline_full(l);
	return 0;
}

const struct line_kind line_word = { take_word, false };
const struct line_kind line_words = { take_words, true };
const struct line_kind line_pipe = { take_pipe, true };
const struct line_kind line_text = { take_text, false };
const struct line_kind line_texts = { take_texts, true };
const struct line_kind line_pattern = { take_pattern, false };
