// SPDX-License-Identifier: GPL-3.0-or-later
#include <ctype.h>

#include <stdint.h>

#include "check.h"
#include "text.h"

static void test_utf8_rows(void)
{
	static const struct {
		const char *name;
		struct bytes in;
		size_t len; /* 0: not well-formed */
		uint32_t cp;
	} rows[] = {
		{ "NUL", BYTES("\0"), 1, 0 },
		{ "A", BYTES("A"), 1, 'A' },
		{ "7f", BYTES("\x7f"), 1, 0x7f },
		{ "first of two", BYTES("\xc2\x80"), 2, 0x80 },
		{ "last of two", BYTES("\xdf\xbf"), 2, 0x7ff },
		{ "first of three", BYTES("\xe0\xa0\x80"), 3, 0x800 },
		{ "before surrogates", BYTES("\xed\x9f\xbf"), 3, 0xd7ff },
		{ "behind surrogates", BYTES("\xee\x80\x80"), 3, 0xe000 },
		{ "ffff", BYTES("\xef\xbf\xbf"), 3, 0xffff },
		{ "first of four", BYTES("\xf0\x90\x80\x80"), 4, 0x10000 },
		{ "last", BYTES("\xf4\x8f\xbf\xbf"), 4, 0x10ffff },
		{ "more behind it", BYTES("\xc3\xa9z"), 2, 0xe9 },
		{ "stray continuation", BYTES("\x80"), 0, 0 },
		{ "overlong NUL", BYTES("\xc0\x80"), 0, 0 },
		{ "overlong slash", BYTES("\xc0\xaf"), 0, 0 },
		{ "overlong 7f", BYTES("\xc1\xbf"), 0, 0 },
		{ "overlong slash of three", BYTES("\xe0\x80\xaf"), 0, 0 },
		{ "overlong 7ff", BYTES("\xe0\x9f\xbf"), 0, 0 },
		{ "overlong ffff", BYTES("\xf0\x8f\xbf\xbf"), 0, 0 },
		{ "first surrogate", BYTES("\xed\xa0\x80"), 0, 0 },
		{ "last surrogate", BYTES("\xed\xbf\xbf"), 0, 0 },
		{ "beyond the last", BYTES("\xf4\x90\x80\x80"), 0, 0 },
		{ "f5", BYTES("\xf5\x80\x80\x80"), 0, 0 },
		{ "five bytes", BYTES("\xf8\x88\x80\x80\x80"), 0, 0 },
		{ "ff", BYTES("\xff"), 0, 0 },
		{ "cut of two", BYTES("\xc3"), 0, 0 },
		{ "cut of three", BYTES("\xe2\x82"), 0, 0 },
		{ "cut of four", BYTES("\xf0\x9f\x98"), 0, 0 },
		{ "letter for continuation", BYTES("\xc3("), 0, 0 },
		{ "lead for continuation", BYTES("\xe2\x82\xe2"), 0, 0 },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		uint32_t cp = rows[i].cp;
		size_t n;

		check_start("utf8: %s", rows[i].name);
		n = text_utf8(rows[i].in.p, rows[i].in.len, &cp);
		CHECK_EQ(n, rows[i].len);
		CHECK_EQ(cp, rows[i].cp);
		if (n != rows[i].in.len)
			continue;
		CHECK(text_is_utf8(rows[i].in.p, n));
	}
	check_start("utf8: not in it");
	CHECK(text_is_utf8("", 0));
	CHECK(!text_is_utf8("abc\xff", 4));
	CHECK(!text_is_utf8("abc\xc3", 4));
	CHECK(text_is_utf8("abc\xc3", 3));
}

static void test_utf8_all(void)
{
	struct str s;
	size_t n_bad = 0;
	uint32_t cp;

	check_start("utf8: every code point there and back");
	str_init(&s, 16);
	for (uint32_t c = 0; c <= 0x10ffff; c++) {
		if (c == 0xd800)
			c = 0xe000;
		str_reset(&s);
		text_add_utf8(&s, c);
		n_bad += text_utf8(s.p, s.len, &cp) != s.len || cp != c;
	}
	CHECK_EQ(n_bad, 0);
	str_fini(&s);
}

