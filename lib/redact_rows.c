// SPDX-License-Identifier: GPL-3.0-or-later
#include "redact_rows.h"

#include <stdlib.h>
#include <string.h>

_Static_assert(REDACT_ROWS_MAX <= 1024 && REDACT_WORDS_MAX <= 1 << 19,
	"REDACT_ID has 10 bits for a row and 19 for a word");

struct redact_rules *redact_rules_new(void)
{
	static const struct bytes own[REDACT_OWN] = {
		[REDACT_ENCODED] = BYTES("encoded"),
		[REDACT_REPEATED] = BYTES("repeated"),
		[REDACT_LIMIT] = BYTES("limit"),
	};
	struct redact_rules *r = calloc(1, sizeof(*r));

	if (!r)
		return NULL;
	r->find = finder_new(true);
	if (!r->find) {
		free(r);
		return NULL;
	}
	memcpy(r->rules, own, sizeof(own));
	r->n_rules = REDACT_OWN;
	r->set = r->rule = SIZE_MAX;
	return r;
}

void redact_rules_free(struct redact_rules *r)
{
	if (!r)
		return;
	for (size_t i = 0; i < r->n_rows; i++)
		pattern_free(r->rows[i].pattern);
	finder_free(r->find);
	sieve_fini(&r->sieve);
	free(r);
}

struct bytes redact_keep(struct redact_rules *r, struct bytes b)
{
	char *to = r->text + r->text_len;

	if (b.len > REDACT_TEXT_MAX - r->text_len)
		return (struct bytes){ NULL, 0 };
	if (b.len)
		memcpy(to, b.p, b.len);
	r->text_len += b.len;
	return (struct bytes){ to, b.len };
}

size_t redact_set(struct redact_rules *r, struct bytes name)
{
	size_t i = 0;

	while (i < r->n_sets && !bytes_equal(r->sets[i].name, name))
		i++;
	if (i < r->n_sets)
		return i;
	name = redact_keep(r, name);
	if (i == REDACT_SETS_MAX || !name.p)
		return SIZE_MAX;
	r->sets[r->n_sets++].name = name;
	return i;
}

static uint16_t *bucket_of(struct redact_rules *r, struct bytes name)
{
	unsigned int h = (unsigned int)name.len;

	for (size_t i = 0; i < name.len; i++)
		h = h * 31 + (unsigned char)name.p[i];
	return &r->buckets[h % REDACT_BUCKETS];
}

size_t redact_bucket(const struct redact_rules *r, struct bytes name)
{
	return *bucket_of((struct redact_rules *)(uintptr_t)r, name);
}

/* Has the row's commands looked up by their names. */
static void index_row(struct redact_rules *r, const struct redact_row *row)
{
	if (row->is_any && row->kind == REDACT_OPTION) {
		r->any[r->n_any++] = (uint16_t)(row - r->rows);
		return;
	}
	for (size_t i = 0; i < row->commands.n; i++) {
		struct redact_word *w = &r->words[row->commands.first + i];
		uint16_t *bucket = bucket_of(r, w->s);

		w->row = (uint16_t)(row - r->rows);
		w->next = *bucket;
		*bucket = (uint16_t)(w - r->words + 1);
	}
}

/* A name in a URL's query stands behind one of two marks, and before another.
 */
static int sift_query(struct redact_rules *r, struct bytes name)
{
	char s[REDACT_WORD_MAX + 2];

	if (name.len > REDACT_WORD_MAX)
		return -1;
	memcpy(s + 1, name.p, name.len);
	s[name.len + 1] = '=';
	for (const char *mark = "?&"; *mark; mark++) {
		struct bytes kept;

		s[0] = *mark;
		kept = redact_keep(r, (struct bytes){ s, name.len + 2 });
		if (!kept.p)
			return -1;
		sieve_add(&r->sieve, kept);
	}
	return 0;
}

static int add(struct redact_rules *r, const struct redact_row *row,
	struct redact_range words, enum redact_hit kind)
{
	for (size_t i = 0; i < words.n; i++) {
		size_t word = words.first + i;

		if (kind == REDACT_HIT_QUERY &&
			sift_query(r, r->words[word].s) < 0)
			return -1;
		if (kind == REDACT_HIT_OPTION || kind == REDACT_HIT_NAME)
			sieve_add(&r->sieve, r->words[word].s);
		if (finder_add(r->find, r->words[word].s,
			    REDACT_ID(kind, row - r->rows, word)) < 0)
			return -1;
	}
	return 0;
}

/* The strings without which a text has nothing for the row. */
static int add_row(struct redact_rules *r, const struct redact_row *row)
{
	static const struct bytes slashes = BYTES("://");
	size_t i = (size_t)(row - r->rows);

	switch (row->kind) {
	case REDACT_PLAIN:
		return 0;
	case REDACT_OPTION:
		return row->is_any
			       ? add(r, row, row->forms, REDACT_HIT_OPTION)
			       : add(r, row, row->commands, REDACT_HIT_COMMAND);
	case REDACT_INPUT:
		return add(r, row, row->commands, REDACT_HIT_COMMAND);
	case REDACT_NAME:
		return add(r, row, row->forms, REDACT_HIT_NAME);
	case REDACT_QUERY:
		return add(r, row, row->forms, REDACT_HIT_QUERY);
	case REDACT_USERINFO:
		sieve_add(&r->sieve, slashes);
		return finder_add(
			r->find, slashes, REDACT_ID(REDACT_HIT_USERINFO, i, 0));
	case REDACT_PATTERN:
		sieve_add(&r->sieve, pattern_literal(row->pattern));
		return finder_add(r->find, pattern_literal(row->pattern),
			REDACT_ID(REDACT_HIT_PATTERN, i, 0));
	}
	return -1;
}

int redact_rules_done(struct redact_rules *r, struct str *why)
{
	for (size_t i = 0; i < r->n_sets; i++) {
		struct bytes name = r->sets[i].name;

		if (!r->sets[i].is_required || r->sets[i].rows)
			continue;
		str_addf(why, "the set '%.*s' is required and has no rows",
			(int)name.len, name.p);
		return -1;
	}
	for (size_t i = 0; i < r->n_rows; i++) {
		index_row(r, &r->rows[i]);
		if (add_row(r, &r->rows[i]) == 0)
			continue;
		str_addz(why, "out of memory, or more rows than there may be");
		return -1;
	}
	if (finder_build(r->find) == 0)
		return 0;
	str_addz(why, "out of memory");
	return -1;
}

size_t redact_rules_count(const struct redact_rules *r)
{
	return r->n_rows;
}
