// SPDX-License-Identifier: GPL-3.0-or-later
#include "edit_set.h"

#include <ctype.h>
#include <limits.h>

/* A count in braces; more is no editing of words. */
#define COUNT_MAX 255

/* The text of a field up to its delimiter; *text is then behind that. */
static bool take_field(struct bytes *text, char delimiter, struct bytes *field)
{
	bool is_class = false;

	field->p = text->p;
	for (size_t i = 0; i < text->len; i++) {
		char c = text->p[i];

		if (c == '\\' && i + 1 < text->len) {
			i++;
			continue;
		}
		if (c == '[')
			is_class = true;
		else if (c == ']')
			is_class = false;
		if (c != delimiter || is_class)
			continue;
		field->len = i;
		text->p += i + 1;
		text->len -= i + 1;
		return true;
	}
	return false;
}

static struct edit_part *add_part(struct edit *e, enum edit_kind kind)
{
	struct edit_part *part;

	if (e->n == EDIT_PARTS_MAX)
		return NULL;
	part = &e->parts[e->n++];
	*part = (struct edit_part){ .kind = kind, .least = 1, .most = 1 };
	return part;
}

static bool parse_number(struct bytes p, size_t *i, unsigned int *v)
{
	size_t from = *i;

	*v = 0;
	while (*i < p.len && isdigit((unsigned char)p.p[*i]) && *v <= COUNT_MAX)
		*v = *v * 10 + (unsigned int)(p.p[(*i)++] - '0');
	return *i > from && *v <= COUNT_MAX;
}

/* n}, n,} or n,m} at *i; \} in basic expressions. */
static bool parse_counts(
	struct edit_part *part, struct bytes p, size_t *i, bool is_extended)
{
	if (!parse_number(p, i, &part->least))
		return false;
	part->most = part->least;
	if (*i < p.len && p.p[*i] == ',') {
		++*i;
		if (!parse_number(p, i, &part->most))
			part->most = UINT_MAX;
	}
	*i += !is_extended && *i < p.len && p.p[*i] == '\\';
	return *i < p.len && p.p[(*i)++] == '}';
}

struct pattern {
	struct edit *e;
	struct bytes p;
	size_t i;
	struct edit_syntax how;
	bool is_behind; /* in (?<=...) */
	size_t open[EDIT_GROUPS_MAX];
	size_t n_open;
	bool is_repeatable; /* the part before may have a * behind it */
};

/* \K, or what comes to the same: what is before it is not of the match. */
static bool keep(struct pattern *s)
{
	s->is_repeatable = false;
	s->e->kept = s->e->n;
	return add_part(s->e, EDIT_KEEP) != NULL;
}

static bool parse_group(struct pattern *s, bool is_open)
{
	struct edit *e = s->e;
	struct bytes rest = { s->p.p + s->i, s->p.len - s->i };

	s->is_repeatable = false;
	if (is_open && s->how.is_perl && rest.len && rest.p[0] == '?') {
		s->is_behind =
			rest.len > 3 && s->i == 1 && !memcmp(rest.p, "?<=", 3);
		s->i += 3;
		return s->is_behind;
	}
	if (is_open) {
		if (e->n_groups == EDIT_GROUPS_MAX)
			return false;
		e->groups[e->n_groups].first = e->n;
		e->groups[e->n_groups].end = SIZE_MAX;
		s->open[s->n_open++] = e->n_groups++;
		return true;
	}
	if (s->is_behind && !s->n_open) {
		s->is_behind = false;
		return keep(s);
	}
	if (!s->n_open)
		return false;
	e->groups[s->open[--s->n_open]].end = e->n;
	return true;
}

static bool parse_repeat(struct pattern *s, char c)
{
	struct edit_part *part = &s->e->parts[s->e->n - 1];

	if (!s->is_repeatable)
		return false;
	s->is_repeatable = false;
	if (c == '{')
		return parse_counts(part, s->p, &s->i, s->how.is_extended);
	part->least = c == '+';
	part->most = c == '?' ? 1 : UINT_MAX;
	return true;
}

/* A character for itself, or . */
static bool parse_plain(struct pattern *s, char c, bool is_any)
{
	struct edit_part *part = add_part(s->e, EDIT_SET);

	if (!part)
		return false;
	if (is_any)
		memset(part->set, 0xff, sizeof(part->set));
	else
		edit_set_add(part, (unsigned char)c, s->how.is_folded);
	s->is_repeatable = true;
	return true;
}

/* A letter behind a backslash. */
static bool parse_letter(struct pattern *s, char c)
{
	struct edit_part *part;

	if (c == 'n')
		return parse_plain(s, '\n', false);
	if (c == 'K' && s->how.is_perl && !s->n_open)
		return keep(s);
	part = add_part(s->e, EDIT_SET);
	s->is_repeatable = true;
	return part && edit_set_letter(part, c, s->how);
}

