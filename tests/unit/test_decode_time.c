// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Input made to be slow: decoding must stay linear. Times vary, so the bound is
 * wide, and twice the input may take up to three times as long by the best of
 * several runs.
 */
#include "clock.h"
#include "encoded.h"

#define RUNS     5
#define SIZE     (128 * 1024)
#define BOUND_MS 2000
/* Below this the clock says more of itself. */
#define NOISE_MS 4

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
	/* Programs. */
	{ "strings joined", "'QUJD'+", "python3" },
	{ "strings side by side", "'QUJD' ", "python3" },
	{ "strings in a list", "'QUJD',", "python3" },
	{ "list upon list", "[['a','b'],", "python3" },
	{ "joined by dots", "\"QUJD\".", "php" },
	{ "characters joined", "chr(65)+", "python3" },
	{ "characters and strings", "chr(65).'a'.", "php" },
	{ "barewords", "aa.chr(65).", "php" },
	{ "a grows", "a='x';a+='y';", "python3" },
	{ "a doubles", "a='aaaaaaaa';a=a+a;", "python3" },
	{ "appended", "p.append('a');", "python3" },
	{ "lists that grow", "p=['a'];p+=['b'];p.append('c');", "python3" },
	{ "names", "abc=abc+bcd;", "python3" },
	{ "brackets of programs", "f(", "python3" },
	{ "brackets closed", "f(('a'),", "python3" },
	{ "lambdas", "g=lambda s:s+s;g(g('a'));", "python3" },
	{ "arrows", "g=s=>", "node" },
	{ "functions", "function g(a){return ", "node" },
	{ "functions called", "def g(a):return a+a\ng('aaaa')\n", "python3" },
	{ "replaced", ".replace('a','b')", "python3" },
	{ "replaced by more", "f('aaaa'.replace('a','aaaaaaaa'));", "python3" },
	{ "formats", "'%s%s%s'%('a','b','c'),", "python3" },
	{ "pwsh's formats", "('{0}{1}' -f 'a','b')", "pwsh" },
	{ "escapes of strings", "'\\x41\\'", "python3" },
	{ "odd quotes", "\\'\\\"", "python3" },
	{ "perl's quotes", "q{q(q[", "perl" },
	{ "perl's lists", "qq,a,,", "perl" },
	{ "perl's patterns", "s/a/b/;tr/", "perl" },
	{ "marks in strings", "\"$a$b${c}\".", "perl" },
	{ "comments", "# '\n", "python3" },
	{ "lua's strings", "[[a]]..", "lua" },
	{ "xor", "^'k'^0x41 bytes.fromhex('22432243')", "python3" },
	{ "keys", "'k1','k2',b64decode('AAECAwQFBgcICQ==')^ord(", "python3" },
	{ "uu", "unpack('u','#0V%T\n'),", "perl" },
	{ "unpack", "unpack u=>'", "perl" },
	{ "short ones", "b64decode('aWQ=');", "python3" },
	{ "digits", "int('69 64 69',16)+chr(", "python3" },
	{ "digits of a string", "69x64,", "parseInt(,16)chr('" },
	{ "programs in a shell's text", "python3 -c \"f('a'+'b')\";",
		"base64 -d" },
	{ "documents in a shell's text", "python3 <<E\n", "base64 -d" },
	{ "reversed in programs", "'cba'[::-1],print(", "python3" },
};

/* The best of some runs over n bytes of the row, one argument or many. */
static double best(const struct row *r, size_t n)
{
	struct decode *d = decode_new();
	struct bytes argv[2] = { bytes_of(r->argv1 ? r->argv1 : "x") };
	double least = BOUND_MS * 100;
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
		took = clock_ms();
		decode_run(d, ev, &payload_conf);
		took = clock_ms() - took;
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
		if (twice <= BOUND_MS &&
			(twice <= NOISE_MS || twice <= 3 * once))
			return;
	}
	check_fail(__LINE__, "%zu take %.2f ms, twice as many %.2f ms", n, once,
		twice);
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
	double least = BOUND_MS * 100;

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
		took = clock_ms();
		decode_run(d, ev, &payload_conf);
		took = clock_ms() - took;
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
