// SPDX-License-Identifier: GPL-3.0-or-later
/* Patterns: * ? [a-z], and \ before what stands for itself. What is made of a
 * value with them, or without. */
#include "eval_state.h"

#include <ctype.h>

#include "escape.h"

/* One element of the pattern: its length, 0 at the end; whether c is of it. */
static size_t element(struct bytes p, size_t at, char c, bool *is_in)
{
	size_t i = at + 1;
	bool is_not, is_first = true;

	*is_in = false;
	if (at >= p.len)
		return 0;
	if (p.p[at] == '\\' && at + 1 < p.len) {
		*is_in = p.p[at + 1] == c;
		return 2;
	}
	if (p.p[at] != '[') {
		*is_in = p.p[at] == '?' || p.p[at] == c;
		return 1;
	}
	is_not = i < p.len && (p.p[i] == '!' || p.p[i] == '^');
	i += is_not;
	for (; i < p.len && (p.p[i] != ']' || is_first); i++) {
		unsigned char from = (unsigned char)p.p[i], to = from;

		is_first = false;
		if (i + 2 < p.len && p.p[i + 1] == '-' && p.p[i + 2] != ']') {
			i += 2;
			to = (unsigned char)p.p[i];
		}
		*is_in |= (unsigned char)c >= from && (unsigned char)c <= to;
	}
	if (i >= p.len) {
		*is_in = c == '[';
		return 1;
	}
	*is_in ^= is_not;
	return i + 1 - at;
}

bool eval_match(struct eval *e, struct bytes p, struct bytes text)
{
	size_t i = 0, k = 0, star = SIZE_MAX, from = 0;

	while (i < text.len) {
		bool is_in;
		size_t n;

		if (!eval_step(e, 1))
			return false;
		if (k < p.len && p.p[k] == '*') {
			star = ++k;
			from = i;
			continue;
		}
		n = element(p, k, text.p[i], &is_in);
		if (n && is_in) {
			k += n;
			i++;
		} else if (star != SIZE_MAX) {
			k = star;
			i = ++from;
		} else {
			return false;
		}
	}
	while (k < p.len && p.p[k] == '*')
		k++;
	return k == p.len;
}

/* How many bytes the pattern stands for; SIZE_MAX: any number. */
static size_t width(struct bytes p)
{
	size_t n = 0, len;
	bool is_in;

	for (size_t i = 0; i < p.len; i += len, n++) {
		if (p.p[i] == '*')
			return SIZE_MAX;
		len = element(p, i, '\0', &is_in);
	}
	return n;
}

struct eval_value eval_strip(struct eval *e, const struct eval_value *v,
	char how, bool is_longest, struct bytes pattern)
{
	struct eval_value r = *v;
	size_t n = width(pattern), len = v->text.len;
	size_t first = n == SIZE_MAX ? 0 : n, last = n == SIZE_MAX ? len : n;

	r.note.flags &= (unsigned char)~IS_LINE;
	for (size_t i = first; i <= last && last <= len; i++) {
		size_t k = is_longest ? last - (i - first) : i;
		struct bytes part = { v->text.p, k };

		if (how == '%')
			part.p += len - k;
		if (!eval_match(e, pattern, part)) {
			if (e->is_over)
				break;
			continue;
		}
		if (how == '#')
			r.text.p += k;
		r.text.len -= k;
		break;
	}
	return r;
}

/* The longest match at a place. SIZE_MAX: none. */
static size_t match_at(
	struct eval *e, struct bytes pattern, size_t n, struct bytes rest)
{
	if (n != SIZE_MAX)
		return n <= rest.len && eval_match(e, pattern,
						(struct bytes){ rest.p, n })
			       ? n
			       : SIZE_MAX;
	for (size_t k = rest.len + 1; k-- && !e->is_over;)
		if (eval_match(e, pattern, (struct bytes){ rest.p, k }))
			return k;
	return SIZE_MAX;
}

struct eval_value eval_exchange(struct eval *e, const struct eval_value *v,
	char how, struct bytes pattern, const struct eval_value *with)
{
	struct eval_value r = *v;
	size_t n = width(pattern), i = 0, from = e->arena.len, kept = 0;
	bool is_done = false;

	r.note.flags &= (unsigned char)~IS_LINE;
	if (how == '%' && n <= v->text.len)
		i = v->text.len - n;
	while (i <= v->text.len && !is_done && pattern.len) {
		struct bytes rest = { v->text.p + i, v->text.len - i };
		size_t k = match_at(e, pattern, n, rest);

		if (!eval_step(e, 1))
			break;
		is_done = how == '#' || how == '%';
		if (k == SIZE_MAX || (!k && how == '/')) {
			i++;
			continue;
		}
		str_add(&e->arena, v->text.p + kept, i - kept);
		str_addb(&e->arena, with->text);
		eval_inherit(&r.note, with->note);
		eval_step(e, with->text.len / 16);
		kept = i += k;
		is_done |= how != '/';
	}
	if (!kept && from == e->arena.len)
		return r;
	str_add(&e->arena, v->text.p + kept, v->text.len - kept);
	eval_step(e, v->text.len / 16);
	r.text = str_tail(&e->arena, from);
	return r;
}

struct eval_value eval_change_case(
	struct eval *e, const struct eval_value *v, char how, bool is_all)
{
	struct eval_value r = { .text = eval_keep(e, v->text),
		.note = v->note };
	char *p;

	if (!r.text.len)
		return r;
	p = e->arena.p + (r.text.p - e->arena.p);
	for (size_t i = 0; i < r.text.len && (is_all || !i); i++) {
		int c = (unsigned char)p[i];

		p[i] = (char)(how == '^' || (how == '~' && islower(c))
				      ? toupper(c)
				      : tolower(c));
	}
	return r;
}

struct eval_value eval_transform(
	struct eval *e, const struct eval_value *v, char how)
{
	struct eval_value r = *v;
	size_t from = e->arena.len;

	if (how == 'U' || how == 'u' || how == 'L')
		return eval_change_case(
			e, v, how == 'L' ? ',' : '^', how != 'u');
	if ((how != 'E' && how != 'P') || !eval_step(e, v->text.len))
		return r;
	escape_undo(v->text, &e->arena);
	r.text = str_tail(&e->arena, from);
	eval_undone(e, &r.note, "printf");
	return r;
}
