// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef FETCH_META_H
#define FETCH_META_H

#include <stdint.h>

#include "str.h"

/*
 * What is kept beside a feed's file, so that the next time nothing comes that
 * is there already: lines "NAME VALUE". The tags are the server's words, which
 * go back to it as they came; ASCII without control characters, else they are
 * left out.
 */
#define FETCH_META_MAX 4096

struct fetch_meta {
	uint64_t source; /* fetch_meta_source of what it came from */
	int64_t checked_ms; /* since the epoch; 0: never */
	char etag[256], modified[64];
	char after[64]; /* of taxii: when the last object was added */
};

/* Tells one source from another. */
uint64_t fetch_meta_source(const char *kind, const char *url);
/* Whatever the text is, *m is good to use; lines that say nothing are passed
 * over. */
void fetch_meta_parse(struct fetch_meta *m, struct bytes text);
void fetch_meta_print(const struct fetch_meta *m, struct str *out);
/* Copies a tag of size bytes with its NUL; "" where it cannot be kept. */
void fetch_meta_tag(char *to, size_t size, struct bytes from);

#endif
