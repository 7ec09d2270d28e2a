// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdint.h>

#include "argv.h"
#include "check.h"
#include "event.h"

#define GAP EVENT_ARGV_GAP
#define DUP EVENT_ARGV_DUP
#define CUT EVENT_ARGV_CUT

/* Gives "name=value name=value ..." to av, field by field. */
static void add(struct argv *av, const char *fields)
{
	while (*fields) {
		const char *eq = strchr(fields, '=');
		size_t len = strcspn(eq + 1, " ");

		argv_field(av, (struct bytes){ fields, (size_t)(eq - fields) },
			(struct bytes){ eq + 1, len });
		fields = eq + 1 + len;
		fields += *fields == ' ';
	}
}

static const struct row {
	const char *name, *fields;
	const char *argv; /* arguments, each ended by |; # is a lost one */
	unsigned int flaws;
} rows[] = {
	{ "quoted", "argc=2 a0=\"ls\" a1=\"-l\"", "ls|-l|", 0 },
	{ "hex", "argc=2 a0=6C73 a1=6120622F", "ls|a b/|", 0 },
	{ "hex in lower case", "argc=1 a0=6c6a", "lj|", 0 },
	{ "quoted digits", "argc=1 a0=\"4142\"", "4142|", 0 },
	{ "odd digits", "argc=1 a0=414", "414|", 0 },
	{ "neither", "argc=1 a0=(null)", "(null)|", 0 },
	{ "empty", "argc=3 a0=\"x\" a1=\"\" a2=", "x|||", 0 },
	{ "none", "argc=0", "", 0 },
	{ "any order", "a1=\"b\" argc=3 a2=\"c\" a0=\"a\"", "a|b|c|", 0 },
	{ "ten and more",
		"argc=11 a0=\"0\" a1=\"1\" a10=\"10\" a2=\"2\" "
		"a3=\"3\" a4=\"4\" a5=\"5\" a6=\"6\" a7=\"7\" a8=\"8\" "
		"a9=\"9\"",
		"0|1|2|3|4|5|6|7|8|9|10|", 0 },
	{ "one is lost", "argc=3 a0=\"a\" a2=\"c\"", "a|#|c|", GAP },
	{ "the last is lost", "argc=3 a0=\"a\" a1=\"b\"", "a|b|#|", GAP },
	{ "all are lost", "argc=2", "#|#|", GAP },
	{ "no argc", "a0=\"a\" a1=\"b\"", "a|b|", GAP },
	{ "bad argc", "argc=x a0=\"a\"", "a|", GAP },
	{ "more than argc", "argc=1 a0=\"a\" a1=\"b\"", "a|b|", GAP },
	{ "twice the same", "argc=2 a0=\"a\" a1=\"b\" a1=\"b\"", "a|b|", DUP },
	{ "twice, another", "argc=2 a0=\"a\" a0=\"x\" a1=\"b\"", "a|b|", DUP },
	{ "pieces", "argc=1 a0_len=8 a0[0]=6162 a0[1]=6364", "abcd|", 0 },
	{ "quoted pieces", "argc=1 a0_len=4 a0[0]=\"ab\" a0[1]=\"cd\"", "abcd|",
		0 },
	{ "pieces of both", "argc=1 a0_len=6 a0[0]=\"ab\" a0[1]=6364", "abcd|",
		0 },
	{ "pieces backwards", "a0[1]=6364 a0[0]=6162 a0_len=8 argc=1", "abcd|",
		0 },
	{ "pieces of two in turn",
		"argc=2 a1_len=4 a0_len=4 a0[0]=61 a1[0]=63 a0[1]=62 a1[1]=64",
		"ab|cd|", 0 },
	{ "eleven pieces",
		"argc=1 a0_len=11 a0[10]=\"k\" a0[9]=\"j\" a0[0]=\"a\" "
		"a0[2]=\"c\" a0[1]=\"b\" a0[3]=\"d\" a0[4]=\"e\" a0[5]=\"f\" "
		"a0[6]=\"g\" a0[7]=\"h\" a0[8]=\"i\"",
		"abcdefghijk|", 0 },
	{ "a piece is lost", "argc=1 a0_len=6 a0[0]=61 a0[2]=63", "ac|", GAP },
	{ "the first piece is lost", "argc=1 a0_len=4 a0[1]=62", "b|", GAP },
	{ "the last piece is lost", "argc=1 a0_len=4 a0[0]=61", "a|", GAP },
	{ "a piece twice", "argc=1 a0_len=4 a0[0]=61 a0[0]=61 a0[1]=62", "ab|",
		DUP },
	{ "pieces without a length", "argc=1 a0[0]=61 a0[1]=62", "ab|", 0 },
	{ "a length and nothing else", "argc=1 a0_len=4", "#|", GAP },
	{ "too long for its length", "argc=1 a0_len=2 a0[0]=61 a0[1]=62", "ab|",
		GAP },
	{ "a bad length", "argc=1 a0_len=x a0[0]=61", "a|", 0 },
	{ "whole and a piece", "argc=1 a0=\"a\" a0[0]=\"x\"", "a|", DUP },
	{ "other fields",
		"argc=1 a0=\"a\" b=1 a=2 ab=3 aa0=4 a0x=5 a0[=6 "
		"a0[]=7 a0[1=8 a0[1]x=9 a0_lenx=1 argcx=7",
		"a|", 0 },
	{ "more than any argv has", "argc=1 a0=\"a\" a1048576=\"x\"", "a|",
		CUT },
	{ "a number too large", "argc=1 a0=\"a\" a99999999999999999999=\"x\"",
		"a|", 0 },
};

