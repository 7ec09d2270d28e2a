// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * The shell reader and what looks at its commands, on any bytes.
 *
 * seeds: text
 * dict: shell
 */
#include "shell.h"

#include "fuzz.h"
#include "invocation.h"

static bool is_readable(struct bytes b)
{
	volatile char last = 0;

	if (!b.p)
		return b.len == 0;
	if (b.len)
		last = (char)(b.p[0] ^ b.p[b.len - 1]);
	(void)last;
	return b.len <= SHELL_TEXT_MAX;
}

static void check_words(const struct shell *sh, size_t size)
{
	size_t n = shell_n_words(sh);

	MUST(n <= SHELL_WORDS_MAX);
	for (size_t i = 0; i < n; i++) {
		const struct shell_word *w = shell_word(sh, i);

		MUST(w->at <= w->end && w->end <= size);
		MUST(is_readable(w->text));
		MUST(w->source == SIZE_MAX || w->source < n);
	}
}

static void check_invocation(
	const struct shell *sh, const struct shell_command *c)
{
	static struct bytes argv[SHELL_WORDS_MAX];
	struct invocation inv;

	for (size_t i = 0; i < c->n; i++)
		argv[i] = shell_word(sh, c->first + i)->text;
	invocation_read(argv, c->n, &inv);
	MUST(inv.command <= c->n && inv.program <= c->n);
	MUST(inv.script <= c->n && is_readable(inv.name));
	MUST(inv.n_wrappers <= INVOCATION_WRAPPERS_MAX);
	for (size_t i = 0; i < inv.n_wrappers; i++)
		MUST(inv.wrappers[i] < inv.command);
	if (inv.program == c->n)
		return;
	MUST(inv.program_at <= argv[inv.program].len);
	MUST(inv.program_n > 0 && inv.program_n <= c->n - inv.program);
}

static void check_commands(const struct shell *sh)
{
	size_t n = shell_n_commands(sh), sum = 0;

	MUST(n <= SHELL_COMMANDS_MAX);
	for (size_t i = 0; i < n; i++) {
		const struct shell_command *c = shell_command(sh, i);
		const struct shell_pipeline *p;

		MUST(c->first == sum && c->name >= c->first);
		MUST(c->name <= c->first + c->n);
		sum += c->n;
		MUST(c->pipeline < shell_n_pipelines(sh));
		p = shell_pipeline(sh, c->pipeline);
		MUST(c->stage < p->n);
		MUST(p->outer == SIZE_MAX || p->outer < c->pipeline);
		MUST((c->parent == SIZE_MAX) == (c->depth == 0));
		MUST(c->depth <= SHELL_DEPTH_MAX);
		MUST(is_readable(c->here) && is_readable(c->from));
		MUST(is_readable(c->to));
		if (c->parent != SIZE_MAX) {
			const struct shell_command *of =
				shell_command(sh, c->parent);

			MUST(c->parent < i && of->depth + 1 == c->depth);
			MUST(c->parent_word == SIZE_MAX ||
				(c->parent_word >= of->first &&
					c->parent_word < of->first + of->n));
		}
		check_invocation(sh, c);
		MUST(!shell_feeds(sh, i, i));
		if (i)
			(void)shell_feeds(sh, i - 1, i);
	}
	MUST(sum == shell_n_words(sh));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct shell *sh;

	if (!sh)
		sh = shell_new();
	if (!sh)
		return 0;
	shell_read(sh, fuzz_bytes(data, size));
	check_words(sh, size);
	check_commands(sh);
	return 0;
}
