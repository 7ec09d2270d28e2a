// SPDX-License-Identifier: GPL-3.0-or-later
#include "decode.h"

#include <zstd.h>

#define BLOCK 16384
/* Its tables and window are asked for and given back. */
#define WINDOW_WORK (192u * 1024)
/* 2^23 bytes are what zstd -19 and below ask for; files this short need less.
 */
#define WINDOW_LOG_MAX 23

static bool is_zstd(const struct decode_packed *in)
{
	return in->bytes.len > 8 && !memcmp(in->bytes.p, "\x28\xb5\x2f\xfd", 4);
}

static bool unpack(const struct decode_packed *in, size_t *pos, struct str *out)
{
	ZSTD_inBuffer from = { in->bytes.p, in->bytes.len, 0 };
	ZSTD_DStream *z;
	size_t rc = 1;

	if (*pos)
		return false;
	*pos = in->bytes.len;
	z = ZSTD_createDStream();
	if (!z)
		return false;
	if (ZSTD_isError(ZSTD_DCtx_setParameter(
		    z, ZSTD_d_windowLogMax, WINDOW_LOG_MAX)))
		rc = 0;
	while (rc && !ZSTD_isError(rc) && str_ok(out)) {
		char block[BLOCK];
		ZSTD_outBuffer to = { block, sizeof(block), 0 };
		size_t room = out->max - out->len, at = from.pos;

		rc = ZSTD_decompressStream(z, &to, &from);
		str_add(out, block, to.pos < room ? to.pos : room);
		if (to.pos > room)
			out->is_short = true;
		/* The input ended too early. */
		if (!to.pos && from.pos == at)
			break;
	}
	ZSTD_freeDStream(z);
	return out->len || !rc;
}

const struct unpacker unpacker_zstd = {
	.name = "zstd",
	.work = WINDOW_WORK,
	.is_it = is_zstd,
	.unpack = unpack,
};
