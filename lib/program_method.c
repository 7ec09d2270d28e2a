// SPDX-License-Identifier: GPL-3.0-or-later
/* Methods of strings and lists, and functions that take them. */
#include "program_state.h"

#include <ctype.h>

/* To exchange more characters than these is an encoding: decoders see to it.
 */
#define MAPPED_MAX 4

static bool is_called(const struct program_args *c, const char *names)
{
	return invocation_is_listed(names, c->name);
}

static bool are(const struct program_args *c, const char *kinds)
{
	if (c->n != strlen(kinds))
		return false;
	for (size_t i = 0; i < c->n; i++) {
		unsigned char kind = c->args[i].kind;

		if (kinds[i] == 's'       ? kind != PROGRAM_STRING
			: kinds[i] == 'l' ? kind != PROGRAM_LIST
					  : kind != PROGRAM_NUMBER)
			return false;
	}
	return true;
}

/* The members of [...]; what is not in it for [^...]. A range is no more than a
 * look-up, so they are all written out, with - in front. False: it is no set.
 */
static bool set(struct bytes s, char members[256], size_t *n)
{
	bool is_in[256] = { false };
	bool is_not = s.len > 3 && s.p[1] == '^';

	if (s.len && s.p[s.len - 1] == '+')
		s.len--;
	if (s.len < 3 || s.p[0] != '[' || s.p[s.len - 1] != ']')
		return false;
	for (size_t i = is_not ? 2 : 1; i + 1 < s.len; i++) {
		unsigned char c = (unsigned char)s.p[i], last;

		if (c == '\\' && i + 2 < s.len)
			c = (unsigned char)s.p[++i];
		last = c;
		if (s.p[i - 1] == '\\' && isalnum(c))
			return false;
		if (i + 3 < s.len && s.p[i + 1] == '-') {
			last = (unsigned char)s.p[i + 2];
			i += 2;
		}
		for (unsigned int k = c; k <= last; k++)
			is_in[k] = true;
	}
	*n = 0;
	if (is_in['-'] != is_not)
		members[(*n)++] = '-';
	for (unsigned int k = 0; k < 256; k++)
		if (k != '-' && is_in[k] != is_not)
			members[(*n)++] = (char)k;
	return *n > 0;
}

/* Whether a pattern is no more than a string. */
static bool is_plain(struct bytes *s)
{
	if (s->len == 2 && s->p[0] == '\\') {
		s->p++;
		s->len--;
		return !isalnum((unsigned char)s->p[0]);
	}
	for (size_t i = 0; i < s->len; i++)
		if (s->p[i] && strchr("[](){}*+?|.^$\\%", s->p[i]))
			return s->len == 1 && s->p[0] == '%';
	return s->len > 0;
}

bool program_by_pattern(struct program *p, struct program_token *s,
	struct bytes from, struct bytes to)
{
	char members[256];
	size_t n;

	if (set(from, members, &n))
		return program_map(p, s, (struct bytes){ members, n }, to);
	return is_plain(&from) && program_replace(p, s, from, to);
}

/* s.replace('a', 'b') and its like, where nothing but a rot13 is done. */
static bool replace(struct program *p, const struct program_args *c,
	struct program_token *to)
{
	struct bytes a = program_value(p, &c->args[0]);

	*to = *c->self;
	to->is_changed = true;
	if (is_called(c, "delete remove") && are(c, "s"))
		return program_map(p, to, a, BYTES(""));
	if (c->n < 2 || !(are(c, "ss") || are(c, "ssn")))
		return false;
	if (is_called(c, "tr translate"))
		return a.len <= MAPPED_MAX &&
		       program_map(p, to, a, program_value(p, &c->args[1]));
	if (is_called(c, "gsub sub"))
		return program_by_pattern(
			p, to, a, program_value(p, &c->args[1]));
	return is_called(c, "replace replaceAll Replace") &&
	       program_replace(p, to, a, program_value(p, &c->args[1]));
}

/* JavaScript's s.replace(/a/g, 'b'), Ruby's s.gsub(/a/, 'b') */
static bool replace_all(struct program *p, const struct program_args *c,
	struct program_token *to)
{
	const struct program_token *first = &p->stack[c->open + 1];
	const struct program_token *with = &p->stack[p->n - 2];
	struct bytes s = { p->src.p + first->at,
		p->stack[p->n - 3].at - first->at };

	if (!is_called(c, "replace replaceAll gsub") || p->n - c->open < 6 ||
		!program_is(first, '/') || with->kind != PROGRAM_STRING ||
		!program_is(&p->stack[p->n - 3], ','))
		return false;
	while (s.len > 1 && s.p[s.len - 1] != '/')
		s.len--;
	if (s.len < 3)
		return false;
	s.p++;
	s.len -= 2;
	{
		/* It has to be in the arena to be compared with. */
		size_t at = p->arena.len;

		str_addb(&p->arena, s);
		if (!str_ok(&p->arena))
			return false;
		s.p = p->arena.p + at;
	}
	*to = *c->self;
	to->is_changed = true;
	return program_by_pattern(p, to, s, program_value(p, with));
}

