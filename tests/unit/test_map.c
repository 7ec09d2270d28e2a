// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdint.h>

#include "check.h"
#include "map.h"

static struct map *make(size_t key_len, size_t value_len, uint32_t max)
{
	struct map_conf cf = { .key_len = key_len,
		.value_len = value_len,
		.max = max,
		.seed = { 1, 2 } };
	struct map *m = map_new(&cf);

	if (!m)
		abort();
	return m;
}

/* The vectors of the SipHash paper's reference code: key 00..0f, and input
 * 00..(n - 1). */
static void test_siphash(void)
{
	static const uint64_t seed[2] = { 0x0706050403020100ULL,
		0x0f0e0d0c0b0a0908ULL };
	static const struct {
		size_t n;
		uint64_t want;
	} rows[] = {
		{ 0, 0x726fdb47dd0e0e31ULL },
		{ 1, 0x74f839c593dc67fdULL },
		{ 7, 0xab0200f58b01d137ULL },
		{ 8, 0x93f5f5799a932462ULL },
		{ 15, 0xa129ca6149be45e5ULL },
	};
	unsigned char in[16];

	for (unsigned int i = 0; i < sizeof(in); i++)
		in[i] = (unsigned char)i;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		check_start("siphash of %zu bytes", rows[i].n);
		CHECK_EQ(map_siphash(seed, in, rows[i].n), rows[i].want);
	}
}

static void test_age(void)
{
	struct map *m = make(1, 4, 3);
	const void *key;
	uint32_t i = 0;
	char order[8] = "";
	size_t n = 0;

	check_start("eviction order");
	for (const char *p = "abc"; *p; p++)
		*(int *)map_note(m, p) = *p;
	CHECK_EQ(map_count(m), 3);
	CHECK(map_find(m, "a") != NULL); /* stays the oldest */
	CHECK(map_touch(m, "b") != NULL);
	*(int *)map_note(m, "d") = 'd'; /* a goes */
	CHECK(!map_find(m, "a"));
	CHECK_EQ(map_evicted(m), 1);
	*(int *)map_note(m, "c") += 0; /* c is younger than b now */
	*(int *)map_note(m, "e") = 'e'; /* b goes */
	CHECK(!map_touch(m, "b"));
	CHECK_EQ(map_count(m), 3);
	CHECK_EQ(map_evicted(m), 2);
	for (int *v; (v = map_next(m, &i, &key)) && n < 7;) {
		order[n++] = *(const char *)key;
		CHECK_EQ(*v, *(const char *)key);
	}
	CHECK_Z(bytes_of(order), "dce");

	check_start("a new value is zero");
	CHECK_EQ(*(int *)map_note(m, "f"), 0);
	map_free(m);
	map_free(NULL);
}

static void test_sizes(void)
{
	static const size_t lens[] = { 1, 3, 4, 7, 8, 9, 16, 255 };

	for (size_t i = 0; i < sizeof(lens) / sizeof(lens[0]); i++) {
		struct map *m = make(lens[i], lens[i], 100);
		char key[256];
		size_t n_bad = 0;

		check_start("keys and values of %zu bytes", lens[i]);
		for (int k = 0; k < 100; k++) {
			char *v;

			memset(key, k, sizeof(key));
			v = map_note(m, key);
			for (size_t j = 0; j < lens[i]; j++)
				n_bad += v[j] != 0;
			memset(v, k, lens[i]);
			n_bad += lens[i] >= 8 && (uintptr_t)v % 8 != 0;
		}
		for (int k = 0; k < 100; k++) {
			char *v;

			memset(key, k, sizeof(key));
			v = map_find(m, key);
			n_bad += !v || memcmp(v, key, lens[i]) != 0;
		}
		CHECK_EQ(n_bad, 0);
		CHECK_EQ(map_evicted(m), 0);
		map_free(m);
	}
}

static void test_max(void)
{
	static const uint32_t maxes[] = { 1, 2, 62, 63, 64, 65, 127, 128, 1000,
		65536 };

	for (size_t i = 0; i < sizeof(maxes) / sizeof(maxes[0]); i++) {
		struct map *m = make(4, 4, maxes[i]);
		uint32_t n_bad = 0;

		check_start("%u entries", maxes[i]);
		for (uint32_t k = 0; k < 2 * maxes[i] + 5; k++) {
			uint32_t *v = map_note(m, &k);

			if (CHECK(v != NULL))
				*v = ~k;
			n_bad += map_count(m) !=
				 (k < maxes[i] ? k + 1 : maxes[i]);
		}
		CHECK_EQ(map_evicted(m), maxes[i] + 5);
		for (uint32_t k = 0; k < 2 * maxes[i] + 5; k++) {
			uint32_t *v = map_find(m, &k);

			n_bad += k < maxes[i] + 5 ? v != NULL : !v || *v != ~k;
		}
		CHECK_EQ(n_bad, 0);
		map_free(m);
	}
	check_start("no entries");
	{
		struct map *m = make(4, 4, 0);
		uint32_t k = 1;

		CHECK(!map_note(m, &k));
		CHECK_EQ(map_count(m), 0);
		map_free(m);
	}
}

