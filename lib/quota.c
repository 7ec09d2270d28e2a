// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Each user's entries are a list in order of age, and the users who have the
 * same number of entries are a list too. That number changes by one at a time,
 * so who has the most is known without a search.
 */
#include "quota.h"

#include <stdlib.h>
#include <string.h>

#include "map.h"

/* Goes before the value in the map. Numbers of entries and users; 0: none. */
struct seat {
	uint64_t other;
	uint32_t owner;
	uint32_t older, younger;
};

struct user {
	uint64_t id;
	uint32_t n; /* entries */
	uint32_t oldest, youngest;
	uint32_t before, behind; /* among those with as many */
};

struct quota {
	struct quota_conf cf;
	struct map *entries; /* struct seat, then the value */
	struct map *users; /* by id */
	uint32_t *levels; /* by number of entries: a user */
	uint32_t most; /* the highest level with a user */
	uint64_t *changes; /* by number */
	uint32_t n_changes;
	uint64_t change, evicted;
};

#define SEAT_LEN ((sizeof(struct seat) + 7) & ~(size_t)7)

struct quota *quota_new(const struct quota_conf *cf)
{
	struct map_conf entries = { .key_len = cf->key_len,
		.value_len = SEAT_LEN + cf->value_len,
		.max = cf->max,
		.seed = { cf->seed[0], cf->seed[1] } };
	struct map_conf users = entries;
	struct quota *q = calloc(1, sizeof(*q));

	if (!q)
		return NULL;
	users.key_len = sizeof(uint64_t);
	users.value_len = sizeof(struct user);
	q->cf = *cf;
	q->entries = map_new(&entries);
	q->users = map_new(&users);
	q->levels = calloc((size_t)cf->max + 1, sizeof(*q->levels));
	if (q->entries && q->users && q->levels)
		return q;
	quota_free(q);
	return NULL;
}

void quota_free(struct quota *q)
{
	if (!q)
		return;
	map_free(q->entries);
	map_free(q->users);
	free(q->levels);
	free(q->changes);
	free(q);
}

static struct seat *seat_at(const struct quota *q, uint32_t number)
{
	const void *key;

	return map_at(q->entries, number, &key);
}

static struct user *user_at(const struct quota *q, uint32_t number)
{
	const void *key;

	return map_at(q->users, number, &key);
}

static void *value_of(struct seat *s)
{
	return (char *)s + SEAT_LEN;
}

static void level_leave(struct quota *q, struct user *u)
{
	if (u->before)
		user_at(q, u->before)->behind = u->behind;
	else
		q->levels[u->n] = u->behind;
	if (u->behind)
		user_at(q, u->behind)->before = u->before;
}

static void level_join(struct quota *q, struct user *u)
{
	uint32_t number = map_number(q->users, u);

	u->before = 0;
	u->behind = q->levels[u->n];
	if (u->behind)
		user_at(q, u->behind)->before = number;
	q->levels[u->n] = number;
}

static void seat_link(
	struct quota *q, struct seat *s, struct user *u, bool is_young)
{
	uint32_t number = map_number(q->entries, s);

	s->owner = map_number(q->users, u);
	s->older = is_young ? u->youngest : 0;
	s->younger = is_young ? 0 : u->oldest;
	if (s->older)
		seat_at(q, s->older)->younger = number;
	else
		u->oldest = number;
	if (s->younger)
		seat_at(q, s->younger)->older = number;
	else
		u->youngest = number;
}

static void seat_unlink(struct quota *q, const struct seat *s, struct user *u)
{
	if (s->older)
		seat_at(q, s->older)->younger = s->younger;
	else
		u->oldest = s->younger;
	if (s->younger)
		seat_at(q, s->younger)->older = s->older;
	else
		u->youngest = s->older;
}

/* Makes the seat u's, as his youngest entry or his oldest. */
static void give(struct quota *q, struct seat *s, struct user *u, bool is_young)
{
	level_leave(q, u);
	u->n++;
	level_join(q, u);
	if (u->n > q->most)
		q->most = u->n;
	seat_link(q, s, u, is_young);
}

static void take(struct quota *q, const struct seat *s)
{
	struct user *u = user_at(q, s->owner);

	seat_unlink(q, s, u);
	level_leave(q, u);
	u->n--;
	level_join(q, u);
	if (!q->levels[q->most])
		q->most--;
}

/* Forgets a user who has nothing left. */
static void leave(struct quota *q, uint32_t number)
{
	struct user *u = user_at(q, number);
	uint64_t id;

	if (u->n)
		return;
	level_leave(q, u);
	id = u->id;
	map_drop(q->users, &id);
}

