// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CONFIG_LINE_H
#define CONFIG_LINE_H

#include "config.h"

/* The options that may stand in several lines; for config.c alone. */

#define CONFIG_LINES "output, provider, list, feed"

bool config_line_is(struct bytes name);
/* -1: *why has the sentence. */
int config_line_set(struct config *cf, struct bytes name, struct bytes v,
	bool *is_first_output, struct str *why)
	__attribute__((warn_unused_result));
/* All of them in the syntax of the file. */
void config_line_print(const struct config *cf, struct str *out);

#endif
