// SPDX-License-Identifier: GPL-3.0-or-later
/* [ ... ] and [[ ... ]]: conditions about texts and numbers. */
#include "eval_state.h"

#include "text.h"

static enum eval_status status_of(bool is)
{
	return is ? STATUS_TRUE : STATUS_FALSE;
}

static enum eval_status flip(enum eval_status s)
{
	return s == STATUS_UNKNOWN ? s : status_of(s == STATUS_FALSE);
}

static enum eval_status both(
	enum eval_status a, enum eval_status b, bool is_and)
{
	enum eval_status rules = is_and ? STATUS_FALSE : STATUS_TRUE;

	if (a == rules || b == rules)
		return rules;
	return a == STATUS_UNKNOWN || b == STATUS_UNKNOWN ? STATUS_UNKNOWN
							  : flip(rules);
}

static enum eval_status unary(
	struct eval *e, struct bytes op, const struct eval_value *v)
{
	if (!eval_is_certain(v) || op.len != 2)
		return STATUS_UNKNOWN;
	switch (op.p[1]) {
	case 'n':
		return status_of(v->text.len > 0);
	case 'z':
		return status_of(v->text.len == 0);
	case 'v':
		return status_of(eval_var_get(e, v->text) != NULL);
	default:
		return STATUS_UNKNOWN;
	}
}

static const char *const numeric[] = { "-eq", "-ne", "-lt", "-le", "-gt",
	"-ge" };

static enum eval_status compare(
	struct eval *e, size_t how, struct bytes a, struct bytes b)
{
	int64_t x, y;

	if (!eval_arith(e, a, &x) || !eval_arith(e, b, &y))
		return STATUS_UNKNOWN;
	switch (how) {
	case 0:
		return status_of(x == y);
	case 1:
		return status_of(x != y);
	case 2:
		return status_of(x < y);
	case 3:
		return status_of(x <= y);
	case 4:
		return status_of(x > y);
	default:
		return status_of(x >= y);
	}
}

static bool is_less(struct bytes a, struct bytes b)
{
	size_t n = a.len < b.len ? a.len : b.len;
	int c = n ? memcmp(a.p, b.p, n) : 0;

	return c < 0 || (!c && a.len < b.len);
}

static enum eval_status binary(struct eval *e, const struct eval_value *a,
	struct bytes op, const struct eval_value *b, bool is_pattern)
{
	bool is_equal;

	if (!eval_is_certain(a) || !eval_is_certain(b))
		return STATUS_UNKNOWN;
	for (size_t i = 0; i < sizeof(numeric) / sizeof(numeric[0]); i++)
		if (bytes_equal(op, bytes_of(numeric[i])))
			return compare(e, i, a->text, b->text);
	if (bytes_equal(op, BYTES("<")))
		return status_of(is_less(a->text, b->text));
	if (bytes_equal(op, BYTES(">")))
		return status_of(is_less(b->text, a->text));
	if (!bytes_equal(op, BYTES("=")) && !bytes_equal(op, BYTES("==")) &&
		!bytes_equal(op, BYTES("!=")))
		return STATUS_UNKNOWN;
	is_equal = is_pattern ? eval_match(e, b->text, a->text)
			      : bytes_equal(a->text, b->text);
	return status_of(is_equal == (op.p[0] != '!'));
}

/* One to three words, or ! before them. */
static enum eval_status simple(
	struct eval *e, const struct eval_value *w, size_t n)
{
	if (n && bytes_equal(w[0].text, BYTES("!")))
		return flip(n == 1 ? STATUS_FALSE : simple(e, w + 1, n - 1));
	if (!n)
		return STATUS_FALSE;
	if (n == 1)
		return eval_is_certain(w) ? status_of(w[0].text.len > 0)
					  : STATUS_UNKNOWN;
	if (n == 2)
		return unary(e, w[0].text, &w[1]);
	return n == 3 ? binary(e, &w[0], w[1].text, &w[2], false)
		      : STATUS_UNKNOWN;
}

