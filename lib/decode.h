// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef DECODE_H
#define DECODE_H

#include <stdbool.h>
#include <stddef.h>

#include "operand.h"
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

/* An argv can hold thousands of payloads; a person reads a few. */
#define DECODE_LAYERS_MAX 256
/* Containers and transformations that one payload is unpacked through. */
#define DECODE_STEPS_MAX 8
/* What comes out of a payload, for each byte of its encoded form. */
#define DECODE_RATIO_MAX 100

/* A text to look into. */
struct decode_text {
	struct bytes text;
	struct bytes before; /* the argument before it; may be absent */
	bool is_named; /* it names this decoder */
	/* Another argument names this decoder, or one above this text does, or
	 * it is Base64 and this text came out of a decoder. */
	bool has_context;
	bool has_xor; /* it names the key of a single-byte XOR */
	const struct bytes *args; /* before it, of an argument */
	size_t n_args;
	const struct decode_conf *cf;
	/* What the decoder knows of the text from its last look at it; 0: this
	 * is the first. */
	unsigned int *memo;
};

/* What a decoder found. */
struct decode_found {
	size_t at, end; /* of the encoded form, in the text */
	const char *name; /* of what was undone, for the chain */
	/* How many of the operations around it are undone with it; what is left
	 * may be in the encoding of another decoder that the text names. */
	size_t ops;
	/* It makes sense only if an XOR is undone with it. */
	bool is_masked;
};

/*
 * Decoders are rows in decoders.def, one file each in decoders/. The first row
 * that finds its payload in some place has it.
 */
struct decoder {
	const char *name;
	/* One of these, in lower case, is in every text that names the
	 * decoder's tools, in whatever case; NULL at the end. */
	const char *const *words;
	/* Without its words, too, a payload may be told by what it says. */
	bool is_sure;
	/* Whether a text with one of the words really names a tool, which
	 * makes shorter and stranger candidates credible. NULL: it does. */
	bool (*has_context)(struct bytes text);
	/* Finds the first payload at or after from and appends its plain bytes
	 * to out, as far as out takes them. False: none. Looks at no byte more
	 * than a constant number of times. */
	bool (*find)(const struct decode_text *in, size_t from,
		struct decode_found *found, struct str *out);
};

/* What a decoder gave, to be unpacked. */
struct decode_packed {
	struct bytes bytes;
	bool is_text;
	struct bytes text; /* where its encoded form stands */
	size_t at, end; /* of that, in the text */
	bool has_xor; /* which names the key of a single-byte XOR */
	/* What the text does with it next; absent: nothing more. */
	struct operand_op op;
};

/*
 * Unpackers are rows in unpackers.def, one file each in unpackers/: containers
 * that bytes are told by, and what only the text around them tells of.
 */
struct unpacker {
	const char *name;
	bool takes_text; /* asked for readable bytes, too */
	bool is_said; /* only the text tells; op is what it says */
	/* What starting costs, as bytes that come out; 0: next to nothing. */
	size_t work;
	bool (*is_it)(const struct decode_packed *in);
	/* Appends what is inside, from *pos on, which starts as 0 and is moved
	 * behind it. False: nothing more, or nothing that makes sense. */
	bool (*unpack)(
		const struct decode_packed *in, size_t *pos, struct str *out);
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
