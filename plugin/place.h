// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef PLACE_H
#define PLACE_H

#include <stdbool.h>

#include "str.h"

struct stat;

/* Who can write where a file stands can replace it. */

/* Whether it belongs to root or to whoever runs this. */
bool place_is_ours(const struct stat *st);
/* The directory of a file. -1: others could put another there, and *why says
 * so in a line. */
int place_check(const char *file, struct str *why)
	__attribute__((warn_unused_result));

#endif
