// SPDX-License-Identifier: GPL-3.0-or-later
/* XOR with one byte, which the text around names: ^0x41, ^ 65, xor 65. */
#include "decode.h"

#include <ctype.h>

#include "text.h"

/* How far the key may stand from what it undoes. */
#define LOOK_AROUND 400

/* The number at i, -1: none that fits into a byte, or 0. */
static int number(struct bytes t, size_t i)
{
	bool is_hex =
		i + 2 < t.len && t.p[i] == '0' && (t.p[i + 1] | 0x20) == 'x';
	int v = 0;
	size_t n = 0;

	for (i += is_hex ? 2 : 0; i < t.len && n < 4; i++, n++) {
		int d = text_hexval(t.p[i]);

		if (d < 0 || (!is_hex && d > 9))
			break;
		v = v * (is_hex ? 16 : 10) + d;
	}
	return n && v > 0 && v < 256 ? v : -1;
}

/* The first key in b. */
static int key_in(struct bytes b)
{
	for (size_t i = 0; i + 1 < b.len; i++) {
		size_t j = i + 1;
		int v;

		if (b.p[i] != '^' &&
			!(i + 3 < b.len && (b.p[i] | 0x20) == 'x' &&
				(b.p[i + 1] | 0x20) == 'o' &&
				(b.p[i + 2] | 0x20) == 'r'))
			continue;
		if (b.p[i] != '^')
			j = i + 3;
		while (j < b.len && b.p[j] && strchr(" =(,'\"", b.p[j]))
			j++;
		v = number(b, j);
		if (v > 0)
			return v;
	}
	return -1;
}

static int key_of(const struct decode_packed *in)
{
	size_t from = in->at > LOOK_AROUND ? in->at - LOOK_AROUND : 0;
	size_t to = in->text.len - in->end > LOOK_AROUND ? in->end + LOOK_AROUND
							 : in->text.len;
	int key = key_in((struct bytes){ in->text.p + in->end, to - in->end });

	if (key > 0)
		return key;
	return key_in((struct bytes){ in->text.p + from, in->at - from });
}

/* ^2 may be a pattern of grep's: what is readable already is not touched but
 * in a program that goes from character to character. */
static bool is_it(const struct decode_packed *in)
{
	if (!in->has_xor || key_of(in) < 0)
		return false;
	return !in->is_text || text_find(in->text, BYTES("ord(")) ||
	       text_find(in->text, BYTES("chr(")) ||
	       text_find(in->text, BYTES("bytes(")) ||
	       text_find(in->text, BYTES("harCode"));
}

static bool unpack(const struct decode_packed *in, size_t *pos, struct str *out)
{
	int key = key_of(in);

	if (*pos)
		return false;
	*pos = in->bytes.len;
	for (size_t i = 0; i < in->bytes.len; i++)
		str_addc(out, (char)(in->bytes.p[i] ^ key));
	return text_kind(out->p ? out->p : "", out->len) != TEXT_BINARY;
}

const struct unpacker unpacker_xor = {
	.name = "xor",
	.takes_text = true,
	.is_it = is_it,
	.unpack = unpack,
};