static void test_numbers(void)
{
	static const struct {
		const char *in;
		unsigned int base;
		int rc;
		uint64_t want;
	} rows[] = {
		{ "0", 10, 0, 0 },
		{ "007", 10, 0, 7 },
		{ "18446744073709551615", 10, 0, UINT64_MAX },
		{ "18446744073709551616", 10, -1, 0 },
		{ "18446744073709551620", 10, -1, 0 },
		{ "99999999999999999999999", 10, -1, 0 },
		{ "c000003e", 16, 0, 0xc000003e },
		{ "FfFfFfFfFfFfFfFf", 16, 0, UINT64_MAX },
		{ "10000000000000000", 16, -1, 0 },
		{ "0100755", 8, 0, 0100755 },
		{ "8", 8, -1, 0 },
		{ "1777777777777777777777", 8, 0, UINT64_MAX },
		{ "2000000000000000000000", 8, -1, 0 },
		{ "a", 10, -1, 0 },
		{ "", 10, -1, 0 },
		{ " 1", 10, -1, 0 },
		{ "1 ", 10, -1, 0 },
		{ "+1", 10, -1, 0 },
		{ "-1", 10, -1, 0 },
		{ "0x1", 16, -1, 0 },
		{ "g", 16, -1, 0 },
		{ "1.", 10, -1, 0 },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		uint64_t v = 4711;
		int rc;

		check_start("u64 '%s' in base %u", rows[i].in, rows[i].base);
		rc = text_u64(bytes_of(rows[i].in), rows[i].base, &v);
		CHECK_EQ(rc, rows[i].rc);
		CHECK_EQ(v, rc ? 4711 : rows[i].want);
	}
	check_start("u64 with a NUL");
	{
		uint64_t v;

		CHECK_EQ(text_u64(BYTES("1\0"), 10, &v), -1);
	}
}

static void test_signed(void)
{
	static const struct {
		const char *in;
		int rc;
		int64_t want;
	} rows[] = {
		{ "0", 0, 0 },
		{ "-0", 0, 0 },
		{ "-13", 0, -13 },
		{ "9223372036854775807", 0, INT64_MAX },
		{ "-9223372036854775807", 0, -INT64_MAX },
		{ "-9223372036854775808", 0, INT64_MIN },
		{ "9223372036854775808", -1, 0 },
		{ "-9223372036854775809", -1, 0 },
		{ "", -1, 0 },
		{ "-", -1, 0 },
		{ "--1", -1, 0 },
		{ "- 1", -1, 0 },
		{ "1-", -1, 0 },
		{ "+1", -1, 0 },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int64_t v = 4711;
		int rc;

		check_start("i64 '%s'", rows[i].in);
		rc = text_i64(bytes_of(rows[i].in), &v);
		CHECK_EQ(rc, rows[i].rc);
		CHECK_EQ(v, rc ? 4711 : rows[i].want);
	}
}

/* Each byte in each place of many digits, some of which are looked at together:
 * it is what it is by itself. */
static void test_unhex_many(void)
{
	char hex[40], got[20], want[20];

	check_start("unhex of many digits");
	for (unsigned int c = 0; c < 256; c++)
		for (size_t at = 0; at < sizeof(hex); at++) {
			int value = text_hexval((char)c);
			size_t high = at & ~(size_t)1;

			memset(hex, '7', sizeof(hex));
			memset(want, 0x77, sizeof(want));
			hex[at] = (char)c;
			if (value >= 0)
				want[high / 2] =
					(char)(at == high ? value << 4 | 7
							  : 7 << 4 | value);
			CHECK_EQ(text_unhex(hex, sizeof(hex), got),
				value < 0 ? -1 : 0);
			CHECK(value < 0 || !memcmp(got, want, sizeof(got)));
			if (value >= 0)
				CHECK_EQ(text_unhex(hex, sizeof(hex), hex), 0);
			CHECK(value < 0 || !memcmp(hex, want, sizeof(want)));
		}
}

static void test_hex(void)
{
	static const char digits[] = "0123456789abcdefABCDEF";
	char buf[8] = "4a6F00ff";
	size_t n_bad = 0;

	check_start("hexval of every byte");
	for (int c = 0; c < 256; c++) {
		const char *d = c ? strchr(digits, c) : NULL;
		int want = d ? (int)(d - digits) : -1;

		n_bad += text_hexval((char)c) != (want > 15 ? want - 6 : want);
	}
	CHECK_EQ(n_bad, 0);
	check_start("unhex");
	CHECK_EQ(text_unhex("", 0, buf), 0);
	CHECK_EQ(text_unhex(buf, 8, buf), 0); /* into itself */
	CHECK_BYTES(((struct bytes){ buf, 4 }), BYTES("Jo\0\xff"));
	CHECK_EQ(text_unhex("414", 3, buf), -1);
	CHECK_EQ(text_unhex("4g", 2, buf), -1);
	CHECK_EQ(text_unhex("g4", 2, buf), -1);
	CHECK_EQ(text_unhex("4 ", 2, buf), -1);
	CHECK_EQ(text_unhex("\xff\xff", 2, buf), -1);
}

