// SPDX-License-Identifier: GPL-3.0-or-later
/* What operators make of two values. */
#include "script_state.h"

#include "text.h"

/* Characters that are added one by one. */
#define SINGLES_MIN 4

static const struct script_value unknown = { .type = SCRIPT_UNKNOWN };

/* Numbers of one character each are what is given to ^ by texts. */
static struct script_value xor_texts(struct script *s,
	const struct script_value *a, const struct script_value *b)
{
	size_t at = s->arena.len, n = a->len < b->len ? a->len : b->len;
	struct script_value to;
	bool is_longest = script_is(s, INVOCATION_PERL);
	size_t m = a->len < b->len ? b->len : a->len;

	for (size_t i = 0; i < (is_longest ? m : n) && str_ok(&s->arena); i++) {
		char x = i < a->len ? s->arena.p[a->at + i] : '\0';
		char y = i < b->len ? s->arena.p[b->at + i] : '\0';

		str_addc(&s->arena, (char)(x ^ y));
	}
	s->steps += n / 8;
	to = script_made(s, at);
	script_inherit(s, &to, a);
	script_inherit(s, &to, b);
	script_undone(s, &to, "xor", IS_HIDDEN);
	return to;
}

static int64_t calculated(unsigned int op, int64_t a, int64_t b, bool *is_good)
{
	uint64_t x = (uint64_t)a, y = (uint64_t)b;

	switch (op) {
	case '+':
		return (int64_t)(x + y);
	case '-':
		return (int64_t)(x - y);
	case '*':
		return (int64_t)(x * y);
	case '/':
	case OP_FLOOR:
		*is_good = b > 0;
		return b > 0 ? (a - (a < 0 ? b - 1 : 0)) / b : 0;
	case '%':
		*is_good = b > 0;
		return b > 0 ? (a % b + b) % b : 0;
	case OP_XOR:
		return (int64_t)(x ^ y);
	case '&':
		return (int64_t)(x & y);
	case '|':
		return (int64_t)(x | y);
	case OP_SHL:
		return b >= 0 && b < 48 ? (int64_t)(x << y) : 0;
	case OP_SHR:
		return b >= 0 && b < 64 ? (int64_t)(x >> y) : 0;
	case OP_POW: {
		uint64_t v = 1;

		for (int64_t i = 0; i < b && i < 64; i++)
			v *= x;
		return (int64_t)v;
	}
	default:
		*is_good = false;
		return 0;
	}
}

bool script_equal(struct script *s, const struct script_value *a,
	const struct script_value *b)
{
	int64_t n, m;

	if (a->type == SCRIPT_TEXT && b->type == SCRIPT_TEXT) {
		s->steps += a->len == b->len ? a->len / 64 : 0;
		return bytes_equal(script_text(s, a), script_text(s, b));
	}
	return script_to_int(s, a, &n) && script_to_int(s, b, &m) && n == m;
}

static struct script_value compared(struct script *s, unsigned int op,
	const struct script_value *a, const struct script_value *b)
{
	struct bytes x = script_text(s, a), y = script_text(s, b);
	int64_t n, m, order;

	if (a->type == SCRIPT_UNKNOWN || b->type == SCRIPT_UNKNOWN ||
		a->type == SCRIPT_BUILTIN || b->type == SCRIPT_BUILTIN)
		return unknown;
	if (op == OP_IN) {
		if (b->type == SCRIPT_TEXT && a->type == SCRIPT_TEXT)
			return script_int(!x.len || text_find(y, x));
		for (size_t i = 0; i < script_length(s, b); i++) {
			struct script_value one =
				script_element(s, b, (int64_t)i);

			if (script_equal(s, a, &one))
				return script_int(1);
		}
		return script_int(0);
	}
	if (op == OP_EQ || op == OP_NE)
		return script_int(script_equal(s, a, b) == (op == OP_EQ));
	if (a->type == SCRIPT_TEXT && b->type == SCRIPT_TEXT) {
		size_t least = x.len < y.len ? x.len : y.len;

		order = least ? memcmp(x.p, y.p, least) : 0;
		if (!order)
			order = (int64_t)x.len - (int64_t)y.len;
	} else if (script_to_int(s, a, &n) && script_to_int(s, b, &m)) {
		order = n < m ? -1 : n > m;
	} else {
		return unknown;
	}
	return script_int(op == '<'     ? order < 0
			  : op == '>'   ? order > 0
			  : op == OP_LE ? order <= 0
					: order >= 0);
}

