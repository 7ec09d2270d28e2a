// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Entries live in one growing array: a key and its value each. Their links, by
 * which they are chained from a bucket array and stand in order of age, lie
 * apart, so that what a look-up or a new age walks over is small. Index 0 is
 * the list head and never an entry, so 0 ends every chain. A dropped entry is
 * its own younger one. SipHash: Aumasson and Bernstein, 2012.
 */
#include "map.h"

#include <stdlib.h>
#include <string.h>

#define ENTRIES_FIRST 64

struct link {
	uint32_t chain;
	uint32_t older, younger;
	uint32_t hash;
};

struct map {
	struct map_conf cf;
	size_t entry_len, value_at;
	char *entries;
	struct link *links; /* of the same index */
	uint32_t *buckets;
	uint32_t n_buckets; /* a power of two */
	uint32_t size; /* entries allocated, the head included */
	uint32_t used; /* entries ever in use, the head included */
	uint32_t spare, n_spare; /* of those, dropped ones: chained */
	uint64_t evicted;
};

#define ROTL(x, b) (((x) << (b)) | ((x) >> (64 - (b))))

static void sipround(uint64_t v[4])
{
	v[0] += v[1];
	v[1] = ROTL(v[1], 13) ^ v[0];
	v[0] = ROTL(v[0], 32);
	v[2] += v[3];
	v[3] = ROTL(v[3], 16) ^ v[2];
	v[0] += v[3];
	v[3] = ROTL(v[3], 21) ^ v[0];
	v[2] += v[1];
	v[1] = ROTL(v[1], 17) ^ v[2];
	v[2] = ROTL(v[2], 32);
}

static uint64_t load64(const unsigned char *p, size_t n)
{
	uint64_t w = 0;

	for (size_t i = 0; i < n; i++)
		w |= (uint64_t)p[i] << (8 * i);
	return w;
}

/* With so many rounds a word, and two more than that at the end. */
static inline uint64_t siphash(
	const uint64_t seed[2], const void *data, size_t len, int rounds)
{
	const unsigned char *p = data;
	uint64_t v[4] = { seed[0] ^ 0x736f6d6570736575ULL,
		seed[1] ^ 0x646f72616e646f6dULL,
		seed[0] ^ 0x6c7967656e657261ULL,
		seed[1] ^ 0x7465646279746573ULL };
	uint64_t last = (uint64_t)len << 56;
	size_t i;

	for (i = 0; i + 8 <= len; i += 8) {
		uint64_t w = load64(p + i, 8);

		v[3] ^= w;
		for (int r = 0; r < rounds; r++)
			sipround(v);
		v[0] ^= w;
	}
	last |= load64(p + i, len - i);
	v[3] ^= last;
	for (int r = 0; r < rounds; r++)
		sipround(v);
	v[0] ^= last;
	v[2] ^= 0xff;
	for (int r = 0; r < rounds + 2; r++)
		sipround(v);
	return v[0] ^ v[1] ^ v[2] ^ v[3];
}

uint64_t map_siphash(const uint64_t seed[2], const void *data, size_t len)
{
	return siphash(seed, data, len, 2);
}

static void *key_of(const struct map *m, uint32_t i)
{
	return m->entries + i * m->entry_len;
}

static void *value_of(const struct map *m, uint32_t i)
{
	return m->entries + i * m->entry_len + m->value_at;
}

struct map *map_new(const struct map_conf *cf)
{
	struct map *m = calloc(1, sizeof(*m));

	if (!m)
		return NULL;
	m->cf = *cf;
	m->value_at = (cf->key_len + 7) & ~(size_t)7;
	m->entry_len = m->value_at + ((cf->value_len + 7) & ~(size_t)7);
	m->size = ENTRIES_FIRST;
	m->n_buckets = ENTRIES_FIRST;
	m->used = 1;
	m->entries = calloc(m->size, m->entry_len);
	m->links = calloc(m->size, sizeof(*m->links));
	m->buckets = calloc(m->n_buckets, sizeof(*m->buckets));
	if (!m->entries || !m->links || !m->buckets) {
		map_free(m);
		return NULL;
	}
	return m;
}

void map_free(struct map *m)
{
	if (!m)
		return;
	free(m->entries);
	free(m->links);
	free(m->buckets);
	free(m);
}

static uint32_t *bucket(const struct map *m, uint32_t hash)
{
	return &m->buckets[hash & (m->n_buckets - 1)];
}

static uint32_t hash_key(const struct map *m, const void *key)
{
	/* SipHash-1-3: nobody without the seed can have keys meet. */
	return (uint32_t)siphash(m->cf.seed, key, m->cf.key_len, 1);
}