static void test_readable(void)
{
	static const struct {
		const char *name;
		struct bytes in;
		size_t readable, printable;
	} rows[] = {
		{ "empty", BYTES(""), 0, 0 },
		{ "script", BYTES("a\tb\r\n\f\v"), 7, 1 },
		{ "escape, bell, backspace", BYTES("\x1b\a\b"), 3, 0 },
		{ "NUL", BYTES("ab\0c"), 2, 2 },
		{ "control", BYTES("ab\x01"), 2, 2 },
		{ "DEL", BYTES("ab\x7f"), 2, 2 },
		{ "C1", BYTES("ab\xc2\x85"), 2, 2 },
		{ "last C1", BYTES("\xc2\x9f"), 0, 0 },
		{ "behind C1", BYTES("\xc2\xa0"), 2, 2 },
		{ "noncharacter", BYTES("a\xef\xbf\xbe"), 1, 1 },
		{ "noncharacter of plane 1", BYTES("a\xf0\x9f\xbf\xbf"), 1, 1 },
		{ "umlaut", BYTES("\xc3\xa4!"), 3, 3 },
		{ "latin-1", BYTES("na\xefve"), 2, 2 },
		{ "cut", BYTES("x\xc3"), 1, 1 },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		check_start("readable: %s", rows[i].name);
		CHECK_EQ(text_readable(rows[i].in.p, rows[i].in.len),
			rows[i].readable);
		CHECK_EQ(text_printable(rows[i].in.p, rows[i].in.len),
			rows[i].printable);
	}
}

static void test_kind(void)
{
	static const struct {
		const char *name;
		struct bytes in;
		enum text_kind kind;
		const char *utf8; /* of UTF-16 */
	} rows[] = {
		{ "nothing", BYTES(""), TEXT_UTF8, NULL },
		{ "UTF-8", BYTES("gr\xc3\xbc\xc3\x9f\n"), TEXT_UTF8, NULL },
		{ "binary",
			BYTES("\x7f"
			      "ELF\x02\x01\x01"),
			TEXT_BINARY, NULL },
		{ "little", BYTES("w\0h\0o\0a\0m\0i\0"), TEXT_UTF16LE,
			"whoami" },
		{ "big", BYTES("\0w\0h\0o\0a\0m\0i"), TEXT_UTF16BE, "whoami" },
		{ "little with mark",
			BYTES("\xff\xfe"
			      "a\0b\0c\0d\0"),
			TEXT_UTF16LE, "abcd" },
		{ "big with mark", BYTES("\xfe\xff\0a\0b\0c\0d"), TEXT_UTF16BE,
			"abcd" },
		{ "three units", BYTES("a\0b\0c\0"), TEXT_BINARY, NULL },
		{ "four units", BYTES("a\0b\0c\0d\0"), TEXT_UTF16LE, "abcd" },
		{ "odd length", BYTES("a\0b\0c\0d\0e"), TEXT_BINARY, NULL },
		{ "3 of 4 ASCII", BYTES("a\0b\0c\0\x03\x26"), TEXT_UTF16LE,
			"abc\xe2\x98\x83" },
		{ "2 of 4 ASCII", BYTES("a\0b\0\x04\x26\x03\x26"), TEXT_BINARY,
			NULL },
		{ "surrogate pair", BYTES("a\0b\0c\0d\0e\0f\0\x3d\xd8\x00\xde"),
			TEXT_UTF16LE, "abcdef\xf0\x9f\x98\x80" },
		{ "lone high surrogate", BYTES("a\0b\0c\0d\0\x3d\xd8"),
			TEXT_BINARY, NULL },
		{ "lone low surrogate",
			BYTES("a\0b\0c\0\x00\xde"
			      "d\0e\0"),
			TEXT_BINARY, NULL },
		{ "NUL among it", BYTES("a\0b\0\0\0c\0d\0e\0"), TEXT_BINARY,
			NULL },
		{ "line breaks", BYTES("i\0d\0\r\0\n\0"), TEXT_UTF16LE,
			"id\r\n" },
	};
	struct str s;

	str_init(&s, 100);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		check_start("kind: %s", rows[i].name);
		CHECK_EQ(text_kind(rows[i].in.p, rows[i].in.len), rows[i].kind);
		if (!rows[i].utf8)
			continue;
		str_reset(&s);
		text_from_utf16(&s, rows[i].in, rows[i].kind);
		CHECK_Z(str_bytes(&s), rows[i].utf8);
	}
	str_fini(&s);
}

