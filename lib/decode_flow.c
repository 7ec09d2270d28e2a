// SPDX-License-Identifier: GPL-3.0-or-later
#include "decode_flow.h"

#include "str_block.h"

/* No more than the flow's own memory. */
#define HELD_MAX (8u << 20)

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

void decode_flow_hold(struct flow *fl, struct bytes text, struct str *held)
{
	size_t n = flow_run(fl, text);

	for (size_t i = 0; i < n; i++)
		decode_flow_add(flow_result(fl, i), held);
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
