// SPDX-License-Identifier: GPL-3.0-or-later
/* What other hosts ran: taken from text, packed, looked up. */
#include "baseline.h"

#include "check.h"
#include "tables.h"

#define A64(c) c c c c c c c c c c c c c c c c c c c c c c c c c c c c c c c c
#define ONE    A64("0a")
#define TWO    A64("02")
#define THREE  A64("F3")

static const struct row {
	const char *text;
	const char *why; /* NULL: it is taken */
	unsigned int counts[3], hosts[3]; /* of those above; 0: unknown */
} rows[] = {
	{ "command,count,hosts\n" ONE ",5,2\n" TWO ",1,1\n", NULL, { 5, 1, 0 },
		{ 2, 1, 0 } },
	{ "hosts,x,count,command\r\n3,,7," THREE "\r\n\r\n", NULL, { 0, 0, 7 },
		{ 0, 0, 3 } },
	{ "command,count,hosts\n" ONE ",5,2\n" TWO ",4,4\n" ONE ",6,3\n", NULL,
		{ 11, 4, 0 }, { 5, 4, 0 } },
	{ "[{\"command\":\"" ONE "\",\"count\":5,\"hosts\":\"2\"}]", NULL,
		{ 5, 0, 0 }, { 2, 0, 0 } },
	{ "[]", NULL, { 0 }, { 0 } },
	{ "command,count,hosts\n", NULL, { 0 }, { 0 } },
	{ "command,count,hosts\n" ONE ",99999999999,5\n", NULL,
		{ 4294967295, 0, 0 }, { 5, 0, 0 } },
	{ "command,count\n", "no column hosts", { 0 }, { 0 } },
	{ "command,count,hosts\nab,5,2\n", "line 2: command is no", { 0 },
		{ 0 } },
	{ "command,count,hosts\n" ONE ",0,1\n", "from 1", { 0 }, { 0 } },
	{ "command,count,hosts\n" ONE ",1,2\n", "no more hosts", { 0 }, { 0 } },
	{ "command,count,hosts\n" ONE ",x,2\n", "are numbers", { 0 }, { 0 } },
	{ "[{\"command\":\"" ONE "\",\"count\":-1,\"hosts\":1}]", "are numbers",
		{ 0 }, { 0 } },
	{ "{\"command\":\"" ONE "\",\"count\":5,\"hosts\":2}\n", NULL,
		{ 5, 0, 0 }, { 2, 0, 0 } },
	{ "[{\"command\":\"" ONE "\",\"count\":5}]", "no text under \"hosts\"",
		{ 0 }, { 0 } },
};

static void check_row(const struct row *r, struct baseline_draft *d)
{
	static const char firsts[] = { '\x0a', '\x02', '\xf3' };
	struct baseline b;
	struct bytes packed = baseline_draft_rows(d);

	CHECK_EQ(baseline_open(&b, packed), 0);
	for (size_t i = 0; i < 3; i++) {
		const struct baseline_row *row;
		char key[BASELINE_KEY_LEN];

		memset(key, firsts[i], sizeof(key));
		row = baseline_get(&b, key);
		CHECK_EQ(row ? row->count : 0, r->counts[i]);
		CHECK_EQ(row ? row->hosts : 0, r->hosts[i]);
	}
}

static void test_texts(void)
{
	struct str text, why;

	str_init(&text, 4096);
	str_init(&why, 4096);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct baseline_draft *d = baseline_draft_new();
		int rc;

		check_start("text %zu", i);
		str_reset(&text);
		str_reset(&why);
		str_addz(&text, rows[i].text);
		rc = tables_take_baseline(d, str_bytes(&text), "f", &why);
		CHECK_EQ(rc, rows[i].why ? -1 : 0);
		if (rows[i].why)
			CHECK(strstr(str_z(&why), rows[i].why) != NULL);
		else
			check_row(&rows[i], d);
		baseline_draft_free(d);
	}
	str_fini(&text);
	str_fini(&why);
}

static void test_bytes(void)
{
	struct baseline_row two[2] = { { "a", 1, 1 }, { "b", 1, 1 } };
	struct bytes all = { (const char *)two, sizeof(two) };
	struct baseline b;

	check_start("bytes that are none");
	CHECK_EQ(baseline_open(&b, all), 0);
	CHECK(baseline_open(&b, (struct bytes){ all.p, all.len - 1 }) < 0);
	two[1].count = 0;
	CHECK(baseline_open(&b, all) < 0);
	two[1].count = 1;
	memcpy(two[1].command, two[0].command, BASELINE_KEY_LEN);
	CHECK(baseline_open(&b, all) < 0);
	CHECK_EQ(baseline_open(&b, (struct bytes){ NULL, 0 }), 0);
	CHECK(!baseline_get(&b, two[0].command));
}

static void test_many(void)
{
	struct baseline_draft *d = baseline_draft_new();
	unsigned long long seed = 7, r;
	struct baseline b;
	struct str hex, why;
	size_t n = 5000;

	check_start("many, in any order");
	str_init(&hex, 64);
	str_init(&why, 100);
	for (size_t i = 0; i < n; i++) {
		r = check_random(&seed);
		str_reset(&hex);
		for (int k = 0; k < 4; k++)
			str_addf(&hex, "%016llx", r);
		CHECK_EQ(baseline_draft_add(d, str_bytes(&hex), i + 1, 1, &why),
			0);
	}
	CHECK_EQ(baseline_open(&b, baseline_draft_rows(d)), 0);
	CHECK_EQ(b.n, n);
	seed = 7;
	for (size_t i = 0; i < n; i++) {
		const struct baseline_row *row;
		unsigned char key[BASELINE_KEY_LEN];

		r = check_random(&seed);
		for (size_t k = 0; k < sizeof(key); k++)
			key[k] = (unsigned char)(r >> (56 - 8 * (k % 8)));
		row = baseline_get(&b, key);
		if (!CHECK(row && row->count == i + 1))
			break;
		key[15] ^= 1;
		if (!CHECK(!baseline_get(&b, key)))
			break;
	}
	baseline_draft_free(d);
	str_fini(&hex);
	str_fini(&why);
}

int main(void)
{
	check.module = "baseline";
	test_texts();
	test_bytes();
	test_many();
	return check_end();
}
