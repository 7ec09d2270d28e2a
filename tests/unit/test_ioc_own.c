// SPDX-License-Identifier: GPL-3.0-or-later
/* Indicators of an operator's own: their rows, and what those find. */

#include "check.h"
#include "clock.h"
#include "event.h"
#include "intel_severity.h"
#include "ioc.h"

#define ARGS_MAX 8

static struct ioc_rules *rules_of(const char *lines, struct str *why)
{
	struct ioc_rules *r = ioc_rules_new();
	int rc = 0;

	if (!r)
		abort();
	while (*lines && rc == 0) {
		size_t len = strcspn(lines, "\n");

		rc = ioc_rules_line(r, (struct bytes){ lines, len }, why);
		lines += len + (lines[len] == '\n');
	}
	if (rc == 0 && ioc_rules_done(r, why) == 0)
		return r;
	ioc_rules_free(r);
	return NULL;
}

static const struct bad {
	const char *lines;
	const char *why; /* NULL: in words that are PCRE2's */
} bad[] = {
	{ "word a", "no 'word'; there are: ioc" },
	{ "ioc", "a type has to follow, 1 to 32 of a-z, 0-9, _ and -, "
		 "not ''" },
	{ "ioc A b", "a type has to follow, 1 to 32 of a-z, 0-9, _ and -, "
		     "not 'A'" },
	{ "ioc abcdefghijklmnopqrstuvwxyz0123456 x",
		"a type has to follow, 1 to 32 of a-z, 0-9, _ and -, not "
		"'abcdefghijklmnopqrstuvwxyz0123456'" },
	{ "ioc t", "a pattern has to follow" },
	{ "ioc t weight=1", "a pattern has to follow" },
	{ "ioc t weight=x a", "weight takes a number from 0 to 100, not 'x'" },
	{ "ioc t severity=bad a",
		"no severity 'bad'; there are: unknown, information, low, "
		"medium, high" },
	{ "ioc t severity=not a", "no severity 'not'; there are: unknown, "
				  "information, low, medium, high" },
	{ "ioc t a(b",
		"character 4 of the pattern: missing closing parenthesis" },
	{ "ioc t \\C", NULL },
	{ "ioc t (*UTF)a", NULL },
	{ "ioc t \xff", "not UTF-8, or with control characters" },
};

static void test_bad(void)
{
	struct str why;

	str_init(&why, 4096);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct ioc_rules *r;

		check_start("bad: %.60s", bad[i].lines);
		str_reset(&why);
		r = rules_of(bad[i].lines, &why);
		CHECK(!r);
		if (bad[i].why)
			CHECK_Z(str_bytes(&why), bad[i].why);
		ioc_rules_free(r);
	}
	str_fini(&why);
}

static void test_full(void)
{
	struct ioc_rules *r = ioc_rules_new();
	struct str why;
	int rc = 0, n = 0;

	check_start("more rows than there may be");
	str_init(&why, 4096);
	if (!r)
		abort();
	for (; rc == 0 && n < 1000; n++)
		rc = ioc_rules_line(r, BYTES("ioc t abc"), &why);
	CHECK_EQ(n, 257);
	CHECK_Z(str_bytes(&why), "more than 256 rows");
	str_fini(&why);
	ioc_rules_free(r);
}

#define TICKET "ioc ticket \\bINC-(\\d{6,8})\\b\n"

