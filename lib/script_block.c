// SPDX-License-Identifier: GPL-3.0-or-later
/* Statements. A condition that is not known counts as true: what hides is to be
 * seen. */
#include "script_state.h"

static const struct script_value unknown = { .type = SCRIPT_UNKNOWN };

bool script_step(struct script *s)
{
	if (++s->steps <= s->steps_max && str_ok(&s->arena))
		return true;
	return false;
}

/* Ruby's @name, which is its object's. */
static bool is_attribute(const struct script *s, unsigned short name)
{
	return s->names[name].text.len && s->names[name].text.p[0] == '@' &&
	       script_is(s, INVOCATION_RUBY);
}

struct script_value *script_find(struct script *s, unsigned short name)
{
	for (size_t i = s->n_vars; i > 0; i--)
		if (s->vars[i - 1].name == name)
			return &s->vars[i - 1].value;
	return is_attribute(s, name)
		       ? script_field(s, &unknown, s->names[name].text)
		       : NULL;
}

void script_push(
	struct script *s, unsigned short name, const struct script_value *v)
{
	if (s->n_vars == VARS_MAX) {
		s->is_full = true;
		return;
	}
	s->vars[s->n_vars].name = name;
	s->vars[s->n_vars++].value = *v;
}

void script_bind(
	struct script *s, unsigned short name, const struct script_value *v)
{
	if (s->skip)
		return;
	if (is_attribute(s, name)) {
		script_set_field(s, &unknown, name, v);
		return;
	}
	for (size_t i = s->n_vars; i > s->floor; i--)
		if (s->vars[i - 1].name == name) {
			s->vars[i - 1].value = *v;
			return;
		}
	script_push(s, name, v);
}

/* Where a block that begins at pos ends; pos is then in it. */
static size_t block_end(struct script *s)
{
	const struct script_token *t = script_peek(s, 0);
	size_t end, i;

	if (script_is_op(t, '{')) {
		end = t->other;
		s->pos++;
		return end ? end : s->n_tokens - 1;
	}
	if (script_is(s, INVOCATION_PYTHON)) {
		unsigned int indent = 0;

		if (script_is_op(t, ':'))
			s->pos++;
		i = s->pos;
		if (s->tokens[i].kind != SCRIPT_LINE) {
			while (s->tokens[i].kind != SCRIPT_LINE &&
				s->tokens[i].kind != SCRIPT_END)
				i++;
			return i;
		}
		indent = s->tokens[i + 1].indent;
		for (i++; s->tokens[i].kind != SCRIPT_END; i++)
			if (s->tokens[i].is_first &&
				s->tokens[i].indent < indent)
				break;
		return i;
	}
	/* One statement: to its end. */
	for (i = s->pos; i < s->n_tokens; i++) {
		t = &s->tokens[i];
		if (t->kind == SCRIPT_END || t->kind == SCRIPT_LINE ||
			script_is_op(t, ';') || script_is_op(t, '}'))
			break;
		if (t->kind == SCRIPT_OP && t->other > i)
			i = t->other;
	}
	return i;
}

/* Past the statement's head at pos to its block, and where that ends; *next is
 * behind it. */
size_t script_body(struct script *s, size_t head, size_t *next)
{
	const struct script_token *t = &s->tokens[head];
	size_t end;

	if (script_is(s, INVOCATION_LUA) || script_is(s, INVOCATION_RUBY)) {
		enum script_word w = script_word(s, script_peek(s, 0));

		if (w == WORD_DO || w == WORD_THEN) {
			t = w == WORD_DO ? script_peek(s, 0) : t;
			s->pos++;
		}
		end = t->other ? t->other : s->n_tokens - 1;
		*next = end + 1;
		return end;
	}
	while (script_peek(s, 0)->kind == SCRIPT_LINE &&
		!script_is(s, INVOCATION_PYTHON))
		s->pos++;
	end = block_end(s);
	*next = end + (script_is_op(&s->tokens[end], '}') ||
			      script_is_op(&s->tokens[end], ';'));
	return end;
}

/* The value that a statement leaves is the function's, should it be the last.
 */
static void expression(struct script *s)
{
	size_t pos = s->pos;
	struct script_value v = script_expr(s, RANK_ALL);

	if (v.type != SCRIPT_UNKNOWN || !script_is(s, INVOCATION_NODE))
		s->last = v;
	if (s->pos == pos)
		s->pos++;
}

static void jump(struct script *s, enum script_word w, size_t end)
{
	struct script_value v = { .type = SCRIPT_UNKNOWN };

	s->pos++;
	if (w == WORD_RETURN && s->pos < end &&
		script_peek(s, 0)->kind != SCRIPT_LINE &&
		!script_is_op(script_peek(s, 0), ';') &&
		!script_is_op(script_peek(s, 0), '}'))
		v = script_expr(s, RANK_ALL);
	if (w == WORD_RETURN)
		s->last = v;
	s->jump = w == WORD_RETURN  ? JUMP_RETURN
		  : w == WORD_BREAK ? JUMP_BREAK
				    : JUMP_CONTINUE;
}

