// SPDX-License-Identifier: GPL-3.0-or-later
/* Only what a shell is given is read so: in Python, b'a' has its quotes. */
#include "decode_plain.h"

#include "decode_flow.h"
#include "decode_state.h"
#include "eval.h"
#include "plain.h"

static bool is_shell_arg(const struct decode *d, size_t i)
{
	const struct invocation *inv = d->invocation;

	return inv->language == INVOCATION_SH && inv->program == i &&
	       !inv->program_at;
}

bool decode_plain_may(const struct decode *d, const struct event *ev, size_t i)
{
	return plain_may(ev->argv[i]) && is_shell_arg(d, i);
}

enum invocation_language decode_plain_language(
	const struct decode *d, const struct frame *f)
{
	const struct invocation *inv;

	if (f->of_layer != EVENT_IN_ARGV)
		return INVOCATION_NONE;
	inv = d->invocation;
	return inv->program == f->arg && inv->language != INVOCATION_SH
		       ? inv->language
		       : INVOCATION_NONE;
}

bool decode_plain_given(
	const struct decode *d, const struct event *ev, struct eval_given *g)
{
	const struct invocation *inv = d->invocation;

	*g = (struct eval_given){ ev->argv, ev->argc, inv->program };
	/* What stands behind su's is for itself. */
	return inv->program < ev->argc && !inv->program_at &&
	       inv->program_n == 1 && inv->language == INVOCATION_SH &&
	       invocation_language_of(inv->name) == INVOCATION_SH &&
	       eval_is_given(g);
}

size_t decode_plain_at(const struct decode *d, const struct frame *f)
{
	const struct invocation *inv;

	if (f->of_layer != EVENT_IN_ARGV)
		return 0;
	inv = d->invocation;
	return inv->language == INVOCATION_SH && inv->program == f->arg &&
			       inv->program_at <= f->written.len
		       ? inv->program_at
		       : 0;
}

static bool is_shell(
	struct decode *d, const struct event *ev, const struct frame *f)
{
	enum invocation_language language;

	if (f->of_layer == EVENT_IN_ARGV)
		return is_shell_arg(d, f->arg);
	if (!ev->layers[f->of_layer].is_run)
		return false;
	language = program_guess(d->program, f->written);
	return language == INVOCATION_NONE || language == INVOCATION_SH;
}

void decode_plain_hold(
	struct decode *d, const struct event *ev, struct frame *f)
{
	bool has_results = f->held.len > 0;
	size_t n;

	if (!plain_may(f->written) || !is_shell(d, ev, f))
		return;
	n = plain_run(d->plainly, f->written);
	for (size_t i = 0; i < n; i++) {
		struct plain_result from = plain_result(d->plainly, i);
		struct flow_result r = { .text = from.text,
			.is_run = true,
			.is_plain = true,
			.is_final = true };

		/* ${IFS} for blanks is but how these were hidden. */
		if (has_results && !from.has_quotes)
			continue;
		layer_chain_add(&r.chain, "quotes");
		decode_flow_add(&r, &f->held);
	}
}
