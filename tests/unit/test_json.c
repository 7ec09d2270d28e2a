// SPDX-License-Identifier: GPL-3.0-or-later
#include <float.h>
#include <limits.h>
#include <math.h>
#include <stdint.h>

#include "check.h"
#include "json.h"
#include "readjson.h"

#define FFFD "\xef\xbf\xbd"

/* One or two bytes as they must read back; true if they are UTF-8. */
static bool expect(struct str *out, struct bytes b)
{
	bool is_utf8 = true;

	for (size_t i = 0; i < b.len; i++) {
		unsigned char c = (unsigned char)b.p[i];
		unsigned char d = i + 1 < b.len ? (unsigned char)b.p[i + 1] : 0;

		if (c < 0x80) {
			str_addc(out, b.p[i]);
		} else if (c >= 0xc2 && c <= 0xdf && d >= 0x80 && d <= 0xbf) {
			str_add(out, b.p + i++, 2);
		} else {
			is_utf8 = false;
			str_addz(out, FFFD);
		}
	}
	return is_utf8;
}

static bool is_good(struct bytes b)
{
	struct str got, want, out;
	bool is_utf8, is_same;

	str_init(&got, 4096);
	str_init(&want, 4096);
	str_init(&out, 4096);
	is_utf8 = expect(&want, b);
	is_same = json_bytes(&out, b) == is_utf8 &&
		  rj_string(out.p, out.p + out.len, &got) == out.p + out.len &&
		  bytes_equal(str_bytes(&got), str_bytes(&want));
	if (!is_same)
		CHECK_BYTES(str_bytes(&got), str_bytes(&want));
	str_fini(&got);
	str_fini(&want);
	str_fini(&out);
	return is_same;
}

static void test_every_byte(void)
{
	char b[2];

	check_start("every byte");
	for (int i = 0; i < 256; i++) {
		b[0] = (char)i;
		is_good((struct bytes){ b, 1 });
	}
	check_start("every pair of bytes");
	for (int i = 0; i < 65536; i++) {
		b[0] = (char)(i >> 8);
		b[1] = (char)i;
		is_good((struct bytes){ b, 2 });
	}
	/* The writer takes strides: what lies across one is still whole. */
	check_start("a character anywhere in a long text");
	for (size_t at = 0; at < 600; at++) {
		char text[620];

		memset(text, 'x', sizeof(text));
		memcpy(text + at, "\xc3\xa4", 2);
		is_good((struct bytes){ text, 602 + at % 7 });
	}
}

static void test_strings(void)
{
	static const struct {
		const char *name;
		struct bytes in;
		const char *want;
		bool is_utf8;
	} rows[] = {
		{ "absent", { NULL, 0 }, "null", true },
		{ "empty", BYTES(""), "\"\"", true },
		{ "plain", BYTES("a b~"), "\"a b~\"", true },
		{ "escapes", BYTES("\"\\\n\r\t/"), "\"\\\"\\\\\\n\\r\\t/\"",
			true },
		{ "controls", BYTES("\0\x1f\x7f"), "\"\\u0000\\u001f\\u007f\"",
			true },
		{ "two", BYTES("\xc3\xa9"), "\"\\u00e9\"", true },
		{ "three", BYTES("\xe2\x82\xac"), "\"\\u20ac\"", true },
		{ "four", BYTES("\xf0\x9f\x98\x80"), "\"\\ud83d\\ude00\"",
			true },
		{ "last", BYTES("\xf4\x8f\xbf\xbf"), "\"\\udbff\\udfff\"",
			true },
		{ "line separator", BYTES("\xe2\x80\xa8"), "\"\\u2028\"",
			true },
		{ "no UTF-8", BYTES("a\xff"), "\"a\\ufffd\"", false },
		{ "surrogate", BYTES("\xed\xa0\x80"),
			"\"\\ufffd\\ufffd\\ufffd\"", false },
	};
	struct str s;

	str_init(&s, 1000);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		check_start("string: %s", rows[i].name);
		str_reset(&s);
		CHECK_EQ(json_bytes(&s, rows[i].in), rows[i].is_utf8);
		CHECK_Z(str_bytes(&s), rows[i].want);
		str_reset(&s);
		json_escape(&s, rows[i].in);
		if (rows[i].in.p)
			CHECK_BYTES(str_bytes(&s),
				((struct bytes){ rows[i].want + 1,
					strlen(rows[i].want) - 2 }));
	}
	str_fini(&s);
}

