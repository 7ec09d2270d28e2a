// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef RULES_H
#define RULES_H

#include "classify.h"
#include "str.h"

/*
 * The rows of classification: DIR/categories*.conf by the order of their
 * names, then DIR/gtfobins.tsv. NULL: *why has a line "FILE:LINE: what" for
 * every error.
 */
struct classify_rules *rules_load(const char *dir, struct str *why)
	__attribute__((warn_unused_result));

#endif
