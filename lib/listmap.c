// SPDX-License-Identifier: GPL-3.0-or-later
#include "listmap.h"

#include "address.h"
#include "listmap_key.h"

/* Looked at for one entry; a table of ours has no run that is near as long. */
#define RUN_MAX 1024

int listmap_open(struct listmap *m, struct bytes b)
{
	const struct listmap_head *h = (const void *)b.p;
	const uint64_t each = sizeof(uint64_t) + sizeof(uint16_t);

	*m = (struct listmap){ 0 };
	if (b.len < sizeof(*h) || (uintptr_t)b.p % sizeof(uint64_t) ||
		h->magic != LISTMAP_MAGIC || h->len != b.len || !h->n_slots)
		return -1;
	if (h->n_slots > h->n_room || h->n_room != (b.len - sizeof(*h)) / each)
		return -1;
	for (size_t i = 0; i < LISTMAP_LISTS_MAX; i++)
		if (h->names[i][LISTMAP_NAME_MAX - 1])
			return -1;
	m->head = h;
	m->hashes = (const void *)(b.p + sizeof(*h));
	m->values = (const void *)(m->hashes + h->n_room);
	return 0;
}

size_t listmap_count(const struct listmap *m)
{
	const struct listmap_head *h = m->head;

	return h ? (size_t)h->n_entries : 0;
}

/* The value under a hash, 0 if there is none. */
static unsigned int find(const struct listmap *m, uint64_t hash)
{
	const struct listmap_head *h = m->head;
	uint64_t at = listmap_slot(hash, h->n_slots);

	for (unsigned int i = 0; i < RUN_MAX && at < h->n_room; i++, at++) {
		if (m->hashes[at] == hash)
			return m->values[at];
		if (!m->hashes[at])
			return 0;
	}
	return 0;
}

static unsigned int worse(unsigned int a, unsigned int b)
{
	return (b & LISTMAP_SEVERITY) > (a & LISTMAP_SEVERITY) ? b : a;
}

static unsigned int find_address(const struct listmap *m, struct bytes value)
{
	const struct listmap_head *h = m->head;
	unsigned char a[16];
	unsigned int found = 0;

	if (!address_parse(value, a))
		return 0;
	for (unsigned int bits = 0; bits <= 128; bits++)
		if (h->prefixes[bits / 64] >> bits % 64 & 1)
			found = worse(found,
				find(m, listmap_hash_net(h->seed, a, bits)));
	return found;
}

static unsigned int find_below(const struct listmap *m, struct bytes name)
{
	const struct listmap_head *h = m->head;
	unsigned int found = 0;

	while (name.len) {
		const char *dot = memchr(name.p, '.', name.len);

		found = worse(found,
			find(m, listmap_hash(h->seed, LISTMAP_BELOW, name)));
		name.len -= dot ? (size_t)(dot + 1 - name.p) : name.len;
		name.p = dot ? dot + 1 : NULL;
	}
	return found;
}

enum intel_severity listmap_get(const struct listmap *m, enum ioc_type type,
	struct bytes value, const char **list)
{
	const struct listmap_head *h = m->head;
	unsigned int found;
	struct str plain;

	if (!h)
		return INTEL_NOT_ASKED;
	if (type == IOC_IPV4 || type == IOC_IPV6) {
		found = find_address(m, value);
	} else {
		str_init(&plain, LISTMAP_KEY_MAX);
		listmap_plain(&plain, value);
		value = str_bytes(&plain);
		found = find(m, listmap_hash(h->seed, LISTMAP_VALUE, value));
		if (type == IOC_DNS && h->has_below)
			found = worse(found, find_below(m, value));
		str_fini(&plain);
	}
	if ((found & LISTMAP_SEVERITY) > INTEL_HIGH || !found)
		return INTEL_NOT_ASKED;
	*list = h->names[found >> LISTMAP_SHIFT & 255];
	return (enum intel_severity)(found & LISTMAP_SEVERITY);
}
