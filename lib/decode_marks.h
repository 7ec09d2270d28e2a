// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef DECODE_MARKS_H
#define DECODE_MARKS_H

#include <stdbool.h>

#include "str.h"

/* Whether arguments, a NUL behind each, have more in them than options, names
 * and paths: a text of a shell or of a program has, and so has one that names
 * a tool beside other words. */
bool decode_has_marks(struct bytes args);

#endif
