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
/* Places of a text that are decoded: the whole of it is. */
#define HIDDEN_MIN 2

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
	bool is_open; /* a bracket, of the group open if that is not 0 */
	unsigned char open, n_groups;
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

/* Letters of either case stand for each other. */
static void fold(bool is_in[256])
{
	for (unsigned int c = 'a'; c <= 'z'; c++)
		is_in[c] = is_in[c ^ 32] = is_in[c] || is_in[c ^ 32];
}

/* [:xdigit:] at i, in a set; behind it, i if it is none. */
static size_t named_class(struct bytes p, size_t i, bool is_in[256])
{
	static const struct {
		struct bytes name;
		int (*is)(int c);
	} rows[] = { { BYTES("[:xdigit:]"), isxdigit },
		{ BYTES("[:digit:]"), isdigit },
		{ BYTES("[:alpha:]"), isalpha },
		{ BYTES("[:alnum:]"), isalnum },
		{ BYTES("[:space:]"), isspace },
		{ BYTES("[:upper:]"), isupper },
		{ BYTES("[:lower:]"), islower },
		{ BYTES("[:punct:]"), ispunct } };
	struct bytes rest = { p.p + i, p.len - i };

	for (size_t k = 0; k < sizeof(rows) / sizeof(rows[0]); k++) {
		size_t len = rows[k].name.len;

		if (rest.len < len || memcmp(rest.p, rows[k].name.p, len) != 0)
			continue;
		for (int c = 0; c < 128; c++)
			is_in[c] |= rows[k].is(c) != 0;
		return i + len;
	}
	return i;
}

