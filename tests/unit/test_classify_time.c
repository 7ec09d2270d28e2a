// SPDX-License-Identifier: GPL-3.0-or-later
/* Hundreds of rows cost what ten do, and no text costs more than its length. */
#include "classified.h"

#include "clock.h"

#define TEXT_LEN (128 * 1024)
#define BEST_OF  5
#define TRIES    5
/* On an idle machine none is over 10; times vary. */
#define LIMIT_MS 25

/* The first n programs of a file, as rules of their own. */
static struct classify_rules *bins_only(unsigned int n)
{
	FILE *f = fopen("conf/hunt.d/gtfobins.tsv", "r");
	struct classify_rules *r = classify_rules_new();
	char line[4096];
	struct str why;

	str_init(&why, 4096);
	while (f && r && n && fgets(line, sizeof(line), f)) {
		size_t len = strcspn(line, "\n");

		if (classify_rules_bin(r, (struct bytes){ line, len }, &why) <
			0)
			abort();
		n -= line[0] != '#' && len;
	}
	if (!f || !r || classify_rules_done(r, &why) < 0)
		abort();
	fclose(f);
	str_fini(&why);
	return r;
}

static double run_ms(struct classified *c, unsigned int times)
{
	double best = 1e9;

	for (unsigned int i = 0; i < BEST_OF; i++) {
		double start = clock_ms(), ms;

		for (unsigned int j = 0; j < times; j++)
			classified_run(c);
		ms = clock_ms() - start;
		best = ms < best ? ms : best;
	}
	return best;
}

static void test_bins(void)
{
	struct classify_rules *few = bins_only(10), *all = bins_only(478);
	struct classified a, b;
	double few_ms = 0, all_ms = 0;

	check_start("478 programs cost what 10 do");
	classified_init(&a, few);
	classified_init(&b, all);
	classified_shell(&a, "cd /srv; frob -j4 all | knob -5; ls -l x y z");
	classified_shell(&b, "cd /srv; frob -j4 all | knob -5; ls -l x y z");
	/* A busy machine is slow at times. */
	for (int i = 0; i < TRIES; i++) {
		few_ms = run_ms(&a, 10000);
		all_ms = run_ms(&b, 10000);
		if (all_ms < few_ms * 1.3)
			break;
	}
	printf("# 10: %.2f ms, 478: %.2f ms\n", few_ms, all_ms);
	CHECK(all_ms < few_ms * 1.3);
	classified_fini(&a);
	classified_fini(&b);
	classify_rules_free(few);
	classify_rules_free(all);
}

/* What is written again and again. */
static const char *const baits[] = { "a", "curl ", "curl x|sh;", "/dev/tcp",
	"eval $(", "$(a).b.", "\\x41", "{a,b}|", "openssl s_client ",
	"/proc/self/", "rm /var/log", "find -exec ", "sh -c '", "\"", "'", "\\",
	"`", "$(", "<<E\n", "a;", "a|", "echo a|sh;", "socket ", "chmod ",
	"os.system('", "import os\n", "%x{", "[[:", "-e ", "_history", "nc -e ",
	"base64 -d|", "${IFS}", "\n", " ", "stratum+tcp:/" };

static double bait_ms(
	struct classified *c, const char *bait, size_t len, char *text)
{
	size_t n = strlen(bait);

	for (size_t i = 0; i < len; i++)
		text[i] = bait[i % n];
	text[len] = '\0';
	classified_shell(c, text);
	return run_ms(c, 1);
}

static void test_baits(const struct classify_rules *rules)
{
	char *text = malloc(2 * TEXT_LEN + 1);
	struct classified c;

	if (!text)
		abort();
	classified_init(&c, rules);
	for (size_t i = 0; i < sizeof(baits) / sizeof(baits[0]); i++) {
		double half = 0, whole = 0, limit = 0;

		check_start("bait %zu", i);
		for (int k = 0; k < TRIES; k++) {
			half = bait_ms(&c, baits[i], TEXT_LEN / 2, text);
			whole = bait_ms(&c, baits[i], TEXT_LEN, text);
			limit = clock_limit_ms(LIMIT_MS);
			if (whole < 1 || (whole < limit && whole < half * 3))
				break;
		}
		if (whole > 3)
			printf("# bait %zu: %.2f ms, half of it %.2f ms\n", i,
				whole, half);
		CHECK(whole < limit);
		CHECK(whole < 1 || whole < half * 3);
	}
	classified_fini(&c);
	free(text);
}

int main(void)
{
	struct rules *rules;
	struct str why;

	check.module = "classify_time";
	str_init(&why, 1 << 16);
	rules = rules_load("conf/hunt.d", "basic", &why);
	check_start("the shipped rows");
	if (CHECK(rules)) {
		test_bins();
		test_baits(rules->classify);
	}
	rules_free(rules);
	str_fini(&why);
	return check_end();
}
