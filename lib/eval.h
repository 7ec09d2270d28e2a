// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef EVAL_H
#define EVAL_H

#include <stdbool.h>
#include <stddef.h>

#include "layer.h"
#include "str.h"

/*
 * What a shell text makes of its own words: loops, functions, arrays,
 * arithmetic, ${x//a/b}, read, set, eval. Commands whose output follows from
 * their words and input (see command.h) are worked out, and nothing is run:
 * what others write is not known, and neither is what follows from it. Each
 * text that so comes to an interpreter and stood nowhere in the source, and
 * each that came out of a decoder, is a result.
 */

#define EVAL_RESULTS_MAX 32

struct eval_result {
	struct bytes text; /* in the evaluator's memory */
	struct layer_chain chain;
	unsigned int depth; /* of results that it came out of */
	bool is_run; /* an interpreter is given it */
	bool is_final; /* a program in another language makes it */
};

struct eval;

struct script;

/* The script is borrowed, for programs that are filters. NULL when out of
 * memory. */
struct eval *eval_new(struct script *script)
	__attribute__((warn_unused_result));
void eval_free(struct eval *e);
/* What a shell is given with its text, argv[at]: NAME=VALUE before it, as env
 * and docker exec -e have it, is a variable, what stands behind it $0, $1... */
struct eval_given {
	const struct bytes *argv;
	size_t n, at;
};

/* Whether that is anything. */
bool eval_is_given(const struct eval_given *g);

/* Works out a text, any bytes, in steps that its length, and that of what is
 * given, bounds; NULL: nothing is. Returns how many results there are; they are
 * there until the next call. */
size_t eval_run(struct eval *e, struct bytes text, const struct eval_given *g);
const struct eval_result *eval_result(const struct eval *e, size_t i);

#endif
