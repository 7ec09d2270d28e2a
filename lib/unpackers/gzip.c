// SPDX-License-Identifier: GPL-3.0-or-later
/* RFC 1952; one member after the other is one file. */
#include "decode.h"

#include "inflate.h"

static bool is_it(const struct decode_packed *in)
{
	return in->bytes.len > 10 && !memcmp(in->bytes.p, "\x1f\x8b\x08", 3);
}

static bool unpack(const struct decode_packed *in, size_t *pos, struct str *out)
{
	struct bytes left = in->bytes;
	size_t used;

	if (*pos)
		return false;
	*pos = in->bytes.len;
	while (left.len > 10 && !memcmp(left.p, "\x1f\x8b\x08", 3) &&
		inflate_bytes(left, INFLATE_GZIP, &used, out)) {
		left.p += used;
		left.len -= used;
	}
	return out->len || left.len < in->bytes.len;
}

const struct unpacker unpacker_gzip = {
	.name = "gzip",
	.is_it = is_it,
	.unpack = unpack,
};
