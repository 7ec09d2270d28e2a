// SPDX-License-Identifier: GPL-3.0-or-later
/* Names: of variables, and of functions that need no brackets. */
#include "script_state.h"

#include "script_calls.h"

static const struct script_value unknown = { .type = SCRIPT_UNKNOWN };

/* Lists that other names have, too, change with them. */
static void share(struct script *s, const struct script_value *old,
	const struct script_value *now)
{
	struct script_value to = *now;

	if (!old->len || script_is(s, INVOCATION_PHP) ||
		script_is(s, INVOCATION_PERL) ||
		(old->at == to.at && old->len == to.len))
		return;
	for (size_t i = 0; i < s->n_vars; i++) {
		struct script_value *v = &s->vars[i].value;

		if (v->type == SCRIPT_LIST && v->at == old->at &&
			v->len == old->len)
			*v = to;
	}
	s->steps += s->n_vars / 16;
}

void script_update(struct script *s, unsigned short name, unsigned short call,
	const struct script_value *result)
{
	unsigned int id = script_call_id(call);
	struct script_value *var = script_find(s, name);

	struct script_value old;

	if (!var || s->skip || var->type != SCRIPT_LIST)
		return;
	old = *var;
	if ((id == CALL_APPEND ||
		    (id == CALL_REVERSE && !script_is(s, INVOCATION_RUBY) &&
			    !script_is(s, INVOCATION_PHP) &&
			    !script_is(s, INVOCATION_PERL))) &&
		result->type == SCRIPT_LIST)
		*var = *result;
	if ((id == CALL_SHIFT || id == CALL_POP) && var->len) {
		var->at += id == CALL_SHIFT;
		var->number -= id == CALL_SHIFT && var->number > 0;
		var->len--;
	}
	share(s, &old, var);
}

/* Whether an operand begins at pos: one that a word is given. */
static bool begins(const struct script *s)
{
	const struct script_token *t = script_peek(s, 0);

	if (t->kind == SCRIPT_OP)
		return t->is_spaced ? (t->op == '(' || t->op == '[' ||
					      t->op == '~' || t->op == '{' ||
					      t->op == '\\' || t->op == '"' ||
					      t->op == ',' ||
					      t->op == OP_JOIN || t->op == '&')
				    : (t->op == '{' || t->op == '[' ||
					      t->op == '(' || t->op == ',') &&
					      !(t->op == ',' && s->no_comma);
	if (t->kind == SCRIPT_NAME)
		return script_word(s, t) == WORD_NONE ||
		       script_word(s, t) == WORD_DECLARE ||
		       script_word(s, t) == WORD_DO ||
		       script_word(s, t) == WORD_DEF ||
		       script_word(s, t) == WORD_SKIP;
	return t->kind == SCRIPT_STRING || t->kind == SCRIPT_NUMBER ||
	       t->kind == SCRIPT_PATTERN;
}

/* map { ... } list, map expr, list */
static size_t mapped(struct script *s, struct script_value args[ARGS_MAX])
{
	struct script_function f = { .n_params = 0 };
	const struct script_token *t;
	bool has_paren = script_is_op(script_peek(s, 0), '(');
	size_t end = has_paren ? script_peek(s, 0)->other : 0;
	bool no_comma = s->no_comma;

	s->pos += has_paren;
	t = script_peek(s, 0);
	if (script_is_op(t, '{') && t->other) {
		f.at = (uint32_t)s->pos + 1;
		f.end = t->other;
		s->pos = t->other + 1;
		script_take(s, ',');
	} else {
		f.at = (uint32_t)s->pos;
		f.is_expression = true;
		s->skip++;
		(void)script_item(s);
		s->skip--;
		script_take(s, ',');
	}
	args[0] = script_add_function(s, &f);
	/* All that follows is its list. */
	s->no_comma = false;
	args[1] = script_expr(s, RANK_ALL);
	s->no_comma = no_comma;
	if (end)
		s->pos = end + 1;
	return 2;
}

/* A name that is given what follows it without brackets. */
static struct script_value word_call(struct script *s, unsigned short name)
{
	unsigned short call = s->names[name].call;
	struct script_value args[ARGS_MAX], list;
	const struct script_token *about = script_peek(s, 0);
	size_t n = 0;

