// SPDX-License-Identifier: GPL-3.0-or-later
/* Base32 (RFC 4648), padded or not, wrapped or not, beside a tool for it. */
#include "decode.h"

#include <ctype.h>

#include "text.h"

#define LEN_MIN_OPERAND 4
#define LEN_MIN         16

static const char *const words[] = { "base32", "b32", "decode32", NULL };

static bool has_context(struct bytes text)
{
	return text_find(text, BYTES("b32decode")) ||
	       text_find(text, BYTES("b32d")) ||
	       text_find(text, BYTES("decode32")) ||
	       text_find(text, BYTES("decode_base32")) ||
	       (text_find(text, BYTES("base32")) &&
		       (text_find(text, BYTES(" -d")) ||
			       text_find(text, BYTES(",-d")) ||
			       text_find(text, BYTES("-D")) ||
			       text_find(text, BYTES("--d"))));
}

static int value(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	return c >= '2' && c <= '7' ? c - '2' + 26 : -1;
}

/* Appends what stands from *i on, which is then behind it and its padding;
 * the number of characters, 0 if no encoder gives as many or such bits. */
static size_t decode(struct bytes t, size_t *i, struct str *out)
{
	uint32_t bits = 0;
	size_t n = 0, n_bits = 0, j = *i;

	for (; j < t.len; j++) {
		int v = value(t.p[j]);

		if (v < 0 && (t.p[j] != '\n' && t.p[j] != '\r'))
			break;
		if (v < 0)
			continue;
		bits = (bits << 5 | (uint32_t)v) & 0xffff;
		n++;
		n_bits += 5;
		if (n_bits < 8)
			continue;
		n_bits -= 8;
		str_addc(out, (char)(bits >> n_bits));
	}
	while (j < t.len && t.p[j] == '=')
		j++;
	*i = j;
	return n_bits < 5 && !(bits & ((1u << n_bits) - 1)) ? n : 0;
}

static bool judge(const struct decode_text *in, size_t at, size_t end, size_t n,
	const struct str *out)
{
	struct bytes plain = text_whole(out);
	bool is_operand = (in->is_named && operand_is_in_place(in->text, at)) ||
			  operand_is_alone(in->text, at, end);
	enum text_kind kind = text_kind(plain.p, plain.len);

	if (n < (is_operand ? LEN_MIN_OPERAND : LEN_MIN))
		return false;
	if (end < in->text.len && isalnum((unsigned char)in->text.p[end]))
		return false;
	if (kind != TEXT_BINARY)
		return true;
	return is_operand && plain.len > 8;
}

static bool find(const struct decode_text *in, size_t from,
	struct decode_found *found, struct str *out)
{
	struct bytes t = in->text;
	size_t i = from;

	while (i < t.len) {
		size_t at = i, n;

		if (value(t.p[i]) < 0 ||
			(i && isalnum((unsigned char)t.p[i - 1]))) {
			i++;
			continue;
		}
		str_reset(out);
		n = decode(t, &i, out);
		if (!n || !judge(in, at, i, n, out))
			continue;
		*found = (struct decode_found){
			.at = at, .end = i, .name = "base32"
		};
		return true;
	}
	return false;
}

const struct decoder decoder_base32 = {
	.name = "base32",
	.words = words,
	.has_context = has_context,
	.find = find,
};
