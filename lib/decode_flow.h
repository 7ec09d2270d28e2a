// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef DECODE_FLOW_H
#define DECODE_FLOW_H

#include "flow.h"
#include "invocation.h"

/* Whether a shell could make anything of the text: what hides in it goes
 * through a pipe, a <<, a <(...), a $ or a `...`. No tool has to be named:
 * ba''se64, $a$b. */
bool decode_flow_may(struct bytes text);
/* Keeps a result in held, with its text. */
void decode_flow_add(const struct flow_result *r, struct str *held);
/* Works text out from at on and adds the results to held, so that the flow is
 * free for the texts inside this one. */
void decode_flow_hold(
	struct flow *fl, struct bytes text, size_t at, struct str *held);
/* The same for what the evaluator makes of it with what it is given. */
struct eval_given;
void decode_flow_hold_given(struct flow *fl, struct bytes text,
	const struct eval_given *g, struct str *held);
/* The same for the commands that a program in another language hands to a
 * shell. scratch is for their texts. False: there are too many. */
bool decode_flow_hold_calls(struct flow *fl, struct bytes program,
	enum invocation_language language, struct str *scratch,
	struct str *held);
/* The result at *pos, which is then behind it; its text is borrowed from held.
 * False: no more. */
bool decode_flow_next(
	const struct str *held, size_t *pos, struct flow_result *r);

#endif
