// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdio.h>
#include <stdlib.h>

#include "listmap.h"
#include "address.h"
#include "listmap_key.h"
#include "text.h"

/* A third of the slots stay empty: runs are short. */
#define SLOTS(n) ((n) + (n) / 3 + 64)

/* Hashes and values apart: 10 bytes an entry, not 16. */
#define EACH (sizeof(uint64_t) + sizeof(uint16_t))

struct listmap_draft {
	struct listmap_head head;
	uint64_t *hashes;
	uint16_t *values;
	size_t n, size;
	int n_lists;
	struct str clean, plain;
};

struct listmap_draft *listmap_draft_new(const uint64_t seed[2])
{
	struct listmap_draft *d = calloc(1, sizeof(*d));

	if (!d)
		return NULL;
	d->head.magic = LISTMAP_MAGIC;
	d->head.seed[0] = seed[0];
	d->head.seed[1] = seed[1];
	str_init(&d->clean, LISTMAP_KEY_MAX);
	str_init(&d->plain, LISTMAP_KEY_MAX);
	return d;
}

void listmap_draft_free(struct listmap_draft *d)
{
	if (!d)
		return;
	str_fini(&d->clean);
	str_fini(&d->plain);
	free(d->hashes);
	free(d->values);
	free(d);
}

int listmap_draft_list(struct listmap_draft *d, const char *name)
{
	if (d->n_lists == LISTMAP_LISTS_MAX)
		return -1;
	(void)snprintf(d->head.names[d->n_lists], LISTMAP_NAME_MAX, "%s", name);
	return d->n_lists++;
}

static int grow(struct listmap_draft *d)
{
	size_t size = d->size ? d->size * 2 : 1024;
	uint64_t *hashes;
	uint16_t *values;

	if (d->n < d->size)
		return 0;
	if (d->n >= LISTMAP_MAX)
		return -1;
	hashes = realloc(d->hashes, size * sizeof(*hashes));
	if (!hashes)
		return -1;
	d->hashes = hashes;
	values = realloc(d->values, size * sizeof(*values));
	if (!values)
		return -1;
	d->values = values;
	d->size = size;
	return 0;
}

static int push(struct listmap_draft *d, uint64_t hash, int list,
	enum intel_severity severity)
{
	if (grow(d) < 0)
		return -1;
	d->hashes[d->n] = hash;
	d->values[d->n++] = (uint16_t)((unsigned int)list << LISTMAP_SHIFT |
				       (unsigned int)severity);
	return 1;
}

/* hxxp, [.], (.), [:] as people write them so that nobody clicks. */
static void undo_defanged(struct str *to, struct bytes b)
{
	static const struct {
		const char *from, *to;
	} rows[] = { { "[.]", "." }, { "(.)", "." }, { "[dot]", "." },
		{ "(dot)", "." }, { "[:]", ":" }, { "[://]", "://" },
		{ "[/]", "/" }, { "[at]", "@" }, { "[@]", "@" } };

	str_reset(to);
	if (b.len > 4 && (b.p[0] == 'h' || b.p[0] == 'H') &&
		!memcmp(b.p + 1, "xxp", 3)) {
		str_addz(to, "http");
		b.p += 4;
		b.len -= 4;
	}
	while (b.len) {
		size_t i = 0, len = 0;

		for (; i < sizeof(rows) / sizeof(rows[0]); i++) {
			len = strlen(rows[i].from);
			if (b.len >= len && !memcmp(b.p, rows[i].from, len))
				break;
			len = 0;
		}
		if (len)
			str_addz(to, rows[i].to);
		else
			str_addc(to, b.p[0]);
		b.p += len ? len : 1;
		b.len -= len ? len : 1;
	}
}

/* ADDRESS or ADDRESS/BITS. 0: it is none. */
static int add_net(struct listmap_draft *d, int list, struct bytes b,
	enum intel_severity severity)
{
	const char *slash = memchr(b.p, '/', b.len);
	struct bytes head = { b.p, slash ? (size_t)(slash - b.p) : b.len };
	struct bytes tail = { slash ? slash + 1 : NULL,
		slash ? b.len - head.len - 1 : 0 };
	unsigned char a[16];
	uint64_t bits, most;

	if (!address_parse(head, a))
		return 0;
	bits = most = memchr(head.p, ':', head.len) ? 128 : 32;
	if (slash && (text_u64(tail, 10, &bits) < 0 || bits > most))
		return 0;
	bits += 128 - most;
	d->head.prefixes[bits / 64] |= 1ULL << bits % 64;
	return push(d, listmap_hash_net(d->head.seed, a, (unsigned int)bits),
		list, severity);
}

int listmap_draft_add(struct listmap_draft *d, int list, struct bytes entry,
	enum intel_severity severity)
{
	struct bytes b;
	bool is_below;
	int rc;