static struct script_value joined(struct script *s,
	const struct script_value *a, const struct script_value *b)
{
	struct script_value x = script_to_text(s, a), y = script_to_text(s, b);
	struct script_value to;
	size_t at;

	if (x.type != SCRIPT_TEXT || y.type != SCRIPT_TEXT)
		return unknown;
	/* What was built last is built on. */
	if (x.at + x.len == y.at && x.len) {
		at = x.at;
	} else if (x.at + x.len == s->arena.len && x.len) {
		at = x.at;
		script_copy(s, y.at, y.len);
	} else {
		at = s->arena.len;
		script_copy(s, x.at, x.len);
		script_copy(s, y.at, y.len);
	}
	to = script_made(s, at);
	if (x.at + x.len == y.at && x.len)
		to.len = x.len + y.len;
	to.number = x.number + y.number;
	to.flags = (x.flags | y.flags) & IS_BYTES;
	script_inherit(s, &to, &x);
	script_inherit(s, &to, &y);
	/* Letter by letter nobody writes. */
	if (!(to.flags & IS_HIDDEN) && y.len == 1 && x.len &&
		++to.number == SINGLES_MIN)
		script_undone(s, &to, "charcode", IS_CHANGED);
	return to;
}

static struct script_value repeated(struct script *s,
	const struct script_value *a, const struct script_value *b)
{
	struct script_value to = unknown;
	int64_t n = b->len;
	size_t at = s->arena.len;

	/* Perl's '%c' x @a is about how many there are. */
	if (!(b->type == SCRIPT_LIST && script_is(s, INVOCATION_PERL)) &&
		(!script_to_int(s, b, &n) || n < 0))
		return unknown;
	if (a->type == SCRIPT_LIST) {
		to = script_list(s, NULL, 0);
		for (int64_t i = 0; i < n && script_step(s); i++)
			for (uint32_t k = 0; k < a->len && script_step(s); k++)
				script_append(s, &to, &s->items[a->at + k]);
		return to;
	}
	for (int64_t i = 0; i < n && str_ok(&s->arena) && script_step(s); i++)
		script_copy(s, a->at, a->len);
	to = script_made(s, at);
	to.flags = a->flags;
	to.chain = a->chain;
	to.number = a->number * n;
	return to;
}

static struct script_value formatted(struct script *s,
	const struct script_value *a, const struct script_value *b)
{
	struct script_value args[2] = { *a, *b };

	return script_call(
		s, script_call_of(s, BYTES("sprintf")), NULL, args, 2);
}

/* Those that are about texts and lists. False: it is about numbers. */
static bool about_text(struct script *s, unsigned int op,
	const struct script_value *a, const struct script_value *b,
	struct script_value *v)
{
	bool has_text = a->type == SCRIPT_TEXT || b->type == SCRIPT_TEXT;
	bool is_loose =
		script_is(s, INVOCATION_PERL) || script_is(s, INVOCATION_PHP) ||
		script_is(s, INVOCATION_AWK) || script_is(s, INVOCATION_LUA);
	struct script_value args[3] = { *a, *b, unknown };

