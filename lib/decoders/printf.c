// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Escapes of printf, echo -e, $'..' and of programs' strings: \x69, \151,
 * \0151, \u0069, \U00000069, \x{69}, \u{69}. A string that writes so what
 * needs no escape hides it.
 */
#include "decode.h"

#include <ctype.h>

#include "text.h"

/* Characters that need no escape and have one: in any string, and in one with
 * nothing but escapes in it that is given to a command. */
#define HIDDEN_MIN         4
#define HIDDEN_MIN_OPERAND 2
/* A quoted escape, in a quoted text: \\\\x69. */
#define SLASHES_MAX 4

static const char *const words[] = { "\\x", "\\u", "\\0", "\\1", NULL };

struct count {
	size_t hidden; /* escapes of what needs none */
	size_t alnum; /* of these, letters and digits */
	size_t plain; /* characters that stand for themselves */
	bool is_range; /* [\x41-\x5a] */
};

/* Up to max digits of a base at *i, which is then behind them; -1: none. */
static long digits(struct bytes s, size_t *i, size_t max, int base, size_t *n)
{
	long v = 0;

	for (*n = 0; *n < max && *i < s.len; ++*n, ++*i) {
		int d = text_hexval(s.p[*i]);

		if (d < 0 || d >= base)
			break;
		v = v * base + d;
	}
	return *n ? v : -1;
}

static void note(struct count *c, long v)
{
	c->hidden += v > 0x20 && v < 0x7f;
	c->alnum += v < 0x80 && isalnum((int)v);
}

/* {69} or the digits themselves. */
static long braced(struct bytes s, size_t *i, size_t max)
{
	size_t n, at = *i;
	bool is_braced = at < s.len && s.p[at] == '{';
	long v;

	*i += is_braced;
	v = digits(s, i, is_braced ? 6 : max, 16, &n);
	if (v < 0 || !is_braced)
		return v;
	if (*i == s.len || s.p[*i] != '}')
		return -1;
	++*i;
	return v;
}

/* The escape whose letter stands at *i. False: it is none. */
static bool escape(struct bytes s, size_t *i, struct count *c, struct str *out)
{
	static const char from[] = "ntrabefv\\'\"",
			  to[] = "\n\t\r\a\b\033\f\v\\'\"";
	char letter = s.p[*i];
	const char *p = letter ? strchr(from, letter) : NULL;
	size_t n;
	long v;

	if (p) {
		str_addc(out, to[p - from]);
		++*i;
		return true;
	}
	if (letter >= '0' && letter <= '7') {
		v = digits(s, i, letter == '0' ? 4 : 3, 8, &n);
		if (n > 1)
			note(c, v);
		str_addc(out, (char)v);
		return n > 1 || !v;
	}
	if (letter != 'x' && letter != 'u' && letter != 'U')
		return false;
	++*i;
	v = braced(s, i, letter == 'x' ? 2 : letter == 'u' ? 4 : 8);
	if (v < 0 || v > 0x10ffff)
		return false;
	note(c, v);
	if (letter == 'x' && v < 256)
		str_addc(out, (char)v);
	else
		text_add_utf8(out, (uint32_t)v);
	return true;
}

static struct count unescape(struct bytes s, struct str *out)
{
	struct count c = { 0 };

	for (size_t i = 0; i < s.len;) {
		size_t at = i, len = out->len;

		while (i < s.len && s.p[i] == '\\' && i - at < SLASHES_MAX)
			i++;
		if (i > at && i < s.len && escape(s, &i, &c, out)) {
			c.is_range |= i + 1 < s.len && s.p[i] == '-' &&
				      s.p[i + 1] == '\\';
			continue;
		}
		out->len = len;
		if (i == at)
			i++;
		str_add(out, s.p + at, i - at);
		c.plain++;
	}
	return c;
}

/* printf's own string has its % doubled; what follows a %s has not. */
static bool is_operand(const struct decode_text *in, size_t at)
{
	bool is_ansi = at > 1 && in->text.p[at - 1] == '\'' &&
		       in->text.p[at - 2] == '$';

	return is_ansi || at == 0 || operand_is_in_place(in->text, at);
}

static bool attempt(
	const struct decode_text *in, size_t at, size_t end, struct str *out)
{
	struct bytes s = { in->text.p + at, end - at }, plain;
	struct count c;

	if (!memchr(s.p, '\\', s.len))
		return false;
	str_reset(out);
	c = unescape(s, out);
	plain = text_whole(out);
	if (c.is_range || c.hidden < HIDDEN_MIN_OPERAND || !c.alnum)
		return false;
	if (c.hidden < HIDDEN_MIN && (c.plain || !is_operand(in, at)))
		return false;
	return text_readable(plain.p, plain.len) == plain.len;
}

/* exec('\x69\x64') is a string, too: the one in it says more. */
static void use_inner(
	const struct decode_text *in, struct operand_walk *w, struct str *out)
{
	struct operand_walk inner = *w;

	inner.i = w->at;
	if (!memchr(in->text.p + w->at, '\'', w->end - w->at) &&
		!memchr(in->text.p + w->at, '"', w->end - w->at))
		return;
	while (operand_next(&inner) && inner.at < w->end) {
		if (inner.at == w->at || inner.end > w->end ||
			!attempt(in, inner.at, inner.end, out))
			continue;
		*w = inner;
		return;
	}
	attempt(in, w->at, w->end, out);
}

static bool find(const struct decode_text *in, size_t from,
	struct decode_found *found, struct str *out)
{
	struct operand_walk w = { .text = in->text, .i = from };
	bool has_string = from > 0;

	while (operand_next(&w)) {
		has_string = true;
		if (!attempt(in, w.at, w.end, out))
			continue;
		use_inner(in, &w, out);
		*found = (struct decode_found){
			.at = w.at, .end = w.end, .name = "printf"
		};
		return true;
	}
	if (has_string || !attempt(in, 0, in->text.len, out))
		return false;
	*found = (struct decode_found){ .end = in->text.len, .name = "printf" };
	return true;
}

const struct decoder decoder_printf = {
	.name = "printf",
	.words = words,
	.find = find,
};
