// SPDX-License-Identifier: GPL-3.0-or-later
/* The decoders, one after the other. */
#include "decode_state.h"
#include "tools.h"

/* Enough of a payload to tell that it is one. */
#define ASK_MAX 4096
static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

void decode_make_room(
	struct decode *d, const struct event *ev, const struct decode_conf *cf)
{
	/* UTF-16 may have grown past it. */
	size_t left = cf->event_max - least(ev->decoded_bytes, cf->event_max);

	str_reset(&d->plain);
	/* With nothing left it is only asked whether there is more. */
	d->plain.max = left ? least(left, cf->layer_max) : ASK_MAX;
}

/* What the decoder whose turn it is is to know. */
static void prepare(struct frame *f)
{
	const struct decoder *row = tools_rows[f->decoder];
	uint32_t bit = UINT32_C(1) << f->decoder;

	if (!f->from)
		f->memo = 0;
	f->in.memo = &f->memo;
	f->in.is_named = f->named & bit;
	f->in.has_context = f->near & bit || (row->is_sure && f->depth > 1);
}

uint32_t decode_note_names(struct decode *d, const struct event *ev)
{
	uint32_t once = 0;

	d->twice = 0;
	for (size_t i = 0; d->has_marks && i < ev->argc; i++) {
		uint32_t names = tools_in(d->words, ev->argv[i]);

		if (i < DECODE_NAMES_MAX)
			d->names[i] = names;
		d->twice |= once & names;
		once |= names;
	}
	return once;
}

uint32_t decode_names_in(const struct decode *d, const struct frame *f)
{
	bool is_argument = f->in.text.p == f->written.p &&
			   f->in.text.len == f->written.len;

	return d->has_marks && is_argument && f->arg < DECODE_NAMES_MAX
		       ? d->names[f->arg]
		       : tools_in(d->words, f->in.text);
}

void decode_ask(const struct decode *d, struct frame *f)
{
	uint32_t all = f->named | f->near;

	f->asked = (d->sure | all) & ~TOOLS_BESIDE;
	f->in.has_xor = all & TOOLS_XOR;
}

bool decode_is_taken(
	struct decode *d, const struct frame *f, size_t at, size_t end)
{
	for (size_t i = f->claims; i < d->n_claims; i++)
		if (at < d->claims[i].end && end > d->claims[i].at)
			return true;
	if (d->n_claims < DECODE_LAYERS_MAX) {
		d->claims[d->n_claims].at = at;
		d->claims[d->n_claims++].end = end;
	}
	return false;
}

bool decode_find(struct decode *d, const struct event *ev, struct frame *f,
	struct decode_found *found)
{
	for (; f->asked; f->asked &= f->asked - 1, f->from = 0) {
		f->decoder = (size_t)__builtin_ctz(f->asked);
		prepare(f);
		decode_make_room(d, ev, f->in.cf);
		while (tools_rows[f->decoder]->find(
			&f->in, f->from, found, &d->plain)) {
			f->from = found->end;
			if (!decode_is_taken(d, f, found->at, found->end))
				return true;
			decode_make_room(d, ev, f->in.cf);
		}
	}
	return false;
}

void decode_undo_rest(struct decode *d, const struct event *ev,
	const struct frame *f, struct layer_chain *chain)
{
	struct frame g = *f;

	decode_swap(&d->plain, &d->utf8);
	g.in.text = str_bytes(&d->utf8);
	g.near |= g.named;
	g.named &= TOOLS_BESIDE;
	g.claims = d->n_claims;
	g.from = 0;
	for (g.decoder = 0; g.decoder < tools_n; g.decoder++) {
		struct decode_found found;

		if (!(g.near & UINT32_C(1) << g.decoder))
			continue;
		prepare(&g);
		decode_make_room(d, ev, f->in.cf);
		if (!tools_rows[g.decoder]->find(&g.in, 0, &found, &d->plain) ||
			found.ops ||
			!operand_is_alone(g.in.text, found.at, found.end))
			continue;
		layer_chain_add(chain, found.name);
		return;
	}
	decode_swap(&d->plain, &d->utf8);
}
