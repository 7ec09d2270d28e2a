// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Depth first, with a frame for each text that is being looked into, so that
 * a payload's own payloads follow it in ev->layers. Every decoded byte counts
 * against the event's budget, so nesting can't multiply the work.
 */
#include "decode.h"

#include <nettle/sha2.h>
#include <stdlib.h>

#include "event.h"
#include "text.h"

#define DECODER(name) extern const struct decoder decoder_##name;
#include "decoders.def"
#undef DECODER

static const struct decoder *const decoders[] = {
#define DECODER(name) &decoder_##name,
#include "decoders.def"
#undef DECODER
};

#define N_DECODERS (sizeof(decoders) / sizeof(decoders[0]))
/* No decoder's name is shorter. */
#define NAME_MIN 4
/* Enough of a payload to tell that it is one. */
#define ASK_MAX 4096
/* Memory kept between events. */
#define KEEP_BYTES (256 * 1024)

struct frame {
	struct decode_text in;
	unsigned int depth;
	size_t arg;
	size_t decoder; /* whose turn it is */
	size_t from;
};

struct decode {
	struct str plain; /* what a decoder gives */
	struct str utf8; /* the same from UTF-16 */
	struct frame frames[DECODE_DEPTH_MAX + 1];
};

struct decode *decode_new(void)
{
	struct decode *d = calloc(1, sizeof(*d));

	if (!d)
		return NULL;
	str_init(&d->plain, 0);
	str_init(&d->utf8, 0);
	return d;
}

void decode_free(struct decode *d)
{
	if (!d)
		return;
	str_fini(&d->plain);
	str_fini(&d->utf8);
	free(d);
}

/* Doubles ev->layers when it is full; its size is the next power of two. */
static struct event_layer *add_layer(struct event *ev)
{
	size_t n = ev->n_layers;
	struct event_layer *to;

	if (n == DECODE_LAYERS_MAX)
		return NULL;
	if (n == 0 || (n >= 4 && !(n & (n - 1)))) {
		to = event_alloc(ev, (n ? 2 * n : 4) * sizeof(*to));
		if (!to)
			return NULL;
		if (n)
			memcpy(to, ev->layers, n * sizeof(*to));
		ev->layers = to;
	}
	to = &ev->layers[ev->n_layers++];
	*to = (struct event_layer){ 0 };
	return to;
}

static void digest(struct event_layer *layer)
{
	struct sha256_ctx ctx;

	sha256_init(&ctx);
	sha256_update(&ctx, layer->text.len, (const uint8_t *)layer->text.p);
	sha256_digest(&ctx, sizeof(layer->sha256), layer->sha256);
}

/* Turns what a decoder gave into a layer; NULL where the budget ends. */
static struct event_layer *keep(struct decode *d, struct event *ev,
	const struct frame *f, const char *name)
{
	struct bytes plain = text_whole(&d->plain);
	enum text_kind kind = text_kind(plain.p, plain.len);
	struct event_layer *layer = add_layer(ev);
	char chain[64];
	size_t len = strlen(name);

	if (!layer)
		return NULL;
	memcpy(chain, name, len);
	if (kind == TEXT_UTF16LE || kind == TEXT_UTF16BE) {
		str_reset(&d->utf8);
		d->utf8.max = d->plain.max * 2;
		text_from_utf16(&d->utf8, plain, kind);
		plain = str_bytes(&d->utf8);
		memcpy(chain + len,
			kind == TEXT_UTF16LE ? "+utf16le" : "+utf16be", 8);
		len += 8;
	}
	layer->depth = f->depth;
	layer->arg = f->arg;
	layer->chain = event_copy(ev, (struct bytes){ chain, len });
	layer->text = event_copy(ev, plain);
	layer->is_text = kind != TEXT_BINARY;
	layer->is_cut = !str_ok(&d->plain);
	if (!layer->text.p || !layer->chain.p) {
		ev->n_layers--;
		return NULL;
	}
	digest(layer);
	ev->decoded_bytes += plain.len;
	return layer;
}

/* The next payload in f's text; NULL when there is none, or the budget ends. */
static struct event_layer *next_layer(
	struct decode *d, struct event *ev, struct frame *f)
{
	const struct decode_conf *cf = f->in.cf;
	struct decode_found found;
	size_t left;

	while (f->decoder < N_DECODERS) {
		struct event_layer *layer;

		/* UTF-16 may have grown past it. */
		left = ev->decoded_bytes < cf->event_max
			       ? cf->event_max - ev->decoded_bytes
			       : 0;
		str_reset(&d->plain);
		/* With nothing left it is only asked whether there is more. */
		d->plain.max = left < cf->layer_max ? left : cf->layer_max;
		if (!left)
			d->plain.max = ASK_MAX;
		if (!decoders[f->decoder]->find(
			    &f->in, f->from, &found, &d->plain)) {
			f->decoder++;
			f->from = 0;
			continue;
		}
		f->from = found.end;
		layer = left ? keep(d, ev, f, found.name) : NULL;
		if (!layer || layer->is_cut)
			ev->is_capped = true;
		if (!layer)
			f->decoder = N_DECODERS;
		return layer;
	}
	return NULL;
}

static bool names_decoder(struct bytes text)
{
	for (size_t i = 0; i < N_DECODERS; i++)
		if (decoders[i]->has_context(text))
			return true;
	return false;
}

static void look_into(struct decode *d, struct event *ev, struct frame *first)
{
	const struct decode_conf *cf = first->in.cf;
	size_t n = 1;

	d->frames[0] = *first;
	while (n) {
		struct frame *f = &d->frames[n - 1];
		struct event_layer *layer = next_layer(d, ev, f);

		if (!layer) {
			n--;
			continue;
		}
		if (!layer->is_text)
			continue;
		if (f->depth == cf->depth_max) {
			ev->is_capped = true;
			continue;
		}
		d->frames[n++] = (struct frame){
			.in = { .text = layer->text,
				.is_named = names_decoder(layer->text),
				.has_context = true,
				.cf = cf },
			.depth = f->depth + 1,
			.arg = f->arg
		};
	}
}

void decode_run(
	struct decode *d, struct event *ev, const struct decode_conf *cf)
{
	size_t n_named = 0;

	for (size_t i = 0; i < ev->argc; i++)
		if (ev->argv[i].len >= NAME_MIN)
			n_named += names_decoder(ev->argv[i]);
	for (size_t i = 0; i < ev->argc; i++) {
		struct bytes before = { NULL, 0 };
		struct frame f;

		if (i)
			before = ev->argv[i - 1];
		/* Short ones need a decoder's name, or an option before them,
		 * to speak for them. */
		if (ev->argv[i].len < cf->len_min_context ||
			(ev->argv[i].len < cf->len_min && !n_named &&
				!(before.len && before.p[0] == '-')))
			continue;
		f = (struct frame){ .in = { .text = ev->argv[i],
					    .before = before,
					    .cf = cf },
			.depth = 1,
			.arg = i };
		f.in.is_named = n_named && names_decoder(ev->argv[i]);
		f.in.has_context = n_named > f.in.is_named;
		look_into(d, ev, &f);
	}
	str_shrink(&d->plain, KEEP_BYTES);
	str_shrink(&d->utf8, KEEP_BYTES);
}
