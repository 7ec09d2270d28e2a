// SPDX-License-Identifier: GPL-3.0-or-later
/* .xz, and the .lzma that came before it. */
#include "decode.h"

#include <lzma.h>

#define BLOCK 16384
/* A dictionary is asked for and given back. */
#define DICT_WORK (256u * 1024)
/* What xz -9 asks for is 65 MiB, all of it touched only by files as long. */
#define MEMORY_MAX (66u << 20)

static bool is_xz(const struct decode_packed *in)
{
	return in->bytes.len > 12 && !memcmp(in->bytes.p, "\xfd\x37zXZ\0", 6);
}

/* Its header: the usual properties, a dictionary size that is a power of two,
 * or half as much again, and a length below 2^40 or unknown. */
static bool is_lzma(const struct decode_packed *in)
{
	const unsigned char *p = (const unsigned char *)in->bytes.p;
	uint32_t dict;
	bool is_unknown;

	if (in->bytes.len < 14 || p[0] != 0x5d)
		return false;
	dict = (uint32_t)p[1] | (uint32_t)p[2] << 8 | (uint32_t)p[3] << 16 |
	       (uint32_t)p[4] << 24;
	is_unknown = !memcmp(p + 5, "\xff\xff\xff\xff\xff\xff\xff\xff", 8);
	if (dict < 4096 || (!is_unknown && (p[10] | p[11] | p[12])))
		return false;
	while (!(dict & 1))
		dict >>= 1;
	return dict == 1 || dict == 3;
}

static bool unpack(const struct decode_packed *in, size_t *pos, struct str *out)
{
	lzma_stream z = LZMA_STREAM_INIT;
	uint8_t block[BLOCK];
	lzma_ret rc = LZMA_OK;

	if (*pos)
		return false;
	*pos = in->bytes.len;
	if (lzma_auto_decoder(&z, MEMORY_MAX, 0) != LZMA_OK)
		return false;
	z.next_in = (const uint8_t *)in->bytes.p;
	z.avail_in = in->bytes.len;
	while (rc == LZMA_OK && str_ok(out)) {
		size_t room = out->max - out->len, n;

		z.next_out = block;
		z.avail_out = BLOCK;
		rc = lzma_code(&z, LZMA_RUN);
		n = BLOCK - z.avail_out;
		str_add(out, (const char *)block, n < room ? n : room);
		if (n > room)
			out->is_short = true;
	}
	lzma_end(&z);
	if (rc == LZMA_MEMLIMIT_ERROR || rc == LZMA_MEM_ERROR)
		out->is_short = true;
	return out->len || rc == LZMA_STREAM_END;
}

const struct unpacker unpacker_xz = {
	.name = "xz",
	.work = DICT_WORK,
	.is_it = is_xz,
	.unpack = unpack,
};

const struct unpacker unpacker_lzma = {
	.name = "lzma",
	.work = DICT_WORK,
	.is_it = is_lzma,
	.unpack = unpack,
};
