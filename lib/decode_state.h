// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef DECODE_STATE_H
#define DECODE_STATE_H

/* What is being looked into: for decode.c. */

#include <stdint.h>

#include "decode.h"
#include "event.h"
#include "flow.h"
#include "invocation.h"
#include "layer.h"
#include "program.h"

struct frame {
	struct decode_text in;
	uint32_t named, near; /* a bit for each decoder */
	unsigned int depth;
	size_t arg, of_layer; /* EVENT_IN_ARGV: its text is that of arg */
	struct event_span spans[FLOW_SPANS_MAX]; /* of what is unpacked */
	size_t n_spans;
	unsigned int memo; /* of the decoder whose turn it is */
	uint32_t asked; /* decoders that have not found all they can */
	size_t decoder; /* whose turn it is */
	size_t from;
	size_t claims; /* how many there were before its own */
	struct bytes written; /* the text before its strings were joined */
	struct str joined;
	bool has_script; /* held has what a program in it would make */
	bool is_flowed; /* held has what a shell would make of it */
	size_t flow; /* the next result */
	bool is_run; /* what comes out of it is given to an interpreter */
	bool is_leaf; /* and is not looked into */
	bool is_masked; /* as its decoder said */

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

/* Arguments whose names of decoders are kept. */
#define DECODE_NAMES_MAX 64

struct decode {
	struct words *words;
	struct flow *flow;
	struct program *program;
	struct plain *plainly;
	bool has_marks; /* of a text in some argument */
	const struct invocation *invocation; /* of the argv */
	uint32_t names[DECODE_NAMES_MAX]; /* decoders, by argument */
	uint32_t twice; /* named by more than one */
	bool is_late; /* what is a layer already is none again */
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

/* decode_find.c: what decoders find in a text */
/* Empties d->plain, for as much as the budget has left. */
void decode_make_room(
	struct decode *d, const struct event *ev, const struct decode_conf *cf);
/* Notes which decoders the arguments name; returns all of them. */
uint32_t decode_note_names(struct decode *d, const struct event *ev);
/* Those that the first frame's text names, which may be an argument as it
 * stands. */
uint32_t decode_names_in(const struct decode *d, const struct frame *f);
/* What is named in a frame's text and around it has come to be known: which
 * decoders are to look into it, and whether there is an XOR. */
void decode_ask(const struct decode *d, struct frame *f);
/* Whether another payload of this frame is there already; notes this one. */
bool decode_is_taken(
	struct decode *d, const struct frame *f, size_t at, size_t end);
/* Finds the frame's next payload and leaves it in d->plain. */
bool decode_find(struct decode *d, const struct event *ev, struct frame *f,
	struct decode_found *found);
/* What a step gave (rev, tr) may be encoded, all of it, in what the text names
 * besides. */
void decode_undo_rest(struct decode *d, const struct event *ev,
	const struct frame *f, struct layer_chain *chain);

static inline void decode_swap(struct str *a, struct str *b)
{
	struct str c = *a;

	*a = *b;
	*b = c;
}

#endif
