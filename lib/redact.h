// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef REDACT_H
#define REDACT_H

#include <stdbool.h>
#include <stddef.h>

#include "str.h"

struct event;

/*
 * The last stage: passwords, tokens and keys leave the host as ***, whatever
 * their length. What they are is told by rows that are data (conf/hunt.d,
 * redact*.conf). Every stage before this one saw the original.
 */
struct redact; /* the stage's memory */
struct redact_rules; /* the rows; immutable once they are complete */

#define REDACT_MARK "***"

/* The rows of conf/hunt.d/redact.conf as they were when this was built: what
 * holds where there are none. */
extern const char redact_shipped[];

/* NULL when out of memory. */
struct redact_rules *redact_rules_new(void) __attribute__((warn_unused_result));
void redact_rules_free(struct redact_rules *r);
/*
 * Takes one line of a rows file. -1: *why says what is wrong with it.
 *
 *   set NAME
 *       heads the rules that follow
 *   require NAME...
 *       sets that have to have rows, in whatever file
 *   rule NAME
 *       heads the rows that follow; the name is told where one of them masked
 *   option [with=WORD,...] [after=STRING] COMMAND FORM...
 *       what the command's options are given: -p is followed by the secret in
 *       the next word, and so is -vp; -p* and --pass=* by it in the same. with:
 *       one of the words is an argument, too. after: what stands behind the
 *       first STRING in it. $: it is the last argument, no option's. COMMAND
 * may be alternatives, a|b, or *: any. plain COMMAND FORM... of a row for any
 * command: it is no secret for this one input [with=WORD,...] [after=STRING]
 * COMMAND what the command is given by echo, printf, << or <<<; after: in every
 *       line of it
 *   name NAME...
 *       what stands behind NAME= or NAME:, in either case; *NAME: a name that
 *       ends so
 *   query NAME...
 *       the same behind ? or & only
 *   userinfo SCHEME...
 *       the password in SCHEME://USER:PASSWORD@; *: of any scheme
 *   pattern REGEX
 *       PCRE2, to the end of the line: what its first group matched, all of
 *       the match without one. Some string of three characters has to be in
 *       every match.
 */
int redact_rules_line(struct redact_rules *r, struct bytes line,
	struct str *why) __attribute__((warn_unused_result));
/* The same as a line with require; sets are separated by commas. */
int redact_rules_require(struct redact_rules *r, struct bytes sets,
	struct str *why) __attribute__((warn_unused_result));
/* Once, after the last line: makes the rules ready to be run. -1: a set that
 * is required has no rows. */
int redact_rules_done(struct redact_rules *r, struct str *why)
	__attribute__((warn_unused_result));
size_t redact_rules_count(const struct redact_rules *r);

/* NULL when out of memory. */
struct redact *redact_new(void) __attribute__((warn_unused_result));
void redact_free(struct redact *rd);
/*
 * Puts masked copies in the place of what in argv, proctitle, layers, iocs and
 * the reasons of the score holds a secret, or in a message's command, and fills
 * ev->redacted. A secret
 * that was told in one place is masked in the others, too; of a layer that has
 * one, so is the encoded text that it came out of. Where memory or a limit
 * does not allow to look closer, more is masked, not less.
 */
void redact_run(
	struct redact *rd, struct event *ev, const struct redact_rules *r);

#endif
