// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Five characters for four bytes: Adobe's ascii85 (<~...~>), RFC 1924's as in
 * Python's b85decode, and ZeroMQ's Z85. The string is given to a decoder.
 */
#include "decode.h"

#include <stdint.h>

#include "text.h"
#include "undo.h"

#define LEN_MIN   5
#define PLAIN_MIN 3

static const char *const words[] = { "a85", "b85", "z85", "ascii85", "base85",
	NULL };

static void add_group(struct str *out, uint64_t v, size_t n)
{
	char b[4] = { (char)(v >> 24), (char)(v >> 16), (char)(v >> 8),
		(char)v };

	str_add(out, b, n);
}

/* False: a character or a group that no encoder gives. */
static bool decode(struct bytes s, enum undo_base85 base, struct str *out)
{
	uint64_t v = 0;
	size_t n = 0;

	for (size_t i = 0; i < s.len; i++) {
		int d = undo_value85(base, s.p[i]);

		if (memchr(" \t\r\n", s.p[i], 4))
			continue;
		if (base == UNDO_ASCII85 && s.p[i] == 'z' && !n) {
			add_group(out, 0, 4);
			continue;
		}
		if (d < 0)
			return false;
		v = v * 85 + (unsigned int)d;
		if (++n < 5)
			continue;
		if (v > UINT32_MAX)
			return false;
		add_group(out, v, 4);
		v = n = 0;
	}
	if (n == 1)
		return false;
	for (size_t i = n; n && i < 5; i++)
		v = v * 85 + 84;
	add_group(out, v, n ? n - 1 : 0);
	return true;
}

static bool is_payload(const struct str *out)
{
	struct bytes plain = text_whole(out);

	return plain.len >= PLAIN_MIN &&
	       (text_kind(plain.p, plain.len) != TEXT_BINARY ||
		       (plain.len > 12 &&
			       (!memcmp(plain.p, "\x1f\x8b", 2) ||
				       !memcmp(plain.p, "x\x9c", 2) ||
				       !memcmp(plain.p, "x\xda", 2))));
}

/* Tries the alphabets that the text names. */
static bool attempt(struct bytes s, bool is_adobe, bool is_z85, struct str *out)
{
	if (s.len > 4 && !memcmp(s.p, "<~", 2)) {
		s.len -= s.p[s.len - 2] == '~' ? 4 : 2;
		s.p += 2;
		is_adobe = true;
	}
	str_reset(out);
	if (is_adobe)
		return decode(s, UNDO_ASCII85, out) && is_payload(out);
	if (decode(s, UNDO_RFC1924, out) && is_payload(out))
		return true;
	str_reset(out);
	return is_z85 && decode(s, UNDO_Z85, out) && is_payload(out);
}

/* Which alphabets the text names. */
enum { KNOWN = 1, ADOBE = 2, Z85 = 4 };

static unsigned int alphabets_in(const struct decode_text *in)
{
	bool is_adobe, is_z85;

	if (*in->memo)
		return *in->memo;
	is_adobe = text_find(in->text, BYTES("a85")) ||
		   text_find(in->text, BYTES("ascii85"));
	is_z85 = text_find(in->text, BYTES("z85"));
	*in->memo = KNOWN | (is_adobe ? ADOBE : 0) | (is_z85 ? Z85 : 0);
	return *in->memo;
}

static bool find(const struct decode_text *in, size_t from,
	struct decode_found *found, struct str *out)
{
	struct operand_walk w = { .text = in->text, .i = from };
	unsigned int alphabets = alphabets_in(in);
	bool is_alone = operand_is_alone(in->text, 0, in->text.len);

	while (operand_next(&w)) {
		struct bytes s = { w.text.p + w.at, w.end - w.at };

		if (s.len < LEN_MIN ||
			(!operand_is_in_place(w.text, w.at) && !is_alone))
			continue;
		if (!attempt(s, alphabets & ADOBE, alphabets & Z85, out))
			continue;
		*found = (struct decode_found){
			.at = w.at, .end = w.end, .name = "ascii85"
		};
		return true;
	}
	return false;
}

const struct decoder decoder_ascii85 = {
	.name = "ascii85",
	.words = words,
	.find = find,
};
