// SPDX-License-Identifier: GPL-3.0-or-later
#include "script_state.h"

#include <ctype.h>

#include "text.h"

static char at(const struct script *s, size_t i)
{
	return i < s->src.len ? s->src.p[i] : '\0';
}

static bool is_word(const struct script *s, char c)
{
	return isalnum((unsigned char)c) || c == '_' ||
	       (unsigned char)c >= 128 ||
	       (c == '$' && script_is(s, INVOCATION_NODE));
}

static bool has_sigils(const struct script *s)
{
	return script_is(s, INVOCATION_PERL) || script_is(s, INVOCATION_PHP) ||
	       script_is(s, INVOCATION_POWERSHELL);
}

static size_t comment(const struct script *s, size_t i)
{
	char c = at(s, i), d = at(s, i + 1);
	bool has_hash =
		!script_is(s, INVOCATION_NODE) && !script_is(s, INVOCATION_LUA);
	bool has_slashes =
		script_is(s, INVOCATION_NODE) || script_is(s, INVOCATION_PHP);
	const char *end;

	if (c == '/' && d == '*' && has_slashes) {
		end = text_find((struct bytes){ s->src.p + i, s->src.len - i },
			BYTES("*/"));
		return end ? (size_t)(end - s->src.p) + 2 : s->src.len;
	}
	if (!(c == '#' && has_hash) && !(c == '/' && d == '/' && has_slashes) &&
		!(c == '-' && d == '-' && script_is(s, INVOCATION_LUA)))
		return i;
	end = memchr(s->src.p + i, '\n', s->src.len - i);
	return end ? (size_t)(end - s->src.p) : s->src.len;
}

bool script_ends_operand(const struct script *s)
{
	const struct script_token *t;

	if (!s->n_tokens)
		return false;
	t = &s->tokens[s->n_tokens - 1];
	if (t->kind == SCRIPT_OP)
		return t->op == ')' || t->op == ']' || t->op == '}' ||
		       t->op == OP_INC || t->op == OP_DEC;
	if (t->kind == SCRIPT_NAME && !t->has_sigil) {
		unsigned short word = s->names[t->name].word;

		return !(word == WORD_RETURN || word == WORD_DECLARE ||
			       word == WORD_IN || word == WORD_IF ||
			       word == WORD_DO || word == WORD_ELSE) &&
		       !script_is_word_call(s->names[t->name].call);
	}
	return t->kind != SCRIPT_LINE;
}

/* The string whose quote is at i. */
static bool string(struct script *s, size_t i, struct script_token *t,
	const char *prefix, size_t n_prefix)
{
	char c = at(s, i);
	struct script_quote q = { .close = c, .n = 1, .escape = '\\' };
	size_t end;

	for (size_t k = 0; k < n_prefix; k++) {
		char p = (char)(prefix[k] | 0x20);

		q.is_raw |= p == 'r';
		t->is_bytes |= p == 'b';
		if (p == 'f')
			t->mark = '{';
	}
	if (has_sigils(s) && c != '\'')
		t->mark = '$';
	else if (script_is(s, INVOCATION_RUBY) && c != '\'')
		t->mark = '#';
	else if (script_is(s, INVOCATION_NODE) && c == '`')
		t->mark = '$';
	if (c == '\'' && (script_is(s, INVOCATION_PERL) ||
				 script_is(s, INVOCATION_PHP) ||
				 script_is(s, INVOCATION_RUBY)))
		q.is_single = true;
	if (script_is(s, INVOCATION_POWERSHELL)) {
		q.escape = c == '"' ? '`' : '\0';
		q.is_doubled = true;
	}
	i++;
	if (script_is(s, INVOCATION_PYTHON) && at(s, i) == c &&
		at(s, i + 1) == c) {
		q.n = 3;
		i += 2;
	}
	end = script_quote(s, i, &q, &t->value, &t->len);
	if (!end)
		return false;
	t->kind = SCRIPT_STRING;
	s->pos = end;
	return true;
}

