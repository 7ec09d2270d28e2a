// SPDX-License-Identifier: GPL-3.0-or-later
/* pack and unpack of Perl, PHP and Ruby and Python's struct, as far as they
 * hide texts: by their templates, letter by letter. */
#include "script_state.h"

#include <ctype.h>

#include "script_calls.h"
#include "text.h"

#define COUNT_MAX 10000
#define ALL       (-1) /* * */

static const struct script_value unknown = { .type = SCRIPT_UNKNOWN };

/* One letter of a template, or a group of them. */
struct element {
	char c;
	bool is_big, has_count;
	int64_t count;
	struct bytes group; /* c is ( */
};

struct template
{
	struct bytes how;
	size_t i;
	bool is_big; /* what the whole of it says */
};

static bool next(struct template *t, struct element *e)
{
	struct bytes b = t->how;

	while (t->i < b.len && strchr(" \n\t@=!<>", b.p[t->i])) {
		t->is_big = b.p[t->i] == '>' || b.p[t->i] == '!';
		t->i++;
	}
	*e = (struct element){ .count = 1, .is_big = t->is_big };
	/* Python's counts are before their letters. */
	for (; t->i < b.len && isdigit((unsigned char)b.p[t->i]); t->i++) {
		e->count =
			(e->has_count ? e->count * 10 : 0) + (b.p[t->i] - '0');
		e->count = e->count < COUNT_MAX ? e->count : COUNT_MAX;
		e->has_count = true;
	}
	if (t->i >= b.len)
		return false;
	e->c = b.p[t->i++];
	if (e->c == '(') {
		size_t from = t->i;

		while (t->i < b.len && b.p[t->i] != ')')
			t->i++;
		e->group = (struct bytes){ b.p + from, t->i - from };
		t->i += t->i < b.len;
	}
	for (; t->i < b.len && strchr("<>!_", b.p[t->i]); t->i++)
		e->is_big |= b.p[t->i] == '>';
	if (t->i < b.len && b.p[t->i] == '*') {
		e->count = ALL;
		t->i++;
		return true;
	}
	return true;
}

/* Perl's, PHP's and Ruby's are behind them. */
static bool next_of(
	const struct script *s, struct template *t, struct element *e)
{
	struct bytes b = t->how;

	if (!next(t, e))
		return false;
	if (script_is(s, INVOCATION_PYTHON) || e->count == ALL)
		return true;
	for (; t->i < b.len && isdigit((unsigned char)b.p[t->i]); t->i++) {
		e->count =
			(e->has_count ? e->count * 10 : 0) + (b.p[t->i] - '0');
		e->count = e->count < COUNT_MAX ? e->count : COUNT_MAX;
		e->has_count = true;
	}
	return true;
}

/* The bytes of a number's letter; 0: it is none. */
static unsigned int width_of(const struct script *s, struct element *e)
{
	bool is_python = script_is(s, INVOCATION_PYTHON);

	e->is_big |= e->c == 'n' || e->c == 'N';
	switch (e->c) {
	case 'C':
	case 'c':
	case 'U':
	case 'W':
		return 1;
	case 'B':
	case 'b':
		return is_python ? 1 : 0;
	case 'H':
	case 'h':
		return is_python ? 2 : 0;
	case 'n':
	case 'v':
	case 'S':
		return 2;
	case 's':
		return is_python ? 0 : 2;
	case 'N':
	case 'V':
	case 'L':
	case 'l':
	case 'I':
	case 'i':
		return 4;
	case 'Q':
	case 'q':
	case 'J':
	case 'j':
		return 8;
	default:
		return 0;
	}
}

static struct script_value decoder(
	struct script *s, unsigned int id, const struct script_value *v)
{
	struct script_value a[1] = { *v };

	return v->type == SCRIPT_TEXT ? script_decoder(s, id, a, 1) : unknown;
}

/* h*: the low digit first. */
static struct script_value swapped(
	struct script *s, const struct script_value *v)
{
	size_t at = s->arena.len;
	struct script_value to;

