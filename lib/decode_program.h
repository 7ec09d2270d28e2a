// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef DECODE_PROGRAM_H
#define DECODE_PROGRAM_H

#include "event.h"
#include "program.h"

/*
 * Texts that are programs, or have such in them, with the strings in them
 * joined: what decoders are then shown instead. Each of these gives a text in
 * out, or the text itself where there is nothing to join.
 */

/* Argument i of an event. */
struct bytes decode_program_arg(
	struct program *p, const struct event *ev, size_t i, struct str *out);
/* What came out of a decoder. */
struct bytes decode_program_layer(
	struct program *p, struct bytes text, struct str *out);
/* Adds what came of the programs in the last of these texts to held, as
 * results, and forgets it. */
void decode_program_hold(struct program *p, struct str *held);
/* Where what stands at s in a text was written, as *to. Returns how many places
 * that is: 0 if nobody knows. */
size_t decode_program_place(struct bytes written, struct bytes text,
	struct event_span s, struct event_span *to);

#endif
