// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CLASSIFY_STATE_H
#define CLASSIFY_STATE_H

/* What a run has found so far: for classify's own files. */

#include "classify_rows.h"
#include "shell.h"

/* Texts within texts that one event may lead to, and bytes of those that had
 * to be put together. */
#define JOBS_MAX  64
#define QUEUE_MAX (256 * 1024)
/* Arguments of one command that rows are held against. */
#define ARGS_LOOKED_MAX 256
/* A pattern is tried around the places of its literal, this far: */
#define WINDOW_BEFORE 512
#define WINDOW_BEHIND 1024
/* so often for one pattern, and for all of them in one event. */
#define PATTERN_TRIES_MAX 4
#define TRIES_MAX         64
/* What those may cost, by steps of about 20 ns. */
#define STEPS_MAX 500000

/* A text to look into. */
struct classify_job {
	struct bytes text;
	enum invocation_language language;
	enum rows_context context;
	bool is_searched; /* for texts and patterns: it is an argument */
};

struct classify_tried {
	uint32_t run, tries;
	uint32_t text; /* number of the text of the last try */
	size_t until; /* in which it went so far */
};

/* The last commands of a shell text that write for a row of "pipe". */
#define WRITERS_MAX 4

struct classify_writers {
	uint32_t shell; /* number of the text */
	uint32_t n, at[WRITERS_MAX];
};

/* A command of the shell text that is being read. */
struct classify_command {
	const struct rows_entry *entry; /* NULL: no row has its name */
	size_t program, program_n; /* words that it runs, or its first */
	bool is_shell, is_interpreter, reads_stdin, is_echo;
};

struct classify {
	const struct classify_rules *r;
	struct shell *shell;
	struct pattern_matcher *matcher;

	uint32_t run; /* marks of earlier runs are none */
	uint32_t n_rows, n_categories, n_bins, n_patterns; /* allocated */
	uint32_t *row_run, *category_run, *bin_run;
	uint32_t *row_text, *row_bits; /* operands found, in which text */
	struct classify_writers *writers; /* by row */
	uint32_t n_shells; /* shell texts read, from 1 */
	double *category_weight;
	uint8_t *bin_context;
	struct classify_tried *tried;
	uint32_t *rows, *categories, *bins; /* found; */
	uint32_t n_found_rows, n_found_categories, n_found_bins;
	uint32_t tries;
	bool is_capped; /* a pattern was given up */
	uint32_t text; /* number of the text that is searched; from 1 */

	struct str joined, scratch;
	struct str queue; /* never grows: jobs point into it */
	struct classify_job jobs[JOBS_MAX];
	size_t n_jobs;
	struct bytes args[SHELL_WORDS_MAX];
	uint64_t letters[ARGS_LOOKED_MAX]; /* of one command's arguments */
	struct classify_command commands[SHELL_COMMANDS_MAX];
};

/* Marks what was found. */
void classify_note_row(struct classify *c, uint32_t row);
void classify_note_bin(
	struct classify *c, uint32_t bin, enum rows_context context);
/* Looks for texts and patterns. */
void classify_search(struct classify *c, struct bytes text);
void classify_search_args(struct classify *c, const struct event *ev);
/* To look into later; the text is copied where it is not borrowed. */
void classify_push(struct classify *c, const struct classify_job *job);
void classify_push_copy(struct classify *c, const struct classify_job *job);
/* Works off what was pushed. */
void classify_jobs(struct classify *c);
/* One argv, which inv is about. Returns the real command's entry. */
const struct rows_entry *classify_command(struct classify *c,
	const struct bytes *argv, size_t n, enum rows_context context,
	const struct invocation *inv);

#endif
