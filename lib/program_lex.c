// SPDX-License-Identifier: GPL-3.0-or-later
#include "program_state.h"

#include <ctype.h>

#include "text.h"

static char at(const struct program *p, size_t i)
{
	return i < p->stop ? p->src.p[i] : '\0';
}

static bool is_word(char c)
{
	static const bool words[256] = { ['0' ... '9'] = true,
		['A' ... 'Z'] = true,
		['a' ... 'z'] = true,
		['_'] = true,
		[128 ... 255] = true };

	return words[(unsigned char)c];
}

static bool is(const struct program *p, enum invocation_language language)
{
	return p->language == language;
}

static bool has_slash_comments(const struct program *p)
{
	return is(p, INVOCATION_NODE) || is(p, INVOCATION_PHP);
}

static bool has_hash_comments(const struct program *p)
{
	return !is(p, INVOCATION_NODE) && !is(p, INVOCATION_LUA);
}

/* The comment at i ends at its line's; i if there is none. */
static size_t past_comment(const struct program *p, size_t i)
{
	char c = at(p, i), d = at(p, i + 1);
	const char *nl;

	if (!(c == '#' && has_hash_comments(p)) &&
		!(c == '/' && d == '/' && has_slash_comments(p)) &&
		!(c == '-' && d == '-' && is(p, INVOCATION_LUA)))
		return i;
	nl = memchr(p->src.p + i, '\n', p->stop - i);
	return nl ? (size_t)(nl - p->src.p) : p->stop;
}

size_t program_skip(const struct program *p, size_t i)
{
	for (;;) {
		char c = at(p, i);
		size_t past;

		if (c == ' ' || c == '\t' || c == '\r' || c == '\f' ||
			c == '\v') {
			i++;
			continue;
		}
		if (c == '\\' && at(p, i + 1) == '\n') {
			i += 2;
			continue;
		}
		if (c != '#' && c != '/' && c != '-')
			return i;
		past = past_comment(p, i);
		if (past == i)
			return i;
		i = past;
	}
}

static bool number(struct program *p, struct program_token *t)
{
	bool is_hex = at(p, p->pos) == '0' && (at(p, p->pos + 1) | 0x20) == 'x';
	size_t i = p->pos + (is_hex ? 2 : 0);
	uint32_t v = 0;

	t->kind = PROGRAM_NUMBER;
	for (; i < p->stop; i++) {
		int d = text_hexval(at(p, i));

		if (d < 0 || (!is_hex && d > 9))
			break;
		if (v < UINT32_MAX / 32)
			v = v * (is_hex ? 16 : 10) + (uint32_t)d;
	}
	if (is_word(at(p, i)) ||
		(at(p, i) == '.' && isdigit((unsigned char)at(p, i + 1)))) {
		t->kind = PROGRAM_NAME;
		while (is_word(at(p, i)) || at(p, i) == '.')
			i++;
	}
	t->value = v;
	p->pos = i;
	return true;
}

/* Python's b'', rb"" and f'': the prefix in front of the quote at i. */
static bool is_prefix(struct bytes word, bool *is_raw, bool *is_format)
{
	if (word.len > 2)
		return false;
	for (size_t i = 0; i < word.len; i++) {
		char c = (char)(word.p[i] | 0x20);

		if (!strchr("brufw", c) || !c)
			return false;
		*is_raw |= c == 'r';
		*is_format |= c == 'f';
	}
	return true;
}

static char closing(char open)
{
	static const char opens[] = "([{<", closes[] = ")]}>";
	const char *found = open ? strchr(opens, open) : NULL;

	return found ? closes[found - opens] : open;
}

/* What the quote at i means in the language. */
static struct program_quote quote_at(const struct program *p, size_t i)
{
	char c = at(p, i);
	bool is_dollar = is(p, INVOCATION_PERL) || is(p, INVOCATION_PHP) ||
			 is(p, INVOCATION_POWERSHELL);
	struct program_quote q = {
		.at = i + 1, .close = c, .n = 1, .escape = '\\'
	};

