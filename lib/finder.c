// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * A trie while strings are added, then a table: for each state and class of
 * bytes the next state. Bytes that are in no string share class 0. The table is
 * far larger than what a text visits of it, so its entries are kept small.
 */
#include "finder.h"

#include <stdlib.h>
#include <string.h>

#define NONE        UINT32_MAX
#define NODES_FIRST 256
/* In next: a string ends at that state, whose number is shifted by 1. */
#define HAS_REPORT 1u
/* A state waits for the one before it, so that a long text is looked at in
 * several places at once. What is found there is told later, in its order; of
 * a text in which more is found, all is told as it is found. */
#define LANES     4
#define LANES_MIN 256
#define HELD_MAX  32
_Static_assert(FINDER_BYTES_MAX * 2 + 1 <= UINT16_MAX, "a state has 16 bits");

struct node {
	uint32_t child, sibling; /* index of a node, NONE at the end */
	uint32_t fail;
	uint32_t out; /* first string that ends here, NONE if there is none */
	uint32_t shorter; /* nearest suffix in which a string ends */
	unsigned char byte;
};

struct string {
	uint32_t id, len, next; /* next: ends at the same node */
};

struct finder {
	bool is_folded;
	struct node *nodes;
	struct string *strings;
	uint32_t n_nodes, size_nodes, n_strings, size_strings;
	uint16_t class[256];
	unsigned int shift;
	uint16_t *next;
	size_t longest; /* string */
};

static unsigned char fold(const struct finder *f, char byte)
{
	unsigned char c = (unsigned char)byte;

	return f->is_folded && c >= 'A' && c <= 'Z' ? c | 0x20 : c;
}

struct finder *finder_new(bool is_folded)
{
	struct finder *f = calloc(1, sizeof(*f));

	if (!f)
		return NULL;
	f->is_folded = is_folded;
	f->size_nodes = NODES_FIRST;
	f->nodes = malloc(f->size_nodes * sizeof(*f->nodes));
	if (!f->nodes) {
		free(f);
		return NULL;
	}
	f->nodes[0] = (struct node){ NONE, NONE, 0, NONE, NONE, 0 };
	f->n_nodes = 1;
	return f;
}

void finder_free(struct finder *f)
{
	if (!f)
		return;
	free(f->nodes);
	free(f->strings);
	free(f->next);
	free(f);
}

static uint32_t child_of(const struct finder *f, uint32_t node, unsigned char c)
{
	uint32_t i = f->nodes[node].child;

	while (i != NONE && f->nodes[i].byte != c)
		i = f->nodes[i].sibling;
	return i;
}

/* Makes room for len more nodes, which are not too many. */
static int grow(struct finder *f, size_t len)
{
	uint32_t size = f->size_nodes;
	struct node *to;

	while (size - f->n_nodes < len)
		size *= 2;
	if (size == f->size_nodes)
		return 0;
	to = realloc(f->nodes, size * sizeof(*to));
	if (!to)
		return -1;
	f->nodes = to;
	f->size_nodes = size;
	return 0;
}

static struct string *add_string(struct finder *f)
{
	uint32_t size = f->size_strings ? f->size_strings * 2 : 64;
	struct string *to;

	if (f->n_strings < f->size_strings)
		return &f->strings[f->n_strings++];
	to = realloc(f->strings, size * sizeof(*to));
	if (!to)
		return NULL;
	f->strings = to;
	f->size_strings = size;
	return &f->strings[f->n_strings++];
}

int finder_add(struct finder *f, struct bytes s, uint32_t id)
{
	uint32_t at = 0;
	struct string *to;

	if (!s.len || s.len > FINDER_BYTES_MAX + 1 - f->n_nodes ||
		grow(f, s.len) < 0)
		return -1;
	to = add_string(f);
	if (!to)
		return -1;
	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = fold(f, s.p[i]);
		uint32_t next = child_of(f, at, c);

		if (next == NONE) {
			next = f->n_nodes++;
			f->nodes[next] = (struct node){ NONE,
				f->nodes[at].child, 0, NONE, NONE, c };
			f->nodes[at].child = next;
		}
		at = next;
	}
	*to = (struct string){ id, (uint32_t)s.len, f->nodes[at].out };
	f->nodes[at].out = f->n_strings - 1;
	if (s.len > f->longest)
		f->longest = s.len;
	return 0;
}

static void set_classes(struct finder *f)
{
	uint16_t n = 1;

	for (uint32_t i = 1; i < f->n_nodes; i++)
		if (!f->class[f->nodes[i].byte])
			f->class[f->nodes[i].byte] = n++;
	for (f->shift = 1; 1u << f->shift < n;)
		f->shift++;
	if (!f->is_folded)
		return;
	for (unsigned int c = 'A'; c <= 'Z'; c++)
		f->class[c] = f->class[c | 0x20];
}

static uint16_t target(const struct finder *f, uint32_t i)
{
	bool has_report =
		f->nodes[i].out != NONE || f->nodes[i].shorter != NONE;

	return (uint16_t)(i << 1 | (has_report ? HAS_REPORT : 0));
}

