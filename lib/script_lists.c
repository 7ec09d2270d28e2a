// SPDX-License-Identifier: GPL-3.0-or-later
/* What programs do with lists. */
#include "script_state.h"

#include "script_calls.h"

static const struct script_value unknown = { .type = SCRIPT_UNKNOWN };

static bool is_callee(const struct script_value *v)
{
	return v->type == SCRIPT_FUNCTION || v->type == SCRIPT_BUILTIN;
}

/* Whether all are numbers of bytes. */
static bool are_bytes(const struct script *s, const struct script_value *list)
{
	for (uint32_t i = 0; i < list->len; i++)
		if (s->items[list->at + i].type != SCRIPT_INT ||
			s->items[list->at + i].number < 0 ||
			s->items[list->at + i].number > 255)
			return false;
	return list->len > 0;
}

/* Which of two is the function; PHP's and Ruby's may be a name. */
static size_t callee_of(const struct script_value *a, size_t n)
{
	if (n > 1 && is_callee(&a[1]))
		return 1;
	if (is_callee(&a[0]))
		return 0;
	return a[0].type == SCRIPT_TEXT && n > 1 ? 0 : 1;
}

/* Ruby's each_with_index: each with its number behind it. */
static struct script_value numbered(
	struct script *s, const struct script_value *v)
{
	struct script_value list = script_as_list(s, v), out, pair[2], one;

	out = script_list(s, NULL, 0);
	for (uint32_t i = 0; i < script_length(s, &list) && script_step(s);
		i++) {
		pair[0] = s->items[list.at + i];
		pair[1] = script_int(i);
		pair[1].flags = IS_COUNTED;
		one = script_list(s, pair, 2);
		script_append(s, &out, &one);
	}
	return out;
}

static struct script_value map(struct script *s, unsigned int id,
	struct script_value *a, size_t n, bool has_self)
{
	struct script_value out, list, args[ARGS_MAX], v;
	size_t f = has_self ? 1 : callee_of(a, n), others = 0;
	bool is_buffer =
		a[1 - f].flags & IS_BYTES && script_is(s, INVOCATION_NODE);

	/* Ruby's map alone, and what is done with each next. */
	if (n < 2 && id == CALL_MAPIDX)
		return numbered(s, &a[0]);
	if (n < 2)
		return n ? script_as_list(s, &a[0]) : unknown;
	list = script_as_list(s, &a[1 - f]);
	out = script_list(s, NULL, 0);
	if (!f && !has_self)
		others = n - 2;
	for (uint32_t i = 0; i < script_length(s, &list) && script_step(s);
		i++) {
		size_t m = 0;

		args[m++] = s->items[list.at + i];
		for (size_t k = 0; k < others && k < 3; k++)
			args[m++] = script_element(s, &a[2 + k], i);
		if (script_is(s, INVOCATION_NODE) || id == CALL_MAPIDX) {
			args[m] = script_int(i);
			args[m++].flags = IS_COUNTED;
		}
		/* map(&:chr), map(String) */
		if (a[f].type == SCRIPT_BUILTIN &&
			!script_is(s, INVOCATION_PYTHON))
			m = 1;
		v = script_call_value(s, &a[f], args, m);
		if (v.type == SCRIPT_LIST && script_is(s, INVOCATION_PERL)) {
			for (uint32_t k = 0; k < v.len && script_step(s); k++)
				script_append(s, &out, &s->items[v.at + k]);
			continue;
		}
		script_append(s, &out, &v);
	}
	if (id == CALL_EACH)
		return list;
	return is_buffer && are_bytes(s, &out) ? script_bytes(s, &out, true)
					       : out;
}

static struct script_value filter(
	struct script *s, struct script_value *a, size_t n, bool has_self)
{
	struct script_value out, list, one, v;
	size_t f = has_self ? 1 : callee_of(a, n);

	if (n < 2)
		return unknown;
	list = script_as_list(s, &a[1 - f]);
	out = script_list(s, NULL, 0);
	for (uint32_t i = 0; i < script_length(s, &list) && script_step(s);
		i++) {
		one = s->items[list.at + i];
		v = script_call_value(s, &a[f], &one, 1);
		if (v.type == SCRIPT_UNKNOWN || script_true(s, &v))
			script_append(s, &out, &one);
	}
	return out;
}

