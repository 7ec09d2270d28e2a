// SPDX-License-Identifier: GPL-3.0-or-later
/* Loops and branches. */
#include "script_state.h"

/* Of a loop that never ends: behind it nothing is run. */
#define TURNS_MAX 64

/* A loop's block once. False: no more. */
bool script_turn(struct script *s, size_t at, size_t end)
{
	script_block(s, at, end);
	if (s->jump == JUMP_CONTINUE)
		s->jump = JUMP_NONE;
	if (s->jump == JUMP_BREAK) {
		s->jump = JUMP_NONE;
		return false;
	}
	return s->jump == JUMP_NONE && script_step(s);
}

/* The names of a loop. */
void script_targets(struct script *s, struct script_function *f)
{
	while (s->pos < s->n_tokens && f->n_params < PARAMS_MAX) {
		const struct script_token *t = script_peek(s, 0);

		if (t->kind == SCRIPT_NAME && script_word(s, t) != WORD_DECLARE)
			f->params[f->n_params++] = t->name;
		else if (!script_is_op(t, ',') && !script_is_op(t, '(') &&
			 script_word(s, t) != WORD_DECLARE)
			return;
		if (t->kind == SCRIPT_NAME && script_is(s, INVOCATION_PERL) &&
			script_word(s, t) != WORD_DECLARE) {
			s->pos++;
			return;
		}
		if (script_word(s, script_peek(s, 1)) == WORD_IN ||
			script_is_op(script_peek(s, 1), ')')) {
			s->pos++;
			return;
		}
		s->pos++;
	}
}

static void bind_turn(struct script *s, const struct script_function *f,
	const struct script_value *list, size_t i, bool is_pairs)
{
	struct script_value v = script_element(s, list, (int64_t)i), part;

	if (is_pairs && f->n_params > 1) {
		struct script_value n = script_int((int64_t)i);

		n.number += script_is(s, INVOCATION_LUA);
		n.flags = IS_COUNTED;
		script_bind(s, f->params[0], &n);
		script_bind(s, f->params[1], &v);
		return;
	}
	if (f->n_params < 2) {
		script_bind(s, f->n_params ? f->params[0] : s->underscore, &v);
		return;
	}
	for (unsigned int k = 0; k < f->n_params; k++) {
		part = v.type == SCRIPT_LIST ? script_element(s, &v, k)
		       : k                   ? (struct script_value){ 0 }
					     : v;
		script_bind(s, f->params[k], &part);
	}
}

void script_each(struct script *s, const struct script_function *f,
	const struct script_value *list, size_t at, size_t end, bool is_pairs)
{
	size_t n = script_length(s, list);

	if (list->type == SCRIPT_UNKNOWN || list->type == SCRIPT_INT)
		n = 1;
	for (size_t i = 0; i < n && !s->skip; i++) {
		bind_turn(s, f, list, i, is_pairs);
		if (!script_turn(s, at, end))
			return;
	}
}

/* Whether nothing between the tokens leaves the loop around them. */
static bool is_endless(struct script *s, size_t at, size_t end)
{
	s->steps += (end - at) / 16;
	for (; at < end; at++) {
		enum script_word w = script_word(s, &s->tokens[at]);

		if (w == WORD_BREAK || w == WORD_RETURN ||
			(s->tokens[at].kind == SCRIPT_NAME &&
				invocation_is_listed("exit quit die sys",
					s->names[s->tokens[at].name].text)))
			return false;
	}
	return true;
}

/* for (a; b; c) */
static void counted(struct script *s, size_t head, size_t close)
{
	size_t check, step, at, end, next;
	bool is_bounded;

	for (check = head; check < close; check++)
		if (script_is_op(&s->tokens[check], ';'))
			break;
	script_block(s, head, check);
	check++;
	for (step = check; step < close; step++)
		if (script_is_op(&s->tokens[step], ';'))
			break;
	step++;
	s->pos = close + 1;
	end = script_body(s, head, &next);
	at = s->pos;
	is_bounded = check + 1 >= step && is_endless(s, at, end);
	for (unsigned int n = 0; !s->skip && !(is_bounded && n > TURNS_MAX);
		n++) {
		struct script_value v = { .type = SCRIPT_INT, .number = 1 };

		s->pos = check;
		if (check + 1 < step)
			v = script_expr(s, RANK_ALL);
		if (!script_true(s, &v) || !script_turn(s, at, end))
			break;
		script_block(s, step, close);
		if (v.type == SCRIPT_UNKNOWN)
			break;
	}
	s->pos = next;
}

