// SPDX-License-Identifier: GPL-3.0-or-later
/* sort, by bytes or numbers, of the whole line or one field. */
#include "command.h"

#include <stdlib.h>

#include "text.h"

#define LINES_MAX 4096

struct line {
	struct bytes text, key;
	int64_t number;
	size_t place;
	bool is_numeric, is_reverse;
};

struct order {
	uint64_t field; /* 0: all of the line */
	char delimiter; /* NUL: blanks */
	bool is_numeric, is_reverse, is_unique;
};

static bool key_option(struct order *o, struct bytes v)
{
	size_t n = 0;

	while (n < v.len && v.p[n] >= '0' && v.p[n] <= '9')
		n++;
	if (text_u64((struct bytes){ v.p, n }, 10, &o->field) < 0 || !o->field)
		return false;
	for (; n < v.len && v.p[n] != ','; n++) {
		if (v.p[n] != 'n' && v.p[n] != 'r')
			return false;
		o->is_numeric |= v.p[n] == 'n';
		o->is_reverse |= v.p[n] == 'r';
	}
	for (; n < v.len; n++) {
		o->is_numeric |= v.p[n] == 'n';
		o->is_reverse |= v.p[n] == 'r';
	}
	return true;
}

static bool options(const struct command_call *call, struct order *order)
{
	struct command_opts o = { .call = call, .values = "kt" };
	char c;

	while ((c = command_next(&o))) {
		switch (c) {
		case 'n':
		case 'g':
			order->is_numeric = true;
			break;
		case 'r':
			order->is_reverse = true;
			break;
		case 'u':
			order->is_unique = true;
			break;
		case 't':
			order->delimiter = o.value.len ? o.value.p[0] : '\0';
			break;
		case 'k':
			if (order->field || !key_option(order, o.value))
				return false;
			break;
		case '.':
			if (!command_is_stdin(o.word))
				return false;
			break;
		case 's':
		case 'b':
			break;
		default:
			return false;
		}
	}
	return true;
}

/* From the field on to the line's end, as sort has it. */
static struct bytes key_of(const struct order *o, struct bytes line)
{
	bool is_blank = !o->delimiter;

	for (uint64_t i = 1; i < o->field && line.len; i++) {
		while (is_blank && line.len && line.p[0] == ' ')
			line.p++, line.len--;
		while (line.len && line.p[0] != (is_blank ? ' ' : o->delimiter))
			line.p++, line.len--;
		if (!is_blank && line.len)
			line.p++, line.len--;
	}
	return line;
}

/* The number that the key begins with. */
static int64_t number_of(struct bytes key)
{
	int64_t n = 0;
	bool is_less;

	while (key.len && (key.p[0] == ' ' || key.p[0] == '\t'))
		key.p++, key.len--;
	is_less = key.len && key.p[0] == '-';
	for (size_t i = is_less; i < key.len && key.p[i] >= '0' &&
				 key.p[i] <= '9' && n < INT64_MAX / 100;
		i++)
		n = n * 10 + (key.p[i] - '0');
	return is_less ? -n : n;
}

static int compare_bytes(struct bytes a, struct bytes b)
{
	size_t n = a.len < b.len ? a.len : b.len;
	int c = n ? memcmp(a.p, b.p, n) : 0;

	return c ? c : (a.len > b.len) - (a.len < b.len);
}

static int by_key(const struct line *a, const struct line *b)
{
	if (a->is_numeric)
		return (a->number > b->number) - (a->number < b->number);
	return compare_bytes(a->key, b->key);
}

static int compare(const void *x, const void *y)
{
	const struct line *a = x, *b = y;
	int c = by_key(a, b);

	if (!c)
		c = compare_bytes(a->text, b->text);
	if (a->is_reverse)
		c = -c;
	return c ? c : (a->place > b->place) - (a->place < b->place);
}

/* False: there are too many. */
static bool split(
	struct bytes in, const struct order *o, struct line *lines, size_t *n)
{
	for (*n = 0; in.len; ++*n) {
		const char *end = memchr(in.p, '\n', in.len);
		struct bytes line = in;

		if (*n == LINES_MAX)
			return false;
		if (end)
			line.len = (size_t)(end - in.p);
		in.p += line.len + (end != NULL);
		in.len -= line.len + (end != NULL);
		lines[*n] = (struct line){ .text = line,
			.key = key_of(o, line),
			.place = *n,
			.is_numeric = o->is_numeric,
			.is_reverse = o->is_reverse };
		lines[*n].number = number_of(lines[*n].key);
	}
	return true;
}

static bool sort(struct command_call *call, struct str *out)
{
	struct order order = { .field = 0 };
	struct line *lines;
	size_t n, from = out->len;
	bool is_done;

	if (!call->in.p || !options(call, &order))
		return false;
	lines = malloc(LINES_MAX * sizeof(*lines));
	is_done = lines && split(call->in, &order, lines, &n);
	if (is_done && n)
		qsort(lines, n, sizeof(*lines), compare);
	for (size_t i = 0; is_done && i < n; i++) {
		if (order.is_unique && i && !by_key(&lines[i - 1], &lines[i]))
			continue;
		if (out->len > from)
			str_addc(out, '\n');
		str_addb(out, lines[i].text);
	}
	free(lines);
	if (!bytes_equal(str_tail(out, from), call->in))
		call->undone = "sort";
	call->ends_line = out->len > from;
	return is_done;
}

const struct command command_sort = { .names = "sort", .run = sort };
