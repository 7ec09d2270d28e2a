// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef LISTMAP_H
#define LISTMAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "intel_severity.h"
#include "ioc.h"
#include "str.h"

/*
 * Millions of indicators from lists, packed: built once, and from then on only
 * looked up. It is a run of bytes without pointers, so that one process can
 * build it and another read it. An entry takes 10 bytes and its share of the
 * room between, 14 in all; a look-up is a hash and a cache line or two, for an
 * address one for each length of prefix that is there.
 */

#define LISTMAP_LISTS_MAX 256
#define LISTMAP_NAME_MAX  24
#define LISTMAP_MAX       (64u << 20)

struct listmap_draft;

/* NULL when out of memory. seed: that nobody can foresee. */
struct listmap_draft *listmap_draft_new(const uint64_t seed[2])
	__attribute__((warn_unused_result));
void listmap_draft_free(struct listmap_draft *d);
/* The number of a list of that name, which is cut to LISTMAP_NAME_MAX - 1
 * bytes. -1: too many. */
int listmap_draft_list(struct listmap_draft *d, const char *name)
	__attribute__((warn_unused_result));

/*
 * Takes an entry as it stands in a list: an address, ADDRESS/BITS, a name,
 * "*.NAME" or ".NAME" for a name and all below it, a URL, a hash, anything else
 * byte for byte. Defanged forms (hxxp, [.]) are undone. An indicator that is in
 * several lists has the worst severity of them. 1: taken, 0: it is nothing, -1:
 * out of memory, or more than LISTMAP_MAX.
 */
int listmap_draft_add(struct listmap_draft *d, int list, struct bytes entry,
	enum intel_severity severity) __attribute__((warn_unused_result));
size_t listmap_draft_count(const struct listmap_draft *d);
/* How many bytes listmap_draft_pack will write; sorts the entries. */
size_t listmap_draft_len(struct listmap_draft *d);
/* Writes the map; to is aligned for uint64_t. */
void listmap_draft_pack(struct listmap_draft *d, void *to);

/* A map that lies in somebody's memory. */
struct listmap {
	const void *head; /* NULL: an empty one */
	const uint64_t *hashes;
	const uint16_t *values;
};

/* -1: these bytes are none. They are not copied. */
int listmap_open(struct listmap *m, struct bytes b)
	__attribute__((warn_unused_result));
size_t listmap_count(const struct listmap *m);
/* What the lists say of an indicator in its plain form; *list (borrowed) is
 * the name of the worst. INTEL_NOT_ASKED: it is in none. */
enum intel_severity listmap_get(const struct listmap *m, enum ioc_type type,
	struct bytes value, const char **list);

#endif
