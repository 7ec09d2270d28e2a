// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef ASKABLE_H
#define ASKABLE_H

#include <stdbool.h>

#include "ioc.h"
#include "str.h"

/*
 * Whether an indicator may be named to somebody outside, and in which form.
 * What is inside stays inside: addresses that are not routed on the Internet,
 * names that do not end in a suffix that ICANN gave out, users, queries and
 * fragments of URLs, and whatever an operator lists:
 *
 *   never NAME            and every name below it
 *   never ADDRESS[/BITS]
 *   never VALUE           any other indicator, whatever the case of letters
 */
struct askable_rules;

#define ASKABLE_NETS_MAX   1024
#define ASKABLE_VALUES_MAX 65536

/* NULL when out of memory. seed: 16 bytes that nobody can foresee. */
struct askable_rules *askable_rules_new(const unsigned long long seed[2])
	__attribute__((warn_unused_result));
void askable_rules_free(struct askable_rules *r);
/* Takes one line of a file. -1: *why says what is wrong with it. */
int askable_rules_line(struct askable_rules *r, struct bytes line,
	struct str *why) __attribute__((warn_unused_result));

/* False: never. Else *as is what may be asked about in its place: the value,
 * or the scheme, host and path of a URL. r may be NULL: nothing is listed. */
bool askable(struct askable_rules *r, enum ioc_type type, struct bytes value,
	struct str *as) __attribute__((warn_unused_result));

#endif
