// SPDX-License-Identifier: GPL-3.0-or-later
/* Operators as they are written. */
#include "script_state.h"

#include <ctype.h>

static char at(const struct script *s, size_t i)
{
	return i < s->src.len ? s->src.p[i] : '\0';
}

struct row {
	const char *text;
	unsigned short op, with;
};

static const struct row operators[] = { { "===", OP_EQ, 0 },
	{ "!==", OP_NE, 0 }, { "**=", OP_SET, OP_POW },
	{ "..=", OP_SET, OP_CONCAT }, { ">>>", OP_SHR, 0 },
	{ "<<=", OP_SET, OP_SHL }, { ">>=", OP_SET, OP_SHR },
	{ "...", OP_RANGE, 0 }, { "//=", OP_SET, OP_FLOOR }, { "==", OP_EQ, 0 },
	{ "!=", OP_NE, 0 }, { "~=", OP_NE, 0 }, { "<=", OP_LE, 0 },
	{ ">=", OP_GE, 0 }, { "=~", OP_MATCH, 0 }, { "!~", OP_NMATCH, 0 },
	{ "&&", OP_AND, 0 }, { "||", OP_OR, 0 }, { "??", OP_OR, 0 },
	{ "->", OP_MEMBER, 0 }, { "=>", OP_ARROW, 0 }, { "::", OP_MEMBER, 0 },
	{ ":=", OP_SET, 0 }, { "+=", OP_SET, '+' }, { "-=", OP_SET, '-' },
	{ "*=", OP_SET, '*' }, { ".=", OP_SET, OP_CONCAT },
	{ "^=", OP_SET, OP_XOR }, { "|=", OP_SET, '|' }, { "&=", OP_SET, '&' },
	{ "%=", OP_SET, '%' }, { "/=", OP_SET, '/' }, { "++", OP_INC, 0 },
	{ "--", OP_DEC, 0 }, { "**", OP_POW, 0 }, { "<<", OP_SHL, 0 },
	{ ">>", OP_SHR, 0 }, { "..", OP_RANGE, 0 }, { "?.", OP_MEMBER, 0 },
	{ "//", OP_FLOOR, 0 }, { "^", OP_XOR, 0 }, { "=", OP_SET, 0 } };

/* What the rows begin with. */
static const bool starts[256] = { ['='] = true,
	['!'] = true,
	['*'] = true,
	['.'] = true,
	['>'] = true,
	['<'] = true,
	['/'] = true,
	['~'] = true,
	['&'] = true,
	['|'] = true,
	['?'] = true,
	['-'] = true,
	[':'] = true,
	['+'] = true,
	['^'] = true,
	['%'] = true };

/* PowerShell's -join and the like. */
static const struct row dashed[] = { { "join", OP_JOIN, 0 },
	{ "split", OP_SPLIT, 0 }, { "csplit", OP_SPLIT, 0 },
	{ "isplit", OP_SPLIT, 0 }, { "replace", OP_REPLACE, 0 },
	{ "creplace", OP_REPLACE, 0 }, { "ireplace", OP_REPLACE, 0 },
	{ "f", OP_FORMAT, 0 }, { "bxor", OP_XOR, 0 }, { "band", '&', 0 },
	{ "bor", '|', 0 }, { "shl", OP_SHL, 0 }, { "shr", OP_SHR, 0 },
	{ "eq", OP_EQ, 0 }, { "ne", OP_NE, 0 }, { "lt", '<', 0 },
	{ "le", OP_LE, 0 }, { "gt", '>', 0 }, { "ge", OP_GE, 0 },
	{ "and", OP_AND, 0 }, { "or", OP_OR, 0 }, { "not", OP_NOT, 0 } };

/* Operators that are words, and not for PowerShell. */
static const struct row words[] = { { "and", OP_AND, 0 }, { "or", OP_OR, 0 },
	{ "not", OP_NOT, 0 }, { "is", OP_EQ, 0 }, { "eq", OP_EQ, 0 },
	{ "ne", OP_NE, 0 }, { "lt", '<', 0 }, { "gt", '>', 0 },
	{ "le", OP_LE, 0 }, { "ge", OP_GE, 0 }, { "x", OP_REPEAT, 0 },
	{ "xor", OP_XOR, 0 } };

static bool dashed_word(struct script *s, struct script_token *t)
{
	size_t n = 0;
	char w[12];

	while (n < sizeof(w) - 1 &&
		isalpha((unsigned char)at(s, s->pos + 1 + n)))
		w[n] = (char)tolower((unsigned char)at(s, s->pos + 1 + n)), n++;
	w[n] = '\0';
	for (size_t i = 0; i < sizeof(dashed) / sizeof(dashed[0]); i++) {
		if (strcmp(w, dashed[i].text) != 0)
			continue;
		t->op = dashed[i].op;
		s->pos += 1 + n;
		return true;
	}
	return false;
}

void script_operator(struct script *s, struct script_token *t)
{
	const char *p = s->src.p + s->pos;
	size_t left = s->src.len - s->pos;

	t->kind = SCRIPT_OP;
	if (p[0] == '-' && script_is(s, INVOCATION_POWERSHELL) &&
		dashed_word(s, t))
		return;
	for (size_t i = 0; starts[(unsigned char)p[0]] &&
			   i < sizeof(operators) / sizeof(operators[0]);
		i++) {
		size_t n;

		if (operators[i].text[0] != p[0])
			continue;
		n = strlen(operators[i].text);
		if (n > left || memcmp(p, operators[i].text, n) != 0)
			continue;
		t->op = operators[i].op;
		t->with = operators[i].with;
		if (t->op == OP_FLOOR && !t->with &&
			script_is(s, INVOCATION_PERL))
			t->op = OP_OR;
		if (script_is(s, INVOCATION_LUA) && t->op == OP_RANGE)
			t->op = OP_CONCAT;
		s->pos += n;
		return;
	}
	t->op = (unsigned char)p[0];
	s->pos++;
	if (t->op == '~' && script_is(s, INVOCATION_LUA) &&
		script_ends_operand(s))
		t->op = OP_XOR;
	if ((t->op == '.' || (t->op == ':' && script_is(s, INVOCATION_LUA) &&
				     script_ends_operand(s) &&
				     isalpha((unsigned char)at(s, s->pos)))) &&
		!script_is(s, INVOCATION_PERL) && !script_is(s, INVOCATION_PHP))
		t->op = OP_MEMBER;
	else if (t->op == '.')
		t->op = OP_CONCAT;
}

/* Perl's sub x { } */
static bool is_defined(const struct script *s)
{
	return s->n_tokens &&
	       script_word(s, &s->tokens[s->n_tokens - 1]) == WORD_DEF;
}

void script_word_operator(const struct script *s, struct script_token *t)
{
	struct bytes w = s->names[t->name].text;
	bool has_all = script_is(s, INVOCATION_PERL);
	size_t n = sizeof(words) / sizeof(words[0]);

	if (t->has_sigil || is_defined(s) || script_is(s, INVOCATION_NODE) ||
		script_is(s, INVOCATION_POWERSHELL) || !w.len || w.len > 3)
		return;
	for (size_t i = 0; i < n; i++) {
		if (w.p[0] != words[i].text[0] ||
			!bytes_equal(w, bytes_of(words[i].text)) ||
			(i > 3 && !has_all) ||
			(i != 2 && !script_ends_operand(s)))
			continue;
		t->kind = SCRIPT_OP;
		t->op = words[i].op;
		return;
	}
}
