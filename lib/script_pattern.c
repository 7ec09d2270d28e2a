// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Patterns as far as programs cut and exchange with them: characters, sets and
 * how often each stands, one after the other, and one level of brackets. What
 * is more is not followed. Each finds its longest match at once.
 */
#include "script_state.h"

#include <ctype.h>

#include "text.h"

#define ATOMS_MAX 24
#define GROUPS    4

static const struct script_value unknown = { .type = SCRIPT_UNKNOWN };

struct atom {
	bool is_in[256];
	uint32_t min, max;
	unsigned char open, close; /* groups that begin before, end behind */
};

struct compiled {
	struct atom atoms[ATOMS_MAX];
	size_t n;
	bool is_bound, is_end; /* ^, $ */
};

/* The class of a letter: \w, %x. False: it is no class. */
static bool class_of(char c, bool is_lua, bool is_in[256])
{
	char l = (char)tolower((unsigned char)c);
	bool is_known = false;

	for (unsigned int i = 0; i < 256; i++) {
		bool is = false;

		if (l == 'd')
			is = isdigit((int)i);
		else if (l == 's')
			is = isspace((int)i);
		else if (l == 'w')
			is = isalnum((int)i) || (i == '_' && !is_lua);
		else if (l == 'x' && is_lua)
			is = isxdigit((int)i);
		else if (l == 'a' && is_lua)
			is = isalpha((int)i);
		else if (l == 'p' && is_lua)
			is = ispunct((int)i);
		else if (l == 'h' && !is_lua)
			is = isxdigit((int)i);
		else
			return false;
		is_known = true;
		is_in[i] |= is == (c == l);
	}
	return is_known;
}

/* [a-z] at i; behind it, 0 if it has no end. */
static size_t set(struct bytes p, size_t i, bool is_lua, bool is_in[256])
{
	char esc = is_lua ? '%' : '\\';
	bool is_not = i + 1 < p.len && p.p[i + 1] == '^';
	size_t from = i + 1 + is_not;

	for (i = from; i < p.len && (p.p[i] != ']' || i == from); i++) {
		unsigned char c = (unsigned char)p.p[i], last;

		if (p.p[i] == esc && i + 1 < p.len) {
			i++;
			if (class_of(p.p[i], is_lua, is_in))
				continue;
			c = (unsigned char)p.p[i];
		}
		last = c;
		if (i + 2 < p.len && p.p[i + 1] == '-' && p.p[i + 2] != ']') {
			last = (unsigned char)p.p[i + 2];
			i += 2;
		}
		for (unsigned int k = c; k <= last; k++)
			is_in[k] = true;
	}
	for (unsigned int k = 0; is_not && k < 256; k++)
		is_in[k] = !is_in[k];
	return i < p.len ? i + 1 : 0;
}

/* How often: * + ? {2} {2,3} at i; behind it. */
static size_t times(struct bytes p, size_t i, bool is_lua, struct atom *a)
{
	char c = i < p.len ? p.p[i] : '\0';

	a->min = a->max = 1;
	if (c == '*' || c == '+' || (c == '-' && is_lua)) {
		a->min = c == '+';
		a->max = UINT32_MAX;
	} else if (c == '?') {
		a->min = 0;
	} else if (c == '{' && !is_lua) {
		uint32_t v[2] = { 0, 0 };
		size_t k = 0;

		for (i++; i < p.len && p.p[i] != '}'; i++) {
			if (p.p[i] == ',')
				k = 1;
			else if (isdigit((unsigned char)p.p[i]) && v[k] < 10000)
				v[k] = v[k] * 10 + (uint32_t)(p.p[i] - '0');
		}
		a->min = v[0];
		a->max = k ? v[1] ? v[1] : UINT32_MAX : v[0];
	} else {
		return i;
	}
	i++;
	return i < p.len && p.p[i] == '?' && !is_lua ? i + 1 : i;
}

/* The characters that the atom at i stands for; behind it, 0 if they are not
 * known. */
