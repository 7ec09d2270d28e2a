// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef BASE64_CONTEXT_H
#define BASE64_CONTEXT_H

#include <stdbool.h>

#include "str.h"

/* What speaks for a string to be Base64, or against it, beside itself. */

/* As struct decoder has them. */
extern const char *const base64_words[];
/* Names of tools and functions that decode, as scripts write them. */
bool base64_has_context(struct bytes text);
/* Whether the string from at to end is what a program's function is given to
 * decode: then it decodes that, however short. */
bool base64_is_argument(struct bytes text, size_t at, size_t end);
/* PowerShell takes any prefix of -EncodedCommand, and -ec. */
bool base64_is_option(struct bytes arg);
/* Tokens, headers and embedded files: encoded for transport, not hidden. */
bool base64_is_transport(struct bytes text, size_t at, size_t end);
/* Whether bytes begin a well-known file; with_context: the short beginnings,
 * too. */
bool base64_is_file(const char *p, size_t len, bool with_context);

#endif
