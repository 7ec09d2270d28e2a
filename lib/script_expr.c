// SPDX-License-Identifier: GPL-3.0-or-later
/* Expressions are worked out while they are read: a loop reads its block again
 * each time. */
#include "script_state.h"

/* The rank of an operator between two operands; 0: it is none. */
static unsigned int rank_of(
	const struct script *s, const struct script_token *t)
{
	if (t->kind != SCRIPT_OP)
		return script_word(s, t) == WORD_IN &&
				       script_is(s, INVOCATION_PYTHON)
			       ? 5
			       : 0;
	switch (t->op) {
	case OP_OR:
		return 3;
	case OP_AND:
		return 4;
	case OP_EQ:
	case OP_NE:
	case OP_LE:
	case OP_GE:
	case '<':
	case '>':
	case OP_MATCH:
	case OP_NMATCH:
	case OP_IN:
		return 5;
	case '|':
		return script_is(s, INVOCATION_POWERSHELL) ||
				       script_is(s, INVOCATION_AWK)
			       ? 0
			       : 6;
	case OP_JOIN:
	case OP_SPLIT:
	case OP_REPLACE:
	case OP_FORMAT:
		return 6;
	case OP_XOR:
		return 7;
	case '&':
		return 8;
	case OP_SHL:
	case OP_SHR:
	case OP_RANGE:
		return 9;
	case '+':
	case '-':
	case OP_CONCAT:
		return 10;
	case '*':
	case '/':
	case '%':
	case OP_FLOOR:
	case OP_REPEAT:
		return 11;
	case OP_POW:
		return 13;
	default:
		return 0;
	}
}

/* a ? b : c, b if a else c */
static struct script_value ternary(struct script *s, struct script_value v)
{
	bool is_python = script_word(s, script_peek(s, 0)) == WORD_IF;
	struct script_value cond, other;
	bool is_true;

	s->pos++;
	if (is_python) {
		cond = script_expr(s, RANK_TERNARY + 1);
		if (script_word(s, script_peek(s, 0)) != WORD_ELSE)
			return v;
		s->pos++;
		is_true = cond.type == SCRIPT_UNKNOWN || script_true(s, &cond);
		s->skip += is_true;
		other = script_expr(s, RANK_TERNARY);
		s->skip -= is_true;
		return is_true ? v : other;
	}
	is_true = v.type == SCRIPT_UNKNOWN || script_true(s, &v);
	s->skip += !is_true;
	cond = script_take(s, ':') ? v : script_expr(s, RANK_TERNARY);
	s->skip -= !is_true;
	if (!is_true || script_is_op(script_peek(s, 0), ':'))
		script_take(s, ':');
	s->skip += is_true;
	other = script_expr(s, RANK_TERNARY);
	s->skip -= is_true;
	return is_true ? cond : other;
}

/* PowerShell's a | % { ... } | iex */
static struct script_value pipe_to(struct script *s, struct script_value v)
{
	const struct script_token *t = script_peek(s, 0);
	bool is_each = script_is_op(t, '%') || script_word(s, t) == WORD_FOR;
	struct script_value out = script_list(s, NULL, 0), one, got;
	size_t at, end;

	if (!is_each) {
		unsigned short call =
			t->kind == SCRIPT_NAME ? s->names[t->name].call : 0;

		while (script_peek(s, 0)->kind == SCRIPT_NAME ||
			script_is_op(script_peek(s, 0), '-') ||
			script_is_op(script_peek(s, 0), OP_MEMBER))
			s->pos++;
		return call && !s->skip ? script_call(s, call, NULL, &v, 1) : v;
	}
	s->pos++;
	if (script_is_op(script_peek(s, 0), '(') &&
		script_is_op(script_peek(s, 1), '{'))
		s->pos++;
	if (!script_is_op(script_peek(s, 0), '{'))
		return (struct script_value){ .type = SCRIPT_UNKNOWN };
	at = s->pos + 1;
	end = script_peek(s, 0)->other;
	if (!end)
		end = s->n_tokens - 1;
	v = script_as_list(s, &v);
	for (size_t i = 0; i < script_length(s, &v) && !s->skip; i++) {
		one = script_element(s, &v, (int64_t)i);
		script_bind(s, s->underscore, &one);
		s->last = (struct script_value){ .type = SCRIPT_UNKNOWN };
		if (!script_turn(s, at, end))
			break;
		got = s->last;
		script_append(s, &out, &got);
	}
	s->pos = end + 1;
	return out;
}

/* 'a' 'b' are one string. */
static bool is_adjacent(const struct script *s)
{
	const struct script_token *t = script_peek(s, 0);

	if (t->kind == SCRIPT_STRING && !t->is_first)
		return script_is(s, INVOCATION_PYTHON) ||
		       script_is(s, INVOCATION_RUBY) ||
		       script_is(s, INVOCATION_AWK);
	if (t->kind == SCRIPT_STRING && script_is(s, INVOCATION_PYTHON))
		return script_peek(s, 0)[-1].kind == SCRIPT_STRING;
	return script_is(s, INVOCATION_AWK) && !t->is_first &&
	       script_word(s, t) == WORD_NONE &&
	       (t->kind == SCRIPT_NAME || t->kind == SCRIPT_NUMBER ||
		       script_is_op(t, '('));
}

