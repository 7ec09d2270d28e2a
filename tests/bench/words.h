// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Texts with random items: %w word, %n number, %x eight hexadecimal digits,
 * %f file, %a any address, %h the session's address, %u its user's name,
 * %p a payload in Base64.
 */
#ifndef BENCH_WORDS_H
#define BENCH_WORDS_H

#include "stream.h"

const char *words_any(uint64_t *random);
void words_address(struct buf *b, unsigned int n);
void words_expand(struct buf *b, const char *text, const struct session *who,
	uint64_t *random);

#endif
