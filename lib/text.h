// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef TEXT_H
#define TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "str.h"

/* The value of a hexadecimal digit, -1 for any other byte. */
int text_hexval(char c);
/* Writes len / 2 bytes to dst. -1: odd length or not hex; dst is then junk.
 * dst may be the source itself. */
int text_unhex(const char *hex, size_t len, char *dst)
	__attribute__((warn_unused_result));

/* Whole of b as a number in base 10, 8 or 16; no sign, blank or prefix.
 * -1: empty, another byte in it, or over 64 bits; *v is then untouched. */
int text_u64(struct bytes b, unsigned int base, uint64_t *v)
	__attribute__((warn_unused_result));
/* The same with an optional minus and in base 10. */
int text_i64(struct bytes b, int64_t *v) __attribute__((warn_unused_result));

/* Length of the well-formed UTF-8 sequence at p (RFC 3629: shortest form, no
 * surrogates), its code point in *cp; 0 if there is none. len > 0. */
size_t text_utf8(const char *p, size_t len, uint32_t *cp);
bool text_is_utf8(const char *p, size_t len);
/* Appends cp as UTF-8. */
void text_add_utf8(struct str *out, uint32_t cp);

/* How many bytes from the start are what a person could have typed or a
 * script could hold: well-formed UTF-8 without control characters but white
 * space, escape, bell and backspace. len when all of it is. */
size_t text_readable(const char *p, size_t len);

/* The same without the white space: what stands in one line. */
size_t text_printable(const char *p, size_t len);

/* What a buffer holds, but for the beginning of a character that its cap has
 * cut off. */
struct bytes text_whole(const struct str *s);

enum text_kind { TEXT_BINARY, TEXT_UTF8, TEXT_UTF16LE, TEXT_UTF16BE };

/* What the bytes are: readable UTF-8; else UTF-16 (with or without a mark, at
 * least 4 units, all readable, 3 of 4 ASCII); else binary. len 0 is text. */
enum text_kind text_kind(const char *p, size_t len);
/* Appends UTF-16 text, of a kind text_kind gave, as UTF-8, without the mark. */
void text_from_utf16(struct str *out, struct bytes b, enum text_kind kind);
/* Text with some bytes in it that are none: three of four are printable ASCII,
 * of noise but every third is. */
bool text_is_mostly(struct bytes b);
/* How many bytes it begins with that are none of the four. */
size_t text_until(struct bytes b, const char four[4]);
/* How many letters, digits and _ it begins with. */
size_t text_name_len(struct bytes b);
/* How many bytes are ASCII. */
size_t text_ascii(const char *p, size_t len);

/* Without the blanks, tabs and carriage returns around it. */
struct bytes text_trim(struct bytes b);

/* The needle's first place in b, NULL if there is none. */
const char *text_find(struct bytes b, struct bytes needle);
/* Whether b has the needle, which is in lower case and short, in any case. */
bool text_has_folded(struct bytes b, struct bytes needle);

#endif
