// SPDX-License-Identifier: GPL-3.0-or-later
/* What names are given: values, and functions. */
#include "script_state.h"

static const struct script_value unknown = { .type = SCRIPT_UNKNOWN };

/* Where the = behind [..] at i is; 0: there is none. */
static size_t behind_index(const struct script *s, size_t i)
{
	while (script_is_op(&s->tokens[i], '[') && s->tokens[i].other > i &&
		!s->tokens[i].is_spaced)
		i = s->tokens[i].other + 1;
	return script_is_op(&s->tokens[i], OP_SET) ? i : 0;
}

bool script_is_assigned(const struct script *s)
{
	const struct script_token *t = script_peek(s, 0);

	if (t->kind != SCRIPT_OP)
		return false;
	if (t->op == OP_SET)
		return true;
	if (t->op == OP_SHL && script_is(s, INVOCATION_RUBY))
		return true;
	return t->op == '[' && behind_index(s, s->pos);
}

static struct script_value changed(struct script *s, unsigned short name,
	unsigned int with, const struct script_value *v)
{
	struct script_value *old = script_find(s, name), to;

	if (!old)
		return *v;
	if (old->type == SCRIPT_LIST && (with == '+' || with == OP_SHL) &&
		!script_is(s, INVOCATION_NODE)) {
		to = *old;
		if (v->type == SCRIPT_LIST && with == '+')
			for (size_t i = 0; i < script_length(s, v); i++) {
				struct script_value one =
					script_element(s, v, (int64_t)i);

				script_append(s, &to, &one);
			}
		else
			script_append(s, &to, v);
		return to;
	}
	if (with == OP_SHL && old->type == SCRIPT_TEXT)
		with = OP_CONCAT;
	return script_binary(s, with, old, v);
}

/* One character, or byte, of a text where it stands. */
static void put(struct script *s, struct script_value *text, int64_t i,
	const struct script_value *v)
{
	int64_t c;

	if (i < 0 || i >= (int64_t)text->len)
		return;
	if (v->type == SCRIPT_TEXT && v->len)
		s->arena.p[text->at + i] = s->arena.p[v->at];
	else if (v->type == SCRIPT_INT && script_to_int(s, v, &c))
		s->arena.p[text->at + i] = (char)(c & 255);
	else
		return;
	script_inherit(s, text, v);
	text->number +=
		text->number < (int64_t)text->len && v->flags & IS_HIDDEN;
}

/* Whether a value goes to a name in a map; one that is empty may be a list. */
static bool is_keyed(const struct script *s, const struct script_value *map,
	const struct script_value *key)
{
	int64_t n;

	return map->type == SCRIPT_MAP ||
	       (map->type == SCRIPT_LIST && !map->len &&
		       key->type == SCRIPT_TEXT && !script_to_int(s, key, &n));
}

static void put_key(struct script *s, struct script_value *map,
	const struct script_value *key, unsigned int with,
	struct script_value *v)
{
	s->steps += map->len / 8;
	for (uint32_t i = 0; i + 1 < map->len; i += 2) {
		struct script_value *old = &s->items[map->at + i + 1];

		if (!script_equal(s, &s->items[map->at + i], key))
			continue;
		if (with)
			*v = script_binary(s, with, old, v);
		*old = *v;
		return;
	}
	map->type = SCRIPT_LIST;
	script_append(s, map, key);
	script_append(s, map, v);
	if (map->type == SCRIPT_LIST)
		map->type = SCRIPT_MAP;
}

/* name[key] = v; key is NULL: name[] = v. */
static struct script_value put_at(struct script *s, unsigned short name,
	const struct script_value *key, unsigned int with,
	struct script_value v)
{
	struct script_value *var = script_find(s, name), old;
	struct script_value list = var ? *var : script_list(s, NULL, 0);
	int64_t i = 0;
	bool is_place = key && script_to_int(s, key, &i);