/* [a-z] at i; behind it, 0 if it has no end. */
static size_t set(const struct script_pattern *how, size_t i, bool is_in[256])
{
	struct bytes p = how->text;
	bool is_lua = how->is_lua;
	char esc = is_lua ? '%' : '\\';
	bool is_not = i + 1 < p.len && p.p[i + 1] == '^';
	size_t from = i + 1 + is_not;

	for (i = from; i < p.len && (p.p[i] != ']' || i == from); i++) {
		unsigned char c = (unsigned char)p.p[i], last;
		size_t past =
			p.p[i] == '[' && !is_lua ? named_class(p, i, is_in) : i;

		if (past != i) {
			i = past - 1;
			continue;
		}
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
	if (how->is_caseless)
		fold(is_in);
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
static size_t one_of(
	const struct script_pattern *how, size_t i, bool is_in[256])
{
	struct bytes p = how->text;
	bool is_lua = how->is_lua;
	char ch = p.p[i], l;

	if (ch == '[')
		return set(how, i, is_in);
	if (ch == '.') {
		memset(is_in, true, 256 * sizeof(*is_in));
		return i + 1;
	}
	if (ch != (is_lua ? '%' : '\\') || i + 1 >= p.len) {
		is_in[(unsigned char)ch] = true;
		if (how->is_caseless)
			fold(is_in);
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

/* A bracket that opens at i, of a group or of (?:...); behind it, 0 if there is
 * more in it than is followed. */
static size_t opened(struct compiled *c, struct bytes p, size_t i)
{
	bool is_asked = i + 1 < p.len && p.p[i + 1] == '?';
	bool is_bare = is_asked && i + 2 < p.len && p.p[i + 2] == ':';

	if (c->is_open || c->n == ATOMS_MAX || (is_asked && !is_bare))
		return 0;
	c->is_open = true;
	c->open = is_bare ? 0 : ++c->n_groups;
	c->atoms[c->n].open = c->open;
	return c->n_groups == GROUPS ? 0 : i + (is_bare ? 3 : 1);
}

/* The same of one that closes. */
static size_t closed(struct compiled *c, struct bytes p, size_t i)
{
	if (!c->is_open || !c->n)
		return 0;
	c->atoms[c->n - 1].close = c->open;
	c->is_open = false;
	i++;
	return i < p.len && p.p[i] && strchr("*+?{", p.p[i]) ? 0 : i;
}

/* A character, or a set of them, and how often; the same. */
static size_t atom(
	const struct script_pattern *how, struct compiled *c, size_t i)
{
	struct atom *a = &c->atoms[c->n];

	if (how->text.p[i] == '|' || c->n + 1 >= ATOMS_MAX)
		return 0;
	i = one_of(how, i, a->is_in);
	c->n++;
	return i ? times(how->text, i, how->is_lua, a) : 0;
}

/* False: there is more in it than is followed. */
static bool compile(const struct script_pattern *how, struct compiled *c)
{
	struct bytes p = how->text;
	size_t i = p.len && p.p[0] == '^';

	memset(c, 0, sizeof(*c));
	c->is_bound = i;
	while (i < p.len) {
		char ch = p.p[i];

		if (ch == '$' && i + 1 == p.len) {
			c->is_end = true;
			break;
		}
		i = ch == '('   ? opened(c, p, i)
		    : ch == ')' ? closed(c, p, i)
				: atom(how, c, i);
		if (!i)
			return false;
	}
	return !c->is_open;
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

/* What $& and $1 ... are of the match at i. */
static void keep_groups(struct script *s, const struct script_value *v,
	const struct match *m, size_t i)
{
	s->groups[0] = place(s, v, s->arena.p + v->at + i, m->end - i);
	for (unsigned int k = 1; k < GROUPS; k++)
		s->groups[k] = m->groups[k].p ? place(s, v, m->groups[k].p,
							m->groups[k].len)
					      : unknown;
}

struct script_value script_groups(struct script *s)
{
	size_t n = 1;

	while (n < GROUPS && s->groups[n].type == SCRIPT_TEXT)
		n++;
	return script_list(s, s->groups, n);
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
		keep_groups(s, v, &m, i);
		one = s->groups[m.groups[1].p != NULL];
		script_append(s, &list, &one);
		if (p->is_first)
			break;
		i = m.end > i ? m.end : i + 1;
	}
	return list;
}

/* What a match is exchanged with. */
static struct script_value with_of(struct script *s,
	const struct script_value *with, size_t code, uint32_t holes)
{
	struct script_value args[GROUPS], all = s->groups[0], v;
	size_t pos = s->pos, from;
	struct bytes b;

	if (code) {
		s->pos = code;
		v = script_expr(s, RANK_ALL);
		s->pos = pos;
		return v;
	}
	if (with->type == SCRIPT_FUNCTION || with->type == SCRIPT_BUILTIN) {
		bool is_lua = script_is(s, INVOCATION_LUA);

		v = script_groups(s);
		if (v.type != SCRIPT_LIST)
			return unknown;
		/* PHP's and Python's is given a list, Lua's the groups. */
		if (script_is(s, INVOCATION_PHP) ||
			script_is(s, INVOCATION_PYTHON))
			return script_call_value(s, with, &v, 1);
		memcpy(args, s->groups, sizeof(args));
		is_lua = is_lua && v.len > 1;
		return script_call_value(
			s, with, args + is_lua, v.len - is_lua);
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
				d == '0' || d == '&' ? &all
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
	struct script_value parts = script_list(s, NULL, 0), one;
	struct match m;
	size_t i = 0, from = 0, n_hidden = 0;

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
		one = place(s, v, b.p + from, i - from);
		script_append(s, &parts, &one);
		keep_groups(s, v, &m, i);
		one = with_of(s, with, code, p->holes);
		one = script_to_text(s, &one);
		if (one.type != SCRIPT_TEXT)
			return unknown;
		n_hidden += (one.flags & IS_HIDDEN) != 0;
		script_append(s, &parts, &one);
		from = i = m.end;
		if (c.is_bound)
			break;
	}
	one = *v;
	one.at += (uint32_t)from;
	one.len -= (uint32_t)from;
	script_append(s, &parts, &one);
	one = script_concat(s, &parts);
	/* Between letters that are worked out, nobody would read the others. */
	if (n_hidden >= HIDDEN_MIN && one.type == SCRIPT_TEXT)
		one.number = one.len;
	return one;
}
