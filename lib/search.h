// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SEARCH_H
#define SEARCH_H

#include <stdbool.h>

#include "str.h"

/* What programs look for: \x47\x49\x46\x38 for grep is a pattern. */
enum search_tool {
	SEARCH_NONE,
	SEARCH_WORDS, /* grep, rg: a word of theirs is one */
	SEARCH_PROGRAM /* sed, perl: their programs have such, in slashes */
};

/* The tool that n arguments name, a wrapper before it or not. */
enum search_tool search_tool_of(const struct bytes *argv, size_t n);
/* Whether the escapes from at to end in a text are a pattern's. The text is
 * an argument of the tool, or names its own before them. Looks at a constant
 * number of bytes around what stands there. */
bool search_is_pattern(
	struct bytes text, size_t at, size_t end, enum search_tool tool);

#endif
