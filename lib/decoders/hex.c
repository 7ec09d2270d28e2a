// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Hexadecimal digits, in one run or with blanks between bytes, beside a tool
 * that takes them: xxd -r, unhexlify, fromhex, pack("H*"), Buffer.from(,
 * 'hex').
 */
#include "decode.h"

#include <ctype.h>

#include "text.h"

/* Digits of a payload that stands where the tool's operand would, and of one
 * that stands anywhere else. */
#define DIGITS_MIN_OPERAND 4
#define DIGITS_MIN         16
/* How far an option stands behind its command. */
#define LOOK_AHEAD 24
/* Of bytes that an XOR makes a text of. */
#define MASKED_MIN 5

static const char *const words[] = { "xxd", "unhex", "fromhex", "hex2bin",
	"a2b_hex", "pack", "'hex", "\"hex", "base16", "decode_hex",
	"hextobytes", "b16", ",16)", ", 16)", "hexdec", "chr hex", "chr(hex",
	",16))", ".hex.chr", "to_i(16)", "to_bytes(", "sqlite3", "16i ", NULL };

/* A name with another string close behind it. */
static bool has_near(struct bytes text, struct bytes name, struct bytes near)
{
	const char *p;

	while ((p = text_find(text, name))) {
		size_t past = (size_t)(p - text.p) + name.len;
		struct bytes behind = { p + name.len, text.len - past };

		text = behind;
		if (behind.len > LOOK_AHEAD)
			behind.len = LOOK_AHEAD;
		if (text_find(behind, near))
			return true;
	}
	return false;
}

/* Perl's pack H50, "..." */
static bool has_count(struct bytes text)
{
	const char *p;

	while ((p = text_find(text, BYTES("pack")))) {
		size_t past = (size_t)(p - text.p) + 4;

		text = (struct bytes){ p + 4, text.len - past };
		for (size_t i = 0; i + 1 < text.len && i < 8; i++)
			if (text.p[i] == 'H' && text.p[i + 1] > '0' &&
				text.p[i + 1] <= '9')
				return true;
	}
	return false;
}

/* ['...'].pack('H*'), pack 'H*', '...' */
static bool is_packed(struct bytes text, size_t at, size_t end)
{
	static const struct bytes leads[] = { BYTES("H*") };
	struct bytes behind = { text.p + end, text.len - end };

	if (operand_ends_with(operand_lead(text, at), leads, 1))
		return true;
	if (behind.len > LOOK_AHEAD)
		behind.len = LOOK_AHEAD;
	return behind.len && text_find(behind, BYTES("].pack("));
}

static bool has_context(struct bytes text)
{
	static const struct bytes calls[] = { BYTES("unhexlify"),
		BYTES("fromhex"), BYTES("FromHex"), BYTES("hex2bin"),
		BYTES("a2b_hex"), BYTES("'hex'"), BYTES("\"hex\""),
		BYTES("decode_hex"), BYTES("unhex("), BYTES("UNHEX("),
		BYTES("HexToBytes"), BYTES("'hex_codec'"), BYTES("b16decode"),
		BYTES("hexdec("), BYTES("chr hex"), BYTES("chr(hex"),
		BYTES("tonumber("), BYTES("parseInt("), BYTES(".hex.chr"),
		BYTES(".to_i(16)"), BYTES(".to_bytes("), BYTES("qq,H"),
		BYTES("16i ") };

	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++)
		if (text_find(text, calls[i]))
			return true;
	if (text_find(text, BYTES("sqlite3")) && text_find(text, BYTES("x'")))
		return true;
	return has_near(text, BYTES("xxd"), BYTES("-r")) ||
	       has_near(text, BYTES("xxd"), BYTES("-p -r")) ||
	       has_near(text, BYTES("pack"), BYTES("H*")) || has_count(text) ||
	       has_near(text, BYTES("base16"), BYTES("-d"));
}

