// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdint.h>

#include "check.h"
#include "quota.h"

static uint32_t went[64];
static size_t n_went;

static void on_gone(void *arg, const void *key, const void *value)
{
	(void)arg;
	memcpy(&went[n_went++ % 64], key, sizeof(went[0]));
	if (memcmp(key, value, sizeof(uint32_t)) != 0)
		abort();
}

static struct quota *make(uint32_t max)
{
	struct quota_conf cf = { .key_len = sizeof(uint32_t),
		.value_len = sizeof(uint32_t),
		.max = max,
		.seed = { 5, 6 },
		.gone = on_gone };
	struct quota *q = quota_new(&cf);

	if (!q)
		abort();
	n_went = 0;
	return q;
}

static void note(struct quota *q, uint32_t key, uint64_t user)
{
	uint32_t *v = quota_note(q, &key, user);

	if (!v || (*v && *v != key))
		abort();
	*v = key;
}

static bool has(struct quota *q, uint32_t key)
{
	return quota_find(q, &key) != NULL;
}

static void test_fair(void)
{
	struct quota *q = make(10);

	check_start("who has the most loses the oldest");
	for (uint32_t k = 1; k <= 3; k++)
		note(q, k, 7);
	for (uint32_t k = 100; k < 107; k++)
		note(q, k, 8);
	CHECK_EQ(quota_count(q), 10);
	note(q, 101, 8);
	for (uint32_t k = 200; k < 207; k++)
		note(q, k, 8); /* 101 was touched last and goes last */
	CHECK(has(q, 1) && has(q, 2) && has(q, 3));
	CHECK_EQ(n_went, 7);
	CHECK_EQ(went[0], 100);
	CHECK_EQ(went[1], 102);
	CHECK_EQ(went[6], 101);
	CHECK_EQ(quota_evicted(q), 7);

	check_start("a newcomer takes from who has the most");
	note(q, 300, 9);
	CHECK_EQ(went[7], 200);
	CHECK(has(q, 1) && has(q, 300));
	quota_free(q);
	quota_free(NULL);
}

static void test_shared(void)
{
	struct quota *q = make(10);
	uint32_t at = 0;
	struct quota_entry e;

	check_start("what another uses too is handed over");
	note(q, 1, 8);
	note(q, 1, 7);
	note(q, 2, 8);
	for (uint32_t k = 100; k < 140; k++)
		note(q, k, 8);
	CHECK(has(q, 1));
	CHECK(!has(q, 2));
	CHECK_EQ(quota_count(q), 10);
	while (quota_next(q, 0, &at, &e))
		if (e.key && *(const uint32_t *)e.key == 1)
			CHECK_EQ(e.owner, 7);

	check_start("but not to who has as many");
	note(q, 1, 8);
	for (uint32_t k = 200; k < 220; k++)
		note(q, k, 7);
	CHECK_EQ(quota_count(q), 10);
	CHECK(!has(q, 1));
	quota_free(q);
}

static void test_one_each(void)
{
	struct quota *q = make(5);

	check_start("as many users as there is room for");
	for (uint32_t k = 1; k <= 50; k++) {
		note(q, k, k);
		note(q, k, k + 1);
	}
	CHECK_EQ(quota_count(q), 5);
	CHECK_EQ(quota_evicted(q), 45);
	quota_free(q);
	q = make(0);
	{
		uint32_t key = 1;

		CHECK(!quota_note(q, &key, 1));
	}
	quota_free(q);
}

static void test_changes(void)
{
	struct quota *q = make(4);
	struct quota_entry e;
	uint64_t before;
	uint32_t at = 0;

	check_start("changes");
	for (uint32_t k = 1; k <= 4; k++)
		note(q, k, 1);
	before = quota_change(q);
	CHECK(!quota_next(q, before, &at, &e));
	note(q, 2, 1);
	note(q, 5, 1); /* in place of 1 */
	quota_drop(q, &(uint32_t){ 3 });
	at = 0;
	CHECK(quota_next(q, before, &at, &e));
	CHECK_EQ(*(const uint32_t *)e.key, 5);
	CHECK_EQ(e.number, 1);
	CHECK(quota_next(q, before, &at, &e));
	CHECK_EQ(*(const uint32_t *)e.key, 2);
	CHECK_EQ(*(const uint32_t *)e.value, 2);
	CHECK(quota_next(q, before, &at, &e));
	CHECK_EQ(e.number, 3);
	CHECK(!e.key);
	CHECK_EQ(e.change, quota_change(q));
	CHECK(!quota_next(q, before, &at, &e));
	quota_free(q);
}

