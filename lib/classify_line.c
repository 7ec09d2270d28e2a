// SPDX-License-Identifier: GPL-3.0-or-later
#include "classify_line.h"

#include <stdlib.h>
#include <string.h>

#define WEIGHT_MAX 100

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

static int set_weight(struct rowline *l, struct bytes v, double *to)
{
	char z[16], *end;

	if (v.len && v.len < sizeof(z)) {
		memcpy(z, v.p, v.len);
		z[v.len] = '\0';
		*to = strtod(z, &end);
		if (strspn(z, "0123456789.") == v.len && !*end &&
			*to <= WEIGHT_MAX)
			return 0;
	}
	str_addf(l->why, "weight takes a number from 0 to %d, not '%.*s'",
		WEIGHT_MAX, rowline_shown(v), v.p);
	return -1;
}

/* T1059 or T1059.004 */
static bool is_technique(struct bytes id)
{
	static const char form[] = "T0000.000";

	if (id.len != 5 && id.len != 9)
		return false;
	for (size_t i = 0; i < id.len; i++)
		if (form[i] == '0' ? id.p[i] < '0' || id.p[i] > '9'
				   : id.p[i] != form[i])
			return false;
	return true;
}

static int add_technique(
	struct rowline *l, struct bytes id, struct rows_attack *to)
{
	struct classify_rules *r = l->r;
	struct bytes *new;
	uint32_t i = 0;

	while (i < r->has_techniques.n && !bytes_equal(r->techniques[i], id))
		i++;
	if (i == r->has_techniques.n) {
		new = i < UINT16_MAX ? ROWS_ADD(r, techniques) : NULL;
		if (!new)
			return rowline_full(l);
		*new = rows_keep(r, id);
		if (!new->p)
			return rowline_full(l);
	}
	to->ids[to->n++] = (uint16_t)i;
	return 0;
}

static int set_attack(struct rowline *l, struct bytes v, struct rows_attack *to)
{
	to->n = 0;
	for (;;) {
		const char *comma = v.len ? memchr(v.p, ',', v.len) : NULL;
		struct bytes id = { v.p,
			comma ? (size_t)(comma - v.p) : v.len };

		if (!is_technique(id)) {
			str_addf(l->why,
				"'%.*s' is no ATT&CK technique, such as T1105 "
				"or T1059.004",
				rowline_shown(id), id.p);
			return -1;
		}
		if (to->n == ROWS_ATTACK_MAX) {
			str_addf(l->why, "more than %d techniques",
				ROWS_ATTACK_MAX);
			return -1;
		}
		if (add_technique(l, id, to) < 0)
			return -1;
		if (!comma)
			return 0;
		v.len -= id.len + 1;
		v.p = comma + 1;
	}
}

int rowline_option(struct rowline *l, struct rowline_options *o)
{
	static const struct bytes weight = { "weight=", 7 },
				  attack = { "attack=", 7 };
	struct bytes t = str_bytes(&l->token), v;

	if (l->is_quoted || t.len < 7)
		return 0;
	v = (struct bytes){ t.p + 7, t.len - 7 };
	t.len = 7;
	if (bytes_equal(t, weight))
		return set_weight(l, v, &o->weight) < 0 ? -1 : 1;
	if (bytes_equal(t, attack))
		return set_attack(l, v, &o->attack) < 0 ? -1 : 1;
	return 0;
}

int rowline_options(struct rowline *l, struct rowline_options *o)
{
	int rc;

	*o = (struct rowline_options){ .weight = -1 };
	do {
		struct bytes from = l->rest;

		rc = rowline_next(l);
		if (rc <= 0)
			return rc;
		rc = rowline_option(l, o);
		if (rc == 0) {
			l->rest = from;
			l->has_more = false;
			return 1;
		}
	} while (rc > 0);
	return -1;
}
