// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SCRIPT_FILTER_H
#define SCRIPT_FILTER_H

#include "script.h"

/* A program of an interpreter as a filter: perl -pe, awk '{...}', python3 -c
 * that reads its standard input. */
struct script_filter {
	/* What its options say. */
	char mode; /* 'n', 'p': once for each line; NUL: once */
	bool is_whole; /* all of the input is one line */
	bool is_chomped; /* without its newline */
	bool is_split; /* into @F */
	struct bytes separator; /* -F; empty: blanks */

	/* How what it writes came about. */
	const char *undone; /* NULL: nothing was hidden */
	bool is_decoded, is_cipher;
	bool ends_line; /* a newline stands behind it */
	size_t steps; /* what it cost */
};

/* Appends what it writes of the input in; where that is absent, of what is in
 * awk's BEGIN alone. False: that is not known; out has the same as before. The
 * script has no results then. */
bool script_filter(struct script *s, struct bytes text,
	enum invocation_language language, struct bytes in,
	struct script_filter *how, struct str *out)
	__attribute__((warn_unused_result));

#endif