	if (op == OP_CONCAT || (op == '+' && has_text && !is_loose)) {
		*v = joined(s, a, b);
	} else if (op == '+' && (a->type == SCRIPT_LIST)) {
		*v = *a;
		args[0] = script_as_list(s, b);
		for (uint32_t i = 0; i < args[0].len && script_step(s); i++)
			script_append(s, v, &s->items[args[0].at + i]);
	} else if (op == OP_REPEAT ||
		   (op == '*' &&
			   (a->type == SCRIPT_TEXT || a->type == SCRIPT_LIST) &&
			   !is_loose)) {
		*v = repeated(s, a, b);
	} else if (op == OP_XOR && a->type == SCRIPT_TEXT &&
		   b->type == SCRIPT_TEXT &&
		   !script_is(s, INVOCATION_POWERSHELL)) {
		*v = xor_texts(s, a, b);
	} else if (op == OP_JOIN) {
		args[0] = script_as_list(s, a);
		*v = script_join(s, &args[0], script_text(s, b));
	} else if (op == OP_SPLIT) {
		*v = script_call(
			s, script_call_of(s, BYTES("split")), a, &args[1], 1);
	} else if (op == OP_REPLACE) {
		args[0] = *b;
		if (b->type == SCRIPT_LIST && b->len > 1) {
			args[0] = s->items[b->at];
			args[1] = s->items[b->at + 1];
		} else {
			args[1] = script_string(s, BYTES(""));
		}
		*v = script_call(
			s, script_call_of(s, BYTES("gsub")), a, args, 2);
	} else if (op == OP_FORMAT ||
		   (op == '%' && a->type == SCRIPT_TEXT && !is_loose)) {
		*v = formatted(s, a, b);
	} else {
		return false;
	}
	return true;
}

struct script_value script_binary(struct script *s, unsigned int op,
	const struct script_value *a, const struct script_value *b)
{
	struct script_value v = unknown, x = *a, y = *b;
	bool is_good = true;
	int64_t n, m;

	if (!script_step(s))
		return unknown;
	if (op == OP_EQ || op == OP_NE || op == '<' || op == '>' ||
		op == OP_LE || op == OP_GE || op == OP_IN)
		return compared(s, op, a, b);
	if (about_text(s, op, a, b, &v))
		return v;
	/* PowerShell's [char] is a number to -bxor. */
	if (script_is(s, INVOCATION_POWERSHELL)) {
		if (x.type == SCRIPT_TEXT && x.len == 1 && op == OP_XOR)
			x = script_element_number(s, &x);
		if (y.type == SCRIPT_TEXT && y.len == 1 && op == OP_XOR)
			y = script_element_number(s, &y);
	}
	if (!script_to_int(s, &x, &n) || !script_to_int(s, &y, &m))
		return unknown;
	if (op == OP_RANGE)
		return script_range(
			s, n, m + (m >= n ? 1 : -1), m >= n ? 1 : -1);
	v = script_int(calculated(op, n, m, &is_good));
	if (!is_good)
		return unknown;
	/* What is counted in it counts no more if something else is. */
	v.flags = x.flags & y.flags & IS_COUNTED;
	x.flags &= (unsigned char)~IS_COUNTED;
	y.flags &= (unsigned char)~IS_COUNTED;
	script_inherit(s, &v, &x);
	script_inherit(s, &v, &y);
	if (a->flags & IS_COUNTED && b->type == SCRIPT_INT && !v.chain)
		v.flags |= IS_COUNTED;
	if (op == OP_XOR && !(v.flags & IS_COUNTED))
		script_undone(
			s, &v, "xor", v.flags & IS_CHANGED ? 0 : IS_HIDDEN);
	return v;
}

struct script_value script_unary(
	struct script *s, unsigned int op, const struct script_value *v)
{
	struct script_value to = unknown;
	size_t at = s->arena.len;
	int64_t n;

	if (op == '~' && v->type == SCRIPT_TEXT) {
		for (uint32_t i = 0; i < v->len && str_ok(&s->arena); i++)
			str_addc(&s->arena, (char)~s->arena.p[v->at + i]);
		to = script_made(s, at);
		script_inherit(s, &to, v);
		script_undone(s, &to, "xor", IS_HIDDEN);
		return to;
	}
	if (op == '!' || op == OP_NOT)
		return v->type == SCRIPT_UNKNOWN
			       ? unknown
			       : script_int(!script_true(s, v));
	if (!script_to_int(s, v, &n))
		return unknown;
	to = script_int(op == '-' ? (int64_t)(0 - (uint64_t)n) : ~n);
	to.flags = v->flags;
	to.chain = v->chain;
	if (op == '~')
		script_undone(s, &to, "xor", IS_HIDDEN);
	return to;
}
