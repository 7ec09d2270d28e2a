// SPDX-License-Identifier: GPL-3.0-or-later
#include "layer.h"

#include <nettle/sha2.h>

#include "decode.h"
#include "event.h"
#include "text.h"

/* As long as a key is, with no such text in it as a path has. */
#define KEY_MAX  64
#define NAME_MIN 5

void layer_chain_add(struct layer_chain *c, const char *name)
{
	size_t len = strlen(name);

	if (c->len + 1 + len > LAYER_CHAIN_MAX)
		return;
	if (c->len)
		c->p[c->len++] = '+';
	memcpy(c->p + c->len, name, len);
	c->len += len;
	c->steps++;
}

/* Doubles ev->layers when it is full; its size is the next power of two. */
static struct event_layer *next_layer(struct event *ev)
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
	*to = (struct event_layer){ .of = EVENT_IN_ARGV };
	return to;
}

void layer_digest(struct event_layer *layer)
{
	struct sha256_ctx ctx;

	sha256_init(&ctx);
	sha256_update(&ctx, layer->text.len, (const uint8_t *)layer->text.p);
	sha256_digest(&ctx, sizeof(layer->sha256), layer->sha256);
}

void layer_set_place(struct event *ev, struct event_layer *layer, size_t of,
	const struct event_span *spans, size_t n)
{
	struct event_span *to = n ? event_alloc(ev, n * sizeof(*to)) : NULL;

	layer->of = of;
	if (!to)
		return;
	memcpy(to, spans, n * sizeof(*to));
	layer->spans = to;
	layer->n_spans = n;
}

/* Whether n of them in a row could be typed. */
static bool has_run(struct bytes b, size_t n)
{
	size_t run = 0;

	for (size_t i = 0; i < b.len && run < n; i++)
		run = b.p[i] >= ' ' && b.p[i] <= '~' ? run + 1 : 0;
	return run == n;
}

bool layer_is_idle(struct bytes plain)
{
	static const struct bytes marks[] = { BYTES("\x89PNG\r\n\x1a\n"),
		BYTES("GIF87a"), BYTES("GIF89a"), BYTES("\xff\xd8\xff"),
		BYTES("wOFF"), BYTES("wOF2"), BYTES("\0\0\1\0") };

	if (text_kind(plain.p, plain.len) != TEXT_BINARY ||
		(plain.len >= 4 && !memcmp(plain.p,
					   "\x7f"
					   "ELF",
					   4)))
		return false;
	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
		if (plain.len >= marks[i].len &&
			!memcmp(plain.p, marks[i].p, marks[i].len))
			return true;
	return plain.len <= KEY_MAX && !has_run(plain, NAME_MIN);
}

struct event_layer *layer_add(struct event *ev, const struct str *plain,
	struct layer_chain chain, struct str *scratch)
{
	struct bytes text = text_whole(plain);
	enum text_kind kind = text_kind(text.p, text.len);
	struct event_layer *layer = next_layer(ev);

	if (!layer)
		return NULL;
	if (kind == TEXT_UTF16LE || kind == TEXT_UTF16BE) {
		str_reset(scratch);
		scratch->max = plain->max * 2;
		text_from_utf16(scratch, text, kind);
		text = str_bytes(scratch);
		layer_chain_add(
			&chain, kind == TEXT_UTF16LE ? "utf16le" : "utf16be");
	}
	layer->chain = event_copy(ev, (struct bytes){ chain.p, chain.len });
	layer->text = event_copy(ev, text);
	layer->is_text = kind != TEXT_BINARY;
	layer->is_cut = !str_ok(plain);
	if (!layer->text.p || !layer->chain.p) {
		ev->n_layers--;
		return NULL;
	}
	layer_digest(layer);
	ev->decoded_bytes += text.len;
	return layer;
}

bool layer_is_there(const struct event *ev, struct bytes text)
{
	for (size_t i = 0; i < ev->n_layers; i++)
		if (bytes_equal(ev->layers[i].text, text))
			return true;
	return false;
}

static void turn(struct event_layer *from, struct event_layer *to)
{
	while (from < to) {
		struct event_layer layer = *from;

		*from++ = *--to;
		*to = layer;
	}
}

void layer_settle(struct event *ev, size_t first)
{
	struct event_layer *l = ev->layers;
	size_t n = ev->n_layers, to = first;

	while (first < n && to && l[to - 1].arg > l[first].arg)
		to--;
	if (to == first)
		return;
	turn(l + to, l + first);
	turn(l + first, l + n);
	turn(l + to, l + n);
	for (size_t i = to; i < n; i++)
		if (l[i].of != EVENT_IN_ARGV && l[i].of >= to)
			l[i].of = l[i].of < first ? l[i].of + n - first
						  : l[i].of - (first - to);
}

struct event_layer *layer_repeated(struct event *ev)
{
	const struct event_layer *last = &ev->layers[ev->n_layers - 1];

	for (struct event_layer *l = ev->layers; l < last; l++)
		if (l->arg == last->arg && l->depth == last->depth &&
			!memcmp(l->sha256, last->sha256, sizeof(l->sha256)))
			return l;
	return NULL;
}