/* Under a known seed: keys whose hashes share their low 16 bits, so that they
 * share a bucket in any table that small. */
static void test_collisions(void)
{
	enum { N = 40 };
	const uint64_t seed[2] = { 1, 2 };
	struct map *m = make(8, 8, N - 10);
	uint64_t keys[N], k = 0;
	size_t n_bad = 0;

	check_start("one bucket");
	for (int n = 0; n < N; k++)
		if (!(map_siphash(seed, &k, sizeof(k)) & 0xffff))
			keys[n++] = k;
	for (int n = 0; n < N; n++)
		*(uint64_t *)map_note(m, &keys[n]) = keys[n];
	CHECK_EQ(map_evicted(m), 10);
	for (int n = 0; n < N; n++) {
		uint64_t *v = map_find(m, &keys[n]);

		n_bad += n < 10 ? v != NULL : !v || *v != keys[n];
	}
	CHECK_EQ(n_bad, 0);
	map_free(m);
}

/* The same operations on a list in order of age, oldest first. */
struct model {
	uint16_t keys[300];
	uint32_t values[300];
	size_t n, max;
	uint64_t evicted;
};

static size_t model_find(const struct model *md, uint16_t key)
{
	size_t i = 0;

	while (i < md->n && md->keys[i] != key)
		i++;
	return i;
}

static void model_remove(struct model *md, size_t i)
{
	memmove(md->keys + i, md->keys + i + 1,
		(md->n - i - 1) * sizeof(md->keys[0]));
	memmove(md->values + i, md->values + i + 1,
		(md->n - i - 1) * sizeof(md->values[0]));
	md->n--;
}

static uint32_t *model_touch(struct model *md, uint16_t key)
{
	size_t i = model_find(md, key);
	uint32_t value;

	if (i == md->n)
		return NULL;
	value = md->values[i];
	model_remove(md, i);
	md->keys[md->n] = key;
	md->values[md->n] = value;
	return &md->values[md->n++];
}

static uint32_t *model_note(struct model *md, uint16_t key)
{
	uint32_t *v = model_touch(md, key);

	if (v)
		return v;
	if (md->n == md->max) {
		model_remove(md, 0);
		md->evicted++;
	}
	md->keys[md->n] = key;
	md->values[md->n] = 0;
	return &md->values[md->n++];
}

static bool is_same(struct map *m, const struct model *md)
{
	const void *key;
	uint32_t i = 0;
	size_t n = 0;

	for (uint32_t *v; (v = map_next(m, &i, &key)); n++)
		if (n == md->n || memcmp(key, &md->keys[n], 2) ||
			*v != md->values[n])
			return false;
	return n == md->n && map_count(m) == md->n &&
	       map_evicted(m) == md->evicted;
}

/* Every entry is found under its number, and nothing under any other. */
static bool has_numbers(struct map *m, const struct model *md)
{
	const void *key;
	size_t n = 0;

	for (uint32_t i = 0; i <= map_last(m) + 1; i++) {
		const void *v = map_at(m, i, &key);

		n += v != NULL;
		if (v && (map_number(m, v) != i || map_find(m, key) != v))
			return false;
	}
	return n == md->n && map_last(m) <= md->max;
}

static bool step(struct map *m, struct model *md, unsigned long long r)
{
	uint16_t key = (uint16_t)((r >> 8) % 400);
	uint32_t *a, *b;
	size_t i = model_find(md, key);

	switch (r % 5) {
	case 0:
		a = map_find(m, &key);
		b = i < md->n ? &md->values[i] : NULL;
		break;
	case 1:
		a = map_touch(m, &key);
		b = model_touch(md, key);
		break;
	case 2:
		map_drop(m, &key);
		if (i < md->n)
			model_remove(md, i);
		return !map_find(m, &key);
	default:
		a = map_note(m, &key);
		b = model_note(md, key);
	}
	if (!a != !b || (a && *a != *b))
		return false;
	if (a)
		*a = *b = (uint32_t)r;
	return true;
}

static void test_random(void)
{
	static const uint32_t maxes[] = { 1, 5, 63, 100, 300 };
	unsigned long long seed = 7;

	for (size_t k = 0; k < sizeof(maxes) / sizeof(maxes[0]); k++) {
		struct map *m = make(2, 4, maxes[k]);
		static struct model md;

		md = (struct model){ .max = maxes[k] };
		check_start("random operations, at most %u", maxes[k]);
		for (int i = 0; i < 30000; i++) {
			bool is_good = step(m, &md, check_random(&seed));

			if (i % 100 == 0)
				is_good &=
					is_same(m, &md) && has_numbers(m, &md);
			if (!is_good) {
				CHECK_EQ(i, -1);
				break;
			}
		}
		CHECK(is_same(m, &md));
		map_free(m);
	}
}

int main(void)
{
	check.module = "map";
	test_siphash();
	test_age();
	test_sizes();
	test_max();
	test_collisions();
	test_random();
	return check_end();
}
