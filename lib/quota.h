// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef QUOTA_H
#define QUOTA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * A map that users share. An entry belongs to the user who noted it first.
 * When the map is full, the user with the most entries loses the one that was
 * not touched for longest: a user who has fewer than his share loses none,
 * whatever the others do. An entry that its owner would lose goes to the one
 * who touched it last beside him, if there is one. Every step takes constant
 * time, hand-overs one for each such touch.
 *
 * Entries have numbers, which they keep, and every change has one too, so that
 * a copy elsewhere can be kept up with what changed alone.
 */
struct quota;

struct quota_conf {
	size_t key_len, value_len;
	uint32_t max;
	uint64_t seed[2];
	/* An entry is about to go because the map is full. May be NULL. */
	void (*gone)(void *arg, const void *key, const void *value);
	void *arg;
};

struct quota_entry {
	uint32_t number;
	const void *key; /* NULL: there is no entry of this number any more */
	void *value;
	uint64_t owner, other; /* other: 0 for none */
	uint64_t change; /* its last; a later one is larger */
};

/* NULL when out of memory. */
struct quota *quota_new(const struct quota_conf *cf)
	__attribute__((warn_unused_result));
void quota_free(struct quota *q);

/* The value under key, touched by user, who is not 0; a new zeroed one when
 * the key is new. Borrowed until the next call. NULL: out of memory. */
void *quota_note(struct quota *q, const void *key, uint64_t user)
	__attribute__((warn_unused_result));
/* Says who touched the entry last beside its owner, as it was once. */
void quota_set_other(struct quota *q, const void *key, uint64_t other);
void *quota_find(struct quota *q, const void *key);
void quota_drop(struct quota *q, const void *key);
/* The value that was not touched for longest; NULL: there is none. */
void *quota_oldest(struct quota *q, const void **key);

uint32_t quota_count(const struct quota *q);
/* Entries that went because the map was full. */
uint64_t quota_evicted(const struct quota *q);

/* The number of the last change; 0 before any. */
uint64_t quota_change(const struct quota *q);
/* Visits the entries that came, changed or went after a change, in the order
 * of their numbers; *at starts at 0. False at the end. */
bool quota_next(const struct quota *q, uint64_t after, uint32_t *at,
	struct quota_entry *e);

#endif