/* =~ s/a/b/, =~ tr/a/b/ change the variable before them. */
struct script_value script_apply(struct script *s, const struct script_value *a,
	unsigned short name, bool has_name)
{
	const struct script_token *t = script_peek(s, 0);
	struct script_value v, with;
	struct script_pattern p;

	if (t->kind != SCRIPT_PATTERN)
		return (struct script_value){ .type = SCRIPT_UNKNOWN };
	s->pos++;
	p = script_pattern_in(
		s, (struct bytes){ s->arena.p + t->value, t->len });
	p.holes = t->is_code ? 0 : t->other;
	with = (struct script_value){
		.type = SCRIPT_TEXT, .at = t->value2, .len = t->len2
	};
	if (t->op == 'm')
		return script_matches(s, a, &p);
	if (t->op == 't')
		v = script_translate(s, a, p.text, script_text(s, &with));
	else
		v = script_exchange(s, a, &p, &with, t->is_code ? t->other : 0);
	if (has_name && !t->is_copied)
		script_bind(s, name, &v);
	return v;
}

/* 'a', 'b' of PowerShell's -replace and -f. */
static struct script_value operands(
	struct script *s, struct script_value first, unsigned int rank)
{
	struct script_value list = script_list(s, &first, 1), v;

	if (!script_is_op(script_peek(s, 0), ',') || s->no_comma)
		return first;
	while (script_take(s, ',')) {
		v = script_expr(s, rank);
		script_append(s, &list, &v);
	}
	return list;
}

static struct script_value binary(struct script *s, struct script_value a,
	unsigned int op, unsigned int rank, size_t at)
{
	struct script_value b, v = { .type = SCRIPT_UNKNOWN };
	bool is_short = op == OP_AND || op == OP_OR;

	if (op == OP_MATCH || op == OP_NMATCH) {
		const struct script_token *t = &s->tokens[at];
		size_t k = at;

		while (k + 2 < s->pos &&
			(script_is_op(&s->tokens[k], '(') ||
				script_word(s, &s->tokens[k]) == WORD_DECLARE))
			k++;
		t = &s->tokens[k];
		return script_apply(s, &a, t->name, t->kind == SCRIPT_NAME);
	}
	if (is_short && a.type != SCRIPT_UNKNOWN) {
		bool is_true = script_true(s, &a);
		bool is_done = is_true == (op == OP_OR);

		s->skip += is_done;
		b = script_expr(s, rank + 1);
		s->skip -= is_done;
		return is_done ? a : b;
	}
	b = script_expr(s, op == OP_POW ? rank : rank + 1);
	if (is_short)
		return b;
	if (op >= OP_JOIN && op <= OP_FORMAT)
		b = operands(s, b, rank + 1);
	return s->skip ? v : script_binary(s, op, &a, &b);
}

/* Perl's => is one. */
static bool is_comma(const struct script *s, const struct script_token *t)
{
	return script_is_op(t, ',') ||
	       (script_is_op(t, OP_ARROW) && script_is(s, INVOCATION_PERL));
}

struct script_value script_expr(struct script *s, unsigned int rank)
{
	struct script_value a = { .type = SCRIPT_UNKNOWN };
	size_t at = s->pos;

	if (s->depth >= DEPTH_MAX || !script_step(s)) {
		s->steps = s->steps_max;
		s->jump = JUMP_RETURN;
		return a;
	}
	s->depth++;
	a = script_atom(s);
	/* Without steps nothing is read any more. */
	while (s->steps < s->steps_max) {
		const struct script_token *t = script_peek(s, 0);
		unsigned int r = rank_of(s, t);

		if (r && r >= rank) {
			unsigned int op = t->kind == SCRIPT_OP ? t->op : OP_IN;

			s->pos++;
			a = binary(s, a, op, r, at);
		} else if (is_adjacent(s) && rank <= 10) {
			struct script_value b = script_expr(s, 11);

			a = script_binary(s, OP_CONCAT, &a, &b);
		} else if (rank <= RANK_TERNARY &&
			   (script_is_op(t, '?') ||
				   (script_word(s, t) == WORD_IF &&
					   script_is(s, INVOCATION_PYTHON)))) {
			a = ternary(s, a);
		} else if (rank <= RANK_COND && script_is_op(t, '|') &&
			   script_is(s, INVOCATION_POWERSHELL)) {
			s->pos++;
			a = pipe_to(s, a);
		} else if (rank == RANK_ALL && !s->no_comma && is_comma(s, t)) {
			a = script_rest(s, a);
		} else {
			break;
		}
	}
	s->depth--;
	return a;
}

struct script_value script_item(struct script *s)
{
	bool no_comma = s->no_comma;
	struct script_value v;

	s->no_comma = true;
	v = script_expr(s, RANK_ALL);
	s->no_comma = no_comma;
	return v;
}

/* The items behind a first one: a list. In Python and Ruby it may be what names
 * are given, in others it is the last one's value, or Perl's list. */
struct script_value script_rest(struct script *s, struct script_value first)
{
	struct script_value list = script_list(s, &first, 1), v;

	while (is_comma(s, script_peek(s, 0))) {
		const struct script_token *t = script_peek(s, 1);

		s->pos++;
		if (t->kind == SCRIPT_END || t->kind == SCRIPT_LINE ||
			script_is_op(t, ')') || script_is_op(t, ';'))
			break;
		v = script_is(s, INVOCATION_POWERSHELL)
			    ? script_expr(s, RANK_TERNARY)
			    : script_item(s);
		if (script_is(s, INVOCATION_PERL) && v.type == SCRIPT_LIST)
			for (size_t i = 0; i < script_length(s, &v); i++) {
				struct script_value one =
					script_element(s, &v, (int64_t)i);

				script_append(s, &list, &one);
			}
		else
			script_append(s, &list, &v);
		first = v;
	}
	return script_is(s, INVOCATION_NODE) || script_is(s, INVOCATION_PHP)
		       ? first
		       : list;
}
