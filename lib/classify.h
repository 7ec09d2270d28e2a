// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CLASSIFY_H
#define CLASSIFY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "str.h"

struct event;
struct event_tags;

/*
 * What a command means, by rows that are data (conf/hunt.d): categories with
 * the words that put a command in them, GTFOBins with their functions, and
 * ATT&CK technique ids. Words count in command position, and are looked up,
 * not searched for: a thousand rows cost what ten do.
 */
struct classify; /* the stage's memory */
struct classify_rules; /* the rows; immutable once they are complete */

enum classify_match { CLASSIFY_WORDS, CLASSIFY_SUBSTRING };

struct classify_conf {
	const struct classify_rules *rules;
	unsigned int match; /* enum classify_match */
};

/* NULL when out of memory. */
struct classify_rules *classify_rules_new(void)
	__attribute__((warn_unused_result));
void classify_rules_free(struct classify_rules *r);
/*
 * Takes one line of a rows file. -1: *why says what is wrong with it.
 *
 *   category NAME [weight=N] [attack=T1105,...] [notebook] [off]
 *       heads the rows that follow. The same name again adds rows to it and
 *       sets what it names. Rows may have weight= and attack= of their own,
 *       before their operands. notebook: its words and texts are what
 *       CLASSIFY_SUBSTRING looks for.
 *   function NAME [attack=...]
 *       heads rows that show that a GTFOBins function is made use of.
 *   word NAME...
 *       any of the commands
 *   words NAME ARG...
 *       the command with all of the arguments, in any order. An argument is a
 *       whole one; -x is also in -vx; a * at an end stands for anything; a !
 *       before it: not among them.
 *   pipe NAME NAME
 *       what the first writes the second reads or runs: a | b, b <(a),
 *       b -c "$(a)"
 *   text STRING...
 *       any of the strings, in arguments and texts, not inside of a word
 *   texts STRING STRING...
 *       all of the strings in one text, or in one argv
 *   pattern REGEX
 *       PCRE2, to the end of the line
 *
 * Operands of words, pipe and texts may be alternatives, a|b. Operands with
 * blanks or bars stand in double quotes.
 */
int classify_rules_line(struct classify_rules *r, struct bytes line,
	struct str *why) __attribute__((warn_unused_result));
/*
 * Takes one line of a GTFOBins file: NAME<TAB>FUNCTION[:CONTEXTS],... The
 * contexts are letters: u unprivileged, s sudo, i set-uid, c capabilities;
 * none are all. NAME<TAB>=OTHER: another name of OTHER. NAME# is it with a
 * version behind it, too.
 */
int classify_rules_bin(struct classify_rules *r, struct bytes line,
	struct str *why) __attribute__((warn_unused_result));
/* Once, after the last line: makes the rules ready to be run. */
int classify_rules_done(struct classify_rules *r, struct str *why)
	__attribute__((warn_unused_result));
/* Rows and programs. */
size_t classify_rules_count(const struct classify_rules *r);

/* NULL when out of memory. */
struct classify *classify_new(void) __attribute__((warn_unused_result));
void classify_free(struct classify *c);
/*
 * Fills ev->tags from argv and every layer of text. The weight is that of the
 * heaviest matching row of each category, added up. The functions of a program
 * are those that GTFOBins has for how it runs: under sudo, set-uid, as an
 * ordinary user; all of them where nobody knows. ATT&CK ids are those of the
 * rows that matched; of a function, where one of its rows matched and a
 * program has it.
 *
 * CLASSIFY_SUBSTRING: what the notebook does with a decoded command; with argv
 * where nothing was hidden.
 */
void classify_run(
	struct classify *c, struct event *ev, const struct classify_conf *cf);
/* The same for one text, such as that of one layer, as if ev had nothing
 * else; to's memory is the event's. */
void classify_text(struct classify *c, struct event *ev, struct bytes text,
	const struct classify_conf *cf, struct event_tags *to);

#endif
