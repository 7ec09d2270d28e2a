// SPDX-License-Identifier: GPL-3.0-or-later
#include "escape.h"

#include <ctype.h>
#include <string.h>

#include "text.h"

/* A quoted escape, in a quoted text: \\\\x69. */
#define SLASHES_MAX 4

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

static void note(struct escape_count *c, long v)
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

/* Ruby's \u{69 64}, from its bracket on. */
static bool points(
	struct bytes s, size_t *i, struct escape_count *c, struct str *out)
{
	size_t n;
	long v;

	++*i;
	while ((v = digits(s, i, 6, 16, &n)) >= 0 && v <= 0x10ffff) {
		note(c, v);
		text_add_utf8(out, (uint32_t)v);
		while (*i < s.len && s.p[*i] == ' ')
			++*i;
	}
	if (n || *i == s.len || s.p[*i] != '}')
		return false;
	++*i;
	return true;
}

bool escape_one(
	struct bytes s, size_t *i, struct escape_count *c, struct str *out)
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
	if (letter == 'u' && *i < s.len && s.p[*i] == '{')
		return points(s, i, c, out);
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

static struct escape_count undo(struct bytes s, bool has_end, struct str *out)
{
	struct escape_count c = { 0 };

	for (size_t i = 0; i < s.len;) {
		size_t at = i, len = out->len;

		while (i < s.len && s.p[i] == '\\' && i - at < SLASHES_MAX)
			i++;
		if (has_end && i - at == 1 && i < s.len && s.p[i] == 'c') {
			c.is_ended = true;
			return c;
		}
		if (i > at && i < s.len && escape_one(s, &i, &c, out)) {
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

struct escape_count escape_undo(struct bytes s, struct str *out)
{
	return undo(s, false, out);
}

struct escape_count escape_print(struct bytes s, struct str *out)
{
	return undo(s, true, out);
}
