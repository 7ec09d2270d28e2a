// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef DECODE_PLAIN_H
#define DECODE_PLAIN_H

#include <stdbool.h>
#include <stddef.h>

struct decode;
struct event;
struct frame;

/* Whether argument i is a shell's text that may be written plainly. */
bool decode_plain_may(struct decode *d, const struct event *ev, size_t i);
/* Whether a frame's text is a program that no shell is given. */
bool decode_plain_is_foreign(
	struct decode *d, const struct event *ev, const struct frame *f);
/* Adds to what a frame holds the texts of shells in it, written plainly. */
void decode_plain_hold(
	struct decode *d, const struct event *ev, struct frame *f);

#endif
