// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SCRIPT_DICTIONARY_H
#define SCRIPT_DICTIONARY_H

#include <stdint.h>

#include "str.h"

/*
 * The words of some lists, each with the number of its list: for tables that
 * are asked about every word of a program. Zeroed memory is an empty one.
 */
#define SCRIPT_DICTIONARY_SLOTS 2048

struct script_dictionary {
	struct {
		const char *p; /* in its list; NULL: free */
		uint16_t len, number;
	} slots[SCRIPT_DICTIONARY_SLOTS];
	unsigned int n;
};

/* Adds the words of a list, which blanks part and which outlives this; a word
 * that is there stays as it is. number is not 0. */
void script_dictionary_add(
	struct script_dictionary *d, const char *list, uint16_t number);
/* 0: it is not there. */
unsigned int script_dictionary_get(
	const struct script_dictionary *d, struct bytes word);

#endif
