// SPDX-License-Identifier: GPL-3.0-or-later
#include "text.h"

#include <ctype.h>

#include "str_block.h"

/* One more than the value of a hexadecimal digit, 0 for any other byte. */
static const unsigned char hexvals[256] = { ['0'] = 1,
	['1'] = 2,
	['2'] = 3,
	['3'] = 4,
	['4'] = 5,
	['5'] = 6,
	['6'] = 7,
	['7'] = 8,
	['8'] = 9,
	['9'] = 10,
	['A'] = 11,
	['B'] = 12,
	['C'] = 13,
	['D'] = 14,
	['E'] = 15,
	['F'] = 16,
	['a'] = 11,
	['b'] = 12,
	['c'] = 13,
	['d'] = 14,
	['e'] = 15,
	['f'] = 16 };

int text_hexval(char c)
{
	return (int)hexvals[(unsigned char)c] - 1;
}

typedef uint16_t pairs __attribute__((vector_size(BLOCK_LEN)));
typedef uint8_t packed __attribute__((vector_size(BLOCK_LEN / 2)));

/* What a block of digits stands for; some of them may be none: false. */
static bool unhex_block(const char *hex, char *dst)
{
	block b = block_load(hex);
	block letter = block_in_range(b | 0x20, 'a', 'f');
	struct block_marks none =
		block_marks(~(letter | block_in_range(b, '0', '9')));
	pairs both = (pairs)((b & 15) + (letter & 9));
	packed bytes;

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	both = both << 4 | both >> 8;
#else
	both = both >> 4 | both;
#endif
	bytes = __builtin_convertvector(both, packed);
	memcpy(dst, &bytes, sizeof(bytes));
	return !(none.lo | none.hi);
}

int text_unhex(const char *hex, size_t len, char *dst)
{
	size_t i = 0;

	if (len % 2)
		return -1;
	for (; len - i >= BLOCK_LEN; i += BLOCK_LEN)
		if (!unhex_block(hex + i, dst + i / 2))
			return -1;
	for (; i < len; i += 2) {
		unsigned int hi = hexvals[(unsigned char)hex[i]];
		unsigned int lo = hexvals[(unsigned char)hex[i + 1]];

		if (!hi || !lo)
			return -1;
		dst[i / 2] = (char)((hi - 1) << 4 | (lo - 1));
	}
	return 0;
}

int text_u64(struct bytes b, unsigned int base, uint64_t *v)
{
	uint64_t sum = 0;
	size_t i = 0;

	if (b.len == 0)
		return -1;
	/* 16 digits of any base fit. */
	for (; i < b.len && i < 16; i++) {
		unsigned int d = hexvals[(unsigned char)b.p[i]] - 1u;

		if (d >= base)
			return -1;
		sum = sum * base + d;
	}
	for (; i < b.len; i++) {
		int d = text_hexval(b.p[i]);

		if (d < 0 || (unsigned int)d >= base)
			return -1;
		if (sum > (UINT64_MAX - (unsigned int)d) / base)
			return -1;
		sum = sum * base + (unsigned int)d;
	}
	*v = sum;
	return 0;
}

int text_i64(struct bytes b, int64_t *v)
{
	bool is_minus = b.len && b.p[0] == '-';
	uint64_t u;

	if (is_minus) {
		b.p++;
		b.len--;
	}
	if (text_u64(b, 10, &u) < 0 || u > (uint64_t)INT64_MAX + is_minus)
		return -1;
	*v = is_minus ? (int64_t)(0 - u) : (int64_t)u;
	return 0;
}

size_t text_utf8(const char *p, size_t len, uint32_t *cp)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	unsigned char lead = (unsigned char)p[0];
	size_t n;
	uint32_t v;

	if (lead < 0x80) {
		*cp = lead;
		return 1;
	}
	n = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
	if (lead < 0xc2 || lead > 0xf4 || n > len)
		return 0;
	v = lead & (0x7fu >> n);
	for (size_t i = 1; i < n; i++) {
		unsigned char c = (unsigned char)p[i];

		if ((c & 0xc0) != 0x80)
			return 0;
		v = v << 6 | (c & 0x3f);
	}
	if (v < least[n] || v > 0x10ffff || (v >= 0xd800 && v <= 0xdfff))
		return 0;
	*cp = v;
	return n;
}

bool text_is_utf8(const char *p, size_t len)
{
	uint32_t cp;

	for (size_t i = 0, n; i < len; i += n) {
		n = text_utf8(p + i, len - i, &cp);
		if (!n)
			return false;
	}
	return true;
}

