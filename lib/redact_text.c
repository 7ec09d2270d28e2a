// SPDX-License-Identifier: GPL-3.0-or-later
/* What stands in a text by itself: NAME=VALUE, URLs, tokens of a known form. */
#include <string.h>

#include "redact_state.h"
#include "text.h"

/* A pattern is tried around the places of its plain string, this far. */
#define WINDOW_BEFORE 64
#define WINDOW_BEHIND 16384
/* What was searched up to here behind a place need not be searched again. */
#define WINDOW_ENOUGH 4096
/* A user's name in a URL that is as long as this is a token. */
#define USER_LONG 20
/* How far a name is followed to its beginning. */
#define NAME_REACH 64

struct search {
	struct redact *rd;
	uint32_t number; /* of the text; NONE: nothing is masked */
	unsigned int has; /* REDACT_HAS_* */
	size_t until; /* masked up to here */
};

static bool is_alnum(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
	       (c >= 'A' && c <= 'Z');
}

static bool is_name_char(char c)
{
	return is_alnum(c) || c == '_' || c == '-';
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static bool is_quote(char c)
{
	return c == '"' || c == '\'' || c == '`';
}

/* The byte at i, NUL behind the end. */
static char at(struct bytes text, size_t i)
{
	return i < text.len ? text.p[i] : '\0';
}

static size_t skip_blanks(struct bytes text, size_t i)
{
	while (is_blank(at(text, i)))
		i++;
	return i;
}

/* Where the name that ends at i begins, options' dashes left out. */
static size_t name_start(struct bytes text, size_t i)
{
	size_t least = i > NAME_REACH ? i - NAME_REACH : 0;

	while (i > least && is_name_char(text.p[i - 1]))
		i--;
	while (text.p[i] == '-')
		i++;
	return i;
}

static bool is_line_start(struct bytes text, size_t i)
{
	while (i && is_blank(text.p[i - 1]))
		i--;
	return !i || text.p[i - 1] == '\n';
}

struct value {
	size_t at, end;
	bool is_rest; /* of the argument */
};

/* Behind \"'s that may stand around a name. */
static size_t skip_quote(struct bytes text, size_t i)
{
	while (at(text, i) == '\\')
		i++;
	return is_quote(at(text, i)) ? i + 1 : i;
}

/* Where the value behind a name that ends at i begins: NAME=, "NAME": and the
 * like. 0: it has none. */
static size_t value_at(struct bytes text, size_t name, size_t i)
{
	size_t next = skip_quote(text, i), sign;
	bool is_quoted = next > i;

	if (at(text, i) == '>' && name && text.p[name - 1] == '<')
		return i + 1;
	sign = skip_blanks(text, next);
	if (at(text, sign) == ':' && at(text, sign + 1) == '=')
		sign++;
	i = sign + 1;
	if (at(text, sign) == '=') {
		if (at(text, i) == '>' || at(text, i) == '=')
			i++;
		/* NAME= value is no value and a command. */
		return sign > next || is_quoted ? skip_blanks(text, i) : i;
	}
	if (at(text, sign) != ':')
		return 0;
	/* "Token: what it is" is prose, "token: value" a line of its own. */
	if (is_blank(at(text, i)) && !is_quoted && !is_line_start(text, name))
		return 0;
	return skip_blanks(text, i);
}

static bool is_end(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r') || is_quote(c) ||
	       (c && strchr(";|&<>(),{}[]", c));
}

/* Behind the quote that ends what the one at i begins. */
static size_t skip_quoted(struct bytes text, size_t i)
{
	char quote = text.p[i];

	for (i++; i < text.len && text.p[i] != quote; i++)
		i += text.p[i] == '\\' && quote != '\'';
	return i < text.len ? i + 1 : text.len;
}

/* A word without its end: abc, a"b c"d, and what follows on a quote. */
static size_t word_end(struct bytes text, size_t i)
{
	while (i < text.len) {
		if (text.p[i] == '\\')
			i += 2;
		else if (is_quote(text.p[i]) && i + 1 < text.len &&
			 !is_end(text.p[i + 1]))
			i = skip_quoted(text, i);
		else if (!is_end(text.p[i]))
			i++;
		else
			break;
	}
	return i < text.len ? i : text.len;
}

/* \"what a text in quotes has in quotes\" */
static struct value escaped(struct bytes text, size_t i)
{
	struct value v;
	char quote;

	while (at(text, i) == '\\')
		i++;
	quote = text.p[i];
	v = (struct value){ .at = i + 1, .end = i + 1 };
	while (v.end < text.len && text.p[v.end] != quote &&
		text.p[v.end] != '\\')
		v.end++;
	return v;
}

/* The quotes stay where they are all around it. */
static struct value quoted(struct bytes text, size_t i)
{
	size_t next = skip_quoted(text, i), end = word_end(text, next);
	bool has_end = next > i + 1 && text.p[next - 1] == text.p[i];

	if (end > next)
		return (struct value){ .at = i, .end = end };
	return (struct value){ .at = i + 1, .end = next - has_end };
}

static struct value bare(struct bytes text, size_t i)
{
	return (struct value){ .at = i, .end = word_end(text, i) };
}

/* All of an argument behind NAME=, but for another name with a = in it. */
static struct value rest_of(struct bytes text, size_t i)
{
	struct value v = { .at = i, .end = text.len, .is_rest = true };

	for (; i < text.len; i++) {
		size_t j = i + 1;

		if (text.p[i] != ' ')
			continue;
		while (is_name_char(at(text, j)) && j - i < NAME_REACH)
			j++;
		if (j > i + 1 && at(text, j) == '=') {
			v.end = i;
			return v;
		}
	}
	return v;
}

static bool is_variable(char c)
{
	return c == '_' || c == '{' || c == '(' || is_alnum(c) ||
	       (c && strchr("@*#?!", c));
}

/* Whether the text is a program's, or a payload: $NAME is a variable there.
 * Asked where there is a name of a secret, so that ordinary commands need not
 * be read for it. */
static bool is_program(struct search *s)
{
	struct redact *rd = s->rd;
	const struct invocation *inv;

	if (s->number >= rd->n_args)
		return true;
	inv = redact_invocation(rd);
	return s->number >= inv->program &&
	       s->number - inv->program < (inv->program_n ? inv->program_n : 1);
}

/* What nobody would take for a password. */
static bool is_no_secret(
	struct search *s, struct bytes text, const struct value *v)
{
	static const struct bytes words[] = { BYTES("true"), BYTES("false"),
		BYTES("yes"), BYTES("no"), BYTES("null"), BYTES("none"),
		BYTES("nil"), BYTES("None"), BYTES("True"), BYTES("False"),
		BYTES("0"), BYTES("1") };
	struct bytes b = { text.p + v->at, v->end - v->at };
	size_t i = 0;

	if (at(b, 0) == '$' && is_variable(at(b, 1)) &&
		!(v->at && text.p[v->at - 1] == '\'') && is_program(s))
		return true;
	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (bytes_equal(b, words[i]))
			return true;
	/* password = ask(), environ["..."] */
	if (!v->is_rest && v->end < text.len &&
		(text.p[v->end] == '(' || text.p[v->end] == '['))
		return true;
	for (i = 0; i < b.len && i < NAME_REACH; i++)
		if (is_alnum(b.p[i]) || (unsigned char)b.p[i] >= 0x80)
			return false;
	return i < NAME_REACH;
}

static void mask(struct search *s, size_t from, size_t to, uint32_t rule)
{
	if (to > s->until)
		s->until = to;
	redact_mask(s->rd, s->number, from, to, rule);
}

static void take_name(struct search *s, struct bytes text,
	const struct finder_hit *hit, const struct redact_row *row)
{
	const struct redact_word *w = &s->rd->r->words[REDACT_ID_WORD(hit->id)];
	size_t end = hit->at + hit->len, name, i;
	struct value v;
	bool is_first;

	while (at(text, end) >= '0' && at(text, end) <= '9')
		end++;
	if (is_name_char(at(text, end)) || at(text, end) == '.')
		return;
	name = name_start(text, hit->at);
	if (!w->is_open && name != hit->at)
		return;
	i = value_at(text, name, end);
	if (!i || i >= text.len)
		return;
	s->has |= REDACT_HAS_NAME;
	if (s->number == REDACT_NONE)
		return;
	is_first = !name || (name <= 2 && text.p[0] == '-');
	if (is_quote(text.p[i]))
		v = quoted(text, i);
	else if (text.p[i] == '\\' && is_quote(at(text, i + 1)))
		v = escaped(text, i);
	else if (is_first && at(text, end) == '=' && !is_program(s))
		v = rest_of(text, i);
	else
		v = bare(text, i);
	if (v.at < v.end && !is_no_secret(s, text, &v))
		mask(s, v.at, v.end, row->rule);
}

static void take_query(struct search *s, struct bytes text,
	const struct finder_hit *hit, const struct redact_row *row)
{
	size_t from = hit->at + hit->len + 1, to = from;

	if (at(text, from - 1) != '=' || !hit->at ||
		(text.p[hit->at - 1] != '?' && text.p[hit->at - 1] != '&'))
		return;
	while (to < text.len && !is_end(text.p[to]) && text.p[to] != '#')
		to++;
	if (to > from)
		mask(s, from, to, row->rule);
}

/* Whether the scheme before :// is one of the row's. */
static bool has_scheme(const struct redact *rd, const struct redact_row *row,
	struct bytes text, size_t colon)
{
	struct bytes scheme = { text.p + name_start(text, colon), 0 };

	scheme.len = (size_t)(text.p + colon - scheme.p);
	for (size_t i = 0; i < row->forms.n; i++) {
		struct bytes s = rd->r->words[row->forms.first + i].s;

		if (bytes_equal(s, scheme) || bytes_equal(s, BYTES("*")))
			return true;
	}
	return false;
}

static void take_userinfo(struct search *s, struct bytes text,
	const struct finder_hit *hit, const struct redact_row *row)
{
	size_t from = hit->at + hit->len, i = from, last = 0, colon = 0;

	for (; i < text.len && !strchr("/?# \t\r\n\"'`<>|\\", text.p[i]); i++) {
		if (text.p[i] == '@')
			last = i;
		if (text.p[i] == ':' && !last && !colon)
			colon = i;
	}
	if (!last || !has_scheme(s->rd, row, text, hit->at))
		return;
	if (colon && colon + 1 < last &&
		!(text.p[colon + 1] == '$' && is_program(s)))
		mask(s, colon + 1, last, row->rule);
	if ((colon ? colon : last) - from >= USER_LONG)
		mask(s, from, colon ? colon : last, row->rule);
}

/* Everything that the pattern matches between from and to. False: given up. */
static bool match_all(struct search *s, struct bytes text, size_t from,
	size_t to, const struct redact_row *row)
{
	struct redact *rd = s->rd;

	while (from < to) {
		enum pattern_found found = pattern_matcher_run(
			rd->matcher, row->pattern, text, from, to);
		struct bytes span;
		size_t end;

		if (found != PATTERN_FOUND)
			return found == PATTERN_FOUND_NOT;
		span = pattern_matcher_span(rd->matcher, text);
		if (!span.p)
			return true;
		end = (size_t)(span.p - text.p) + span.len;
		if (end == to && to < text.len) {
			/* It goes on behind the window. */
			to = text.len;
			continue;
		}
		if (span.len)
			redact_mask(
				rd, s->number, end - span.len, end, row->rule);
		from = end > from ? end : from + 1;
		if (end > rd->tried[row - rd->r->rows].until)
			rd->tried[row - rd->r->rows].until = end;
	}
	return true;
}

static void take_pattern(struct search *s, struct bytes text,
	const struct finder_hit *hit, const struct redact_row *row)
{
	struct redact_tried *t = &s->rd->tried[row - s->rd->r->rows];
	size_t from = hit->at > WINDOW_BEFORE ? hit->at - WINDOW_BEFORE : 0;
	size_t end = hit->at + hit->len, to = text.len;

	if (t->scan != s->rd->scan)
		*t = (struct redact_tried){ .scan = s->rd->scan };
	if (t->until == text.len ||
		(end <= t->until && t->until - end >= WINDOW_ENOUGH))
		return;
	if (to - end > WINDOW_BEHIND)
		to = end + WINDOW_BEHIND;
	t->until = to;
	if (match_all(s, text, from, to, row))
		return;
	mask(s, hit->at, text.len, REDACT_LIMIT);
	t->until = text.len;
}

/* Whether a command's name or an option stands alone between from and to. */
static bool is_alone(struct bytes text, size_t from, size_t to)
{
	return !(from && is_name_char(text.p[from - 1])) &&
	       !is_name_char(at(text, to));
}

static void take_hit(void *arg, struct bytes text, const struct finder_hit *hit)
{
	struct search *s = arg;
	const struct redact_row *row = &s->rd->r->rows[REDACT_ID_ROW(hit->id)];
	enum redact_hit kind = REDACT_ID_KIND(hit->id);

	if (kind == REDACT_HIT_COMMAND || kind == REDACT_HIT_OPTION) {
		if (is_alone(text, hit->at, hit->at + hit->len) ||
			s->rd->r->words[REDACT_ID_WORD(hit->id)].is_open)
			s->has |= kind == REDACT_HIT_COMMAND
					  ? REDACT_HAS_COMMAND
					  : REDACT_HAS_OPTION;
		return;
	}
	if (s->number == REDACT_NONE && kind != REDACT_HIT_NAME)
		return;
	if (kind == REDACT_HIT_PATTERN) {
		take_pattern(s, text, hit, row);
		return;
	}
	if (hit->at < s->until)
		return;
	if (kind == REDACT_HIT_NAME)
		take_name(s, text, hit, row);
	else if (kind == REDACT_HIT_QUERY)
		take_query(s, text, hit, row);
	else
		take_userinfo(s, text, hit, row);
}

unsigned int redact_search(struct redact *rd, uint32_t text)
{
	struct search s = { .rd = rd, .number = text };

	rd->scan++;
	finder_run(rd->r->find, redact_text(rd, text), take_hit, &s);
	return s.has;
}

unsigned int redact_words(struct redact *rd, struct bytes text)
{
	struct search s = { .rd = rd, .number = REDACT_NONE };

	finder_run(rd->r->find, text, take_hit, &s);
	return s.has;
}
