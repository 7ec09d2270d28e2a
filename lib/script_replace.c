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

struct script_pattern script_pattern_in(
	const struct script *s, struct bytes text)
{
	struct script_pattern p = { .text = text,
		.is_lua = script_is(s, INVOCATION_LUA) };

	if (p.is_lua || text.len < 4 || memcmp(text.p, "(?i)", 4) != 0)
		return p;
	p.is_caseless = true;
	p.text.p += 4;
	p.text.len -= 4;
	return p;
}

struct script_pattern script_pattern_of(
	const struct script *s, const struct script_value *v)
{
	return script_pattern_in(s, script_text(s, v));
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
		p.is_caseless |= p.text.p[--p.text.len] == 'i';
	p.text.p++;
	p.text.len -= p.text.len > 1 ? 2 : 1;
	return p;
}

/* Whether Python is told not to mind case, among what is behind the n-th. */
static bool is_caseless(const struct script *s, const struct script_value *a,
	size_t from, size_t n)
{
	for (size_t i = from; i < n; i++)
		if (a[i].type == SCRIPT_BUILTIN &&
			invocation_is_listed(
				"I IGNORECASE", s->names[a[i].at].text))
			return true;
	return false;
}

struct script_value script_pattern_made(
	struct script *s, const struct script_value *a, size_t n)
{
	struct script_value v = a[0], mark;

	if (v.type == SCRIPT_TEXT && is_caseless(s, a, 1, n)) {
		mark = script_string(s, BYTES("(?i)"));
		v = script_binary(s, OP_CONCAT, &mark, &v);
	}
	if (v.type != SCRIPT_TEXT)
		return unknown;
	v.flags |= IS_PATTERN;
	return v;
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
	bool is_python = script_is(s, INVOCATION_PYTHON);
	struct script_value v = a[0], with;
	struct script_pattern p;

	if (n < 3)
		return unknown;
	switch (id) {
	case CALL_REPLACE:
		if (is_pattern(&a[1]) || a[2].type == SCRIPT_FUNCTION)
			return script_exchanged(
				s, &v, script_pattern_of(s, &a[1]), &a[2]);
		return replaced(s, &v, script_text(s, &a[1]), &a[2]);
	case CALL_GSUB:
		if (is_python && (!has_self || is_pattern(&a[0]))) {
			p = script_pattern_of(s, &a[0]);
			p.is_caseless |= is_caseless(s, a, 3, n);
			return script_exchanged(s, &a[2], p, &a[1]);
		}
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

/* The members of a set as a-z and the like write it. */
static size_t members(struct bytes set, unsigned char to[256])
{
	size_t n = 0;

	for (size_t i = 0; i < set.len && n < 256; i++) {
		unsigned char c = (unsigned char)set.p[i], last = c;

		if (i + 2 < set.len && set.p[i + 1] == '-') {
			last = (unsigned char)set.p[i + 2];
			i += 2;
		}
		for (unsigned int k = c; k <= last && n < 256; k++)
			to[n++] = (unsigned char)k;
	}
	return n;
}

struct script_value script_translate(struct script *s,
	const struct script_value *v, struct bytes from, struct bytes to)
{
	unsigned char a[256], b[256], map[256];
	size_t n = members(from, a), m = members(to, b), at = s->arena.len;
	bool is_gone[256] = { false };
	struct script_value out;

	if (v->type != SCRIPT_TEXT || !n)
		return unknown;
	for (unsigned int i = 0; i < 256; i++)
		map[i] = (unsigned char)i;
	for (size_t i = n; i > 0; i--) {
		is_gone[a[i - 1]] = !m;
		if (m)
			map[a[i - 1]] = b[i - 1 < m ? i - 1 : m - 1];
	}
	for (uint32_t i = 0; i < v->len && str_ok(&s->arena); i++) {
		unsigned char c = (unsigned char)s->arena.p[v->at + i];

		if (!is_gone[c])
			str_addc(&s->arena, (char)map[c]);
	}
	out = script_made(s, at);
	out.flags = v->flags;
	out.chain = v->chain;
	out.number = v->number < out.len ? v->number : out.len;
	if (n > 4)
		script_undone(s, &out, "rot13", IS_CHANGED);
	return out;
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