void text_add_utf8(struct str *out, uint32_t cp)
{
	char b[4];

	if (cp < 0x80) {
		str_addc(out, (char)cp);
		return;
	}
	if (cp < 0x800) {
		b[0] = (char)(0xc0 | cp >> 6);
		b[1] = (char)(0x80 | (cp & 0x3f));
		str_add(out, b, 2);
		return;
	}
	if (cp < 0x10000) {
		b[0] = (char)(0xe0 | cp >> 12);
		b[1] = (char)(0x80 | (cp >> 6 & 0x3f));
		b[2] = (char)(0x80 | (cp & 0x3f));
		str_add(out, b, 3);
		return;
	}
	b[0] = (char)(0xf0 | cp >> 18);
	b[1] = (char)(0x80 | (cp >> 12 & 0x3f));
	b[2] = (char)(0x80 | (cp >> 6 & 0x3f));
	b[3] = (char)(0x80 | (cp & 0x3f));
	str_add(out, b, 4);
}

static bool is_readable(uint32_t cp)
{
	if (cp < 0x20)
		return (cp >= 0x07 && cp <= 0x0d) || cp == 0x1b;
	/* C1 controls and noncharacters are in no script. */
	return cp != 0x7f && !(cp >= 0x80 && cp < 0xa0) &&
	       (cp & 0xfffe) != 0xfffe;
}

/* How many are 0x20-0x7e, as far as whole blocks tell. */
static size_t ascii_len(const char *p, size_t len)
{
	size_t n = 0;

	for (; len - n >= BLOCK_LEN; n += BLOCK_LEN) {
		struct block_marks m = block_marks(
			~block_in_range(block_load(p + n), 0x20, 0x7e));

		if (m.lo | m.hi)
			return n + block_first(m);
	}
	return n;
}

static size_t readable(const char *p, size_t len, uint32_t least)
{
	size_t i = 0;

	while (i < len) {
		uint32_t cp;
		size_t n;

		i += ascii_len(p + i, len - i);
		if (i == len)
			return len;
		if (p[i] >= 0x20 && p[i] < 0x7f) {
			i++;
			continue;
		}
		n = text_utf8(p + i, len - i, &cp);
		if (!n || cp < least || !is_readable(cp))
			return i;
		i += n;
	}
	return len;
}

size_t text_readable(const char *p, size_t len)
{
	return readable(p, len, 0);
}

size_t text_printable(const char *p, size_t len)
{
	return readable(p, len, 0x20);
}

struct bytes text_whole(const struct str *s)
{
	struct bytes b = str_bytes(s);
	uint32_t cp;

	if (str_ok(s))
		return b;
	for (size_t n = 1; n < 4 && n <= b.len; n++) {
		unsigned char lead = (unsigned char)b.p[b.len - n];

		if ((lead & 0xc0) == 0x80)
			continue;
		if (lead >= 0xc0 && !text_utf8(b.p + b.len - n, n, &cp))
			b.len -= n;
		break;
	}
	return b;
}

#define UTF16_UNITS_MIN 4
#define UTF16_MARK      0xfeff

/* The code point at unit i, its length in units in *n; 0: a lone surrogate. */
static uint32_t utf16_at(
	const unsigned char *p, size_t units, size_t i, bool is_big, size_t *n)
{
	uint32_t hi = (uint32_t)(p[2 * i + is_big] | p[2 * i + !is_big] << 8);
	uint32_t lo;

	*n = 1;
	if (hi < 0xd800 || hi > 0xdfff)
		return hi;
	if (hi > 0xdbff || i + 1 == units)
		return 0;
	lo = (uint32_t)(p[2 * i + 2 + is_big] | p[2 * i + 2 + !is_big] << 8);
	if (lo < 0xdc00 || lo > 0xdfff)
		return 0;
	*n = 2;
	return 0x10000 + ((hi - 0xd800) << 10 | (lo - 0xdc00));
}

static bool is_utf16(const char *text, size_t len, bool is_big)
{
	const unsigned char *p = (const unsigned char *)text;
	size_t units = len / 2, ascii = 0, n;

	if (len % 2 || units < UTF16_UNITS_MIN)
		return false;
	for (size_t i = 0; i < units; i += n) {
		uint32_t cp = utf16_at(p, units, i, is_big, &n);

		if (!is_readable(cp) && !(i == 0 && cp == UTF16_MARK))
			return false;
		ascii += cp < 0x80;
	}
	return ascii >= units - units / 4;
}

enum text_kind text_kind(const char *p, size_t len)
{
	if (text_readable(p, len) == len)
		return TEXT_UTF8;
	if (is_utf16(p, len, false))
		return TEXT_UTF16LE;
	if (is_utf16(p, len, true))
		return TEXT_UTF16BE;
	return TEXT_BINARY;
}

