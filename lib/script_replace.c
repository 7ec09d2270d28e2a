// SPDX-License-Identifier: GPL-3.0-or-later
/* What exchanges parts of texts. */
#include "script_state.h"

#include <ctype.h>

#include "script_calls.h"
#include "text.h"

/* Places that hold junk. */
#define JUNK_MIN 3

static const struct script_value unknown = { .type = SCRIPT_UNKNOWN };

static bool is_pattern(const struct script_value *v)
{
	return v->type == SCRIPT_TEXT && v->flags & IS_PATTERN;
}

struct script_pattern script_pattern_of(
	const struct script *s, const struct script_value *v)
{
	return (struct script_pattern){ .text = script_text(s, v),
		.is_lua = script_is(s, INVOCATION_LUA) };
}

/* Without PHP's /.../ around it. */
struct script_pattern script_bare(
	const struct script *s, const struct script_value *v)
{
	struct script_pattern p = script_pattern_of(s, v);
	char close;

	if (is_pattern(v) || p.text.len < 3)
		return p;
	close = p.text.p[0] == '{'   ? '}'
		: p.text.p[0] == '(' ? ')'
				     : p.text.p[0];
	while (p.text.len > 1 && p.text.p[p.text.len - 1] != close)
		p.text.len--;
	p.text.p++;
	p.text.len -= p.text.len > 1 ? 2 : 1;
	return p;
}

/* Whether somebody put it there for a letter, or for nothing: Q7 for t. */
static bool is_junk_for(struct bytes from, struct bytes to)
{
	return isalnum((unsigned char)from.p[0]) && to.len < 2 &&
	       (!to.len || isalnum((unsigned char)to.p[0]));
}

/* Every place of a plain text. */
static struct script_value replaced(struct script *s,
	const struct script_value *v, struct bytes from,
	const struct script_value *with)
{
	struct script_value list = script_split(s, v, from);
	struct script_value to = script_to_text(s, with);
	bool is_junk;

	if (!from.len || list.type != SCRIPT_LIST || to.type != SCRIPT_TEXT)
		return unknown;
	if (list.len == 1)
		return *v;
	is_junk = list.len > JUNK_MIN && is_junk_for(from, script_text(s, &to));
	list = script_join(s, &list, script_text(s, &to));
	if (is_junk && list.type == SCRIPT_TEXT && !list.chain)
		script_undone(s, &list, "replace", IS_CHANGED);
	return list;
}

struct script_value script_exchanged(struct script *s,
	const struct script_value *v, struct script_pattern p,
	const struct script_value *with)
{
	return script_exchange(s, v, &p, with, 0);
}

/* A pattern that finds only itself. */
static bool is_plain(struct bytes b)
{
	for (size_t i = 0; i < b.len; i++)
		if (!isalnum((unsigned char)b.p[i]))
			return false;
	return b.len > 0;
}

/* PHP's /a/e, whose other text is run. */
static bool is_program(const struct script *s, const struct script_value *v)
{
	struct bytes b = script_text(s, v);

	if (!script_is(s, INVOCATION_PHP))
		return false;
	while (b.len && isalpha((unsigned char)b.p[b.len - 1]))
		if (b.p[--b.len] == 'e')
			return true;
	return false;
}

/* s.replace(a, b), gsub, str_replace(a, b, s), preg_replace, re.sub */
struct script_value script_replace(struct script *s, unsigned int id,
	struct script_value *a, size_t n, bool has_self)
{
	struct script_value v = a[0], with;

	if (n < 3)
		return unknown;
	switch (id) {
	case CALL_REPLACE:
		if (is_pattern(&a[1]) || a[2].type == SCRIPT_FUNCTION)
			return script_exchanged(
				s, &v, script_pattern_of(s, &a[1]), &a[2]);
		return replaced(s, &v, script_text(s, &a[1]), &a[2]);
	case CALL_GSUB:
		if (!has_self && script_is(s, INVOCATION_PYTHON))
			return script_exchanged(
				s, &a[2], script_pattern_of(s, &a[0]), &a[1]);
		/* awk's has its text last. */
		if (!has_self && script_is(s, INVOCATION_AWK))
			return script_exchanged(
				s, &a[2], script_pattern_of(s, &a[0]), &a[1]);
		if (script_is(s, INVOCATION_POWERSHELL) &&
			is_plain(script_text(s, &a[1])))
			return replaced(s, &v, script_text(s, &a[1]), &a[2]);
		return script_exchanged(
			s, &v, script_pattern_of(s, &a[1]), &a[2]);
	case CALL_PREG_REPLACE:
		if (is_program(s, &a[0]))
			script_tell(s, &a[1], true);
		return script_exchanged(s, &a[2], script_bare(s, &a[0]), &a[1]);
	default:
		break;
	}
	v = a[2];
	if (a[0].type == SCRIPT_TEXT)
		return replaced(s, &v, script_text(s, &a[0]), &a[1]);
	for (uint32_t i = 0;
		a[0].type == SCRIPT_LIST && i < a[0].len && script_step(s);
		i++) {
		with = a[1].type == SCRIPT_LIST
			       ? script_element(s, &a[1], (int64_t)i)
			       : a[1];
		v = replaced(
			s, &v, script_text(s, &s->items[a[0].at + i]), &with);
	}
	return v;
}

/* Each character as a map says: translate({ord('a'): 'b'}). */
static struct script_value by_map(struct script *s,
	const struct script_value *v, const struct script_value *map)
{
	struct script_value list = script_list(s, NULL, 0), one, key, with;

	if (v->type != SCRIPT_TEXT)
		return unknown;
	for (int64_t i = 0; i < v->len && script_step(s); i++) {
		one = script_slice(s, v, i, i + 1, 1);
		key = script_int((unsigned char)script_text(s, &one).p[0]);
		with = script_get(s, map, &one);
		if (with.type == SCRIPT_UNKNOWN)
			with = script_get(s, map, &key);
		if (with.type == SCRIPT_INT)
			with = script_chr(s, &with);
		script_append(
			s, &list, with.type == SCRIPT_TEXT ? &with : &one);
	}
	return script_join(s, &list, BYTES(""));
}

struct script_value script_translated(
	struct script *s, unsigned int id, struct script_value *a, size_t n)
{
	struct bytes to = BYTES("");

	if (a[1].type == SCRIPT_MAP)
		return by_map(s, &a[0], &a[1]);
	if (id == CALL_TRANSLATE && a[1].type == SCRIPT_LIST && a[1].len >= 2) {
		a[2] = s->items[a[1].at + 1];
		a[1] = s->items[a[1].at];
		n = 3;
	}
	if (n > 2)
		to = script_text(s, &a[2]);
	if (n < 2 || a[1].type != SCRIPT_TEXT || (id != CALL_DELETE && !to.len))
		return unknown;
	return script_translate(s, &a[0], script_text(s, &a[1]), to);
}
