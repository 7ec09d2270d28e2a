// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CSV_H
#define CSV_H

#include <stdbool.h>

#include "str.h"

/*
 * Comma-separated values (RFC 4180), without newlines in a field. Takes one
 * field off the front of *rest, unquoted in place, so that the text has to be
 * the caller's own; *is_last says that the line ends with it. Blanks before a
 * quote go, as abuse.ch has them.
 */
struct bytes csv_field(struct bytes *rest, bool *is_last);

#endif
