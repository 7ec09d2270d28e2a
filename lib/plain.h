// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef PLAIN_H
#define PLAIN_H

#include <stdbool.h>
#include <stddef.h>

#include "str.h"

/*
 * Shell texts with commands whose words are broken up where nothing needs it:
 * w'g'et, c\at, cat${IFS}/etc/passwd, {cat,/etc/passwd}. These are written out
 * as anybody would write them; the rest of the text stays as it is.
 */

/* Texts within a text that shells are given, each a result of its own. */
#define PLAIN_TEXTS_MAX 8

struct plain;

struct plain_result {
	struct bytes text;
	bool has_quotes; /* in words, not just ${IFS} and lists for blanks */
};

/* NULL when out of memory. */
struct plain *plain_new(void) __attribute__((warn_unused_result));
void plain_free(struct plain *p);
/* Whether a text, of a shell, may have any of this; a look at its bytes. */
bool plain_may(struct bytes text);
/* Reads a shell text and those within it, in time linear to its length. The
 * results are there until the next call. Returns how many there are. */
size_t plain_run(struct plain *p, struct bytes text);
struct plain_result plain_result(const struct plain *p, size_t i);

#endif