static struct user *user_of(struct quota *q, uint64_t id)
{
	struct user *u = map_find(q->users, &id);

	if (u)
		return u;
	u = map_note(q->users, &id);
	if (!u)
		return NULL;
	u->id = id;
	level_join(q, u);
	return u;
}

static void drop(struct quota *q, uint32_t number)
{
	const void *key;
	struct seat *s = map_at(q->entries, number, &key);
	uint32_t owner = s->owner;

	take(q, s);
	leave(q, owner);
	map_drop(q->entries, key);
	q->changes[number] = ++q->change;
}

/* Whether somebody else wants what the owner would lose. */
static bool hand_over(struct quota *q, uint32_t number)
{
	struct seat *s = seat_at(q, number);
	uint32_t owner = s->owner;
	struct user *heir = map_find(q->users, &s->other);

	if (!s->other || (heir ? heir->n : 0) + 1 >= user_at(q, owner)->n)
		return false;
	heir = user_of(q, s->other);
	if (!heir)
		return false;
	take(q, s);
	give(q, s, heir, false);
	s->other = 0;
	leave(q, owner);
	q->changes[number] = ++q->change;
	return true;
}

/* One entry of whoever has the most. */
static void evict(struct quota *q)
{
	const void *key;
	struct seat *s;
	uint32_t number;

	do {
		number = user_at(q, q->levels[q->most])->oldest;
	} while (hand_over(q, number));
	s = map_at(q->entries, number, &key);
	if (q->cf.gone)
		q->cf.gone(q->cf.arg, key, value_of(s));
	drop(q, number);
	q->evicted++;
}

static int reserve_changes(struct quota *q, uint32_t number)
{
	size_t n = q->n_changes ? q->n_changes : 64;
	uint64_t *more;

	while (n <= number)
		n *= 2;
	if (n == q->n_changes)
		return 0;
	more = realloc(q->changes, n * sizeof(*more));
	if (!more)
		return -1;
	memset(more + q->n_changes, 0, (n - q->n_changes) * sizeof(*more));
	q->changes = more;
	q->n_changes = (uint32_t)n;
	return 0;
}

static struct seat *sit_down(struct quota *q, const void *key, uint64_t user)
{
	struct seat *s;
	struct user *u;

	if (!q->cf.max || reserve_changes(q, map_last(q->entries) + 1) < 0)
		return NULL;
	if (map_count(q->entries) == q->cf.max)
		evict(q);
	u = user_of(q, user);
	if (!u)
		return NULL;
	s = map_note(q->entries, key);
	if (s)
		give(q, s, u, true);
	else
		leave(q, map_number(q->users, u));
	return s;
}

void *quota_note(struct quota *q, const void *key, uint64_t user)
{
	struct seat *s = map_touch(q->entries, key);
	struct user *u;

	if (s) {
		u = user_at(q, s->owner);
		seat_unlink(q, s, u);
		seat_link(q, s, u, true);
		if (u->id != user)
			s->other = user;
	} else {
		s = sit_down(q, key, user);
		if (!s)
			return NULL;
	}
	q->changes[map_number(q->entries, s)] = ++q->change;
	return value_of(s);
}

void quota_set_other(struct quota *q, const void *key, uint64_t other)
{
	struct seat *s = map_find(q->entries, key);

	if (s && user_at(q, s->owner)->id != other)
		s->other = other;
}

void *quota_find(struct quota *q, const void *key)
{
	struct seat *s = map_find(q->entries, key);

	return s ? value_of(s) : NULL;
}

void quota_drop(struct quota *q, const void *key)
{
	struct seat *s = map_find(q->entries, key);

	if (s)
		drop(q, map_number(q->entries, s));
}

void *quota_oldest(struct quota *q, const void **key)
{
	uint32_t at = 0;
	struct seat *s = map_next(q->entries, &at, key);

	return s ? value_of(s) : NULL;
}

uint32_t quota_count(const struct quota *q)
{
	return map_count(q->entries);
}

uint64_t quota_evicted(const struct quota *q)
{
	return q->evicted;
}

uint64_t quota_change(const struct quota *q)
{
	return q->change;
}

bool quota_next(const struct quota *q, uint64_t after, uint32_t *at,
	struct quota_entry *e)
{
	struct seat *s;

	do {
		if (++*at > map_last(q->entries))
			return false;
	} while (q->changes[*at] <= after);
	*e = (struct quota_entry){ .number = *at, .change = q->changes[*at] };
	s = map_at(q->entries, *at, &e->key);
	if (!s)
		return true;
	e->value = value_of(s);
	e->owner = user_at(q, s->owner)->id;
	e->other = s->other;
	return true;
}