/* from a import b as c, import a as c: c is then b's name. */
static void import(struct script *s, size_t end)
{
	bool has_names = script_word(s, script_peek(s, 0)) == WORD_FROM;

	for (s->pos++; s->pos < end; s->pos++) {
		const struct script_token *t = script_peek(s, 0);
		struct script_value v = { .type = SCRIPT_BUILTIN };

		if (t->kind == SCRIPT_LINE || script_is_op(t, ';'))
			return;
		if (t->kind != SCRIPT_NAME || !has_names ||
			script_word(s, script_peek(s, 1)) != WORD_AS)
			continue;
		v.at = t->name;
		script_bind(s, script_peek(s, 2)->name, &v);
		s->pos += 2;
	}
}

/* Behind a Perl or Ruby statement: its for, if and the like. */
static size_t postfix(const struct script *s, size_t end)
{
	size_t i;

	if (!script_is(s, INVOCATION_PERL) && !script_is(s, INVOCATION_RUBY))
		return end;
	for (i = s->pos + 1; i < end; i++) {
		const struct script_token *t = &s->tokens[i];
		enum script_word w = script_word(s, t);

		if (t->kind == SCRIPT_LINE || script_is_op(t, ';') ||
			script_is_op(t, '}'))
			return end;
		if (w == WORD_FOR || w == WORD_WHILE || w == WORD_UNTIL ||
			w == WORD_IF || w == WORD_UNLESS)
			return i;
		if (t->kind == SCRIPT_OP && t->other > i)
			i = t->other;
	}
	return end;
}

static void behind(struct script *s, size_t kw)
{
	struct script_function f = { .n_params = 0 };
	enum script_word w = script_word(s, &s->tokens[kw]);
	size_t at = s->pos, past;
	struct script_value v;

	s->pos = kw + 1;
	v = script_expr(s, RANK_ALL);
	past = s->pos;
	if (w == WORD_FOR) {
		v = script_as_list(s, &v);
		script_each(s, &f, &v, at, kw, false);
	} else if (w == WORD_IF || w == WORD_UNLESS) {
		if (v.type == SCRIPT_UNKNOWN ||
			script_true(s, &v) == (w == WORD_IF))
			script_block(s, at, kw);
	} else {
		while (script_turn(s, at, kw)) {
			if (v.type == SCRIPT_UNKNOWN)
				break;
			s->pos = kw + 1;
			v = script_expr(s, RANK_ALL);
			if (script_true(s, &v) != (w == WORD_WHILE))
				break;
		}
	}
	s->pos = past;
}

void script_section(struct script *s, bool is_run)
{
	size_t head = s->pos++, next, end, at;

	while (s->pos < s->n_tokens && !script_is_op(script_peek(s, 0), '{') &&
		!script_is_op(script_peek(s, 0), ':') &&
		!script_is(s, INVOCATION_RUBY) &&
		script_peek(s, 0)->kind != SCRIPT_END)
		s->pos++;
	end = script_body(s, head, &next);
	at = s->pos;
	if (is_run)
		script_block(s, at, end);
	s->pos = next;
}

/* { ... } alone */
static void braced(struct script *s, size_t end)
{
	script_block(s, s->pos + 1, end);
	s->pos = end + 1;
}

static bool ends_statement(const struct script_token *t)
{
	return t->kind == SCRIPT_LINE || script_is_op(t, ';') ||
	       script_is_op(t, '}') || t->kind == SCRIPT_END;
}

static void statement(struct script *s, size_t end)
{
	const struct script_token *t = script_peek(s, 0);
	enum script_word w = script_word(s, t);
	size_t kw;

	if (ends_statement(t)) {
		s->pos++;
		return;
	}
	if (s->phase && s->depth == 1 && w != WORD_DEF) {
		script_rule(s);
		return;
	}
	if (script_is_op(t, '{') && t->other) {
		braced(s, t->other);
		return;
	}
	if (script_is_control(s, w)) {
		script_control(s);
		return;
	}
	switch (w) {
	case WORD_IMPORT:
	case WORD_FROM:
		import(s, end);
		return;
	case WORD_RETURN:
	case WORD_BREAK:
	case WORD_CONTINUE:
		kw = postfix(s, end);
		if (kw < end)
			behind(s, kw);
		else
			jump(s, w, end);
		return;
	case WORD_CLASS:
		script_class(s);
		return;
	case WORD_TRY:
	case WORD_CATCH:
		script_section(s, w == WORD_TRY);
		return;
	case WORD_DO:
		if (!script_is_op(script_peek(s, 1), '{') || !script_until(s))
			s->pos++;
		return;
	case WORD_BEGIN:
	case WORD_END:
	case WORD_THEN:
		s->pos++;
		return;
	default:
		break;
	}
	kw = postfix(s, end);
	if (kw < end)
		behind(s, kw);
	else if (!script_assign_many(s))
		expression(s);
}

void script_block(struct script *s, size_t at, size_t end)
{
	s->pos = at;
	s->is_full |= s->depth >= DEPTH_MAX;
	if (s->depth >= DEPTH_MAX)
		return;
	s->depth++;
	while (s->pos < end && s->jump == JUMP_NONE && script_step(s)) {
		/* What the statement before did not take is passed over. */
		if (script_is_op(script_peek(s, 0), ',') ||
			script_is_op(script_peek(s, 0), ')') ||
			script_is_op(script_peek(s, 0), ']')) {
			s->pos++;
			continue;
		}
		statement(s, end);
	}
	s->depth--;
}
