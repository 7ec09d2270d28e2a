// SPDX-License-Identifier: GPL-3.0-or-later
#include "check.h"
#include "listmap.h"
#include "listmap_key.h"

#define HASH "275a021bbfb6489e54d471899f7db9d1663fc695ec2fe2a2c4538aabf651fd0f"

static const uint64_t seed[2] = { 3, 4 };

static const struct entry {
	int list;
	const char *text;
	enum intel_severity severity;
	int taken;
} entries[] = {
	{ 0, "203.0.113.9", INTEL_HIGH, 1 },
	{ 1, "203.0.113.9", INTEL_LOW, 1 },
	{ 1, "203.0.113.0/24", INTEL_LOW, 1 },
	{ 0, "198.51.100.0/22", INTEL_MEDIUM, 1 },
	{ 0, "2001:db8::/32", INTEL_MEDIUM, 1 },
	{ 0, "2001:DB8:1::1", INTEL_HIGH, 1 },
	{ 1, "10.0.0.0/33", INTEL_LOW, 1 }, /* a text like any other */
	{ 0, "Evil.Example", INTEL_MEDIUM, 1 },
	{ 1, "evil.example.", INTEL_HIGH, 1 },
	{ 0, "*.all.example", INTEL_HIGH, 1 },
	{ 0, ".dot.example", INTEL_LOW, 1 },
	{ 0, "hxxp://bad[.]example/a[.]sh", INTEL_HIGH, 1 },
	{ 0, "http://BAD.example:80/Path?Q=1#frag", INTEL_MEDIUM, 1 },
	{ 0, "https://bare.example", INTEL_LOW, 1 },
	{ 0, HASH, INTEL_HIGH, 1 },
	{ 0, "44D88612FEA8A8F36DE82E1278ABB02F", INTEL_HIGH, 1 },
	{ 0, "", INTEL_HIGH, 0 },
	{ 0, ".", INTEL_HIGH, 0 },
	{ 0, "*.", INTEL_HIGH, 1 },
};

static const struct question {
	enum ioc_type type;
	const char *value;
	enum intel_severity severity;
	const char *list;
} questions[] = {
	{ IOC_IPV4, "203.0.113.9", INTEL_HIGH, "first" },
	{ IOC_IPV4, "203.0.113.10", INTEL_LOW, "second" },
	{ IOC_IPV4, "203.0.114.9", INTEL_NOT_ASKED, NULL },
	{ IOC_IPV4, "198.51.103.255", INTEL_MEDIUM, "first" },
	{ IOC_IPV4, "198.51.104.0", INTEL_NOT_ASKED, NULL },
	{ IOC_IPV6, "2001:db8:ffff::", INTEL_MEDIUM, "first" },
	{ IOC_IPV6, "2001:db8:1::1", INTEL_HIGH, "first" },
	{ IOC_IPV6, "2001:db9::", INTEL_NOT_ASKED, NULL },
	{ IOC_IPV6, "::ffff:203.0.113.9", INTEL_HIGH, "first" },
	{ IOC_DNS, "evil.example", INTEL_HIGH, "second" },
	{ IOC_DNS, "a.evil.example", INTEL_NOT_ASKED, NULL },
	{ IOC_DNS, "vil.example", INTEL_NOT_ASKED, NULL },
	{ IOC_DNS, "all.example", INTEL_HIGH, "first" },
	{ IOC_DNS, "a.b.all.example", INTEL_HIGH, "first" },
	{ IOC_DNS, "overall.example", INTEL_NOT_ASKED, NULL },
	{ IOC_DNS, "x.dot.example", INTEL_LOW, "first" },
	{ IOC_URL, "http://bad.example/a.sh", INTEL_HIGH, "first" },
	{ IOC_URL, "http://bad.example/A.sh", INTEL_NOT_ASKED, NULL },
	{ IOC_URL, "http://bad.example/Path?Q=1", INTEL_MEDIUM, "first" },
	{ IOC_URL, "http://bad.example:80/Path?Q=1#x", INTEL_MEDIUM, "first" },
	{ IOC_URL, "http://bad.example:8080/Path?Q=1", INTEL_NOT_ASKED, NULL },
	{ IOC_URL, "https://bare.example/", INTEL_LOW, "first" },
	{ IOC_URL, "https://bare.example:443", INTEL_LOW, "first" },
	{ IOC_SHA256, HASH, INTEL_HIGH, "first" },
	{ IOC_MD5, "44d88612fea8a8f36de82e1278abb02f", INTEL_HIGH, "first" },
	{ IOC_MD5, "44d88612fea8a8f36de82e1278abb02e", INTEL_NOT_ASKED, NULL },
	{ IOC_DNS, "", INTEL_NOT_ASKED, NULL },
};

/* Packs the draft; the bytes are the caller's. */
static struct bytes pack(struct listmap_draft *d)
{
	size_t len = listmap_draft_len(d);
	char *p = malloc(len);

	if (!p)
		abort();
	listmap_draft_pack(d, p);
	listmap_draft_free(d);
	return (struct bytes){ p, len };
}

static struct bytes small(void)
{
	struct listmap_draft *d = listmap_draft_new(seed);

	CHECK_EQ(listmap_draft_list(d, "first"), 0);
	CHECK_EQ(listmap_draft_list(d, "second"), 1);
	for (size_t i = 0; i < sizeof(entries) / sizeof(entries[0]); i++)
		CHECK_EQ(
			listmap_draft_add(d, entries[i].list,
				bytes_of(entries[i].text), entries[i].severity),
			entries[i].taken);
	return pack(d);
}

