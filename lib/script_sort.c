// SPDX-License-Identifier: GPL-3.0-or-later
/* Lists in order: pieces that were shuffled, each with its number. */
#include "script_state.h"

/* A dropper's pieces are few; more are left as they stand. */
#define SORTED_MAX 4096

static const struct script_value unknown = { .type = SCRIPT_UNKNOWN };

static int order(struct script *s, const struct script_value *a,
	const struct script_value *b)
{
	struct bytes x, y;
	size_t least;
	int way;

	/* (1, 'a'): by the first, which is seldom the same. */
	if (a->type == SCRIPT_LIST && b->type == SCRIPT_LIST && a->len &&
		b->len) {
		const struct script_value *p = &s->items[a->at];
		const struct script_value *q = &s->items[b->at];

		return p->type == SCRIPT_LIST ? 0 : order(s, p, q);
	}
	x = script_text(s, a);
	y = script_text(s, b);
	least = x.len < y.len ? x.len : y.len;
	s->steps += least / 64;
	way = least ? memcmp(x.p, y.p, least) : 0;
	if (a->type == SCRIPT_INT && b->type == SCRIPT_INT)
		return a->number < b->number ? -1 : a->number > b->number;
	return way ? way : x.len < y.len ? -1 : x.len > y.len;
}

/* What is sorted: a value behind what it is sorted by. */
struct sort {
	struct script *s;
	struct script_value by; /* of two, or unknown */
	size_t at, room; /* in items: pairs, and as many again */
};

static bool is_before(struct sort *t, const struct script_value *a,
	const struct script_value *b)
{
	struct script_value args[2] = { *a, *b }, v;
	int64_t n = 0;

	/* Without steps they stay as they are. */
	if (t->s->steps >= t->s->steps_max)
		return false;
	if (t->by.type != SCRIPT_FUNCTION)
		return order(t->s, a, b) < 0;
	v = script_call_value(t->s, &t->by, args, 2);
	return script_to_int(t->s, &v, &n) && n < 0;
}

/* Merges [from, mid) and [mid, to) of pairs. */
static void merge(struct sort *t, size_t from, size_t mid, size_t to)
{
	struct script_value *items = t->s->items;
	struct script_value *in = items + t->at, *out = items + t->room;
	size_t a = from, b = mid;

	for (size_t i = from; i < to; i++) {
		bool is_second = a == mid || (b < to && is_before(t, &in[2 * b],
								&in[2 * a]));
		size_t k = is_second ? b++ : a++;

		out[2 * i] = in[2 * k];
		out[2 * i + 1] = in[2 * k + 1];
	}
	memcpy(in + 2 * from, out + 2 * from, 2 * (to - from) * sizeof(*in));
	t->s->steps += to - from;
}

static void sort(struct sort *t, size_t n)
{
	for (size_t width = 1; width < n; width *= 2)
		for (size_t i = 0; i + width < n && script_step(t->s);
			i += 2 * width) {
			size_t to = i + 2 * width;

			merge(t, i, i + width, to < n ? to : n);
		}
}

/* Texts behind numbers were shuffled. */
static void mark(struct script *s, const struct script_value *list)
{
	for (uint32_t i = 0; i < list->len && script_step(s); i++) {
		struct script_value *one = &s->items[list->at + i];

		if (one->type != SCRIPT_LIST || one->len != 2 ||
			s->items[one->at].type != SCRIPT_INT ||
			s->items[one->at + 1].type != SCRIPT_TEXT)
			return;
		script_undone(s, &s->items[one->at + 1], "reverse", IS_CHANGED);
	}
}

struct script_value script_sorted(
	struct script *s, struct script_value *a, size_t n)
{
	struct script_value all = script_as_list(s, &a[0]), list, key;
	struct sort t = { .s = s };
	bool has_key = n > 1 && a[1].type == SCRIPT_FUNCTION;
	bool is_of_two = has_key && s->functions[a[1].at].n_params > 1;

	if (all.type != SCRIPT_LIST || all.len > SORTED_MAX ||
		s->n_items + 5 * (size_t)all.len > ITEMS_MAX)
		return all;
	if (is_of_two)
		t.by = a[1];
	list = script_list(s, &s->items[all.at], all.len);
	t.at = s->n_items;
	t.room = t.at + 2 * (size_t)all.len;
	s->n_items += 4 * (size_t)all.len;
	for (uint32_t i = 0; i < all.len; i++) {
		key = s->items[all.at + i];
		if (has_key && !is_of_two)
			key = script_call_value(s, &a[1], &key, 1);
		s->items[t.at + 2 * i] = key;
		s->items[t.at + 2 * i + 1] = s->items[all.at + i];
		if (!script_step(s))
			return unknown;
	}
	sort(&t, all.len);
	for (uint32_t i = 0; i < all.len; i++)
		s->items[list.at + i] = s->items[t.at + 2 * i + 1];
	mark(s, &list);
	return list;
}
