// SPDX-License-Identifier: GPL-3.0-or-later
#include "script_state.h"

#include <ctype.h>

#include "text.h"

static char at(const struct script *s, size_t i)
{
	return i < s->src.len ? s->src.p[i] : '\0';
}

void script_number(struct script *s, struct script_token *t)
{
	size_t i = s->pos, from;
	unsigned int base = 10;
	int64_t v = 0;
	bool is_big = false;

	if (at(s, i) == '0' && (at(s, i + 1) | 0x20) == 'x')
		base = 16, i += 2;
	else if (at(s, i) == '0' && (at(s, i + 1) | 0x20) == 'o')
		base = 8, i += 2;
	else if (at(s, i) == '0' && (at(s, i + 1) | 0x20) == 'b')
		base = 2, i += 2;
	else if (at(s, i) == '0' && isdigit((unsigned char)at(s, i + 1)))
		base = 8, i++;
	t->kind = SCRIPT_NUMBER;
	from = i;
	for (;; i++) {
		int d = text_hexval(at(s, i));

		if (at(s, i) == '_')
			continue;
		if (d < 0 || (unsigned int)d >= base)
			break;
		is_big |= v >= INT64_MAX / 32;
		if (!is_big)
			v = v * base + d;
	}
	if (is_big) {
		t->value = (uint32_t)s->arena.len;
		t->len = (uint32_t)(i - from);
		t->value2 = base;
		str_add(&s->arena, s->src.p + from, i - from);
	}
	if (at(s, i) == '.' && isdigit((unsigned char)at(s, i + 1)))
		while (isdigit((unsigned char)at(s, i)) || at(s, i) == '.')
			i++;
	while (isalpha((unsigned char)at(s, i)))
		i++;
	t->number = v;
	s->pos = i;
}

/* v112.114: characters by their numbers. */
bool script_version(struct script *s, struct script_token *t)
{
	size_t i = s->pos + (at(s, s->pos) == 'v'), dots = 0;
	size_t from = s->arena.len;

	for (size_t k = i; isdigit((unsigned char)at(s, k)) || at(s, k) == '.';
		k++)
		dots += at(s, k) == '.' && isdigit((unsigned char)at(s, k + 1));
	if (!script_is(s, INVOCATION_PERL) || dots < 2 ||
		!isdigit((unsigned char)at(s, i)))
		return false;
	for (;;) {
		unsigned int v = 0;

		for (; isdigit((unsigned char)at(s, i)) && v < 0x11000; i++)
			v = v * 10 + (unsigned int)(at(s, i) - '0');
		text_add_utf8(&s->arena, v);
		if (at(s, i) != '.' || !isdigit((unsigned char)at(s, i + 1)))
			break;
		i++;
	}
	t->kind = SCRIPT_STRING;
	t->is_code = true;
	t->value = (uint32_t)from;
	t->len = (uint32_t)(s->arena.len - from);
	s->pos = i;
	return true;
}
