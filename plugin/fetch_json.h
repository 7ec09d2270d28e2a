// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef FETCH_JSON_H
#define FETCH_JSON_H

#include <stddef.h>

#include "str.h"

struct cJSON;

/* Parses what a server gave; the caller owns it. NULL: it is not JSON, nests
 * too deeply, or has more than so many values: the parser's memory goes with
 * these, its stack with that. */
struct cJSON *fetch_json(struct bytes text, size_t values_max)
	__attribute__((warn_unused_result));

#endif
