// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Input made to be slow: the scan must stay linear. Times vary, so the bound is
 * wide, and twice the input may take up to three times as long by the best of
 * several runs.
 */
#include "clock.h"
#include "iocs.h"

#define RUNS     5
#define TRIES    3
#define SIZE     (128 * 1024)
#define BOUND_MS 1000
/* Below this the clock says more of itself. */
#define NOISE_MS 20

static const char *const pieces[] = { ".", ":", "@", "/", "-", "v", "[", "((",
	"a.", "a.b", "a:", "::", "a@", "a@b.", "a.co ", "a.zz ", "a.co.uk ",
	"co.uk ", "a.sh ", "a.sh;", "a.sh,", "wget a.sh ", "ssh -x.sh ",
	"sudo a.sh;", "A=1;a.sh;", "1.2.3.4 ", "1.2.3.4-", "1.",
	"f:", "255.255.255.255.", "::1 ", "2001:db8::1 ",
	"0:0:0:0:0:0:0:0:", "http://", "http://a", "http://a ",
	"http://a/http://", "http://a@", "://", "x://", "http:\\/\\/",
	"http://a/%68ttp:", "a[.]", "[.]", "(dot)", "a[.]b ", "a[at]",
	"hxxp[:]//", "a[.", "{[(", "abcdef0123",
	"0123456789abcdef0123456789abcdef ",
	"1AGNa15ZQXAZUgFiqJ2i7Z2DPU2J6hW62i ", "1", "bc1q",
	"bc1qqqqqqqqqqqqqqqqqqqqqqqqqqqq ", "CVE-", "CVE-2021-1234 ", "C:\\",
	"C:\\a ", "\\\\a\\", "\\\\aa\\bb ", "%a", "%AA%\\", "/a", "/a ", ":/a",
	"a_b.", "aaaa.bbbb.com@", "a@b.co ", "git@b.co:", "//a:b@c.co ",
	"//a:", "$a.b.co ", "a.b%", "http://a?b&c=", "http://a/(((",
	"http://a.com/{[(", "/a.b.c.d", "a.b-" };

static bool count(void *arg, enum ioc_type type, struct bytes value)
{
	(void)type;
	*(size_t *)arg += value.len;
	return true;
}

/* The best of several scans of size bytes, as a text and as an argument. */
static double best(const char *piece, size_t size, char *text)
{
	struct ioc_conf cf = { .types = (1u << IOC_N_TYPES) - 1 };
	struct bytes argv[] = { BYTES("sudo"), BYTES("ssh"), { text, size } };
	size_t len = strlen(piece), n = 0;
	double least = 1e9;

	for (size_t i = 0; i < size; i++)
		text[i] = piece[i % len];
	for (int i = 0; i < RUNS; i++) {
		struct event *ev = event_create();
		double from = clock_ms(), took;

		if (!ev)
			return least;
		ev->argv = argv;
		ev->argc = 3;
		ioc_scan(argv[2], &cf, count, &n);
		ioc_run(ev, &cf);
		took = clock_ms() - from;
		least = took < least ? took : least;
		event_destroy(ev);
	}
	return least;
}

/* A busy machine is slow at times: three tries. */
static void check_piece(const char *piece, char *text)
{
	double once = 0, twice = 0;

	check_start("%s", piece);
	for (int i = 0; i < TRIES; i++) {
		once = best(piece, SIZE, text);
		twice = best(piece, 2 * SIZE, text);
		if (once < BOUND_MS && (twice < NOISE_MS || twice < 3 * once))
			return;
	}
	check_fail(
		__LINE__, "takes %.1f ms, and %.1f ms for twice", once, twice);
}

int main(void)
{
	char *text = malloc(2 * SIZE);

	check.module = "ioc_time";
	if (!text)
		return 1;
	for (size_t i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++)
		check_piece(pieces[i], text);
	free(text);
	return check_end();
}