enum eval_status eval_test(
	struct eval *e, const struct eval_value *words, size_t n)
{
	enum eval_status s = STATUS_TRUE;
	bool is_and = true;
	size_t from = 0;

	for (size_t i = 0; i <= n && n; i++) {
		bool is_end = i == n;
		bool is_op = !is_end &&
			     (bytes_equal(words[i].text, BYTES("-a")) ||
				     bytes_equal(words[i].text, BYTES("-o")));

		if (!is_end && !is_op)
			continue;
		s = both(s, simple(e, words + from, i - from), is_and);
		is_and = is_op && words[i].text.p[1] == 'a';
		from = i + 1;
	}
	return n ? s : STATUS_FALSE;
}

static enum eval_status any(struct eval *e);

static void operator(struct eval *e, struct bytes *op)
{
	size_t n = 0;

	while (eval_peek(e, n) && !strchr(" \t\n", eval_peek(e, n)) && n < 4)
		n++;
	*op = (struct bytes){ e->at.src.p + e->at.pos, n };
	e->at.pos += n;
}

static bool is_closed(struct eval *e)
{
	eval_newlines(e);
	return eval_is_end(e) || eval_is_word(e, "]]") ||
	       eval_peek(e, 0) == ')' || eval_peek(e, 0) == '|' ||
	       (eval_peek(e, 0) == '&' && eval_peek(e, 1) == '&');
}

/* Past what is no condition that is understood. */
static enum eval_status give_up(struct eval *e)
{
	while (!is_closed(e) && eval_step(e, 1)) {
		size_t pos = e->at.pos;

		eval_word_one(e, false);
		e->at.pos += e->at.pos == pos;
	}
	return STATUS_UNKNOWN;
}

static enum eval_status primary(struct eval *e)
{
	struct eval_value a, b;
	struct bytes op;
	enum eval_status s;

	eval_newlines(e);
	if (eval_peek(e, 0) == '(') {
		e->at.pos++;
		s = any(e);
		eval_newlines(e);
		e->at.pos += eval_peek(e, 0) == ')';
		return s;
	}
	if (eval_peek(e, 0) == '-' && eval_peek(e, 1) &&
		strchr(" \t", eval_peek(e, 2) ? eval_peek(e, 2) : 'x')) {
		operator(e, &op);
		eval_blanks(e);
		a = eval_word_one(e, false);
		return e->skip ? STATUS_UNKNOWN : unary(e, op, &a);
	}
	a = eval_word_one(e, false);
	if (is_closed(e))
		return eval_is_certain(&a) ? status_of(a.text.len > 0)
					   : STATUS_UNKNOWN;
	operator(e, &op);
	if (bytes_equal(op, BYTES("=~")))
		return give_up(e);
	eval_blanks(e);
	b = eval_word_one(e, true);
	return e->skip ? STATUS_UNKNOWN : binary(e, &a, op, &b, true);
}

/* With any number of ! before it. */
static enum eval_status negated(struct eval *e)
{
	bool is_not = false;
	enum eval_status s;

	while (eval_take(e, "!") && eval_step(e, 1))
		is_not = !is_not;
	s = primary(e);
	return is_not ? flip(s) : s;
}

static enum eval_status any(struct eval *e)
{
	enum eval_status s;

	eval_enter(e);
	s = e->is_over ? STATUS_UNKNOWN : negated(e);
	while (!e->is_over && is_closed(e) && !eval_is_end(e) &&
		!eval_is_word(e, "]]") && eval_peek(e, 0) != ')') {
		bool is_and = eval_peek(e, 0) == '&';

		e->at.pos += 1u + (eval_peek(e, 1) == eval_peek(e, 0));
		s = both(s, negated(e), is_and);
	}
	eval_leave(e);
	return s;
}

void eval_conditional(struct eval *e)
{
	enum eval_status s;

	e->at.pos += 2;
	s = any(e);
	while (!eval_is_end(e) && !eval_is_word(e, "]]") && eval_step(e, 1))
		e->at.pos++;
	if (eval_is_word(e, "]]"))
		e->at.pos += 2;
	if (!e->skip)
		e->status = s;
}