static size_t one_of(struct bytes p, size_t i, bool is_lua, bool is_in[256])
{
	char ch = p.p[i], l;

	if (ch == '[')
		return set(p, i, is_lua, is_in);
	if (ch == '.') {
		memset(is_in, true, 256 * sizeof(*is_in));
		return i + 1;
	}
	if (ch != (is_lua ? '%' : '\\') || i + 1 >= p.len) {
		is_in[(unsigned char)ch] = true;
		return i + 1;
	}
	l = p.p[i + 1];
	if (class_of(l, is_lua, is_in))
		return i + 2;
	if (isalnum((unsigned char)l) && l != 'n' && l != 't')
		return 0;
	l = l == 'n' ? '\n' : l == 't' ? '\t' : l;
	is_in[(unsigned char)l] = true;
	return i + 2;
}

/* False: there is more in it than is followed. */
static bool compile(const struct script_pattern *how, struct compiled *c)
{
	struct bytes p = how->text;
	unsigned char n_groups = 0, open = 0;

	memset(c, 0, sizeof(*c));
	for (size_t i = 0; i < p.len;) {
		struct atom *a = &c->atoms[c->n];
		char ch = p.p[i];

		if (ch == '^' && !i) {
			c->is_bound = true;
			i++;
			continue;
		}
		if (ch == '$' && i + 1 == p.len) {
			c->is_end = true;
			i++;
			continue;
		}
		if (ch == '(') {
			if (open || ++n_groups == GROUPS)
				return false;
			open = n_groups;
			i += i + 2 < p.len && p.p[i + 1] == '?' ? 3 : 1;
			if (c->n == ATOMS_MAX)
				return false;
			c->atoms[c->n].open = open;
			continue;
		}
		if (ch == ')') {
			if (!open || !c->n)
				return false;
			c->atoms[c->n - 1].close = open;
			open = 0;
			i++;
			if (i < p.len && p.p[i] && strchr("*+?{", p.p[i]))
				return false;
			continue;
		}
		if (ch == '|' || c->n + 1 >= ATOMS_MAX)
			return false;
		i = one_of(p, i, how->is_lua, a->is_in);
		if (!i)
			return false;
		i = times(p, i, how->is_lua, a);
		c->n++;
	}
	return !open;
}

struct match {
	size_t end;
	struct bytes groups[GROUPS];
};

static bool match_at(
	const struct compiled *c, struct bytes b, size_t i, struct match *m)
{
	size_t from = i;

	memset(m, 0, sizeof(*m));
	for (size_t k = 0; k < c->n; k++) {
		const struct atom *a = &c->atoms[k];
		uint32_t n = 0;

		if (a->open)
			from = i;
		while (n < a->max && i < b.len &&
			a->is_in[(unsigned char)b.p[i]]) {
			n++;
			i++;
		}
		if (n < a->min)
			return false;
		if (a->close)
			m->groups[a->close] =
				(struct bytes){ b.p + from, i - from };
	}
	m->end = i;
	return !c->is_end || i == b.len;
}

static struct script_value place(const struct script *s,
	const struct script_value *v, const char *p, size_t len)
{
	struct script_value to = *v;

	to.at = (uint32_t)(p - s->arena.p);
	to.len = (uint32_t)len;
	return to;
}

struct script_value script_matches(struct script *s,
	const struct script_value *v, const struct script_pattern *p)
{
	struct compiled c;
	struct script_value list = script_list(s, NULL, 0), one;
	struct match m;
	size_t i = 0;

	if (v->type != SCRIPT_TEXT || !compile(p, &c) || !c.n)
		return unknown;
	while (i < v->len && script_step(s)) {
		struct bytes b = script_text(s, v);

		if (!match_at(&c, b, i, &m)) {
			if (c.is_bound)
				break;
			i++;
			continue;
		}
		one = m.groups[1].p
			      ? place(s, v, m.groups[1].p, m.groups[1].len)
			      : place(s, v, b.p + i, m.end - i);
		script_append(s, &list, &one);
		for (unsigned int k = 1; k < GROUPS; k++)
			s->groups[k] = m.groups[k].p
					       ? place(s, v, m.groups[k].p,
							 m.groups[k].len)
					       : unknown;
		i = m.end > i ? m.end : i + 1;
	}
	return list;
}

