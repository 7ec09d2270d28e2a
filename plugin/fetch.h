// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef FETCH_H
#define FETCH_H

#include "str.h"

struct config;

/*
 * The feeds of the configuration: each is fetched as often as it says, only if
 * it has changed, and takes the place of the file before whole. What fails is
 * said once and tried again after longer and longer; the file before stays.
 */
struct fetch;

struct fetch_hooks {
	/* What fd waits for: bits of enum loop_what, 0 for nothing more. */
	void (*watch)(void *arg, int fd, unsigned int what);
	void *arg;
};

/* NULL: *why says what cannot be. Else *why may have lines, too: a feed whose
 * key cannot be read is not fetched. cf outlives it. */
struct fetch *fetch_new(const struct config *cf,
	const struct fetch_hooks *hooks, struct str *why)
	__attribute__((warn_unused_result));
void fetch_free(struct fetch *f);
void fetch_ready(struct fetch *f, int fd, unsigned int what);
/* All of them are due now. */
void fetch_all(struct fetch *f);
/* Does what is due, and in how many ms that is again; -1: nothing is. */
void fetch_tick(struct fetch *f);
int fetch_due_ms(const struct fetch *f);

#endif
