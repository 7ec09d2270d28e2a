// SPDX-License-Identifier: GPL-3.0-or-later
#include "classify_rows.h"

#include <stdlib.h>
#include <string.h>

#define BLOCK_SIZE  16384
#define INDEX_FIRST 1024

struct rows_block {
	struct rows_block *next;
	size_t used, size;
	char data[];
};

struct classify_rules *classify_rules_new(void)
{
	struct classify_rules *r = calloc(1, sizeof(*r));

	if (!r)
		return NULL;
	r->current = ROWS_NONE;
	r->n_index = INDEX_FIRST;
	r->index = calloc(r->n_index, sizeof(*r->index));
	r->find = finder_new(true);
	r->substrings = finder_new(false);
	if (r->index && r->find && r->substrings)
		return r;
	classify_rules_free(r);
	return NULL;
}

void classify_rules_free(struct classify_rules *r)
{
	struct rows_block *b, *next;

	if (!r)
		return;
	for (uint32_t i = 0; i < r->has_patterns.n; i++)
		pattern_free(r->patterns[i].code);
	for (b = r->blocks; b; b = next) {
		next = b->next;
		free(b);
	}
	sieve_fini(&r->sieve);
	finder_free(r->find);
	finder_free(r->substrings);
	free(r->categories);
	free(r->rows);
	free(r->args);
	free(r->alternatives);
	free(r->letters);
	free(r->refs);
	free(r->entries);
	free(r->bins);
	free(r->techniques);
	free(r->patterns);
	free(r->texts);
	free(r->index);
	free(r);
}

void *rows_add(void *table, struct rows_table *has, size_t len)
{
	uint32_t size = has->size ? has->size * 2 : 64;
	char *p;

	memcpy(&p, table, sizeof(p));
	if (has->n == ROWS_MAX)
		return NULL;
	if (has->n == has->size) {
		p = realloc(p, size * len);
		if (!p)
			return NULL;
		memcpy(table, &p, sizeof(p));
		has->size = size;
	}
	p += has->n++ * len;
	memset(p, 0, len);
	return p;
}

struct bytes rows_keep(struct classify_rules *r, struct bytes s)
{
	size_t size = s.len + 1 > BLOCK_SIZE ? s.len + 1 : BLOCK_SIZE;
	struct rows_block *b = r->blocks;
	char *to;

	if (!b || s.len + 1 > b->size - b->used) {
		b = malloc(sizeof(*b) + size);
		if (!b)
			return (struct bytes){ NULL, 0 };
		b->next = r->blocks;
		b->used = 0;
		b->size = size;
		r->blocks = b;
	}
	to = b->data + b->used;
	if (s.len)
		memcpy(to, s.p, s.len);
	to[s.len] = '\0';
	b->used += s.len + 1;
	return (struct bytes){ to, s.len };
}

/* FNV-1a: the table's words are the operator's, so nobody can crowd it. */
static uint32_t hash_of(struct bytes word)
{
	uint32_t h = 2166136261u;

	for (size_t i = 0; i < word.len; i++)
		h = (h ^ (unsigned char)word.p[i]) * 16777619u;
	return h;
}

/* Where the word's entry is in index, or would be. Entries count from 1. */
static uint32_t *place_of(
	const struct classify_rules *r, struct bytes word, uint32_t hash)
{
	uint32_t i = hash & (r->n_index - 1);

	for (;; i = (i + 1) & (r->n_index - 1)) {
		const struct rows_entry *e;

		if (!r->index[i])
			return &r->index[i];
		e = &r->entries[r->index[i] - 1];
		if (e->hash == hash && bytes_equal(e->word, word))
			return &r->index[i];
	}
}

static int grow_index(struct classify_rules *r)
{
	uint32_t *old = r->index;

	r->index = calloc((size_t)r->n_index * 2, sizeof(*r->index));
	if (!r->index) {
		r->index = old;
		return -1;
	}
	r->n_index *= 2;
	free(old);
	for (uint32_t i = 0; i < r->has_entries.n; i++)
		*place_of(r, r->entries[i].word, r->entries[i].hash) = i + 1;
	return 0;
}

