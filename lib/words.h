// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef WORDS_H
#define WORDS_H

#include <stdint.h>

#include "str.h"

/*
 * Which of some words a text has in it, in any case, in one pass that costs
 * the same for one word and for a hundred (Aho and Corasick, 1975).
 */
struct words;

/* NULL when out of memory. */
struct words *words_new(void) __attribute__((warn_unused_result));
void words_free(struct words *w);
/* A text with word, in lower case, gets bit. Before words_ready only. -1: out
 * of memory, or more words than there is room for. */
int words_add(struct words *w, const char *word, unsigned int bit)
	__attribute__((warn_unused_result));
void words_ready(struct words *w);
/* The bits of all words in text. */
uint32_t words_in(const struct words *w, struct bytes text);

#endif