static void take_word(struct script *s, struct script_token *t)
{
	size_t i = s->pos, from = s->pos;
	char c = at(s, i);
	bool is_braced = false;

	if ((c == '$' && !script_is(s, INVOCATION_NODE)) || c == '@' ||
		c == '%') {
		t->has_sigil = true;
		i++;
		while (at(s, i) == '$' || at(s, i) == '@')
			i++;
		is_braced = at(s, i) == '{' && is_word(s, at(s, i + 1));
		i += is_braced;
		from = c == '@' && script_is(s, INVOCATION_RUBY) ? from : i;
		if (at(s, i) == '_' || isdigit((unsigned char)at(s, i)))
			i++;
	}
	while (is_word(s, at(s, i)) ||
		(at(s, i) == '-' && i > from && !t->has_sigil &&
			script_is(s, INVOCATION_POWERSHELL) &&
			isalpha((unsigned char)at(s, i + 1))))
		i++;
	if (!t->has_sigil && (at(s, i) == '\'' || at(s, i) == '"') &&
		script_is(s, INVOCATION_PYTHON) && i - from <= 2) {
		bool is_prefix = true;

		for (size_t k = from; k < i; k++)
			is_prefix &= strchr("brufBRUF", at(s, k)) != NULL;
		if (is_prefix && string(s, i, t, s->src.p + from, i - from))
			return;
	}
	if (!t->has_sigil && script_delimited(s, i, t))
		return;
	t->kind = SCRIPT_NAME;
	t->name = script_name(s, (struct bytes){ s->src.p + from, i - from });
	/* Perl's @_ and $_[0] are no $_. */
	if (script_is(s, INVOCATION_PERL) && t->has_sigil && i - from == 1 &&
		at(s, from) == '_' && (c == '@' || at(s, i) == '['))
		t->name = script_name(s, BYTES("@_"));
	s->pos = i > s->pos ? i : s->pos + 1;
	s->pos += is_braced && at(s, i) == '}';
}

/* [[ ... ]] */
static bool long_string(struct script *s, struct script_token *t)
{
	struct script_quote q = { .close = ']', .n = 2, .is_raw = true };
	size_t end;

	if (!script_is(s, INVOCATION_LUA) || at(s, s->pos + 1) != '[')
		return false;
	end = script_quote(s, s->pos + 2, &q, &t->value, &t->len);
	if (!end)
		return false;
	t->kind = SCRIPT_STRING;
	s->pos = end;
	return true;
}

static bool token(struct script *s, struct script_token *t)
{
	size_t i = s->pos;
	char c = at(s, i);
	bool has_patterns = script_is(s, INVOCATION_NODE) ||
			    script_is(s, INVOCATION_RUBY) ||
			    script_is(s, INVOCATION_PERL) ||
			    script_is(s, INVOCATION_AWK);

	if ((isdigit((unsigned char)c) || c == 'v') && script_version(s, t))
		return true;
	if (isdigit((unsigned char)c)) {
		script_number(s, t);
		return true;
	}
	if (c == '$' && at(s, i + 1) == '&' && script_is(s, INVOCATION_PERL)) {
		t->kind = SCRIPT_NAME;
		t->has_sigil = true;
		t->name = script_name(s, BYTES("0"));
		s->pos += 2;
		return true;
	}
	if ((c == '$' && (is_word(s, at(s, i + 1)) || at(s, i + 1) == '{' ||
				 at(s, i + 1) == '$')) ||
		(c == '@' &&
			(is_word(s, at(s, i + 1)) || at(s, i + 1) == '$')) ||
		(c == '%' && script_is(s, INVOCATION_PERL) &&
			!script_ends_operand(s) && is_word(s, at(s, i + 1))) ||
		is_word(s, c)) {
		take_word(s, t);
		return true;
	}
	if (c == '"' || c == '\'' ||
		(c == '`' && !script_is(s, INVOCATION_POWERSHELL))) {
		if (string(s, i, t, NULL, 0)) {
			t->is_code |=
				c == '`' && !script_is(s, INVOCATION_NODE);
			return true;
		}
	} else if ((c == '[' && long_string(s, t)) ||
		   (c == '<' && script_heredoc(s, t)) ||
		   (c == '%' && script_percent(s, t)) ||
		   (c == '/' && has_patterns && !script_ends_operand(s) &&
			   script_slashed(s, i, t))) {
		return true;
	} else if (c == ':' && script_is(s, INVOCATION_RUBY) &&
		   isalpha((unsigned char)at(s, i + 1)) &&
		   (!i || at(s, i - 1) != ':')) {
		/* A symbol. */
		s->pos++;
		take_word(s, t);
		t->kind = SCRIPT_STRING;
		t->value = (uint32_t)s->arena.len;
		t->len = (uint32_t)s->names[t->name].text.len;
		str_addb(&s->arena, s->names[t->name].text);
		return true;
	}
	script_operator(s, t);
	return true;
}

