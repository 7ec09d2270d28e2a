// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Depth first, with a frame for each text that is being looked into and each
 * container that is being emptied, so that a payload's own payloads follow it
 * in ev->layers. Every byte that comes out counts against the event's budget,
 * so nesting can't multiply the work.
 */
#include "decode.h"

#include <stdlib.h>

#include "decode_flow.h"
#include "decode_marks.h"
#include "decode_plain.h"
#include "decode_program.h"
#include "decode_state.h"
#include "eval.h"
#include "event.h"
#include "plain.h"
#include "script.h"
#include "text.h"
#include "tools.h"
#include "unpack.h"
#include "words.h"

/* An inflater sets up its tables before it gives a byte. */
#define STREAM_WORK (16 * 1024)
/* Memory kept between events. */
#define KEEP_BYTES (256 * 1024)

struct decode *decode_new(void)
{
	struct decode *d = calloc(1, sizeof(*d));

	if (!d)
		return NULL;
	str_init(&d->plain, 0);
	str_init(&d->utf8, 0);
	for (size_t i = 0; i <= DECODE_DEPTH_MAX; i++) {
		str_init(&d->frames[i].held, 0);
		str_init(&d->frames[i].joined, 0);
	}
	d->words = tools_words();
	d->flow = flow_new();
	d->program = program_new();
	for (size_t i = 0; i < tools_n; i++)
		if (tools_rows[i]->is_sure)
			d->sure |= UINT32_C(1) << i;
	d->plainly = plain_new();
	if (!d->words || !d->flow || !d->program || !d->plainly) {
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
	for (size_t i = 0; i <= DECODE_DEPTH_MAX; i++) {
		str_fini(&d->frames[i].held);
		str_fini(&d->frames[i].joined);
	}
	words_free(d->words);
	flow_free(d->flow);
	program_free(d->program);
	plain_free(d->plainly);
	free(d);
}

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
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
	struct str held, joined;

	if (st->n > DECODE_DEPTH_MAX) {
		st->ev->is_capped = true;
		return NULL;
	}
	f = &st->d->frames[st->n++];
	held = f->held;
	joined = f->joined;
	*f = *init;
	f->held = held;
	f->joined = joined;
	f->claims = st->d->n_claims;
	return f;
}

/* Makes a layer of d->plain, which is what g found in f, and has it looked
 * into. False: the event has no room for more. */
static bool add_plain(
	struct stack *st, const struct frame *f, const struct frame *g)
{
	const struct frame *of = f->unpacker ? f->of : f;
	struct frame init, *to;
	struct event_layer *before = NULL, *layer;

	if (!f->is_run && layer_is_idle(str_bytes(&st->d->plain))) {
		st->d->work += st->d->plain.len;
		return true;
	}
	if (st->d->is_late && layer_is_there(st->ev, str_bytes(&st->d->plain)))
		return true;
	layer = layer_add(st->ev, &st->d->plain, g->chain, &st->d->utf8);
	if (!layer || layer->is_cut)
		st->ev->is_capped = true;
	if (!layer)
		return false;
	layer->depth = f->depth;
	layer->arg = f->arg;
	/* A variable's value stands wherever its name did. */
	if (of->in.text.p != of->written.p || of->has_script)
		before = layer_repeated(st->ev);
	if (before) {
		/* What a program makes is from nowhere in it. */
		if (!before->n_spans)
			layer_set_place(st->ev, before, f->of_layer, g->spans,
				g->n_spans);
		st->ev->decoded_bytes -= layer->text.len;
		st->ev->n_layers--;
		return true;
	}
	layer->is_run = f->is_run;
	layer_set_place(st->ev, layer, f->of_layer, g->spans, g->n_spans);
	if (!layer->is_text || f->is_leaf || (layer->is_cut && f->unpacker))
		return true;
	if (f->depth == f->in.cf->depth_max) {
		st->ev->is_capped = true;
		return true;
	}
	init = (struct frame){ .in = { .text = layer->text, .cf = f->in.cf },
		.written = layer->text,
		.near = of->named | of->near,
		.depth = f->depth + 1,
		.arg = f->arg,
		.of_layer = (size_t)(layer - st->ev->layers) };
	to = push(st, &init);
	if (!to)
		return true;
	to->in.text =
		decode_program_layer(st->d->program, layer->text, &to->joined);
	str_reset(&to->held);
	decode_program_hold(st->d->program, &to->held);
	to->has_script = to->held.len > 0;
	to->named = tools_in(st->d->words, to->in.text);
	decode_ask(st->d, to);
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
		g.unpacker = unpack_find(&g.packed, &g.first, &g.op);
	if (g.unpacker)
		to = push(st, &g);
	if (!to && g.is_masked && g.chain.steps == 1)
		return true;
	if (!to)
		return add_plain(st, f, &g);
	decode_swap(&to->held, &d->plain);
	return true;
}

