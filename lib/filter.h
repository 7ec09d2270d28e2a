// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef FILTER_H
#define FILTER_H

#include <stddef.h>
#include <stdint.h>

#include "str.h"

struct event;

/*
 * Events that an operator does not want to be told of, by rows that are data
 * (conf/hunt.d, filters*.conf). The stage only says which rows hold; an output
 * decides what to make of it, and every stage before has seen the event.
 */
struct filter; /* the stage's memory */
struct filter_rules; /* the rows */

/* Names of rows: each has a bit in event.filters. */
#define FILTER_NAMES_MAX 64
#define FILTER_NAME_LEN  32

/* NULL when out of memory. */
struct filter_rules *filter_rules_new(void) __attribute__((warn_unused_result));
void filter_rules_free(struct filter_rules *r);
/*
 * Takes one line of a rows file. -1: *why says what is wrong with it.
 *
 *   filter NAME [below=POINTS] [depth=LEVELS] TEST...
 *       holds when every test does and the event scores less than POINTS. Rows
 *       may share a name: one of them is enough.
 *
 * A test is FIELD OPERATOR VALUE without blanks between them, in double quotes
 * where a blank is in it. Operators: = is it, != is another, ^= begins with
 * it, $= ends with it, *= has it somewhere, ~= matches the regular expression.
 * Fields: user, auser (login), group (each by number, or by the name in the
 * record), exe, comm, cmd (all arguments, a blank between two), cwd, tty, key,
 * node, syscall, success (yes or no), parent and ancestor (executables of the
 * process above, and of any above up to so many levels), container. A field
 * that is absent passes no test but !=.
 */
int filter_rules_line(struct filter_rules *r, struct bytes line,
	struct str *why) __attribute__((warn_unused_result));
/* Names in the order of their bits. */
size_t filter_rules_count(const struct filter_rules *r);
const char *filter_rules_name(const struct filter_rules *r, size_t i);
/* The bits of "all", "none" or "NAME,NAME". -1: *why says which there is not;
 * r may be NULL, where there are no rows. */
int filter_rules_pick(const struct filter_rules *r, struct bytes names,
	uint64_t *bits, struct str *why) __attribute__((warn_unused_result));

/* NULL when out of memory. */
struct filter *filter_new(void) __attribute__((warn_unused_result));
void filter_free(struct filter *f);
/* Writes ev->filters. A pattern that takes too long does not hold. */
void filter_run(
	struct filter *f, struct event *ev, const struct filter_rules *r);

#endif
