// SPDX-License-Identifier: GPL-3.0-or-later
#include "rowline.h"

#include <stdlib.h>

#include "text.h"

int rowline_full(struct rowline *l)
{
	str_addz(l->why, "out of memory, or more rows than there may be");
	return -1;
}

int rowline_shown(struct bytes b)
{
	return (int)(b.len < 64 ? b.len : 64);
}

bool rowline_is_blank(char c)
{
	return c == ' ' || c == '\t';
}

void rowline_skip_blanks(struct rowline *l)
{
	while (l->rest.len && rowline_is_blank(l->rest.p[0]))
		l->rest.p++, l->rest.len--;
}

int rowline_open(struct rowline *l, struct bytes line, struct str *why)
{
	*l = (struct rowline){ .rest = line, .why = why };
	str_init(&l->token, ROWLINE_LEN_MAX);
	while (l->rest.len && (rowline_is_blank(l->rest.p[l->rest.len - 1]) ||
				      l->rest.p[l->rest.len - 1] == '\r'))
		l->rest.len--;
	rowline_skip_blanks(l);
	if (!l->rest.len || l->rest.p[0] == '#')
		return 0;
	if (l->rest.len > ROWLINE_LEN_MAX) {
		str_addf(why, "a line of more than %d bytes", ROWLINE_LEN_MAX);
		return -1;
	}
	if (text_readable(l->rest.p, l->rest.len) != l->rest.len) {
		str_addz(why, "not UTF-8, or with control characters");
		return -1;
	}
	return 1;
}

void rowline_close(struct rowline *l)
{
	str_fini(&l->token);
}

static char take_char(struct rowline *l)
{
	char c = l->rest.p[0];

	l->rest.p++;
	l->rest.len--;
	return c;
}

/* What is between quotes; the first one is taken. */
static int take_quoted(struct rowline *l)
{
	while (l->rest.len) {
		char c = take_char(l);

		if (c == '"')
			return 0;
		if (c == '\\' && l->rest.len)
			c = take_char(l);
		str_addc(&l->token, c);
	}
	str_addz(l->why, "a \" without its end");
	return -1;
}

static bool is_end(const struct rowline *l)
{
	return !l->rest.len || rowline_is_blank(l->rest.p[0]) ||
	       (l->is_split && l->rest.p[0] == '|');
}

int rowline_next(struct rowline *l)
{
	if (!l->has_more)
		rowline_skip_blanks(l);
	str_reset(&l->token);
	if (!l->rest.len && !l->has_more)
		return 0;
	l->is_quoted = l->rest.len && l->rest.p[0] == '"';
	if (l->is_quoted) {
		take_char(l);
		if (take_quoted(l) < 0)
			return -1;
	}
	while (!l->is_quoted && !is_end(l))
		str_addc(&l->token, take_char(l));
	if (!is_end(l)) {
		str_addf(l->why, "no blank behind \"%.64s\"", str_z(&l->token));
		return -1;
	}
	l->has_more = l->rest.len && l->rest.p[0] == '|';
	if (l->has_more)
		take_char(l);
	return 1;
}

void rowline_back(struct rowline *l, struct bytes from)
{
	l->rest = from;
	l->has_more = false;
}

/* The name that row i of the table begins with. */
static const char *name_of(const void *table, size_t i, size_t size)
{
	const char *name;

	memcpy(&name, (const char *)table + i * size, sizeof(name));
	return name;
}

int rowline_pick(struct rowline *l, const void *table, size_t n, size_t size)
{
	const char *word = str_z(&l->token);

	for (size_t i = 0; i < n; i++)
		if (!strcmp(name_of(table, i, size), word))
			return (int)i;
	str_addf(l->why, "no '%.64s'; there are: ", word);
	for (size_t i = 0; i < n; i++)
		str_addf(
			l->why, "%s%s", i ? ", " : "", name_of(table, i, size));
	return -1;
}

bool rowline_has_value(
	const struct rowline *l, const char *name, struct bytes *value)
{
	struct bytes t = str_bytes(&l->token);
	size_t len = strlen(name);

	if (l->is_quoted || t.len <= len || memcmp(t.p, name, len) ||
		t.p[len] != '=')
		return false;
	*value = (struct bytes){ t.p + len + 1, t.len - len - 1 };
	return true;
}

int rowline_weight(struct rowline *l, struct bytes value, double *to)
{
	char z[16], *end;

	if (value.len && value.len < sizeof(z)) {
		memcpy(z, value.p, value.len);
		z[value.len] = '\0';
		*to = strtod(z, &end);
		if (strspn(z, "0123456789.") == value.len && !*end &&
			*to <= ROWLINE_WEIGHT_MAX)
			return 0;
	}
	str_addf(l->why, "weight takes a number from 0 to %d, not '%.*s'",
		ROWLINE_WEIGHT_MAX, rowline_shown(value), value.p);
	return -1;
}

int rowline_open_row(struct rowline *l, struct bytes line, const char *keyword,
	struct str *why)
{
	int rc = rowline_open(l, line, why);

	if (rc > 0)
		rc = rowline_next(l);
	if (rc > 0 && rowline_pick(l, &keyword, 1, sizeof(keyword)) < 0)
		rc = -1;
	return rc;
}

int rowline_word(struct bytes *v, struct str *word, struct str *why)
{
	bool in_quotes = false;

	str_reset(word);
	while (v->len && rowline_is_blank(v->p[0]))
		v->p++, v->len--;
	for (; v->len && (in_quotes || !rowline_is_blank(v->p[0]));
		v->p++, v->len--) {
		if (v->p[0] == '"')
			in_quotes = !in_quotes;
		else
			str_addc(word, v->p[0]);
	}
	if (!in_quotes)
		return 0;
	str_addz(why, "a \" without its end");
	return -1;
}