	if (is_place && list.type == SCRIPT_LIST) {
		i -= script_is(s, INVOCATION_LUA) && i > 0;
		if (i >= 0 && (size_t)i < list.len) {
			if (with)
				v = script_binary(
					s, with, &s->items[list.at + i], &v);
			s->items[list.at + i] = v;
			return v;
		}
	}
	if (key && is_keyed(s, &list, key)) {
		put_key(s, &list, key, with, &v);
	} else if (list.type == SCRIPT_TEXT && is_place) {
		old = script_element(s, &list, i);
		if (with)
			v = script_binary(s, with, &old, &v);
		put(s, &list, i, &v);
	} else if (list.type == SCRIPT_LIST) {
		script_append(s, &list, &v);
	}
	script_bind(s, name, &list);
	return v;
}

/* The value behind the = at pos. */
static struct script_value given(struct script *s, bool is_one)
{
	s->pos++;
	return script_expr(s, is_one || s->no_comma ||
					      script_is(s, INVOCATION_PHP) ||
					      script_is(s, INVOCATION_NODE) ||
					      script_is(s, INVOCATION_LUA) ||
					      script_is(s, INVOCATION_AWK)
				      ? RANK_COND
				      : RANK_ALL);
}

struct script_value script_assign(struct script *s, unsigned short name)
{
	const struct script_token *t = script_peek(s, 0);
	struct script_value v, key = unknown;
	size_t set = script_is_op(t, '[') ? behind_index(s, s->pos) : 0;
	bool is_hash =
		script_is(s, INVOCATION_PERL) && s->pos && t[-1].first == '%';
	bool has_key = set && !script_is_op(script_peek(s, 1), ']');
	unsigned int with;

	if (set) {
		s->pos++;
		if (has_key)
			key = script_expr(s, RANK_TERNARY);
		s->pos = set;
	}
	with = script_is_op(script_peek(s, 0), OP_SHL)
		       ? OP_SHL
		       : script_peek(s, 0)->with;
	v = given(s, set);
	if (s->skip)
		return unknown;
	if (set)
		return put_at(s, name, has_key ? &key : NULL, with, v);
	if (with)
		v = changed(s, name, with, &v);
	/* Perl's %h = (a => 1) */
	if (is_hash && v.type == SCRIPT_LIST)
		v.type = SCRIPT_MAP;
	script_bind(s, name, &v);
	return v;
}

/* a, b = 'x', 'y'; my ($a, $b) = @_; const [a, b] = ... at pos. False: it is
 * something else. */
bool script_assign_many(struct script *s)
{
	struct script_function f = { .n_params = 0 };
	size_t i = s->pos, n = 0;
	struct script_value v, part;
	bool is_open, is_more = true;

	if (script_word(s, &s->tokens[i]) == WORD_DECLARE)
		i++;
	is_open = script_is_op(&s->tokens[i], '(') ||
		  script_is_op(&s->tokens[i], '[');
	i += is_open;
	while (is_more && n < PARAMS_MAX) {
		if (s->tokens[i].kind != SCRIPT_NAME)
			return false;
		/* Perl's my ($a, @b) */
		if (s->tokens[i].first == '@')
			f.rest = (unsigned int)n + 1;
		f.params[n++] = s->tokens[i++].name;
		is_more = script_is_op(&s->tokens[i], ',');
		i += is_more;
	}
	if (is_open && !script_is_op(&s->tokens[i++], ')') &&
		!script_is_op(&s->tokens[i - 1], ']'))
		return false;
	if ((n < 2 && !is_open) || !script_is_op(&s->tokens[i], OP_SET) ||
		s->tokens[i].with)
		return false;
	s->pos = i + 1;
	v = script_expr(s, RANK_ALL);
	if (script_is_op(script_peek(s, 0), ','))
		v = script_rest(s, v);
	if (v.type != SCRIPT_LIST && is_open)
		v = script_list(s, &v, 1);
	for (size_t k = 0; k < n; k++) {
		part = v.type != SCRIPT_LIST ? unknown
		       : f.rest == k + 1 && script_is(s, INVOCATION_PERL)
			       ? script_slice(s, &v, (int64_t)k, INT64_MAX, 1)
			       : script_element(s, &v, (int64_t)k);
		script_bind(s, f.params[k], &part);
	}
	return true;
}

