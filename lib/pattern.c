// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * PCRE2 without its compiler to machine code: nothing here is ever executable
 * and writable. A match gives up early rather than late.
 */
#include "pattern.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <stdlib.h>
#include <string.h>

#include "text.h"

/* Steps from one starting place, nesting of those, and KiB of memory. */
#define STEPS_MAX 2000
#define DEPTH_MAX 250
#define HEAP_KIB  256
/* What a call, and a starting place, cost at least, in steps of about 20 ns:
 * runs of a class are gone along for each place, and call nobody. */
#define CALL_STEPS  16
#define START_STEPS 8
/* Of a pattern's literal: more does not tell better. */
#define LITERAL_MAX 48
/* Shorter ones are everywhere. */
#define LITERAL_MIN 2

struct pattern {
	pcre2_code *code;
	struct bytes literal;
	char literal_room[LITERAL_MAX];
};

struct pattern_matcher {
	pcre2_match_data *data;
	pcre2_match_context *limits;
	unsigned int left; /* steps, where has_left */
	bool has_left;
	bool has_group; /* in the last match; it may be unset */
};

/* Behind the class that starts at i. */
static size_t skip_class(struct bytes re, size_t i)
{
	i += i + 1 < re.len && re.p[i + 1] == '^' ? 2 : 1;
	i += i < re.len && re.p[i] == ']';
	while (i < re.len) {
		struct bytes rest = { re.p + i, re.len - i };
		const char *end;

		if (re.p[i] == ']')
			return i + 1;
		end = rest.len > 1 && rest.p[0] == '[' && rest.p[1] == ':'
			      ? text_find(rest, BYTES(":]"))
			      : NULL;
		if (end)
			i = (size_t)(end - re.p) + 2;
		else
			i += re.p[i] == '\\' ? 2 : 1;
	}
	return re.len;
}

/* Behind the group that starts at i. */
static size_t skip_group(struct bytes re, size_t i)
{
	size_t depth = 0;

	while (i < re.len) {
		if (re.p[i] == '\\') {
			i += 2;
			continue;
		}
		if (re.p[i] == '[') {
			i = skip_class(re, i);
			continue;
		}
		depth += re.p[i] == '(';
		depth -= re.p[i] == ')';
		i++;
		if (!depth)
			return i;
	}
	return re.len;
}

static bool is_alnum(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
	       (c >= 'A' && c <= 'Z');
}

/* Behind the {2,5} that starts at i, else behind the brace. */
static size_t skip_counts(struct bytes re, size_t i)
{
	size_t j = i + 1;

	while (j < re.len && strchr("0123456789, ", re.p[j]) && re.p[j])
		j++;
	return j < re.len && re.p[j] == '}' ? j + 1 : i + 1;
}

/* Whether what was before i may be missing: ?, * or {0,. */
static bool is_optional(struct bytes re, size_t i)
{
	return i < re.len && strchr("?*{", re.p[i]) && re.p[i];
}

/* The character that stands at i for itself; *next is behind it. -1: none. */
static int plain_at(struct bytes re, size_t i, size_t *next)
{
	char c = re.p[i];

	*next = i + 1;
	switch (c) {
	case '\\':
		*next = i + 2;
		if (i + 1 < re.len && !is_alnum(re.p[i + 1]) &&
			re.p[i + 1] != ' ')
			return (unsigned char)re.p[i + 1];
		return -1;
	case '(':
		*next = skip_group(re, i);
		return -1;
	case '[':
		*next = skip_class(re, i);
		return -1;
	case '{':
		*next = skip_counts(re, i);
		return -1;
	default:
		return strchr(".^$|)*+?} ", c) ? -1 : (unsigned char)c;
	}
}

/* What is not worth a parser: (*VERB), (?x) and escapes that take more than
 * one character, \Q, \x41, \p{L}... */
static bool is_deep(struct bytes re)
{
	for (size_t i = 0; i + 1 < re.len; i++) {
		char c = re.p[i + 1];

		if (re.p[i] == '(' && c == '*')
			return true;
		if (re.p[i] == '\\' && is_alnum(c) &&
			!strchr("bBdDsSwWAzZhHvVRtnrfea", c))
			return true;
		if (re.p[i] == '\\')
			i++;
		if (re.p[i] != '(' || c != '?')
			continue;
		for (size_t j = i + 2; j < re.len && is_alnum(re.p[j]); j++)
			if (re.p[j] == 'x')
				return true;
	}
	return false;
}

/* The longest run of characters that every match must have. Groups, classes
 * and whatever may be missing end a run, and so do blanks: an argv is searched
 * argument by argument. */
static void find_literal(struct pattern *p, struct bytes re)
{
	char run[LITERAL_MAX];
	size_t n = 0, next, best = 0;

	for (size_t i = 0; i < re.len && !is_deep(re); i = next) {
		int c = plain_at(re, i, &next);

		if (re.p[i] == '|')
			return;
		if (c >= 0 && !is_optional(re, next) && n < sizeof(run))
			run[n++] = (char)c;
		if (n > best) {
			memcpy(p->literal_room, run, n);
			best = n;
		}
		if (c < 0 || is_optional(re, next) ||
			(next < re.len && re.p[next] == '+'))
			n = 0;
	}
	if (best >= LITERAL_MIN)
		p->literal = (struct bytes){ p->literal_room, best };
}

