// SPDX-License-Identifier: GPL-3.0-or-later
/* a{b,c}d and {1..5}: words of their own, before anything else is done. */
#include "eval_state.h"

#include "text.h"

#define ITEMS_MAX 1024

struct brace {
	struct bytes before, inner, after;
	bool is_list; /* has a comma of its own */
};

/* Behind a '...', "..." or \x at i; i if there is none. */
static size_t past_quote(struct bytes t, size_t i)
{
	char c = t.p[i];
	size_t k = i + 1;

	if (c == '\\')
		return i + 2 < t.len ? i + 2 : t.len;
	if (c != '\'' && c != '"')
		return i;
	while (k < t.len && t.p[k] != c)
		k += c == '"' && t.p[k] == '\\' ? 2 : 1;
	return k < t.len ? k + 1 : t.len;
}

/* The end of the { at i, where that is; SIZE_MAX: it has none. */
static size_t past_brace(struct bytes t, size_t i, bool *is_list)
{
	size_t depth = 0;

	*is_list = false;
	while (i < t.len && !strchr(" \t\n;&|<>()`", t.p[i])) {
		size_t next = past_quote(t, i);

		if (next > i) {
			i = next;
			continue;
		}
		depth += t.p[i] == '{';
		*is_list |= t.p[i] == ',' && depth == 1;
		if (t.p[i] == '}' && !--depth)
			return i;
		i++;
	}
	return SIZE_MAX;
}

/* Finds the word's first brace list; *n is the word's length. */
static bool find(struct bytes t, struct brace *b, size_t *n)
{
	size_t i = 0, end;

	b->inner.p = NULL;
	while (i < t.len && !strchr(" \t\n;&|<>()`", t.p[i])) {
		size_t next = past_quote(t, i);
		bool is_list;

		if (next > i || t.p[i] != '{') {
			i = next > i ? next : i + 1;
			continue;
		}
		end = past_brace(t, i, &is_list);
		if (end == SIZE_MAX)
			return false;
		if (!b->inner.p && !(i && t.p[i - 1] == '$')) {
			b->before = (struct bytes){ t.p, i };
			b->inner = (struct bytes){ t.p + i + 1, end - i - 1 };
			b->is_list = is_list;
			if (!is_list && !text_find(b->inner, BYTES("..")))
				b->inner.p = NULL;
		}
		i = end + 1;
	}
	*n = i;
	if (!b->inner.p || (i < t.len && (t.p[i] == '(' || t.p[i] == '`')))
		return false;
	b->after.p = b->inner.p + b->inner.len + 1;
	b->after.len = (size_t)(t.p + i - b->after.p);
	return true;
}

static void item(struct eval *e, const struct brace *b, struct bytes one)
{
	struct eval_place before = e->at;
	size_t from = e->arena.len;

	if (!eval_step(e, 1 + (b->before.len + one.len + b->after.len) / 4))
		return;
	str_addb(&e->arena, b->before);
	str_addb(&e->arena, one);
	str_addb(&e->arena, b->after);
	e->at = (struct eval_place){ .src = str_tail(&e->arena, from),
		.here_line = SIZE_MAX };
	if (eval_enter(e))
		eval_word(e);
	eval_leave(e);
	e->at = before;
}

static void list(struct eval *e, const struct brace *b)
{
	struct bytes t = b->inner;
	size_t i = 0, from = 0, depth = 0;

	while (i < t.len && !e->is_over) {
		size_t next = past_quote(t, i);

		if (next > i) {
			i = next;
			continue;
		}
		depth += t.p[i] == '{';
		depth -= t.p[i] == '}';
		if (t.p[i] == ',' && !depth) {
			item(e, b, (struct bytes){ t.p + from, i - from });
			from = i + 1;
		}
		i++;
	}
	item(e, b, (struct bytes){ t.p + from, t.len - from });
}

/* The part of a range up to the next .. */
static struct bytes bound(struct bytes *t)
{
	const char *dots = text_find(*t, BYTES(".."));
	struct bytes one = *t;

	if (dots)
		one.len = (size_t)(dots - t->p);
	t->p += one.len + (dots ? 2 : 0);
	t->len -= one.len + (dots ? 2 : 0);
	return one;
}

static bool number(struct bytes b, int64_t *n)
{
	return text_i64(b, n) == 0 && *n > -1000000 && *n < 1000000;
}

/* {1..5}, {a..e}, {10..2..4} */
static bool range(struct eval *e, const struct brace *b)
{
	struct bytes t = b->inner, first = bound(&t), last = bound(&t);
	int64_t from, to, step = 1;
	bool is_letter = first.len == 1 && last.len == 1 &&
			 !(number(first, &from) && number(last, &to));
	size_t width = first.len > 1 && first.p[0] == '0' ? first.len : 0;

	if (t.len && !number(t, &step))
		return false;
	if (is_letter) {
		from = (unsigned char)first.p[0];
		to = (unsigned char)last.p[0];
	} else if (!number(first, &from) || !number(last, &to)) {
		return false;
	}
	step = step < 0 ? -step : step + !step;
	for (size_t n = 0; n < ITEMS_MAX && !e->is_over; n++) {
		char c = (char)from;
		struct eval_value v = eval_number(e, from);
		size_t at = e->arena.len;

		if (is_letter)
			v.text = (struct bytes){ &c, 1 };
		if (!is_letter && v.text.len < width) {
			str_addf(&e->arena, "%0*lld", (int)width,
				(long long)from);
			v.text = str_tail(&e->arena, at);
		}
		item(e, b, v.text);
		if (from <= to ? from + step > to : from - step < to)
			break;
		from += from <= to ? step : -step;
	}
	return true;
}

bool eval_braces(struct eval *e)
{
	struct bytes t = { e->at.src.p + e->at.pos, e->at.src.len - e->at.pos };
	struct brace b;
	size_t n;

	if (e->skip || !find(t, &b, &n) || !eval_step(e, n))
		return false;
	if (b.is_list)
		list(e, &b);
	else if (!range(e, &b))
		return false;
	e->at.pos += n;
	return true;
}
