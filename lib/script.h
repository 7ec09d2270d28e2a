// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SCRIPT_H
#define SCRIPT_H

#include <stdbool.h>

#include "invocation.h"
#include "layer.h"
#include "str.h"

/*
 * What a program of an interpreter would make of its own strings and numbers:
 * loops over them, functions, XOR, chr, decoders. Values are worked out, and
 * nothing is run: what a program asks of its system is not known, and neither
 * is what follows from it. Each text that so comes to a function which runs,
 * writes or sends it, and that was hidden, is a result.
 */

#define SCRIPT_RESULTS_MAX 32

struct script_result {
	struct bytes text; /* in the script's memory */
	struct layer_chain chain;
	bool is_run;
};

/* Memory that is used from text to text. */
struct script;

/* NULL when out of memory. */
struct script *script_new(void) __attribute__((warn_unused_result));
void script_free(struct script *s);
/* Forgets all results. */
void script_reset(struct script *s);
/* The same, and what texts until now have cost: those of one event share a
 * number of steps. */
void script_renew(struct script *s);
/* Takes n of the steps that the event's texts share, for something else. False:
 * there are fewer. */
bool script_take_steps(struct script *s, size_t n);
/* Works out a text, any bytes, in a bounded number of steps. False: there is
 * nothing in it to be put together. */
bool script_run(
	struct script *s, struct bytes text, enum invocation_language language);
/* Since the last reset; NULL: no more. */
const struct script_result *script_result(const struct script *s, size_t i);
/* Whether a text that runs what it makes asked for more than it was given,
 * since script_renew. */
bool script_is_capped(const struct script *s);

#endif
