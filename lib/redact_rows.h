// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef REDACT_ROWS_H
#define REDACT_ROWS_H

/* The rows as they lie in memory: for redact's own files. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "finder.h"
#include "pattern.h"
#include "redact.h"
#include "sieve.h"
#include "str.h"

/* The shipped rows are a fifth of any of these. */
#define REDACT_ROWS_MAX  1024
#define REDACT_WORDS_MAX 8192
#define REDACT_WORD_MAX  256 /* bytes */
#define REDACT_TEXT_MAX  (64 * 1024)
#define REDACT_RULES_MAX 256
#define REDACT_SETS_MAX  64
#define REDACT_BUCKETS   256

enum redact_kind {
	REDACT_OPTION,
	REDACT_PLAIN,
	REDACT_INPUT,
	REDACT_NAME,
	REDACT_QUERY,
	REDACT_USERINFO,
	REDACT_PATTERN
};

/* A command, a form, a word of with=, a name or a scheme. */
struct redact_word {
	struct bytes s; /* without the star */
	bool is_open; /* a form that ends, a name that begins with * */
	uint16_t row, next; /* of a command: next in its bucket, from 1 */
};

struct redact_range {
	uint16_t first, n; /* of words */
};

struct redact_row {
	enum redact_kind kind;
	uint16_t rule;
	bool is_any; /* of whatever command */
	bool is_last; /* the command's last argument is the secret */
	struct redact_range commands, with, forms; /* forms: or names... */
	struct bytes after; /* empty: the value is the secret */
	struct pattern *pattern;
};

/* Rules that no row is behind. */
enum redact_own {
	REDACT_ENCODED, /* what a masked layer came out of */
	REDACT_REPEATED, /* a secret that was told elsewhere */
	REDACT_LIMIT, /* nobody looked any closer */
	REDACT_OWN
};

struct redact_set {
	struct bytes name;
	bool is_required;
	size_t rows;
};

struct redact_rules {
	struct redact_row rows[REDACT_ROWS_MAX];
	struct redact_word words[REDACT_WORDS_MAX];
	struct bytes rules[REDACT_RULES_MAX]; /* names */
	struct redact_set sets[REDACT_SETS_MAX];
	char text[REDACT_TEXT_MAX];
	size_t n_rows, n_words, n_rules, n_sets, text_len;
	size_t set, rule; /* that rows go to; SIZE_MAX before any */
	struct finder *find;
	/* What there is to find but for commands: their names are short, and
	 * looked up where one stands. */
	struct sieve sieve;
	uint16_t any[REDACT_ROWS_MAX]; /* rows for whatever command */
	size_t n_any;
	uint16_t buckets[REDACT_BUCKETS]; /* of commands, from 1 */
};

/* What is found. */
enum redact_hit {
	REDACT_HIT_COMMAND,
	REDACT_HIT_OPTION, /* of any command */
	REDACT_HIT_NAME, /* index of a word of the row */
	REDACT_HIT_QUERY,
	REDACT_HIT_USERINFO,
	REDACT_HIT_PATTERN,
};

/* The row and one of its words. */
#define REDACT_ID(kind, row, word)                                             \
	((uint32_t)(kind) | (uint32_t)(row) << 3 | (uint32_t)(word) << 13)
#define REDACT_ID_KIND(id) ((enum redact_hit)((id)&7))
#define REDACT_ID_ROW(id)  ((id) >> 3 & 1023)
#define REDACT_ID_WORD(id) ((id) >> 13)

/* The first of the words that are commands and may be name; its number from 1,
 * 0: there is none. */
size_t redact_bucket(const struct redact_rules *r, struct bytes name);
/* A copy that lives as long as r; absent when it is full. */
struct bytes redact_keep(struct redact_rules *r, struct bytes b);
/* The set's place, made where there is none. SIZE_MAX: full. */
size_t redact_set(struct redact_rules *r, struct bytes name);

#endif
