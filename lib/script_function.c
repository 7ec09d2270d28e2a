// SPDX-License-Identifier: GPL-3.0-or-later
/* Functions: what they are given, and what they keep of where they were made.
 */
#include "script_state.h"

#include "script_calls.h"

/* Variables that a function keeps. */
#define KEPT_MAX 16

static const struct script_value unknown = { .type = SCRIPT_UNKNOWN };

/* A closure: the variables of the call that makes it, name and value by turns.
 */
static void keep(struct script *s, struct script_value *f)
{
	size_t n = s->n_vars - s->base;

	if (!s->n_calls || !n || s->skip)
		return;
	n = n < KEPT_MAX ? n : KEPT_MAX;
	if (s->n_items + 2 * n > ITEMS_MAX)
		return;
	f->number = (int64_t)s->n_items;
	f->len = (uint32_t)n;
	for (size_t i = s->n_vars - n; i < s->n_vars; i++) {
		s->items[s->n_items++] = script_int(s->vars[i].name);
		s->items[s->n_items++] = s->vars[i].value;
	}
	s->steps += n / 4;
}

struct script_value script_add_function(
	struct script *s, const struct script_function *f)
{
	struct script_value v = { .type = SCRIPT_FUNCTION };
	size_t i = 0;

	while (i < s->n_functions && s->functions[i].at != f->at)
		i++;
	if (i == FUNCTIONS_MAX) {
		s->is_full = true;
		return unknown;
	}
	if (i == s->n_functions)
		s->functions[s->n_functions++] = *f;
	v.at = (uint32_t)i;
	keep(s, &v);
	return v;
}

struct script_value script_all(
	struct script *s, const struct script_value *args, size_t n)
{
	bool has_rest = n && args[n - 1].flags & IS_REST &&
			args[n - 1].type == SCRIPT_LIST;
	struct script_value all = script_list(s, args, n - has_rest), rest;

	if (!has_rest)
		return all;
	rest = args[n - 1];
	for (uint32_t i = 0; i < rest.len && script_step(s); i++)
		script_append(s, &all, &s->items[rest.at + i]);
	return all;
}

/* What the i-th parameter is given. */
static struct script_value argument(struct script *s,
	const struct script_function *f, unsigned int i,
	const struct script_value *args, size_t n)
{
	bool is_apart =
		n == 1 && f->n_params > 1 &&
		(args[0].type == SCRIPT_LIST || args[0].flags & IS_BYTES) &&
		(f->is_apart || script_is(s, INVOCATION_RUBY));

	/* One list is told apart for two names: Ruby's each_with_index. */
	if (is_apart)
		return script_element(s, &args[0], i);
	if (f->rest == i + 1)
		return script_all(s, args + (i < n ? i : n), i < n ? n - i : 0);
	if (i < n)
		return args[i];
	/* awk's own variables are parameters, too. */
	if (!f->defaults[i] && script_is(s, INVOCATION_AWK))
		return (struct script_value){ .type = SCRIPT_BUILTIN,
			.at = f->params[i] };
	if (!f->defaults[i])
		return unknown;
	s->pos = f->defaults[i];
	/* Ruby's |a, b = 1| ends with what would be an operator. */
	return script_is(s, INVOCATION_RUBY) ? script_expr(s, RANK_XOR)
					     : script_item(s);
}

/* The names that a function has values for. */
static void fill(struct script *s, const struct script_value *v,
	const struct script_function *f, const struct script_value *args,
	size_t n)
{
	size_t kept = (size_t)v->number;
	struct script_value all;

	for (uint32_t i = 0; i < v->len; i++)
		script_push(s, (unsigned short)s->items[kept + 2 * i].number,
			&s->items[kept + 2 * i + 1]);
	for (unsigned int i = 0; i < f->n_params; i++) {
		struct script_value a = argument(s, f, i, args, n);

		script_push(s, f->params[i], &a);
	}
	if (n && !f->n_params)
		script_push(s, s->underscore, &args[0]);
	if (s->args != s->underscore || !f->n_params) {
		all = script_all(s, args, n);
		script_push(s, s->args, &all);
	}
}