/* The same rules, by searching through everything. */
#define KEYS  60
#define USERS 7

struct model {
	uint64_t owner[KEYS], other[KEYS]; /* owner 0: not there */
	long long age[KEYS]; /* within its owner's */
	long long clock, front;
	long long moved[USERS + 1]; /* when the number held changed last */
	long long moves;
	uint32_t max, count;
	uint64_t evicted;
};

static uint32_t held(const struct model *m, uint64_t user)
{
	uint32_t n = 0;

	for (int k = 0; k < KEYS; k++)
		n += user && m->owner[k] == user;
	return n;
}

static int oldest_of(const struct model *m, uint64_t user)
{
	int found = -1;

	for (int k = 0; k < KEYS; k++)
		if (m->owner[k] == user &&
			(found < 0 || m->age[k] < m->age[found]))
			found = k;
	return found;
}

static void own(struct model *m, int key, uint64_t user)
{
	if (m->owner[key])
		m->moved[m->owner[key]] = ++m->moves;
	m->owner[key] = user;
	if (user)
		m->moved[user] = ++m->moves;
}

/* Of several who have the most, the one who came to it last. */
static uint64_t fullest(const struct model *m)
{
	uint64_t found = 1;

	for (uint64_t u = 2; u <= USERS; u++) {
		uint32_t a = held(m, u), b = held(m, found);

		if (a > b || (a == b && m->moved[u] > m->moved[found]))
			found = u;
	}
	return found;
}

/* The key that goes. */
static int model_evict(struct model *m)
{
	for (;;) {
		uint64_t user = fullest(m), heir;
		int k = oldest_of(m, user);

		heir = m->other[k];
		if (heir && held(m, heir) + 1 < held(m, user)) {
			own(m, k, heir);
			m->other[k] = 0;
			m->age[k] = --m->front;
			continue;
		}
		own(m, k, 0);
		m->count--;
		m->evicted++;
		return k;
	}
}

static void model_note(struct model *m, uint32_t key, uint64_t user)
{
	m->age[key] = ++m->clock;
	if (!m->owner[key]) {
		own(m, (int)key, user);
		m->other[key] = 0;
		m->count++;
	} else if (m->owner[key] != user) {
		m->other[key] = user;
	}
}

static bool is_same(struct quota *q, const struct model *m)
{
	struct quota_entry e;
	uint32_t at = 0, n = 0;

	while (quota_next(q, 0, &at, &e)) {
		uint32_t key;

		if (!e.key)
			continue;
		key = *(const uint32_t *)e.key - 1;
		if (m->owner[key] != e.owner || m->other[key] != e.other)
			return false;
		n++;
	}
	return n == m->count && quota_count(q) == n;
}

static bool step(struct quota *q, struct model *m, unsigned long long r)
{
	uint32_t key = (uint32_t)(r >> 8) % KEYS;
	/* The first user is a flooder. */
	uint64_t user = r % 3 ? 1 : 1 + (r >> 32) % USERS;

	if (r % 31 == 0) {
		quota_drop(q, &(uint32_t){ key + 1 });
		m->count -= m->owner[key] != 0;
		own(m, (int)key, 0);
		return is_same(q, m);
	}
	n_went = 0;
	note(q, key + 1, user);
	if (!m->owner[key] && m->count == m->max &&
		(n_went != 1 || model_evict(m) + 1 != (int)went[0]))
		return false;
	model_note(m, key, user);
	return is_same(q, m);
}

static void test_random(void)
{
	static const uint32_t maxes[] = { 1, 2, 7, 20, 59, 60 };
	unsigned long long seed = 13;

	for (size_t i = 0; i < sizeof(maxes) / sizeof(maxes[0]); i++) {
		struct quota *q = make(maxes[i]);
		struct model m = { .max = maxes[i] };

		check_start("random, at most %u", maxes[i]);
		for (int k = 0; k < 20000; k++)
			if (!CHECK(step(q, &m, check_random(&seed)))) {
				CHECK_EQ(k, -1);
				break;
			}
		CHECK_EQ(quota_evicted(q), m.evicted);
		quota_free(q);
	}
}

int main(void)
{
	check.module = "quota";
	test_fair();
	test_shared();
	test_one_each();
	test_changes();
	test_random();
	return check_end();
}
