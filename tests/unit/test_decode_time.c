// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Input made to be slow: decoding must stay linear. Times vary, so the bound is
 * wide, and twice the input may take up to three times as long by the best of
 * several runs.
 */
#include <time.h>

#include "payload.h"

#define RUNS    5
#define SIZE    (128 * 1024)
#define BOUND_S 2.0
/* Below this the clock says more of itself. */
#define NOISE_S 0.004

static const struct row {
	const char *name;
	const char *piece; /* repeated */
	const char *argv1; /* before it */
} rows[] = {
	{ "A", "A", NULL },
	{ "A beside a decoder", "A", "base64 -d" },
	{ "slashes", "/", NULL },
	{ "AAAA/", "AAAA/", NULL },
	{ "AAAA/ beside a decoder", "AAAA/", "base64 -d" },
	{ "a bad one in 20", "QUFBQUFBQUFBQUFBQUF!", NULL },
	{ "a bad one in 20 beside a decoder", "QUFBQUFBQUFBQUFBQUF!",
		"b64decode" },
	{ "dashes and slashes", "ab-/cd_+", NULL },
	{ "dashes", "abcdefghijklmnopqrstuvwxyz-", "base64 -d" },
	{ "=", "=", NULL },
	{ "A=", "AAAAAAAA=", "base64 -d" },
	{ "base64 and a blank", "base64 ", NULL },
	{ "base64 -", "base64 -", NULL },
	{ "base64 and much behind it",
		"base64                              "
		"                              ",
		NULL },
	{ "openssl enc", "openssl enc ", NULL },
	{ "64", "b64", NULL },
	{ "(", "(", NULL },
	{ "atob", "atob", NULL },
	{ "b64decode", "b64decode(", NULL },
	{ "quotes", "\"'", "base64 -d" },
	{ "brackets", "({[", "base64 -d" },
	{ "echo", "echo ", "base64 -d" },
	{ "quoted short ones", "'QUJDREVGR0g='", "base64 -d" },
	{ "lines of 76",
		"VGhpcyBpcyB0ZXh0IGJ1dCBub3QgdG8gdGhlIGVuZCEhISEhISEh"
		"ISEhISEhISEhISEhISE/Pz8h\n",
		NULL },
	{ "lines of noise",
		"MIIDdzCCAl+gAwIBAgIEAgAAuTANBgkqhkiG9w0BAQUFADBa"
		"MQswCQYDVQQGEwJJ\n",
		NULL },
	{ "lines of noise beside a decoder",
		"MIIDdzCCAl+gAwIBAgIEAgAAuTANBgk"
		"qhkiG9w0BAQUFADBaMQswCQYDVQQGEwJJ\n",
		"base64 -d" },
	{ "lines that shrink",
		"QUJDREVGR0hJSktMTU5PUFFS\nQUJDREVGR0hJSktMTU5"
		"P\nQUJDREVGR0hJSktM\n",
		NULL },
	{ "readable to the last", "YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4/w ", NULL },
	{ "UTF-16 to the last", "YQBiAGMAZABlAGYAZwBoAGkAagBrAGwAbQBuAG8A/w ",
		NULL },
	{ "readable pieces", "YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4/", NULL },
	{ "JWT", "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.", NULL },
	{ "paths", "/usr/share/doc/some/thing/else/again", "base64 -d" },
};

static double seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* The best of some runs over n bytes of the row, one argument or many. */
static double best(const struct row *r, size_t n)
{
	struct decode *d = decode_new();
	struct bytes argv[2] = { bytes_of(r->argv1 ? r->argv1 : "x") };
	double least = BOUND_S * 100;
	struct str s;

	if (!d)
		abort();
	str_init(&s, n + 100);
	while (s.len < n)
		str_addz(&s, r->piece);
	argv[1] = str_bytes(&s);
	for (int i = 0; i < RUNS; i++) {
		struct event *ev = event_create();
		double took;

		if (!ev)
			abort();
		ev->argv = argv;
		ev->argc = 2;
		took = seconds();
		decode_run(d, ev, &payload_conf);
		took = seconds() - took;
		least = took < least ? took : least;
		event_destroy(ev);
	}
	str_fini(&s);
	decode_free(d);
	return least;
}

/* Measured anew before it is believed: other programs run too. */
#define TRIES 4

static void judge(const struct row *r,
	double (*measure)(const struct row *r, size_t n), size_t n)
{
	double once = 0, twice = 0;

	for (int i = 0; i < TRIES; i++) {
		once = measure(r, n);
		twice = measure(r, 2 * n);
		if (twice <= BOUND_S && (twice <= NOISE_S || twice <= 3 * once))
			return;
	}
	check_fail(__LINE__, "%zu take %.2f ms, twice as many %.2f ms", n,
		once * 1e3, twice * 1e3);
}

static void test_rows(void)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		check_start("%s", rows[i].name);
		judge(&rows[i], best, SIZE);
	}
}

/* Thousands of arguments: what is asked of one is not asked of all others. */
static double many(const struct row *r, size_t n)
{
	struct bytes *argv = calloc(n, sizeof(*argv));
	struct decode *d = decode_new();
	double least = BOUND_S * 100;

	(void)r;
	if (!argv || !d)
		abort();
	for (size_t i = 0; i < n; i++)
		argv[i] = i % 2 ? BYTES("YWJjZGVmZ2hpamtsbW5v/w")
				: BYTES("base64 -d");
	for (int i = 0; i < RUNS; i++) {
		struct event *ev = event_create();
		double took;

		if (!ev)
			abort();
		ev->argv = argv;
		ev->argc = n;
		took = seconds();
		decode_run(d, ev, &payload_conf);
		took = seconds() - took;
		least = took < least ? took : least;
		event_destroy(ev);
	}
	free(argv);
	decode_free(d);
	return least;
}

int main(void)
{
	check.module = "decode time";
	test_rows();
	check_start("20000 and 40000 arguments");
	judge(NULL, many, 20000);
	return check_end();
}
