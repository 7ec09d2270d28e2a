// SPDX-License-Identifier: GPL-3.0-or-later
#include "names.h"

_Static_assert(NAMES_LEN_MAX < 16, "lens has 16 bits");

static unsigned int slot_of(struct bytes word)
{
	unsigned int first = (unsigned char)word.p[0];
	unsigned int last = (unsigned char)word.p[word.len - 1];
	unsigned int middle = (unsigned char)word.p[word.len / 2];

	return (first * 7 + last * 31 + middle * 3 + (unsigned int)word.len) %
	       NAMES_SLOTS;
}

static bool is_same(const struct names_slot *s, struct bytes word)
{
	return !memcmp(s->p, word.p, word.len) &&
	       (word.len == NAMES_LEN_MAX || !s->p[word.len]);
}

static bool add(struct names *set, struct bytes word, uint8_t what)
{
	unsigned int i;

	if (word.len > NAMES_LEN_MAX || set->n == NAMES_MAX)
		return false;
	for (i = slot_of(word); set->slots[i].what; i = (i + 1) % NAMES_SLOTS)
		if (is_same(&set->slots[i], word))
			break;
	set->n += !set->slots[i].what;
	memcpy(set->slots[i].p, word.p, word.len);
	set->slots[i].what = what;
	set->lens[(unsigned char)word.p[0]] |= (uint16_t)(1u << word.len);
	return true;
}

bool names_add(struct names *set, const char *list, uint8_t what)
{
	while (*list) {
		size_t n = strcspn(list, " ");

		if (n && !add(set, (struct bytes){ list, n }, what))
			return false;
		list += n + (list[n] == ' ');
	}
	return true;
}

unsigned int names_find(const struct names *set, struct bytes word)
{
	for (unsigned int i = slot_of(word); set->slots[i].what;
		i = (i + 1) % NAMES_SLOTS)
		if (is_same(&set->slots[i], word))
			return set->slots[i].what;
	return 0;
}
