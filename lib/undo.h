// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef UNDO_H
#define UNDO_H

#include <stdbool.h>

#include "str.h"

/* Encodings undone for one who knows that they are there: nothing is judged,
 * and what is appended ends where the input stops making sense. */

/* RFC 4648, and digits of base 2. The two forms of Base64 are read alike. */
enum undo_base {
	UNDO_BASE64,
	UNDO_BASE32,
	UNDO_BASE32HEX,
	UNDO_BASE16,
	UNDO_BASE2,
	UNDO_BASE2LSBF /* of each byte the least bit first */
};

/* Of both alphabets of Base64: what a byte stands for; below 0: nothing. */
extern const signed char undo_values64[256];

/* White space and padding are passed over; with_garbage anything else is, too,
 * that is not of the alphabet: where there is such, or + or /, that is not the
 * one for URLs. False: the input did not end well. */
bool undo_base(enum undo_base base, struct bytes in, bool with_garbage,
	struct str *out);
enum undo_base85 { UNDO_RFC1924, UNDO_ASCII85, UNDO_Z85 };
/* What a digit of it stands for; below 0: it is none. */
int undo_value85(enum undo_base85 base, char c);
/* Up to the first character that is no digit of it. */
void undo_base85(enum undo_base85 base, struct bytes in, struct str *out);
/* Whether it is Base64 in the alphabet for URLs. */
bool undo_is_url(struct bytes in);
/* Back to front, character by character (UTF-8), or byte. */
void undo_reverse(struct bytes in, struct str *out);
/* The same with each line by itself. */
void undo_reverse_lines(struct bytes in, struct str *out);
/* Letters moved on by n places. */
void undo_rotate(struct bytes in, unsigned int n, struct str *out);
/* %41, and + for a blank where is_form. */
void undo_percent(struct bytes in, bool is_form, struct str *out);

#endif
