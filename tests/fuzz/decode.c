// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * The whole decoder chain on an argv. Whatever it is: budgets hold, layers
 * stand in order with their parents, belong to the event alone, and come again
 * the same from memory that has been used.
 *
 * seeds: argv
 * dict: decode
 */
#include <nettle/sha2.h>

#include "decode.h"
#include "fuzz.h"
#include "layer.h"
#include "text.h"

static const struct decode_conf confs[] = {
	{ DECODE_DEPTH_MAX, 1 << 20, 4 << 20, 20, 8 },
	{ 3, 4096, 8192, 8, 4 },
};

static void check_digest(const struct event_layer *l)
{
	struct sha256_ctx ctx;
	uint8_t digest[32];

	sha256_init(&ctx);
	sha256_update(&ctx, l->text.len, (const uint8_t *)l->text.p);
	sha256_digest(&ctx, sizeof(digest), digest);
	MUST(!memcmp(digest, l->sha256, sizeof(digest)));
}

static void check_layer(
	const struct event *ev, size_t i, const struct decode_conf *cf)
{
	const struct event_layer *l = &ev->layers[i];
	bool has_parent = l->depth == 1;

	MUST(l->depth >= 1 && l->depth <= cf->depth_max);
	MUST(l->arg < ev->argc && (!i || l->arg >= l[-1].arg));
	MUST(l->chain.len && l->chain.len <= LAYER_CHAIN_MAX);
	MUST(text_printable(l->chain.p, l->chain.len) == l->chain.len);
	/* What was UTF-16 is half as long again at most. */
	MUST(l->text.len <= cf->layer_max + cf->layer_max / 2 + 4);
	MUST(!l->is_text || text_is_utf8(l->text.p, l->text.len));
	MUST(!l->is_cut || ev->is_capped);
	for (size_t k = i; k > 0 && !has_parent; k--)
		has_parent = ev->layers[k - 1].arg == l->arg &&
			     ev->layers[k - 1].depth == l->depth - 1;
	MUST(has_parent);
	check_digest(l);
}

/* Where a layer stands: in its argument, or in a layer before it. */
static void check_places(const struct event *ev)
{
	for (size_t i = 0; i < ev->n_layers; i++) {
		const struct event_layer *l = &ev->layers[i];
		size_t len = ev->argv[l->arg].len;

		if (l->of != EVENT_IN_ARGV) {
			MUST(l->of < i && ev->layers[l->of].arg == l->arg);
			len = ev->layers[l->of].text.len;
		}
		for (size_t k = 0; k < l->n_spans; k++)
			MUST(l->spans[k].at <= l->spans[k].end &&
				l->spans[k].end <= len);
	}
}

static void check(const struct event *ev, const struct decode_conf *cf)
{
	size_t sum = 0;

	MUST(ev->n_layers <= DECODE_LAYERS_MAX);
	for (size_t i = 0; i < ev->n_layers; i++) {
		check_layer(ev, i, cf);
		sum += ev->layers[i].text.len;
	}
	/* What was said before is no layer, but paid for. */
	MUST(sum <= ev->decoded_bytes);
	/* The last one is what may grow past it. */
	MUST(sum <= cf->event_max + cf->layer_max / 2 + 4);
	MUST(ev->bytes <= EVENT_BYTES_MAX);
}

static void compare_layers(
	const struct event_layer *a, const struct event_layer *b)
{
	MUST(bytes_equal(a->text, b->text) && bytes_equal(a->chain, b->chain));
	MUST(a->depth == b->depth && a->arg == b->arg && a->of == b->of);
	MUST(a->is_run == b->is_run && a->is_cut == b->is_cut);
	MUST(a->n_spans == b->n_spans);
	for (size_t i = 0; i < a->n_spans; i++)
		MUST(a->spans[i].at == b->spans[i].at &&
			a->spans[i].end == b->spans[i].end);
}

static void compare(const struct event *a, const struct event *b)
{
	MUST(a->n_layers == b->n_layers && a->is_capped == b->is_capped);
	for (size_t i = 0; i < a->n_layers; i++)
		compare_layers(&a->layers[i], &b->layers[i]);
}

static struct event *run(
	struct decode *d, struct bytes in, const struct decode_conf *cf)
{
	struct fuzz_args args;
	struct event *ev;

	fuzz_args_init(&args, in);
	ev = fuzz_event(&args);
	decode_run(d, ev, cf);
	check_places(ev);
	/* Layers must not live in the arguments. */
	fuzz_args_fini(&args);
	ev->argv = NULL;
	return ev;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static struct decode *used;
	struct bytes in = fuzz_bytes(data, len);
	uint64_t hash = fuzz_hash(in);
	const struct decode_conf *cf = &confs[hash % 4 == 0];
	struct event *ev;

	if (!used)
		used = decode_new();
	MUST(used);
	ev = run(used, in, cf);
	check(ev, cf);
	if (hash / 4 % 16 == 0) {
		struct decode *fresh = decode_new();
		struct event *again;

		MUST(fresh);
		again = run(fresh, in, cf);
		decode_free(fresh);
		compare(ev, again);
		event_destroy(again);
	}
	event_destroy(ev);
	return 0;
}