static bool part(
	const struct program_args *c, struct program_token *to, size_t first)
{
	long len = (long)to->len;
	long at = (long)c->args[first].value;
	long n = c->n > first + 1 ? (long)c->args[first + 1].value : len;

	if (is_called(c, "slice substring"))
		n -= c->n > first + 1 ? at : 0;
	at = (long)program_place(at, len);
	to->value += (uint32_t)at;
	to->len = (uint32_t)program_place(n < 0 ? 0 : n, len - at);
	to->is_changed = true;
	return true;
}

/* 'a|b'.split('|'): words, if they can be written so, for it may be that a
 * decoder wants the string. */
static bool part_words(struct program *p, const struct program_token *t,
	const struct program_token *by, struct program_token *to)
{
	struct bytes s = program_value(p, t), sep = program_value(p, by);
	size_t blank = p->arena.len;

	if (!sep.len)
		return false;
	for (size_t i = 0; i < s.len; i++)
		if (isspace((unsigned char)s.p[i]) && sep.p[0] != s.p[i])
			return program_part(p, t, sep, to);
	*to = *t;
	to->is_words = true;
	if (sep.len == 1 && isspace((unsigned char)sep.p[0]))
		return true;
	str_addc(&p->arena, ' ');
	if (!str_ok(&p->arena))
		return false;
	if (!program_replace(p, to, program_value(p, by),
		    (struct bytes){ p->arena.p + blank, 1 }))
		return false;
	to->is_words = true;
	return true;
}

static bool string_method(struct program *p, const struct program_args *c,
	struct program_token *to)
{
	if (is_called(c, "join") && are(c, "l"))
		return program_glue(
			p, &c->args[0], program_value(p, c->self), to);
	if (is_called(c, "format") && c->n &&
		c->args[0].kind == PROGRAM_STRING) {
		struct program_token all;

		return program_list(p, c->open, &all) &&
		       program_format(p, c->self, &all, to);
	}
	if (is_called(c, "concat") && are(c, "s"))
		return program_merge(p, c->self, &c->args[0], to);
	if (is_called(c, "split Split") && are(c, "s"))
		return part_words(p, c->self, &c->args[0], to);
	if (is_called(c, "slice substring substr Substring") &&
		(are(c, "n") || are(c, "nn"))) {
		*to = *c->self;
		return part(c, to, 0);
	}
	*to = *c->self;
	to->is_changed = true;
	if (is_called(c, "strip trim Trim to_s toString encode decode chomp "
			 "ToString ToCharArray"))
		return !c->n ||
		       (are(c, "s") &&
			       invocation_is_listed(
				       "utf-8 utf8 ascii latin1 latin-1 UTF-8",
				       program_value(p, &c->args[0])));
	return c->n ? replace(p, c, to) || replace_all(p, c, to) : false;
}

/* a.push('x'): what has the list as its value now has one more. */
static bool push(struct program *p, const struct program_args *c,
	struct program_token *to)
{
	struct program_token one = {
		.kind = PROGRAM_LIST, .value = (uint32_t)p->n_items, .len = 1
	};

	if (p->n_items == ITEMS_MAX)
		return false;
	p->items[p->n_items++] =
		(struct bytes_at){ c->args[0].value, c->args[0].len };
	if (!program_extend(p, c->self, &one, to))
		return false;
	for (int i = 0; i < p->n_vars; i++)
		if (p->vars[i].value.kind == PROGRAM_LIST &&
			p->vars[i].value.value == c->self->value)
			p->vars[i].value = *to;
	return true;
}

static bool list_method(struct program *p, const struct program_args *c,
	struct program_token *to)
{
	if (is_called(c, "join"))
		return (!c->n || are(c, "s")) &&
		       program_glue(p, c->self,
			       c->n ? program_value(p, &c->args[0])
			       : p->language == INVOCATION_NODE ? BYTES("")
								: BYTES(""),
			       to);
	if (is_called(c, "append push") && are(c, "s"))
		return push(p, c, to);
	if (!is_called(c, "reverse") || c->n)
		return false;
	*to = *c->self;
	to->is_changed = true;
	for (uint32_t i = 0; i < to->len / 2; i++) {
		struct bytes_at *a = &p->items[to->value + i];
		struct bytes_at *b = &p->items[to->value + to->len - 1 - i];
		struct bytes_at swap = *a;

		*a = *b;
		*b = swap;
	}
	return true;
}