	undo_defanged(&d->clean, entry);
	b = str_bytes(&d->clean);
	if (!b.len || !str_ok(&d->clean))
		return 0;
	rc = add_net(d, list, b, severity);
	if (rc)
		return rc;
	is_below =
		b.p[0] == '.' || (b.len > 2 && b.p[0] == '*' && b.p[1] == '.');
	if (is_below) {
		size_t skip = b.p[0] == '*' ? 2 : 1;

		b.p += skip;
		b.len -= skip;
		d->head.has_below = 1;
	}
	listmap_plain(&d->plain, b);
	b = str_bytes(&d->plain);
	if (!b.len || !str_ok(&d->plain))
		return 0;
	return push(d,
		listmap_hash(d->head.seed,
			is_below ? LISTMAP_BELOW : LISTMAP_VALUE, b),
		list, severity);
}

size_t listmap_draft_count(const struct listmap_draft *d)
{
	return d->n;
}

/* --- sorting ----------------------------------------------------------------
 */

static void swap(struct listmap_draft *d, size_t i, size_t k)
{
	uint64_t hash = d->hashes[i];
	uint16_t value = d->values[i];

	d->hashes[i] = d->hashes[k];
	d->values[i] = d->values[k];
	d->hashes[k] = hash;
	d->values[k] = value;
}

static void sift(struct listmap_draft *d, size_t from, size_t i, size_t n)
{
	for (;;) {
		size_t k = 2 * i + 1;

		if (k >= n)
			return;
		if (k + 1 < n && d->hashes[from + k] < d->hashes[from + k + 1])
			k++;
		if (d->hashes[from + i] >= d->hashes[from + k])
			return;
		swap(d, from + i, from + k);
		i = k;
	}
}

/* Few at a time, and whatever stands in them in n log n. */
static void sort_heap(struct listmap_draft *d, size_t from, size_t n)
{
	for (size_t i = n / 2; i-- > 0;)
		sift(d, from, i, n);
	while (n > 1) {
		swap(d, from, from + --n);
		sift(d, from, 0, n);
	}
}

/* By the first byte that differs, in place, then what is left by a heap. */
static void sort(struct listmap_draft *d, size_t from, size_t n, int shift)
{
	size_t at[256], end[256], sum = from;

	if (n < 2)
		return;
	if (n <= 256 || shift < 0) {
		sort_heap(d, from, n);
		return;
	}
	memset(end, 0, sizeof(end));
	for (size_t i = from; i < from + n; i++)
		end[d->hashes[i] >> shift & 255]++;
	for (size_t b = 0; b < 256; b++) {
		at[b] = sum;
		sum += end[b];
		end[b] = sum;
	}
	for (size_t b = 0; b < 256; b++)
		while (at[b] < end[b]) {
			size_t to = d->hashes[at[b]] >> shift & 255;

			swap(d, at[b], at[to]);
			at[to]++;
		}
	for (size_t b = 0, begin = from; b < 256; b++) {
		sort(d, begin, end[b] - begin, shift - 8);
		begin = end[b];
	}
}

/* Each hash once, with the worst of its severities. */
static void unite(struct listmap_draft *d)
{
	size_t n = 0;

	for (size_t i = 0; i < d->n; i++) {
		if (n && d->hashes[i] == d->hashes[n - 1]) {
			if ((d->values[i] & LISTMAP_SEVERITY) >
				(d->values[n - 1] & LISTMAP_SEVERITY))
				d->values[n - 1] = d->values[i];
			continue;
		}
		d->hashes[n] = d->hashes[i];
		d->values[n++] = d->values[i];
	}
	d->n = n;
}

size_t listmap_draft_len(struct listmap_draft *d)
{
	size_t free_at = 0, n_slots;

	sort(d, 0, d->n, 56);
	unite(d);
	n_slots = SLOTS(d->n);
	/* The last run may go beyond the last slot. */
	for (size_t i = 0; i < d->n; i++) {
		size_t slot = (size_t)listmap_slot(d->hashes[i], n_slots);

		free_at = (slot > free_at ? slot : free_at) + 1;
	}
	d->head.n_slots = n_slots;
	d->head.n_entries = d->n;
	d->head.n_room = free_at > n_slots ? free_at : n_slots;
	d->head.len = sizeof(d->head) + d->head.n_room * EACH;
	return (size_t)d->head.len;
}

void listmap_draft_pack(struct listmap_draft *d, void *to)
{
	struct listmap_head *h = to;
	uint64_t *hashes = (void *)(h + 1);
	uint16_t *values = (void *)(hashes + d->head.n_room);
	size_t free_at = 0;

	*h = d->head;
	memset(hashes, 0, (size_t)d->head.len - sizeof(*h));
	for (size_t i = 0; i < d->n; i++) {
		size_t slot =
			(size_t)listmap_slot(d->hashes[i], d->head.n_slots);

		if (slot < free_at)
			slot = free_at;
		hashes[slot] = d->hashes[i];
		values[slot] = d->values[i];
		free_at = slot + 1;
	}
}