	for (uint32_t i = 0; i + 1 < v->len && str_ok(&s->arena); i += 2) {
		str_addc(&s->arena, s->arena.p[v->at + i + 1]);
		str_addc(&s->arena, s->arena.p[v->at + i]);
	}
	to = script_made(s, at);
	script_inherit(s, &to, v);
	return to;
}

/* B*: the high bit first; b*: the low one. */
static struct script_value bits(
	struct script *s, const struct script_value *v, bool is_high)
{
	size_t at = s->arena.len;
	struct script_value to;

	if (v->type != SCRIPT_TEXT)
		return unknown;
	for (uint32_t i = 0; i + 7 < v->len && str_ok(&s->arena); i += 8) {
		unsigned int c = 0;

		for (unsigned int k = 0; k < 8; k++)
			c |= (unsigned int)(s->arena.p[v->at + i + k] & 1)
			     << (is_high ? 7 - k : k);
		str_addc(&s->arena, (char)c);
	}
	s->steps += v->len / 16;
	to = script_made(s, at);
	if (to.type != SCRIPT_TEXT)
		return unknown;
	script_inherit(s, &to, v);
	script_undone(s, &to, "charcode", IS_HIDDEN);
	return to;
}

/* Numbers of several bytes. */
static struct script_value numbers(struct script *s, const struct element *e,
	unsigned int width, const struct script_value *args, size_t n)
{
	size_t at = s->arena.len;
	struct script_value to, from = { .type = SCRIPT_TEXT };

	for (size_t i = 0; i < n && script_step(s); i++) {
		int64_t v;

		if (!script_to_int(s, &args[i], &v))
			return unknown;
		for (unsigned int k = 0; k < width; k++)
			str_addc(&s->arena,
				(char)((uint64_t)v >>
					8 * (e->is_big ? width - 1 - k : k)));
		script_inherit(s, &from, &args[i]);
	}
	to = script_made(s, at);
	script_inherit(s, &to, &from);
	if (to.type == SCRIPT_TEXT)
		script_undone(s, &to, "charcode", IS_HIDDEN);
	return to;
}

/* A text in a field, which blanks or NULs fill up. */
static struct script_value field(
	struct script *s, const struct element *e, const struct script_value *v)
{
	size_t at = s->arena.len;
	struct script_value to;

	if (v->type != SCRIPT_TEXT || e->count == ALL || !e->has_count)
		return *v;
	if (e->count <= (int64_t)v->len)
		return script_slice(s, v, 0, e->count, 1);
	script_copy(s, v->at, v->len);
	for (int64_t i = v->len; i < e->count && str_ok(&s->arena); i++)
		str_addc(&s->arena, e->c == 'A' ? ' ' : '\0');
	s->steps += (size_t)e->count / 16;
	to = script_made(s, at);
	to.flags = v->flags;
	to.chain = v->chain;
	to.number = v->number;
	return to;
}

struct pack {
	struct script_value parts;
	const struct script_value *args;
	size_t n, k; /* k: those that were taken */
};

/* What one letter makes of the arguments that it takes. */
static struct script_value packed(
	struct script *s, struct pack *p, struct element *e)
{
	unsigned int width = width_of(s, e);
	size_t left = p->n - p->k, n = left;
	const struct script_value *v = p->args + p->k;
	struct script_value list;

	if (width && e->count != ALL && (size_t)e->count < n)
		n = (size_t)e->count;
	p->k += width ? n : 1;
	if (width == 1) {
		list = script_list(s, v, n);
		return script_bytes(s, &list, script_is(s, INVOCATION_PYTHON));
	}
	if (width)
		return numbers(s, e, width, v, n);
	switch (e->c) {
	case 'H':
		return decoder(s, CALL_HEX, v);
	case 'h':
		list = v->type == SCRIPT_TEXT ? swapped(s, v) : unknown;
		return decoder(s, CALL_HEX, &list);
	case 'B':
	case 'b':
		return bits(s, v, e->c == 'B');
	case 'A':
	case 'a':
	case 'Z':
	case 's':
		return field(s, e, v);
	default:
		return unknown;
	}
}

/* False: there is more in it than is followed. */
static bool pack_all(
	struct script *s, struct pack *p, struct bytes how, bool is_inner)
{
	struct template t = { .how = how };
	struct element e;
	struct script_value v;