static void test_find(void)
{
	const char *text = "ab\0abc";
	struct bytes b = { text, 6 };

	check_start("find");
	CHECK(text_find(b, BYTES("ab")) == text);
	CHECK(text_find(b, BYTES("abc")) == text + 3);
	CHECK(text_find(b, BYTES("b\0a")) == text + 1);
	CHECK(!text_find(b, BYTES("abcd")));
	CHECK(!text_find(b, BYTES("abc\0")));
	CHECK(!text_find((struct bytes){ NULL, 0 }, BYTES("a")));
	check_start("ascii");
	CHECK_EQ(text_ascii("a\xc3\xa4\x7f\0", 5), 3);
	CHECK_EQ(text_ascii("", 0), 0);
}

/* Against a search place by place; few letters, so that much is nearly there.
 */
static void test_find_random(void)
{
	unsigned long long seed = 3;
	char text[200], needle[24];
	unsigned int n_found = 0;

	check_start("find in random text");
	for (unsigned int n = 0; n < 100000; n++) {
		struct bytes b = { text, check_below(&seed, sizeof(text)) };
		struct bytes want = { needle,
			check_below(&seed, sizeof(needle)) };
		unsigned int letters =
			1 + (unsigned int)(check_random(&seed) % 3);
		const char *p = NULL;

		for (size_t i = 0; i < b.len; i++)
			text[i] = (char)('a' + check_random(&seed) % letters);
		for (size_t i = 0; i < want.len; i++)
			needle[i] = (char)('a' + check_random(&seed) % letters);
		for (size_t i = 0; !p && b.len && i + want.len <= b.len; i++)
			if (!memcmp(text + i, needle, want.len))
				p = text + i;
		if (text_find(b, want) != p)
			check_fail(__LINE__, "%.*s in %.*s", (int)want.len,
				needle, (int)b.len, text);
		n_found += p != NULL;
	}
	CHECK(n_found > 1000 && n_found < 99000);
}

/* Each byte at each place of names of each length. */
static void test_name_len(void)
{
	char text[50];

	check_start("name");
	for (size_t len = 0; len < sizeof(text); len++)
		for (size_t at = 0; at < len; at++)
			for (unsigned int c = 0; c < 256; c++) {
				bool is_in = c < 128 &&
					     (isalnum((int)c) || c == '_');

				memset(text, 'Z', len);
				text[at] = (char)c;
				CHECK_EQ(text_name_len(
						 (struct bytes){ text, len }),
					is_in ? len : at);
			}
}

static void test_until(void)
{
	char text[50];

	check_start("until one of four");
	for (size_t len = 0; len < sizeof(text); len++)
		for (size_t at = 0; at < len; at++)
			for (unsigned int c = 0; c < 256; c++) {
				bool is_stop = c == '"' || c == '\\' || !c ||
					       c == 0xff;

				memset(text, 'Z', len);
				text[at] = (char)c;
				CHECK_EQ(text_until((struct bytes){ text, len },
						 "\"\\\0\xff"),
					is_stop ? at : len);
			}
}

/* What ends a readable text, at each place of texts of each length. */
static void test_readable_places(void)
{
	char text[50];

	check_start("readable up to any place");
	for (size_t len = 0; len < sizeof(text); len++)
		for (size_t at = 0; at < len; at++)
			for (unsigned int c = 0; c < 128; c++) {
				bool is_in = (c >= 0x20 && c < 0x7f) ||
					     (c >= 0x07 && c <= 0x0d) ||
					     c == 0x1b;

				memset(text, '~', len);
				text[at] = (char)c;
				CHECK_EQ(text_readable(text, len),
					is_in ? len : at);
			}
}

int main(void)
{
	check.module = "text";
	test_utf8_rows();
	test_utf8_all();
	test_numbers();
	test_signed();
	test_hex();
	test_unhex_many();
	test_readable();
	test_readable_places();
	test_name_len();
	test_until();
	test_kind();
	test_find();
	test_find_random();
	return check_end();
}
