// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef VIEW_FORM_H
#define VIEW_FORM_H

#include <stddef.h>
#include <stdint.h>

#include "str.h"

/* The form of a command: each number in it as one #, so that those that differ
 * by numbers alone have one form. */

/* Appends that of a text, until form has max bytes. */
void view_form_add(struct str *form, struct bytes text, size_t max);
/* " (N times, until DATE TIME)", if it came more than once. */
void view_form_count(struct str *out, uint64_t count, int64_t last_ms);

#endif
