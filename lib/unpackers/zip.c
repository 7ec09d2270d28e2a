// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Member after member by its local header (APPNOTE.TXT 4.3.7); the directory
 * at the end is not looked at. Encrypted members and rare methods are passed.
 */
#include "decode.h"

#include <stdint.h>

#include "inflate.h"
#include "text.h"

#define HEADER    30
#define STORED    0
#define DEFLATED  8
#define ENCRYPTED 1
#define STREAMED  8 /* the sizes stand behind the data */

static uint32_t u16(const char *p)
{
	return (uint32_t)(unsigned char)p[0] | (uint32_t)(unsigned char)p[1]
						       << 8;
}

static uint32_t u32(const char *p)
{
	return u16(p) | u16(p + 2) << 16;
}

static bool is_it(const struct decode_packed *in)
{
	return in->bytes.len > HEADER && !memcmp(in->bytes.p, "PK\x03\x04", 4);
}

/* The member whose header is at *pos; moves *pos behind it. */
static void member(struct bytes zip, size_t *pos, struct str *out)
{
	const char *h = zip.p + *pos;
	uint32_t flags = u16(h + 6), method = u16(h + 8);
	size_t len = u32(h + 18), used = 0;
	size_t at = *pos + HEADER + u16(h + 26) + u16(h + 28);
	struct bytes data;

	if (at > zip.len)
		at = zip.len;
	data = (struct bytes){ zip.p + at, zip.len - at };
	if (!(flags & STREAMED) && len < data.len)
		data.len = len;
	*pos = at + (flags & STREAMED ? 0 : data.len);
	if (flags & ENCRYPTED)
		return;
	if (method == DEFLATED) {
		inflate_bytes(data, INFLATE_RAW, &used, out);
		*pos = at + (flags & STREAMED ? used : data.len);
		return;
	}
	if (method != STORED || flags & STREAMED)
		return;
	used = out->max - out->len;
	str_add(out, data.p, data.len < used ? data.len : used);
	if (data.len > used)
		out->is_short = true;
}

static bool unpack(const struct decode_packed *in, size_t *pos, struct str *out)
{
	struct bytes zip = in->bytes;

	while (*pos < zip.len && !out->len && str_ok(out)) {
		struct bytes rest = { zip.p + *pos, zip.len - *pos };
		const char *next = text_find(rest, BYTES("PK\x03\x04"));

		if (!next || zip.len - (size_t)(next - zip.p) < HEADER) {
			*pos = zip.len;
			break;
		}
		*pos = (size_t)(next - zip.p);
		member(zip, pos, out);
	}
	return out->len || !str_ok(out);
}

const struct unpacker unpacker_zip = {
	.name = "zip",
	.is_it = is_it,
	.unpack = unpack,
};
