// SPDX-License-Identifier: GPL-3.0-or-later
/* Lists, and texts as lists of characters. */
#include "script_state.h"

#include <ctype.h>

#include "text.h"

/* Letters, and how many of them are put together by no person. */
#define SINGLE_LEN  2
#define SINGLES_MIN 6

static const struct script_value unknown = { .type = SCRIPT_UNKNOWN };

size_t script_length(const struct script *s, const struct script_value *v)
{
	(void)s;
	return v->type == SCRIPT_TEXT || v->type == SCRIPT_LIST ? v->len : 0;
}

/* Where the i-th of n is, from behind if it is less than 0. */
static int64_t place(int64_t i, int64_t n)
{
	if (i < 0)
		i += n;
	return i < 0 ? 0 : i > n ? n : i;
}

static struct script_value part(
	const struct script_value *v, int64_t from, int64_t len)
{
	struct script_value to = *v;

	to.at += (uint32_t)from;
	to.len = (uint32_t)len;
	if (v->type == SCRIPT_LIST)
		to.number = 0;
	else if (to.number > len)
		to.number = len;
	return to;
}

struct script_value script_element(
	struct script *s, const struct script_value *v, int64_t i)
{
	int64_t n = (int64_t)script_length(s, v);
	struct script_value to;

	if (i < 0)
		i += n;
	if (i < 0 || i >= n)
		return unknown;
	if (v->type == SCRIPT_LIST)
		return s->items[v->at + i];
	to = part(v, i, 1);
	return v->flags & IS_BYTES ? script_element_number(s, &to) : to;
}

struct script_value script_pick(struct script *s, const struct script_value *v,
	const struct script_value *numbers)
{
	struct script_value to = script_list(s, NULL, 0), one;
	int64_t i;

	for (uint32_t k = 0; k < numbers->len && script_step(s); k++) {
		if (!script_to_int(s, &s->items[numbers->at + k], &i))
			return unknown;
		one = script_element(s, v, i);
		if (one.type == SCRIPT_TEXT)
			script_undone(s, &one, "reverse", IS_CHANGED);
		script_append(s, &to, &one);
	}
	return to;
}

struct script_value script_slice(struct script *s, const struct script_value *v,
	int64_t from, int64_t to, int64_t step)
{
	int64_t n = (int64_t)script_length(s, v);
	size_t at = s->arena.len;
	struct script_value out = *v, one;

	if (v->type != SCRIPT_TEXT && v->type != SCRIPT_LIST)
		return unknown;
	if (step == 0)
		return unknown;
	if (step < 0) {
		from = from == INT64_MIN ? n - 1 : from < 0 ? from + n : from;
		to = to == INT64_MAX ? -1 : to < 0 ? to + n : to;
		from = from >= n ? n - 1 : from;
	} else {
		from = from == INT64_MIN ? 0 : place(from, n);
		to = to == INT64_MAX ? n : place(to, n);
	}
	if (step == 1)
		return part(v, from, to > from ? to - from : 0);
	if (v->type == SCRIPT_LIST)
		out = script_list(s, NULL, 0);
	for (int64_t i = from; (step > 0 ? i < to : i > to) && i >= 0 && i < n;
		i += step) {
		if (v->type == SCRIPT_LIST) {
			one = s->items[v->at + i];
			script_append(s, &out, &one);
		} else {
			str_addc(&s->arena, s->arena.p[v->at + i]);
		}
		if (!(i & 15) && !script_step(s))
			return unknown;
	}
	if (v->type == SCRIPT_TEXT) {
		out = script_made(s, at);
		out.flags = v->flags;
		out.chain = v->chain;
		out.number = v->number < out.len ? v->number : out.len;
		script_undone(s, &out, "reverse", IS_CHANGED);
	}
	return out;
}

struct script_value script_list(
	struct script *s, const struct script_value *args, size_t n)
{
	struct script_value v = { .type = SCRIPT_LIST };

	if (s->n_items + n > ITEMS_MAX) {
		s->is_full = true;
		return unknown;
	}
	v.at = (uint32_t)s->n_items;
	v.len = (uint32_t)n;
	for (size_t i = 0; i < n; i++)
		s->items[s->n_items++] = args[i];
	return v;
}

void script_append(struct script *s, struct script_value *list,
	const struct script_value *v)
{
	struct script_value one = *v;

	if (list->type != SCRIPT_LIST)
		return;
	if (list->at + list->len == s->n_items && s->n_items < ITEMS_MAX) {
		s->n_items++;
	} else if ((int64_t)list->len >= list->number) {
		/* Room for as many again, so that it moves seldom. */
		size_t room = 2 * (size_t)list->len + 8;

		if (s->n_items + room > ITEMS_MAX) {
			*list = unknown;
			s->is_full = true;
			return;
		}
		memmove(s->items + s->n_items, s->items + list->at,
			list->len * sizeof(*s->items));
		list->at = (uint32_t)s->n_items;
		list->number = (int64_t)room;
		s->n_items += room;
		s->steps += list->len / 8;
	}
	s->items[list->at + list->len++] = one;
}

static struct script_value joined(struct script *s,
	const struct script_value *list, struct bytes between,
	size_t *n_singles)
{
	size_t at, sep = s->arena.len;
	struct script_value to, from = { .type = SCRIPT_TEXT }, one;

	if (list->type == SCRIPT_TEXT)
		return *list;
	if (list->type != SCRIPT_LIST)
		return unknown;
	str_addb(&s->arena, between);
	for (uint32_t i = 0; i < list->len; i++) {
		/* So that numbers do not come between. */
		if (s->items[list->at + i].type == SCRIPT_INT ||
			s->items[list->at + i].type == SCRIPT_LIST) {
			one = script_to_text(s, &s->items[list->at + i]);
			s->items[list->at + i] = one;
		}
		if (s->items[list->at + i].type != SCRIPT_TEXT)
			return unknown;
	}
	at = s->arena.len;
	for (uint32_t i = 0; i < list->len && script_step(s); i++) {
		one = s->items[list->at + i];
		if (i)
			script_copy(s, sep, between.len);
		script_copy(s, one.at, one.len);
		script_inherit(s, &from, &one);
		from.number += one.number;
		*n_singles += one.len <= SINGLE_LEN;
	}
	to = script_made(s, at);
	script_inherit(s, &to, &from);
	to.number = from.number;
	return to;
}

