// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef TYPED_H
#define TYPED_H

#include <stdbool.h>

#include "str.h"

/*
 * What was typed at a terminal, as TTY and USER_TTY records have it: keys, not
 * lines. Those that take something back are followed (Backspace, ^U, ^W, ^C);
 * cursor keys and completions are passed over, so that a line that was edited
 * in its middle, or recalled, is not what the shell had.
 */

/* Takes the next line off the front of *rest, with its end if it has one, and
 * appends what stood there when it was entered. False: nothing is left. */
bool typed_line(struct bytes *rest, struct str *line);

/* Whether a line may hand something to an interpreter. Most do not; passwords,
 * where they are recorded, are lines, too. */
bool typed_may_run(struct bytes line);

#endif
