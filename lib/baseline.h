// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef BASELINE_H
#define BASELINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "str.h"

/*
 * How often other hosts of the workspace ran a decoded command, and how many
 * they are: rows by the first half of its SHA-256, in order, without pointers,
 * so that one process can build them and another look them up.
 */
#define BASELINE_KEY_LEN 16
#define BASELINE_MAX     (4u << 20)

struct baseline_row {
	unsigned char command[BASELINE_KEY_LEN];
	uint32_t count, hosts; /* at least 1 */
};

/* In somebody's memory, aligned for uint32_t; n 0: nothing is known. */
struct baseline {
	const struct baseline_row *rows;
	size_t n;
};

/* -1: these bytes are none. They are not copied. */
int baseline_open(struct baseline *b, struct bytes bytes)
	__attribute__((warn_unused_result));
/* NULL: nobody has run it. command: BASELINE_KEY_LEN bytes. */
const struct baseline_row *baseline_get(
	const struct baseline *b, const void *command);

struct baseline_draft;

/* NULL when out of memory. */
struct baseline_draft *baseline_draft_new(void)
	__attribute__((warn_unused_result));
void baseline_draft_free(struct baseline_draft *d);
/* Adds a row; of one command the counts are added up. digest: a SHA-256 in
 * hexadecimal. -1: *why has the sentence. */
int baseline_draft_add(struct baseline_draft *d, struct bytes digest,
	uint64_t count, uint64_t hosts, struct str *why)
	__attribute__((warn_unused_result));
/* Its rows in order, each command once; borrowed until the next add. */
struct bytes baseline_draft_rows(struct baseline_draft *d);

#endif