static void test_small(void)
{
	struct listmap m;
	struct bytes b;

	check_start("packed");
	b = small();
	CHECK_EQ(listmap_open(&m, b), 0);
	for (size_t i = 0; i < sizeof(questions) / sizeof(questions[0]); i++) {
		const struct question *q = &questions[i];
		const char *list = NULL;

		check_start("%s %s", ioc_type_name(q->type), q->value);
		CHECK_EQ(listmap_get(&m, q->type, bytes_of(q->value), &list),
			q->severity);
		CHECK_Z(bytes_of(list), q->list);
	}
	free((void *)(uintptr_t)b.p);
}

static void test_empty(void)
{
	struct listmap m = { 0 };
	const char *list;
	struct bytes b;

	check_start("an empty map");
	CHECK_EQ(
		listmap_get(&m, IOC_DNS, BYTES("a.b"), &list), INTEL_NOT_ASKED);
	CHECK_EQ(listmap_count(&m), 0);
	b = pack(listmap_draft_new(seed));
	CHECK_EQ(listmap_open(&m, b), 0);
	CHECK_EQ(listmap_count(&m), 0);
	CHECK_EQ(listmap_get(&m, IOC_IPV4, BYTES("1.2.3.4"), &list),
		INTEL_NOT_ASKED);
	free((void *)(uintptr_t)b.p);
}

/* Whatever is done to the bytes, nothing is read that is not there. */
static void test_hostile(void)
{
	unsigned long long random = 9;
	struct listmap m;
	struct bytes b;
	char *copy;

	check_start("bytes that are changed or cut");
	b = small();
	for (int i = 0; i < 20000; i++) {
		unsigned long long r = check_random(&random);
		size_t len = r & 1 ? b.len : (size_t)((r >> 1) % b.len);
		const char *list;

		copy = malloc(len + 1);
		if (!copy)
			abort();
		memcpy(copy, b.p, len);
		for (unsigned int k = 0; len && k < (r >> 40 & 7); k++) {
			unsigned long long at = check_random(&random);

			copy[(at >> 8) % (r >> 50 & 1       ? len
						 : len < 80 ? len
							    : 80)] = (char)at;
		}
		if (listmap_open(&m, (struct bytes){ copy, len }) == 0) {
			(void)listmap_get(
				&m, IOC_IPV4, BYTES("203.0.113.9"), &list);
			(void)listmap_get(
				&m, IOC_DNS, BYTES("a.all.example"), &list);
		}
		free(copy);
	}
	CHECK_EQ(listmap_open(&m, b), 0);
	free((void *)(uintptr_t)b.p);
}

/* Against a walk over all of them. */
static void test_many(void)
{
	struct listmap_draft *d = listmap_draft_new(seed);
	enum { N = 50000 };
	unsigned long long random = 5;
	struct listmap m;
	struct bytes b;
	char text[64];
	size_t wrong = 0;
	uint8_t *severities = calloc(N, 1);

	check_start("fifty thousand names");
	if (!severities)
		abort();
	(void)!listmap_draft_list(d, "l");
	for (int i = 0; i < 2 * N; i++) {
		unsigned long long r = check_random(&random);
		unsigned int n = (unsigned int)(r % N);
		uint8_t severity = (uint8_t)(1 + (r >> 32) % 5);

		snprintf(text, sizeof(text), "h%u.example", n);
		CHECK_EQ(listmap_draft_add(d, 0, bytes_of(text),
				 (enum intel_severity)severity),
			1);
		if (severity > severities[n])
			severities[n] = severity;
	}
	b = pack(d);
	CHECK_EQ(listmap_open(&m, b), 0);
	for (unsigned int n = 0; n < N; n++) {
		const char *list;

		snprintf(text, sizeof(text), "h%u.example", n);
		wrong += listmap_get(&m, IOC_DNS, bytes_of(text), &list) !=
			 (enum intel_severity)severities[n];
	}
	CHECK_EQ(wrong, 0);
	CHECK(b.len / listmap_count(&m) < 16);
	free(severities);
	free((void *)(uintptr_t)b.p);
}

/* hash * n >> 64, by hand. */
static void test_slot(void)
{
	static const struct {
		uint64_t hash, n, slot;
	} rows[] = { { 0, 1000, 0 }, { UINT64_MAX, 1000, 999 },
		{ UINT64_MAX, UINT64_MAX, UINT64_MAX - 1 },
		{ UINT64_C(1) << 63, 1000, 500 },
		{ UINT64_C(1) << 63, UINT64_C(1) << 40, UINT64_C(1) << 39 },
		{ UINT64_C(0x100000000), UINT64_C(0x100000000), 1 },
		/* The lower parts carry into the upper half, or just not. */
		{ UINT64_C(0x5555555555555556), 3, 1 },
		{ UINT64_C(0x5555555555555555), 3, 0 },
		{ UINT64_C(0xffffffff), UINT64_C(0x100000001), 0 },
		{ UINT64_C(0xffffffff), UINT64_C(0x100000002), 1 } };

	check_start("slot");
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		CHECK(listmap_slot(rows[i].hash, rows[i].n) == rows[i].slot);
}

int main(void)
{
	check.module = "listmap";
	test_slot();
	test_small();
	test_empty();
	test_hostile();
	test_many();
	return check_end();
}
