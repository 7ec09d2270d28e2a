// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Strings in the arena have their escapes undone, but for those that stand for
 * a character by its number: a string of these hides what it says, and has to
 * be seen by who looks for such.
 */
#include "program_state.h"

#include <ctype.h>

#include "operand.h"
#include "text.h"

/* With fewer escapes a string hides nothing by them. */
#define HIDING_MIN 4
#define MARK_MAX   64

static bool is_word(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

/* Lua's \65 is decimal; as \x41 it means the same to everybody. */
static size_t decimal(struct program *p, size_t i)
{
	unsigned int v = 0;
	size_t n = 0;

	for (; n < 3 && i + n < p->stop; n++) {
		char c = p->src.p[i + n];

		if (!isdigit((unsigned char)c))
			break;
		v = v * 10 + (unsigned int)(c - '0');
	}
	str_addf(&p->arena, "\\x%02x", v & 255);
	return i + n;
}

/* The escape whose letter is at i; behind it. */
static size_t escape(struct program *p, const struct program_quote *q, size_t i)
{
	static const char from[] = "ntrabefv0", to[] = "\n\t\r\a\b\033\f\v";
	char c = p->src.p[i];
	const char *known = c && c != '0' ? strchr(from, c) : NULL;

	if (q->escape == '`') {
		if (known && c != 'b')
			c = to[known - from];
		str_addc(&p->arena, c);
		return i + 1;
	}
	if (isdigit((unsigned char)c) && p->language == INVOCATION_LUA)
		return decimal(p, i);
	if (c == 'x' || c == 'u' || c == 'U' || c == 'N' ||
		(c >= '0' && c <= '7')) {
		str_addc(&p->arena, '\\');
		str_addc(&p->arena, c);
		return i + 1;
	}
	if (known)
		c = to[known - from];
	else if (c == '\\' && i + 1 < p->stop && p->src.p[i + 1] &&
		 strchr("xuU01234567", p->src.p[i + 1]))
		str_addc(&p->arena, c);
	else if (c == '\n')
		return i + 1;
	else if (isalnum((unsigned char)c))
		str_addc(&p->arena, '\\');
	str_addc(&p->arena, c);
	return i + 1;
}

/* A name in a string, as $a, ${a}, {a} or #{a} at i; behind it if its value is
 * put in, else i. */
static size_t mark(struct program *p, const struct program_quote *q, size_t i)
{
	const char *s = p->src.p;
	size_t at = i, end;
	bool is_braced;
	struct program_var *v;
	struct bytes name;

	if (q->marks != '{')
		at++;
	is_braced = at < p->stop && s[at] == '{';
	at += is_braced;
	if (q->marks != '$' && !is_braced)
		return i;
	for (end = at; end < p->stop && end - at < MARK_MAX;)
		if (!is_word(s[end++])) {
			end--;
			break;
		}
	if (is_braced && (end >= p->stop || s[end] != '}'))
		return i;
	/* JavaScript's ${a} is a, the others' is $a. */
	name = (struct bytes){ s + at, end - at };
	if (q->marks == '$' && !(is_braced && p->language == INVOCATION_NODE))
		name = (struct bytes){ s + i, end + is_braced - i };
	v = end > at ? program_find(p, name) : NULL;
	if (!v || v->value.kind != PROGRAM_STRING)
		return i;
	if (v->def < p->n)
		p->stack[v->def].is_moved = true;
	program_copy(p, v->value.value, v->value.len);
	return end + is_braced;
}

static bool is_close(
	const struct program *p, const struct program_quote *q, size_t i)
{
	for (unsigned int k = 0; k < q->n; k++)
		if (i + k >= p->stop || p->src.p[i + k] != q->close)
			return false;
	return true;
}

/* One character or escape at i; behind it. */
static size_t step(struct program *p, const struct program_quote *q, size_t i)
{
	char c = p->src.p[i];
	char next = i + 1 < p->stop ? p->src.p[i + 1] : '\0';

	if (q->is_single && c == '\\' && (next == '\\' || next == q->close)) {
		str_addc(&p->arena, next);
		return i + 2;
	}
	if (c == q->escape && c && !q->is_raw && !q->is_single &&
		i + 1 < p->stop)
		return escape(p, q, i + 1);
	if (q->marks && c == q->marks) {
		size_t past = mark(p, q, i);

		if (past > i)
			return past;
	}
	/* Behind a backslash of r'' no quote ends it. */
	if (q->is_raw && c == '\\' && !q->is_doubled && next == q->close) {
		str_addc(&p->arena, c);
		c = next;
		i++;
	}
	str_addc(&p->arena, c);
	return i + 1;
}

/* Whether the string has to be written in another way than it stands there. */
static bool is_other(const struct program *p, const struct program_quote *q,
	const struct program_token *t, size_t end)
{
	if (q->n > 1 || q->open || (q->close != '\'' && q->close != '"'))
		return true;
	return t->len != end - q->at ||
	       memcmp(p->arena.p + t->value, p->src.p + q->at, t->len) != 0;
}

bool program_read(struct program *p, const struct program_quote *q,
	struct program_token *t, size_t *end)
{
	const char special[4] = { q->close, '\\', q->marks, q->open };
	size_t from = p->arena.len, i = q->at;
	unsigned int depth = 0;

	if (p->is_dead[(unsigned char)q->close])
		return false;
	while (i < p->stop) {
		struct bytes rest = { p->src.p + i, p->stop - i };
		/* PowerShell has one more that is special. */
		size_t n = q->escape == '`' ? 0 : text_until(rest, special);
		bool is_end;

		str_add(&p->arena, rest.p, n);
		i += n;
		if (i == p->stop)
			break;
		is_end = is_close(p, q, i);
		if (is_end && q->is_doubled && i + 1 < p->stop &&
			p->src.p[i + 1] == q->close) {
			str_addc(&p->arena, q->close);
			i += 2;
			continue;
		}
		if (is_end && !depth)
			break;
		if (q->open && p->src.p[i] == q->open)
			depth++;
		else if (is_end)
			depth--;
		i = step(p, q, i);
	}
	if (i >= p->stop || !str_ok(&p->arena)) {
		str_cut(&p->arena, from);
		p->is_dead[(unsigned char)q->close] = true;
		return false;
	}
	*end = i + q->n;
	t->kind = PROGRAM_STRING;
	t->value = (uint32_t)from;
	t->len = (uint32_t)(p->arena.len - from);
	t->is_changed = t->len > 0 ? is_other(p, q, t, i) : i > q->at;
	return true;
}

/* Of the escape at i, whose value is *v, the end; i: it is none. */
static size_t escape_end(struct bytes s, size_t i, uint32_t *v)
{
	size_t j = i + 1, max = 3, n = 0;
	int base = 8;
	bool is_braced;

	if (j >= s.len)
		return i;
	if (s.p[j] == 'x' || s.p[j] == 'u' || s.p[j] == 'U') {
		max = s.p[j] == 'x' ? 2 : s.p[j] == 'u' ? 4 : 8;
		base = 16;
		j++;
	}
	is_braced = base == 16 && j < s.len && s.p[j] == '{';
	j += is_braced;
	if (is_braced)
		max = 6;
	for (*v = 0; n < max && j < s.len; n++, j++) {
		int d = text_hexval(s.p[j]);

		if (d < 0 || d >= base)
			break;
		*v = *v * (unsigned int)base + (unsigned int)d;
	}
	if (!n || *v > 0x10ffff || (is_braced && (j >= s.len || s.p[j] != '}')))
		return i;
	return j + is_braced;
}

static size_t next_escape(struct bytes s, size_t i, size_t *end, uint32_t *v)
{
	for (; i < s.len; i++) {
		const char *p = memchr(s.p + i, '\\', s.len - i);

		if (!p)
			break;
		i = (size_t)(p - s.p);
		if (i + 1 < s.len && s.p[i + 1] == '\\') {
			i++;
			continue;
		}
		*end = escape_end(s, i, v);
		if (*end > i)
			return i;
	}
	return s.len;
}

static void undo(struct bytes s, struct str *out)
{
	size_t i = 0, end;
	uint32_t v;

	while (i < s.len) {
		size_t at = next_escape(s, i, &end, &v);

		str_add(out, s.p + i, at - i);
		if (at == s.len)
			return;
		if (s.p[at + 1] == 'u' || s.p[at + 1] == 'U' || v > 255)
			text_add_utf8(out, v);
		else
			str_addc(out, (char)v);
		i = end;
	}
}

void program_write(struct program *p, struct bytes s, struct str *out)
{
	size_t n = 0, end;
	uint32_t v;
	char quote = '\'';

	for (size_t i = 0; n < HIDING_MIN; n++, i = end) {
		i = next_escape(s, i, &end, &v);
		if (i == s.len)
			break;
	}
	if (n && n < HIDING_MIN) {
		str_reset(&p->scratch);
		undo(s, &p->scratch);
		s = str_bytes(&p->scratch);
	}
	if (s.len && memchr(s.p, quote, s.len))
		quote = '"';
	if (quote == '"' &&
		(memchr(s.p, quote, s.len) || s.p[s.len - 1] == '\\'))
		quote = OPERAND_QUOTE;
	if (out == &p->arena && s.p != p->scratch.p) {
		str_reset(&p->scratch);
		str_addb(&p->scratch, s);
		s = str_bytes(&p->scratch);
	}
	str_addc(out, quote);
	str_addb(out, s);
	str_addc(out, quote);
}