/* What a match is exchanged with. */
static struct script_value with_of(struct script *s,
	const struct script_value *with, size_t code, uint32_t holes,
	const struct script_value *all)
{
	struct script_value args[2] = { *all, s->groups[1] };
	size_t pos = s->pos, from;
	struct script_value v;
	struct bytes b;

	if (code) {
		s->pos = code;
		v = script_expr(s, RANK_ALL);
		s->pos = pos;
		return v;
	}
	if (with->type == SCRIPT_FUNCTION || with->type == SCRIPT_BUILTIN) {
		/* Lua's is given the group, PHP's and Python's a list. */
		if (script_is(s, INVOCATION_LUA) && args[1].type == SCRIPT_TEXT)
			return script_call_value(s, with, &args[1], 1);
		if (script_is(s, INVOCATION_PHP) ||
			script_is(s, INVOCATION_PYTHON)) {
			v = script_list(
				s, args, args[1].type == SCRIPT_TEXT ? 2 : 1);
			return script_call_value(s, with, &v, 1);
		}
		return script_call_value(
			s, with, args, args[1].type == SCRIPT_TEXT ? 2 : 1);
	}
	if (holes) {
		struct script_token t = { .mark = '$',
			.other = holes,
			.value = with->at,
			.len = with->len };

		return script_filled(s, &t);
	}
	b = script_text(s, with);
	if (!b.len || (!memchr(b.p, '$', b.len) && !memchr(b.p, '\\', b.len) &&
			      !memchr(b.p, '%', b.len)))
		return *with;
	from = s->arena.len;
	for (uint32_t i = 0; i < with->len && str_ok(&s->arena); i++) {
		char c = s->arena.p[with->at + i];
		char d =
			i + 1 < with->len ? s->arena.p[with->at + i + 1] : '\0';

		if ((c == '$' || c == '\\' || c == '%') &&
			((d >= '0' && d <= '3') || d == '&')) {
			const struct script_value *g =
				d == '0' || d == '&' ? all
						     : &s->groups[d - '0'];

			if (g->type == SCRIPT_TEXT)
				script_copy(s, g->at, g->len);
			i++;
		} else {
			str_addc(&s->arena, c);
		}
	}
	return script_made(s, from);
}

struct script_value script_exchange(struct script *s,
	const struct script_value *v, const struct script_pattern *p,
	const struct script_value *with, size_t code)
{
	struct compiled c;
	struct script_value parts = script_list(s, NULL, 0), one, all;
	struct match m;
	size_t i = 0, from = 0;

	if (v->type != SCRIPT_TEXT || !compile(p, &c) || !c.n)
		return unknown;
	while (i < v->len && script_step(s)) {
		struct bytes b = script_text(s, v);

		if (!match_at(&c, b, i, &m) || m.end == i) {
			i++;
			if (c.is_bound)
				break;
			continue;
		}
		all = place(s, v, b.p + i, m.end - i);
		one = place(s, v, b.p + from, i - from);
		script_append(s, &parts, &one);
		for (unsigned int k = 1; k < GROUPS; k++)
			s->groups[k] = m.groups[k].p
					       ? place(s, v, m.groups[k].p,
							 m.groups[k].len)
					       : unknown;
		s->groups[0] = all;
		one = with_of(s, with, code, p->holes, &all);
		one = script_to_text(s, &one);
		if (one.type != SCRIPT_TEXT)
			return unknown;
		script_append(s, &parts, &one);
		from = i = m.end;
		if (c.is_bound)
			break;
	}
	one = *v;
	one.at += (uint32_t)from;
	one.len -= (uint32_t)from;
	script_append(s, &parts, &one);
	return script_concat(s, &parts);
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
