// SPDX-License-Identifier: GPL-3.0-or-later
/* ${a#x}, ${a%x}, ${a/x/y}, ${a^^}, ${a[1]}: what a known value becomes. */
#include "shell_state.h"
#include "text.h"

/* Of a pattern, ? stands for any byte and a * at one end for any run; of one
 * with more in it nobody tells what it would match. */
struct glob {
	struct bytes text; /* without its * */
	bool has_before, has_after; /* it had one there */
};

static bool glob_read(struct glob *g, struct bytes text)
{
	*g = (struct glob){ .text = text };
	if (text.len && text.p[0] == '*') {
		g->has_before = true;
		g->text.p++;
		g->text.len--;
	}
	if (g->text.len && g->text.p[g->text.len - 1] == '*') {
		g->has_after = true;
		g->text.len--;
	}
	return g->text.len && !memchr(g->text.p, '*', g->text.len) &&
	       !memchr(g->text.p, '[', g->text.len);
}

static bool is_at(const struct glob *g, struct bytes value, size_t at)
{
	if (value.len - at < g->text.len)
		return false;
	for (size_t i = 0; i < g->text.len; i++)
		if (g->text.p[i] != '?' && g->text.p[i] != value.p[at + i])
			return false;
	return true;
}

/* The first or the last place from at on; value.len + 1 if none. */
static size_t find(
	const struct glob *g, struct bytes value, size_t at, bool is_last)
{
	size_t found = value.len + 1;

	for (; at <= value.len; at++) {
		if (!is_at(g, value, at))
			continue;
		found = at;
		if (!is_last)
			break;
	}
	return found;
}

/* ${a#x}, ${a##*x} */
static bool strip_front(struct shell *sh, struct bytes value, struct bytes text)
{
	bool is_longest = text.len && text.p[0] == '#';
	struct glob g;
	size_t at = 0;

	text.p += is_longest;
	text.len -= is_longest;
	if (!glob_read(&g, text) || g.has_after)
		return false;
	if (g.has_before)
		at = find(&g, value, 0, is_longest);
	if (at <= value.len && is_at(&g, value, at)) {
		at += g.text.len;
		value.p += at;
		value.len -= at;
	}
	shell_add_value(sh, value);
	return true;
}

/* ${a%x}, ${a%%x*} */
static bool strip_back(struct shell *sh, struct bytes value, struct bytes text)
{
	bool is_longest = text.len && text.p[0] == '%';
	struct glob g;
	size_t at;

	text.p += is_longest;
	text.len -= is_longest;
	if (!glob_read(&g, text) || g.has_before)
		return false;
	if (g.has_after)
		at = find(&g, value, 0, !is_longest);
	else
		at = value.len < g.text.len ? value.len + 1
					    : value.len - g.text.len;
	if (at <= value.len && is_at(&g, value, at))
		value.len = at;
	shell_add_value(sh, value);
	return true;
}

/* ${a/x/y}, ${a//x/y}, ${a/#x/y}, ${a/%x/y} */
static bool substitute(struct shell *sh, struct bytes value, struct bytes text)
{
	char how = text.len ? text.p[0] : '\0';
	struct bytes to = { "", 0 };
	const char *slash;
	struct glob g;
	size_t from = 0;

	if (how == '/' || how == '#' || how == '%')
		text.p++, text.len--;
	slash = memchr(text.p, '/', text.len);
	if (slash) {
		to.p = slash + 1;
		to.len = text.len - (size_t)(to.p - text.p);
		text.len = (size_t)(slash - text.p);
	}
	if (!glob_read(&g, text) || g.has_before || g.has_after)
		return false;
	while (from <= value.len) {
		size_t at = find(&g, value, from, how == '%');

		if (at > value.len || (how == '#' && at) ||
			(how == '%' && at + g.text.len != value.len))
			break;
		shell_add_value(
			sh, (struct bytes){ value.p + from, at - from });
		shell_add_value(sh, to);
		from = at + g.text.len;
		if (how != '/')
			break;
	}
	shell_add_value(sh, (struct bytes){ value.p + from, value.len - from });
	return true;
}

static char fold(char c, bool is_upper)
{
	if (is_upper)
		return c >= 'a' && c <= 'z' ? (char)(c - 0x20) : c;
	return c >= 'A' && c <= 'Z' ? (char)(c + 0x20) : c;
}

/* ${a^}, ${a^^}, ${a,}, ${a,,} */
static bool change_case(
	struct shell *sh, struct bytes value, struct bytes text, bool is_upper)
{
	bool is_all = text.len == 1 && text.p[0] == (is_upper ? '^' : ',');

	if (text.len && !is_all)
		return false;
	for (size_t i = 0; i < value.len; i++) {
		char c = value.p[i];

		if (is_all || !i)
			c = fold(c, is_upper);
		shell_add_value(sh, (struct bytes){ &c, 1 });
	}
	return true;
}

struct bytes shell_element(struct bytes array, uint64_t n)
{
	while (array.len) {
		const char *end = memchr(array.p, ' ', array.len);
		size_t len = end ? (size_t)(end - array.p) : array.len;

		if (!n--)
			return (struct bytes){ array.p, len };
		len += end != NULL;
		array.p += len;
		array.len -= len;
	}
	return (struct bytes){ "", 0 };
}

/* ${a[k]} of a=([k]=x [l]=y) */
static bool keyed(struct shell *sh, struct bytes array, struct bytes key)
{
	while (array.len) {
		struct bytes one = shell_element(array, 0);
		size_t len = one.len + (one.len < array.len);

		if (one.len > key.len + 2 && one.p[0] == '[' &&
			!memcmp(one.p + 1, key.p, key.len) &&
			one.p[key.len + 1] == ']' &&
			one.p[key.len + 2] == '=') {
			one.p += key.len + 3;
			one.len -= key.len + 3;
			shell_add_value(sh, one);
			return true;
		}
		array.p += len;
		array.len -= len;
	}
	return false;
}

/* ${a[2]}, ${a[@]}, ${a[*]} */
static bool subscript(struct shell *sh, const struct var *v, struct bytes text)
{
	uint64_t n;

	if (!text.len || text.p[text.len - 1] != ']')
		return false;
	text.len--;
	if (bytes_equal(text, BYTES("@")) || bytes_equal(text, BYTES("*"))) {
		shell_add_value(sh, v->value);
		return true;
	}
	if (text_u64(text, 10, &n) < 0)
		return v->is_array && keyed(sh, v->value, text);
	if (v->is_array)
		shell_add_value(sh, shell_element(v->value, n));
	else
		shell_add_value(sh, n ? (struct bytes){ "", 0 } : v->value);
	return true;
}

bool shell_param(
	struct shell *sh, const struct var *v, char op, struct bytes text)
{
	struct bytes value = v->value;

	if (v->is_array && op != '[')
		value = shell_element(value, 0);
	switch (op) {
	case '#':
		return strip_front(sh, value, text);
	case '%':
		return strip_back(sh, value, text);
	case '/':
		return substitute(sh, value, text);
	case '^':
	case ',':
		return change_case(sh, value, text, op == '^');
	case '[':
		return subscript(sh, v, text);
	}
	return false;
}