/* join('', 'a', 'b'), implode('', ['a', 'b']), [String]::Join('', ...) */
static bool glue(struct program *p, const struct program_args *c,
	struct program_token *to)
{
	struct program_token all;

	if (is_called(c, "concat Concat")) {
		if (are(c, "l") || are(c, "ls"))
			return program_glue(p, &c->args[0],
				c->n > 1 ? program_value(p, &c->args[1])
					 : BYTES(""),
				to);
		return program_list(p, c->open, &all) &&
		       program_glue(p, &all, BYTES(""), to);
	}
	if (!is_called(c, "join implode Join") || c->n < 1)
		return false;
	if (are(c, "l"))
		return program_glue(p, &c->args[0], BYTES(""), to);
	if (are(c, "sl"))
		return program_glue(
			p, &c->args[1], program_value(p, &c->args[0]), to);
	if (are(c, "ls"))
		return program_glue(
			p, &c->args[0], program_value(p, &c->args[1]), to);
	if (!program_list(p, c->open, &all) || all.len < 2)
		return false;
	all.value++;
	all.len--;
	return program_glue(p, &all, program_value(p, &c->args[0]), to);
}

/* str_replace('a', 'b', s), preg_replace('/a/', 'b', s), re.sub(...) */
static bool exchange(struct program *p, const struct program_args *c,
	struct program_token *to)
{
	struct bytes a = program_value(p, &c->args[0]);

	if (is_called(c, "str_replace str_ireplace") && c->n == 3 &&
		c->args[0].kind == PROGRAM_LIST &&
		c->args[1].kind == PROGRAM_STRING &&
		c->args[2].kind == PROGRAM_STRING) {
		*to = c->args[2];
		for (uint32_t i = 0; i < c->args[0].len; i++) {
			struct bytes_at item = p->items[c->args[0].value + i];

			program_replace(p, to,
				(struct bytes){
					p->arena.p + item.at, item.len },
				program_value(p, &c->args[1]));
		}
		return true;
	}
	if (!are(c, "sss"))
		return false;
	*to = c->args[is_called(c, "strtr gsub") ? 0 : 2];
	to->is_changed = true;
	if (is_called(c, "str_replace str_ireplace"))
		return program_replace(p, to, a, program_value(p, &c->args[1]));
	if (is_called(c, "strtr"))
		return c->args[1].len <= MAPPED_MAX &&
		       program_map(p, to, program_value(p, &c->args[1]),
			       program_value(p, &c->args[2]));
	if (is_called(c, "gsub"))
		return program_by_pattern(p, to, program_value(p, &c->args[1]),
			program_value(p, &c->args[2]));
	if (is_called(c, "preg_replace") && a.len > 2) {
		a.p++;
		a.len--;
		while (a.len && a.p[a.len - 1] != a.p[-1])
			a.len--;
		a.len -= a.len > 0;
	} else if (!is_called(c, "sub")) {
		return false;
	}
	return program_by_pattern(p, to, a, program_value(p, &c->args[1]));
}

static bool function(struct program *p, const struct program_args *c,
	struct program_token *to)
{
	struct program_token all;

	if (glue(p, c, to) || exchange(p, c, to))
		return true;
	if (is_called(c, "explode") && are(c, "ss"))
		return program_part(
			p, &c->args[1], program_value(p, &c->args[0]), to);
	if (is_called(c, "sprintf format") && c->n > 1 &&
		program_list(p, c->open, &all)) {
		all.value++;
		all.len--;
		return program_format(p, &c->args[0], &all, to);
	}
	*to = c->args[0];
	to->is_changed = true;
	if (is_called(c, "substr") && (are(c, "sn") || are(c, "snn")))
		return part(c, to, 1);
	if (is_called(c, "str String strval trim bytes bytearray b u"))
		return are(c, "s") || (are(c, "ss") && c->args[1].len < 8);
	return is_called(c, "array list tuple") && program_list(p, c->open, to);
}

/* chr(65), String.fromCharCode(65), string.char(65) */
static bool character(struct program *p, const struct program_args *c,
	struct program_token *to)
{
	if (!are(c, "n") || c->args[0].value > 255 ||
		!is_called(c, "chr Chr fromCharCode char fromCodePoint"))
		return false;
	*to = (struct program_token){
		.kind = PROGRAM_CHAR, .value = (uint32_t)p->arena.len, .len = 4
	};
	str_addf(&p->arena, "\\x%02x", c->args[0].value);
	return str_ok(&p->arena);
}

bool program_apply(struct program *p, const struct program_args *c,
	struct program_token *to)
{
	if (c->self && c->self->kind == PROGRAM_STRING)
		return string_method(p, c, to);
	if (c->self && c->self->kind == PROGRAM_LIST)
		return list_method(p, c, to);
	return character(p, c, to) || (c->n && function(p, c, to));
}
