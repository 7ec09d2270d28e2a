// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef JSON_H
#define JSON_H

#include <stdbool.h>
#include <stddef.h>

#include "str.h"

/*
 * Writes JSON (RFC 8259) in ASCII: bytes outside 0x20-0x7e leave as \uXXXX,
 * bytes that are no UTF-8 as \ufffd. A comma is put where one is due, by
 * looking at the last byte written, so no writer state is carried around.
 */
void json_open(struct str *out, char bracket); /* { or [ */
void json_close(struct str *out, char bracket); /* } or ] */
void json_key(struct str *out, const char *key);
/* A value; a NULL run is null. False: some bytes were no UTF-8. */
bool json_bytes(struct str *out, struct bytes b);
void json_base64(struct str *out, struct bytes b);
void json_int(struct str *out, long long v);
/* The shortest decimal that reads back as the same double;
 * v is finite. */
void json_num(struct str *out, double v);
void json_bool(struct str *out, bool v);
void json_null(struct str *out);

/* "key": value, and with it "key_b64" where the bytes are no UTF-8. Nothing at
 * all for an absent run. */
void json_field(struct str *out, const char *key, struct bytes b);
/* "key": [values], and with it "key_b64": [null where it is not needed]. The
 * runs are stride bytes apart. */
void json_field_array(struct str *out, const char *key,
	const struct bytes *items, size_t n, size_t stride);
void json_field_int(struct str *out, const char *key, long long v);
void json_field_num(struct str *out, const char *key, double v);

/* The escaped inside of a string, without quotes. False as json_bytes. */
bool json_escape(struct str *out, struct bytes b);

/* Whether a text of JSON that somebody else wrote nests no deeper, and has no
 * more commas between values: what parses it goes down with the one and takes
 * memory for the other. Any bytes will do; one look at each. */
bool json_is_small(struct bytes text, size_t depth_max, size_t values_max);

#endif