static void test_structure(void)
{
	struct str s;

	check_start("commas");
	str_init(&s, 1000);
	str_addz(&s, "earlier line\n");
	json_open(&s, '{');
	json_key(&s, "a");
	json_open(&s, '[');
	json_int(&s, LLONG_MIN);
	json_null(&s);
	json_bool(&s, true);
	json_bool(&s, false);
	json_bytes(&s, BYTES("{"));
	json_open(&s, '[');
	json_close(&s, ']');
	json_open(&s, '{');
	json_close(&s, '}');
	json_base64(&s, BYTES("x"));
	json_num(&s, 0.5);
	json_close(&s, ']');
	json_field(&s, "b", BYTES("[:"));
	json_field(&s, "gone", (struct bytes){ NULL, 0 });
	json_field(&s, "c", BYTES(""));
	json_field_int(&s, "d", -7);
	json_field_num(&s, "e", 1.5);
	json_field(&s, "f", BYTES("x\xff"));
	json_close(&s, '}');
	CHECK_Z(str_bytes(&s),
		"earlier line\n{\"a\":[-9223372036854775808,null,true,false,"
		"\"{\",[],{},\"eA==\",0.5],\"b\":\"[:\",\"c\":\"\",\"d\":-7,"
		"\"e\":1.5,\"f\":\"x\\ufffd\",\"f_b64\":\"eP8=\"}");
	str_fini(&s);
}

static void test_numbers(void)
{
	static const struct {
		double v;
		const char *want;
	} rows[] = {
		{ 0, "0" },
		{ 1, "1" },
		{ -1, "-1" },
		{ 0.1, "0.1" },
		{ 0.625, "0.625" },
		{ 2.0 / 3, "0.6666666666666666" },
		{ 1e14, "100000000000000" },
		{ 1234567.25, "1234567.25" },
		{ 1e-7, "1e-07" },
	};
	static const double values[] = { 1.0 / 3, 1e15, 1e16, 1e300, -1e300,
		DBL_MAX, DBL_MIN, DBL_TRUE_MIN, DBL_EPSILON, 1e15 + 0.5,
		9007199254740993.0, 9223372036854775807.0, -9.3e18, 1.1e19 };
	unsigned long long seed = 3;
	struct str s;

	str_init(&s, 1000);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		check_start("number %s", rows[i].want);
		str_reset(&s);
		json_num(&s, rows[i].v);
		CHECK_Z(str_bytes(&s), rows[i].want);
	}
	check_start("numbers read back the same");
	for (size_t i = 0; i < 20000; i++) {
		unsigned long long r = check_random(&seed);
		double v;

		memcpy(&v, &r, sizeof(v));
		if (i < sizeof(values) / sizeof(values[0]))
			v = values[i];
		if (!isfinite(v))
			continue;
		str_reset(&s);
		json_num(&s, v);
		if (!CHECK(strtod(str_z(&s), NULL) == v) ||
			!CHECK(rj_is_json(str_bytes(&s))))
			break;
	}
	str_fini(&s);
}

