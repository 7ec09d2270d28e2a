// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Text is looked at in every other place. So a string is known by five of its
 * bytes, the rarest: by the first four where they start in such a place, else
 * by the last four. Then it is compared, but not again and again.
 */
#include "sieve.h"

#include <stdlib.h>

#define GRAM 4
/* Of what a step looks at: places, and the bytes that they take. */
#define STEP      8
#define STEP_SEES (STEP + GRAM - 2)
/* Strings compared with one text in vain; then it passes. */
#define TRIES_MAX 64

void sieve_fini(struct sieve *s)
{
	free(s->entries);
	s->entries = NULL;
}

/* Capitals and small letters are alike, and some others: it is a sieve. */
static uint32_t hash(const char *p)
{
	uint32_t x;

	memcpy(&x, p, sizeof(x));
	return (x | 0x20202020u) * 2654435761u;
}

static uint32_t slot_of(uint32_t hash)
{
	return hash >> 16;
}

static uint32_t other_of(uint32_t hash)
{
	return hash >> 8 & (SIEVE_SLOTS - 1);
}

static bool has_bit(const uint32_t *bits, uint32_t i)
{
	return bits[i / 32] >> (i & 31) & 1;
}

static void set_bit(uint32_t *bits, uint32_t i)
{
	bits[i / 32] |= UINT32_C(1) << (i & 31);
}

static bool is_like(const char *p, struct bytes string)
{
	for (size_t i = 0; i < string.len; i++)
		if ((p[i] | 0x20) != (string.p[i] | 0x20))
			return false;
	return true;
}

/* How common a byte is on command lines, roughly. */
static unsigned int commonness(char c)
{
	static const char common[] = ",?+*zq7j:_590=3y28k4w16xhfmb.pgdunlaisct"
				     "ro/e-";
	const char *p = memchr(common, c | 0x20, sizeof(common) - 1);

	return p ? 2 + (unsigned int)(p - common) : 1;
}

static unsigned int cost(const char *p)
{
	unsigned int product = 1;

	for (unsigned int i = 0; i <= GRAM; i++)
		product *= commonness(p[i]);
	return product;
}

static void add_mark(struct sieve *s, char c)
{
	if (s->n_marks == SIEVE_MARKS_MAX)
		s->is_open = true;
	else if (!memchr(s->marks, c, s->n_marks))
		s->marks[s->n_marks++] = c;
}

static void add_short(struct sieve *s, struct bytes string)
{
	char c = string.p[0];

	for (size_t i = 1; i < string.len; i++)
		if (commonness(string.p[i]) < commonness(c))
			c = string.p[i];
	add_mark(s, c);
	if ((c | 0x20) >= 'a' && (c | 0x20) <= 'z')
		add_mark(s, (char)(c ^ 0x20));
}

static bool grow(struct sieve *s)
{
	size_t size = s->size ? 2 * (size_t)s->size : 256;
	struct sieve_entry *to;

	if (size > UINT16_MAX)
		return false;
	to = realloc(s->entries, size * sizeof(*to));
	if (!to)
		return false;
	s->entries = to;
	s->size = (uint16_t)size;
	return true;
}

static void add_gram(
	struct sieve *s, const char *gram, struct bytes string, int32_t at)
{
	uint32_t h = hash(gram), slot = slot_of(h);

	if (s->n_entries == s->size && !grow(s)) {
		s->is_open = true;
		return;
	}
	s->entries[s->n_entries++] =
		(struct sieve_entry){ string, at, s->first[slot] };
	s->first[slot] = s->n_entries;
	set_bit(s->has_gram, slot);
	set_bit(s->has_other, other_of(h));
}

/* A string of three or four: it may also start where nothing is looked at,
 * behind whatever there is, and of three end before it. Case is all one, so
 * half of that. */
