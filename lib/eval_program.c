// SPDX-License-Identifier: GPL-3.0-or-later
/* What programs of other languages make, where the source does not show them as
 * they are: $IFS for blanks, "$a" in them, perl -e a -e b. */
#include "eval_state.h"

/* What it takes to begin with any program. */
#define START_STEPS 512

/* Its lines. */
static struct bytes joined(
	struct eval *e, size_t n, const struct invocation *inv)
{
	size_t lines = invocation_lines(e->argv, n, inv->program);
	size_t from = e->arena.len;

	if (lines == 1 || (inv->language != INVOCATION_PERL &&
				  inv->language != INVOCATION_RUBY))
		return (struct bytes){ e->argv[inv->program].p +
					       inv->program_at,
			e->argv[inv->program].len - inv->program_at };
	for (size_t i = 0; i < lines; i++) {
		const struct bytes *line = &e->argv[inv->program + 2 * i];

		if (!eval_step(e, 1 + line->len / 8))
			return BYTES("");
		str_addb(&e->arena, *line);
		str_addc(&e->arena, '\n');
	}
	return str_ok(&e->arena) ? str_tail(&e->arena, from) : BYTES("");
}

void eval_program(
	struct eval *e, size_t first, size_t n, const struct invocation *inv)
{
	const struct script_result *r;
	struct bytes text;

	if (e->skip || !e->script || inv->is_encoded || inv->program_n != 1)
		return;
	for (size_t i = inv->program; i < n; i++)
		if (!eval_is_known(&e->fields[first + i]))
			return;
	text = joined(e, n, inv);
	if (!text.len || eval_is_there(e, e->root, text) ||
		!script_take_steps(e->script, START_STEPS))
		return;
	(void)script_run(e->script, text, inv->language);
	for (size_t i = 0; (r = script_result(e->script, i)); i++)
		eval_tell_made(e, r);
	script_reset(e->script);
}
