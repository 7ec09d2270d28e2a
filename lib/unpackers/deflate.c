// SPDX-License-Identifier: GPL-3.0-or-later
/* RFC 1951 without a header: nothing but the text around it tells. */
#include "decode.h"

#include "inflate.h"
#include "text.h"

/* inflateRawSync, gzinflate, DeflateStream; decompress(..., -15). */
static bool is_it(const struct decode_packed *in)
{
	return text_find(in->op.name, BYTES("inflate")) ||
	       text_has_folded(in->op.name, BYTES("deflate")) ||
	       text_find(in->op.name, BYTES("decompress"));
}

static bool unpack(const struct decode_packed *in, size_t *pos, struct str *out)
{
	if (*pos)
		return false;
	return (inflate_bytes(in->bytes, INFLATE_RAW, pos, out) ||
		       !str_ok(out)) &&
	       out->len;
}

const struct unpacker unpacker_deflate = {
	.name = "deflate",
	.is_said = true,
	.is_it = is_it,
	.unpack = unpack,
};