struct pattern *pattern_new(struct bytes regex, struct str *why)
{
	struct pattern *p = calloc(1, sizeof(*p));
	PCRE2_SIZE at;
	int code;

	if (!p) {
		str_addz(why, "out of memory");
		return NULL;
	}
	/* Bytes, not characters: what attackers write need not be UTF-8. */
	p->code = pcre2_compile((PCRE2_SPTR)regex.p, regex.len,
		PCRE2_NEVER_UTF | PCRE2_NEVER_BACKSLASH_C | PCRE2_AUTO_CALLOUT |
			PCRE2_USE_OFFSET_LIMIT,
		&code, &at, NULL);
	if (!p->code) {
		PCRE2_UCHAR said[128];

		pcre2_get_error_message(code, said, sizeof(said));
		str_addf(why, "character %zu of the pattern: %s",
			(size_t)at + 1, (const char *)said);
		free(p);
		return NULL;
	}
	find_literal(p, regex);
	return p;
}

void pattern_free(struct pattern *p)
{
	if (!p)
		return;
	pcre2_code_free(p->code);
	free(p);
}

struct bytes pattern_literal(const struct pattern *p)
{
	return p->literal;
}

struct pattern_matcher *pattern_matcher_new(void)
{
	struct pattern_matcher *m = calloc(1, sizeof(*m));

	if (!m)
		return NULL;
	/* A match and its first group. */
	m->data = pcre2_match_data_create(2, NULL);
	m->limits = pcre2_match_context_create(NULL);
	if (!m->data || !m->limits) {
		pattern_matcher_free(m);
		return NULL;
	}
	pcre2_set_match_limit(m->limits, STEPS_MAX);
	pcre2_set_depth_limit(m->limits, DEPTH_MAX);
	pcre2_set_heap_limit(m->limits, HEAP_KIB);
	return m;
}

static bool take_steps(struct pattern_matcher *m, size_t n)
{
	bool is_enough = n < m->left;

	m->left = is_enough ? m->left - (unsigned int)n : 0;
	return is_enough;
}

/* Every item of a pattern calls it: so work that the limit of one starting
 * place does not see, a little from each of many, is seen. */
static int on_item(pcre2_callout_block *block, void *matcher)
{
	(void)block;
	return take_steps(matcher, 1) ? 0 : PCRE2_ERROR_MATCHLIMIT;
}

void pattern_matcher_allow(struct pattern_matcher *m, unsigned int steps)
{
	m->left = steps;
	m->has_left = true;
	pcre2_set_callout(m->limits, on_item, m);
}

void pattern_matcher_free(struct pattern_matcher *m)
{
	if (!m)
		return;
	pcre2_match_data_free(m->data);
	pcre2_match_context_free(m->limits);
	free(m);
}

enum pattern_found pattern_matcher_find(struct pattern_matcher *m,
	const struct pattern *p, struct bytes text,
	const struct pattern_window *w)
{
	uint32_t options = w->to < text.len ? PCRE2_NOTEOL : 0;
	size_t starts = (w->last < w->to ? w->last : w->to) - w->from + 1;
	int rc;

	if (m->has_left && !take_steps(m, CALL_STEPS + starts * START_STEPS))
		return PATTERN_FOUND_LIMIT;
	pcre2_set_offset_limit(m->limits, w->last);
	rc = pcre2_match(p->code, (PCRE2_SPTR)text.p, w->to, w->from, options,
		m->data, m->limits);
	/* 0: there are more groups than room, 1: none took part. */
	m->has_group = rc != 1;
	if (rc >= 0)
		return PATTERN_FOUND;
	return rc == PCRE2_ERROR_NOMATCH ? PATTERN_FOUND_NOT
					 : PATTERN_FOUND_LIMIT;
}

enum pattern_found pattern_matcher_run(struct pattern_matcher *m,
	const struct pattern *p, struct bytes text, size_t from, size_t to)
{
	struct pattern_window w = { from, to, to };

	return pattern_matcher_find(m, p, text, &w);
}

/* \K in a look-ahead may put a start behind its end. */
static struct bytes between(struct bytes text, const PCRE2_SIZE *at)
{
	if (at[0] > at[1])
		return (struct bytes){ NULL, 0 };
	return (struct bytes){ text.p + at[0], at[1] - at[0] };
}

struct bytes pattern_matcher_match(
	const struct pattern_matcher *m, struct bytes text)
{
	return between(text, pcre2_get_ovector_pointer(m->data));
}

struct bytes pattern_matcher_span(
	const struct pattern_matcher *m, struct bytes text)
{
	const PCRE2_SIZE *at = pcre2_get_ovector_pointer(m->data);

	return between(
		text, m->has_group && at[2] != PCRE2_UNSET ? at + 2 : at);
}
