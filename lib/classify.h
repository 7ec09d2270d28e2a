// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CLASSIFY_H
#define CLASSIFY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "str.h"

struct event;

/*
 * What a command means, by rows that are data (conf/hunt.d): categories with
 * the words that put a command in them, GTFOBins with their functions, and
 * ATT&CK technique ids. Words count in command position, and are looked up,
 * not searched for: a thousand rows cost what ten do.
 */
struct classify; /* the stage's memory */
struct classify_rules; /* the rows; immutable once they are complete */

enum classify_match { CLASSIFY_WORDS, CLASSIFY_SUBSTRING };

struct classify_conf {
	const struct classify_rules *rules;
	unsigned int match; /* enum classify_match */
};

/* NULL when out of memory. */
struct classify_rules *classify_rules_new(void)
	__attribute__((warn_unused_result));
void classify_rules_free(struct classify_rules *r);
/* Takes one line of a rows file. -1: *why says what is wrong with it. */
int classify_rules_line(struct classify_rules *r, struct bytes line,
	struct str *why) __attribute__((warn_unused_result));
/* Takes one line of a GTFOBins file: NAME<TAB>FUNCTION,FUNCTION... */
int classify_rules_bin(struct classify_rules *r, struct bytes line,
	struct str *why) __attribute__((warn_unused_result));
size_t classify_rules_count(const struct classify_rules *r);

struct classify *classify_new(void) __attribute__((warn_unused_result));
void classify_free(struct classify *c);
/* Fills ev->tags from argv and every layer of text. */
void classify_run(
	struct classify *c, struct event *ev, const struct classify_conf *cf);

#endif