static struct script_value reduce(
	struct script *s, struct script_value *a, size_t n, bool has_self)
{
	struct script_value list, args[2], f, acc = unknown;
	size_t which = has_self ? 1 : callee_of(a, n);
	uint32_t i = 0;

	if (n < 2)
		return unknown;
	/* Ruby's inject(''){...} has its function last. */
	if (has_self && n > 2 && is_callee(&a[2])) {
		acc = a[1];
		which = 2;
	} else if (n > 2) {
		acc = a[2];
	}
	f = a[which];
	list = script_as_list(s, which ? &a[0] : &a[1]);
	if (!script_length(s, &list))
		return acc;
	if (n < 3)
		acc = s->items[list.at + i++];
	for (; i < script_length(s, &list) && script_step(s); i++) {
		args[0] = acc;
		args[1] = s->items[list.at + i];
		acc = script_call_value(s, &f, args, 2);
	}
	return acc;
}

/* zip(*[iter(a)] * 2): the same one in each place. */
static bool is_one_iterator(
	const struct script *s, const struct script_value *a, size_t n)
{
	if (!script_is(s, INVOCATION_PYTHON) || n < 2)
		return false;
	for (size_t i = 1; i < n; i++)
		if (a[i].type != a[0].type || a[i].at != a[0].at ||
			a[i].len != a[0].len || a[i].flags & IS_CYCLE)
			return false;
	return true;
}

/* So many of a list at a time. */
static struct script_value grouped(
	struct script *s, const struct script_value *list, size_t n)
{
	struct script_value out = script_list(s, NULL, 0), one;

	for (size_t i = 0; i + n <= list->len && script_step(s); i += n) {
		one = script_list(s, &s->items[list->at + i], n);
		script_append(s, &out, &one);
	}
	return out;
}

static struct script_value zip(
	struct script *s, struct script_value *a, size_t n)
{
	struct script_value out, one[PARAMS_MAX];
	size_t least = SIZE_MAX;
	bool is_one = is_one_iterator(s, a, n);

	if (n < 2 || n > PARAMS_MAX)
		return unknown;
	for (size_t i = 0; i < n; i++) {
		unsigned char flags = a[i].flags;

		if (!script_length(s, &a[i]))
			return unknown;
		a[i] = script_as_list(s, &a[i]);
		if (a[i].type != SCRIPT_LIST)
			return unknown;
		if (!(flags & IS_CYCLE) && a[i].len < least)
			least = a[i].len;
	}
	if (least == SIZE_MAX)
		return unknown;
	out = script_list(s, NULL, 0);
	if (is_one)
		return grouped(s, &a[0], n);
	for (size_t i = 0; i < least && script_step(s); i++) {
		struct script_value all;

		for (size_t k = 0; k < n; k++)
			one[k] = s->items[a[k].at + i % a[k].len];
		all = script_list(s, one, n);
		script_append(s, &out, &all);
	}
	return out;
}

static struct script_value range(
	struct script *s, struct script_value *a, size_t n)
{
	int64_t v[3] = { 0, 0, 1 };

	for (size_t i = 0; i < n && i < 3; i++)
		if (!script_to_int(s, &a[i], &v[i]))
			return unknown;
	if (n == 1) {
		v[1] = v[0];
		v[0] = 0;
	}
	return v[2] ? script_range(s, v[0], v[1], v[2]) : unknown;
}

static struct script_value enumerate(
	struct script *s, struct script_value *a, size_t n)
{
	struct script_value list = script_as_list(s, &a[0]), out, pair[2], all;
	int64_t first = 0;

	if (n > 1)
		(void)script_to_int(s, &a[1], &first);
	out = script_list(s, NULL, 0);
	for (uint32_t i = 0; i < script_length(s, &list) && script_step(s);
		i++) {
		pair[0] = script_int(first + i);
		pair[0].flags = IS_COUNTED;
		pair[1] = s->items[list.at + i];
		all = script_list(s, pair, 2);
		script_append(s, &out, &all);
	}
	return out;
}

static struct script_value concat(
	struct script *s, struct script_value *a, size_t n)
{
	struct script_value v = a[0];

	if (n && a[0].type == SCRIPT_LIST && n == 1)
		return script_join(s, &a[0], BYTES(""));
	for (size_t i = 1; i < n; i++)
		v = script_binary(
			s, v.type == SCRIPT_LIST ? '+' : OP_CONCAT, &v, &a[i]);
	return v;
}

