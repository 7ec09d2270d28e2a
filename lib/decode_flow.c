// SPDX-License-Identifier: GPL-3.0-or-later
#include "decode_flow.h"

#include "str_block.h"
#include "text.h"

/* No more than the flow's own memory. */
#define HELD_MAX (8u << 20)
/* Commands of one program that are worked out: each costs something, however
 * short it is. */
#define CALLS_MAX 64

/* What a shell does more with than passing words: | ` << <( >> $ */
static bool is_work(char c, char next)
{
	return c == '|' || c == '`' || c == '$' ||
	       (c == '<' && (next == '<' || next == '(')) ||
	       (c == '>' && next == '>');
}

static bool has_work(const char *p)
{
	block b = block_load(p), next = block_load(p + 1);
	block open = (block)(next == '('), twice = (block)(next == b);
	struct block_marks m = block_marks(
		(block)((b == '|') | (b == '`') | (b == '$') |
			((b == '<') & (twice | open)) | ((b == '>') & twice)));

	return m.lo | m.hi;
}

bool decode_flow_may(struct bytes text)
{
	const char *p = text.p;
	size_t i = 0, end = text.len ? text.len - 1 : 0;

	for (; end - i >= BLOCK_LEN; i += BLOCK_LEN)
		if (has_work(p + i))
			return true;
	/* Some again, rather than one by one. */
	if (i && i < end && has_work(p + end - BLOCK_LEN))
		return true;
	for (; i < end && end < BLOCK_LEN; i++)
		if (is_work(p[i], p[i + 1]))
			return true;
	return text.len && is_work(p[end], '\0');
}

void decode_flow_add(const struct flow_result *r, struct str *held)
{
	size_t from = held->len;

	held->max = HELD_MAX;
	str_add(held, (const char *)r, sizeof(*r));
	str_addb(held, r->text);
	/* All of it, or what is there is cut in two. */
	if (str_ok(held))
		return;
	str_cut(held, from);
	held->is_short = false;
}

/* Results of a text that stands nowhere in the frame's. */
static void hold_nowhere(struct flow *fl, size_t n, struct str *held)
{
	for (size_t i = 0; i < n; i++) {
		struct flow_result r = *flow_result(fl, i);

		r.n_spans = 0;
		decode_flow_add(&r, held);
	}
}

/* Results of the part of it that begins at at. */
static void hold_part(struct flow *fl, size_t n, size_t at, struct str *held)
{
	for (size_t i = 0; i < n; i++) {
		struct flow_result r = *flow_result(fl, i);

		for (size_t k = 0; k < r.n_spans; k++) {
			r.spans[k].at += at;
			r.spans[k].end += at;
		}
		decode_flow_add(&r, held);
	}
}

void decode_flow_hold(
	struct flow *fl, struct bytes text, size_t at, struct str *held)
{
	struct bytes part = { text.p + at, text.len - at };

	hold_part(fl, flow_run(fl, part), at, held);
}

void decode_flow_hold_given(struct flow *fl, struct bytes text,
	const struct eval_given *g, struct str *held)
{
	hold_nowhere(fl, flow_run_given(fl, text, g), held);
}

struct calls {
	struct flow *fl;
	struct bytes program;
	struct str *held;
	size_t n;
};

/* Where it stands in the program it is known of what is written there as it
 * is. */
static void take_call(void *arg, struct bytes command)
{
	struct calls *c = arg;
	const char *p;
	size_t n;

	if (!decode_flow_may(command) || c->n++ >= CALLS_MAX)
		return;
	n = flow_run(c->fl, command);
	p = n ? text_find(c->program, command) : NULL;
	if (p)
		hold_part(c->fl, n, (size_t)(p - c->program.p), c->held);
	else
		hold_nowhere(c->fl, n, c->held);
}

bool decode_flow_hold_calls(struct flow *fl, struct bytes program,
	enum invocation_language language, struct str *scratch,
	struct str *held)
{
	struct calls c = { fl, program, held, 0 };

	scratch->max = HELD_MAX;
	invocation_calls(program, language, scratch, take_call, &c);
	return c.n <= CALLS_MAX;
}

bool decode_flow_next(
	const struct str *held, size_t *pos, struct flow_result *r)
{
	if (*pos >= held->len)
		return false;
	memcpy(r, held->p + *pos, sizeof(*r));
	*pos += sizeof(*r);
	r->text.p = held->p + *pos;
	*pos += r->text.len;
	return true;
}
