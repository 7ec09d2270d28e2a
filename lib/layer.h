// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef LAYER_H
#define LAYER_H

#include <stddef.h>

#include "str.h"

struct event;
struct event_layer;
struct event_span;

#define LAYER_CHAIN_MAX 120

/* What was undone to get to some bytes: base64+gzip. */
struct layer_chain {
	char p[LAYER_CHAIN_MAX];
	size_t len;
	unsigned int steps;
};

void layer_chain_add(struct layer_chain *c, const char *name);

/* Adds a layer with a copy of plain, which UTF-16 is turned into UTF-8 for, in
 * scratch. NULL: there are DECODE_LAYERS_MAX, or the event has no room. */
struct event_layer *layer_add(struct event *ev, const struct str *plain,
	struct layer_chain chain, struct str *scratch);

/* Whether bytes that are no text can't be a command, or a program: a picture, a
 * font, a key. */
bool layer_is_idle(struct bytes plain);

/* Whether a layer says that already. */
bool layer_is_there(const struct event *ev, struct bytes text);
/* Puts the layers from first on, all of one argument, in the order of argv
 * with those before. */
void layer_settle(struct event *ev, size_t first);
/* The layer before the last one that says what that does, in the same argument;
 * NULL: none. */
struct event_layer *layer_repeated(struct event *ev);
/* Tells where its encoded form stands: in which layer, or argument. */
void layer_set_place(struct event *ev, struct event_layer *layer, size_t of,
	const struct event_span *spans, size_t n);
/* Sets the layer's digest from its text. */
void layer_digest(struct event_layer *layer);

#endif
