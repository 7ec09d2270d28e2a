// SPDX-License-Identifier: GPL-3.0-or-later
/* What strings become of; each result is new in the arena. */
#include "program_state.h"

#include <ctype.h>

#include "text.h"

static void begin(const struct program *p, struct program_token *to)
{
	*to = (struct program_token){ .kind = PROGRAM_STRING,
		.is_changed = true,
		.value = (uint32_t)p->arena.len };
}

static bool finish(const struct program *p, struct program_token *to)
{
	to->len = (uint32_t)(p->arena.len - to->value);
	return str_ok(&p->arena);
}

void program_copy(struct program *p, size_t at, size_t len)
{
	char *to = str_room(&p->arena, len);

	if (!to || !len)
		return;
	memcpy(to, p->arena.p + at, len);
	str_cut(&p->arena, p->arena.len + len);
}

bool program_merge(struct program *p, const struct program_token *a,
	const struct program_token *b, struct program_token *to)
{
	if (a->value + a->len == b->value) {
		*to = *a;
		to->kind = PROGRAM_STRING;
		to->is_changed = true;
		to->len += b->len;
		return true;
	}
	begin(p, to);
	if (a->value + a->len == p->arena.len)
		to->value = a->value;
	else
		program_copy(p, a->value, a->len);
	program_copy(p, b->value, b->len);
	return finish(p, to);
}

bool program_extend(struct program *p, const struct program_token *a,
	const struct program_token *b, struct program_token *to)
{
	*to = *a;
	to->is_changed = true;
	if (a->len + b->len > ITEMS_MAX - p->n_items)
		return false;
	to->value = (uint32_t)p->n_items;
	memcpy(p->items + p->n_items, p->items + a->value,
		a->len * sizeof(*p->items));
	p->n_items += a->len;
	memcpy(p->items + p->n_items, p->items + b->value,
		b->len * sizeof(*p->items));
	p->n_items += b->len;
	to->len += b->len;
	return true;
}

bool program_replace(struct program *p, struct program_token *s,
	struct bytes from, struct bytes with)
{
	struct program_token to;
	size_t at = 0, with_at = (size_t)(with.p - p->arena.p);
	size_t from_at = (size_t)(from.p - p->arena.p);

	if (!from.len)
		return false;
	begin(p, &to);
	while (at < s->len && str_ok(&p->arena)) {
		struct bytes rest = { p->arena.p + s->value + at, s->len - at };
		const char *hit;

		from.p = p->arena.p + from_at;
		hit = text_find(rest, from);
		if (!hit)
			break;
		program_copy(p, s->value + at, (size_t)(hit - rest.p));
		at += (size_t)(hit - rest.p) + from.len;
		program_copy(p, with_at, with.len);
	}
	program_copy(p, s->value + at, s->len - at);
	if (!finish(p, &to))
		return false;
	*s = to;
	return true;
}

bool program_glue(struct program *p, const struct program_token *list,
	struct bytes between, struct program_token *to)
{
	size_t between_at = (size_t)(between.p - p->arena.p);

	begin(p, to);
	for (uint32_t i = 0; i < list->len; i++) {
		struct bytes_at item = p->items[list->value + i];

		if (i && between.len)
			program_copy(p, between_at, between.len);
		program_copy(p, item.at, item.len);
	}
	return finish(p, to);
}

/* The place in the list that the format's mark at i names, and its end. */
static size_t mark(struct bytes f, size_t i, size_t *next, size_t *which)
{
	size_t j = i + 1;

	if (f.p[i] == '%') {
		while (j < f.len && f.p[j] && strchr("0123456789.-", f.p[j]))
			j++;
		if (j >= f.len || (f.p[j] != 's' && f.p[j] != 'b'))
			return i;
		*which = (*next)++;
		return j + 1;
	}
	if (j < f.len && isdigit((unsigned char)f.p[j])) {
		*which = (size_t)(f.p[j] - '0');
		j++;
	} else {
		*which = (*next)++;
	}
	return j < f.len && f.p[j] == '}' ? j + 1 : i;
}

bool program_format(struct program *p, const struct program_token *s,
	const struct program_token *list, struct program_token *to)
{
	size_t i = 0, next = 0, which = 0, n = 0;

	begin(p, to);
	while (i < s->len && str_ok(&p->arena)) {
		struct bytes f = { p->arena.p + s->value, s->len };
		size_t end = i;
		struct bytes_at item = { s->value + (uint32_t)i, 1 };

		if (f.p[i] == '%' || f.p[i] == '{')
			end = mark(f, i, &next, &which);
		if (end == i) {
			end = i + 1;
		} else if (list->kind == PROGRAM_STRING && !which) {
			item = (struct bytes_at){ list->value, list->len };
			n++;
		} else if (list->kind == PROGRAM_LIST && which < list->len) {
			item = p->items[list->value + which];
			n++;
		} else {
			return false;
		}
		program_copy(p, item.at, item.len);
		i = end;
	}
	return finish(p, to) && n;
}

bool program_part(struct program *p, const struct program_token *s,
	struct bytes by, struct program_token *to)
{
	size_t at = 0, by_at = (size_t)(by.p - p->arena.p);

	*to = (struct program_token){ .kind = PROGRAM_LIST,
		.is_changed = true,
		.value = (uint32_t)p->n_items };
	if (!by.len)
		return false;
	while (p->n_items < ITEMS_MAX) {
		struct bytes rest = { p->arena.p + s->value + at, s->len - at };
		struct bytes sep = { p->arena.p + by_at, by.len };
		const char *hit = text_find(rest, sep);
		size_t len = hit ? (size_t)(hit - rest.p) : rest.len;

		p->items[p->n_items++] =
			(struct bytes_at){ (uint32_t)(s->value + at),
				(uint32_t)len };
		to->len++;
		if (!hit)
			return true;
		at += len + by.len;
	}
	return false;
}

/* The members of a set as a-z and the like write it. */
static size_t members(struct bytes set, unsigned char to[256])
{
	size_t n = 0;

	for (size_t i = 0; i < set.len && n < 256; i++) {
		unsigned char c = (unsigned char)set.p[i];
		unsigned char last = c;

		if (i + 2 < set.len && set.p[i + 1] == '-') {
			last = (unsigned char)set.p[i + 2];
			i += 2;
		}
		for (unsigned int v = c; v <= last && n < 256; v++)
			to[n++] = (unsigned char)v;
	}
	return n;
}

bool program_map(struct program *p, struct program_token *s, struct bytes from,
	struct bytes to)
{
	unsigned char set[256], with[256];
	short map[256];
	size_t n = members(from, set), m = members(to, with);
	struct program_token out;

	if (!n)
		return false;
	for (unsigned int i = 0; i < 256; i++)
		map[i] = (short)i;
	for (size_t i = n; i > 0; i--)
		map[set[i - 1]] =
			m ? (short)with[i - 1 < m ? i - 1 : m - 1] : -1;
	begin(p, &out);
	for (uint32_t i = 0; i < s->len && str_ok(&p->arena); i++) {
		short c = map[(unsigned char)p->arena.p[s->value + i]];

		if (c >= 0)
			str_addc(&p->arena, (char)c);
	}
	if (!finish(p, &out))
		return false;
	*s = out;
	return true;
}