static struct script_value pairs(struct script *s, const struct script_value *v)
{
	struct script_value list = script_list(s, NULL, 0), one;

	for (uint32_t i = 0; i + 1 < v->len && script_step(s); i += 2) {
		one = script_list(s, &s->items[v->at + i], 2);
		script_append(s, &list, &one);
	}
	return list;
}

/* new Map([[a, b]]).get(a) */
static struct script_value paired(struct script *s,
	const struct script_value *list, const struct script_value *key)
{
	s->steps += list->len / 4;
	for (uint32_t i = 0; i < list->len; i++) {
		struct script_value one = s->items[list->at + i];

		if (one.type == SCRIPT_LIST && one.len == 2 &&
			script_equal(s, &s->items[one.at], key))
			return script_letter(s, s->items[one.at + 1]);
	}
	return unknown;
}

/* d.get(key, otherwise) */
static struct script_value get(
	struct script *s, const struct script_value *a, size_t n)
{
	struct script_value v = unknown;
	int64_t i;

	if (n < 2)
		return unknown;
	if (a[0].type == SCRIPT_MAP)
		v = script_get(s, &a[0], &a[1]);
	else if (a[0].type == SCRIPT_LIST && script_is(s, INVOCATION_NODE))
		v = paired(s, &a[0], &a[1]);
	else if (a[0].type == SCRIPT_LIST && script_to_int(s, &a[1], &i))
		v = script_element(s, &a[0], i);
	return v.type == SCRIPT_UNKNOWN && n > 2 ? a[2] : v;
}

/* dict([(a, b)]) */
static struct script_value mapped(
	struct script *s, const struct script_value *v)
{
	struct script_value map = script_list(s, NULL, 0);

	if (v->type != SCRIPT_LIST)
		return *v;
	for (uint32_t i = 0; i < v->len && script_step(s); i++) {
		struct script_value one = s->items[v->at + i];

		if (one.type != SCRIPT_LIST || one.len != 2)
			return unknown;
		script_append(s, &map, &s->items[one.at]);
		script_append(s, &map, &s->items[one.at + 1]);
	}
	if (map.type == SCRIPT_LIST)
		map.type = SCRIPT_MAP;
	return map;
}

struct script_value script_about_lists(struct script *s, unsigned int id,
	struct script_value *a, size_t n, bool has_self)
{
	struct script_value v = a[0];

	switch (id) {
	case CALL_MAP:
	case CALL_MAPIDX:
	case CALL_EACH:
		return map(s, id, a, n, has_self);
	case CALL_FILTER:
		return filter(s, a, n, has_self);
	case CALL_REDUCE:
		return reduce(s, a, n, has_self);
	case CALL_ZIP:
		return zip(s, a, n);
	case CALL_CYCLE:
		if (n == 1)
			v.flags |= IS_CYCLE;
		return v;
	case CALL_RANGE:
		return range(s, a, n);
	case CALL_ENUMERATE:
		return n ? enumerate(s, a, n) : unknown;
	case CALL_LIST:
		if (script_is(s, INVOCATION_PHP))
			return script_list(s, a, n);
		return n == 1 ? script_as_list(s, &a[0]) : script_list(s, a, n);
	case CALL_CLASS:
		if (n < 3 || a[2].type != SCRIPT_MAP)
			return unknown;
		a[2].flags |= IS_CLASS;
		return a[2];
	case CALL_DICT:
		return n ? mapped(s, &a[0]) : unknown;
	case CALL_GET:
		return get(s, a, n);
	case CALL_SORTED:
		return n ? script_sorted(s, a, n) : unknown;
	case CALL_VALUES:
		return v.type == SCRIPT_MAP ? script_fields(s, &v, 1, 2) : v;
	case CALL_PAIRS:
		return v.type == SCRIPT_MAP ? pairs(s, &v) : v;
	case CALL_APPEND:
		for (size_t i = 1; i < n && v.type == SCRIPT_LIST; i++)
			script_append(s, &v, &a[i]);
		return v;
	case CALL_SHIFT:
	case CALL_FIRST:
		return n ? script_element(s, &v, 0) : unknown;
	case CALL_POP:
	case CALL_LAST:
		return n ? script_element(s, &v, -1) : unknown;
	case CALL_CONCAT:
		return concat(s, a, n);
	default:
		return unknown;
	}
}
