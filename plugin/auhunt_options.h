// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef AUHUNT_OPTIONS_H
#define AUHUNT_OPTIONS_H

#include <stdio.h>

#include "views.h"

/* auhunt's command line. */

/* The exit status for one that cannot be. */
#define AUHUNT_USAGE 2

void auhunt_usage(FILE *to);
/* Reads what follows the command, which argv begins with. -1: go on; else the
 * exit status, and a message was printed. */
int auhunt_parse(int argc, char **argv, struct view_options *o)
	__attribute__((warn_unused_result));

#endif
