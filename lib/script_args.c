// SPDX-License-Identifier: GPL-3.0-or-later
/* What stands between brackets: arguments, and lists that a for makes. */
#include "script_state.h"

/* Whether a comprehension's for is in the bracket at open. */
bool script_has_clause(const struct script *s, size_t open)
{
	return script_is(s, INVOCATION_PYTHON) && s->tokens[open].clause;
}

/* for x in l if x, whose for is at at; the item's expression is at item. */
static void clause(struct script *s, size_t at, size_t item,
	struct script_value *out, bool *is_map)
{
	struct script_function f = { .n_params = 0 };
	struct script_value list, v;
	size_t behind;

	s->pos = at + 1;
	script_targets(s, &f);
	if (script_word(s, script_peek(s, 0)) == WORD_IN)
		s->pos++;
	list = script_expr(s, RANK_TERNARY + 1);
	list = script_as_list(s, &list);
	behind = s->pos;
	if (s->depth >= DEPTH_MAX)
		return;
	s->depth++;
	for (size_t i = 0; i < script_length(s, &list) && !s->skip; i++) {
		bool is_in = true;

		v = script_element(s, &list, (int64_t)i);
		for (unsigned int k = 0; k < f.n_params; k++) {
			struct script_value part = v;

			if (f.n_params > 1)
				part = script_element(s, &v, k);
			script_bind(s, f.params[k], &part);
		}
		s->pos = behind;
		while (script_word(s, script_peek(s, 0)) == WORD_IF) {
			s->pos++;
			v = script_expr(s, RANK_TERNARY + 1);
			is_in &= v.type == SCRIPT_UNKNOWN || script_true(s, &v);
		}
		if (!script_step(s))
			break;
		if (!is_in)
			continue;
		if (script_word(s, script_peek(s, 0)) == WORD_FOR) {
			clause(s, s->pos, item, out, is_map);
			continue;
		}
		s->pos = item;
		v = script_item(s);
		script_append(s, out, &v);
		if (script_take(s, ':')) {
			v = script_item(s);
			script_append(s, out, &v);
			*is_map = true;
		}
	}
	s->depth--;
}

/* Those between the brackets at open; pos is then behind them. */
struct script_value script_comprehension(struct script *s, size_t open)
{
	struct script_value out = script_list(s, NULL, 0);
	size_t close = s->tokens[open].other;
	bool is_map = false;

	if (!close)
		close = s->n_tokens - 1;
	if (!s->skip)
		clause(s, s->tokens[open].clause, open + 1, &out, &is_map);
	if (is_map && out.type == SCRIPT_LIST)
		out.type = SCRIPT_MAP;
	s->pos = close + (close + 1 < s->n_tokens);
	return out;
}

size_t script_add_arg(struct script *s, struct script_value args[ARGS_MAX],
	size_t n, const struct script_value *v)
{
	if (n + 1 < ARGS_MAX) {
		args[n] = *v;
		return n + 1;
	}
	if (n + 1 == ARGS_MAX) {
		args[n] = script_list(s, NULL, 0);
		args[n].flags |= IS_REST;
	}
	script_append(s, &args[ARGS_MAX - 1], v);
	return ARGS_MAX;
}

size_t script_spread(struct script *s, const struct script_value *list,
	struct script_value args[ARGS_MAX], size_t n)
{
	for (uint32_t i = 0; i < list->len && script_step(s); i++)
		n = script_add_arg(s, args, n, &s->items[list->at + i]);
	return n;
}

/* The * of f(*a) and the ... of f(...a) at pos. */
static bool take_star(struct script *s)
{
	if (script_is(s, INVOCATION_PYTHON) || script_is(s, INVOCATION_RUBY))
		return script_take(s, '*');
	return (script_is(s, INVOCATION_NODE) ||
		       script_is(s, INVOCATION_PHP)) &&
	       script_take(s, OP_RANGE);
}

size_t script_args(struct script *s, unsigned int close,
	struct script_value args[ARGS_MAX])
{
	size_t open = s->pos - 1, end = s->tokens[open].other, n = 0;

	if (script_has_clause(s, open)) {
		size_t at = s->tokens[open].clause, comma = open;

		/* join(x for x in l), f((x for x in l), 2) */
		for (size_t i = open + 1; i < at; i++) {
			if (script_is_op(&s->tokens[i], ','))
				comma = i;
			if (s->tokens[i].kind == SCRIPT_OP &&
				s->tokens[i].other > i)
				i = s->tokens[i].other;
		}
		if (comma == open) {
			args[0] = script_comprehension(s, open);
			return 1;
		}
	}
	while (s->pos < s->n_tokens && s->pos != end) {
		size_t pos = s->pos;
		struct script_value v;
		bool is_all;

		if (script_is_op(script_peek(s, 0), close) ||
			script_peek(s, 0)->kind == SCRIPT_END)
			break;
		if (script_take(s, ',') ||
			script_peek(s, 0)->kind == SCRIPT_LINE) {
			s->pos += s->pos == pos;
			continue;
		}
		is_all = take_star(s);
		v = script_item(s);
		if (is_all)
			v = script_as_list(s, &v);
		if (s->pos == pos)
			s->pos++;
		n = is_all && v.type == SCRIPT_LIST
			    ? script_spread(s, &v, args, n)
			    : script_add_arg(s, args, n, &v);
	}
	if (end)
		s->pos = end;
	if (script_peek(s, 0)->kind != SCRIPT_END)
		s->pos++;
	return n;
}
