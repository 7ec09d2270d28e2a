// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef PLAIN_STATE_H
#define PLAIN_STATE_H

/* A shell text that is written plainly: for plain's own files. */

#include "plain.h"
#include "shell.h"

#define PLAIN_SPLICES_MAX 512

/* What is put in the place of some of the text. */
struct plain_splice {
	size_t at, end;
	size_t from, len; /* in pieces */
};

struct plain_part {
	size_t from, len;
	bool has_joints;
};

struct plain {
	struct shell *sh;
	struct bytes text; /* being read */
	struct str texts; /* those that are given to shells */
	struct plain_part parts[PLAIN_TEXTS_MAX];
	size_t n_texts, next;
	struct str pieces;
	struct plain_splice splices[PLAIN_SPLICES_MAX];
	size_t n_splices;
	bool has_joints; /* in one of its commands */
	struct str out;
	struct plain_part results[PLAIN_TEXTS_MAX + 1];
	size_t n_results;
};

/* plain_word.c */
/* How a word is written. */
struct plain_form {
	size_t joints; /* quotes between letters */
	size_t ifs; /* length of the $IFS, ${IFS} that it ends with */
	bool is_known; /* nothing in it needs quotes, or is a variable's */
};

struct plain_form plain_form(struct bytes written);
/* Whether text is nothing but these. */
bool plain_is_ifs(struct bytes text);
/* Whether text may be a command's name, and nothing else. */
bool plain_is_name(struct bytes text);
/* Adds an item of a brace list to pieces, in quotes where it needs some. */
void plain_add_item(struct plain *p, struct bytes text);
/* Takes a text that a shell is given, if it may have anything. */
void plain_add_text(struct plain *p, struct bytes text);

#endif
