// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * An argv as a command line: the shell reader gets the same argv from it, and
 * what it is written in is text without control characters.
 *
 * seeds: argv
 * dict: shell
 */
#include "cmdline.h"

#include "fuzz.h"
#include "shell.h"
#include "text.h"

#define LINE_MAX_BYTES (4u << 20)

static void check_read(struct bytes line, const struct event *ev)
{
	static struct shell *sh;

	if (!sh)
		sh = shell_new();
	MUST(sh);
	shell_read(sh, line);
	if (shell_is_cut(sh))
		return;
	MUST(shell_n_words(sh) == ev->argc);
	for (size_t i = 0; i < ev->argc; i++) {
		MUST(bytes_equal(shell_word(sh, i)->text, ev->argv[i]));
		MUST(!shell_word(sh, i)->is_opaque);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct fuzz_args args;
	struct event *ev;
	struct str out;

	/* Keywords and assignments in its place are no words of a command. */
	fuzz_args_init(&args, fuzz_bytes(data, len));
	if (!args.n)
		return 0;
	fuzz_free(args.v[0]);
	args.v[0] = fuzz_copy(BYTES("x"));
	ev = fuzz_event(&args);
	str_init(&out, LINE_MAX_BYTES);
	cmdline_shell(&out, ev);
	MUST(str_ok(&out));
	MUST(text_printable(out.p, out.len) == out.len);
	check_read(str_bytes(&out), ev);
	str_reset(&out);
	cmdline_auoms(&out, ev);
	MUST(str_ok(&out));
	str_fini(&out);
	fuzz_args_fini(&args);
	event_destroy(ev);
	return 0;
}