static const struct row {
	const char *rules;
	const char *argv[ARGS_MAX];
	const char *want; /* TYPE VALUE, a bar between two */
} rows[] = {
	{ TICKET, { "a INC-123456 b" }, "ticket 123456" },
	{ TICKET, { "INC-12345", "XINC-123456", "INC-123456789" }, "" },
	{ TICKET, { "INC-123456 INC-1234567", "INC-123456", "INC-654321" },
		"ticket 123456|ticket 1234567|ticket 654321" },
	{ "# none\n\n  \n", { "INC-123456" }, "" },
	/* Without a literal, and with one in either case. */
	{ "ioc n \\b[A-Z]{3}\\d{4}\\b", { "ABC1234 XYZ9999" },
		"n ABC1234|n XYZ9999" },
	{ "ioc c (?i)canary-[a-z]+", { "CANARY-a", "canary-b" },
		"c CANARY-a|c canary-b" },
	{ "ioc c canary-[a-z]+", { "CANARY-a", "canary-b" }, "c canary-b" },
	/* All of it where the group took no part. */
	{ "ioc k (?:key=(\\w+)|nokey)", { "key=abc nokey" }, "k abc|k nokey" },
	/* Several rows and types, one value under each. */
	{ "ioc a foo\\d\nioc a bar\\d\nioc b foo1\n", { "foo1 bar2 foo3" },
		"a foo1|b foo1|a bar2|a foo3" },
	/* Of built-in types: what both find is there once. */
	{ "ioc dns \\b[a-z]+\\.corp\\b",
		{ "wget", "http://evil.com/", "a.corp" },
		"dns a.corp|url http://evil.com/|dns evil.com" },
	{ "ioc dns evil\\.com", { "evil.com good.com" },
		"dns evil.com|dns good.com" },
	{ "ioc ipv4 10\\.\\d+\\.\\d+\\.\\d+", { "10.0.0.1 10.0.0.1" },
		"ipv4 10.0.0.1" },
	/* The same value by a type of one's own as well. */
	{ "ioc watch evil\\.com", { "evil.com" },
		"watch evil.com|dns evil.com" },
	/* What no line takes is no value, nor is nothing. */
	{ "ioc x a.b",
		{ "a\tb", "a\nb",
			"a\xff"
			"b",
			"a b" },
		"x a b" },
	{ "ioc x x*", { "aa", "x", "" }, "x x" },
	{ "ioc x foo\\Kbar", { "foobar" }, "x bar" },
	{ "ioc x ^foo$", { "foo", "a foo", "foo b" }, "x foo" },
	/* An option's name may begin a pattern that is no option. */
	{ "ioc x (?:weight=)\\d", { "weight=1" }, "x weight=1" },
	{ "ioc x \"q\"z", { "\"q\"z" }, "x \"q\"z" },
};

static struct str found;

static struct bytes run(struct event *ev, struct ioc_rules *r)
{
	struct ioc_conf cf = { .types = IOC_TYPES_DEFAULT, .rules = r };

	str_reset(&found);
	ioc_run(ev, &cf);
	for (size_t i = 0; i < ev->n_iocs; i++) {
		str_addz(&found, i ? "|" : "");
		str_addb(&found, ev->iocs[i].type_name);
		str_addc(&found, ' ');
		str_addb(&found, ev->iocs[i].value);
	}
	return str_bytes(&found);
}

/* Copies, so that a sanitizer sees what is read behind an argument. */
static struct event *event_of(const char *const *args)
{
	struct event *ev = event_create();

	if (!ev)
		abort();
	ev->argv = event_alloc(ev, ARGS_MAX * sizeof(*ev->argv));
	if (!ev->argv)
		abort();
	for (; ev->argc < ARGS_MAX && args[ev->argc]; ev->argc++)
		ev->argv[ev->argc] = event_copy(ev, bytes_of(args[ev->argc]));
	return ev;
}

static void test_rows(void)
{
	struct str why;

	str_init(&why, 4096);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct ioc_rules *r = rules_of(rows[i].rules, &why);
		struct event *ev = event_of(rows[i].argv);

		check_start("row %zu: %.*s", i,
			(int)strcspn(rows[i].rules, "\n"), rows[i].rules);
		CHECK_Z(str_bytes(&why), "");
		if (CHECK(r))
			CHECK_Z(run(ev, r), rows[i].want);
		CHECK_EQ(ev->is_ioc_capped, 0);
		event_destroy(ev);
		ioc_rules_free(r);
	}
	str_fini(&why);
}

