// SPDX-License-Identifier: GPL-3.0-or-later
#include "argv.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#include "event.h"
#include "text.h"

/* Pieces kept between events: more than any ordinary argv has. */
#define KEEP_PIECES 4096

/* Where a piece stands in its argument. */
#define PIECE_LEN   (-1) /* not a piece: aN_len */
#define PIECE_WHOLE 0

struct piece {
	uint32_t arg;
	int32_t k;
	uint32_t order; /* of coming: the first stays first */
	struct bytes value;
};

struct argv {
	struct piece *pieces;
	size_t n, size;
	bool is_sorted;
	bool is_short; /* no memory for some piece */
	bool has_argc;
	uint64_t argc;
};

struct argv *argv_new(void)
{
	struct argv *av = calloc(1, sizeof(*av));

	if (av)
		av->is_sorted = true;
	return av;
}

void argv_free(struct argv *av)
{
	if (!av)
		return;
	free(av->pieces);
	free(av);
}

static int compare(const void *va, const void *vb)
{
	const struct piece *a = va, *b = vb;

	if (a->arg != b->arg)
		return a->arg < b->arg ? -1 : 1;
	if (a->k != b->k)
		return a->k < b->k ? -1 : 1;
	return a->order < b->order ? -1 : 1;
}

static void add_piece(
	struct argv *av, uint64_t arg, int32_t k, struct bytes value)
{
	struct piece *p;

	if (arg >= EVENT_ARGS_MAX) {
		av->is_short = true;
		return;
	}
	if (av->n == av->size) {
		size_t size = av->size ? av->size * 2 : 64;

		p = realloc(av->pieces, size * sizeof(*p));
		if (!p) {
			av->is_short = true;
			return;
		}
		av->pieces = p;
		av->size = size;
	}
	p = &av->pieces[av->n++];
	*p = (struct piece){ (uint32_t)arg, k, (uint32_t)av->n, value };
	if (av->n > 1)
		av->is_sorted &= p[-1].arg < p->arg ||
				 (p[-1].arg == p->arg && p[-1].k < p->k);
}

/* Takes digits off the front of *b; -1 if there is none. */
static int64_t take_number(struct bytes *b)
{
	int64_t v = 0;
	size_t i = 0;

	while (i < b->len && i < 10 && b->p[i] >= '0' && b->p[i] <= '9')
		v = v * 10 + (b->p[i++] - '0');
	b->p += i;
	b->len -= i;
	return i ? v : -1;
}

void argv_field(struct argv *av, struct bytes name, struct bytes value)
{
	int64_t arg, k;

	if (bytes_equal(name, BYTES("argc"))) {
		av->has_argc = text_u64(value, 10, &av->argc) == 0;
		return;
	}
	if (name.len < 2 || name.p[0] != 'a')
		return;
	name.p++;
	name.len--;
	arg = take_number(&name);
	if (arg < 0)
		return;
	if (!name.len) {
		add_piece(av, (uint64_t)arg, PIECE_WHOLE, value);
		return;
	}
	if (bytes_equal(name, BYTES("_len"))) {
		add_piece(av, (uint64_t)arg, PIECE_LEN, value);
		return;
	}
	if (name.p[0] != '[')
		return;
	name.p++;
	name.len--;
	k = take_number(&name);
	if (k >= 0 && k < INT32_MAX && bytes_equal(name, BYTES("]")))
		add_piece(av, (uint64_t)arg, (int32_t)k, value);
}

static bool is_quoted(struct bytes v)
{
	return v.len >= 2 && v.p[0] == '"' && v.p[v.len - 1] == '"';
}

/* Appends what the piece stands for; the buffer has room. */
static size_t decode(struct bytes v, char *to)
{
	if (is_quoted(v)) {
		memcpy(to, v.p + 1, v.len - 2);
		return v.len - 2;
	}
	if (text_unhex(v.p, v.len, to) == 0)
		return v.len / 2;
	memcpy(to, v.p, v.len);
	return v.len;
}

/* One argument from its pieces p[0..n), all of one arg and sorted by k; to has
 * room for it and a NUL. */
static struct bytes join(
	struct event *ev, const struct piece *p, size_t n, char *to)
{
	struct bytes none = { NULL, 0 };
	uint64_t need = 0, got = 0;
	bool has_need = false;
	size_t len = 0;
	int32_t next = 0;

	for (size_t i = 0; i < n; i++) {
		struct bytes v = p[i].value;

		if (i && p[i].k == p[i - 1].k) {
			ev->flaws |= EVENT_ARGV_DUP;
			continue;
		}
		if (p[i].k == PIECE_LEN) {
			has_need = text_u64(v, 10, &need) == 0;
			continue;
		}
		if (p[i].k != next)
			ev->flaws |= EVENT_ARGV_GAP;
		next = p[i].k + 1;
		got += is_quoted(v) ? v.len - 2 : v.len;
		len += decode(v, to + len);
	}
	if (next == 0 || (has_need && got != need))
		ev->flaws |= EVENT_ARGV_GAP;
	if (next == 0)
		return none;
	to[len] = '\0';
	return (struct bytes){ to, len };
}

static void reset(struct argv *av)
{
	if (av->size > KEEP_PIECES) {
		free(av->pieces);
		av->pieces = NULL;
		av->size = 0;
	}
	av->n = 0;
	av->is_sorted = true;
	av->is_short = av->has_argc = false;
	av->argc = 0;
}

/* For all arguments, a NUL behind each. */
static size_t room_of(const struct argv *av)
{
	size_t room = 0;

	for (size_t i = 0; i < av->n; i++)
		room += av->pieces[i].value.len + 1;
	return room;
}

static void build(struct argv *av, struct event *ev)
{
	size_t argc = av->n ? av->pieces[av->n - 1].arg + (size_t)1 : 0;
	char *to;

	if (!av->has_argc || argc > av->argc)
		ev->flaws |= EVENT_ARGV_GAP;
	if (av->argc > EVENT_ARGS_MAX || argc > EVENT_ARGS_MAX) {
		argc = EVENT_ARGS_MAX;
		av->is_short = true;
	} else if (av->argc > argc) {
		argc = (size_t)av->argc;
	}
	ev->argv = event_alloc(ev, (argc + 1) * sizeof(*ev->argv));
	if (!ev->argv) {
		ev->flaws |= EVENT_ARGV_CUT;
		return;
	}
	memset(ev->argv, 0, (argc + 1) * sizeof(*ev->argv));
	ev->argc = argc;
	to = event_alloc(ev, room_of(av));
	if (!to) {
		ev->flaws |= EVENT_ARGV_CUT;
		return;
	}
	ev->args = (struct bytes){ to, 0 };
	for (size_t i = 0, j; i < av->n; i = j) {
		const struct piece *p = &av->pieces[i];
		struct bytes *arg = &ev->argv[p->arg];

		for (j = i; j < av->n && av->pieces[j].arg == p->arg; j++)
			;
		*arg = join(ev, p, j - i, to);
		to += arg->p ? arg->len + 1 : 0;
	}
	ev->args.len = (size_t)(to - ev->args.p);
	for (size_t i = 0; i < argc; i++)
		if (!ev->argv[i].p)
			ev->flaws |= EVENT_ARGV_GAP;
	if (av->is_short)
		ev->flaws |= EVENT_ARGV_CUT;
}

void argv_build(struct argv *av, struct event *ev)
{
	if (!av->is_sorted)
		qsort(av->pieces, av->n, sizeof(*av->pieces), compare);
	build(av, ev);
	reset(av);
}
