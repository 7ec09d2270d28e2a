// SPDX-License-Identifier: GPL-3.0-or-later
#include <limits.h>
#include <stdint.h>

#include "check.h"

static void test_contents(void)
{
	struct str s;

	str_init(&s, 1000);
	check_start("empty");
	CHECK_EQ(s.len, 0);
	CHECK(str_ok(&s));
	CHECK(!strcmp(str_z(&s), ""));
	CHECK(str_bytes(&s).p != NULL);
	str_addz(&s, "");
	str_add(&s, NULL, 0);
	CHECK_BYTES(str_bytes(&s), BYTES(""));
	CHECK(str_ok(&s));

	check_start("add");
	str_addz(&s, "one");
	str_addc(&s, ' ');
	str_addb(&s, BYTES("t\0wo"));
	str_addu(&s, 0);
	str_addu(&s, ULLONG_MAX);
	str_addi(&s, -1);
	str_addi(&s, LLONG_MIN);
	str_addi(&s, LLONG_MAX);
	str_addf(&s, "%s:%04x", "f", 0xbeu);
	CHECK_BYTES(str_bytes(&s),
		BYTES("one t\0wo018446744073709551615-1-9223372036854775808"
		      "9223372036854775807f:00be"));
	CHECK_EQ(s.p[s.len], '\0');

	check_start("reset");
	str_reset(&s);
	CHECK_EQ(s.len, 0);
	CHECK(s.size > 0);
	CHECK(!strcmp(str_z(&s), ""));
	str_fini(&s);
	CHECK(s.p == NULL && s.size == 0 && s.max == 1000);
}

/* What passes the cap is left out whole, and all that comes after it. */
static void test_cap(void)
{
	static const size_t caps[] = { 0, 1, 2, 3, 255, 256, 257, 1000 };
	struct str s;

	for (size_t i = 0; i < sizeof(caps) / sizeof(caps[0]); i++) {
		check_start("cap %zu", caps[i]);
		str_init(&s, caps[i]);
		for (size_t n = 0; n < caps[i]; n++)
			str_addc(&s, 'a');
		CHECK(str_ok(&s));
		CHECK_EQ(s.len, caps[i]);
		str_addc(&s, 'b');
		CHECK(!str_ok(&s));
		CHECK_EQ(s.len, caps[i]);
		str_reset(&s);
		CHECK(str_ok(&s));
		str_addf(&s, "%*s", (int)caps[i] + 1, "x");
		CHECK(!str_ok(&s));
		CHECK_EQ(s.len, 0);
		if (caps[i])
			CHECK(str_room(&s, 1) == NULL);
		str_fini(&s);
	}
	check_start("short stays short");
	str_init(&s, 4);
	str_addz(&s, "abc");
	str_addz(&s, "de");
	str_addz(&s, "f");
	CHECK(!str_ok(&s));
	CHECK_Z(str_bytes(&s), "abc");
	CHECK(!strcmp(str_z(&s), "abc"));
	str_fini(&s);
}

static void test_room(void)
{
	struct str s;
	char *to;

	check_start("room");
	str_init(&s, 100000);
	str_addz(&s, "head");
	to = str_room(&s, 5000);
	if (CHECK(to != NULL)) {
		CHECK(to == s.p + 4);
		memset(to, 'x', 5000);
		s.len += 3;
		str_addz(&s, "tail");
		CHECK_Z(str_bytes(&s), "headxxxtail");
	}
	check_start("room of any size");
	CHECK(str_room(&s, SIZE_MAX) == NULL);
	str_reset(&s);
	CHECK(str_room(&s, SIZE_MAX - 4) == NULL);
	str_reset(&s);
	CHECK(str_room(&s, 100001) == NULL);
	str_reset(&s);
	CHECK(str_room(&s, 100000) != NULL);
	str_fini(&s);

	check_start("shrink");
	str_addf(&s, "%5000s", "");
	CHECK(s.size >= 5000);
	str_shrink(&s, 100000);
	CHECK(s.size >= 5000 && s.len == 0);
	str_addc(&s, 'x');
	str_shrink(&s, 100);
	CHECK(s.size == 0 && s.len == 0 && s.p == NULL);
	str_addz(&s, "again");
	CHECK_Z(str_bytes(&s), "again");
	str_fini(&s);
}

/* Random pieces against a plain array. */
static void test_random(void)
{
	static char model[70000];
	unsigned long long seed = 1;
	size_t len = 0;
	bool is_short = false;
	struct str s;

	check_start("random pieces");
	str_init(&s, sizeof(model));
	while (!is_short) {
		size_t n = check_below(&seed, 700);
		char piece[700];

		memset(piece, 'a' + (int)(n % 26), n);
		str_add(&s, piece, n);
		is_short = n > sizeof(model) - len;
		if (!is_short)
			memcpy(model + len, piece, n);
		len += is_short ? 0 : n;
		if (!CHECK_EQ(str_ok(&s), !is_short) || !CHECK_EQ(s.len, len) ||
			!CHECK_EQ(s.p[len], 0))
			break;
	}
	CHECK_BYTES(str_bytes(&s), ((struct bytes){ model, len }));
	str_fini(&s);
}

static void test_bytes(void)
{
	struct bytes none = { NULL, 0 };

	check_start("bytes");
	CHECK(bytes_equal(BYTES(""), none));
	CHECK(bytes_equal(BYTES("ab"), bytes_of("ab")));
	CHECK(!bytes_equal(BYTES("ab"), BYTES("ac")));
	CHECK(!bytes_equal(BYTES("ab"), BYTES("bb")));
	CHECK(!bytes_equal(BYTES("ab"), BYTES("abc")));
	CHECK(!bytes_equal(BYTES("a\0b"), BYTES("a\0c")));
	CHECK(bytes_of(NULL).p == NULL);
}

/* The fewest digits that give v back. */
static const char *shortest(double v, char room[40])
{
	for (int digits = 1; digits <= 17; digits++) {
		snprintf(room, 40, "%.*g", digits, v);
		if (strtod(room, NULL) == v)
			break;
	}
	return room;
}

static void test_numbers(void)
{
	static const double odd[] = { 0.1 + 0.2, 1.0 / 3, 999.9995, 0.0005,
		1e-7, 123456.789, -0.25, 1e300, 5e-324 };
	char want[40];
	struct str s;

	str_init(&s, 1000);
	check_start("hex");
	str_addx(&s, (const unsigned char *)"\x00\x9f\xff", 3);
	CHECK_Z(str_bytes(&s), "009fff");
	check_start("shortest");
	for (unsigned int n = 1; n < 1000000; n += 7) {
		double v = n / 1000.0;

		if (n % 1000 == 0)
			continue;
		str_reset(&s);
		str_addd(&s, v);
		CHECK_Z(str_bytes(&s), shortest(v, want));
	}
	for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++) {
		str_reset(&s);
		str_addd(&s, odd[i]);
		CHECK_EQ(strtod(str_z(&s), NULL) == odd[i], true);
	}
	str_fini(&s);
}

int main(void)
{
	check.module = "str";
	test_contents();
	test_cap();
	test_room();
	test_random();
	test_bytes();
	test_numbers();
	return check_end();
}