struct script_value script_call_function(struct script *s,
	const struct script_value *function, const struct script_value *args,
	size_t n)
{
	struct script_function f = s->functions[function->at];
	struct script_value v = unknown, own = *function;
	size_t pos = s->pos, n_vars = s->n_vars, base = s->base;
	bool no_comma = s->no_comma, no_block = s->no_block;

	s->is_full |= s->depth >= DEPTH_MAX;
	if (s->depth >= DEPTH_MAX || s->skip || !script_step(s))
		return v;
	s->depth++;
	s->n_calls++;
	s->no_comma = s->no_block = false;
	fill(s, &own, &f, args, n);
	s->base = n_vars;
	s->last = v;
	if (f.is_expression) {
		s->pos = f.at;
		v = script_item(s);
	} else {
		script_block(s, f.at, f.end);
		v = s->last;
		if (s->jump == JUMP_RETURN || s->jump == JUMP_CONTINUE)
			s->jump = JUMP_NONE;
	}
	s->depth--;
	s->n_calls--;
	s->no_comma = no_comma;
	s->no_block = no_block;
	s->pos = pos;
	s->base = base;
	s->n_vars = n_vars;
	return v;
}

/* What has that name, as PHP has it; Ruby's &:chr is a method. */
static struct script_value call_name(struct script *s, struct bytes name,
	struct script_value *args, size_t n)
{
	for (size_t i = s->n_vars; i > 0; i--)
		if (s->vars[i - 1].value.type == SCRIPT_FUNCTION &&
			bytes_equal(s->names[s->vars[i - 1].name].text, name))
			return script_call_function(
				s, &s->vars[i - 1].value, args, n);
	if (script_is(s, INVOCATION_RUBY) && n)
		return script_call(
			s, script_call_of(s, name), &args[0], args + 1, n - 1);
	return script_call(s, script_call_of(s, name), NULL, args, n);
}

struct script_value script_call_value(struct script *s,
	const struct script_value *f, const struct script_value *args, size_t n)
{
	struct script_value copy[ARGS_MAX];

	if (f->type == SCRIPT_FUNCTION)
		return script_call_function(s, f, args, n);
	for (size_t i = 0; i < n && i < ARGS_MAX; i++)
		copy[i] = args[i];
	if (f->type == SCRIPT_BUILTIN)
		return script_call(s, s->names[f->at].call, NULL, copy, n);
	if (f->type == SCRIPT_TEXT)
		return call_name(s, script_text(s, f), copy, n);
	if (f->type == SCRIPT_MAP)
		return script_object(s, f, copy, n);
	return unknown;
}

/* Whether a name in a list of parameters is a type's. */
static bool is_hint(const struct script *s, const struct script_token *t)
{
	return !t->has_sigil && (script_is(s, INVOCATION_PHP) ||
					script_is(s, INVOCATION_POWERSHELL));
}

/* = value; close ends it where it is an operator. */
static void default_of(
	struct script *s, struct script_function *f, unsigned int close)
{
	s->pos++;
	f->defaults[f->n_params - 1] = (uint32_t)s->pos;
	s->skip++;
	if (close == '|')
		(void)script_expr(s, RANK_XOR);
	else
		(void)script_item(s);
	s->skip--;
}

/* Names up to close: a, b = 1, *c. */
void script_params(
	struct script *s, struct script_function *f, unsigned int close)
{
	bool is_next = true, is_rest = false;

	while (s->pos < s->n_tokens) {
		const struct script_token *t = script_peek(s, 0);

		if (t->kind == SCRIPT_END || t->kind == SCRIPT_LINE ||
			script_is_op(t, close))
			return;
		if (t->kind == SCRIPT_NAME && is_next && !is_hint(s, t) &&
			f->n_params < PARAMS_MAX) {
			f->params[f->n_params++] = t->name;
			if (is_rest)
				f->rest = f->n_params;
			is_next = is_rest = false;
		} else if (script_is_op(t, OP_SET) && !is_next) {
			size_t pos = s->pos;

			default_of(s, f, close);
			if (s->pos > pos + 1)
				continue;
			s->pos = pos;
		}
		is_rest |= is_next &&
			   (script_is_op(t, '*') || script_is_op(t, OP_RANGE));
		f->is_apart |= is_next && script_is_op(t, '[') &&
			       script_is(s, INVOCATION_NODE);
		is_next |= script_is_op(t, ',');
		s->pos++;
	}
}
