// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef BASE64_CONTEXT_H
#define BASE64_CONTEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "str.h"

/* What stands around a run of Base64, and what that says of it. */

struct decode_text;

/* A candidate: a run of one alphabet, perhaps wrapped. */
struct base64_run {
	size_t at, end; /* in the text, padding included */
	size_t n, pads; /* characters of the alphabet, and = after them */
	bool is_url;
};

/* Whether the text names a tool or a function that decodes Base64. */
bool base64_is_named(struct bytes text);
/* Whether the run is all of the text, but for quotes and white space. */
bool base64_is_alone(const struct decode_text *in, const struct base64_run *r);
/* Whether it stands where a decoder's input would. */
bool base64_is_operand(
	const struct decode_text *in, const struct base64_run *r);
/* Whether it is a token, a header or an embedded file: encoded for transport,
 * not hidden. */
bool base64_is_transport(
	const struct decode_text *in, const struct base64_run *r);
/* Whether the argument is PowerShell's -EncodedCommand, of which it takes any
 * prefix, or -ec. */
bool base64_is_command_option(struct bytes arg);

#endif