static void add_few(struct sieve *s, struct bytes string)
{
	char before[GRAM], behind[GRAM];

	memcpy(before + 1, string.p, GRAM - 1);
	memcpy(behind, string.p, GRAM - 1);
	if (string.len == GRAM)
		add_gram(s, string.p, string, 0);
	else
		s->has_threes = true;
	for (unsigned int c = 0; c < 256; c++) {
		before[0] = behind[GRAM - 1] = (char)c;
		if (!(c & 0x20))
			continue;
		add_gram(s, before, string, -1);
		if (string.len < GRAM)
			add_gram(s, behind, string, 0);
	}
}

void sieve_add(struct sieve *s, struct bytes string)
{
	size_t best = 0;

	if (!string.len) {
		s->is_open = true;
		return;
	}
	if (string.len < GRAM - 1) {
		add_short(s, string);
		return;
	}
	if (string.len <= GRAM) {
		add_few(s, string);
		return;
	}
	for (size_t i = 1; i + GRAM < string.len; i++)
		if (cost(string.p + i) < cost(string.p + best))
			best = i;
	add_gram(s, string.p + best, string, (int32_t)best);
	add_gram(s, string.p + best + 1, string, (int32_t)best + 1);
}

/* The text that is looked at, and what may still be compared. */
struct look {
	const struct sieve *s;
	struct bytes text;
	unsigned int tries;
};

/* Whether a string is there that has the gram at i. */
static bool is_there(struct look *l, size_t i, uint32_t slot)
{
	const struct sieve_entry *e;

	for (uint16_t n = l->s->first[slot]; n; n = e->next) {
		size_t at;

		e = &l->s->entries[n - 1];
		at = i - (size_t)e->at;
		/* Before the start it has wrapped around. */
		if (at <= l->text.len && e->string.len <= l->text.len - at &&
			is_like(l->text.p + at, e->string))
			return true;
		if (!--l->tries)
			return true;
	}
	return false;
}

static __attribute__((noinline)) bool compare(
	struct look *l, size_t i, size_t end)
{
	for (; i < end; i += 2) {
		uint32_t h = hash(l->text.p + i), slot = slot_of(h);

		if (has_bit(l->s->has_gram, slot) &&
			has_bit(l->s->has_other, other_of(h)) &&
			is_there(l, i, slot))
			return true;
	}
	return false;
}

static bool has_gram_at(const struct sieve *s, const char *p)
{
	return has_bit(s->has_gram, slot_of(hash(p)));
}

static bool step(const struct sieve *s, const char *p)
{
	return has_gram_at(s, p) || has_gram_at(s, p + 2) ||
	       has_gram_at(s, p + 4) || has_gram_at(s, p + 6);
}

/* Whether three bytes that are all there is are a string. */
static bool is_one(const struct sieve *s, struct bytes text)
{
	char gram[GRAM] = " ";
	const struct sieve_entry *e;

	memcpy(gram + 1, text.p, GRAM - 1);
	for (uint16_t n = s->first[slot_of(hash(gram))]; n; n = e->next) {
		e = &s->entries[n - 1];
		if (e->string.len == text.len && is_like(text.p, e->string))
			return true;
	}
	return false;
}

static bool has_gram(const struct sieve *s, struct bytes text)
{
	struct look l = { s, text, TRIES_MAX };
	size_t i = 0;

	for (; i + STEP_SEES <= text.len; i += STEP)
		if (step(s, text.p + i) && compare(&l, i, i + STEP))
			return true;
	if (s->has_threes && text.len < GRAM)
		return text.len == GRAM - 1 && is_one(s, text);
	/* Three bytes at the end, which no other place sees. */
	if (s->has_threes && compare(&l, text.len - GRAM, text.len - GRAM + 1))
		return true;
	if (i + GRAM > text.len)
		return false;
	if (!i)
		return compare(&l, 0, text.len - GRAM + 1);
	/* Some again, in the same places. */
	i = (text.len - STEP_SEES) & ~(size_t)1;
	return step(s, text.p + i) && compare(&l, i, i + STEP);
}

bool sieve_passes(const struct sieve *s, struct bytes text)
{
	if (s->is_open || has_gram(s, text))
		return true;
	for (unsigned int i = 0; i < s->n_marks; i++)
		if (text.len && memchr(text.p, s->marks[i], text.len))
			return true;
	return false;
}