	if (c == '\'') {
		q.is_single = is(p, INVOCATION_PERL) || is(p, INVOCATION_PHP) ||
			      is(p, INVOCATION_RUBY);
		q.is_raw = q.is_doubled = is(p, INVOCATION_POWERSHELL);
	} else if (is_dollar || c == '`') {
		q.marks = '$';
	} else if (is(p, INVOCATION_RUBY)) {
		q.marks = '#';
	}
	if (is(p, INVOCATION_POWERSHELL))
		q.escape = '`';
	if (c != '`' && at(p, i + 1) == c && at(p, i + 2) == c &&
		(is(p, INVOCATION_PYTHON) || is(p, INVOCATION_NONE))) {
		q.at = i + 3;
		q.n = 3;
	}
	return q;
}

static bool take(struct program *p, const struct program_quote *q,
	struct program_token *t)
{
	size_t end;

	if (!program_read(p, q, t, &end))
		return false;
	p->pos = end;
	return true;
}

static bool string(struct program *p, size_t i, struct program_token *t,
	bool is_raw, bool is_format)
{
	struct program_quote q = quote_at(p, i);

	q.is_raw |= is_raw;
	if (is_format)
		q.marks = '{';
	return take(p, &q, t);
}

/* [[ ... ]] and [=[ ... ]=], without the levels. */
static bool long_string(struct program *p, struct program_token *t)
{
	struct program_quote q = {
		.at = p->pos + 2, .close = ']', .n = 2, .is_raw = true
	};

	return is(p, INVOCATION_LUA) && at(p, p->pos + 1) == '[' &&
	       take(p, &q, t);
}

/* q{...}, qq^...^ and qw(...), whose word ends at i; %q(...) and %(...). */
static bool quote_like(struct program *p, size_t i, struct program_token *t)
{
	struct bytes word = { p->src.p + p->pos, i - p->pos };
	bool is_list = bytes_equal(word, BYTES("qw"));
	bool is_double = bytes_equal(word, BYTES("qq"));
	struct program_quote q = { .n = 1, .is_single = true, .escape = '\\' };

	if (is(p, INVOCATION_RUBY) && word.len && word.p[0] == '%') {
		is_double = word.len == 1 || word.p[1] == 'Q';
		is_list = word.len == 2 && word.p[1] == 'w';
	} else if (!is(p, INVOCATION_PERL) ||
		   !(is_list || is_double || bytes_equal(word, BYTES("q")))) {
		return false;
	}
	if (at(p, i) == ' ' && !is_word(at(p, i + 1)))
		i++;
	q.open = at(p, i);
	q.close = closing(q.open);
	if (!q.open || is_word(q.open) || strchr(" =;)\n", q.open))
		return false;
	if (q.open == q.close)
		q.open = '\0';
	q.at = i + 1;
	q.is_single = !is_double;
	q.marks = !is_double ? '\0' : is(p, INVOCATION_RUBY) ? '#' : '$';
	if (!take(p, &q, t))
		return false;
	t->is_words = is_list;
	return true;
}

/* s/a/b/, tr/a/b/, m/a/: to the last delimiter, as they stand. */
static bool substitution(struct program *p, size_t i, struct program_token *t)
{
	struct bytes word = { p->src.p + p->pos, i - p->pos };
	unsigned int n = 2;
	char c = at(p, i);
	size_t j = i + 1;

	if (!is(p, INVOCATION_PERL) || !c || is_word(c) ||
		strchr(" =;,)(\n-\"'", c))
		return false;
	if (bytes_equal(word, BYTES("m")) || bytes_equal(word, BYTES("qr")))
		n = 1;
	else if (!bytes_equal(word, BYTES("s")) &&
		 !bytes_equal(word, BYTES("y")) &&
		 !bytes_equal(word, BYTES("tr")))
		return false;
	for (; n && j < p->stop && at(p, j) != '\n'; j++) {
		if (at(p, j) == '\\')
			j++;
		else if (at(p, j) == c || at(p, j) == closing(c))
			n--;
	}
	if (n)
		return false;
	t->kind = PROGRAM_NAME;
	p->pos = j < p->stop ? j : p->stop;
	return true;
}

