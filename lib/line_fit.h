// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef LINE_FIT_H
#define LINE_FIT_H

#include <stddef.h>

#include "str.h"

struct line_writer;

/* As many bytes of b as cost at most the budget to write, in whole characters:
 * from its beginning, and from its end. */
size_t line_fit(const struct line_writer *w, struct bytes b, size_t budget);
size_t line_fit_tail(
	const struct line_writer *w, struct bytes b, size_t budget);

#endif
