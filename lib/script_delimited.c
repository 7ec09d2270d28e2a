// SPDX-License-Identifier: GPL-3.0-or-later
/* Perl's and Ruby's quotes and patterns, whose delimiters anybody may choose.
 */
#include "script_state.h"

#include <ctype.h>

static char at(const struct script *s, size_t i)
{
	return i < s->src.len ? s->src.p[i] : '\0';
}

static char closing(char c)
{
	return c == '('   ? ')'
	       : c == '[' ? ']'
	       : c == '{' ? '}'
	       : c == '<' ? '>'
			  : c;
}

/* q{...}, qw(...), %w(...) and what is between the delimiters of m, s, tr. */
static size_t between(struct script *s, size_t i, bool is_single,
	uint32_t *value, uint32_t *len)
{
	char c = at(s, i);
	struct script_quote q = { .open = closing(c) == c ? '\0' : c,
		.close = closing(c),
		.n = 1,
		.is_single = is_single,
		.escape = '\\' };

	return script_quote(s, i + 1, &q, value, len);
}

/* A pattern's letters at i; behind them. Its i goes into it. */
static size_t flags(
	struct script *s, size_t i, struct script_token *t, char how)
{
	size_t from = s->arena.len;
	bool is_caseless = false;

	for (; isalpha((unsigned char)at(s, i)); i++) {
		t->is_code |= at(s, i) == 'e' && how == 's';
		t->is_copied |= at(s, i) == 'r';
		is_caseless |= at(s, i) == 'i' && how != 't';
	}
	if (!is_caseless || !str_room(&s->arena, t->len + 4))
		return i;
	str_addz(&s->arena, "(?i)");
	str_addb(&s->arena, (struct bytes){ s->arena.p + t->value, t->len });
	t->value = (uint32_t)from;
	t->len += 4;
	return i;
}

/* s/a/b/e, tr/a-z/b-za/, m/a/, whose first delimiter is at i. */
static bool pattern(
	struct script *s, size_t i, struct script_token *t, char how)
{
	char c = at(s, i);
	struct script_quote q = { .open = closing(c) == c ? '\0' : c,
		.close = closing(c),
		.n = 1,
		.is_raw = how != 't',
		.escape = '\\' };
	size_t end = script_quote(s, i + 1, &q, &t->value, &t->len), from, len;

	if (!end)
		return false;
	t->op = (unsigned short)how;
	if (how != 'm') {
		if (q.open) {
			while (at(s, end) == ' ')
				end++;
			end++;
		}
		from = end;
		end = script_quote(s, from, &q, &t->value2, &t->len2);
		if (!end)
			return false;
		len = end - 1 - from;
		t->other = (uint32_t)from;
		t->clause = (uint32_t)(from + len);
	}
	s->pos = flags(s, end, t, how);
	t->kind = SCRIPT_PATTERN;
	return true;
}

/* Perl's and Ruby's quotes with a letter, whose word is from pos to i. */
bool script_delimited(struct script *s, size_t i, struct script_token *t)
{
	struct bytes w = { s->src.p + s->pos, i - s->pos };
	size_t end, open = i;
	bool is_filled;
	char d;

	if (!script_is(s, INVOCATION_PERL) || w.len > 2)
		return false;
	while (at(s, open) == ' ')
		open++;
	d = at(s, open);
	if (!d || strchr("=,;)", d) || isspace((unsigned char)d) ||
		isalnum((unsigned char)d) || d == '_' || (open > i && d == '#'))
		return false;
	if (d == '-' && at(s, open + 1) == '>')
		return false;
	if (bytes_equal(w, BYTES("m")) || bytes_equal(w, BYTES("qr")))
		return pattern(s, open, t, 'm');
	if (bytes_equal(w, BYTES("s")))
		return pattern(s, open, t, 's');
	if (bytes_equal(w, BYTES("y")) || bytes_equal(w, BYTES("tr")))
		return pattern(s, open, t, 't');
	if (w.p[0] != 'q' || (w.len > 1 && !strchr("qwx", w.p[1])))
		return false;
	is_filled = w.len > 1 && w.p[1] != 'w' && !(w.p[1] == 'x' && d == '\'');
	end = between(s, open, !is_filled, &t->value, &t->len);
	if (!end)
		return false;
	t->kind = SCRIPT_STRING;
	t->is_list = w.len > 1 && w.p[1] == 'w';
	t->is_code = w.len > 1 && w.p[1] == 'x';
	t->mark = is_filled ? '$' : '\0';
	s->pos = end;
	return true;
}

bool script_slashed(struct script *s, size_t i, struct script_token *t)
{
	return pattern(s, i, t, 'm');
}

/* %w(a b), %(a) */
bool script_percent(struct script *s, struct script_token *t)
{
	char c = at(s, s->pos + 1);
	bool has_letter = c && strchr("wWqQi", c);
	size_t open = s->pos + 1 + has_letter, end;

	if (!script_is(s, INVOCATION_RUBY) || script_ends_operand(s) ||
		!at(s, open) || !strchr("([{<|/!", at(s, open)))
		return false;
	end = between(s, open, c == 'q' || c == 'w', &t->value, &t->len);
	if (!end)
		return false;
	t->kind = SCRIPT_STRING;
	t->is_list = c == 'w' || c == 'W';
	s->pos = end;
	return true;
}
