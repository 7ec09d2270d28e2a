// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef TOOLS_H
#define TOOLS_H

#include <stdint.h>

#include "str.h"

/*
 * The rows of decoders.def, and which of their tools a text names: bit i
 * stands for row i. One pass over a text asks for all of them.
 */

/* The bit of a text that names the key of an XOR: ^0x41, ^ 65, xor. */
#define TOOLS_XOR (UINT32_C(1) << 31)
/* The bit of a text that names a command that changes text: tr, sed... */
#define TOOLS_RESHAPE (UINT32_C(1) << 30)
/* No decoder's. */
#define TOOLS_BESIDE (TOOLS_XOR | TOOLS_RESHAPE)

struct decoder;
struct words;

extern const struct decoder *const tools_rows[];
extern const size_t tools_n;

/* All rows' words; NULL when out of memory. */
struct words *tools_words(void) __attribute__((warn_unused_result));
uint32_t tools_in(const struct words *words, struct bytes text);

#endif
