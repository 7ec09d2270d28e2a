// SPDX-License-Identifier: GPL-3.0-or-later
/* What a closing bracket ends: a list, a call, a place in a string. */
#include "program_state.h"

#include <ctype.h>
#include <limits.h>

bool program_become(struct program *p, size_t from, struct program_token *t)
{
	t->gap = p->stack[from].gap;
	t->at = p->stack[from].at;
	t->end = p->stack[p->n - 1].end;
	t->is_moved = false;
	p->n = from;
	p->stack[p->n++] = *t;
	return true;
}

/* Its elements, if there is nothing but strings with commas between them. */
bool program_list(struct program *p, size_t open, struct program_token *to)
{
	size_t n = p->n_items;

	*to = (struct program_token){ .kind = PROGRAM_LIST,
		.value = (uint32_t)n };
	for (size_t i = open + 1; i + 1 < p->n; i++) {
		const struct program_token *t = &p->stack[i];

		if (program_is(t, OP_LINE) || program_is(t, ','))
			continue;
		if (t->kind != PROGRAM_STRING || n == ITEMS_MAX)
			return false;
		p->items[n++] = (struct bytes_at){ t->value, t->len };
		to->is_changed |= t->is_changed;
	}
	to->len = (uint32_t)(n - p->n_items);
	p->n_items = n;
	return to->len > 0;
}

/* {'a': 'x', b: 'y'}, ['a' => 'x'] */
static bool map(struct program *p, size_t open, struct program_token *to)
{
	size_t n = p->n_items;

	*to = (struct program_token){ .kind = PROGRAM_MAP,
		.value = (uint32_t)n };
	for (size_t i = open + 1; i + 3 < p->n; i += 4) {
		const struct program_token *t = &p->stack[i];
		bool is_name = t->kind == PROGRAM_NAME;
		struct bytes name = program_source(p, t);
		bool is_good = (program_is(t + 1, ':') ||
				       program_is(t + 1, OP_ARROW)) &&
			       (is_name || t->kind == PROGRAM_STRING) &&
			       t[2].kind == PROGRAM_STRING &&
			       n + 2 <= ITEMS_MAX &&
			       (program_is(t + 3, ',') || i + 4 == p->n);

		if (!is_good)
			return false;
		p->items[n++] =
			is_name ? (struct bytes_at){ (uint32_t)p->arena.len,
				(uint32_t)name.len }
				: (struct bytes_at){ t->value, t->len };
		if (is_name)
			str_addb(&p->arena, name);
		p->items[n++] = (struct bytes_at){ t[2].value, t[2].len };
		to->is_changed |= t[2].is_changed;
	}
	to->len = (uint32_t)(n - p->n_items);
	p->n_items = n;
	return to->len > 0;
}

static bool has_numbers(const struct program *p, size_t open)
{
	for (size_t i = open + 1; i + 1 < p->n; i++)
		if (p->stack[i].kind != PROGRAM_NUMBER &&
			!program_is(&p->stack[i], ',') &&
			!program_is(&p->stack[i], OP_LINE))
			return false;
	return p->n - open > 3;
}

static bool is_keyword(struct bytes name)
{
	return invocation_is_listed(
		"return in and or not if while yield await", name);
}

/* ('a' + 'b'), (f), ('a', 'b') */
static bool group(struct program *p, size_t open)
{
	struct program_token t = p->stack[open + 1];

	if (p->n - open == 3 &&
		(t.kind == PROGRAM_STRING || t.kind == PROGRAM_LIST ||
			t.kind == PROGRAM_NAME || t.kind == PROGRAM_NUMBERS)) {
		bool is_name = t.kind == PROGRAM_NAME;
		uint32_t at = t.at, end = t.end;

		if (is_name && !(p->pos < p->stop && p->src.p[p->pos] == '('))
			return false;
		program_become(p, open, &t);
		if (is_name || t.kind == PROGRAM_NUMBERS) {
			p->stack[open].gap = p->stack[open].at = at;
			p->stack[open].end = end;
		}
		p->stack[open].is_changed |= !is_name;
		return true;
	}
	return p->n - open > 4 && program_is(&p->stack[open + 2], ',') &&
	       program_list(p, open, &t) && program_become(p, open, &t);
}

/* -1: it is no number; *i is behind it. */
static long number(const struct program *p, size_t *i)
{
	bool is_minus = *i + 1 < p->n && program_is(&p->stack[*i], '-');
	size_t j = *i + is_minus;

	if (j >= p->n || p->stack[j].kind != PROGRAM_NUMBER)
		return LONG_MAX;
	*i = j + 1;
	return is_minus ? -(long)p->stack[j].value : (long)p->stack[j].value;
}

