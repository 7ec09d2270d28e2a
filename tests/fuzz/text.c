// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Numbers, hex, UTF-8 and UTF-16: held against the C library, or against their
 * own inverses.
 *
 * seeds: text
 */
#include "text.h"

#include <errno.h>

#include "fuzz.h"

static void check_hex(struct bytes in)
{
	static const char digits[] = "0123456789abcdef";
	char *hex = malloc(2 * in.len + 1), *back = malloc(in.len + 1);

	MUST(hex && back);
	for (size_t i = 0; i < in.len; i++) {
		hex[2 * i] = digits[in.p[i] >> 4 & 15];
		hex[2 * i + 1] = digits[in.p[i] & 15];
	}
	MUST(text_unhex(hex, 2 * in.len, back) == 0);
	MUST(!memcmp(back, in.p, in.len));
	if (in.len % 2)
		MUST(text_unhex(in.p, in.len, back) < 0);
	else
		(void)!text_unhex(in.p, in.len, back);
	free(hex);
	free(back);
}

static bool is_digits(const char *z, char last)
{
	size_t n = 0;

	while (z[n] >= '0' && z[n] <= last)
		n++;
	return n && !z[n];
}

static void check_numbers(struct bytes in)
{
	char *z = strndup(in.p, in.len < 40 ? in.len : 40), *end;
	struct bytes b = bytes_of(z);
	uint64_t u = 77;
	int64_t i = 77;
	bool is_u, is_i;

	MUST(z);
	errno = 0;
	is_u = is_digits(z, '9') && (strtoull(z, &end, 10), errno == 0);
	MUST((text_u64(b, 10, &u) == 0) == is_u);
	MUST(u == (is_u ? strtoull(z, NULL, 10) : 77));
	errno = 0;
	is_u = is_digits(z, '7') && (strtoull(z, &end, 8), errno == 0);
	u = 77;
	MUST((text_u64(b, 8, &u) == 0) == is_u);
	MUST(u == (is_u ? strtoull(z, NULL, 8) : 77));
	errno = 0;
	is_i = is_digits(z + (*z == '-'), '9') &&
	       (strtoll(z, &end, 10), errno == 0);
	MUST((text_i64(b, &i) == 0) == is_i);
	MUST(i == (is_i ? strtoll(z, NULL, 10) : 77));
	free(z);
}

static void check_utf8(struct bytes in)
{
	bool is_utf8 = true;
	uint32_t cp;
	size_t n;

	for (size_t i = 0; i < in.len; i += n ? n : 1) {
		char again[8];
		struct str out;

		n = text_utf8(in.p + i, in.len - i, &cp);
		is_utf8 &= n > 0;
		if (!n)
			continue;
		MUST(n <= 4 && n <= in.len - i && cp <= 0x10ffff);
		MUST(cp < 0xd800 || cp > 0xdfff);
		str_init(&out, sizeof(again));
		text_add_utf8(&out, cp);
		MUST(out.len == n && !memcmp(out.p, in.p + i, n));
		str_fini(&out);
	}
	MUST(text_is_utf8(in.p, in.len) == is_utf8);
}

static void check_kind(struct bytes in)
{
	enum text_kind kind = text_kind(in.p, in.len);
	size_t readable = text_readable(in.p, in.len);
	size_t printable = text_printable(in.p, in.len);
	struct str out;

	MUST(printable <= readable && readable <= in.len);
	MUST(text_is_utf8(in.p, readable));
	MUST((kind == TEXT_UTF8) == (readable == in.len));
	MUST(text_ascii(in.p, in.len) <= in.len);
	(void)text_is_mostly(in);
	if (kind != TEXT_UTF16LE && kind != TEXT_UTF16BE)
		return;
	str_init(&out, 2 * in.len + 16);
	text_from_utf16(&out, in, kind);
	MUST(str_ok(&out) && text_is_utf8(out.p, out.len));
	MUST(out.len <= in.len + in.len / 2);
	str_fini(&out);
}

/* A full buffer stays one whole text. */
static void check_str(struct bytes in)
{
	struct str s;
	struct bytes whole;

	str_init(&s, in.len / 2);
	for (size_t i = 0; i < in.len; i++)
		str_addc(&s, in.p[i]);
	MUST(s.len == in.len / 2 && str_ok(&s) == (in.len == 0));
	whole = text_whole(&s);
	MUST(whole.len <= s.len && s.len - whole.len <= 3);
	str_fini(&s);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct bytes in = fuzz_copy(fuzz_bytes(data, len));
	struct bytes needle = { in.p + in.len / 2, in.len % 7 };

	check_hex(in);
	check_numbers(in);
	check_utf8(in);
	check_kind(in);
	check_str(in);
	if (needle.len && needle.len <= in.len - in.len / 2)
		MUST(text_find(in, needle) ==
			memmem(in.p, in.len, needle.p, needle.len));
	fuzz_free(in);
	return 0;
}
