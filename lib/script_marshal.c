// SPDX-License-Identifier: GPL-3.0-or-later
/* Python's marshal. Of a code object only the texts that it holds can be shown:
 * what its instructions do with them is not followed. */
#include "script_state.h"

#include <ctype.h>

#include "text.h"

/* Objects in each other. */
#define NESTED_MAX 24
/* A text of a code object that is no name. */
#define NAME_MAX 16

static const struct script_value unknown = { .type = SCRIPT_UNKNOWN };

struct walk {
	struct script *s;
	const struct script_value *v;
	struct script_value list;
	struct bytes b;
	size_t i;
	unsigned int depth;
	bool is_kept; /* these are constants */
};

static size_t number(struct walk *w, unsigned int width)
{
	size_t n = 0;

	if (w->b.len - w->i < width) {
		w->i = w->b.len;
		return SIZE_MAX;
	}
	for (unsigned int k = width; k > 0; k--)
		n = n << 8 | (unsigned char)w->b.p[w->i + k - 1];
	w->i += width;
	return n;
}

static bool skip(struct walk *w, size_t n)
{
	if (n > w->b.len - w->i)
		return false;
	w->i += n;
	return true;
}

/* Whether a text says more than a name does. */
static bool is_telling(struct bytes b)
{
	if (b.len >= NAME_MAX)
		return true;
	for (size_t i = 0; i < b.len; i++)
		if (!isalnum((unsigned char)b.p[i]) && !strchr("_.-", b.p[i]))
			return b.p[0] != '<';
	return false;
}

static struct script_value part(const struct walk *w, size_t at, size_t len)
{
	struct script_value to = *w->v;

	to.at += (uint32_t)at;
	to.len = (uint32_t)len;
	if (to.number > to.len)
		to.number = to.len;
	return to;
}

static bool text(struct walk *w, unsigned int width)
{
	size_t n = number(w, width), at = w->i;
	struct bytes b = { w->b.p + at, n };
	struct script_value v;

	if (!skip(w, n))
		return false;
	w->s->steps += n / 32;
	if (!w->is_kept || !is_telling(b) || text_readable(b.p, n) != n)
		return true;
	v = part(w, at, n);
	v.flags &= (unsigned char)~IS_BYTES;
	script_undone(w->s, &v, "marshal", IS_HIDDEN);
	script_append(w->s, &w->list, &v);
	return true;
}

static bool object(struct walk *w);

static bool objects(struct walk *w, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!object(w))
			return false;
	return true;
}

/* How many numbers stand before the instructions, by Python's version. */
static size_t head_of(const struct walk *w)
{
	static const unsigned char heads[] = { 5, 6, 4 };

	for (size_t i = 0; i < sizeof(heads); i++) {
		struct walk at = *w;

		if (skip(&at, 4u * heads[i]) && at.i < at.b.len &&
			(at.b.p[at.i++] & 0x7f) == 's' &&
			number(&at, 4) < at.b.len - at.i)
			return heads[i];
	}
	return 0;
}

/* Its instructions and constants, names and more, and where its lines are. */
static bool code(struct walk *w)
{
	size_t head = head_of(w);
	bool is_kept = w->is_kept;

	if (!head || !skip(w, 4 * head))
		return false;
	w->is_kept = false;
	if (!object(w))
		return false;
	w->is_kept = true;
	if (!object(w))
		return false;
	w->is_kept = false;
	if (!objects(w, 6) || !skip(w, 4) || !objects(w, head == 5 ? 2 : 1))
		return false;
	w->is_kept = is_kept;
	return true;
}

static bool pairs(struct walk *w)
{
	while (w->i < w->b.len) {
		if ((w->b.p[w->i] & 0x7f) == '0')
			return skip(w, 1);
		if (!objects(w, 2))
			return false;
	}
	return false;
}

static bool inside(struct walk *w, char kind)
{
	size_t n;

	switch (kind) {
	case 's':
	case 'u':
	case 't':
	case 'a':
	case 'A':
		return text(w, 4);
	case 'z':
	case 'Z':
		return text(w, 1);
	case '(':
	case '[':
	case '<':
	case '>':
		return objects(w, number(w, 4));
	case ')':
		return objects(w, number(w, 1));
	case '{':
		return pairs(w);
	case ':':
		return objects(w, 3);
	case 'c':
		return code(w);
	case 'i':
	case 'r':
	case 'R':
		return skip(w, 4);
	case 'I':
	case 'g':
		return skip(w, 8);
	case 'y':
		return skip(w, 16);
	case 'f':
		n = number(w, 1);
		return skip(w, n);
	case 'l':
		n = number(w, 4);
		n = n > INT32_MAX ? (size_t)UINT32_MAX + 1 - n : n;
		return skip(w, 2 * n);
	default:
		return kind && strchr("NTFS.0", kind);
	}
}

/* False: it is none, or there are no steps for it. */
static bool object(struct walk *w)
{
	bool is_good;

	if (w->i >= w->b.len || w->depth == NESTED_MAX || !script_step(w->s))
		return false;
	w->depth++;
	is_good = inside(w, (char)(w->b.p[w->i++] & 0x7f));
	w->depth--;
	return is_good;
}

struct script_value script_marshal(
	struct script *s, const struct script_value *v)
{
	struct walk w = { .s = s, .v = v, .b = script_text(s, v) };
	char kind = w.b.len ? (char)(w.b.p[0] & 0x7f) : '\0';
	size_t head = kind == 'z' || kind == 'Z' ? 2 : 5;
	struct script_value to;

	if (kind == 'c' || kind == '(' || kind == ')' || kind == '[') {
		w.list = script_list(s, NULL, 0);
		w.is_kept = kind != 'c';
		/* What was there before it broke off is worth telling, too. */
		(void)object(&w);
		return w.list.len ? w.list : unknown;
	}
	if (!kind || !strchr("suaAtzZ", kind) || w.b.len <= head)
		return unknown;
	to = part(&w, head, w.b.len - head);
	if (kind != 's')
		to.flags &= (unsigned char)~IS_BYTES;
	return to;
}
