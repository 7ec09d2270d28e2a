// SPDX-License-Identifier: GPL-3.0-or-later
/* What is in quotes, and where brackets and blocks end. */
#include "script_state.h"

#include <ctype.h>

#include "text.h"

/* Of a string, as it is read. */
#define BYTES_PER_STEP 8

static char at(const struct script *s, size_t i)
{
	return i < s->src.len ? s->src.p[i] : '\0';
}

/* A number's escape whose digits are at i; behind them. In brackets there may
 * be several, as Ruby has them. */
static size_t code(struct script *s, size_t i, unsigned int base, size_t max)
{
	bool is_braced = at(s, i) == '{', is_wide = max > 2 && base == 16;
	bool is_more;

	i += is_braced;
	if (is_braced)
		max = 6;
	do {
		uint32_t v = 0;
		size_t n = 0;

		for (; n < max; n++, i++) {
			int d = text_hexval(at(s, i));

			if (d < 0 || (unsigned int)d >= base)
				break;
			v = v * base + (uint32_t)d;
		}
		if (v > 0x10ffff)
			v = '?';
		if (is_wide || v > 255)
			text_add_utf8(&s->arena, v);
		else
			str_addc(&s->arena, (char)v);
		is_more = is_braced && n && at(s, i) == ' ';
		i += is_more;
	} while (is_more && script_step(s));
	i += is_braced && at(s, i) == '}';
	return i;
}

/* The escape whose letter is at i; behind it. */
static size_t escape(struct script *s, const struct script_quote *q, size_t i)
{
	static const char from[] = "ntrabefv", to[] = "\n\t\r\a\b\033\f\v";
	char c = at(s, i);
	const char *known = c ? strchr(from, c) : NULL;

	if (q->escape == '`') {
		str_addc(&s->arena, c == 'n'   ? '\n'
				    : c == 't' ? '\t'
				    : c == '0' ? '\0'
					       : c);
		return i + 1;
	}
	if (c == 'x')
		return code(s, i + 1, 16, 2);
	if (c == 'u')
		return code(s, i + 1, 16, 4);
	if (c == 'U')
		return code(s, i + 1, 16, 8);
	if (isdigit((unsigned char)c))
		return code(s, i, script_is(s, INVOCATION_LUA) ? 10 : 8, 3);
	if (c == '\n')
		return i + 1;
	if (known && !(c == 'a' && script_is(s, INVOCATION_NODE)))
		c = to[known - from];
	else if (isalnum((unsigned char)c) && c != 'z')
		str_addc(&s->arena, '\\');
	str_addc(&s->arena, c);
	return i + 1;
}

static bool is_close(
	const struct script *s, const struct script_quote *q, size_t i)
{
	for (unsigned int k = 0; k < q->n; k++)
		if (i + k >= s->src.len || s->src.p[i + k] != q->close)
			return false;
	return true;
}

size_t script_quote(struct script *s, size_t i, const struct script_quote *q,
	uint32_t *value, uint32_t *len)
{
	const char special[4] = { q->close, q->escape, q->open, q->open };
	size_t from = s->arena.len, depth = 0, first = i;

	if (s->steps >= s->steps_max)
		return 0;
	while (i < s->src.len && str_ok(&s->arena)) {
		struct bytes rest = { s->src.p + i, s->src.len - i };
		size_t n = text_until(rest, special);
		char c, next;
		bool is_end;

		str_add(&s->arena, rest.p, n);
		i += n;
		if (i == s->src.len)
			break;
		c = s->src.p[i];
		next = at(s, i + 1);
		is_end = is_close(s, q, i);

		if (is_end && q->is_doubled && next == q->close) {
			str_addc(&s->arena, c);
			i += 2;
			continue;
		}
		if (is_end && !depth) {
			*value = (uint32_t)from;
			*len = (uint32_t)(s->arena.len - from);
			s->steps += (i - first) / BYTES_PER_STEP;
			return i + q->n;
		}
		depth += q->open && c == q->open;
		depth -= is_end;
		if (c == '\\' && c == q->escape && q->is_raw && next) {
			if (next != q->close)
				str_addc(&s->arena, c);
			str_addc(&s->arena, next);
			i += 2;
		} else if (c == q->escape && q->is_single &&
			   (next == '\\' || next == q->close)) {
			str_addc(&s->arena, next);
			i += 2;
		} else if (c && c == q->escape && !q->is_single && !q->is_raw) {
			i = escape(s, q, i + 1);
		} else {
			str_addc(&s->arena, c);
			i++;
		}
	}
	/* One that nobody closed is looked for again at the next quote. */
	s->steps += (i - first) / BYTES_PER_STEP;
	str_cut(&s->arena, from);
	return 0;
}

/* What do and end are the ends of. */
static bool opens(const struct script *s, size_t i, bool *is_loop)
{
	const struct script_token *t = &s->tokens[i];
	enum script_word w = script_word(s, t);
	bool is_lua = script_is(s, INVOCATION_LUA);
	bool is_start = t->is_first || !i ||
			script_is_op(&s->tokens[i - 1], ';') ||
			s->tokens[i - 1].kind == SCRIPT_LINE;

	if (w == WORD_FOR || w == WORD_WHILE || w == WORD_UNTIL) {
		if (w == WORD_UNTIL && is_lua)
			return false;
		*is_loop = is_lua || is_start;
		return false;
	}
	if (w == WORD_DO)
		return true;
	if (w == WORD_DEF || w == WORD_BEGIN || (w == WORD_CLASS && is_start))
		return true;
	return (w == WORD_IF || w == WORD_UNLESS) && (is_lua || is_start);
}

static void pair_words(struct script *s)
{
	uint32_t open[OPENS_MAX];
	size_t n = 0;
	bool is_loop = false;

	for (size_t i = 0; i < s->n_tokens; i++) {
		if (script_word(s, &s->tokens[i]) == WORD_END) {
			if (n && --n < OPENS_MAX) {
				s->tokens[open[n]].other = (uint32_t)i;
				s->tokens[i].other = open[n];
			}
			continue;
		}
		if (!opens(s, i, &is_loop))
			continue;
		if (n < OPENS_MAX)
			open[n] = (uint32_t)i;
		n++;
	}
}

void script_pair(struct script *s)
{
	uint32_t open[OPENS_MAX];
	size_t n = 0;

	for (size_t i = 0; i < s->n_tokens; i++) {
		struct script_token *t = &s->tokens[i];

		if (script_word(s, t) == WORD_FOR && n && n <= OPENS_MAX &&
			!s->tokens[open[n - 1]].clause)
			s->tokens[open[n - 1]].clause = (uint32_t)i;
		if (t->kind != SCRIPT_OP)
			continue;
		if (t->op == '(' || t->op == '[' || t->op == '{') {
			if (n < OPENS_MAX)
				open[n] = (uint32_t)i;
			n++;
		} else if ((t->op == ')' || t->op == ']' || t->op == '}') &&
			   n) {
			if (--n >= OPENS_MAX)
				continue;
			s->tokens[open[n]].other = (uint32_t)i;
			t->other = open[n];
		}
	}
	/* No bracket that is left open has another one. */
	if (script_is(s, INVOCATION_LUA) || script_is(s, INVOCATION_RUBY))
		pair_words(s);
}
