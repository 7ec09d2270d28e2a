// SPDX-License-Identifier: GPL-3.0-or-later
#include "undo.h"

#include <ctype.h>
#include <stdint.h>

#include "text.h"

#define NOT -1

const signed char undo_values64[256] = {
#define N4  NOT, NOT, NOT, NOT
#define N16 N4, N4, N4, N4
	N16, N16, /* 0x00 */
	N4, N4, NOT, NOT, NOT, 62, NOT, 62, NOT, 63, /* sp..slash */
	52, 53, 54, 55, 56, 57, 58, 59, 60, 61, NOT, NOT, NOT, NOT, NOT, NOT,
	NOT, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18,
	19, 20, 21, 22, 23, 24, 25, NOT, NOT, NOT, NOT, 63, NOT, 26, 27, 28, 29,
	30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47,
	48, 49, 50, 51, N4, NOT, /* 0x7b */
	N16, N16, N16, N16, N16, N16, N16, N16
#undef N16
#undef N4
};

static int value64(char c)
{
	return undo_values64[(unsigned char)c];
}

static int letter(char c, int upper, int lower)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A' + upper;
	if (c >= 'a' && c <= 'z')
		return c - 'a' + lower;
	return NOT;
}

/* Lower case is taken for upper case, as most decoders do. */
static int value_of(enum undo_base base, char c)
{
	int v = NOT;

	switch (base) {
	case UNDO_BASE64:
		return value64(c);
	case UNDO_BASE32:
		if (c >= '2' && c <= '7')
			return c - '2' + 26;
		return letter(c, 0, 0);
	case UNDO_BASE32HEX:
		v = c >= '0' && c <= '9' ? c - '0' : letter(c, 10, 10);
		return v < 32 ? v : NOT;
	case UNDO_BASE16:
		return text_hexval(c);
	case UNDO_BASE2:
	case UNDO_BASE2LSBF:
		break;
	}
	return c == '0' || c == '1' ? c - '0' : NOT;
}

static unsigned char mirrored(unsigned char c)
{
	c = (unsigned char)(c >> 4 | c << 4);
	c = (unsigned char)((c >> 2 & 0x33) | (c & 0x33) << 2);
	return (unsigned char)((c >> 1 & 0x55) | (c & 0x55) << 1);
}

/* As far as it is Base64 and nothing else, four characters at once. Returns how
 * many there are. */
static size_t undo_fours(struct bytes in, struct str *out)
{
	size_t n = in.len / 4, i = 0;
	/* What would pass the cap is added byte by byte. */
	char *to = out->max - out->len < 3 * n ? NULL : str_room(out, 3 * n);

	for (; to && i < n; i++) {
		const char *p = in.p + 4 * i;
		int a = value64(p[0]), b = value64(p[1]);
		int c = value64(p[2]), d = value64(p[3]);

		if ((a | b | c | d) < 0)
			break;
		to[3 * i] = (char)(a << 2 | b >> 4);
		to[3 * i + 1] = (char)(b << 4 | c >> 2);
		to[3 * i + 2] = (char)(c << 6 | d);
	}
	if (to)
		str_cut(out, out->len + 3 * i);
	return 4 * i;
}

/* Among garbage - and _ are some, too: the other alphabet is used by itself. */
static bool is_mixed(struct bytes in)
{
	for (size_t i = 0; i < in.len; i++)
		if (in.p[i] == '+' || in.p[i] == '/' ||
			(value64(in.p[i]) < 0 && in.p[i] != '=' &&
				!isspace((unsigned char)in.p[i])))
			return true;
	return false;
}

bool undo_base(enum undo_base base, struct bytes in, bool with_garbage,
	struct str *out)
{
	static const unsigned char width[] = { 6, 5, 5, 4, 1, 1 };
	bool is_strict = base == UNDO_BASE64 && with_garbage && is_mixed(in);
	unsigned int n_bits = 0;
	uint32_t bits = 0;
	size_t i = 0;

