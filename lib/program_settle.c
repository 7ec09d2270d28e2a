// SPDX-License-Identifier: GPL-3.0-or-later
/* What the tokens on top of the stack come to: strings that are joined, and
 * what names are given. */
#include "program_state.h"

#include <ctype.h>

static bool is_text(const struct program_token *t)
{
	return t->kind == PROGRAM_STRING || t->kind == PROGRAM_CHAR;
}

static bool is_value(const struct program_token *t)
{
	return t->kind == PROGRAM_STRING || t->kind == PROGRAM_LIST ||
	       t->kind == PROGRAM_MAP || t->kind == PROGRAM_NUMBERS ||
	       t->kind == PROGRAM_NUMBER;
}

bool program_has_dots(const struct program *p)
{
	return p->language == INVOCATION_PERL || p->language == INVOCATION_PHP;
}

/* Whether what stands behind the token binds it tighter than a + does. */
bool program_is_postfix(const struct program *p)
{
	size_t i = program_skip(p, p->pos);
	char c = i < p->stop ? p->src.p[i] : '\0';
	char d = i + 1 < p->stop ? p->src.p[i + 1] : '\0';

	if (c == '\n' && p->language == INVOCATION_NODE) {
		while (i < p->stop && isspace((unsigned char)p->src.p[i]))
			i++;
		c = i < p->stop ? p->src.p[i] : '\0';
		d = i + 1 < p->stop ? p->src.p[i + 1] : '\0';
	}
	if (c == '.' && !program_has_dots(p))
		return isalpha((unsigned char)d) != 0;
	if (c == ':' && isalpha((unsigned char)d))
		return p->language == INVOCATION_LUA;
	if (c == '-' && d == '>')
		return true;
	if (c == 'x' && p->language == INVOCATION_PERL)
		return !isalpha((unsigned char)d);
	return c == '[' || c == '*' || (c == '%' && !program_has_dots(p));
}

/* What ends an expression, so that it can be what a name is given. */
static bool is_end(const struct program *p)
{
	size_t i = program_skip(p, p->pos);
	char c = i < p->stop ? p->src.p[i] : '\0';

	switch (c) {
	case '+':
	case '.':
	case '%':
	case '*':
	case 'x':
	case '^':
	case '[':
	case '-':
	case '&':
	case '|':
	case '?':
	case '<':
		return false;
	}
	return true;
}

bool program_is_concat(const struct program *p, const struct program_token *t)
{
	if (t->kind != PROGRAM_OP)
		return false;
	return t->op == '+' || t->op == OP_CONCAT ||
	       (t->op == '.' && p->language != INVOCATION_PYTHON &&
		       p->language != INVOCATION_NODE);
}

/* 'a' 'b' are one string. */
static bool is_adjacent(const struct program *p)
{
	return p->language == INVOCATION_PYTHON ||
	       p->language == INVOCATION_RUBY || p->language == INVOCATION_AWK;
}

/* A name as PHP takes it for the string it is spelt as. */
static bool is_bareword(const struct program *p, const struct program_token *t)
{
	return p->language == INVOCATION_PHP && t->kind == PROGRAM_NAME &&
	       p->src.p[t->at] != '$' && t->end > t->at;
}

/* Whether the token on top is given arguments. */
static bool is_callee(const struct program *p)
{
	size_t i = program_skip(p, p->pos);

	return i < p->stop && p->src.p[i] == '(';
}

static void to_string(struct program *p, struct program_token *t)
{
	struct bytes source = program_source(p, t);

	t->kind = PROGRAM_STRING;
	t->value = (uint32_t)p->arena.len;
	t->len = (uint32_t)source.len;
	str_addb(&p->arena, source);
}

/* Joins a and b, on top of the stack with an operator between them or not. */
static bool join_two(struct program *p)
{
	struct program_token a, b = *program_top(p, 0), to;
	bool has_op = program_is_concat(p, program_top(p, 1));

	if (!has_op && !(is_adjacent(p) && b.kind == PROGRAM_STRING))
		return false;
	a = *program_top(p, has_op ? 2 : 1);
	if (has_op && is_bareword(p, &a) && b.kind == PROGRAM_CHAR)
		to_string(p, &a);
	else if (has_op && is_bareword(p, &b) && is_text(&a) && !is_callee(p))
		to_string(p, &b);
	if (!is_text(&a) || !is_text(&b) ||
		(a.kind == PROGRAM_CHAR && b.kind == PROGRAM_CHAR) ||
		(!has_op && a.kind != PROGRAM_STRING))
		return false;
	if (!program_merge(p, &a, &b, &to))
		return false;
	program_become(p, p->n - (has_op ? 3 : 2), &to);
	return true;
}