struct rows_entry *rows_entry(struct classify_rules *r, struct bytes word)
{
	uint32_t hash = hash_of(word), *place = place_of(r, word, hash);
	struct rows_entry *e;

	if (*place)
		return &r->entries[*place - 1];
	if (r->has_entries.n >= r->n_index / 2) {
		if (grow_index(r) < 0)
			return NULL;
		place = place_of(r, word, hash);
	}
	word = rows_keep(r, word);
	e = word.p ? ROWS_ADD(r, entries) : NULL;
	if (!e)
		return NULL;
	*e = (struct rows_entry){
		.word = word, .hash = hash, .refs = ROWS_NONE, .bin = ROWS_NONE
	};
	*place = r->has_entries.n;
	return e;
}

/* word without the version it may end in: digits and dots, a dash before. */
static struct bytes without_version(struct bytes word)
{
	struct bytes b = word;

	while (b.len && ((b.p[b.len - 1] >= '0' && b.p[b.len - 1] <= '9') ||
				b.p[b.len - 1] == '.'))
		b.len--;
	if (b.len == word.len || word.p[word.len - 1] == '.')
		return word;
	if (b.len && b.p[b.len - 1] == '-')
		b.len--;
	return b;
}

const struct rows_entry *rows_find(
	const struct classify_rules *r, struct bytes word)
{
	uint32_t i = *place_of(r, word, hash_of(word));
	struct bytes base;

	if (i)
		return &r->entries[i - 1];
	if (!word.len || word.p[word.len - 1] < '0' ||
		word.p[word.len - 1] > '9')
		return NULL;
	base = without_version(word);
	i = *place_of(r, base, hash_of(base));
	return i && r->entries[i - 1].is_versioned ? &r->entries[i - 1] : NULL;
}

/* python3 may have rows of its own: it is no less a version of python. */
static void set_bin(struct classify_rules *r, struct rows_entry *e)
{
	struct bytes base = without_version(e->word);
	uint32_t i =
		e->bin == ROWS_NONE ? *place_of(r, base, hash_of(base)) : 0;

	if (i && r->entries[i - 1].is_versioned)
		e->bin = r->entries[i - 1].bin;
}

uint32_t rows_function(struct classify_rules *r, struct bytes name)
{
	uint32_t i;

	for (i = 0; i < r->n_functions; i++)
		if (bytes_equal(r->functions[i].name, name))
			return i;
	if (i == ROWS_FUNCTIONS_MAX)
		return ROWS_NONE;
	name = rows_keep(r, name);
	if (!name.p)
		return ROWS_NONE;
	r->functions[r->n_functions++] =
		(struct rows_function){ name, ROWS_NONE };
	return i;
}

/* What any arguments that the row takes have in them. */
static uint64_t letters_of(
	const struct classify_rules *r, const struct rows_row *row)
{
	uint64_t letters = 0;

	for (uint32_t i = row->first; i < row->first + row->n; i++) {
		const struct rows_arg *arg = &r->args[i];
		uint64_t all = ~UINT64_C(0);

		for (uint32_t j = arg->first; j < arg->first + arg->n; j++)
			all &= r->letters[j];
		if (!arg->is_negative)
			letters |= all;
	}
	return letters;
}

int classify_rules_done(struct classify_rules *r, struct str *why)
{
	for (uint32_t i = 0; i < r->has_entries.n; i++)
		set_bin(r, &r->entries[i]);
	for (uint32_t i = 0; i < r->has_rows.n; i++) {
		struct rows_row *row = &r->rows[i];
		const struct rows_category *c = &r->categories[row->category];

		if (row->weight < 0)
			row->weight = c->weight;
		if (!row->attack.n)
			row->attack = c->attack;
	}
	for (uint32_t i = 0; i < r->has_refs.n; i++)
		if (r->refs[i].role == ROWS_HAS_ARGS)
			r->refs[i].letters =
				letters_of(r, &r->rows[r->refs[i].row]);
	classify_search_ready(r);
	if (finder_build(r->find) == 0 && finder_build(r->substrings) == 0)
		return 0;
	str_addz(why, "out of memory");
	return -1;
}

size_t classify_rules_count(const struct classify_rules *r)
{
	return (size_t)r->has_rows.n + r->has_bins.n;
}
