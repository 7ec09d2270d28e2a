// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Depth first, with a frame for each text that is being looked into and each
 * container that is being emptied, so that a payload's own payloads follow it
 * in ev->layers. Every byte that comes out counts against the event's budget,
 * so nesting can't multiply the work.
 */
#include "decode.h"

#include <stdlib.h>

#include "event.h"
#include "layer.h"
#include "text.h"
#include "tools.h"
#include "words.h"

#define UNPACKER(name) extern const struct unpacker unpacker_##name;
#include "unpackers.def"
#undef UNPACKER

static const struct unpacker *const unpackers[] = {
#define UNPACKER(name) &unpacker_##name,
#include "unpackers.def"
#undef UNPACKER
};

#define N_UNPACKERS (sizeof(unpackers) / sizeof(unpackers[0]))
/* An inflater sets up its tables before it gives a byte. */
#define STREAM_WORK (16 * 1024)
/* Enough of a payload to tell that it is one. */
#define ASK_MAX 4096
/* Memory kept between events. */
#define KEEP_BYTES (256 * 1024)

struct frame {
	struct decode_text in;
	uint32_t named, near; /* a bit for each decoder */
	unsigned int depth;
	size_t arg;
	uint32_t asked; /* decoders that have not found all they can */
	size_t decoder; /* whose turn it is */
	size_t from;
	size_t claims; /* how many there were before its own */

	/* Of a container. */
	const struct unpacker *unpacker; /* NULL: it is a text */
	size_t first; /* its row */
	const struct frame *of; /* the text that it stands in */
	struct decode_packed packed;
	struct str held; /* its bytes */
	struct layer_chain chain;
	size_t op; /* the operation after those that were undone */
	size_t pos;
	size_t room; /* what the ratio leaves */
};

struct decode {
	struct words *words;
	uint32_t sure; /* decoders that need no name */
	struct str plain; /* what a decoder gives */
	struct str utf8; /* the same from UTF-16 */
	size_t work; /* bytes that came out of anything */
	struct frame frames[DECODE_DEPTH_MAX + 1];
	/* Places of payloads, of all texts that are being looked into. */
	struct {
		size_t at, end;
	} claims[DECODE_LAYERS_MAX];
	size_t n_claims;
};

struct decode *decode_new(void)
{
	struct decode *d = calloc(1, sizeof(*d));

	if (!d)
		return NULL;
	str_init(&d->plain, 0);
	str_init(&d->utf8, 0);
	for (size_t i = 0; i <= DECODE_DEPTH_MAX; i++)
		str_init(&d->frames[i].held, 0);
	d->words = tools_words();
	for (size_t i = 0; i < tools_n; i++)
		if (tools_rows[i]->is_sure)
			d->sure |= UINT32_C(1) << i;
	if (!d->words) {
		decode_free(d);
		return NULL;
	}
	return d;
}

void decode_free(struct decode *d)
{
	if (!d)
		return;
	str_fini(&d->plain);
	str_fini(&d->utf8);
	for (size_t i = 0; i <= DECODE_DEPTH_MAX; i++)
		str_fini(&d->frames[i].held);
	words_free(d->words);
	free(d);
}

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Empties d->plain, for as much as the budget has left. */
static void make_room(
	struct decode *d, const struct event *ev, const struct decode_conf *cf)
{
	size_t left = 0;

	/* UTF-16 may have grown past it. */
	if (ev->decoded_bytes < cf->event_max)
		left = cf->event_max - ev->decoded_bytes;
	str_reset(&d->plain);
	/* With nothing left it is only asked whether there is more. */
	d->plain.max = left ? least(left, cf->layer_max) : ASK_MAX;
}

static void swap(struct str *a, struct str *b)
{
	struct str c = *a;

	*a = *b;
	*b = c;
}

/* What the decoder whose turn it is is to know. */
static void prepare(struct frame *f)
{
	const struct decoder *row = tools_rows[f->decoder];
	uint32_t bit = UINT32_C(1) << f->decoder;

	f->in.is_named = f->named & bit;
	f->in.has_context = f->near & bit || (row->is_sure && f->depth > 1);
	f->in.has_xor = (f->named | f->near) & TOOLS_XOR;
}

/* Those that are always asked, and those whose tools are named. */
static uint32_t asked_of(const struct decode *d, const struct frame *f)
{
	return (d->sure | f->named | f->near) & ~TOOLS_XOR;
}