/* '%s%s' % ('a', 'b'), ('a', 'b') -join '' */
static bool join_op(struct program *p)
{
	struct program_token to;
	const struct program_token *a = program_top(p, 2),
				   *b = program_top(p, 0);

	if (program_is(program_top(p, 1), '%') && a->kind == PROGRAM_STRING &&
		(b->kind == PROGRAM_STRING || b->kind == PROGRAM_LIST) &&
		program_format(p, a, b, &to)) {
		program_become(p, p->n - 3, &to);
		return true;
	}
	if (program_is(program_top(p, 1), OP_JOIN) && a->kind == PROGRAM_LIST &&
		b->kind == PROGRAM_STRING &&
		program_glue(p, a, program_value(p, b), &to)) {
		program_become(p, p->n - 3, &to);
		return true;
	}
	if (program_is(program_top(p, 1), OP_JOIN) && !is_value(a) &&
		b->kind == PROGRAM_LIST && program_glue(p, b, BYTES(""), &to)) {
		program_become(p, p->n - 2, &to);
		return true;
	}
	return false;
}

/* Perl's $_ is what its operators are about, and means another thing in the
 * next statement. */
static bool is_name(const struct program *p, const struct program_token *t)
{
	return t->kind == PROGRAM_NAME &&
	       !bytes_equal(program_source(p, t), BYTES("$_"));
}

/* a, b = 'x', 'y' and my ($a, $b) = ('x', 'y') */
static void assign_many(struct program *p)
{
	size_t n = 1, names;

	while (n < 4 && program_is(program_top(p, 2 * n - 1), ',') &&
		program_top(p, 2 * n)->kind == PROGRAM_STRING)
		n++;
	if (n < 2 || !program_is(program_top(p, 2 * n - 1), OP_ASSIGN))
		return;
	names = 2 * n;
	for (size_t i = 0; i < n; i++)
		if (!is_name(p, program_top(p, names + 2 * i)) ||
			(i && !program_is(
				      program_top(p, names + 2 * i - 1), ',')))
			return;
	for (size_t i = 0; i < n; i++)
		program_bind(p,
			program_source(p, program_top(p, names + 2 * i)),
			program_top(p, 2 * i), (uint32_t)(p->n - 1 - 2 * i));
}

/* my ($a, $b) = ('x', 'y') */
static void assign_list(struct program *p)
{
	const struct program_token list = *program_top(p, 0);
	size_t n = list.len;

	if (list.kind != PROGRAM_LIST || p->n < 2 * n + 3 ||
		!program_is(program_top(p, 2 * n + 2), '('))
		return;
	for (size_t i = 0; i < n; i++) {
		const struct program_token *name =
			program_top(p, 2 * (n - i) + 1);
		struct bytes_at item = p->items[list.value + i];
		struct program_token value = { .kind = PROGRAM_STRING,
			.value = item.at,
			.len = item.len };

		if (!is_name(p, name))
			return;
		program_bind(p, program_source(p, name), &value,
			(uint32_t)(p->n - 1));
	}
}

/* $a .= 'x': the whole of it moves here. */
static void append(struct program *p)
{
	struct program_var *v =
		program_find(p, program_source(p, program_top(p, 2)));
	struct program_token to, value = *program_top(p, 0);

	if (!v) {
		/* Nobody gave it a value: the first piece is the first. */
		program_bind(p, program_source(p, program_top(p, 2)), &value,
			(uint32_t)(p->n - 1));
		return;
	}
	if (v->value.kind != value.kind ||
		(value.kind == PROGRAM_LIST
				? !program_extend(p, &v->value, &value, &to)
				: value.kind != PROGRAM_STRING ||
					  !program_merge(
						  p, &v->value, &value, &to)))
		return;
	if (v->def < p->n)
		p->stack[v->def].is_moved = true;
	program_become(p, p->n - 1, &to);
	v->value = *program_top(p, 0);
	v->def = (uint32_t)(p->n - 1);
}

static void assign(struct program *p)
{
	const struct program_token *name = program_top(p, 2),
				   *before = program_top(p, 3);

	if (!is_name(p, name) && program_is(program_top(p, 1), ',')) {
		assign_many(p);
		return;
	}
	if (program_is(name, ')') && program_is(program_top(p, 1), OP_ASSIGN)) {
		assign_list(p);
		return;
	}
	if (!is_name(p, name) || program_is(before, '.') ||
		program_is(before, OP_ARROW))
		return;
	/* An argument's name: f(key='x') */
	if (p->n_opens && p->n_opens <= OPENS_MAX &&
		p->stack[p->opens[p->n_opens - 1]].is_called &&
		p->stack[p->opens[p->n_opens - 1]].op == '(')
		return;
	if (program_is(program_top(p, 1), OP_APPEND)) {
		append(p);
		return;
	}
	if (program_is(program_top(p, 1), ',') &&
		program_top(p, 0)->kind == PROGRAM_STRING)
		assign_many(p);
	if (program_is(program_top(p, 1), OP_ASSIGN) &&
		!(program_is(before, ',') && is_name(p, program_top(p, 4)) &&
			!program_is(program_top(p, 5), OP_ASSIGN)))
		program_bind(p, program_source(p, name), program_top(p, 0),
			(uint32_t)(p->n - 1));
}

/* The token on top is a value: joins it to what is before it. */
void program_settle(struct program *p)
{
	bool is_again = true;

	if (program_top(p, 0)->kind == PROGRAM_NAME && !is_callee(p))
		program_bare(p);

	while (is_again) {
		if (program_is_postfix(p))
			return;
		is_again = join_two(p) || join_op(p);
	}
	if (is_value(program_top(p, 0)) && is_end(p))
		assign(p);
}
