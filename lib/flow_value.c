// SPDX-License-Identifier: GPL-3.0-or-later
#include "flow_state.h"

#include <ctype.h>

#include "text.h"

/* Enough of a text to tell by its words, and letters of one. */
#define EDITED_MAX 512
#define WORD_MIN   3

void flow_add_span(struct value *v, size_t at, size_t end)
{
	if (v->n_spans < FLOW_SPANS_MAX)
		v->spans[v->n_spans++] = (struct flow_span){ at, end };
}

void flow_inherit(struct value *a, const struct value *b)
{
	if (b->chain.steps && !a->chain.steps) {
		a->chain = b->chain;
		a->is_told = b->is_told;
		a->depth = b->depth;
	}
	if (!a->origin.p)
		a->origin = b->origin;
	a->is_decoded |= b->is_decoded;
	a->is_hidden |= b->is_hidden;
	a->is_changed |= b->is_changed;
	for (size_t i = 0; i < b->n_spans; i++)
		flow_add_span(a, b->spans[i].at, b->spans[i].end);
}

void flow_join(struct flow *fl, struct value *a, const struct value *b)
{
	struct str *arena = &fl->arena;
	size_t from = arena->len;

	if (!b->is_known)
		return;
	if (!a->is_known) {
		*a = *b;
		return;
	}
	if (a->text.p + a->text.len + a->has_newline == b->text.p) {
		a->text.len += a->has_newline + b->text.len;
	} else {
		fl->work += a->text.len + b->text.len;
		str_addb(arena, a->text);
		if (a->has_newline)
			str_addc(arena, '\n');
		str_addb(arena, b->text);
		a->text = str_tail(arena, from);
		if (b->has_newline)
			str_addc(arena, '\n');
	}
	a->has_newline = b->has_newline;
	flow_inherit(a, b);
}

/* Whether most words of a text stand in what it was made of: a template that
 * was filled in hides nothing. */
static bool is_edited(struct bytes text, struct bytes origin)
{
	size_t n = 0, n_there = 0;

	if (text.len > EDITED_MAX)
		text.len = EDITED_MAX;
	if (!origin.p)
		return false;
	for (size_t i = 0, from; i < text.len; i++) {
		from = i;
		while (i < text.len && isalnum((unsigned char)text.p[i]))
			i++;
		if (i - from < WORD_MIN)
			continue;
		n++;
		n_there += text_find(origin, (struct bytes){ text.p + from,
						     i - from }) != NULL;
	}
	return n_there * 2 > n;
}

void flow_tell(struct flow *fl, struct value *v, bool is_run, bool is_inner)
{
	struct flow_result *to = &fl->results[fl->n_results];
	struct bytes text = v->text;

	if (!v->is_known || v->is_told || !text.len || !str_ok(&fl->arena) ||
		!(v->is_hidden || (v->is_changed && is_run)) ||
		fl->n_results == FLOW_RESULTS_MAX)
		return;
	if (!v->is_decoded && text_readable(text.p, text.len) != text.len)
		return;
	if (!v->is_hidden && is_edited(text, v->origin))
		return;
	*to = (struct flow_result){ .text = text,
		.chain = v->chain,
		.depth = v->depth,
		.is_inner = is_inner,
		.is_run = is_run };
	for (size_t i = 0; i < v->n_spans && fl->base != SIZE_MAX; i++)
		to->spans[to->n_spans++] =
			(struct flow_span){ v->spans[i].at + fl->base,
				v->spans[i].end + fl->base };
	fl->n_results++;
	v->is_told = true;
}
