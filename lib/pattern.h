// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef PATTERN_H
#define PATTERN_H

#include <stddef.h>

#include "str.h"

/*
 * Perl regular expressions of an operator's, held against what an attacker
 * wrote. They see bytes, and every match has a limit to its steps.
 */
struct pattern;

/* NULL: *why says what is wrong with it. */
struct pattern *pattern_new(struct bytes regex, struct str *why)
	__attribute__((warn_unused_result));
void pattern_free(struct pattern *p);
/* What every text that matches has in it, in either case; empty if nobody
 * knows. */
struct bytes pattern_literal(const struct pattern *p);

/* Memory and limits for matching. */
struct pattern_matcher;
struct pattern_matcher *pattern_matcher_new(void)
	__attribute__((warn_unused_result));
void pattern_matcher_free(struct pattern_matcher *m);

enum pattern_found {
	PATTERN_FOUND_NOT,
	PATTERN_FOUND,
	PATTERN_FOUND_LIMIT /* given up */
};

/* Whether a match lies in text[from .. to). */
enum pattern_found pattern_matcher_run(struct pattern_matcher *m,
	const struct pattern *p, struct bytes text, size_t from, size_t to);
/* The same, for a match that starts at last at the latest. */
struct pattern_window {
	size_t from, last, to;
};
enum pattern_found pattern_matcher_find(struct pattern_matcher *m,
	const struct pattern *p, struct bytes text,
	const struct pattern_window *w);
/* What matches may cost together until this is called again: then each is
 * given up. Before the first call, what each costs is its only limit. */
void pattern_matcher_allow(struct pattern_matcher *m, unsigned int steps);
/* The last match in text. Absent: \K put its start behind its end. */
struct bytes pattern_matcher_match(
	const struct pattern_matcher *m, struct bytes text);
/* The first group of it; the match where there is none or it took no part. */
struct bytes pattern_matcher_span(
	const struct pattern_matcher *m, struct bytes text);

#endif