/* How deep a result is that came out of n others, as far as those are layers
 * of f's text. */
static unsigned int depth_of(
	const struct event *ev, const struct frame *f, unsigned int n)
{
	size_t depth = least(f->depth + n, f->in.cf->depth_max);
	unsigned int there = f->depth;

	for (size_t i = ev->n_layers; i > 0 && there < depth; i--) {
		const struct event_layer *layer = &ev->layers[i - 1];

		if (layer->arg != f->arg || i - 1 == f->of_layer)
			break;
		if (layer->depth >= there)
			there = layer->depth + 1;
	}
	return there < depth ? there : (unsigned int)depth;
}

/* Has a result unpacked, or makes a layer of it. False: it makes no sense, and
 * the decoders may still find some. */
static bool offer_result(
	struct stack *st, const struct frame *f, const struct flow_result *r)
{
	struct decode *d = st->d;
	size_t first = 0, op = OPERAND_OPS_MAX, n;
	struct frame of = *f;
	struct frame init = { .in.cf = f->in.cf,
		.depth = depth_of(st->ev, f, r->depth),
		.arg = f->arg,
		.of_layer = f->of_layer,
		.of = f,
		.op = op,
		/* That is where its places are. */
		.packed = { .bytes = r->text,
			.text = f->written,
			.at = r->n_spans ? r->spans[0].at : 0,
			.end = r->n_spans ? r->spans[0].end : 0,
			.has_xor = f->in.has_xor && !r->is_final },
		.chain = r->chain,
		.is_run = r->is_run,
		.room = DECODE_RATIO_MAX * r->text.len };

	if (text_kind(r->text.p, r->text.len) == TEXT_BINARY &&
		!unpack_find(&init.packed, &first, &op))
		return false;
	if (st->ev->decoded_bytes >= f->in.cf->event_max) {
		st->ev->is_capped = true;
		return false;
	}
	for (size_t i = 0; i < r->n_spans; i++, init.n_spans++) {
		decode_is_taken(d, f, r->spans[i].at, r->spans[i].end);
		init.spans[i].at = r->spans[i].at;
		init.spans[i].end = r->spans[i].end;
	}
	decode_make_room(d, st->ev, f->in.cf);
	/* The rest, where there is one, leaves its mark. */
	n = least(r->text.len, d->plain.max);
	str_add(&d->plain, r->text.p, n);
	str_add(&d->plain, r->text.p + n, r->text.len - n);
	of.depth = init.depth;
	of.is_run = r->is_run;
	of.is_leaf = r->is_inner || r->is_plain;
	return offer(st, &of, 0, &init);
}

/* What shells would make of a text, or of what it hands to them. */
static void hold_flow(struct stack *st, struct frame *f)
{
	struct decode *d = st->d;
	enum invocation_language language;

	if (!decode_flow_may(f->written))
		return;
	language = decode_plain_language(d, f);
	if (language == INVOCATION_NONE)
		decode_flow_hold(
			d->flow, f->written, decode_plain_at(d, f), &f->held);
	else if (!decode_flow_hold_calls(
			 d->flow, f->written, language, &d->utf8, &f->held))
		st->ev->is_capped = true;
}

/* Tells the next result of a shell text. False: no more. */
static bool step_flow(struct stack *st, struct frame *f)
{
	struct flow_result r;

	if (!f->is_flowed) {
		f->is_flowed = true;
		f->flow = 0;
		hold_flow(st, f);
		decode_plain_hold(st->d, st->ev, f);
	}
	while (decode_flow_next(&f->held, &f->flow, &r)) {
		f->has_script |= r.is_final && !r.is_plain;
		if (offer_result(st, f, &r))
			return true;
	}
	return false;
}

