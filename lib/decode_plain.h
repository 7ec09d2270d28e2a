// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef DECODE_PLAIN_H
#define DECODE_PLAIN_H

#include <stdbool.h>
#include <stddef.h>

#include "invocation.h"

struct decode;
struct event;
struct frame;

/* Whether argument i is a shell's text that may be written plainly. */
bool decode_plain_may(const struct decode *d, const struct event *ev, size_t i);
/* The language of a frame's text where the argv has that run by something else
 * than a shell; else INVOCATION_NONE. */
enum invocation_language decode_plain_language(
	const struct decode *d, const struct frame *f);
/* Whether the argv gives a shell more than its text. */
struct eval_given;
bool decode_plain_given(
	const struct decode *d, const struct event *ev, struct eval_given *g);
/* Where in a frame's text a shell's begins: sh -c'...', mysql -e '\! ...' */
size_t decode_plain_at(const struct decode *d, const struct frame *f);
/* Adds to what a frame holds the texts of shells in it, written plainly. */
void decode_plain_hold(
	struct decode *d, const struct event *ev, struct frame *f);

#endif
