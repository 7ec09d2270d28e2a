// SPDX-License-Identifier: GPL-3.0-or-later
/* ustar, GNU and the old format: what they have in common is enough. */
#include "decode.h"

#include <stdint.h>

#include "text.h"

#define BLOCK 512

/* The number in a field of octal digits; len is not over 12. */
static uint64_t octal(const char *p, size_t len)
{
	uint64_t v = 0;

	for (size_t i = 0; i < len; i++) {
		if (p[i] >= '0' && p[i] <= '7')
			v = v * 8 + (uint64_t)(p[i] - '0');
		else if (p[i] != ' ' || v)
			break;
	}
	return v;
}

static bool is_header(struct bytes tar, size_t at)
{
	uint64_t sum = 8 * ' ';

	if (at > tar.len || tar.len - at < BLOCK || !tar.p[at])
		return false;
	for (size_t i = 0; i < BLOCK; i++)
		if (i < 148 || i >= 156)
			sum += (unsigned char)tar.p[at + i];
	return sum == octal(tar.p + at + 148, 8);
}

static bool is_it(const struct decode_packed *in)
{
	return is_header(in->bytes, 0);
}

static bool unpack(const struct decode_packed *in, size_t *pos, struct str *out)
{
	struct bytes tar = in->bytes;

	while (is_header(tar, *pos) && !out->len && str_ok(out)) {
		const char *h = tar.p + *pos;
		uint64_t size = octal(h + 124, 12);
		size_t at = *pos + BLOCK, len = tar.len - at, room;

		if (size < len)
			len = (size_t)size;
		*pos = at + (len + BLOCK - 1) / BLOCK * BLOCK;
		if (h[156] != '0' && h[156] != '\0' && h[156] != '7')
			continue;
		room = out->max - out->len;
		str_add(out, tar.p + at, len < room ? len : room);
		if (len > room)
			out->is_short = true;
	}
	return out->len || !str_ok(out);
}

const struct unpacker unpacker_tar = {
	.name = "tar",
	.is_it = is_it,
	.unpack = unpack,
};
