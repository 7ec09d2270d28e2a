// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef PROGRAM_H
#define PROGRAM_H

#include <stdbool.h>

#include "invocation.h"
#include "str.h"

/*
 * What a program text of an interpreter says, with its strings put together:
 * 'a' + 'b', 'a' 'b', "".join([...]), implode('', [...]), replace, format, a
 * variable that was given a string, a function of one expression. Nothing is
 * run; what is not understood stays as it is written. Any bytes give some
 * text, in time linear to their number and to PROGRAM_OUT_MAX.
 */

/* What comes out of n bytes. A copy costs a few characters, so a text can ask
 * for more than anybody wrote. */
#define PROGRAM_OUT_MAX(n) (4 * (n) + 64 * 1024)
/* What a decoder gives at most. */
#define PROGRAM_TEXT_MAX (1024 * 1024)

/* Memory that is used from text to text. */
struct program;

/* NULL when out of memory. */
struct program *program_new(void) __attribute__((warn_unused_result));
void program_free(struct program *p);

/* What programs would make of their strings, as far as it was worked out: the
 * results of all texts joined since these were last forgotten. */
struct script;
struct script *program_script(struct program *p);

/* Forgets them, and what texts until now have cost: before those of an event.
 */
void program_renew(struct program *p);
/* Whether a text since then asked for more than it was given. */
bool program_is_capped(const struct program *p);

/* A buffer, empty, for a text that is to be joined. */
struct str *program_scratch(struct program *p);

/* Empties out and puts the joined text there. False: it would be the same as
 * text, or there is no room; out is then junk. */
bool program_join(struct program *p, struct bytes text,
	enum invocation_language language, struct str *out)
	__attribute__((warn_unused_result));

/* The same where there is anything to join or to work out, and what the program
 * makes for program_script. */
bool program_make(struct program *p, struct bytes text,
	enum invocation_language language, struct str *out)
	__attribute__((warn_unused_result));

/* The same for a text of a shell: the strings in it that are programs. */
bool program_join_strings(struct program *p, struct bytes text, struct str *out)
	__attribute__((warn_unused_result));

/* The language a text seems to be in; INVOCATION_NONE: no program, or of a
 * shell. */
enum invocation_language program_guess(
	const struct program *p, struct bytes text);

#endif