static bool word(struct program *p, struct program_token *t)
{
	size_t i = p->pos;
	bool is_raw = false, is_format = false;
	char c = at(p, i);

	if (c == '$' && at(p, i + 1) == '{') {
		while (i < p->stop && at(p, i) != '}' && i - p->pos < 64)
			i++;
		p->pos = i + (at(p, i) == '}');
		t->kind = PROGRAM_NAME;
		return true;
	}
	i += c == '$' || c == '@';
	while (i < p->stop && is_word(p->src.p[i]))
		i++;
	if (at(p, i) == '\'' || at(p, i) == '"') {
		struct bytes w = { p->src.p + p->pos, i - p->pos };

		if (is_prefix(w, &is_raw, &is_format) &&
			string(p, i, t, is_raw, is_format))
			return true;
	}
	if (quote_like(p, i, t) || substitution(p, i, t))
		return true;
	t->kind = PROGRAM_NAME;
	p->pos = i > p->pos ? i : p->pos + 1;
	return true;
}

static bool begins(const struct program *p, const char *s)
{
	size_t n = strlen(s);

	return p->stop - p->pos >= n && !strncasecmp(p->src.p + p->pos, s, n);
}

static void operator(struct program *p, struct program_token *t)
{
	static const struct {
		const char *text;
		char op;
	} ops[] = { { "===", OP_EQUAL }, { "!==", OP_EQUAL },
		{ "==", OP_EQUAL }, { "!=", OP_EQUAL }, { "<=", OP_EQUAL },
		{ ">=", OP_EQUAL }, { "=~", '~' }, { "..=", OP_APPEND },
		{ "+=", OP_APPEND }, { ".=", OP_APPEND }, { "->", OP_ARROW },
		{ "<<=", OP_EQUAL }, { "=>", OP_ARROW }, { "::", OP_ARROW },
		{ ":=", OP_ASSIGN }, { "...", '*' }, { "..", OP_CONCAT },
		{ "-f ", OP_FORMAT }, { "-f'", OP_FORMAT },
		{ "-f\"", OP_FORMAT }, { "-join", OP_JOIN },
		{ "-replace", OP_REPLACE }, { "-creplace", OP_REPLACE } };

	size_t n = strchr("=!<>.+-:", at(p, p->pos)) ? sizeof(ops) : 0;

	t->kind = PROGRAM_OP;
	for (size_t i = 0; i < n / sizeof(ops[0]); i++) {
		if (ops[i].text[0] != at(p, p->pos) || !begins(p, ops[i].text))
			continue;
		t->op = ops[i].op;
		p->pos += t->op == OP_FORMAT ? 2 : strlen(ops[i].text);
		return;
	}
	t->op = at(p, p->pos);
	p->pos++;
	if (t->op == '<' && at(p, p->pos) == '<' && is(p, INVOCATION_RUBY)) {
		/* a << 'b' */
		t->op = OP_APPEND;
		p->pos++;
	}
}

bool program_lex(struct program *p, struct program_token *t)
{
	char c;

	*t = (struct program_token){ .gap = (uint32_t)p->pos };
	p->pos = program_skip(p, p->pos);
	t->at = (uint32_t)p->pos;
	c = at(p, p->pos);
	if (p->pos >= p->stop)
		return false;
	if (c >= '0' && c <= '9')
		number(p, t);
	else if (is_word(c) || c == '$' || c == '@')
		word(p, t);
	else if (!((c == '\'' || c == '"' || c == '`') &&
			 string(p, p->pos, t, false, false)) &&
		 !(c == '[' && long_string(p, t)) &&
		 !(c == '%' &&
			 quote_like(p,
				 p->pos + 1 +
					 (at(p, p->pos + 1) &&
						 strchr("qQw",
							 at(p, p->pos + 1))),
				 t)))
		operator(p, t);
	t->end = (uint32_t)p->pos;
	return true;
}
