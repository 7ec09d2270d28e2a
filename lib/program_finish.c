// SPDX-License-Identifier: GPL-3.0-or-later
/* What is known where an expression or a statement ends. */
#include "program_state.h"

/* Tokens of an expression that a name may stand for. */
#define EXPRESSION_MAX 32
/* Strings in it: one, and the names of encodings. */
#define STRINGS_MAX 3

static bool is_kind(const struct program_token *t, unsigned char kind)
{
	return t->kind == kind;
}

/* Where the values that end the stack begin, with commas between them. */
static size_t values(const struct program *p, size_t end)
{
	size_t i = end;

	while (i && (is_kind(&p->stack[i - 1], PROGRAM_STRING) ||
			    is_kind(&p->stack[i - 1], PROGRAM_LIST))) {
		i--;
		if (!i || !program_is(&p->stack[i - 1], ','))
			return i;
		i--;
	}
	return i < end ? i + 1 : i;
}

/* The strings from from to end as a list; lists among them are taken apart. */
static bool gather(
	struct program *p, size_t from, size_t end, struct program_token *to)
{
	for (size_t k = from; k < end; k += 2)
		if (p->stack[k].is_words)
			program_words(p, &p->stack[k]);
	*to = (struct program_token){ .kind = PROGRAM_LIST,
		.is_changed = true,
		.value = (uint32_t)p->n_items };
	for (size_t k = from; k < end; k += 2) {
		struct program_token *t = &p->stack[k];

		if (p->n_items + t->len + 1 > ITEMS_MAX)
			return false;
		if (t->kind == PROGRAM_STRING)
			p->items[p->n_items++] =
				(struct bytes_at){ t->value, t->len };
		for (uint32_t i = 0; t->kind == PROGRAM_LIST && i < t->len; i++)
			p->items[p->n_items++] = p->items[t->value + i];
	}
	to->len = (uint32_t)p->n_items - to->value;
	return to->len > 0;
}

/* Perl's join '', 'a', 'b' */
static bool join(struct program *p, size_t i)
{
	struct program_token to, all;

	if (p->n - i < 3 || !is_kind(&p->stack[i - 1], PROGRAM_NAME) ||
		!bytes_equal(
			program_source(p, &p->stack[i - 1]), BYTES("join")) ||
		!is_kind(&p->stack[i], PROGRAM_STRING))
		return false;
	return gather(p, i + 2, p->n, &all) &&
	       program_glue(p, &all, program_value(p, &p->stack[i]), &to) &&
	       program_become(p, i - 1, &to);
}

/* 'axb' -replace 'x', '' */
static bool replace(struct program *p, size_t i)
{
	struct program_token to = p->stack[i - 2];
	size_t n = (p->n - i + 1) / 2;

	to.is_changed = true;
	return n <= 2 && is_kind(&p->stack[i], PROGRAM_STRING) &&
	       program_by_pattern(p, &to, program_value(p, &p->stack[i]),
		       n == 2 ? program_value(p, &p->stack[i + 2])
			      : BYTES("")) &&
	       program_become(p, i - 2, &to);
}

/* 'a', 'b' -join '' */
static bool join_values(struct program *p, size_t i)
{
	struct program_token to, all;
	size_t from = values(p, i - 1);

	return i - from > 2 && p->n - i == 1 &&
	       is_kind(&p->stack[i], PROGRAM_STRING) &&
	       gather(p, from, i - 1, &all) &&
	       program_glue(p, &all, program_value(p, &p->stack[i]), &to) &&
	       program_become(p, from, &to);
}

bool program_finish(struct program *p)
{
	size_t i = values(p, p->n);
	struct program_token to, all;
	char op;

	if (i == p->n || !i)
		return false;
	if (join(p, i))
		return true;
	if (i < 2 || !is_kind(&p->stack[i - 2], PROGRAM_STRING) ||
		!is_kind(&p->stack[i - 1], PROGRAM_OP))
		return false;
	op = p->stack[i - 1].op;
	if (op == OP_REPLACE)
		return replace(p, i);
	if (op == OP_JOIN)
		return join_values(p, i);
	return op == OP_FORMAT && gather(p, i, p->n, &all) &&
	       program_format(p, &p->stack[i - 2], &all, &to) &&
	       program_become(p, i - 2, &to);
}

/* Whether a statement begins behind the token. */
static bool is_start(const struct program *p, const struct program_token *t)
{
	if (is_kind(t, PROGRAM_NAME))
		return invocation_is_listed(
			"my our var let const local", program_source(p, t));
	return program_is(t, ';') || program_is(t, OP_LINE) ||
	       program_is(t, '{') || !t->op;
}

/* How many tokens the expression that ends the stack has, if it is what a name
 * is given and some function makes it of one string; else 0. */
static size_t expression(const struct program *p)
{
	size_t n = 0, strings = 0, calls = 0;

	for (;; n++) {
		const struct program_token *t = program_top(p, n);

		if (n == EXPRESSION_MAX || n + 1 >= p->n)
			return 0;
		if (program_is(t, OP_ASSIGN))
			break;
		if (program_is(t, ';') || program_is(t, OP_LINE) ||
			program_is(t, '{') || program_is(t, OP_APPEND))
			return 0;
		strings +=
			is_kind(t, PROGRAM_STRING) || is_kind(t, PROGRAM_RAW);
		calls += program_is(t, '(') || program_is(t, '[');
	}
	if (!strings || strings > STRINGS_MAX || !calls ||
		!is_kind(program_top(p, n + 1), PROGRAM_NAME) ||
		!is_start(p, program_top(p, n + 2)) ||
		program_function(p, program_source(p, program_top(p, n + 1))))
		return 0;
	return n;
}

void program_keep(struct program *p)
{
	size_t n = expression(p), from = p->n - n;
	struct program_token to = { .kind = PROGRAM_RAW,
		.is_changed = true,
		.value = (uint32_t)p->arena.len };

	if (!n)
		return;
	for (size_t i = from; i < p->n; i++)
		program_token_write(p, &p->stack[i], &p->arena);
	to.len = (uint32_t)(p->arena.len - to.value);
	if (!str_ok(&p->arena))
		return;
	program_become(p, from, &to);
	program_bind(p, program_source(p, &p->stack[from - 2]), &p->stack[from],
		(uint32_t)from);
}