/* The row of a state: what its nearest suffix does, and its own children. */
static void set_row(struct finder *f, uint32_t at, uint32_t *queue, uint32_t *n)
{
	uint16_t *row = &f->next[(size_t)at << f->shift];
	const uint16_t *suffix =
		&f->next[(size_t)f->nodes[at].fail << f->shift];
	uint32_t i;

	if (at)
		memcpy(row, suffix, sizeof(*row) << f->shift);
	for (i = f->nodes[at].child; i != NONE; i = f->nodes[i].sibling) {
		struct node *child = &f->nodes[i];
		uint32_t class = f->class[child->byte];

		child->fail = at ? suffix[class] >> 1 : 0;
		child->shorter = f->nodes[child->fail].out != NONE
					 ? child->fail
					 : f->nodes[child->fail].shorter;
		row[class] = target(f, i);
		queue[(*n)++] = i;
	}
}

int finder_build(struct finder *f)
{
	uint32_t *queue = calloc(f->n_nodes, sizeof(*queue)), n = 1;
	struct node *nodes = realloc(f->nodes, f->n_nodes * sizeof(*nodes));

	if (nodes)
		f->nodes = nodes;
	set_classes(f);
	f->next = calloc((size_t)f->n_nodes << f->shift, sizeof(*f->next));
	if (!f->next || !queue) {
		free(queue);
		return -1;
	}
	for (uint32_t i = 0; i < n; i++)
		set_row(f, queue[i], queue, &n);
	free(queue);
	return 0;
}

static void report(const struct finder *f, struct bytes text, uint32_t at,
	size_t end, finder_take *take, void *arg)
{
	uint32_t i = f->nodes[at].out != NONE ? at : f->nodes[at].shorter;

	for (; i != NONE; i = f->nodes[i].shorter) {
		uint32_t s = f->nodes[i].out;

		for (; s != NONE; s = f->strings[s].next) {
			struct finder_hit hit = { f->strings[s].id,
				end - f->strings[s].len, f->strings[s].len };

			take(arg, text, &hit);
		}
	}
}

static uint32_t step(const struct finder *f, uint32_t at, char byte)
{
	return f->next[((size_t)at << f->shift) +
		       f->class[(unsigned char)byte]];
}

static void run_plain(
	const struct finder *f, struct bytes text, finder_take *take, void *arg)
{
	uint32_t at = 0;

	for (size_t i = 0; i < text.len; i++) {
		uint32_t next = step(f, at, text.p[i]);

		at = next >> 1;
		if (next & HAS_REPORT)
			report(f, text, at, i + 1, take, arg);
	}
}

struct lane {
	size_t from; /* what ends up to here is another's */
	uint32_t at;
	uint32_t n_held;
	struct {
		size_t end;
		uint32_t at;
	} held[HELD_MAX];
};

/* False: it holds no more. */
static bool hold(struct lane *l, uint32_t next, size_t end)
{
	l->at = next >> 1;
	if (!(next & HAS_REPORT))
		return true;
	if (l->n_held == HELD_MAX)
		return false;
	l->held[l->n_held].end = end;
	l->held[l->n_held++].at = l->at;
	return true;
}

/* A string that ends in a lane may begin before it. */
static void start_lanes(
	const struct finder *f, struct bytes text, struct lane *lanes)
{
	size_t len = text.len / LANES;

	for (size_t k = 0; k < LANES; k++) {
		lanes[k].from = k * len;
		lanes[k].at = lanes[k].n_held = 0;
	}
	for (size_t left = f->longest; left > 1; left--)
		for (size_t k = 1; k < LANES; k++) {
			struct lane *l = &lanes[k];

			l->at = step(f, l->at, text.p[l->from + 1 - left]) >> 1;
		}
}

/* False: too much was found. */
static bool run_lanes(
	const struct finder *f, struct bytes text, struct lane *lanes)
{
	size_t len = text.len / LANES;
	struct lane *last = &lanes[LANES - 1];

	start_lanes(f, text, lanes);
	for (size_t i = 0; i < len; i++)
		for (size_t k = 0; k < LANES; k++) {
			size_t at = lanes[k].from + i;

			if (!hold(&lanes[k], step(f, lanes[k].at, text.p[at]),
				    at + 1))
				return false;
		}
	for (size_t at = last->from + len; at < text.len; at++)
		if (!hold(last, step(f, last->at, text.p[at]), at + 1))
			return false;
	return true;
}

void finder_run(
	const struct finder *f, struct bytes text, finder_take *take, void *arg)
{
	struct lane lanes[LANES];

	if (text.len < LANES_MIN || f->longest > text.len / LANES ||
		!run_lanes(f, text, lanes)) {
		run_plain(f, text, take, arg);
		return;
	}
	for (size_t k = 0; k < LANES; k++)
		for (uint32_t i = 0; i < lanes[k].n_held; i++)
			report(f, text, lanes[k].held[i].at,
				lanes[k].held[i].end, take, arg);
}
