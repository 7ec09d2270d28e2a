// SPDX-License-Identifier: GPL-3.0-or-later
/* Operands, and what is done with them from behind: calls, members, indexes. */
#include "script_state.h"

#include "script_calls.h"

static const struct script_value unknown = { .type = SCRIPT_UNKNOWN };

bool script_ruby_block(struct script *s, struct script_value *f)
{
	const struct script_token *t = script_peek(s, 0);
	struct script_function fn = { .n_params = 0 };
	bool is_do = script_word(s, t) == WORD_DO;

	if (!script_is(s, INVOCATION_RUBY) || s->no_block ||
		(!is_do && !script_is_op(t, '{')) || !t->other)
		return false;
	fn.end = t->other;
	s->pos++;
	if (script_take(s, '|')) {
		script_params(s, &fn, '|');
		s->pos++;
	}
	fn.at = (uint32_t)s->pos;
	s->pos = fn.end + 1;
	*f = script_add_function(s, &fn);
	return true;
}

/* Whether a call's arguments begin at the token. */
static bool is_call(const struct script *s, const struct script_token *t,
	const struct script_value *v)
{
	return script_is_op(t, '(') && !script_is(s, INVOCATION_POWERSHELL) &&
	       (!t->is_spaced || v->type == SCRIPT_FUNCTION ||
		       v->type == SCRIPT_BUILTIN);
}

/* Lua's f'...' and f{...} */
static bool is_lua_call(const struct script *s, const struct script_token *t,
	const struct script_value *v)
{
	return (t->kind == SCRIPT_STRING || script_is_op(t, '{')) &&
	       script_is(s, INVOCATION_LUA) &&
	       (v->type == SCRIPT_BUILTIN || v->type == SCRIPT_FUNCTION);
}

/* What stands behind an operand. */
static struct script_value behind(struct script *s, struct script_value v,
	const struct script_token *first)
{
	for (;;) {
		const struct script_token *t = script_peek(s, 0);
		bool is_step =
			script_is_op(t, OP_INC) || script_is_op(t, OP_DEC);

		if (script_take(s, OP_MEMBER)) {
			v = script_member(s, v, first);
		} else if (is_call(s, t, &v)) {
			v = script_called(s, v);
		} else if (script_is_op(t, '[') && !t->is_spaced) {
			s->pos++;
			v = script_subscript(s, v);
		} else if (script_is_op(t, '{') && !t->is_spaced &&
			   v.type == SCRIPT_MAP && first->has_sigil) {
			v = script_keyed(s, v);
		} else if (is_lua_call(s, t, &v)) {
			struct script_value args[1] = { script_atom(s) };

			v = script_invoke(s, &v, args, 1);
		} else if (is_step && first->kind == SCRIPT_NAME &&
			   v.type == SCRIPT_INT) {
			struct script_value to = v;

			to.number += script_is_op(t, OP_INC) ? 1 : -1;
			s->pos++;
			script_bind(s, first->name, &to);
		} else {
			return v;
		}
	}
}

static struct script_value bracketed(struct script *s, size_t open)
{
	struct script_value v;
	size_t end = s->tokens[open].other;
	bool no_comma = s->no_comma, no_block = s->no_block;

	if (end && script_is(s, INVOCATION_NODE) &&
		script_is_op(&s->tokens[end + 1], OP_ARROW)) {
		s->pos = open;
		return script_define(s);
	}
	if (script_is_op(&s->tokens[open], '[') &&
		script_is(s, INVOCATION_POWERSHELL))
		return script_cast(s, open);
	if (script_has_clause(s, open))
		return script_comprehension(s, open);
	if (end == open + 2 && script_is(s, INVOCATION_PHP) &&
		s->tokens[open + 1].kind == SCRIPT_NAME &&
		!s->tokens[open + 1].has_sigil) {
		s->pos = end + 1;
		return script_expr(s, RANK_UNARY);
	}
	if (script_is_op(&s->tokens[open], '(') && end > open + 3 &&
		script_is_op(&s->tokens[open + 2], OP_ARROW) &&
		script_is(s, INVOCATION_PERL))
		return script_items(s, open);
	if (script_is_op(&s->tokens[open], '(')) {
		if (script_is_op(script_peek(s, 0), ')')) {
			s->pos++;
			return script_list(s, NULL, 0);
		}
		s->no_comma = s->no_block = false;
		v = script_expr(s, RANK_ALL);
		/* Assignments and more in PowerShell's $( ). */
		s->no_comma = no_comma;
		s->no_block = no_block;
		s->pos = end ? end + 1 : s->pos + 1;
		return v;
	}
	s->no_block = false;
	v = script_items(s, open);
	s->no_block = no_block;
	return v;
}