#define N_ROWS (sizeof(rows) / sizeof(rows[0]))

static void check_argv(const struct event *ev, const char *want)
{
	struct str got;

	str_init(&got, 1 << 20);
	for (size_t i = 0; i < ev->argc; i++) {
		if (!ev->argv[i].p)
			str_addc(&got, '#');
		else
			str_addb(&got, ev->argv[i]);
		str_addc(&got, '|');
	}
	CHECK_Z(str_bytes(&got), want);
	str_fini(&got);
}

/* All rows through one reader, twice: nothing of one is left for the next. */
static void test_rows(void)
{
	struct argv *av = argv_new();

	if (!av)
		abort();
	for (size_t i = 0; i < 2 * N_ROWS; i++) {
		const struct row *r = &rows[i % N_ROWS];
		struct event *ev = event_create();

		if (!ev)
			abort();
		check_start("%s%s", r->name, i < N_ROWS ? "" : " again");
		add(av, r->fields);
		argv_build(av, ev);
		check_argv(ev, r->argv);
		CHECK_EQ(ev->flaws, r->flaws);
		event_destroy(ev);
	}
	argv_free(av);
	argv_free(NULL);
}

/* n arguments "0", "1", ..., every step-th first. */
static void test_many(const char *name, uint32_t n, uint32_t step)
{
	struct argv *av = argv_new();
	struct event *ev = event_create();
	struct str text;
	size_t bad = 0;

	if (!av || !ev)
		abort();
	check_start("%s", name);
	str_init(&text, 64u << 20);
	/* The buffer must not move while fields point into it. */
	if (!str_room(&text, 40u << 20))
		abort();
	str_addf(&text, "argc=%u ", n);
	for (uint32_t from = 0; from < step; from++)
		for (uint32_t i = from; i < n; i += step)
			str_addf(&text, "a%u=\"%u\" ", i, i);
	text.p[text.len - 1] = '\0';
	add(av, text.p);
	argv_build(av, ev);
	CHECK_EQ(ev->argc, n < EVENT_ARGS_MAX ? n : EVENT_ARGS_MAX);
	CHECK_EQ(ev->flaws, n > EVENT_ARGS_MAX ? CUT : 0);
	for (uint32_t i = 0; i < ev->argc; i++) {
		char want[16];

		snprintf(want, sizeof(want), "%u", i);
		bad += !bytes_equal(ev->argv[i], bytes_of(want));
	}
	CHECK_EQ(bad, 0);
	str_fini(&text);
	event_destroy(ev);
	argv_free(av);
}

/* One argument of 6 MiB in hex, as the kernel sends it. */
static void test_long(void)
{
	enum { PIECE = 7500, N = 1678 };
	static char hex[PIECE + 1];
	struct argv *av = argv_new();
	struct event *ev = event_create();
	struct bytes value = { hex, PIECE };
	char name[32];

	if (!av || !ev)
		abort();
	check_start("one argument of 6 MiB");
	for (size_t i = 0; i < PIECE; i += 2)
		memcpy(hex + i, "ff", 2);
	add(av, "argc=1 a0_len=12585000");
	for (int k = N - 1; k >= 0; k--) {
		snprintf(name, sizeof(name), "a0[%d]", k);
		argv_field(av, bytes_of(name), value);
	}
	argv_build(av, ev);
	CHECK_EQ(ev->argc, 1);
	CHECK_EQ(ev->flaws, 0);
	if (ev->argc == 1)
		CHECK_EQ(ev->argv[0].len, PIECE / 2 * N);
	event_destroy(ev);
	argv_free(av);
}

/* An argc that the records do not bear out costs no more than its cap. */
static void test_lies(void)
{
	static const char *const fields[] = { "argc=1048576", "argc=1048577",
		"argc=4294967296", "argc=18446744073709551615" };

	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		struct argv *av = argv_new();
		struct event *ev = event_create();

		if (!av || !ev)
			abort();
		check_start("%s", fields[i]);
		add(av, fields[i]);
		argv_build(av, ev);
		CHECK_EQ(ev->argc, EVENT_ARGS_MAX);
		CHECK_EQ(ev->flaws, i ? GAP | CUT : GAP);
		CHECK(ev->bytes <= EVENT_BYTES_MAX);
		event_destroy(ev);
		argv_free(av);
	}
}

int main(void)
{
	check.module = "argv";
	test_rows();
	test_many("70000 arguments", 70000, 1);
	test_many("70000 arguments out of order", 70000, 7);
	if (!check_is_slow()) {
		test_many("as many as there may be", EVENT_ARGS_MAX, 1);
		test_many("ten more", EVENT_ARGS_MAX + 10, 3);
	} else {
		check_skip("as many as there may be", "minutes under UNDER");
	}
	test_long();
	test_lies();
	return check_end();
}
