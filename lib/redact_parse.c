// SPDX-License-Identifier: GPL-3.0-or-later
#include <string.h>

#include "redact_rows.h"
#include "rowline.h"

#define NAME_LEN_MAX 64
/* Of a pattern's plain string: shorter ones are in everything. */
#define LITERAL_MIN 3

/* Names go into lines as they are. */
static int check_name(struct rowline *l, struct bytes name)
{
	bool is_good = name.len && name.len <= NAME_LEN_MAX;

	for (size_t i = 0; i < name.len; i++)
		if (!strchr("abcdefghijklmnopqrstuvwxyz0123456789-_.",
			    name.p[i]))
			is_good = false;
	if (is_good)
		return 0;
	str_addf(l->why,
		"'%.*s': a name has 1 to %d small letters, digits, and - _ .",
		rowline_shown(name), name.p, NAME_LEN_MAX);
	return -1;
}

/* The one token that is left. */
static int take_name(struct rowline *l)
{
	int rc = rowline_next(l);

	if (rc <= 0 || check_name(l, str_bytes(&l->token)) < 0) {
		if (rc == 0)
			str_addz(l->why, "a name has to follow");
		return -1;
	}
	return 0;
}

static int end(struct rowline *l)
{
	int rc = rowline_next(l);

	if (rc > 0)
		str_addf(l->why, "'%.64s' is too much", str_z(&l->token));
	return rc == 0 ? 0 : -1;
}

/* set NAME */
static int take_set(struct redact_rules *r, struct rowline *l)
{
	if (take_name(l) < 0)
		return -1;
	r->set = redact_set(r, str_bytes(&l->token));
	r->rule = SIZE_MAX;
	return r->set == SIZE_MAX ? rowline_full(l) : end(l);
}

static int require(struct redact_rules *r, struct rowline *l, struct bytes name)
{
	size_t set;

	if (check_name(l, name) < 0)
		return -1;
	set = redact_set(r, name);
	if (set == SIZE_MAX)
		return rowline_full(l);
	r->sets[set].is_required = true;
	return 0;
}

/* require NAME... */
static int take_require(struct redact_rules *r, struct rowline *l)
{
	int rc;

	while ((rc = rowline_next(l)) > 0)
		if (require(r, l, str_bytes(&l->token)) < 0)
			return -1;
	return rc;
}

int redact_rules_require(
	struct redact_rules *r, struct bytes sets, struct str *why)
{
	struct rowline l = { .why = why };

	while (sets.len) {
		const char *comma = memchr(sets.p, ',', sets.len);
		struct bytes name = { sets.p,
			comma ? (size_t)(comma - sets.p) : sets.len };

		if (require(r, &l, name) < 0)
			return -1;
		sets.p += name.len + (comma ? 1 : 0);
		sets.len -= name.len + (comma ? 1 : 0);
	}
	return 0;
}

/* rule NAME */
static int take_rule(struct redact_rules *r, struct rowline *l)
{
	size_t i = 0;

	if (r->set == SIZE_MAX) {
		str_addz(l->why, "rule before any set");
		return -1;
	}
	if (take_name(l) < 0)
		return -1;
	while (i < r->n_rules &&
		!bytes_equal(r->rules[i], str_bytes(&l->token)))
		i++;
	if (i < REDACT_OWN) {
		str_addf(l->why, "'%s' is the name of a rule without rows",
			str_z(&l->token));
		return -1;
	}
	if (i == REDACT_RULES_MAX)
		return rowline_full(l);
	if (i == r->n_rules) {
		r->rules[i] = redact_keep(r, str_bytes(&l->token));
		if (!r->rules[i].p)
			return rowline_full(l);
		r->n_rules++;
	}
	r->rule = i;
	return end(l);
}

static int add_word(
	struct redact_rules *r, struct rowline *l, struct bytes s, bool is_open)
{
	struct redact_word *to = &r->words[r->n_words];

	if (!s.len || s.len > REDACT_WORD_MAX) {
		str_addf(l->why, "'%.*s': a word has 1 to %d characters",
			rowline_shown(s), s.p, REDACT_WORD_MAX);
		return -1;
	}
	if (r->n_words == REDACT_WORDS_MAX)
		return rowline_full(l);
	to->s = redact_keep(r, s);
	to->is_open = is_open;
	r->n_words++;
	return to->s.p ? 0 : rowline_full(l);
}

static struct redact_range words_from(
	const struct redact_rules *r, size_t first)
{
	return (struct redact_range){ (uint16_t)first,
		(uint16_t)(r->n_words - first) };
}

/* with=WORD,WORD */
static int take_with(struct redact_rules *r, struct rowline *l,
	struct redact_row *row, struct bytes list)
{
	size_t first = r->n_words;

	do {
		const char *comma =
			list.len ? memchr(list.p, ',', list.len) : NULL;
		struct bytes one = { list.p,
			comma ? (size_t)(comma - list.p) : list.len };

		if (add_word(r, l, one, false) < 0)
			return -1;
		list.p += one.len + (comma ? 1 : 0);
		list.len -= one.len + (comma ? 1 : 0);
	} while (list.len);
	row->with = words_from(r, first);
	return 0;
}