/* ++i */
static struct script_value stepped(struct script *s, int64_t by)
{
	const struct script_token *t = script_peek(s, 0);
	struct script_value v = script_atom(s);

	if (v.type != SCRIPT_INT || t->kind != SCRIPT_NAME)
		return v;
	v.number += by;
	script_bind(s, t->name, &v);
	return v;
}

/* Perl's <STDIN>: once, for who does not loop over it. */
static struct script_value input(struct script *s)
{
	struct script_value v = s->in;

	while (s->pos + 1 < s->n_tokens &&
		!script_is_op(script_peek(s, 0), '>') &&
		script_peek(s, 0)->kind == SCRIPT_NAME)
		s->pos++;
	script_take(s, '>');
	s->in = unknown;
	return v;
}

static struct script_value prefixed(struct script *s, unsigned int op)
{
	struct script_value v;

	switch (op) {
	case '{':
		if (script_is_block(s, s->pos - 1))
			return script_shell_block(s, s->pos - 1);
		return bracketed(s, s->pos - 1);
	case '(':
	case '[':
		return bracketed(s, s->pos - 1);
	case OP_MEMBER:
		if (script_is(s, INVOCATION_POWERSHELL))
			return script_shell_call(s);
		/* Ruby's ->(x) { } */
		s->pos--;
		return script_define(s);
	case OP_INC:
	case OP_DEC:
		return stepped(s, op == OP_INC ? 1 : -1);
	case '-':
	case '~':
	case '!':
	case OP_NOT:
		v = script_expr(s, op == OP_NOT ? RANK_COMPARE : RANK_UNARY);
		return s->skip ? unknown : script_unary(s, op, &v);
	case OP_JOIN:
		v = script_expr(s, RANK_UNARY - 1);
		v = script_as_list(s, &v);
		return script_join(s, &v, BYTES(""));
	case ',':
		return script_item(s);
	case '#':
		v = script_atom(s);
		return s->skip ? unknown
			       : script_int((int64_t)script_length(s, &v));
	case '<':
		return input(s);
	case '&':
		if (script_is(s, INVOCATION_POWERSHELL))
			return script_shell_call(s);
		return script_atom(s);
	case '$':
		v = script_atom(s);
		return s->phase && !s->skip ? script_record_field(s, &v) : v;
	case '+':
	case '*':
	case '@':
	case '\\':
	case '%':
	case '.':
	case OP_POW:
	case OP_RANGE:
	case OP_AND:
		return script_atom(s);
	default:
		s->pos--;
		return unknown;
	}
}

struct script_value script_atom(struct script *s)
{
	const struct script_token *t = script_peek(s, 0);
	struct script_value v = unknown;

	s->is_full |= s->depth >= DEPTH_MAX;
	if (s->depth >= DEPTH_MAX || !script_step(s))
		return v;
	s->depth++;
	s->pos += t->kind != SCRIPT_END && t->kind != SCRIPT_LINE;
	switch (t->kind) {
	case SCRIPT_NUMBER:
		v = script_number_of(s, t);
		break;
	case SCRIPT_STRING:
		v = script_literal(s, t);
		break;
	case SCRIPT_PATTERN:
		v = script_bare_pattern(s, t);
		break;
	case SCRIPT_NAME:
		v = script_keyword(s, t, &v) ? v : script_named(s, t);
		break;
	case SCRIPT_OP:
		v = prefixed(s, t->op);
		break;
	default:
		break;
	}
	v = behind(s, v, t);
	s->depth--;
	return v;
}