	while (p->k < p->n && script_step(s) && next_of(s, &t, &e)) {
		if (e.c == '(') {
			if (is_inner)
				return false;
			for (int64_t i = 0; i != e.count && p->k < p->n; i++) {
				size_t k = p->k;

				if (!pack_all(s, p, e.group, true) || p->k == k)
					return false;
			}
			continue;
		}
		v = packed(s, p, &e);
		if (v.type != SCRIPT_TEXT)
			return false;
		script_append(s, &p->parts, &v);
	}
	return true;
}

/* A number out of a text. */
static struct script_value number_at(struct script *s, const struct element *e,
	unsigned int width, const struct script_value *v, size_t i)
{
	struct script_value to;
	uint64_t n = 0;

	for (unsigned int k = 0; k < width; k++) {
		size_t at = i + (e->is_big ? k : width - 1 - k);

		n = n << 8 | (unsigned char)s->arena.p[v->at + at];
	}
	to = script_int((int64_t)n);
	to.flags = v->flags & (IS_HIDDEN | IS_CHANGED);
	if (!(v->flags & (IS_HIDDEN | IS_ODD)))
		to.flags |= IS_CHANGED;
	to.chain = v->chain;
	return to;
}

struct unpack {
	struct script_value list, v;
	size_t i; /* how much was taken */
};

/* False: there is more in it than is followed. */
static bool unpack_one(struct script *s, struct unpack *u, struct element *e)
{
	unsigned int width = width_of(s, e);
	size_t left = u->v.len - u->i, n = left;
	struct script_value rest = u->v, one;

	if (width) {
		for (int64_t k = 0;
			k != e->count && width <= left && script_step(s);
			k++, left -= width, u->i += width) {
			one = number_at(s, e, width, &u->v, u->i);
			script_append(s, &u->list, &one);
		}
		return true;
	}
	if (e->count != ALL && (size_t)e->count < n)
		n = (size_t)e->count;
	rest = script_slice(s, &u->v, (int64_t)u->i, (int64_t)(u->i + n), 1);
	switch (e->c) {
	case 'm':
	case 'u':
		rest = script_slice(s, &u->v, (int64_t)u->i, INT64_MAX, 1);
		rest = decoder(s, e->c == 'm' ? CALL_BASE64 : CALL_UU, &rest);
		n = left;
		break;
	case 'A':
	case 'a':
	case 'Z':
	case 's':
		break;
	case 'x':
		u->i += n;
		return true;
	default:
		return false;
	}
	u->i += n;
	script_append(s, &u->list, &rest);
	return true;
}

static bool unpack_all(
	struct script *s, struct unpack *u, struct bytes how, bool is_inner)
{
	struct template t = { .how = how };
	struct element e;

	while (u->i < u->v.len && script_step(s) && next_of(s, &t, &e)) {
		if (e.c != '(') {
			if (!unpack_one(s, u, &e))
				return false;
			continue;
		}
		if (is_inner)
			return false;
		for (int64_t i = 0; i != e.count && u->i < u->v.len; i++) {
			size_t from = u->i;

			if (!unpack_all(s, u, e.group, true) || u->i == from)
				return false;
		}
	}
	return true;
}

struct script_value script_unpack(struct script *s, struct bytes how,
	const struct script_value *args, size_t n, bool is_pack)
{
	struct pack p = { .args = args, .n = n };
	struct unpack u = { .v = n ? args[0] : unknown };

	if (is_pack) {
		p.parts = script_list(s, NULL, 0);
		if (!n || !pack_all(s, &p, how, false) || !p.parts.len)
			return unknown;
		return script_join(s, &p.parts, BYTES(""));
	}
	if (u.v.type != SCRIPT_TEXT)
		return unknown;
	u.list = script_list(s, NULL, 0);
	if (!unpack_all(s, &u, how, false) || u.list.type != SCRIPT_LIST ||
		!u.list.len)
		return unknown;
	return u.list.len == 1 && s->items[u.list.at].type == SCRIPT_TEXT
		       ? s->items[u.list.at]
		       : u.list;
}
