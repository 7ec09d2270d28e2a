// SPDX-License-Identifier: GPL-3.0-or-later
#include "check.h"
#include "finder.h"
#include "str.h"

#define TEXT_MAX 1200

static const char *const strings[] = { "a", "token", "ok", "kento", "tokentok",
	"://", "Key=", "enk" };

#define N_STRINGS (sizeof(strings) / sizeof(strings[0]))

static struct finder *new_finder(bool is_folded)
{
	struct finder *f = finder_new(is_folded);

	for (uint32_t i = 0; f && i < N_STRINGS; i++)
		CHECK_EQ(finder_add(f, bytes_of(strings[i]), i), 0);
	if (f)
		CHECK_EQ(finder_build(f), 0);
	return f;
}

static bool is_there(bool is_folded, struct bytes text, size_t at, uint32_t id)
{
	size_t len = strlen(strings[id]);

	if (at + len > text.len)
		return false;
	return is_folded ? !strncasecmp(text.p + at, strings[id], len)
			 : !memcmp(text.p + at, strings[id], len);
}

/* What a run has told so far, held against each place of each string. */
struct told {
	struct str log;
	size_t end;
	bool is_ascending;
};

static void add(struct str *log, size_t end, uint32_t id)
{
	str_addf(log, "%zu:%u ", end, id);
}

static void take(void *arg, struct bytes text, const struct finder_hit *hit)
{
	struct told *t = arg;
	size_t end = hit->at + hit->len;

	(void)text;
	t->is_ascending &= end >= t->end;
	t->end = end;
	add(&t->log, end, hit->id);
}

/* The longest of those that end in one place comes first. */
static void slowly(bool is_folded, struct bytes text, struct str *log)
{
	for (size_t end = 1; end <= text.len; end++)
		for (size_t len = end; len > 0; len--)
			for (uint32_t id = 0; id < N_STRINGS; id++)
				if (strlen(strings[id]) == len &&
					is_there(
						is_folded, text, end - len, id))
					add(log, end, id);
}

static void compare(const struct finder *f, bool is_folded, struct bytes text)
{
	struct told t = { .is_ascending = true };
	struct str want;

	str_init(&t.log, 1 << 20);
	str_init(&want, 1 << 20);
	finder_run(f, text, take, &t);
	slowly(is_folded, text, &want);
	CHECK(t.is_ascending);
	CHECK_BYTES(str_bytes(&t.log), str_bytes(&want));
	str_fini(&t.log);
	str_fini(&want);
}

/* Around every place, in texts of all lengths that are looked at otherwise. */
static void test_places(const struct finder *f)
{
	char text[TEXT_MAX];

	check_start("wherever it stands");
	for (size_t len = 250; len < 262; len++)
		for (size_t i = 0; i + 8 <= len; i++) {
			memset(text, '-', len);
			memcpy(text + i, "tokentok", 8);
			compare(f, false, (struct bytes){ text, len });
		}
}

/* Noise of the strings' own letters, in which little or much is found. */
static void test_noise(const struct finder *f, bool is_folded)
{
	static const char letters[] = "tokenTOKEN:/=y.a";
	uint64_t seed = 7;
	char text[TEXT_MAX];

	check_start(is_folded ? "noise, in either case" : "noise");
	for (int n = 0; n < 400; n++) {
		size_t len = (size_t)n * 3, most = 4 + (size_t)n % 12;

		for (size_t i = 0; i < len; i++) {
			seed = seed * 6364136223846793005u +
			       1442695040888963407u;
			text[i] = letters[(seed >> 33) % most];
		}
		compare(f, is_folded, (struct bytes){ text, len });
	}
}

/* More than is held back, from one place on and everywhere. */
static void test_many(const struct finder *f)
{
	char text[TEXT_MAX];

	check_start("many");
	for (size_t from = 0; from < TEXT_MAX; from += 50) {
		memset(text, '-', sizeof(text));
		memset(text + from, 'a', sizeof(text) - from);
		compare(f, false, (struct bytes){ text, sizeof(text) });
	}
}

/* Rows may leave none. */
static void test_none(void)
{
	struct finder *f = finder_new(false);
	struct told t = { .is_ascending = true };
	char text[TEXT_MAX];

	check_start("no strings");
	str_init(&t.log, 1);
	memset(text, 'a', sizeof(text));
	CHECK(f);
	if (f) {
		CHECK_EQ(finder_build(f), 0);
		finder_run(f, (struct bytes){ text, sizeof(text) }, take, &t);
	}
	CHECK(!t.log.len && str_ok(&t.log));
	str_fini(&t.log);
	finder_free(f);
}

int main(void)
{
	struct finder *f = new_finder(false), *folded = new_finder(true);

	check.module = "finder";
	check_start("made");
	CHECK(f && folded);
	if (f && folded) {
		compare(f, false, BYTES(""));
		test_places(f);
		test_noise(f, false);
		test_noise(folded, true);
		test_many(f);
	}
	test_none();
	finder_free(f);
	finder_free(folded);
	return check_end();
}