static void test_layers(void)
{
	const char *const args[] = { "a", "INC-111111", NULL };
	struct event_layer layers[] = {
		{ .arg = 1,
			.text = BYTES("INC-222222 INC-111111"),
			.is_text = true },
		{ .arg = 0, .text = BYTES("INC-333333") },
		{ .arg = 0, .text = BYTES("xINC INC-444444"), .is_text = true },
	};
	struct event *ev = event_of(args);
	struct str why;
	struct ioc_rules *r;

	check_start("layers");
	str_init(&why, 4096);
	r = rules_of(TICKET "ioc ticket severity=low INC-(2\\d+)\n"
			    "ioc ticket weight=2 severity=high INC-(22\\d+)\n",
		&why);
	ev->layers = layers;
	ev->n_layers = 3;
	if (CHECK(r) && CHECK_Z(run(ev, r), "ticket 111111|ticket 222222|"
					    "ticket 444444")) {
		CHECK(ev->iocs[0].layer == EVENT_IN_ARGV);
		CHECK_EQ(ev->iocs[0].arg, 1);
		CHECK_EQ(ev->iocs[0].severity, INTEL_NOT_ASKED);
		CHECK_EQ(ev->iocs[1].layer, 0);
		CHECK_EQ(ev->iocs[1].arg, 1);
		CHECK_EQ(ev->iocs[1].severity, INTEL_HIGH);
		CHECK(ev->iocs[1].weight == 2);
		CHECK_EQ(ev->iocs[2].layer, 2);
		CHECK_EQ(ev->iocs[2].arg, 0);
	}
	event_destroy(ev);
	ioc_rules_free(r);
	str_fini(&why);
}

/* Values of 256 bytes at most, wherever in a long text they stand. */
static void test_places(void)
{
	static char text[4096];
	const char *const rules[] = { "ioc x <[a-z]+>", "ioc x <<[a-z]+>>",
		"ioc x <<[a-z]+" };
	struct str why;

	str_init(&why, 4096);
	for (size_t k = 0; k < 3; k++) {
		struct ioc_rules *r = rules_of(rules[k], &why);
		size_t edge = k ? 2 : 1, shut = k < 2 ? edge : 0;

		check_start("places: %s", rules[k]);
		for (size_t at = 0; CHECK(r) && at < 3000; at += 97) {
			for (size_t len = 254; len < 259; len++) {
				const char *const args[] = { text, NULL };
				struct event *ev;

				memset(text, ' ', sizeof(text) - 1);
				memset(text + at, 'a', len);
				memset(text + at, '<', edge);
				memset(text + at + len - shut, '>', shut);
				ev = event_of(args);
				run(ev, r);
				CHECK_EQ(ev->n_iocs, len <= 256);
				if (ev->n_iocs)
					CHECK_EQ(ev->iocs[0].value.len, len);
				event_destroy(ev);
			}
		}
		ioc_rules_free(r);
	}
	str_fini(&why);
}

static void test_many(void)
{
	const char *const args[] = { "", NULL };
	struct event *ev = event_of(args);
	struct str s, why;
	struct ioc_rules *r;

	check_start("the first of many; of their own before the others");
	str_init(&s, 1 << 20);
	str_init(&why, 4096);
	for (int i = 0; i < 3 * IOC_EVENT_MAX; i++)
		str_addf(&s, "10.1.%d.%d INC-%06d ", i / 256, i % 256, i);
	ev->argv[0] = str_bytes(&s);
	r = rules_of(TICKET, &why);
	if (CHECK(r))
		run(ev, r);
	if (CHECK_EQ(ev->n_iocs, IOC_EVENT_MAX)) {
		CHECK_Z(ev->iocs[0].value, "000000");
		CHECK_Z(ev->iocs[255].value, "000255");
	}
	event_destroy(ev);
	ioc_rules_free(r);
	str_fini(&s);
	str_fini(&why);
}

