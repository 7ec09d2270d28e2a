// SPDX-License-Identifier: GPL-3.0-or-later
/* Strings with values in them: $a, ${a}, {a}, #{a + 1}, $h{a}, $(a). */
#include "script_state.h"

#include <ctype.h>

#define NAME_MAX 64
/* What stands between the brackets. */
#define HOLE_MAX 4096

static bool is_word(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

/* A place in a string that an expression is for. */
struct hole {
	size_t from, to, end; /* the expression; behind the hole */
};

static char closing(char c)
{
	return c == '{' ? '}' : c == '[' ? ']' : ')';
}

/* Where the bracket at i ends; 0: it does not, or there is nothing in it. */
static size_t closed(struct bytes b, size_t i)
{
	char open = b.p[i], close = closing(open), quote = '\0';
	size_t depth = 0, from = i;

	for (; i < b.len && i - from < HOLE_MAX; i++) {
		char c = b.p[i];

		if (quote) {
			quote = c == quote ? '\0' : quote;
		} else if (c == '\'' || c == '"') {
			quote = c;
		} else if (c == open) {
			depth++;
		} else if (c == close && !--depth) {
			return i > from + 1 ? i : 0;
		}
	}
	return 0;
}

static size_t past_word(struct bytes b, size_t i)
{
	while (i < b.len && is_word(b.p[i]))
		i++;
	return i;
}

/* Perl's and PHP's $h{a} and $l[0] at i. */
static bool element_at(struct bytes b, size_t i, struct hole *h, bool *is_odd)
{
	size_t at = past_word(b, i + 1), close;

	if (at == i + 1 || at >= b.len)
		return false;
	if (at + 2 < b.len && b.p[at] == '-' && b.p[at + 1] == '>')
		at += 2;
	if (b.p[at] != '{' && b.p[at] != '[')
		return false;
	close = closed(b, at);
	*is_odd = !close;
	*h = (struct hole){ i, close + 1, close + 1 };
	return close;
}

/* Whether an expression is at i; a name between brackets is none. *is_odd: the
 * bracket has no end. */
static bool hole_at(const struct script *s, struct bytes b, size_t i, char how,
	struct hole *h, bool *is_odd)
{
	size_t open = i + (how != '{'), close;
	bool is_shell = script_is(s, INVOCATION_POWERSHELL);

	*is_odd = false;
	if (how == '$' &&
		(script_is(s, INVOCATION_PERL) || script_is(s, INVOCATION_PHP)))
		return element_at(b, i, h, is_odd);
	if (open >= b.len || b.p[open] != (is_shell ? '(' : '{'))
		return false;
	/* Two of Python's are one brace. */
	if (how == '{' && open + 1 < b.len && b.p[open + 1] == '{')
		return false;
	close = closed(b, open);
	*is_odd = !close;
	*h = (struct hole){ open + 1, close, close + 1 };
	return close && past_word(b, open + 1) != close;
}

void script_lex_holes(
	struct script *s, struct script_token *t, uint32_t value, uint32_t len)
{
	struct bytes b = { s->arena.p + value, len }, src = s->src;
	struct hole h;
	bool is_odd = false;

	t->other = 0;
	for (size_t i = 0; i < b.len && !is_odd && s->n_tokens + 8 < TOKENS_MAX;
		i++) {
		if (b.p[i] != t->mark ||
			!hole_at(s, b, i, t->mark, &h, &is_odd))
			continue;
		if (!t->other)
			t->other = (uint32_t)s->n_tokens;
		s->src = (struct bytes){ b.p, h.to };
		s->pos = h.from;
		script_lex_more(s);
		i = h.end - 1;
	}
	s->src = src;
}

/* The value of a name in a string at i of b; behind it, or i if it is not
 * known. */
static size_t name_at(struct script *s, struct bytes b, size_t i, char how,
	struct script_value *to)
{
	size_t at = i + (how != '{'), end;
	bool is_braced = at < b.len && b.p[at] == '{';
	const struct script_value *v;
	unsigned short name;

	at += is_braced;
	if (is_braced && at < b.len && b.p[at] == '$')
		at++;
	if (how != '$' && !is_braced)
		return i;
	end = past_word(b, at);
	if (end == at || end - at > NAME_MAX ||
		(is_braced && (end == b.len || b.p[end] != '}')))
		return i;
	if (end == at + 1 && b.p[at] >= '0' && b.p[at] < '4') {
		v = &s->groups[b.p[at] - '0'];
	} else {
		name = script_name(s, (struct bytes){ b.p + at, end - at });
		v = script_find(s, name);
	}
	if (!v || (v->type != SCRIPT_TEXT && v->type != SCRIPT_INT))
		return i;
	*to = *v;
	return end + is_braced;
}

/* The value of the expression whose tokens are at *token, which is then behind
 * them. */
static struct script_value value_of(struct script *s, size_t *token)
{
	size_t pos = s->pos;
	struct script_value v;

	s->pos = *token;
	v = script_expr(s, RANK_ALL);
	for (; s->tokens[*token].kind != SCRIPT_END; ++*token)
		s->steps += !(*token & 7);
	++*token;
	s->pos = pos;
	return v;
}

/* What is at i, if it is known; behind it. */
static size_t filled_at(struct script *s, const struct script_token *t,
	struct bytes b, size_t i, size_t *token, struct script_value *to)
{
	struct hole h;
	bool is_odd = false;
	bool has_hole = *token && *token < s->n_tokens &&
			hole_at(s, b, i, t->mark, &h, &is_odd);

	/* As when they were read: behind one without an end there are none. */
	if (is_odd)
		*token = 0;
	if (!has_hole)
		return name_at(s, b, i, t->mark, to);
	*to = value_of(s, token);
	if (to->type == SCRIPT_LIST)
		*to = script_to_text(s, to);
	/* f'{65:c}' */
	if (to->type == SCRIPT_INT && h.to > h.from + 2 &&
		b.p[h.to - 1] == 'c' && b.p[h.to - 2] == ':')
		*to = script_chr(s, to);
	return to->type == SCRIPT_TEXT || to->type == SCRIPT_INT ? h.end : i;
}

struct script_value script_filled(
	struct script *s, const struct script_token *t)
{
	size_t from, token = t->other;
	struct script_value v = { .type = SCRIPT_TEXT }, part = v;
	struct script_value parts = script_list(s, NULL, 0);
	struct bytes b = { s->arena.p + t->value, t->len };

	from = s->arena.len;
	for (size_t i = 0; i < b.len && str_ok(&s->arena);) {
		size_t past = i;

		if (b.p[i] == t->mark) {
			/* What is worked out is put behind what is there. */
			part = script_made(s, from);
			script_append(s, &parts, &part);
			past = filled_at(s, t, b, i, &token, &part);
			if (past != i)
				script_append(s, &parts, &part);
			from = s->arena.len;
		}
		if (past != i) {
			i = past;
			continue;
		}
		str_addc(&s->arena, b.p[i]);
		/* {{ */
		if (t->mark == '{' && (b.p[i] == '{' || b.p[i] == '}') &&
			i + 1 < b.len && b.p[i + 1] == b.p[i])
			i++;
		i++;
	}
	part = script_made(s, from);
	script_append(s, &parts, &part);
	v = script_concat(s, &parts);
	v.flags &= (unsigned char)~IS_BYTES;
	return v;
}