static uint32_t lookup(const struct map *m, const void *key, uint32_t hash)
{
	uint32_t i = *bucket(m, hash);

	while (i && (m->links[i].hash != hash ||
			    memcmp(key_of(m, i), key, m->cf.key_len) != 0))
		i = m->links[i].chain;
	return i;
}

static void age_unlink(struct map *m, uint32_t i)
{
	const struct link *l = &m->links[i];

	m->links[l->older].younger = l->younger;
	m->links[l->younger].older = l->older;
}

/* The head's "older" is the youngest entry, its "younger" the oldest. */
static void age_link(struct map *m, uint32_t i)
{
	struct link *l = &m->links[i], *head = &m->links[0];

	l->older = head->older;
	l->younger = 0;
	m->links[head->older].younger = i;
	head->older = i;
}

static void chain_unlink(struct map *m, uint32_t i)
{
	uint32_t *link = bucket(m, m->links[i].hash);

	while (*link != i)
		link = &m->links[*link].chain;
	*link = m->links[i].chain;
}

static int grow(struct map *m)
{
	uint32_t size = m->size > UINT32_MAX / 2 ? UINT32_MAX : m->size * 2;
	struct link *links;
	char *entries;
	uint32_t *buckets;

	if (size > m->cf.max + 1)
		size = m->cf.max + 1;
	entries = realloc(m->entries, size * m->entry_len);
	if (!entries)
		return -1;
	m->entries = entries;
	links = realloc(m->links, size * sizeof(*links));
	if (!links)
		return -1;
	m->links = links;
	m->size = size;
	if (size <= m->n_buckets)
		return 0;
	buckets = calloc((size_t)m->n_buckets * 2, sizeof(*buckets));
	if (!buckets)
		return -1;
	free(m->buckets);
	m->buckets = buckets;
	m->n_buckets *= 2;
	for (uint32_t i = links[0].younger; i; i = links[i].younger) {
		uint32_t *b = bucket(m, links[i].hash);

		links[i].chain = *b;
		*b = i;
	}
	return 0;
}

/* An entry to fill: a spare or a fresh one, or the oldest where the map is
 * full. */
static uint32_t claim(struct map *m)
{
	uint32_t i = m->spare;

	if (i) {
		m->spare = m->links[i].chain;
		m->n_spare--;
		return i;
	}
	if (m->used <= m->cf.max && (m->used < m->size || !grow(m)))
		return m->used++;
	i = m->links[0].younger;
	if (!i)
		return 0;
	age_unlink(m, i);
	chain_unlink(m, i);
	m->evicted++;
	return i;
}

void *map_find(struct map *m, const void *key)
{
	uint32_t i = lookup(m, key, hash_key(m, key));

	return i ? value_of(m, i) : NULL;
}

void *map_touch(struct map *m, const void *key)
{
	uint32_t i = lookup(m, key, hash_key(m, key));

	if (!i)
		return NULL;
	age_unlink(m, i);
	age_link(m, i);
	return value_of(m, i);
}

void *map_note(struct map *m, const void *key)
{
	uint32_t hash = hash_key(m, key);
	uint32_t i = lookup(m, key, hash);

	if (i) {
		age_unlink(m, i);
		age_link(m, i);
		return value_of(m, i);
	}
	i = claim(m);
	if (!i)
		return NULL;
	memset(key_of(m, i), 0, m->entry_len);
	memcpy(key_of(m, i), key, m->cf.key_len);
	m->links[i].hash = hash;
	m->links[i].chain = *bucket(m, hash);
	*bucket(m, hash) = i;
	age_link(m, i);
	return value_of(m, i);
}

void map_drop(struct map *m, const void *key)
{
	uint32_t i = lookup(m, key, hash_key(m, key));

	if (!i)
		return;
	age_unlink(m, i);
	chain_unlink(m, i);
	m->links[i].younger = i;
	m->links[i].chain = m->spare;
	m->spare = i;
	m->n_spare++;
}

uint32_t map_count(const struct map *m)
{
	return m->used - 1 - m->n_spare;
}

uint32_t map_last(const struct map *m)
{
	return m->used - 1;
}

uint32_t map_number(const struct map *m, const void *value)
{
	size_t at = (size_t)((const char *)value - m->entries);

	return (uint32_t)(at / m->entry_len);
}

void *map_at(const struct map *m, uint32_t number, const void **key)
{
	if (!number || number >= m->used || m->links[number].younger == number)
		return NULL;
	*key = key_of(m, number);
	return value_of(m, number);
}

uint64_t map_evicted(const struct map *m)
{
	return m->evicted;
}

void *map_next(const struct map *m, uint32_t *i, const void **key)
{
	*i = m->links[*i].younger;
	if (!*i)
		return NULL;
	*key = key_of(m, *i);
	return value_of(m, *i);
}
