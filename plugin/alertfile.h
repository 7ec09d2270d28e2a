// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef ALERTFILE_H
#define ALERTFILE_H

#include <stdint.h>

#include "str.h"

struct alert_table;
struct config;

/*
 * The alerts of others, from a file (tables.h) that is looked at once a minute
 * and read again when it has changed: by a child process, so that nothing waits
 * for it. While it cannot be read, those before stay.
 */
struct alertfile;

/* NULL when out of memory. The table is borrowed. */
struct alertfile *alertfile_new(struct alert_table *table)
	__attribute__((warn_unused_result));
void alertfile_free(struct alertfile *f);
/* Does what is due; now_ms never steps. cf is borrowed until it returns. */
void alertfile_tick(
	struct alertfile *f, const struct config *cf, int64_t now_ms);
/* When that is. */
int64_t alertfile_due_ms(const struct alertfile *f);
/* It may be another file from now on: looks with the next tick. */
void alertfile_reload(struct alertfile *f);
/* Reads it here and now. -1: it cannot be, *why says why not. */
int alertfile_load(struct alert_table *table, const struct config *cf,
	struct str *why) __attribute__((warn_unused_result));

#endif