/* 'abc'[1:], 'abc'[::2], of which [::-1] is none; PowerShell's [-1..-9]. */
static bool slice(struct program *p, size_t open)
{
	struct program_token t = p->stack[open - 1];
	size_t i = open + 1;
	long from = number(p, &i), to, step = 1;
	long len = (long)t.len;

	if (program_is(&p->stack[i], OP_CONCAT) && from == -1) {
		struct program_token raw = { .kind = PROGRAM_RAW,
			.is_changed = true,
			.value = (uint32_t)p->arena.len,
			.len = 6 };

		str_addz(&p->arena, "[::-1]");
		return program_become(p, open, &raw);
	}
	if (program_is(&p->stack[i], OP_ARROW)) {
		i++;
		to = LONG_MAX;
		step = number(p, &i);
	} else if (program_is(&p->stack[i], ':')) {
		i++;
		to = number(p, &i);
		if (program_is(&p->stack[i], ':') && i++)
			step = number(p, &i);
	} else {
		return false;
	}
	if (i + 1 != p->n || step < 1 || step == LONG_MAX)
		return false;
	from = from == LONG_MAX ? 0 : (long)program_place(from, len);
	to = to == LONG_MAX ? len : (long)program_place(to, len);
	t.is_changed = true;
	t.value += (uint32_t)from;
	t.len = to > from ? (uint32_t)(to - from) : 0;
	if (step > 1) {
		size_t at = p->arena.len;

		for (size_t k = 0; k < t.len; k += (size_t)step)
			str_addc(&p->arena, p->arena.p[t.value + k]);
		t.value = (uint32_t)at;
		t.len = (uint32_t)(p->arena.len - at);
	}
	return program_become(p, open - 1, &t);
}

/* d['a'] */
static bool element(struct program *p, size_t open)
{
	const struct program_token *m = &p->stack[open - 1];
	const struct program_token *key = &p->stack[open + 1];

	if (p->n - open != 3 || key->kind != PROGRAM_STRING)
		return false;
	for (uint32_t i = 0; i + 1 < m->len; i += 2) {
		const struct bytes_at *item = &p->items[m->value + i];
		struct bytes name = { p->arena.p + item->at, item->len };
		struct program_token t = { .kind = PROGRAM_STRING,
			.is_changed = true,
			.value = item[1].at,
			.len = item[1].len };

		if (bytes_equal(name, program_value(p, key)))
			return program_become(p, open - 1, &t);
	}
	return false;
}

static bool brackets(struct program *p, size_t open)
{
	const struct program_token *before = open ? &p->stack[open - 1] : NULL;
	struct program_token t;

	if (before && before->is_words)
		program_words(p, &p->stack[open - 1]);
	if (before && before->kind == PROGRAM_STRING)
		return slice(p, open);
	if (before && before->kind == PROGRAM_LIST && p->n - open == 3 &&
		p->stack[open + 1].kind == PROGRAM_NUMBER &&
		p->stack[open + 1].value < before->len) {
		struct bytes_at item =
			p->items[before->value + p->stack[open + 1].value];

		t = (struct program_token){ .kind = PROGRAM_STRING,
			.is_changed = true,
			.value = item.at,
			.len = item.len };
		return program_become(p, open - 1, &t);
	}
	if (before && before->kind == PROGRAM_MAP)
		return element(p, open);
	if (p->stack[open].is_called)
		return false;
	if (program_list(p, open, &t) || p->n - open == 2 || map(p, open, &t))
		return program_become(p, open, &t);
	if (!has_numbers(p, open))
		return false;
	t = (struct program_token){ .kind = PROGRAM_NUMBERS };
	return program_become(p, open, &t);
}

void program_words(struct program *p, struct program_token *t)
{
	struct program_token to = { .kind = PROGRAM_LIST,
		.is_changed = true,
		.value = (uint32_t)p->n_items };
	struct bytes s = program_value(p, t);

	for (size_t i = 0; i < s.len && p->n_items < ITEMS_MAX;) {
		size_t from = i;

		while (i < s.len && !isspace((unsigned char)s.p[i]))
			i++;
		if (i > from) {
			p->items[p->n_items++] =
				(struct bytes_at){ t->value + (uint32_t)from,
					(uint32_t)(i - from) };
			to.len++;
		}
		i++;
	}
	to.gap = t->gap;
	to.at = t->at;
	to.end = t->end;
	*t = to;
}

/* The arguments, each of which must be one token. */
static bool arguments(struct program *p, struct program_args *c)
{
	bool is_next = true;

	for (size_t i = c->open + 1; i + 1 < p->n; i++) {
		const struct program_token *t = &p->stack[i];

		if (program_is(t, OP_LINE))
			continue;
		if (program_is(t, ',') && !is_next) {
			is_next = true;
			continue;
		}
		if (!is_next || c->n == ARGS_MAX)
			return false;
		c->args[c->n] = *t;
		if (t->is_words)
			program_words(p, &c->args[c->n]);
		c->n++;
		is_next = false;
	}
	return true;
}