void text_from_utf16(struct str *out, struct bytes b, enum text_kind kind)
{
	size_t n;

	for (size_t i = 0; i < b.len / 2; i += n) {
		uint32_t cp = utf16_at((const unsigned char *)b.p, b.len / 2, i,
			kind == TEXT_UTF16BE, &n);

		if (i || cp != UTF16_MARK)
			text_add_utf8(out, cp);
	}
}

bool text_is_mostly(struct bytes b)
{
	size_t n = 0;

	for (size_t i = 0; i < b.len; i++)
		n += b.p[i] >= 0x20 && b.p[i] < 0x7f;
	return n * 4 >= b.len * 3;
}

size_t text_ascii(const char *p, size_t len)
{
	size_t n = 0;

	for (size_t i = 0; i < len; i++)
		n += (unsigned char)p[i] < 0x80;
	return n;
}

/* Places that were no match, for all that begins and ends alike; then a search
 * takes over that no text makes quadratic. */
#define FALSE_MAX 64

/* A needle of two bytes or more, in the first n places of a text. */
struct search {
	const char *needle;
	size_t len;
	size_t n_false;
};

static bool is_at(struct search *s, const char *p)
{
	if (!memcmp(p, s->needle, s->len))
		return true;
	s->n_false++;
	return false;
}

/* Looks at BLOCK_LEN places from p on. */
static const char *find_in_block(struct search *s, const char *p)
{
	block first = block_load(p) == (uint8_t)s->needle[0];
	block last =
		block_load(p + s->len - 1) == (uint8_t)s->needle[s->len - 1];
	struct block_marks m = block_marks(first & last);

	while (m.lo | m.hi) {
		size_t i = block_take(&m);

		if (is_at(s, p + i))
			return p + i;
	}
	return NULL;
}

const char *text_find(struct bytes b, struct bytes needle)
{
	struct search s = { needle.p, needle.len, 0 };
	size_t i = 0, n;
	const char *p;

	if (!b.len || needle.len > b.len)
		return NULL;
	if (needle.len < 2)
		return needle.len ? memchr(b.p, needle.p[0], b.len) : b.p;
	n = b.len - needle.len + 1;
	for (; n - i >= BLOCK_LEN && s.n_false < FALSE_MAX; i += BLOCK_LEN) {
		p = find_in_block(&s, b.p + i);
		if (p)
			return p;
	}
	if (n - i >= BLOCK_LEN)
		return memmem(b.p + i, b.len - i, needle.p, needle.len);
	for (; i < n; i++)
		if (b.p[i] == needle.p[0] && is_at(&s, b.p + i))
			return b.p + i;
	return NULL;
}

static bool is_around(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

struct bytes text_trim(struct bytes b)
{
	while (b.len && is_around(b.p[0]))
		b.p++, b.len--;
	while (b.len && is_around(b.p[b.len - 1]))
		b.len--;
	return b;
}

bool text_has_folded(struct bytes b, struct bytes needle)
{
	for (size_t i = 0; i + needle.len <= b.len; i++) {
		size_t k = 0;

		while (k < needle.len && tolower((unsigned char)b.p[i + k]) ==
						 (unsigned char)needle.p[k])
			k++;
		if (k == needle.len)
			return true;
	}
	return false;
}

size_t text_until(struct bytes b, const char four[4])
{
	size_t n = 0;

	for (; b.len - n >= BLOCK_LEN; n += BLOCK_LEN) {
		block c = block_load(b.p + n);
		struct block_marks m =
			block_marks((block)((c == (uint8_t)four[0]) |
					    (c == (uint8_t)four[1]) |
					    (c == (uint8_t)four[2]) |
					    (c == (uint8_t)four[3])));

		if (m.lo | m.hi)
			return n + block_first(m);
	}
	while (n < b.len && b.p[n] != four[0] && b.p[n] != four[1] &&
		b.p[n] != four[2] && b.p[n] != four[3])
		n++;
	return n;
}

static bool is_name_byte(char c)
{
	return c == '_' || (c >= '0' && c <= '9') ||
	       ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
}

size_t text_name_len(struct bytes b)
{
	size_t n = 0;

	for (; b.len - n >= BLOCK_LEN; n += BLOCK_LEN) {
		block c = block_load(b.p + n);
		struct block_marks m = block_marks(
			~(block)(block_in_range(c | 0x20, 'a', 'z') |
				 block_in_range(c, '0', '9') |
				 (block)(c == '_')));

		if (m.lo | m.hi)
			return n + block_first(m);
	}
	while (n < b.len && is_name_byte(b.p[n]))
		n++;
	return n;
}