/* Options of a row, then its first operand is the token. 0: there is none. */
static int take_options(
	struct redact_rules *r, struct rowline *l, struct redact_row *row)
{
	struct bytes value;
	int rc;

	while ((rc = rowline_next(l)) > 0) {
		if (rowline_has_value(l, "with", &value)) {
			if (take_with(r, l, row, value) < 0)
				return -1;
		} else if (rowline_has_value(l, "after", &value)) {
			row->after = redact_keep(r, value);
			if (!row->after.p)
				return rowline_full(l);
		} else {
			return 1;
		}
	}
	return rc;
}

/* COMMAND[|COMMAND...], of which the first is the token */
static int take_commands(
	struct redact_rules *r, struct rowline *l, struct redact_row *row)
{
	size_t first = r->n_words;

	for (;;) {
		struct bytes name = str_bytes(&l->token);

		if (memchr(name.p, '/', name.len)) {
			str_addf(l->why, "'%.64s': a command without its path",
				name.p);
			return -1;
		}
		row->is_any |= bytes_equal(name, BYTES("*"));
		if (add_word(r, l, name, false) < 0)
			return -1;
		if (!l->has_more)
			break;
		if (rowline_next(l) < 0)
			return -1;
	}
	row->commands = words_from(r, first);
	return 0;
}

/* FORM...: -p, -p*, --pass=*; or *NAME... Where the star may be. */
static int take_forms(struct redact_rules *r, struct rowline *l,
	struct redact_row *row, bool is_before)
{
	size_t first = r->n_words;
	int rc;

	while ((rc = rowline_next(l)) > 0) {
		struct bytes s = str_bytes(&l->token);
		bool is_open = !l->is_quoted && s.len > 1 &&
			       s.p[is_before ? 0 : s.len - 1] == '*';

		s.p += is_open && is_before;
		s.len -= is_open;
		if (add_word(r, l, s, is_open) < 0)
			return -1;
	}
	row->forms = words_from(r, first);
	for (size_t i = first; i < r->n_words; i++)
		row->is_last |= bytes_equal(r->words[i].s, BYTES("$"));
	if (rc == 0 && !row->forms.n) {
		str_addz(l->why, "operands have to follow");
		return -1;
	}
	return rc;
}

static int take_command_row(
	struct redact_rules *r, struct rowline *l, struct redact_row *row)
{
	int rc = take_options(r, l, row);

	if (rc == 0)
		str_addz(l->why, "a command's name has to follow");
	if (rc <= 0 || take_commands(r, l, row) < 0)
		return -1;
	if (row->kind != REDACT_INPUT)
		return take_forms(r, l, row, false);
	if (!row->is_any)
		return end(l);
	str_addz(l->why, "input takes the names of commands, not *");
	return -1;
}

static int take_names(
	struct redact_rules *r, struct rowline *l, struct redact_row *row)
{
	return take_forms(r, l, row, true);
}

/* pattern REGEX: all that is left of the line */
static int take_pattern(
	struct redact_rules *r, struct rowline *l, struct redact_row *row)
{
	(void)r;
	rowline_skip_blanks(l);
	row->pattern = pattern_new(l->rest, l->why);
	if (!row->pattern)
		return -1;
	if (pattern_literal(row->pattern).len >= LITERAL_MIN)
		return 0;
	str_addf(l->why, "no plain string of %d characters is in every match",
		LITERAL_MIN);
	return -1;
}

static const struct keyword {
	const char *name;
	int (*header)(struct redact_rules *r, struct rowline *l);
	int (*row)(struct redact_rules *r, struct rowline *l,
		struct redact_row *row);
	enum redact_kind kind;
} keywords[] = {
	{ "set", take_set, NULL, 0 },
	{ "require", take_require, NULL, 0 },
	{ "rule", take_rule, NULL, 0 },
	{ "option", NULL, take_command_row, REDACT_OPTION },
	{ "plain", NULL, take_command_row, REDACT_PLAIN },
	{ "input", NULL, take_command_row, REDACT_INPUT },
	{ "name", NULL, take_names, REDACT_NAME },
	{ "query", NULL, take_names, REDACT_QUERY },
	{ "userinfo", NULL, take_names, REDACT_USERINFO },
	{ "pattern", NULL, take_pattern, REDACT_PATTERN },
};

#define N_KEYWORDS (sizeof(keywords) / sizeof(keywords[0]))

static int take_row(
	struct redact_rules *r, struct rowline *l, const struct keyword *k)
{
	struct redact_row *row = &r->rows[r->n_rows];

	if (r->rule == SIZE_MAX) {
		str_addf(l->why, "%s before any rule", k->name);
		return -1;
	}
	if (r->n_rows == REDACT_ROWS_MAX)
		return rowline_full(l);
	r->n_rows++;
	row->kind = k->kind;
	row->rule = (uint16_t)r->rule;
	l->is_split = k->row == take_command_row;
	if (k->row(r, l, row) < 0)
		return -1;
	r->sets[r->set].rows++;
	return 0;
}

static int take_line(struct redact_rules *r, struct rowline *l)
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

int redact_rules_line(
	struct redact_rules *r, struct bytes line, struct str *why)
{
	struct rowline l;
	int rc = rowline_open(&l, line, why);

	if (rc > 0)
		rc = take_line(r, &l);
	rowline_close(&l);
	return rc;
}