struct script_value script_concat(
	struct script *s, const struct script_value *list)
{
	size_t n_singles = 0;

	return joined(s, list, BYTES(""), &n_singles);
}

struct script_value script_join(
	struct script *s, const struct script_value *list, struct bytes between)
{
	size_t n_singles = 0;
	struct script_value to = joined(s, list, between, &n_singles);

	/* Letter by letter nobody writes. */
	if (to.type == SCRIPT_TEXT && !(to.flags & IS_HIDDEN) && !between.len &&
		n_singles >= SINGLES_MIN) {
		to.flags |= IS_CHANGED;
		if (!to.chain)
			script_undone(s, &to, "charcode", IS_CHANGED);
	}
	return to;
}

/* A text's characters. */
static struct script_value characters(
	struct script *s, const struct script_value *v)
{
	struct script_value list = script_list(s, NULL, 0), one;

	for (uint32_t i = 0; i < v->len && script_step(s);) {
		uint32_t cp;
		size_t n = text_utf8(s->arena.p + v->at + i, v->len - i, &cp);

		if (!n || v->flags & IS_BYTES)
			n = 1;
		one = part(v, i, (int64_t)n);
		if (v->flags & IS_BYTES)
			one = script_element_number(s, &one);
		script_append(s, &list, &one);
		i += (uint32_t)n;
	}
	return list;
}

/* Of a map: from its first-th field on, each step-th. */
struct script_value script_fields(struct script *s,
	const struct script_value *v, uint32_t first, uint32_t step)
{
	struct script_value list = script_list(s, NULL, 0);

	for (uint32_t i = first; i < v->len && script_step(s); i += step)
		script_append(s, &list, &s->items[v->at + i]);
	return list;
}

struct script_value script_as_list(
	struct script *s, const struct script_value *v)
{
	if (v->type == SCRIPT_LIST)
		return *v;
	if (v->type == SCRIPT_MAP)
		return script_fields(s, v, 0, 2);
	if (v->type == SCRIPT_TEXT &&
		(script_is(s, INVOCATION_PYTHON) ||
			script_is(s, INVOCATION_NODE) || v->flags & IS_BYTES))
		return characters(s, v);
	if (v->type == SCRIPT_UNKNOWN || v->type == SCRIPT_BUILTIN)
		return unknown;
	return script_list(s, v, 1);
}

struct script_value script_split(
	struct script *s, const struct script_value *v, struct bytes by)
{
	struct script_value list = script_list(s, NULL, 0), one;
	struct bytes b = script_text(s, v);
	bool is_blank = bytes_equal(by, BYTES(" "));
	size_t i = 0;

	if (v->type != SCRIPT_TEXT)
		return unknown;
	if (!by.len) {
		one = *v;
		one.flags &= (unsigned char)~IS_BYTES;
		return characters(s, &one);
	}
	for (;;) {
		const char *hit;
		size_t from, len;

		b = script_text(s, v);
		while (is_blank && i < b.len && isspace((unsigned char)b.p[i]))
			i++;
		from = i;
		if (is_blank) {
			while (i < b.len && !isspace((unsigned char)b.p[i]))
				i++;
			if (i == from)
				return list;
			len = i - from;
		} else {
			hit = text_find(
				(struct bytes){ b.p + i, b.len - i }, by);
			len = hit ? (size_t)(hit - b.p) - i : b.len - i;
		}
		one = part(v, (int64_t)from, (int64_t)len);
		script_append(s, &list, &one);
		i = from + len + (is_blank ? 0 : by.len);
		if ((!is_blank && from + len >= b.len) || !script_step(s))
			return list;
	}
}

struct script_value script_reverse(
	struct script *s, const struct script_value *v)
{
	struct script_value to = unknown;
	size_t at = s->arena.len;

	if (v->type == SCRIPT_LIST) {
		to = script_list(s, NULL, 0);
		for (uint32_t i = v->len; i > 0 && script_step(s); i--) {
			struct script_value one = s->items[v->at + i - 1];

			if (one.type == SCRIPT_TEXT)
				script_undone(s, &one, "reverse", IS_CHANGED);
			script_append(s, &to, &one);
		}
		return to;
	}
	if (v->type != SCRIPT_TEXT)
		return unknown;
	for (uint32_t i = v->len; i > 0 && str_ok(&s->arena); i--)
		str_addc(&s->arena, s->arena.p[v->at + i - 1]);
	s->steps += v->len / 16;
	to = script_made(s, at);
	to.flags = v->flags;
	to.chain = v->chain;
	to.number = v->number;
	script_undone(s, &to, "reverse", IS_CHANGED);
	return to;
}

struct script_value script_range(
	struct script *s, int64_t from, int64_t to, int64_t step)
{
	struct script_value list = script_list(s, NULL, 0), one;

	for (int64_t i = from; step > 0 ? i < to : step < 0 && i > to;
		i += step) {
		if (!script_step(s))
			return unknown;
		one = script_int(i);
		one.flags = IS_COUNTED;
		script_append(s, &list, &one);
		if (list.type != SCRIPT_LIST)
			return list;
	}
	return list;
}
