// SPDX-License-Identifier: GPL-3.0-or-later
/* RFC 1950. */
#include "decode.h"

#include "inflate.h"

static bool is_it(const struct decode_packed *in)
{
	const unsigned char *p = (const unsigned char *)in->bytes.p;

	return in->bytes.len > 6 && p[0] == 0x78 &&
	       (p[0] << 8 | p[1]) % 31 == 0 && !(p[1] & 0x20);
}

static bool unpack(const struct decode_packed *in, size_t *pos, struct str *out)
{
	bool is_first = !*pos;

	if (!is_first)
		return false;
	return inflate_bytes(in->bytes, INFLATE_ZLIB, pos, out) || out->len;
}

const struct unpacker unpacker_zlib = {
	.name = "zlib",
	.is_it = is_it,
	.unpack = unpack,
};
