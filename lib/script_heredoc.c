// SPDX-License-Identifier: GPL-3.0-or-later
/* Perl's and Ruby's <<WORD and PHP's <<<WORD: the lines behind this one, up to
 * one that is WORD. */
#include "script_state.h"

#include <ctype.h>

/* Of what is searched for the end. */
#define BYTES_PER_STEP 8

struct heredoc {
	struct bytes word;
	bool is_indented, is_stripped, is_plain;
	size_t past; /* behind what names it */
	size_t end; /* behind the last word */
};

static char at(const struct script *s, size_t i)
{
	return i < s->src.len ? s->src.p[i] : '\0';
}

static bool is_word(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

static size_t past_blanks(const struct script *s, size_t i)
{
	while (at(s, i) == ' ' || at(s, i) == '\t')
		i++;
	return i;
}

/* <<~'WORD' at pos. False: it is something else. */
static bool read_head(const struct script *s, struct heredoc *h)
{
	bool is_php = script_is(s, INVOCATION_PHP);
	size_t i = s->pos + 2 + is_php, from;
	char quote;

	if (!(is_php || script_is(s, INVOCATION_PERL) ||
		    script_is(s, INVOCATION_RUBY)) ||
		script_ends_operand(s) || at(s, s->pos + 1) != '<' ||
		(is_php && at(s, s->pos + 2) != '<'))
		return false;
	h->is_stripped = at(s, i) == '~' || is_php;
	h->is_indented = h->is_stripped || at(s, i) == '-';
	i += h->is_indented && !is_php;
	i = is_php ? past_blanks(s, i) : i;
	quote = at(s, i) == '\'' || at(s, i) == '"' ? at(s, i) : '\0';
	i += quote != '\0';
	for (from = i; is_word(at(s, i));)
		i++;
	h->word = (struct bytes){ s->src.p + from, i - from };
	h->is_plain = quote == '\'';
	h->past = i + (quote != '\0');
	return h->word.len && !isdigit((unsigned char)*h->word.p) &&
	       (!quote || at(s, i) == quote);
}

/* Whether the last line begins at i. */
static bool is_end(const struct script *s, struct heredoc *h, size_t i)
{
	struct bytes w = h->word;

	i = h->is_indented ? past_blanks(s, i) : i;
	if (s->src.len - i < w.len || memcmp(s->src.p + i, w.p, w.len) != 0)
		return false;
	h->end = i + w.len;
	return script_is(s, INVOCATION_PHP)
		       ? !is_word(at(s, h->end))
		       : h->end == s->src.len || at(s, h->end) == '\n';
}

/* Adds the lines from i on. False: there is no last one. */
static bool add_lines(struct script *s, struct heredoc *h, size_t i)
{
	while (i < s->src.len && !is_end(s, h, i)) {
		const char *nl = memchr(s->src.p + i, '\n', s->src.len - i);
		size_t past = nl ? (size_t)(nl - s->src.p) + 1 : s->src.len;
		size_t from = h->is_stripped ? past_blanks(s, i) : i;

		s->steps += 1 + (past - i) / BYTES_PER_STEP;
		if (s->steps >= s->steps_max)
			return false;
		if (from < past)
			str_add(&s->arena, s->src.p + from, past - from);
		i = past;
	}
	return i < s->src.len;
}

bool script_heredoc(struct script *s, struct script_token *t)
{
	struct heredoc h = { .end = 0 };
	size_t from = s->arena.len;
	const char *nl;

	if (!read_head(s, &h))
		return false;
	nl = s->here ? s->src.p + s->here
		     : memchr(s->src.p + h.past, '\n', s->src.len - h.past);
	if (!nl || !add_lines(s, &h, (size_t)(nl - s->src.p) + 1)) {
		str_cut(&s->arena, from);
		return false;
	}
	t->kind = SCRIPT_STRING;
	t->value = (uint32_t)from;
	t->len = (uint32_t)(s->arena.len - from);
	t->len -= t->len && script_is(s, INVOCATION_PHP);
	t->mark = h.is_plain ? '\0' : script_is(s, INVOCATION_RUBY) ? '#' : '$';
	s->here = h.end;
	s->pos = h.past;
	return true;
}
