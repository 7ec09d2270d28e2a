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
 *
 * Keywords are skipped, so that commands behind them are in command position.
 * The values of a for, the word and the patterns of a case are words of
 * commands without a name. A function's body is read where it stands.
 * What eval, sh -c and the like are given is a word; see invocation.h. What
 * stands behind a group or loop (done < file) holds for the commands in it and
 * for one without words. Where shells differ, what one of them would run is
 * read as a command: && in [[ ]] parts commands, as it does for dash.
 */

/* What 128 KiB, the kernel's longest argument, hold when it is a script. */
#define SHELL_WORDS_MAX    16384
#define SHELL_COMMANDS_MAX 4096
/* Of substitutions, groups and loops within each other. */
#define SHELL_DEPTH_MAX 32
/* Text of all words after quotes and variables are undone; for a text of n
 * bytes 4 * n + 64 KiB where that is less. */
#define SHELL_TEXT_MAX (2u << 20)

/*
 * A word as the command would get it: quotes and escapes undone, $a and ${a}
 * replaced where the text assigned a value before, and split where the shell
 * splits it ($IFS too); a brace list gives a word each. Of what cannot be
 * known, $NAME in capitals (the environment's), * and ? stay as written; a
 * substitution, $1, $@ and other names leave nothing behind.
 */
struct shell_word {
	struct bytes text; /* in the reader's memory */
	size_t at, end; /* where it stands in the source */
	size_t source; /* the word that assigned the unknown value which it
			  holds (a=$(...); eval "$a"); SIZE_MAX: none */
	bool is_assignment; /* NAME=VALUE before the command */
	bool is_quoted; /* some of it stood in quotes or behind \ */
	bool is_escaped; /* some of it was written as $'\x41' */
	bool is_expanded; /* some of it came from a variable, a brace list */
	bool is_opaque; /* some of it nobody can know: $(...), $UNSET, * */
};

/* Where a command's standard input comes from. */
enum shell_input {
	SHELL_INPUT_NONE,
	SHELL_INPUT_PIPE, /* the command before it in the pipeline */
	SHELL_INPUT_HERE_STRING, /* <<< word */
	SHELL_INPUT_HERE_DOC, /* << EOF ... EOF */
	SHELL_INPUT_FILE, /* < file */
	SHELL_INPUT_PROCESS /* < <(command) */
};

/* How a command stands in a word of its parent. */
enum shell_nesting {
	SHELL_NESTING_NONE,
	SHELL_NESTING_OUTPUT, /* $(...), `...`: its output is the word's text */
	SHELL_NESTING_FROM, /* <(...): the parent reads its output */
	SHELL_NESTING_TO /* >(...): it reads what the parent writes */
};

/* One simple command: words[first .. first + n), assignments included. */
struct shell_command {
	size_t first, n;
	size_t name; /* index of the word in command position, or
			first + n when there is none */
	size_t pipeline; /* number of the pipeline it is part of */
	size_t stage; /* its place in that, from 0 */
	size_t parent; /* command in one of whose words it stands;
			  SIZE_MAX: none */
	size_t parent_word; /* that word; SIZE_MAX: its redirection, its
			       here-string or here-document */
	size_t parent_at; /* where in that word's text */
	enum shell_nesting nesting;
	unsigned int depth; /* of commands it is nested in */
	enum shell_input input;
	struct bytes here; /* text of a here-string or here-document */
	bool is_here_opaque; /* of which some nobody can know */
	/* Files it reads and writes by < and >: descriptors 0 and 1, else
	 * those from 3 on (exec 5<>/dev/tcp/...); absent if none. */
	struct bytes from, to;
};

/* One pipeline: n stages. It may stand in a ( ... ), { ... }, loop, if or
 * case that is itself a stage of another. */
struct shell_pipeline {
	size_t n;
	size_t outer, outer_stage; /* SIZE_MAX: it stands in none */
};

struct shell;

/* NULL when out of memory. */
struct shell *shell_new(void) __attribute__((warn_unused_result));
void shell_free(struct shell *sh);
/* Reads text; what an earlier call gave is gone. */
void shell_read(struct shell *sh, struct bytes text);

/* What there is, in the order in which it starts in the text; a command's
 * parent comes before it, an outer pipeline before its inner ones. Borrowed
 * until the next shell_read. */
size_t shell_n_commands(const struct shell *sh);
const struct shell_command *shell_command(const struct shell *sh, size_t i);
size_t shell_n_words(const struct shell *sh);
const struct shell_word *shell_word(const struct shell *sh, size_t i);
size_t shell_n_pipelines(const struct shell *sh);
const struct shell_pipeline *shell_pipeline(const struct shell *sh, size_t i);
/* Whether the output of command from goes by a pipe to command to, next to
 * it or from group to group: echo in (echo x; y) | { z; sh; } to sh. */
bool shell_feeds(const struct shell *sh, size_t from, size_t to);
/* A cap was hit: the text has more than was read. */
bool shell_is_cut(const struct shell *sh);

/* Length of the variable's name that b begins with, 0 if there is none. */
size_t shell_name_len(struct bytes b);
/* Whether a text is a variable and nothing else: $NAME, ${NAME-...}. */
bool shell_is_bare(struct bytes text);
/* Whether a variable holds a path whose first byte is known: HOME, PWD... */
bool shell_is_directory(struct bytes name);

#endif