/* Finds the next payload of a text. False: the frame is done. */
static bool step_text(struct stack *st, struct frame *f)
{
	struct decode *d = st->d;
	struct decode_found found;
	struct frame init;

	if (step_flow(st, f))
		return true;
	if (!decode_find(d, st->ev, f, &found))
		return false;
	if (st->ev->decoded_bytes >= f->in.cf->event_max ||
		d->work >= f->in.cf->event_max) {
		st->ev->is_capped = true;
		return false;
	}
	init = (struct frame){ .in.cf = f->in.cf,
		.depth = f->depth,
		.arg = f->arg,
		.of_layer = f->of_layer,
		.of = f,
		.op = found.ops,
		.is_masked = found.is_masked,
		.packed = { .text = f->in.text,
			.at = found.at,
			.end = found.end,
			.has_xor = f->in.has_xor },
		.room = DECODE_RATIO_MAX * (found.end - found.at) };
	init.n_spans = decode_program_place(f->written, f->in.text,
		(struct event_span){ found.at, found.end }, init.spans);
	layer_chain_add(&init.chain, found.name);
	if (found.ops)
		decode_undo_rest(d, st->ev, f, &init.chain);
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
	decode_make_room(d, st->ev, f->in.cf);
	d->plain.max = least(d->plain.max, f->room);
	f->packed.bytes = str_bytes(&f->held);
	d->work += f->unpacker->work ? f->unpacker->work : STREAM_WORK;
	if (!f->unpacker->unpack(&f->packed, &f->pos, &d->plain)) {
		if (pos)
			return false;
		/* It only looked like one. */
		decode_swap(&f->held, &d->plain);
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
static void set_first(struct decode *d, const struct event *ev, size_t i,
	const struct decode_conf *cf)
{
	struct frame *f = &d->frames[0];

	f->in.text = f->written = ev->argv[i];
	f->in.before = i ? ev->argv[i - 1] : (struct bytes){ NULL, 0 };
	f->in.args = ev->argv;
	f->in.n_args = i;
	f->in.cf = cf;
	f->named = 0;
	f->depth = 1;
	f->arg = i;
	f->of_layer = EVENT_IN_ARGV;
	f->from = 0;
	f->claims = 0;
	f->is_flowed = !d->has_marks;
	f->flow = 0;
	f->unpacker = NULL;
	str_reset(&f->held);
}

/* The program that the argument may be. */
static void set_program(struct decode *d, const struct event *ev, size_t i)
{
	struct frame *f = &d->frames[0];

	/* A program that options give may be but a word. */
	if (!d->has_marks && !(i && invocation_is_option(ev->argv[i - 1])))
		return;
	f->in.text = decode_program_arg(d->program, ev, i, &f->joined);
	decode_program_hold(d->program, &f->held);
}

/* PowerShell's -e, -ec, -EncodedCommand. */
static bool may_be_encoded_command(struct bytes arg)
{
	return arg.len > 1 && arg.p[0] == '-' && (arg.p[1] | 0x20) == 'e';
}

/* A short argument needs a decoder's name, an option before it, or a shell
 * that it is given to, to speak for it. */
static bool is_too_short(struct decode *d, const struct event *ev, size_t i,
	const struct decode_conf *cf)
{
	if (i && ev->argv[i].len >= cf->len_min_context &&
		may_be_encoded_command(ev->argv[i - 1]))
		return false;
	return !d->has_marks || !decode_plain_may(d, ev, i);
}

/* What a shell makes of its text with what else it is given, which may be in
 * pieces there. */
static void run_given(
	struct decode *d, struct event *ev, const struct decode_conf *cf)
{
	struct frame *f = &d->frames[0];
	size_t first = ev->n_layers;
	struct eval_given g;

	if (!d->has_marks || !decode_plain_given(d, ev, &g) ||
		!decode_flow_may(ev->argv[g.at]))
		return;
	set_first(d, ev, g.at, cf);
	f->is_flowed = true;
	f->has_script = false;
	f->near = f->asked = 0;
	decode_flow_hold_given(d->flow, f->written, &g, &f->held);
	d->is_late = true;
	look_into(d, ev);
	d->is_late = false;
	layer_settle(ev, first);
}

void decode_run(
	struct decode *d, struct event *ev, const struct decode_conf *cf)
{
	uint32_t once;

	d->work = 0;
	d->invocation = event_invocation(ev);
	program_renew(d->program);
	flow_renew(d->flow);
	d->has_marks = !ev->args.p || decode_has_marks(ev->args);
	once = decode_note_names(d, ev);
	for (size_t i = 0; i < ev->argc; i++) {
		struct bytes arg = ev->argv[i];
		struct frame *f = &d->frames[0];

		/* Nothing speaks for those that are empty, or never came. */
		if (!arg.len || (arg.len < cf->len_min && !once &&
					is_too_short(d, ev, i, cf)))
			continue;
		set_first(d, ev, i, cf);
		set_program(d, ev, i);
		f->has_script = f->held.len > 0;
		if (once || f->in.text.p != arg.p)
			f->named = decode_names_in(d, f);
		f->near = d->twice | (once & ~f->named);
		decode_ask(d, f);
		look_into(d, ev);
	}
	run_given(d, ev, cf);
	ev->is_capped |= program_is_capped(d->program);
	str_shrink(&d->plain, KEEP_BYTES);
	str_shrink(&d->utf8, KEEP_BYTES);
}