/* Lua's for i = 1, n, 2 do */
static void numbered(
	struct script *s, size_t head, const struct script_function *f)
{
	struct script_value v[3] = { { 0 } };
	int64_t from = 1, to = 0, step = 1;
	size_t n = 0, next, at, end;

	do
		v[n++] = script_item(s);
	while (n < 3 && script_take(s, ','));
	end = script_body(s, head, &next);
	at = s->pos;
	if (!script_to_int(s, &v[0], &from) || !script_to_int(s, &v[1], &to))
		to = from;
	if (n > 2 && (!script_to_int(s, &v[2], &step) || !step))
		step = 1;
	for (; !s->skip && (step > 0 ? from <= to : from >= to); from += step) {
		struct script_value i = script_int(from);

		i.flags = IS_COUNTED;
		script_bind(s, f->params[0], &i);
		if (!script_turn(s, at, end))
			break;
	}
	s->pos = next;
}

static void loop(struct script *s)
{
	struct script_function f = { .n_params = 0 };
	size_t head = s->pos - 1, at, end, next, close = 0;
	struct script_value list;
	bool is_pairs = false, is_numbers = false;

	if (script_is_op(script_peek(s, 0), '(')) {
		close = script_peek(s, 0)->other;
		s->pos++;
		for (size_t i = s->pos; i < close; i++) {
			if (script_is_op(&s->tokens[i], ';')) {
				counted(s, s->pos, close);
				return;
			}
			if (s->tokens[i].kind == SCRIPT_OP &&
				s->tokens[i].other > i)
				i = s->tokens[i].other;
		}
	}
	/* PHP has the list first. */
	if (script_is(s, INVOCATION_PHP)) {
		list = script_expr(s, RANK_ALL);
		if (script_word(s, script_peek(s, 0)) == WORD_AS)
			s->pos++;
		script_targets(s, &f);
		if (script_take(s, OP_ARROW)) {
			is_pairs = true;
			script_targets(s, &f);
		}
	} else {
		if (!close || !script_is(s, INVOCATION_PERL))
			script_targets(s, &f);
		if (script_is(s, INVOCATION_LUA) && f.n_params &&
			script_take(s, OP_SET)) {
			numbered(s, head, &f);
			return;
		}
		if (script_word(s, script_peek(s, 0)) == WORD_IN) {
			/* JavaScript's in gives places, of gives values. */
			is_numbers = script_is(s, INVOCATION_NODE) &&
				     script_peek(s, 0)->first == 'i';
			s->pos++;
		}
		is_pairs = script_is(s, INVOCATION_LUA);
		list = script_expr(s, RANK_ALL);
	}
	if (close)
		s->pos = close + 1;
	end = script_body(s, head, &next);
	at = s->pos;
	list = script_as_list(s, &list);
	if (is_numbers && list.type == SCRIPT_LIST)
		list = script_range(s, 0, list.len, 1);
	script_each(s, &f, &list, at, end, is_pairs);
	s->pos = next;
}

/* do { ... } while (...). False: there is no while. */
bool script_until(struct script *s)
{
	size_t at = s->pos + 2, end = s->tokens[s->pos + 1].other;
	enum script_word w =
		end ? script_word(s, &s->tokens[end + 1]) : WORD_NONE;
	struct script_value v;

	if (w != WORD_WHILE && w != WORD_UNTIL)
		return false;
	do {
		bool is_more = script_turn(s, at, end);

		s->pos = end + 2;
		v = script_expr(s, RANK_COND);
		if (!is_more || v.type == SCRIPT_UNKNOWN)
			break;
	} while (script_true(s, &v) == (w == WORD_WHILE));
	return true;
}

