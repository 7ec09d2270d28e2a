// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CLASSIFY_ROWS_H
#define CLASSIFY_ROWS_H

/* The rows as they lie in memory: for classify's own files. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "classify.h"
#include "finder.h"
#include "invocation.h"
#include "pattern.h"
#include "sieve.h"
#include "str.h"

#define ROWS_NONE UINT32_MAX
/* Techniques of one row or category. */
#define ROWS_ATTACK_MAX 8
/* Operands of a "words" row behind the command's name. */
#define ROWS_ARGS_MAX 8
/* Functions that GTFOBins knows: a bit each. There are 11. */
#define ROWS_FUNCTIONS_MAX 32
/* All rows; what a person keeps in order is far less. */
#define ROWS_MAX 65536

/* What a program may do depends on how it came to run. */
enum rows_context {
	ROWS_CONTEXT_ANY, /* nobody knows */
	ROWS_CONTEXT_UNPRIVILEGED,
	ROWS_CONTEXT_SUID,
	ROWS_CONTEXT_SUDO,
	ROWS_CONTEXTS
};

struct rows_attack {
	uint16_t n, ids[ROWS_ATTACK_MAX]; /* into techniques */
};

/* A category, or a function of GTFOBins: both head rows. */
struct rows_category {
	struct bytes name;
	double weight;
	struct rows_attack attack;
	bool is_function, is_notebook, is_off;
};

enum rows_kind {
	ROWS_WORD,
	ROWS_WORDS,
	ROWS_PIPE,
	ROWS_TEXT,
	ROWS_TEXTS,
	ROWS_PATTERN
};

struct rows_row {
	uint32_t category;
	enum rows_kind kind;
	double weight;
	struct rows_attack attack; /* its own, else its category's */
	uint32_t first, n; /* of args: ROWS_WORDS; n operands: ROWS_TEXTS */
};

/* One operand: alternatives, of which one has to be there; or none. */
struct rows_arg {
	uint32_t first, n; /* of alternatives */
	bool is_negative;
};

enum rows_form_kind {
	ROWS_WHOLE,
	ROWS_START, /* abc* */
	ROWS_END, /* *abc */
	ROWS_INSIDE, /* *abc* */
	ROWS_OPTION /* -x, in -vx too */
};

/* What an argument has to look like. */
struct rows_form {
	struct bytes s; /* without the stars; x of -x */
	enum rows_form_kind kind;
};

/* Which bytes a string has, by their last 6 bits: what lacks some of them
 * can't hold it. */
static inline uint64_t rows_letters(struct bytes s)
{
	uint64_t letters = 0;
	size_t i = 0;

#define LETTER(c) (UINT64_C(1) << ((c)&63))
	for (; i + 4 <= s.len; i += 4)
		letters |= LETTER(s.p[i]) | LETTER(s.p[i + 1]) |
			   LETTER(s.p[i + 2]) | LETTER(s.p[i + 3]);
	for (; i < s.len; i++)
		letters |= LETTER(s.p[i]);
#undef LETTER
	return letters;
}

enum rows_role { ROWS_IS, ROWS_HAS_ARGS, ROWS_WRITES, ROWS_READS };

/* A word's part in a row. */
struct rows_ref {
	uint32_t row, next; /* next ref of the word */
	uint64_t letters; /* that the arguments must have */
	enum rows_role role;
};

struct rows_entry {
	struct bytes word;
	uint32_t hash;
	uint32_t refs; /* first of them */
	uint32_t bin;
	bool is_versioned; /* name1.2 is it too; for bins */
};

struct rows_bin {
	struct bytes name;
	struct bytes functions[ROWS_CONTEXTS]; /* "download,shell" */
	uint32_t mask[ROWS_CONTEXTS]; /* of functions */
};

struct rows_function {
	struct bytes name;
	uint32_t category; /* where it has a header of its own */
};

struct rows_block;

/* A string of "text" or "texts". */
struct rows_text {
	struct bytes s;
	uint32_t row;
	uint32_t bit; /* of its operand in a row of "texts"; 0: it is enough */
	uint32_t same; /* next of the same string */
};

struct rows_pattern {
	struct pattern *code;
	uint32_t row;
};

/* A growing table. */
struct rows_table {
	uint32_t n, size;
};

struct classify_rules {
	struct rows_category *categories;
	struct rows_row *rows;
	struct rows_arg *args;
	struct rows_form *alternatives;
	uint64_t *letters; /* of each alternative's s, close together */
	struct rows_ref *refs;
	struct rows_entry *entries;
	struct rows_bin *bins;
	struct bytes *techniques;
	struct rows_pattern *patterns;
	struct rows_text *texts;
	struct rows_table has_categories, has_rows, has_args, has_alternatives,
		has_letters, has_refs, has_entries, has_bins, has_techniques,
		has_patterns, has_texts;
	struct rows_function functions[ROWS_FUNCTIONS_MAX];
	uint32_t n_functions;
	uint32_t *index; /* of entries, by hash */
	uint32_t n_index; /* a power of two */
	uint32_t n_others; /* patterns without a literal */
	uint32_t current; /* category that rows go to */
	struct finder *find; /* texts and patterns' literals; */
	struct sieve sieve; /* one of these is there where a row matches */
	struct finder *substrings; /* for CLASSIFY_SUBSTRING */
	struct rows_block *blocks; /* strings */
};

/* What is found: in find a text or a pattern to try, in substrings a row or a
 * bin. */
#define ROWS_ID(i, is_second) ((uint32_t)(i) << 1 | (is_second))
#define ROWS_ID_INDEX(id)     ((id) >> 1)
#define ROWS_ID_IS_SECOND(id) ((id)&1)

/* Makes a table one longer: its new last one, zeroed. NULL: full, or no memory.
 */
void *rows_add(void *table, struct rows_table *has, size_t len)
	__attribute__((warn_unused_result));
#define ROWS_ADD(r, what)                                                      \
	rows_add(&(r)->what, &(r)->has_##what, sizeof(*(r)->what))
/* A copy that lives as long as r; absent when out of memory. */
struct bytes rows_keep(struct classify_rules *r, struct bytes b);

/* The word's entry, made where there is none. NULL: out of memory. */
struct rows_entry *rows_entry(struct classify_rules *r, struct bytes word);
/* The same, NULL where there is none. A version (python3.11) is left out of
 * account where the entry says so. */
const struct rows_entry *rows_find(
	const struct classify_rules *r, struct bytes word);
/* Index of the function, new where it has to be; ROWS_NONE when full. */
uint32_t rows_function(struct classify_rules *r, struct bytes name);

/* Makes the sieve of all rows that there are. */
void classify_search_ready(struct classify_rules *r);

/* The language of a text of which nothing else is known; NONE for what is
 * data: JSON, markup, PEM. */
enum invocation_language classify_guess(struct bytes text);

#endif
