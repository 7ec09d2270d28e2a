// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef BASE64_CHARS_H
#define BASE64_CHARS_H

#include <stdbool.h>
#include <stddef.h>

#include "str.h"
#include "undo.h"

/* The characters of both alphabets: what they stand for, and what they are. */

/* Below 0: in no alphabet. */
static inline int base64_value(char c)
{
	return undo_values64[(unsigned char)c];
}

/* Decodes the first n_max characters; what is in no alphabet, such as the white
 * space of wrapped lines, is passed over. False: no such length, or bits left
 * over that an encoder leaves zero. */
bool base64_decode(struct bytes chars, size_t n_max, struct str *out);

/* Which there are; is_hex: of the alphabets, only hexadecimal digits. */
struct base64_classes {
	bool upper, lower, digit, other;
	bool is_hex;
};

struct base64_classes base64_classes(struct bytes chars);

#endif
