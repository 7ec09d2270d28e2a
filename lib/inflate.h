// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef INFLATE_H
#define INFLATE_H

#include <stdbool.h>

#include "str.h"

enum inflate_kind { INFLATE_GZIP, INFLATE_ZLIB, INFLATE_RAW };

/* Appends what the stream at the start of in holds, as far as out takes it;
 * *used is its length. False: damaged, or it ends early; what came before that
 * was appended. */
bool inflate_bytes(
	struct bytes in, enum inflate_kind kind, size_t *used, struct str *out);

#endif
