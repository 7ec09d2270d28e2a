// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef UNPACK_H
#define UNPACK_H

#include <stddef.h>

struct decode_packed;
struct unpacker;

/* The first unpacker from row *i on, which is then its row, that is for the
 * bytes and what the text around says of them, from operation *op on, which is
 * then the one behind it. NULL: none. */
const struct unpacker *unpack_find(
	struct decode_packed *packed, size_t *i, size_t *op);

#endif