static const struct bait {
	const char *rule;
	const char *piece;
	bool is_capped;
} baits[] = {
	{ "ioc x (\\w+\\s?)+[!?]", "aaaa ", true },
	{ "ioc x (a|aa)+[bc]", "a", true },
	{ "ioc x ([a-z]+)*\\d", "a", true },
	{ "ioc x (?:x+x+)+[yz]", "x", true },
	{ "ioc x [a-z]+\\d", "a", true },
	{ "ioc x ab[a-z]*\\d", "ab", true },
	{ "ioc x (ab)+(ab)+(ab)+\\d", "ab", true },
	{ "ioc x \\bTICKET-(\\d+)\\b", "TICKET-", true },
	{ "ioc x canary", "canary", true },
	{ "ioc x \\bTICKET-(\\d+)\\b", "ticket, Ticket and so on, ", false },
	{ "ioc x evil[a-z]+", "aaaaaaaaaa", false },
};

#define SIZE     (128 * 1024)
#define BOUND_MS 1000
#define NOISE_MS 50
#define TRIES    3

static double bait_ms(struct ioc_rules *r, struct bytes text, bool *is_capped)
{
	const char *const args[] = { "", NULL };
	struct event *ev = event_of(args);
	double from;

	ev->argv[0] = text;
	from = clock_ms();
	run(ev, r);
	from = clock_ms() - from;
	*is_capped = ev->is_ioc_capped;
	event_destroy(ev);
	return from;
}

/* A pattern's limit ends it, and twice the text costs twice at most. */
static void test_baits(void)
{
	static char text[2 * SIZE];
	struct str why;

	str_init(&why, 4096);
	for (size_t i = 0; i < sizeof(baits) / sizeof(baits[0]); i++) {
		struct ioc_rules *r = rules_of(baits[i].rule, &why);
		size_t len = strlen(baits[i].piece);
		double once = 0, twice = 0;
		bool is_capped = false;

		check_start("bait %zu: %s", i, baits[i].rule);
		for (size_t k = 0; k < sizeof(text); k++)
			text[k] = baits[i].piece[k % len];
		for (int k = 0; CHECK(r) && k < TRIES; k++) {
			once = bait_ms(
				r, (struct bytes){ text, SIZE }, &is_capped);
			twice = bait_ms(r, (struct bytes){ text, 2 * SIZE },
				&is_capped);
			if (once < BOUND_MS &&
				(twice < NOISE_MS || twice < 3 * once))
				break;
		}
		CHECK_EQ(is_capped, baits[i].is_capped);
		CHECK(once < BOUND_MS);
		CHECK(twice < NOISE_MS || twice < 3 * once);
		printf("# bait %zu: %.2f ms, twice %.2f ms\n", i, once, twice);
		ioc_rules_free(r);
	}
	str_fini(&why);
}

/* What is given up in one event is tried anew in the next. */
static void test_again(void)
{
	struct str why, text;
	struct ioc_rules *r;
	bool is_capped;

	check_start("given up for one event");
	str_init(&why, 4096);
	str_init(&text, 1 << 20);
	r = rules_of("ioc x (?:\\w+\\s?)+[!?]", &why);
	for (int i = 0; i < 4096; i++)
		str_addz(&text, "aaaa ");
	if (CHECK(r)) {
		bait_ms(r, str_bytes(&text), &is_capped);
		CHECK(is_capped);
		bait_ms(r, BYTES("ab!"), &is_capped);
		CHECK(!is_capped);
		CHECK_Z(str_bytes(&found), "x ab!");
	}
	ioc_rules_free(r);
	str_fini(&text);
	str_fini(&why);
}

int main(void)
{
	check.module = "ioc_own";
	str_init(&found, 1 << 20);
	test_bad();
	test_full();
	test_rows();
	test_layers();
	test_places();
	test_many();
	if (check_has_clock("baits"))
		test_baits();
	test_again();
	str_fini(&found);
	return check_end();
}