/* One token of the pattern. */
static bool parse_token(struct pattern *s)
{
	char c = s->p.p[s->i++];
	bool is_escaped = c == '\\' && s->i < s->p.len, is_op;

	if (is_escaped)
		c = s->p.p[s->i++];
	is_op = c && strchr("(){}+?|", c) && is_escaped != s->how.is_extended;
	if (is_op && (c == '(' || c == ')'))
		return parse_group(s, c == '(');
	if (is_op)
		return c != '|' && c != '}' && parse_repeat(s, c);
	if (is_escaped && isalnum((unsigned char)c))
		return parse_letter(s, c);
	/* Where words begin or end. */
	if (is_escaped && !s->how.is_perl && c && strchr("<>`'", c))
		return false;
	if (is_escaped)
		return parse_plain(s, c, false);
	switch (c) {
	case '*':
		return s->is_repeatable ? parse_repeat(s, c)
					: parse_plain(s, c, false);
	case '.':
		return parse_plain(s, c, true);
	case '[':
		s->is_repeatable = true;
		if (!add_part(s->e, EDIT_SET))
			return false;
		return edit_set_parse(
			&s->e->parts[s->e->n - 1], s->p, &s->i, s->how);
	case '^':
		if (s->i > 1)
			return parse_plain(s, c, false);
		return add_part(s->e, EDIT_START);
	case '$':
		if (s->i < s->p.len)
			return parse_plain(s, c, false);
		return add_part(s->e, EDIT_END);
	}
	return parse_plain(s, c, false);
}

static bool parse_tokens(struct pattern *s)
{
	while (s->i < s->p.len)
		if (!parse_token(s))
			return false;
	return s->e->n && !s->n_open && !s->is_behind;
}

static bool parse_flags(struct edit *e, struct bytes *text, bool *is_folded)
{
	while (text->len && !strchr(";\n} ", text->p[0])) {
		char c = text->p[0];

		if (c == 'g')
			e->is_global = true;
		else if (c == 'i' || c == 'I')
			*is_folded = true;
		else if (c >= '1' && c <= '9')
			e->which = (uint64_t)(c - '0');
		else
			return false;
		text->p++;
		text->len--;
	}
	return true;
}

bool edit_parse(struct edit *e, struct bytes *text, bool is_extended)
{
	struct pattern s = { .e = e, .how.is_extended = is_extended };
	char delimiter;

	*e = (struct edit){ .n = 0 };
	if (text->len < 4 || text->p[0] != 's')
		return false;
	delimiter = text->p[1];
	text->p += 2;
	text->len -= 2;
	if (!take_field(text, delimiter, &s.p) ||
		!take_field(text, delimiter, &e->replacement) ||
		!parse_flags(e, text, &s.how.is_folded))
		return false;
	return parse_tokens(&s);
}

bool edit_pattern(struct edit *e, struct bytes pattern, struct edit_syntax how)
{
	struct pattern s = { .e = e, .p = pattern, .how = how };

	*e = (struct edit){ .n = 0 };
	return parse_tokens(&s);
}

struct match {
	const struct edit *e;
	struct bytes line;
	size_t *steps;
	size_t at[EDIT_PARTS_MAX + 1]; /* where each part begins */
};

/* Longest first, part by part. */
static bool match_from(struct match *m, size_t part, size_t i)
{
	const struct edit_part *p = &m->e->parts[part];
	size_t n = 0;

	m->at[part] = i;
	if (part == m->e->n)
		return true;
	if (p->kind == EDIT_START)
		return i == 0 && match_from(m, part + 1, i);
	if (p->kind == EDIT_KEEP)
		return match_from(m, part + 1, i);
	if (p->kind == EDIT_END)
		return i == m->line.len && match_from(m, part + 1, i);
	while (n < p->most && i + n < m->line.len &&
		edit_set_has(p, m->line.p[i + n]))
		n++;
	for (n++; n-- > p->least;) {
		if (!*m->steps)
			return false;
		--*m->steps;
		m->at[part] = i;
		if (match_from(m, part + 1, i + n))
			return true;
	}
	return false;
}

static void replace(const struct match *m, struct str *out)
{
	const struct edit *e = m->e;
	struct bytes r = e->replacement;

	for (size_t i = 0; i < r.len; i++) {
		size_t first = 0, end = e->n;
		char c = r.p[i];
		bool is_group = false;

		if (c == '\\' && i + 1 < r.len) {
			c = r.p[++i];
			is_group = c >= '1' && c <= '9' &&
				   (size_t)(c - '1') < e->n_groups;
			if (c == 'n')
				c = '\n';
			if (is_group) {
				first = e->groups[c - '1'].first;
				end = e->groups[c - '1'].end;
			}
		} else {
			is_group = c == '&';
		}
		if (is_group)
			str_add(out, m->line.p + m->at[first],
				m->at[end] - m->at[first]);
		else
			str_addc(out, c);
	}
}

bool edit_line(
	const struct edit *e, struct bytes line, size_t *steps, struct str *out)
{
	struct match m = { .e = e, .line = line, .steps = steps };
	uint64_t n = 0;
	size_t i = 0;

	while (i <= line.len) {
		bool is_match = match_from(&m, 0, i);

		if (!*steps)
			return false;
		--*steps;
		if (is_match && ++n >= (e->which ? e->which : 1)) {
			replace(&m, out);
			if (!e->is_global) {
				i = m.at[e->n];
				break;
			}
			if (m.at[e->n] > i) {
				i = m.at[e->n];
				continue;
			}
		}
		if (i < line.len)
			str_addc(out, line.p[i]);
		i++;
	}
	if (i < line.len)
		str_add(out, line.p + i, line.len - i);
	return true;
}

bool edit_find(const struct edit *e, struct bytes line, size_t from,
	size_t *steps, struct bytes *match)
{
	struct match m = { .e = e, .line = line, .steps = steps };

	for (size_t i = from; i <= line.len && *steps; i++) {
		--*steps;
		if (!match_from(&m, 0, i))
			continue;
		*match = (struct bytes){ line.p + m.at[e->kept],
			m.at[e->n] - m.at[e->kept] };
		return true;
	}
	return false;
}
