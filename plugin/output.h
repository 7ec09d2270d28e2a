// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef OUTPUT_H
#define OUTPUT_H

#include "str.h"

struct output_conf;

/* The value of an output option:
 * syslog:/PATH | stream:/PATH | file:/PATH | stdout
 * [format=NAME] [facility=NAME] [min_score=X] [filters=NAME,...]
 * [fallback=/PATH] */

/* -1: *why says what is wrong with it. */
int output_parse(struct output_conf *o, struct bytes value, struct str *why)
	__attribute__((warn_unused_result));
void output_print(const struct output_conf *o, struct str *out);

#endif
