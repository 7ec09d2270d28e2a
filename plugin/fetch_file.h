// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef FETCH_FILE_H
#define FETCH_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "str.h"

/*
 * A file that is being written beside the one whose place it is to take, whole
 * or not at all.
 */
struct fetch_file;

/* NULL: *why says why it cannot be. file: where it goes in the end. */
struct fetch_file *fetch_file_open(const char *file, struct str *why)
	__attribute__((warn_unused_result));
/* Adds at its end. -1: the disk does not take it; *why says so. */
int fetch_file_add(struct fetch_file *f, struct bytes piece, struct str *why)
	__attribute__((warn_unused_result));
size_t fetch_file_len(const struct fetch_file *f);
/* Its first bytes, at most n, appended. -1: it cannot be read. */
int fetch_file_head(const struct fetch_file *f, size_t n, struct str *to)
	__attribute__((warn_unused_result));
/* Whether that is the SHA-256 of what was added; only asked once. */
bool fetch_file_is(struct fetch_file *f, const unsigned char pin[32]);
/* Has it take its place. -1: *why says why it could not. Freed either way. */
int fetch_file_keep(struct fetch_file *f, struct str *why)
	__attribute__((warn_unused_result));
/* Leaves nothing of it; f may be NULL. */
void fetch_file_drop(struct fetch_file *f);

#endif
