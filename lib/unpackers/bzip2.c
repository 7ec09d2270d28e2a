// SPDX-License-Identifier: GPL-3.0-or-later
#include "decode.h"

#include <bzlib.h>
#include <limits.h>
#include <stdint.h>

#define BLOCK 16384
/* The least stream has a block of 900 kB undone. */
#define BLOCK_WORK (900u * 1024)

static bool is_it(const struct decode_packed *in)
{
	const char *p = in->bytes.p;

	return in->bytes.len > 10 && !memcmp(p, "BZh", 3) && p[3] >= '1' &&
	       p[3] <= '9' &&
	       (!memcmp(p + 4, "1AY&SY", 6) ||
		       !memcmp(p + 4, "\x17rE8P\x90", 6));
}

static bool unpack(const struct decode_packed *in, size_t *pos, struct str *out)
{
	size_t len = in->bytes.len;
	bz_stream z = { .next_in = (char *)(uintptr_t)in->bytes.p,
		.avail_in = len < UINT_MAX ? (unsigned int)len : UINT_MAX };
	char block[BLOCK];
	int rc = BZ_OK;

	if (*pos)
		return false;
	*pos = len;
	if (BZ2_bzDecompressInit(&z, 0, 0) != BZ_OK)
		return false;
	while (rc == BZ_OK && str_ok(out)) {
		size_t room = out->max - out->len, n;

		z.next_out = block;
		z.avail_out = BLOCK;
		rc = BZ2_bzDecompress(&z);
		n = BLOCK - z.avail_out;
		str_add(out, block, n < room ? n : room);
		if (n > room)
			out->is_short = true;
		if (!n && !z.avail_in)
			break;
	}
	BZ2_bzDecompressEnd(&z);
	return out->len || rc == BZ_STREAM_END;
}

const struct unpacker unpacker_bzip2 = {
	.name = "bzip2",
	.work = BLOCK_WORK,
	.is_it = is_it,
	.unpack = unpack,
};
