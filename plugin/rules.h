// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef RULES_H
#define RULES_H

#include "str.h"

struct askable_rules;
struct classify_rules;
struct detect_rules;
struct filter_rules;
struct geo;
struct ioc_rules;
struct redact_rules;

/* The rows of hunt_dir, for each stage its own. */
struct rules {
	struct classify_rules *classify; /* NULL: there are none, */
	struct ioc_rules *iocs; /* nor of these */
	struct redact_rules *redact;
	struct filter_rules *filters; /* NULL: there are none, */
	struct askable_rules *never; /* nor of these, */
	struct detect_rules *alerts; /* nor of these */
	struct geo *geo; /* settings_geo; NULL: there are no databases */
};

/*
 * Reads DIR/categories*.conf by the order of their names, DIR/gtfobins.tsv,
 * DIR/iocs*.conf, DIR/filters*.conf, DIR/never*.conf and DIR/alerts*.conf, of
 * which there may be none, and DIR/redact*.conf, which have to have rows for
 * every set of sets, "a,b" or "none". NULL: *why has a line "FILE:LINE: what"
 * for every error.
 */
struct rules *rules_load(const char *dir, const char *sets, struct str *why)
	__attribute__((warn_unused_result));
/* The same where there is no DIR: the redaction rows that were shipped, and no
 * others. */
struct rules *rules_shipped(const char *sets, struct str *why)
	__attribute__((warn_unused_result));
void rules_free(struct rules *r);
/* DIR/never*.conf alone, of which there may be none. -1: as above. */
int rules_load_never(struct askable_rules *r, const char *dir, struct str *why)
	__attribute__((warn_unused_result));

#endif