	if (script_is_mapping(call) && script_is(s, INVOCATION_PERL)) {
		n = mapped(s, args);
	} else if (script_is_unary(call) ||
		   script_is(s, INVOCATION_POWERSHELL)) {
		args[n++] = script_expr(
			s, script_is(s, INVOCATION_POWERSHELL) ? 3 : 6);
	} else {
		bool no_comma = s->no_comma;

		if (script_is_op(script_peek(s, 0), '{') &&
			script_is(s, INVOCATION_PERL))
			return unknown;
		s->no_comma = true;
		do {
			list = script_expr(s, RANK_TERNARY);
			n = script_add_arg(s, args, n, &list);
		} while (script_take(s, ',') || script_take(s, OP_ARROW));
		s->no_comma = no_comma;
	}
	if (n < ARGS_MAX && script_ruby_block(s, &args[n]))
		n++;
	if (s->skip)
		return unknown;
	/* awk's print a | "sh" */
	if (script_is(s, INVOCATION_AWK) && script_is_write(call) &&
		script_take(s, '|')) {
		script_write(s, call, args, n, true);
		call = script_call_of(s, BYTES("system"));
	}
	list = script_call(s, call, NULL, args, n);
	if (about->kind == SCRIPT_NAME)
		script_update(s, about->name, call, &list);
	return list;
}

static bool has_word_calls(const struct script *s)
{
	return script_is(s, INVOCATION_PERL) || script_is(s, INVOCATION_RUBY) ||
	       script_is(s, INVOCATION_POWERSHELL) ||
	       script_is(s, INVOCATION_AWK) || script_is(s, INVOCATION_PHP) ||
	       script_is(s, INVOCATION_PYTHON);
}

/* Perl's eval; */
static bool is_bare_run(const struct script *s, const struct script_token *t,
	unsigned short call)
{
	return script_call_id(call) == CALL_RUN &&
	       bytes_equal(s->names[t->name].text, BYTES("eval"));
}

/* chr is chr($_), shift is shift(@_). */
static struct script_value about_it(struct script *s, unsigned short call)
{
	bool is_shift = script_call_id(call) == CALL_SHIFT;
	const struct script_value *it =
		script_find(s, is_shift ? s->args : s->underscore);
	struct script_value v, args[1];

	if (!it || s->skip)
		return unknown;
	args[0] = *it;
	v = script_call(s, call, NULL, args, 1);
	if (is_shift)
		script_update(s, s->args, call, &v);
	return v;
}

struct script_value script_named(struct script *s, const struct script_token *t)
{
	struct script_value v = unknown;
	const struct script_value *var = script_find(s, t->name);
	unsigned short call = t->has_sigil ? 0 : s->names[t->name].call;
	const struct script_token *next = script_peek(s, 0);

	if (s->phase && t->has_sigil)
		return s->skip ? unknown : script_record_named(s, t);
	if (script_is_assigned(s))
		return script_assign(s, t->name);
	if (t->has_sigil && s->names[t->name].text.len == 1 &&
		s->names[t->name].text.p[0] >= '0' &&
		s->names[t->name].text.p[0] <= '3')
		return s->groups[s->names[t->name].text.p[0] - '0'];
	if (var && var->type == SCRIPT_FUNCTION && !t->has_sigil &&
		script_is(s, INVOCATION_POWERSHELL))
		return script_shell_given(s, var);
	if (var && (t->has_sigil || !call || var->type != SCRIPT_UNKNOWN))
		return *var;
	if (t->has_sigil)
		return unknown;
	if (call && script_is_mapping(call) && script_is(s, INVOCATION_PERL))
		return word_call(s, t->name);
	if (call && has_word_calls(s) &&
		(!script_is_op(next, '(') ||
			script_is(s, INVOCATION_POWERSHELL)) &&
		begins(s) && !next->is_first &&
		!(script_is_op(next, '[') && !next->is_spaced))
		return word_call(s, t->name);
	if (call && script_is(s, INVOCATION_PERL) && !script_is_op(next, '(') &&
		(script_is_about(call) || is_bare_run(s, t, call)))
		return about_it(s, call);
	/* awk's print alone is print $0. */
	if (s->phase && !s->skip && script_call_id(call) == CALL_PRINT) {
		script_write(s, call, &s->record, 1, false);
		return unknown;
	}
	v.type = SCRIPT_BUILTIN;
	v.at = t->name;
	return v;
}
