// SPDX-License-Identifier: GPL-3.0-or-later
#include "script_dictionary.h"

static unsigned int slot_of(struct bytes word)
{
	uint32_t h = 2166136261u;

	for (size_t i = 0; i < word.len; i++)
		h = (h ^ (unsigned char)word.p[i]) * 16777619u;
	return (h ^ h >> 15) % SCRIPT_DICTIONARY_SLOTS;
}

/* Its slot, or the free one where it would go. */
static unsigned int find(const struct script_dictionary *d, struct bytes word)
{
	unsigned int i = slot_of(word);

	while (d->slots[i].p &&
		!(d->slots[i].len == word.len &&
			!memcmp(d->slots[i].p, word.p, word.len)))
		i = (i + 1) % SCRIPT_DICTIONARY_SLOTS;
	return i;
}

void script_dictionary_add(
	struct script_dictionary *d, const char *list, uint16_t number)
{
	while (*list) {
		size_t len = strcspn(list, " ");
		unsigned int i = find(d, (struct bytes){ list, len });

		/* Half of it stays free: every search ends. */
		if (len && !d->slots[i].p &&
			d->n < SCRIPT_DICTIONARY_SLOTS / 2) {
			d->slots[i].p = list;
			d->slots[i].len = (uint16_t)len;
			d->slots[i].number = number;
			d->n++;
		}
		list += len + (list[len] == ' ');
	}
}

unsigned int script_dictionary_get(
	const struct script_dictionary *d, struct bytes word)
{
	return d->slots[find(d, word)].number;
}
