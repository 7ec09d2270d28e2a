// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SHELL_H
#define SHELL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "str.h"

/*
 * A small reader of shell text (POSIX sh, bash): it splits a text into simple
 * commands and their words, and never runs anything. It is total: any bytes
 * give some reading, in time linear to their number, within the caps below.
 */

#define SHELL_WORDS_MAX    4096
#define SHELL_COMMANDS_MAX 1024
#define SHELL_DEPTH_MAX    32
/* Text of all words after quotes and variables are undone. */
#define SHELL_TEXT_MAX (2u << 20)

struct shell_word {
	struct bytes text; /* quotes removed, escapes and known variables
			      replaced; in the reader's memory */
	size_t at, end; /* where it stands in the source */
	bool is_assignment; /* NAME=VALUE before the command */
	bool is_quoted; /* some of it stood in quotes */
	bool is_expanded; /* some of it came from a variable */
	bool is_opaque; /* some of it nobody can know: $(...), $UNSET, * */
};

enum shell_input {
	SHELL_INPUT_NONE,
	SHELL_INPUT_PIPE, /* the command before it in the pipeline */
	SHELL_INPUT_HERE_STRING, /* <<< word */
	SHELL_INPUT_HERE_DOC, /* << EOF ... EOF */
	SHELL_INPUT_FILE, /* < file */
	SHELL_INPUT_PROCESS /* < <(command) */
};

/* One simple command: words[first .. first + n), assignments included. */
struct shell_command {
	size_t first, n;
	size_t name; /* index of the word in command position, or
			first + n when there are only assignments */
	size_t pipeline; /* number of the pipeline it is part of */
	size_t stage; /* its place in that, from 0 */
	size_t parent; /* command in one of whose words it stands as
			  $(...), `...`, <(...); SIZE_MAX: none */
	size_t parent_word; /* that word */
	unsigned int depth; /* of nesting */
	enum shell_input input;
	struct bytes here; /* text of a here-string or here-document */
	struct bytes to; /* file its output goes to; absent if none */
};

struct shell;

/* NULL when out of memory. */
struct shell *shell_new(void) __attribute__((warn_unused_result));
void shell_free(struct shell *sh);
/* Reads text; what an earlier call gave is gone. */
void shell_read(struct shell *sh, struct bytes text);

size_t shell_n_commands(const struct shell *sh);
const struct shell_command *shell_command(const struct shell *sh, size_t i);
const struct shell_word *shell_word(const struct shell *sh, size_t i);
/* A cap was hit: the text has more than was read. */
bool shell_is_cut(const struct shell *sh);

/*
 * What an argv (or a simple command's words) really runs: behind sudo, env,
 * nohup, timeout, nice, xargs, setsid, stdbuf, busybox, find -exec, ssh, su -c
 * and the like, and the program text it gives to an interpreter.
 */
enum shell_language {
	SHELL_LANG_NONE,
	SHELL_LANG_SH,
	SHELL_LANG_PYTHON,
	SHELL_LANG_PERL,
	SHELL_LANG_RUBY,
	SHELL_LANG_PHP,
	SHELL_LANG_NODE,
	SHELL_LANG_LUA,
	SHELL_LANG_AWK,
	SHELL_LANG_POWERSHELL
};

#define SHELL_WRAPPERS_MAX 8

struct shell_invocation {
	size_t wrappers[SHELL_WRAPPERS_MAX]; /* argv indexes: sudo, env... */
	size_t n_wrappers;
	size_t command; /* argv index of the real command; n if none */
	struct bytes name; /* its base name */
	enum shell_language language;
	size_t program; /* argv index of -c's or -e's text; n if none */
	bool reads_stdin; /* an interpreter without program or script */
	bool is_encoded; /* the program is PowerShell's Base64 */
};

void shell_invocation(
	const struct bytes *argv, size_t n, struct shell_invocation *inv);

#endif
