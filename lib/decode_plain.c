// SPDX-License-Identifier: GPL-3.0-or-later
/* Only what a shell is given is read so: in Python, b'a' has its quotes. */
#include "decode_plain.h"

#include "decode_flow.h"
#include "decode_state.h"
#include "plain.h"

/* The argument that is a shell's text; it is looked for once. */
static size_t shell_arg(struct decode *d, const struct event *ev)
{
	struct invocation inv;

	if (d->has_shell_arg)
		return d->shell_arg;
	d->has_shell_arg = true;
	d->shell_arg = SIZE_MAX;
	invocation_read(ev->argv, ev->argc, &inv);
	if (inv.language == INVOCATION_SH && inv.program < ev->argc &&
		!inv.program_at)
		d->shell_arg = inv.program;
	return d->shell_arg;
}

bool decode_plain_may(struct decode *d, const struct event *ev, size_t i)
{
	return plain_may(ev->argv[i]) && i == shell_arg(d, ev);
}

static bool is_shell(
	struct decode *d, const struct event *ev, const struct frame *f)
{
	enum invocation_language language;

	if (f->of_layer == EVENT_IN_ARGV)
		return f->arg == shell_arg(d, ev);
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