static void test_base64(void)
{
	static const char *const rows[][2] = { { "", "\"\"" },
		{ "f", "\"Zg==\"" }, { "fo", "\"Zm8=\"" },
		{ "foo", "\"Zm9v\"" }, { "foob", "\"Zm9vYg==\"" },
		{ "fooba", "\"Zm9vYmE=\"" }, { "foobar", "\"Zm9vYmFy\"" },
		{ "\xfb\xff\xfe", "\"+//+\"" } };
	char all[256 * 3];
	struct str s, back;

	str_init(&s, 4000);
	str_init(&back, 4000);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		check_start("base64 %s", rows[i][1]);
		str_reset(&s);
		json_base64(&s, bytes_of(rows[i][0]));
		CHECK_Z(str_bytes(&s), rows[i][1]);
	}
	check_start("base64 of any length reads back");
	for (size_t i = 0; i < sizeof(all); i++)
		all[i] = (char)(i * 37);
	for (size_t n = 0; n <= sizeof(all); n++) {
		str_reset(&s);
		str_reset(&back);
		json_base64(&s, (struct bytes){ all, n });
		CHECK(rj_base64((struct bytes){ s.p + 1, s.len - 2 }, &back));
		CHECK_BYTES(
			str_bytes(&back), ((struct bytes){ n ? all : "", n }));
	}
	str_fini(&s);
	str_fini(&back);
}

/* Whatever the cap, what is there is a beginning of the whole. */
static void test_cap(void)
{
	struct bytes text = BYTES("a\"b\xc3\xa4\xff\n\xf0\x9f\x98\x80 end");
	struct str whole, s;

	check_start("cap");
	str_init(&whole, 1000);
	json_open(&whole, '{');
	json_field(&whole, "key", text);
	for (size_t cap = 0; cap < whole.len; cap++) {
		str_init(&s, cap);
		json_open(&s, '{');
		json_field(&s, "key", text);
		CHECK(!str_ok(&s));
		CHECK(s.len <= cap);
		str_fini(&s);
	}
	str_fini(&whole);
}

/* One byte that isn't plain, wherever it stands. */
static void test_places(void)
{
	static const struct {
		char c;
		const char *as;
	} odd[] = { { '"', "\\\"" }, { '\\', "\\\\" }, { '\x1f', "\\u001f" },
		{ '\x7f', "\\u007f" }, { '\n', "\\n" } };
	struct str s, want;
	char room[48];

	str_init(&s, 1000);
	str_init(&want, 1000);
	check_start("places");
	for (size_t at = 0; at < sizeof(room); at++) {
		for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++) {
			memset(room, '~', sizeof(room));
			room[at] = odd[i].c;
			str_reset(&s);
			str_reset(&want);
			CHECK(json_escape(
				&s, (struct bytes){ room, sizeof(room) }));
			str_add(&want, room, at);
			str_addz(&want, odd[i].as);
			str_add(&want, room + at + 1, sizeof(room) - at - 1);
			CHECK_BYTES(str_bytes(&s), str_bytes(&want));
		}
	}
	str_fini(&s);
	str_fini(&want);
}

static void test_small(void)
{
	static const struct {
		const char *text;
		size_t depth, values; /* that it has */
	} rows[] = { { "", 0, 0 }, { "1", 0, 0 }, { "[]", 1, 0 },
		{ "[[],{}]", 2, 1 }, { "{\"a\":[1,2,3]}", 2, 2 },
		{ "\"[[,\\\",[\"", 0, 0 }, { "[\"]\",[[", 3, 1 },
		{ "]]}}[[", 2, 0 }, { "\"\\", 0, 0 } };

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct bytes b = bytes_of(rows[i].text);
		size_t depth = rows[i].depth, values = rows[i].values;

		check_start("small: %s", rows[i].text);
		CHECK(json_is_small(b, depth, values));
		CHECK(!depth || !json_is_small(b, depth - 1, values));
		CHECK(!values || !json_is_small(b, depth, values - 1));
	}
}

int main(void)
{
	check.module = "json";
	test_small();
	test_every_byte();
	test_strings();
	test_structure();
	test_numbers();
	test_base64();
	test_cap();
	test_places();
	return check_end();
}
