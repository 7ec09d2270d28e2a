// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SHELF_H
#define SHELF_H

#include <stdbool.h>
#include <stdint.h>

#include "str.h"

struct baseline;
struct config;
struct listmap;

/*
 * The lists of the configuration, as one map that is there to be looked up in,
 * and what other hosts ran, likewise.
 * A child process reads and packs them, so that nothing waits for it, and a
 * new map takes the place of the old one whole. Lists are looked at once a
 * minute, and read again when one of them has changed. While one cannot be
 * read, the map before stays; where there is none yet, the others make one.
 */
struct shelf;

/* NULL when out of memory. */
struct shelf *shelf_new(void) __attribute__((warn_unused_result));
void shelf_free(struct shelf *s);
/* Does what is due; now_ms never steps. cf is borrowed until it returns. */
void shelf_tick(struct shelf *s, const struct config *cf, int64_t now_ms);
/* When that is, INT64_MAX for never. */
int64_t shelf_due_ms(const struct shelf *s);
/* The lists are others from now on: looks at them with the next tick. */
void shelf_reload(struct shelf *s);
/* Reads them here and now, waiting for it. -1: a list cannot be read, *why has
 * a line for each. */
int shelf_load(struct shelf *s, const struct config *cf, int64_t wall_ms,
	struct str *why) __attribute__((warn_unused_result));
/* Borrowed from s, which may be NULL as they are then; what they have is theirs
 * until the next tick or load. */
const struct listmap *shelf_map(const struct shelf *s);
const struct baseline *shelf_baseline(const struct shelf *s);

#endif
