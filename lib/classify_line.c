// SPDX-License-Identifier: GPL-3.0-or-later
#include "classify_line.h"

#include <string.h>

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

static int add_technique(struct classify_rules *r, struct rowline *l,
	struct bytes id, struct rows_attack *to)
{
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

static int set_attack(struct classify_rules *r, struct rowline *l,
	struct bytes v, struct rows_attack *to)
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
		if (add_technique(r, l, id, to) < 0)
			return -1;
		if (!comma)
			return 0;
		v.len -= id.len + 1;
		v.p = comma + 1;
	}
}

int line_option(
	struct classify_rules *r, struct rowline *l, struct line_options *o)
{
	struct bytes v;

	if (rowline_has_value(l, "weight", &v))
		return rowline_weight(l, v, &o->weight) < 0 ? -1 : 1;
	if (rowline_has_value(l, "attack", &v))
		return set_attack(r, l, v, &o->attack) < 0 ? -1 : 1;
	return 0;
}

int line_options(
	struct classify_rules *r, struct rowline *l, struct line_options *o)
{
	int rc;

	*o = (struct line_options){ .weight = -1 };
	do {
		struct bytes from = l->rest;

		rc = rowline_next(l);
		if (rc <= 0)
			return rc;
		rc = line_option(r, l, o);
		if (rc == 0) {
			rowline_back(l, from);
			return 1;
		}
	} while (rc > 0);
	return -1;
}
