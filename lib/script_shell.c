// SPDX-License-Identifier: GPL-3.0-or-later
/* PowerShell's blocks, and calls of what is named by a text. */
#include "script_state.h"

bool script_is_block(const struct script *s, size_t open)
{
	/* @{ ... } is a map. */
	return script_is(s, INVOCATION_POWERSHELL) && s->tokens[open].other &&
	       !(open && script_is_op(&s->tokens[open - 1], '@'));
}

/* { param($a, $b) ... } */
struct script_value script_shell_block(struct script *s, size_t open)
{
	struct script_function f = { .end = s->tokens[open].other };

	s->pos = open + 1;
	if (script_peek(s, 0)->kind == SCRIPT_NAME &&
		bytes_equal(s->names[script_peek(s, 0)->name].text,
			BYTES("param")) &&
		script_is_op(script_peek(s, 1), '(')) {
		size_t close = script_peek(s, 1)->other;

		s->pos += 2;
		script_params(s, &f, ')');
		s->pos = close ? close + 1 : s->pos;
	}
	f.at = (uint32_t)s->pos;
	s->pos = f.end + 1;
	return script_add_function(s, &f);
}

/* Whether another argument begins at pos. */
static bool begins(const struct script *s)
{
	const struct script_token *t = script_peek(s, 0);

	if (t->kind == SCRIPT_OP)
		return t->op == '(' || t->op == '[' || t->op == '@';
	return t->kind == SCRIPT_STRING || t->kind == SCRIPT_NUMBER ||
	       (t->kind == SCRIPT_NAME && t->has_sigil);
}

/* f $x, 'y' */
struct script_value script_shell_given(
	struct script *s, const struct script_value *of)
{
	struct script_value f = *of, args[ARGS_MAX], v;
	size_t n = 0;

	while (begins(s) && n < ARGS_MAX) {
		size_t pos = s->pos;

		v = script_expr(s, RANK_TERNARY);
		if (s->pos == pos)
			break;
		args[n++] = v;
	}
	return script_invoke(s, &f, args, n);
}

/* &('I' + 'EX') $x, .{ ... } */
struct script_value script_shell_call(struct script *s)
{
	struct script_value f = script_atom(s);

	return script_shell_given(s, &f);
}
