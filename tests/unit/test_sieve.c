// SPDX-License-Identifier: GPL-3.0-or-later
/* A sieve against a search byte by byte: it may let through, never keep out. */
#include "check.h"
#include "sieve.h"
#include "text.h"

static struct sieve *sieve;

static void start(const char *const *strings)
{
	sieve = calloc(1, sizeof(*sieve));
	if (!sieve)
		abort();
	while (*strings)
		sieve_add(sieve, bytes_of(*strings++));
}

static void end(void)
{
	sieve_fini(sieve);
	free(sieve);
}

static const char *const strings[] = { "/etc/shadow", "xmrig", "eval", "\\x",
	"stratum+tcp://", "}|{", "169.254.169.254", "/dev/tcp/",
	"base64_decode", "HISTFILE=", "abcde", "abcdefgh", NULL };
#define N_STRINGS (sizeof(strings) / sizeof(strings[0]) - 1)

static const struct row {
	struct bytes text;
	bool passes;
} rows[] = {
	{ BYTES(""), false },
	{ BYTES("a"), false },
	{ BYTES("eva"), false },
	{ BYTES("eval"), true },
	{ BYTES("EVAL"), true },
	{ BYTES("xeval"), true },
	{ BYTES("xxevaly"), true },
	{ BYTES("evil"), false },
	{ BYTES("abcd"), false },
	{ BYTES("abcde"), true },
	{ BYTES("xabcde"), true },
	{ BYTES("/etc/passwd"), false },
	{ BYTES("/etc/shadow"), true },
	{ BYTES("cat\0/etc/shadow"), true },
	{ BYTES("/etc/shado"), false },
	{ BYTES("xx/etc/shado/etc/shadow"), true },
	{ BYTES("histfile="), true },
	{ BYTES("http://10.0.0.1:8080/xmri"), false },
	{ BYTES("http://10.0.0.1:8080/xmrig"), true },
	{ BYTES("a{b}c"), false },
	{ BYTES("a}|{c"), true },
	{ BYTES("ab}|{"), true },
	{ BYTES("}|{"), true },
	{ BYTES("|{"), false },
	{ BYTES("a\\b"), true }, /* too short a string for more than a mark */
	{ BYTES("-Dlogback.configurationFile=/etc/shop/logback-zone.xml"),
		false },
};

static void look(const struct row *row)
{
	struct bytes text = row->text;

	check_start("row %s", text.p);
	CHECK(sieve_passes(sieve, text) == row->passes);
	/* The same from every place. */
	for (size_t skip = 0; skip < 24; skip++) {
		char room[128];

		memset(room, '-', sizeof(room));
		memcpy(room + skip, text.p, text.len);
		CHECK(sieve_passes(
			      sieve, (struct bytes){ room, skip + text.len }) ==
			row->passes);
		CHECK(sieve_passes(
			      sieve, (struct bytes){ room, sizeof(room) }) ==
			row->passes);
	}
}

static bool holds(struct bytes text)
{
	for (size_t i = 0; i < N_STRINGS; i++)
		if (text_find(text, bytes_of(strings[i])))
			return true;
	return false;
}

/* A text of pieces of the strings, where near misses are many. */
static struct bytes any_text(unsigned long long *seed, char room[128])
{
	size_t len = 0;

	while (len < 96 && check_random(seed) % 8) {
		const char *s = strings[check_random(seed) % N_STRINGS];
		size_t from = check_below(seed, strlen(s));
		size_t n = 1 + check_below(seed, strlen(s) - from);

		memcpy(room + len, s + from, n);
		len += n;
	}
	return (struct bytes){ room, len };
}

static void look_at_random(void)
{
	unsigned long long seed = 7;
	unsigned int n_held = 0, n_kept = 0;
	char room[128];

	check_start("random");
	for (unsigned int n = 0; n < 200000; n++) {
		struct bytes text = any_text(&seed, room);
		bool has_it = holds(text), passed = sieve_passes(sieve, text);

		if (has_it && !passed)
			check_fail(__LINE__, "kept out: %.*s", (int)text.len,
				text.p);
		n_held += has_it;
		n_kept += !passed;
	}
	CHECK(n_held > 1000);
	CHECK(n_kept > 1000);
}

/* More than there are places for, or nothing at all: it lets all through. */
static void open(void)
{
	static const char *const shorts[] = { "!a", "\"", "#", "$", "%", "&",
		"'", "*", "+", ",", NULL };
	static const char *const empty[] = { "", NULL };
	static const char *const none[] = { NULL };

	check_start("open");
	start(shorts);
	CHECK(sieve_passes(sieve, BYTES("plain")));
	end();
	start(empty);
	CHECK(sieve_passes(sieve, BYTES("plain")));
	end();
	start(none);
	CHECK(!sieve_passes(sieve, BYTES("plain")));
	end();
}

/* A string is compared so often and no oftener. */
static void crowd(void)
{
	static const char *const near[] = { "aaaaaaab", NULL };
	char room[4096];

	check_start("crowd");
	memset(room, 'a', sizeof(room));
	start(near);
	CHECK(sieve_passes(sieve, (struct bytes){ room, sizeof(room) }));
	end();
}

int main(void)
{
	check.module = "sieve";
	start(strings);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		look(&rows[i]);
	look_at_random();
	end();
	open();
	crowd();
	return check_end();
}
