// SPDX-License-Identifier: GPL-3.0-or-later
/* Texts and numbers, and how they came about. */
#include "script_state.h"

#include <ctype.h>

#include "text.h"

static const struct script_value unknown = { .type = SCRIPT_UNKNOWN };

void script_copy(struct script *s, size_t at, size_t len)
{
	char *to = str_room(&s->arena, len);

	if (!to || !len)
		return;
	memcpy(to, s->arena.p + at, len);
	str_cut(&s->arena, s->arena.len + len);
	s->steps += len / 64;
}

struct script_value script_made(struct script *s, size_t at)
{
	if (!str_ok(&s->arena)) {
		s->is_full = true;
		return unknown;
	}
	return (struct script_value){ .type = SCRIPT_TEXT,
		.at = (uint32_t)at,
		.len = (uint32_t)(s->arena.len - at) };
}

struct script_value script_string(struct script *s, struct bytes text)
{
	size_t at = s->arena.len;

	str_addb(&s->arena, text);
	return script_made(s, at);
}

static unsigned int steps_of(const struct script *s, unsigned char chain)
{
	unsigned int n = 0;

	for (; chain; chain = s->chains[chain].before)
		n++;
	return n;
}

void script_inherit(struct script *s, struct script_value *to,
	const struct script_value *from)
{
	to->flags |= from->flags & (IS_HIDDEN | IS_CHANGED | IS_COUNTED);
	if (from->chain && from->chain != to->chain &&
		(!to->chain ||
			steps_of(s, from->chain) > steps_of(s, to->chain)))
		to->chain = from->chain;
}

void script_undone(struct script *s, struct script_value *v, const char *name,
	unsigned char flags)
{
	v->flags |= flags;
	if (v->type == SCRIPT_TEXT && flags & IS_HIDDEN)
		v->number = v->len;
	/* Again for each character. */
	if (v->chain && !strcmp(s->chains[v->chain].name, name))
		return;
	for (size_t i = 1; i < s->n_chains; i++)
		if (s->chains[i].before == v->chain &&
			!strcmp(s->chains[i].name, name)) {
			v->chain = (unsigned char)i;
			return;
		}
	if (s->n_chains == CHAINS_MAX)
		return;
	s->chains[s->n_chains].name = name;
	s->chains[s->n_chains].before = v->chain;
	v->chain = (unsigned char)s->n_chains++;
}

bool script_true(const struct script *s, const struct script_value *v)
{
	switch (v->type) {
	case SCRIPT_INT:
		return v->number || script_is(s, INVOCATION_LUA) ||
		       script_is(s, INVOCATION_RUBY);
	case SCRIPT_TEXT:
	case SCRIPT_LIST:
		return v->len > 0;
	default:
		return v->type != SCRIPT_UNKNOWN;
	}
}

struct script_value script_to_text(
	struct script *s, const struct script_value *v)
{
	size_t at = s->arena.len;
	struct script_value to;

	if (v->type == SCRIPT_TEXT)
		return *v;
	if (v->type == SCRIPT_LIST)
		return script_join(s, v, BYTES(""));
	/* Nobody gave it a value. */
	if (v->type == SCRIPT_BUILTIN && script_is(s, INVOCATION_AWK))
		return script_made(s, at);
	if (v->type != SCRIPT_INT)
		return unknown;
	str_addf(&s->arena, "%lld", (long long)v->number);
	to = script_made(s, at);
	to.flags = v->flags;
	to.chain = v->chain;
	return to;
}

bool script_to_int(
	const struct script *s, const struct script_value *v, int64_t *n)
{
	struct bytes b = script_text(s, v);
	int64_t m = 0;
	bool is_minus = b.len && b.p[0] == '-';

	if (v->type == SCRIPT_INT)
		*n = v->number;
	if (v->type != SCRIPT_TEXT)
		return v->type == SCRIPT_INT;
	if (script_is(s, INVOCATION_NODE) && b.len > 2 && b.p[0] == '0' &&
		b.p[1] == 'x') {
		for (size_t i = 2; i < b.len && i < 14; i++)
			m = m * 16 + (text_hexval(b.p[i]) & 15);
		*n = m;
		return true;
	}
	while (b.len && isspace((unsigned char)b.p[0]))
		b.p++, b.len--;
	for (size_t i = is_minus; i < b.len && i < 18; i++) {
		if (!isdigit((unsigned char)b.p[i]))
			break;
		m = m * 10 + (b.p[i] - '0');
	}
	*n = is_minus ? -m : m;
	return b.len > is_minus && isdigit((unsigned char)b.p[is_minus]);
}

struct script_value script_chr(struct script *s, const struct script_value *v)
{
	size_t at = s->arena.len;
	struct script_value to;
	int64_t n;

	if (v->type == SCRIPT_LIST)
		return script_bytes(s, v, false);
	if (!script_to_int(s, v, &n) || n < 0 || n > 0x10ffff)
		return unknown;
	if (n < 256)
		str_addc(&s->arena, (char)n);
	else
		text_add_utf8(&s->arena, (uint32_t)n);
	to = script_made(s, at);
	to.flags = v->flags & (unsigned char)~IS_BYTES;
	to.chain = v->chain;
	/* What was counted is no secret, and a text's own letters less so. */
	if (v->flags & IS_COUNTED)
		return to;
	if (!to.chain)
		script_undone(s, &to, "charcode",
			to.flags & IS_CHANGED ? 0 : IS_HIDDEN);
	to.number = to.flags & IS_HIDDEN ? to.len : 0;
	return to;
}

struct script_value script_element_number(
	struct script *s, const struct script_value *v)
{
	struct bytes b = script_text(s, v);
	struct script_value to;
	uint32_t cp = 0;

	if (!b.len)
		return unknown;
	if (!text_utf8(b.p, b.len, &cp) || v->flags & IS_BYTES)
		cp = (unsigned char)b.p[0];
	to = script_int(cp);
	to.flags = (v->flags & (IS_HIDDEN | IS_CHANGED));
	if (!(v->flags & (IS_HIDDEN | IS_ODD)))
		to.flags |= IS_CHANGED;
	to.chain = v->chain;
	return to;
}

struct script_value script_bytes(
	struct script *s, const struct script_value *v, bool is_bytes)
{
	size_t at = s->arena.len, n = script_length(s, v);
	struct script_value to, one, from = { .type = SCRIPT_TEXT };

	if (v->type == SCRIPT_TEXT) {
		to = *v;
		to.flags = is_bytes ? to.flags | IS_BYTES
				    : to.flags & (unsigned char)~IS_BYTES;
		return to;
	}
	if (v->type != SCRIPT_LIST)
		return unknown;
	for (size_t i = 0; i < n && script_step(s); i++) {
		int64_t c;

		one = script_element(s, v, (int64_t)i);
		if (!script_to_int(s, &one, &c))
			return unknown;
		if (c >= 0 && c < 256)
			str_addc(&s->arena, (char)c);
		else if (c > 0 && c <= 0x10ffff)
			text_add_utf8(&s->arena, (uint32_t)c);
		else
			str_addc(&s->arena, (char)(c & 255));
		script_inherit(s, &from, &one);
	}
	to = script_made(s, at);
	script_inherit(s, &to, &from);
	if (!to.chain && !(to.flags & IS_COUNTED) && n)
		script_undone(s, &to, "charcode",
			to.flags & IS_CHANGED ? 0 : IS_HIDDEN);
	if (to.flags & IS_HIDDEN)
		to.number = to.len;
	if (is_bytes)
		to.flags |= IS_BYTES;
	return to;
}