/* Blanks, comments, and where lines end. */
static bool blanks(struct script *s, struct script_token *t, size_t *indent)
{
	bool is_line = false;

	for (;;) {
		char c = at(s, s->pos);
		size_t past;

		if (s->pos >= s->src.len)
			return is_line;
		if (c == '\n' && s->here) {
			s->pos = s->here;
			s->here = 0;
			is_line = true;
			continue;
		}
		if (c == '\n') {
			is_line = true;
			*indent = 0;
		} else if (c == ' ' || c == '\t' || c == '\r' || c == '\f') {
			*indent += c == '\t' ? 8 : 1;
		} else if (c == '\\' && at(s, s->pos + 1) == '\n') {
			s->pos++;
		} else {
			past = comment(s, s->pos);
			if (past == s->pos)
				return is_line;
			s->pos = past;
			continue;
		}
		t->is_spaced = true;
		s->pos++;
	}
}

static void add(struct script *s, const struct script_token *t)
{
	s->tokens[s->n_tokens++] = *t;
}

static bool ends_line(const struct script *s)
{
	const struct script_token *t = &s->tokens[s->n_tokens - 1];

	return s->n_tokens && (t->kind != SCRIPT_OP || script_ends_operand(s) ||
				      script_is(s, INVOCATION_PYTHON));
}

/* The source from pos to its end. */
static void lex_all(struct script *s)
{
	char open[OPENS_MAX];
	size_t indent = 0, n_open = 0;
	bool is_first = true;

	s->here = 0;
	while (s->n_tokens + 3 < TOKENS_MAX && str_ok(&s->arena) &&
		s->steps < s->steps_max) {
		struct script_token t = { .kind = SCRIPT_END };
		/* Perl's statements go on until their semicolons. */
		bool is_line = blanks(s, &t, &indent) &&
			       !script_is(s, INVOCATION_PERL);
		bool is_inside = n_open && n_open <= OPENS_MAX &&
				 open[n_open - 1] != '{';

		if (is_line && !is_inside && s->n_tokens && ends_line(s)) {
			struct script_token line = { .kind = SCRIPT_LINE,
				.at = (uint32_t)s->pos };

			add(s, &line);
		}
		if (s->pos >= s->src.len)
			return;
		t.is_first = is_first || is_line;
		is_first = false;
		t.indent = (unsigned short)(indent < 1000 ? indent : 1000);
		t.at = (uint32_t)s->pos;
		t.first = at(s, s->pos);
		token(s, &t);
		t.end = (uint32_t)s->pos;
		if (t.kind == SCRIPT_NAME)
			script_word_operator(s, &t);
		add(s, &t);
		if (t.kind != SCRIPT_OP)
			continue;
		if (t.op == '(' || t.op == '[' || t.op == '{') {
			if (n_open < OPENS_MAX)
				open[n_open] = (char)t.op;
			n_open++;
		} else if (n_open &&
			   (t.op == ')' || t.op == ']' || t.op == '}')) {
			n_open--;
		}
	}
	s->is_full = true;
}

void script_lex_more(struct script *s)
{
	lex_all(s);
	add(s, &(struct script_token){ .kind = SCRIPT_END });
}

/* What s/// puts in: text, or with e what it makes. */
static void lex_exchange(struct script *s, struct script_token *t)
{
	struct bytes src = s->src;

	if (!t->is_code) {
		t->mark = '$';
		script_lex_holes(s, t, t->value2, t->len2);
		return;
	}
	s->pos = t->other;
	s->src.len = t->clause;
	t->other = (uint32_t)s->n_tokens;
	script_lex_more(s);
	s->src = src;
	t->clause = (uint32_t)s->n_tokens;
}

void script_lex(struct script *s)
{
	size_t n;

	s->pos = s->n_tokens = 0;
	script_lex_more(s);
	n = s->n_tokens;
	s->end = n - 1;
	/* Programs in the strings of this one. */
	for (size_t i = 0; i < n && s->n_tokens + 8 < TOKENS_MAX; i++) {
		struct script_token *t = &s->tokens[i];

		if (t->kind == SCRIPT_PATTERN && t->op == 's')
			lex_exchange(s, t);
		else if (t->kind == SCRIPT_STRING && t->mark && !t->is_list &&
			 t->len &&
			 memchr(s->arena.p + t->value, t->mark, t->len))
			script_lex_holes(s, t, t->value, t->len);
	}
	/* Patterns in these have no programs: where those stand is not known.
	 */
	for (size_t i = n; i < s->n_tokens; i++)
		if (s->tokens[i].kind == SCRIPT_PATTERN) {
			s->tokens[i].op = 'm';
			s->tokens[i].other = 0;
		}
	s->pos = 0;
	script_pair(s);
}
