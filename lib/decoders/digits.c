// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Characters as numbers in one string, in a base that the program names and
 * parted by anything: '69x64'.Split('x') and ToInt16(..., 16), '151 144' and
 * int(x, 8), '0110100101100100' and int(x, 2).
 */
#include "decode.h"

#include <ctype.h>

#include "text.h"

#define CODES_MIN 3
#define GAP_MAX   4
#define BITS      8
/* How far the base may stand from the string. */
#define LOOK_AROUND 512
/* Strings that it is looked for around. */
#define TRIES_MAX 16

static const unsigned int bases[] = { 16, 8, 2, 10 };
#define N_BASES (sizeof(bases) / sizeof(bases[0]))

static const char *const words[] = { "toint16(", "toint32(", "tobyte(",
	"parseint(", "tonumber(", ".to_i", "int(", "bindec(", "octdec(",
	"hexdec(", "oct(", "chr hex", "chr(hex", NULL };

static bool has_base(struct bytes text, unsigned int base)
{
	static const struct {
		struct bytes text;
		unsigned int base;
	} names[] = { { BYTES(",16)"), 16 }, { BYTES(", 16)"), 16 },
		{ BYTES(",16 )"), 16 }, { BYTES(".to_i(16)"), 16 },
		{ BYTES("hexdec("), 16 }, { BYTES("chr hex"), 16 },
		{ BYTES("chr(hex"), 16 }, { BYTES(",8)"), 8 },
		{ BYTES(", 8)"), 8 }, { BYTES(",8 )"), 8 },
		{ BYTES(".to_i(8)"), 8 }, { BYTES("octdec("), 8 },
		{ BYTES("oct("), 8 }, { BYTES(",2)"), 2 }, { BYTES(", 2)"), 2 },
		{ BYTES(",2 )"), 2 }, { BYTES(".to_i(2)"), 2 },
		{ BYTES("bindec("), 2 }, { BYTES("int("), 10 },
		{ BYTES("Int("), 10 } };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (names[i].base == base && text_find(text, names[i].text))
			return true;
	return false;
}

static bool has_context(struct bytes text)
{
	return text_find(text, BYTES("chr")) || text_find(text, BYTES("har")) ||
	       text_find(text, BYTES("HAR")) || text_find(text, BYTES("bytes"));
}

static bool is_digit(char c, unsigned int base)
{
	int v = text_hexval(c);

	return v >= 0 && (unsigned int)v < base;
}

/* The number at *i, of as many digits as a byte has at most; -1: none. */
static long number(struct bytes s, size_t *i, unsigned int base)
{
	size_t max = base == 2 ? BITS : base == 16 ? 2 : 3, n = 0;
	long v = 0;

	for (; n < max && *i < s.len && is_digit(s.p[*i], base); n++, ++*i)
		v = v * (long)base + text_hexval(s.p[*i]);
	return n ? v : -1;
}

/* Whether there are digits, and not much between them. */
static bool is_digits(struct bytes s)
{
	size_t n = 0, gap = 0;

	for (size_t i = 0; i < s.len && gap <= GAP_MAX; i++) {
		bool is_one = is_digit(s.p[i], 16);

		n += is_one;
		gap = is_one ? 0 : gap + 1;
	}
	return gap <= GAP_MAX && n >= 2 * CODES_MIN;
}

/* How many numbers s is, 0 if it is anything else. */
static size_t decode(struct bytes s, unsigned int base, struct str *out)
{
	size_t i = 0, n = 0;

	while (i < s.len) {
		size_t gap = i;
		long v;

		while (i < s.len && !is_digit(s.p[i], base))
			i++;
		if (i - gap > GAP_MAX ||
			(n && i == gap && base != 2 && base != 16))
			return 0;
		if (i == s.len)
			break;
		v = number(s, &i, base);
		if (v < 0 || v > 255)
			return 0;
		str_addc(out, (char)v);
		n++;
	}
	return n;
}

static bool is_payload(const struct str *out)
{
	struct bytes plain = text_whole(out);
	size_t letters = 0;

	for (size_t i = 0; i < plain.len; i++)
		letters += isalpha((unsigned char)plain.p[i]) != 0;
	return letters * 3 >= plain.len &&
	       text_readable(plain.p, plain.len) == plain.len;
}

/* The bases that are named around a string: a bit for each of bases. */
static unsigned int bases_near(struct bytes t, size_t at, size_t end)
{
	size_t from = at > LOOK_AROUND ? at - LOOK_AROUND : 0;
	size_t to = t.len - end > LOOK_AROUND ? end + LOOK_AROUND : t.len;
	unsigned int named = 0;

	for (unsigned int i = 0; i < N_BASES; i++)
		if (has_base((struct bytes){ t.p + from, at - from },
			    bases[i]) ||
			has_base((struct bytes){ t.p + end, to - end },
				bases[i]))
			named |= 1u << i;
	return named;
}

static bool attempt(struct bytes t, size_t at, size_t end, struct str *out)
{
	struct bytes s = { t.p + at, end - at };
	unsigned int named = bases_near(t, at, end);

	for (unsigned int i = 0; i < N_BASES; i++) {
		str_reset(out);
		if (named & 1u << i && decode(s, bases[i], out) >= CODES_MIN &&
			is_payload(out))
			return true;
	}
	return false;
}

static bool find(const struct decode_text *in, size_t from,
	struct decode_found *found, struct str *out)
{
	struct operand_walk w = { .text = in->text, .i = from };
	size_t tries = 0;

	while (tries < TRIES_MAX && operand_next(&w)) {
		if (w.end == w.at || text_hexval(w.text.p[w.at]) < 0)
			continue;
		if (!is_digits((struct bytes){ w.text.p + w.at, w.end - w.at }))
			continue;
		tries++;
		if (!attempt(w.text, w.at, w.end, out))
			continue;
		*found = (struct decode_found){
			.at = w.at, .end = w.end, .name = "charcode"
		};
		return true;
	}
	return false;
}

const struct decoder decoder_digits = {
	.name = "digits",
	.words = words,
	.has_context = has_context,
	.find = find,
};
