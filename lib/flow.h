// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef FLOW_H
#define FLOW_H

#include <stdbool.h>
#include <stddef.h>

#include "layer.h"
#include "str.h"

/*
 * What a shell text would give to its commands, as far as that follows from
 * the text: variables, substitutions and pipelines of text commands (see
 * command.h) are worked out, and nothing is run. Each text that comes out of a
 * decoder so, and each that is given to an interpreter after it was reshaped
 * (rev, tr, cut, sed), is a result. So is what the evaluator (see eval.h) makes
 * of texts with variables, where this has not found it.
 */

/* A text has few; what hides behind more of them is found otherwise. */
#define FLOW_RESULTS_MAX 64
/* Places that one result comes from. */
#define FLOW_SPANS_MAX 8

struct flow_span {
	size_t at, end;
};

struct flow_result {
	struct bytes text; /* in the flow's memory */
	struct layer_chain chain;
	unsigned int depth; /* of results that it came out of */
	bool is_inner; /* another result is all of it, decoded */
	bool is_plain; /* it is the source itself, written plainly */
	bool is_run; /* an interpreter is given it */
	bool is_final; /* what the text says was done with it */
	/* Where the encoded text stands in the source; none: all over. */
	struct flow_span spans[FLOW_SPANS_MAX];
	size_t n_spans;
};

struct flow;

/* NULL when out of memory. */
struct flow *flow_new(void) __attribute__((warn_unused_result));
void flow_free(struct flow *fl);
/* Before the texts of an event, which share what their programs may cost. */
void flow_renew(struct flow *fl);
/* Works out a text in time linear to its length; its results, in the order of
 * the text, are there until the next call. Returns how many there are. */
size_t flow_run(struct flow *fl, struct bytes text);
/* The same for what the evaluator makes of a text with what is given. */
struct eval_given;
size_t flow_run_given(
	struct flow *fl, struct bytes text, const struct eval_given *g);
const struct flow_result *flow_result(const struct flow *fl, size_t i);

#endif