/* Whether another payload of this frame is there already; notes this one. */
static bool is_taken(
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

/* Finds the frame's next payload and leaves it in d->plain. */
static bool next_found(struct decode *d, const struct event *ev,
	struct frame *f, struct decode_found *found)
{
	for (; f->asked; f->asked &= f->asked - 1, f->from = 0) {
		f->decoder = (size_t)__builtin_ctz(f->asked);
		prepare(f);
		make_room(d, ev, f->in.cf);
		while (tools_rows[f->decoder]->find(
			&f->in, f->from, found, &d->plain)) {
			f->from = found->end;
			if (!is_taken(d, f, found->at, found->end))
				return true;
			make_room(d, ev, f->in.cf);
		}
	}
	return false;
}

/* What a step gave (rev, tr) may be encoded, all of it, in what the text names
 * besides. */
static void undo_rest(struct decode *d, const struct event *ev,
	const struct frame *f, struct layer_chain *chain)
{
	struct frame g = *f;

	swap(&d->plain, &d->utf8);
	g.in.text = str_bytes(&d->utf8);
	g.near |= g.named;
	g.named &= TOOLS_XOR;
	g.claims = d->n_claims;
	for (g.decoder = 0; g.decoder < tools_n; g.decoder++) {
		struct decode_found found;

		if (!(g.near & UINT32_C(1) << g.decoder))
			continue;
		prepare(&g);
		make_room(d, ev, f->in.cf);
		if (!tools_rows[g.decoder]->find(&g.in, 0, &found, &d->plain) ||
			found.ops ||
			!operand_is_alone(g.in.text, found.at, found.end))
			continue;
		layer_chain_add(chain, found.name);
		return;
	}
	swap(&d->plain, &d->utf8);
}

/* The first unpacker from *i on that d->plain, as packed says, is for; *op is
 * then the operation behind it. NULL: none. */
static const struct unpacker *unpacker_for(
	struct decode_packed *packed, size_t *i, size_t *op)
{
	struct operand_op ops[OPERAND_OPS_MAX];
	size_t n_ops = 0;
	bool has_ops = false;

	for (; *i < N_UNPACKERS; ++*i) {
		const struct unpacker *u = unpackers[*i];

		if (packed->is_text && !u->takes_text)
			continue;
		if (!u->is_said) {
			if (u->is_it(packed))
				return u;
			continue;
		}
		if (!has_ops)
			n_ops = operand_ops(
				packed->text, packed->at, packed->end, ops);
		has_ops = true;
		for (size_t k = *op; k < n_ops; k++) {
			packed->op = ops[k];
			if (!u->is_it(packed))
				continue;
			*op = k + 1;
			return u;
		}
	}
	return NULL;
}

/* Frames being worked on: the last of them is the one to go on with. */
struct stack {
	struct decode *d;
	struct event *ev;
	size_t n;
};

/* A frame above the others, NULL when there is no room; its memory is kept. */
static struct frame *push(struct stack *st, const struct frame *init)
{
	struct frame *f;
	struct str held;

	if (st->n > DECODE_DEPTH_MAX) {
		st->ev->is_capped = true;
		return NULL;
	}
	f = &st->d->frames[st->n++];
	held = f->held;
	*f = *init;
	f->held = held;
	f->claims = st->d->n_claims;
	return f;
}

/* Makes a layer of d->plain, and has it looked into. f is what it came out of.
 * False: the event has no room for more. */
static bool add_plain(struct stack *st, const struct frame *f,
	const struct layer_chain *chain, bool is_bomb)
{
	const struct frame *of = f->unpacker ? f->of : f;
	struct frame init;
	struct event_layer *layer =
		layer_add(st->ev, &st->d->plain, *chain, &st->d->utf8);

	if (!layer || layer->is_cut)
		st->ev->is_capped = true;
	if (!layer)
		return false;
	layer->depth = f->depth;
	layer->arg = f->arg;
	if (!layer->is_text || (layer->is_cut && is_bomb))
		return true;
	if (f->depth == f->in.cf->depth_max) {
		st->ev->is_capped = true;
		return true;
	}
	init = (struct frame){ .in = { .text = layer->text, .cf = f->in.cf },
		.named = tools_in(st->d->words, layer->text),
		.near = of->named | of->near,
		.depth = f->depth + 1,
		.arg = f->arg };
	init.asked = asked_of(st->d, &init);
	push(st, &init);
	return true;
}

/* Has d->plain unpacked, by the unpackers from first on, if one is for it; else
 * it is a layer. f is the text or the container it came out of. */
static bool offer(struct stack *st, const struct frame *f, size_t first,
	const struct frame *init)
{
	struct decode *d = st->d;
	struct frame g = *init;
	struct bytes plain = str_bytes(&d->plain);
	struct frame *to = NULL;

	g.packed.bytes = plain;
	g.packed.is_text = text_kind(plain.p, plain.len) != TEXT_BINARY;
	g.first = first;
	if (g.chain.steps < DECODE_STEPS_MAX && str_ok(&d->plain))
		g.unpacker = unpacker_for(&g.packed, &g.first, &g.op);
	if (g.unpacker)
		to = push(st, &g);
	if (!to)
		return add_plain(st, f, &g.chain, f->unpacker);
	swap(&to->held, &d->plain);
	return true;
}

/* Finds the next payload of a text. False: the frame is done. */
static bool step_text(struct stack *st, struct frame *f)
{
	struct decode *d = st->d;
	struct decode_found found;
	struct frame init;

	if (!next_found(d, st->ev, f, &found))
		return false;
	if (st->ev->decoded_bytes >= f->in.cf->event_max) {
		st->ev->is_capped = true;
		return false;
	}
	init = (struct frame){ .in.cf = f->in.cf,
		.depth = f->depth,
		.arg = f->arg,
		.of = f,
		.op = found.ops,
		.packed = { .text = f->in.text,
			.at = found.at,
			.end = found.end,
			.has_xor = f->in.has_xor },
		.room = DECODE_RATIO_MAX * (found.end - found.at) };
	layer_chain_add(&init.chain, found.name);
	if (found.ops)
		undo_rest(d, st->ev, f, &init.chain);
	return offer(st, f, 0, &init);
}

/* Takes the next member out of a container. False: the frame is done. */
static bool step_container(struct stack *st, struct frame *f)
{
	struct decode *d = st->d;
	size_t pos = f->pos;
	struct frame init;

	if (d->work >= f->in.cf->event_max || !f->room ||
		st->ev->decoded_bytes >= f->in.cf->event_max) {
		st->ev->is_capped = true;
		return false;
	}
	make_room(d, st->ev, f->in.cf);
	d->plain.max = least(d->plain.max, f->room);
	f->packed.bytes = str_bytes(&f->held);
	d->work += f->unpacker->work ? f->unpacker->work : STREAM_WORK;
	if (!f->unpacker->unpack(&f->packed, &f->pos, &d->plain)) {
		if (pos)
			return false;
		/* It only looked like one. */
		swap(&f->held, &d->plain);
		init = *f;
		st->n--;
		init.unpacker = NULL;
		return offer(st, f->of, f->first + 1, &init);
	}
	d->work += d->plain.len;
	f->room -= least(f->room, d->plain.len);
	if (!str_ok(&d->plain)) {
		/* A bomb is paid for as if all of it had come out. */
		st->ev->is_capped = true;
		d->work += f->in.cf->layer_max;
	}
	init = *f;
	init.pos = 0;
	/* A transformation that is its own inverse is undone once. */
	if (f->unpacker->takes_text)
		init.packed.has_xor = false;
	init.unpacker = NULL;
	layer_chain_add(&init.chain, f->unpacker->name);
	return offer(st, f, 0, &init);
}

static void look_into(struct decode *d, struct event *ev)
{
	struct stack st = { d, ev, 1 };

	d->n_claims = 0;
	while (st.n) {
		size_t n = st.n;
		struct frame *f = &d->frames[n - 1];

		if (f->unpacker ? step_container(&st, f) : step_text(&st, f))
			continue;
		d->n_claims = f->claims;
		st.n = least(st.n, n - 1);
	}
}

/* Puts the argument into the first frame. */
static void set_first(struct frame *f, const struct event *ev, size_t i,
	const struct decode_conf *cf)
{
	f->in.text = ev->argv[i];
	f->in.before = i ? ev->argv[i - 1] : (struct bytes){ NULL, 0 };
	f->in.cf = cf;
	f->named = 0;
	f->depth = 1;
	f->arg = i;
	f->from = 0;
	f->claims = 0;
	f->unpacker = NULL;
}

/* PowerShell's -e, -ec, -EncodedCommand. */
static bool may_be_encoded_command(struct bytes arg)
{
	return arg.len > 1 && arg.p[0] == '-' && (arg.p[1] | 0x20) == 'e';
}

void decode_run(
	struct decode *d, struct event *ev, const struct decode_conf *cf)
{
	uint32_t once = 0, twice = 0;

	d->work = 0;
	for (size_t i = 0; i < ev->argc; i++) {
		uint32_t named = tools_in(d->words, ev->argv[i]);

		twice |= once & named;
		once |= named;
	}
	for (size_t i = 0; i < ev->argc; i++) {
		struct bytes arg = ev->argv[i];
		struct frame *f = &d->frames[0];

		/* Short ones need a decoder's name, or an option before them,
		 * to speak for them. */
		if (arg.len < cf->len_min && !once &&
			(arg.len < cf->len_min_context || !i ||
				!may_be_encoded_command(ev->argv[i - 1])))
			continue;
		set_first(f, ev, i, cf);
		if (once)
			f->named = tools_in(d->words, arg);
		f->near = twice | (once & ~f->named);
		f->asked = asked_of(d, f);
		look_into(d, ev);
	}
	str_shrink(&d->plain, KEEP_BYTES);
	str_shrink(&d->utf8, KEEP_BYTES);
}