static void repeat(struct script *s)
{
	size_t head = s->pos, check = head + 1, at, end, next;
	bool is_until = script_word(s, script_peek(s, 0)) == WORD_UNTIL;

	s->pos++;
	for (unsigned int n = 0; !s->skip; n++) {
		struct script_value v;
		bool is_constant;

		s->pos = check;
		v = script_expr(s, RANK_COND);
		is_constant = s->pos == check + 1 &&
			      (v.type == SCRIPT_BUILTIN ||
				      s->tokens[check].kind == SCRIPT_NUMBER);
		end = script_body(s, head, &next);
		at = s->pos;
		if (n == TURNS_MAX && is_constant && is_endless(s, at, end))
			break;
		if ((v.type == SCRIPT_UNKNOWN
				    ? n > 0
				    : script_true(s, &v) == is_until) ||
			!script_turn(s, at, end))
			break;
	}
	s->pos = next;
}

/* The next elsif or else of the if whose end is at end. */
static size_t branch(const struct script *s, size_t i, size_t end)
{
	for (; i < end; i++) {
		enum script_word w = script_word(s, &s->tokens[i]);

		if (w == WORD_ELIF || w == WORD_ELSE)
			return i;
		if (s->tokens[i].other > i)
			i = s->tokens[i].other;
	}
	return end;
}

/* if ... then ... elseif ... else ... end */
static void choose_words(struct script *s)
{
	size_t head = s->pos, end = s->tokens[head].other;
	bool is_done = false;

	if (!end)
		end = s->n_tokens - 1;
	while (s->pos < end) {
		enum script_word w = script_word(s, script_peek(s, 0));
		struct script_value v = script_int(1);
		size_t to;

		s->pos++;
		if (w != WORD_ELSE)
			v = script_expr(s, RANK_COND);
		if (script_word(s, script_peek(s, 0)) == WORD_THEN)
			s->pos++;
		to = branch(s, s->pos, end);
		if (!is_done &&
			(v.type == SCRIPT_UNKNOWN ||
				script_true(s, &v) == (w != WORD_UNLESS))) {
			is_done = true;
			script_block(s, s->pos, to);
		}
		s->pos = to;
	}
	s->pos = end + 1;
}

static void choose(struct script *s)
{
	enum script_word w = script_word(s, script_peek(s, 0));
	bool is_done = false;

	if (script_is(s, INVOCATION_LUA) || script_is(s, INVOCATION_RUBY)) {
		choose_words(s);
		return;
	}
	for (;;) {
		struct script_value v = script_int(1);
		size_t head = s->pos++, at, end, next;

		if (w == WORD_ELSE &&
			script_word(s, script_peek(s, 0)) == WORD_IF) {
			s->pos++;
			w = WORD_ELIF;
		}
		if (w != WORD_ELSE)
			v = script_expr(s, RANK_COND);
		end = script_body(s, head, &next);
		at = s->pos;
		if (!is_done &&
			(v.type == SCRIPT_UNKNOWN ||
				script_true(s, &v) == (w != WORD_UNLESS))) {
			is_done = true;
			script_block(s, at, end);
		}
		s->pos = next;
		while (script_peek(s, 0)->kind == SCRIPT_LINE)
			s->pos++;
		w = script_word(s, script_peek(s, 0));
		if ((w != WORD_ELIF && w != WORD_ELSE) || s->jump != JUMP_NONE)
			return;
	}
}

bool script_is_control(const struct script *s, enum script_word w)
{
	(void)s;
	return w == WORD_FOR || w == WORD_WHILE || w == WORD_UNTIL ||
	       w == WORD_IF || w == WORD_UNLESS;
}

void script_control(struct script *s)
{
	enum script_word w = script_word(s, script_peek(s, 0));

	if (w == WORD_FOR) {
		s->pos++;
		loop(s);
	} else if (w == WORD_IF || w == WORD_UNLESS) {
		choose(s);
	} else {
		repeat(s);
	}
}
