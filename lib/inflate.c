// SPDX-License-Identifier: GPL-3.0-or-later
#include "inflate.h"

#include <limits.h>
#include <stdint.h>
#include <zlib.h>

#define BLOCK 16384

static int window(enum inflate_kind kind)
{
	if (kind == INFLATE_GZIP)
		return MAX_WBITS + 16;
	return kind == INFLATE_RAW ? -MAX_WBITS : MAX_WBITS;
}

/* zlib wants it writable and leaves it alone. */
static Bytef *unconst(const char *p)
{
	return (Bytef *)(uintptr_t)p;
}

bool inflate_bytes(
	struct bytes in, enum inflate_kind kind, size_t *used, struct str *out)
{
	z_stream z = { .next_in = unconst(in.p),
		.avail_in = in.len < UINT_MAX ? (uInt)in.len : UINT_MAX };
	unsigned char block[BLOCK];
	int rc = Z_OK;

	*used = 0;
	if (inflateInit2(&z, window(kind)) != Z_OK)
		return false;
	while (rc == Z_OK && str_ok(out)) {
		size_t room = out->max - out->len, n;

		z.next_out = block;
		z.avail_out = BLOCK;
		rc = inflate(&z, Z_NO_FLUSH);
		n = BLOCK - z.avail_out;
		str_add(out, (const char *)block, n < room ? n : room);
		if (n > room)
			out->is_short = true;
	}
	*used = in.len - z.avail_in;
	inflateEnd(&z);
	return rc == Z_STREAM_END;
}
