// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef MAP_H
#define MAP_H

#include <stddef.h>
#include <stdint.h>

/*
 * The only table: fixed-size keys to fixed-size values, at most max entries.
 * When it is full the least recently touched entry goes, and is counted.
 * Keys are hashed with SipHash-1-3 under the map's own seed, so nobody who
 * chooses keys can choose their bucket. Memory grows with use, up to
 * max * (key + value + 16) bytes and 4 bytes a bucket.
 */
struct map;

struct map_conf {
	size_t key_len;
	size_t value_len;
	uint32_t max;
	uint64_t seed[2];
};

/* NULL when out of memory. */
struct map *map_new(const struct map_conf *cf)
	__attribute__((warn_unused_result));
void map_free(struct map *m);
/* The value under key, NULL if there is none. Borrowed until the next call
 * that may add. find leaves the order of age alone, touch makes it youngest. */
void *map_find(struct map *m, const void *key);
void *map_touch(struct map *m, const void *key);
/* The same, a new zeroed value when the key is new. NULL: out of memory. */
void *map_note(struct map *m, const void *key)
	__attribute__((warn_unused_result));
/* Takes an entry away; its memory and its number go to a later one. */
void map_drop(struct map *m, const void *key);
uint32_t map_count(const struct map *m);
/* Entries that went because the map was full, since map_new. */
uint64_t map_evicted(const struct map *m);
/* Visits every entry, oldest first; i starts at 0. Returns the value and sets
 * *key, NULL at the end. Nothing may be added meanwhile. */
void *map_next(const struct map *m, uint32_t *i, const void **key);

/* Entries have numbers from 1 up to map_last, and keep them while they are
 * there. at gives the value and sets *key, NULL where there is no entry. */
uint32_t map_number(const struct map *m, const void *value);
void *map_at(const struct map *m, uint32_t number, const void **key);
uint32_t map_last(const struct map *m);

/* SipHash-2-4. With a seed that stands fixed it is an interface: ids in lines,
 * rows of the state and names of files are made by it. */
uint64_t map_siphash(const uint64_t seed[2], const void *data, size_t len);

#endif