/* The function's block at pos, whose head began at head. */
static void take_body(struct script *s, size_t head, struct script_function *f)
{
	size_t next;

	if (script_is(s, INVOCATION_NODE) || script_is(s, INVOCATION_PHP)) {
		if (!script_is_op(script_peek(s, 0), '{')) {
			f->is_expression = true;
			f->at = (uint32_t)s->pos;
			s->skip++;
			(void)script_item(s);
			s->skip--;
			f->end = (uint32_t)s->pos;
			return;
		}
	}
	f->end = (uint32_t)script_body(s, head, &next);
	f->at = (uint32_t)s->pos;
	s->pos = next;
}

static struct script_value lambda(struct script *s)
{
	struct script_function f = { .is_expression = true };

	s->pos++;
	script_params(s, &f, ':');
	script_take(s, ':');
	f.at = (uint32_t)s->pos;
	s->skip++;
	(void)script_item(s);
	s->skip--;
	return script_add_function(s, &f);
}

/* Ruby's lambda { |a| ... } */
static struct script_value braced(struct script *s, struct script_function *f)
{
	s->pos++;
	f->end = s->tokens[s->pos - 1].other;
	if (script_take(s, '|')) {
		script_params(s, f, '|');
		s->pos++;
	}
	f->at = (uint32_t)s->pos;
	s->pos = f->end + 1;
	return script_add_function(s, f);
}

/* def a(b), function a(b) {}, function(b) {}, lambda b: c, a => b, ->(a) {} */
struct script_value script_define(struct script *s)
{
	const struct script_token *t = script_peek(s, 0);
	struct script_function f = { .n_params = 0 };
	struct script_value v;
	unsigned short name = 0;
	bool has_name = false;
	size_t head = s->pos;

	if (script_word(s, t) == WORD_LAMBDA && script_is(s, INVOCATION_PYTHON))
		return lambda(s);
	if (script_word(s, t) == WORD_DEF || script_word(s, t) == WORD_LAMBDA ||
		script_is_op(t, OP_MEMBER)) {
		s->pos++;
		has_name = script_peek(s, 0)->kind == SCRIPT_NAME;
		name = script_peek(s, 0)->name;
		s->pos += has_name;
		/* Lua's and Ruby's a.b */
		while (script_take(s, OP_MEMBER)) {
			name = script_peek(s, 0)->name;
			s->pos++;
		}
	}
	if (script_take(s, '(')) {
		size_t close = s->tokens[s->pos - 1].other;

		script_params(s, &f, ')');
		s->pos = close ? close + 1 : s->pos + 1;
	} else if (script_peek(s, 0)->kind == SCRIPT_NAME &&
		   script_is(s, INVOCATION_NODE)) {
		f.params[f.n_params++] = script_peek(s, 0)->name;
		s->pos++;
	}
	if (script_is(s, INVOCATION_RUBY) &&
		script_is_op(script_peek(s, 0), '{'))
		return braced(s, &f);
	script_take(s, OP_ARROW);
	/* PHP's use (...), what a function returns */
	while (script_is(s, INVOCATION_PHP) &&
		!script_is_op(script_peek(s, 0), '{') && !f.is_expression &&
		(script_is_op(script_peek(s, 0), ':') ||
			script_is_op(script_peek(s, 0), '(') ||
			script_word(s, script_peek(s, 0)) == WORD_IMPORT)) {
		const struct script_token *p = script_peek(s, 0);

		s->pos = script_is_op(p, '(') && p->other ? p->other + 1
							  : s->pos + 1;
	}
	if (script_is(s, INVOCATION_POWERSHELL) ||
		script_is(s, INVOCATION_PERL))
		while (script_peek(s, 0)->kind != SCRIPT_END &&
			!script_is_op(script_peek(s, 0), '{'))
			s->pos++;
	take_body(s, head, &f);
	v = script_add_function(s, &f);
	if (has_name)
		script_bind(s, name, &v);
	return v;
}
