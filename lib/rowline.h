// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef ROWLINE_H
#define ROWLINE_H

#include <stdbool.h>
#include <stddef.h>

#include "str.h"

/*
 * One line of a rows file, whatever its rows are about: a keyword, options,
 * operands, with blanks between them. What has a blank in it stands in double
 * quotes, where a \ makes the next character plain. A # heads a comment.
 *
 * -1 from any of these: *why has the sentence that tells it; whoever reads the
 * file puts its name and the line's number before it.
 */
struct rowline {
	struct bytes rest;
	struct str token; /* the last one, unquoted */
	bool is_quoted;
	bool is_split; /* a bar ends a token */
	bool has_more; /* one ended this */
	struct str *why;
};

/* Longer lines are an error. */
#define ROWLINE_LEN_MAX 8192

/* 1: l is at its first token, 0: nothing but blanks, or a comment. Whatever it
 * was, rowline_close follows. */
int rowline_open(struct rowline *l, struct bytes line, struct str *why)
	__attribute__((warn_unused_result));
void rowline_close(struct rowline *l);
/* The same for rows that all begin with one keyword, which is taken. */
int rowline_open_row(struct rowline *l, struct bytes line, const char *keyword,
	struct str *why) __attribute__((warn_unused_result));

bool rowline_is_blank(char c);
void rowline_skip_blanks(struct rowline *l);
/* Takes the next token. 1: there is one, 0: the line has ended. */
int rowline_next(struct rowline *l) __attribute__((warn_unused_result));
/* Puts the token back that stood at from, what rest was before it. */
void rowline_back(struct rowline *l, struct bytes from);

/* Which of n known names the token is: rows of size bytes, the first member
 * of each a const char *, its name. -1: none, and all of them are told. */
int rowline_pick(struct rowline *l, const void *table, size_t n, size_t size)
	__attribute__((warn_unused_result));
/* Whether the token is NAME=VALUE, unquoted; *value borrows from it. */
bool rowline_has_value(
	const struct rowline *l, const char *name, struct bytes *value);
/* Reads a weight: a plain decimal from 0 to ROWLINE_WEIGHT_MAX. */
#define ROWLINE_WEIGHT_MAX 100
int rowline_weight(struct rowline *l, struct bytes value, double *to)
	__attribute__((warn_unused_result));

/* The next word of a line of the configuration, off the front of *v; blanks in
 * it stand in double quotes. Empty at the end. -1: a quote does not end. */
int rowline_word(struct bytes *v, struct str *word, struct str *why)
	__attribute__((warn_unused_result));

/* Says that a table is full, or memory. Returns -1. */
int rowline_full(struct rowline *l);
/* As much of b as a message shows, for %.*s. */
int rowline_shown(struct bytes b);

#endif
