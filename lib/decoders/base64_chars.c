// SPDX-License-Identifier: GPL-3.0-or-later
#include "base64_chars.h"

#include <stdint.h>

/* Three bytes of four characters, whose last 16 bits go to *bits. */
static bool decode_four(const char *p, char *to, uint32_t *bits)
{
	int a = base64_value(p[0]), b = base64_value(p[1]),
	    c = base64_value(p[2]), d = base64_value(p[3]);
	uint32_t v;

	if ((a | b | c | d) < 0)
		return false;
	v = (uint32_t)a << 18 | (uint32_t)b << 12 | (uint32_t)c << 6 |
	    (uint32_t)d;
	to[0] = (char)(v >> 16);
	to[1] = (char)(v >> 8);
	to[2] = (char)v;
	*bits = v & 0xffff;
	return true;
}

bool base64_decode(struct bytes chars, size_t n_max, struct str *out)
{
	uint32_t bits = 0;
	size_t n = 0, n_bits = 0;
	char block[768] = "";
	size_t len = 0;

	for (size_t i = 0; i < chars.len && n < n_max; i++) {
		const char *p = chars.p + i;

		if (len > sizeof(block) - 3) {
			str_add(out, block, len);
			len = 0;
		}
		if (!n_bits && chars.len - i >= 4 && n_max - n >= 4 &&
			decode_four(p, block + len, &bits)) {
			len += 3;
			n += 4;
			i += 3;
			continue;
		}
		if (base64_value(*p) < 0)
			continue;
		n++;
		bits = (bits << 6 | (uint32_t)base64_value(*p)) & 0xffff;
		n_bits += 6;
		if (n_bits < 8)
			continue;
		n_bits -= 8;
		block[len++] = (char)(bits >> n_bits);
	}
	str_add(out, block, len);
	return n_bits < 6 && !(bits & ((1u << n_bits) - 1));
}

enum class { UPPER = 1, LOWER = 2, DIGIT = 4, MARK = 8, NOT_HEX = 16 };

/* Of the alphabets' characters. */
static const unsigned char classes[256] = {
	['0' ... '9'] = DIGIT,
	['A' ... 'F'] = UPPER,
	['G' ... 'Z'] = UPPER | NOT_HEX,
	['a' ... 'f'] = LOWER,
	['g' ... 'z'] = LOWER | NOT_HEX,
	['+'] = MARK | NOT_HEX,
	['/'] = MARK | NOT_HEX,
	['-'] = MARK | NOT_HEX,
	['_'] = MARK | NOT_HEX,
};

struct base64_classes base64_classes(struct bytes chars)
{
	unsigned int all = 0;

	for (size_t i = 0; i < chars.len; i++)
		all |= classes[(unsigned char)chars.p[i]];
	return (struct base64_classes){ .upper = all & UPPER,
		.lower = all & LOWER,
		.digit = all & DIGIT,
		.other = all & MARK,
		.is_hex = !(all & NOT_HEX) };
}