static bool is_digit(struct bytes t, size_t i)
{
	return i < t.len && text_hexval(t.p[i]) >= 0;
}

/* Past what may stand between two bytes, at i; i where a byte begins. */
static size_t past_gap(struct bytes t, size_t i)
{
	size_t j = i;

	while (j < t.len && j - i < 4 && strchr(" \t\r\n\\:", t.p[j]) && t.p[j])
		j++;
	return is_digit(t, j) && is_digit(t, j + 1) ? j : i;
}

/* Appends the bytes that stand from *i on; *i is then behind them. Blanks are
 * passed where whole bytes stand on both sides. */
static size_t unhex(struct bytes t, size_t *i, struct str *out)
{
	size_t digits = 0, at = *i;
	char block[512];
	size_t len = 0;

	while (is_digit(t, at) && is_digit(t, at + 1)) {
		block[len++] = (char)(text_hexval(t.p[at]) << 4 |
				      text_hexval(t.p[at + 1]));
		digits += 2;
		at += 2;
		*i = at;
		if (len == sizeof(block)) {
			str_add(out, block, len);
			len = 0;
		}
		at = past_gap(t, at);
	}
	str_add(out, block, len);
	return digits;
}

static bool is_file(struct bytes b)
{
	static const struct bytes heads[] = { BYTES("\x7f"
						    "ELF"),
		BYTES("\x1f\x8b\x08"), BYTES("PK\x03\x04"), BYTES("BZh"),
		BYTES("\xfd"
		      "7zXZ"),
		BYTES("x\x9c"), BYTES("x\xda"), BYTES("x\x01") };

	for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++)
		if (b.len > heads[i].len + 8 &&
			!memcmp(b.p, heads[i].p, heads[i].len))
			return true;
	return false;
}

/* What no text is, an XOR may make one of. */
static bool is_masked(const struct decode_text *in, const struct str *out)
{
	return in->has_xor && out->len >= MASKED_MIN &&
	       text_kind(out->p, out->len) == TEXT_BINARY &&
	       !is_file(str_bytes(out));
}

static bool judge(const struct decode_text *in, size_t at, size_t end,
	size_t digits, const struct str *out)
{
	struct bytes plain = text_whole(out);
	enum text_kind kind = text_kind(plain.p, plain.len);
	bool is_operand = (in->is_named && operand_is_in_place(in->text, at)) ||
			  operand_is_alone(in->text, at, end) ||
			  is_packed(in->text, at, end);

	if (digits < (is_operand ? DIGITS_MIN_OPERAND : DIGITS_MIN))
		return false;
	/* 0x41 of a program, a port or a count beside the tool. */
	if (end < in->text.len && is_digit(in->text, end))
		return false;
	if (kind == TEXT_UTF8)
		return text_ascii(plain.p, plain.len) * 10 >= plain.len * 9;
	return kind != TEXT_BINARY || is_file(plain) || is_masked(in, out);
}

static bool find(const struct decode_text *in, size_t from,
	struct decode_found *found, struct str *out)
{
	struct bytes t = in->text;

	for (size_t i = from; i < t.len; i++) {
		size_t at = i, digits;

		if (!is_digit(t, i))
			continue;
		if (t.p[i] == '0' && i + 2 < t.len && t.p[i + 1] == 'x')
			i += 2;
		str_reset(out);
		digits = 0;
		if (!at || !isalnum((unsigned char)t.p[at - 1]))
			digits = unhex(t, &i, out);
		if (digits && judge(in, at, i, digits, out)) {
			*found = (struct decode_found){ .at = at,
				.end = i,
				.name = "hex",
				.is_masked = is_masked(in, out) };
			return true;
		}
		while (i < t.len && isalnum((unsigned char)t.p[i]))
			i++;
	}
	return false;
}

const struct decoder decoder_hex = {
	.name = "hex",
	.words = words,
	.has_context = has_context,
	.find = find,
};
