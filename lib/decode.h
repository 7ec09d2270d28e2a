// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef DECODE_H
#define DECODE_H

#include <stdbool.h>
#include <stddef.h>

#include "str.h"

struct event;

struct decode_conf {
	unsigned int depth_max; /* nested encodings followed */
	size_t layer_max; /* bytes kept of one payload */
	size_t event_max; /* bytes decoded for one event */
	size_t len_min; /* characters of a candidate */
	size_t len_min_context; /* the same beside a decoder's name */
};

/* A frame for each depth; base64 alone shrinks too fast to get there. */
#define DECODE_DEPTH_MAX 64
/* An argv can hold thousands of candidates; a person reads a few. */
#define DECODE_LAYERS_MAX 256

/* A text to look into. */
struct decode_text {
	struct bytes text;
	struct bytes before; /* the argument before it; may be absent */
	bool is_named; /* it names a decoder */
	/* Another argument names a decoder, or this text came out of one. */
	bool has_context;
	const struct decode_conf *cf;
};

/* What a decoder found. */
struct decode_found {
	size_t at, end; /* of the encoded form, in the text */
	const char *name; /* of what was undone, for the chain */
};

/*
 * Decoders are rows in decoders.def, one file each in decoders/.
 */
struct decoder {
	const char *name;
	/* Whether the text names this decoder's tools, which makes shorter and
	 * stranger candidates credible. */
	bool (*has_context)(struct bytes text);
	/* Finds the first payload at or after from and appends its plain bytes
	 * to out, as far as out takes them. False: none. Looks at no byte more
	 * than a constant number of times. */
	bool (*find)(const struct decode_text *in, size_t from,
		struct decode_found *found, struct str *out);
};

/* Memory that the stage reuses from event to event. */
struct decode;

/* NULL when out of memory. */
struct decode *decode_new(void) __attribute__((warn_unused_result));
void decode_free(struct decode *d);
/* Fills ev->layers from ev->argv, each payload before those inside it. What
 * does not fit the budgets is cut, and ev->is_capped says so. */
void decode_run(
	struct decode *d, struct event *ev, const struct decode_conf *cf);

#endif