/* Whether the name at i is one that a function is given there. */
static bool is_defined(const struct program *p, size_t i)
{
	struct bytes word;

	if (!i || p->stack[i - 1].kind != PROGRAM_NAME)
		return false;
	word = program_source(p, &p->stack[i - 1]);
	return invocation_is_listed("function def fn sub", word);
}

/* Puts a function's expression where it is called. */
static void inline_call(struct program *p, const struct program_args *c)
{
	const struct program_function *f = program_function(p, c->name);
	struct program_token bracket = { .kind = PROGRAM_OP, .op = '(' };
	int n_vars = p->n_vars;

	if (!f || c->self || is_defined(p, c->from) || f->n_params != c->n ||
		!c->n || p->nested == NESTED_MAX || p->calls == CALLS_MAX)
		return;
	for (size_t i = 0; i < c->n; i++)
		if (c->args[i].kind == PROGRAM_OP)
			return;
	p->calls++;
	p->nested++;
	p->is_changed = true;
	bracket.gap = bracket.at = bracket.end = p->stack[c->from].at;
	bracket.is_changed = true;
	bracket.value = (uint32_t)p->arena.len;
	bracket.len = 1;
	str_addz(&p->arena, "()");
	p->n = c->from;
	for (size_t i = 0; i < c->n; i++)
		program_param(p, f->params[i], &c->args[i]);
	program_push(p, &bracket);
	program_run(p, f->at, f->end);
	bracket.op = ')';
	bracket.value++;
	program_push(p, &bracket);
	program_unbind(p, n_vars);
	p->nested--;
}

/* A copy: what is in the arena may move. Longer than NAME_MAX_LEN, it is none
 * that is known. */
static void set_name(const struct program *p, size_t i, struct program_args *c)
{
	const struct program_token *t = &p->stack[i];
	struct bytes name = t->kind == PROGRAM_RAW ? program_value(p, t)
						   : program_source(p, t);

	if (name.len > NAME_MAX_LEN)
		name.len = NAME_MAX_LEN;
	if (name.len)
		memcpy(c->text, name.p, name.len);
	c->name = (struct bytes){ c->text, name.len };
}

static bool parentheses(struct program *p, size_t open)
{
	struct program_args c = { .open = open, .from = open };
	const struct program_token *dot;
	struct program_token to;

	if (open && p->stack[open].is_called &&
		(p->stack[open - 1].kind == PROGRAM_NAME ||
			p->stack[open - 1].kind == PROGRAM_RAW))
		set_name(p, c.from = open - 1, &c);
	if (!c.name.len || is_keyword(c.name))
		return !(open && p->stack[open].is_called && !c.name.len) &&
		       p->n - open > 2 && group(p, open);
	dot = open > 1 ? &p->stack[open - 2] : NULL;
	if (open > 2 && (program_is(dot, '.') || program_is(dot, ':') ||
				program_is(dot, OP_ARROW)))
		c.self = &p->stack[open - 3];
	arguments(p, &c);
	if (c.self && c.self->is_words &&
		invocation_is_listed("join reverse", c.name))
		program_words(p, &p->stack[open - 3]);
	if (c.self && (c.self->kind == PROGRAM_STRING ||
			      c.self->kind == PROGRAM_LIST ||
			      (dot && program_is(dot, '.') &&
				      c.self->kind == PROGRAM_NAME &&
				      !program_has_dots(p))))
		c.from = open - 3;
	if (program_apply(p, &c, &to))
		return program_become(p, c.from, &to);
	inline_call(p, &c);
	return false;
}

static bool braces(struct program *p, size_t open)
{
	struct program_token t;

	if (p->stack[open].is_called)
		return false;
	if (p->language == INVOCATION_LUA && program_list(p, open, &t))
		return program_become(p, open, &t);
	return map(p, open, &t) && program_become(p, open, &t);
}

bool program_bare(struct program *p)
{
	size_t n = p->n;
	struct program_args c = { .open = n };
	struct program_token to;

	if (n < 3 || !program_is(&p->stack[n - 2], '.'))
		return false;
	set_name(p, n - 1, &c);
	if (!bytes_equal(c.name, BYTES("join")))
		return false;
	if (p->stack[n - 3].is_words)
		program_words(p, &p->stack[n - 3]);
	if (p->stack[n - 3].kind != PROGRAM_LIST)
		return false;
	c.self = &p->stack[n - 3];
	return program_apply(p, &c, &to) && program_become(p, n - 3, &to);
}

bool program_call(struct program *p, size_t open)
{
	char c = p->stack[p->n - 1].op;

	if (c == ')' && p->stack[open].op == '(')
		return parentheses(p, open);
	if (c == ']' && p->stack[open].op == '[')
		return brackets(p, open);
	if (c == '}' && p->stack[open].op == '{')
		return braces(p, open);
	return false;
}