	if (base == UNDO_BASE64 && in.len && !is_strict)
		i = undo_fours(in, out);
	for (; i < in.len; i++) {
		char c = in.p[i];
		int v = value_of(base, c);

		if (is_strict && (c == '-' || c == '_'))
			continue;
		if (v < 0 && c == '=') {
			n_bits = 0;
			continue;
		}
		if (v < 0 && (with_garbage || isspace((unsigned char)c)))
			continue;
		if (v < 0)
			return false;
		bits = (bits << width[base] | (uint32_t)v) & 0xffff;
		n_bits += width[base];
		if (n_bits < 8)
			continue;
		n_bits -= 8;
		c = (char)(bits >> n_bits);
		if (base == UNDO_BASE2LSBF)
			c = (char)mirrored((unsigned char)c);
		str_addc(out, c);
	}
	return n_bits < width[base];
}

int undo_value85(enum undo_base85 base, char c)
{
	static const char rfc1924[] =
		"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
		"!#$%&()*+-;<=>?@^_`{|}~";
	static const char z85[] =
		"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
		".-:+=^!/*?&<>()[]{}@%$#";
	const char *digits = base == UNDO_Z85 ? z85 : rfc1924, *p;

	if (base == UNDO_ASCII85)
		return c >= '!' && c <= 'u' ? c - '!' : NOT;
	p = c ? strchr(digits, c) : NULL;
	return p ? (int)(p - digits) : NOT;
}

void undo_base85(enum undo_base85 base, struct bytes in, struct str *out)
{
	uint64_t v = 0;
	size_t n = 0;

	for (size_t i = 0; i <= in.len; i++) {
		bool is_end = i == in.len;
		char c = is_end ? '\0' : in.p[i];
		int d = undo_value85(base, c);

		if (base != UNDO_RFC1924 && isspace((unsigned char)c))
			continue;
		if (d >= 0) {
			v = v * 85 + (unsigned int)d;
			if (++n < 5)
				continue;
		} else if (n < 2) {
			return;
		}
		for (size_t k = n; k < 5; k++)
			v = v * 85 + 84;
		for (size_t k = 0; k + 1 < n; k++)
			str_addc(out, (char)(v >> (24 - 8 * k)));
		if (n < 5)
			return;
		n = 0;
		v = 0;
	}
}

bool undo_is_url(struct bytes in)
{
	return (memchr(in.p, '-', in.len) || memchr(in.p, '_', in.len)) &&
	       !is_mixed(in);
}

void undo_reverse(struct bytes in, struct str *out)
{
	uint32_t cp;

	while (in.len) {
		size_t n = 1;

		while (n < in.len && n < 4 && (in.p[in.len - n] & 0xc0) == 0x80)
			n++;
		if (text_utf8(in.p + in.len - n, n, &cp) != n)
			n = 1;
		in.len -= n;
		str_add(out, in.p + in.len, n);
	}
}

void undo_reverse_lines(struct bytes in, struct str *out)
{
	while (in.len) {
		const char *end = memchr(in.p, '\n', in.len);
		size_t n = end ? (size_t)(end - in.p) : in.len;

		undo_reverse((struct bytes){ in.p, n }, out);
		if (end)
			str_addc(out, '\n');
		n += end != NULL;
		in.p += n;
		in.len -= n;
	}
}

void undo_rotate(struct bytes in, unsigned int n, struct str *out)
{
	for (size_t i = 0; i < in.len; i++) {
		unsigned char c = (unsigned char)in.p[i];
		unsigned char a = c >= 'a' ? 'a' : 'A';

		if (isalpha(c))
			c = (unsigned char)(a + (c - a + n) % 26);
		str_addc(out, (char)c);
	}
}

void undo_percent(struct bytes in, bool is_form, struct str *out)
{
	for (size_t i = 0; i < in.len; i++) {
		char c = in.p[i];

		if (c == '%' && in.len - i > 2 &&
			text_hexval(in.p[i + 1]) >= 0 &&
			text_hexval(in.p[i + 2]) >= 0) {
			c = (char)(text_hexval(in.p[i + 1]) << 4 |
				   text_hexval(in.p[i + 2]));
			i += 2;
		} else if (c == '+' && is_form) {
			c = ' ';
		}
		str_addc(out, c);
	}
}
