// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Numbers of characters: chr(105)+chr(100), String.fromCharCode(105, 100),
 * bytes([105, 100]), pack("C*", 105, 100), [char]105+[char]100.
 */
#include "decode.h"

#include <ctype.h>

#include "base64_context.h"
#include "text.h"

#define CODES_MIN 3
/* Of so few, most are letters; so many are all readable by no chance, and may
 * be addresses and descriptors for the most part. */
#define FEW_CODES  5
#define SOME_CODES 12
#define MANY_CODES 24
/* What is compressed into fewer bytes is not told from chance. */
#define FILE_MIN 12
/* Of bytes that an XOR makes a text of. */
#define MASKED_MIN 5
/* Characters between two numbers of one run: ").concat(String.fromCharCode(".
 */
#define GLUE_MAX 32
/* Unicode's last is 1114111. */
#define DIGITS_MAX 7
/* How far what takes bytes may stand before them. */
#define LOOK_BACK 32

static const char *const words[] = { "chr(", "chr,", "chr ", "chr)", "&:chr",
	"{chr", "chrw(", "fromcharcode", "fromcodepoint", "[char", "char(",
	"bytes([", "bytes((", "bytearray([", "bytearray((", "pack(", "pack '",
	"pack \"", "%c", "'chr'", "\"chr\"", "from([", "uint8array(", "[int]$_",
	"getstring(@(", "[byte[]](", NULL };

/* The number at *i, which is then behind it; -1: none. */
static long number(struct bytes t, size_t *i)
{
	bool is_hex =
		*i + 2 < t.len && t.p[*i] == '0' && (t.p[*i + 1] | 0x20) == 'x';
	size_t at = is_hex ? *i + 2 : *i, n = 0;
	long v = 0;

	for (; at + n < t.len && n <= DIGITS_MAX; n++) {
		int d = text_hexval(t.p[at + n]);

		if (d < 0 || (!is_hex && d > 9))
			break;
		v = v * (is_hex ? 16 : 10) + d;
	}
	if (!n || n > DIGITS_MAX || v > 0x10ffff)
		return -1;
	if (at + n < t.len &&
		(isalnum((unsigned char)t.p[at + n]) || t.p[at + n] == '_'))
		return -1;
	*i = at + n;
	return v;
}

/* Past what joins two numbers, at i; i if what stands there does not. */
static size_t past_glue(struct bytes t, size_t i)
{
	static const struct bytes names[] = { BYTES(""), BYTES("chr"),
		BYTES("Chr"), BYTES("CHR"), BYTES("char"), BYTES("ChrW"),
		BYTES("StringfromCharCode"), BYTES("StringfromCodePoint"),
		BYTES("concatStringfromCharCode"), BYTES("u"), BYTES("L"),
		BYTES("stringchar"), BYTES("utfchar"), BYTES("byte"),
		BYTES("int") };
	char letters[GLUE_MAX];
	size_t n = 0, j = i;

	for (; j < t.len && j - i < GLUE_MAX; j++) {
		char c = t.p[j];

		if (c >= '0' && c <= '9')
			break;
		if (isalpha((unsigned char)c))
			letters[n++] = c;
		else if (!c || !strchr(" \t\r\n,+.&|'\"()[]", c))
			return i;
	}
	if (j == i || j - i == GLUE_MAX)
		return i;
	for (size_t k = 0; k < sizeof(names) / sizeof(names[0]); k++)
		if (bytes_equal((struct bytes){ letters, n }, names[k]))
			return j;
	return i;
}

static bool judge(size_t n, const struct str *out)
{
	struct bytes plain = text_whole(out);
	size_t letters = 0;

	if (n < CODES_MIN)
		return false;
	if (n > FILE_MIN && base64_is_file(plain.p, plain.len, true))
		return true;
	for (size_t i = 0; i < plain.len; i++)
		letters += isalpha((unsigned char)plain.p[i]) != 0;
	return text_readable(plain.p, plain.len) == plain.len &&
	       letters * (n < SOME_CODES          ? 3
				 : n < MANY_CODES ? 5
						  : 8) >=
		       plain.len * (n < FEW_CODES ? 2 : 1);
}

/* Whether the numbers at at are bytes, not characters. */
static bool takes_bytes(struct bytes t, size_t at)
{
	static const struct bytes names[] = { BYTES("bytes("),
		BYTES("bytearray("), BYTES("from("), BYTES("Uint8Array"),
		BYTES("byte[]"), BYTES("pack(") };
	size_t from = at > LOOK_BACK ? at - LOOK_BACK : 0;
	struct bytes lead = { t.p + from, at - from };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (text_find(lead, names[i]))
			return true;
	return false;
}

static bool find(const struct decode_text *in, size_t from,
	struct decode_found *found, struct str *out)
{
	struct bytes t = in->text;
	size_t i = from;

	while (i < t.len) {
		size_t at = i, n = 0, next = i;
		bool is_bytes, is_masked;
		long v;

		if (t.p[i] < '0' || t.p[i] > '9' ||
			(i && (isalnum((unsigned char)t.p[i - 1]) ||
				      t.p[i - 1] == '_'))) {
			i++;
			continue;
		}
		str_reset(out);
		is_bytes = in->has_xor || takes_bytes(t, at);
		while ((v = number(t, &next)) >= 0) {
			if (is_bytes && v < 256)
				str_addc(out, (char)v);
			else
				text_add_utf8(out, (uint32_t)v);
			n++;
			i = next;
			next = past_glue(t, i);
			if (next == i)
				break;
		}
		/* With an XOR, any bytes may be some. */
		is_masked = !judge(n, out);
		if (!is_masked ||
			(in->has_xor && n >= MASKED_MIN && out->len == n)) {
			*found = (struct decode_found){ .at = at,
				.end = i,
				.name = "charcode",
				.is_masked = is_masked };
			return true;
		}
		if (i == at)
			i++;
	}
	return false;
}

const struct decoder decoder_charcode = {
	.name = "charcode",
	.words = words,
	.find = find,
};
