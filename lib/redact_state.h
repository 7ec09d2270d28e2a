// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef REDACT_STATE_H
#define REDACT_STATE_H

/* What a run has found so far: for redact's own files. */

#include "decode.h"
#include "event.h"
#include "invocation.h"
#include "ioc.h"
#include "redact_rows.h"
#include "shell.h"

/* Program texts within texts that are looked into, for one event; and bytes of
 * those. */
#define REDACT_JOBS_MAX  64
#define REDACT_QUEUE_MAX (512 * 1024)
#define REDACT_DEPTH_MAX 4
/* Variables that held a secret and are looked for, in one text. */
#define REDACT_VARIABLES_MAX 16
/* Secrets that are looked for elsewhere. Shorter ones are also other words. */
#define REDACT_SECRETS_MAX 8
#define REDACT_SECRET_MIN  8
/* Arguments that a proctitle is taken apart into. */
#define REDACT_TITLE_MAX 256
/* Places of secrets in one event: 16 MiB. */
#define REDACT_SPANS_MAX  (1u << 19)
#define REDACT_NONE       UINT32_MAX
#define REDACT_OTHERS_MAX (IOC_EVENT_MAX + 1)

/*
 * Texts are numbered: the arguments, then the layers, then the program texts
 * that words of these are (sh -c '...'). A secret is masked where it stands;
 * then what was masked in a program text is in the text around it, and at last
 * the encoded form of a layer in which something was.
 */
struct redact_span {
	uint32_t text, next; /* next of the same layer or program text */
	uint32_t rule;
	size_t at, end;
};

/* A program text, or what there is of it behind from, in a word. */
struct redact_job {
	struct bytes word;
	size_t from;
	bool is_shell;
	unsigned int has; /* REDACT_HAS_* */
	uint32_t parent; /* text that the word stands in, */
	size_t at, end; /* there; */
	bool is_argument; /* it is all of that */
	uint32_t root; /* argument or layer */
};

/* Where a word of a shell text stands in it. */
struct redact_source {
	size_t at, end;
};

/* Words of one command. */
struct redact_argv {
	const struct bytes *args;
	size_t n;
	const struct redact_source *sources; /* NULL: each is a text itself */
	uint32_t text; /* that they stand in, or the first of them */
	uint32_t root;
	unsigned int depth; /* ssh a ssh b ... */
	unsigned int has; /* REDACT_HAS_* */
};

struct redact_tried {
	struct str title; /* the proctitle, decoded */
	struct bytes others[REDACT_OTHERS_MAX]; /* its words; indicators, why */

	uint32_t scan; /* number of the text */
	size_t until; /* in which the pattern was tried so far */
};

struct redact {
	const struct redact_rules *r;
	struct shell *shell;
	struct pattern_matcher *matcher;

	const struct bytes *args;
	size_t n_args;
	struct bytes all; /* of them, if they lie in one piece */
	const struct event_layer *layers;
	size_t n_layers;
	struct redact_job jobs[REDACT_JOBS_MAX];
	size_t n_jobs;
	struct str queue; /* never grows: jobs point into it */
	struct str scratch;
	const struct invocation *invocation; /* of args; NULL: not read yet */
	struct invocation own; /* of those that are no event's */

	struct redact_span *spans;
	uint32_t n_spans, size_spans;
	uint32_t heads[DECODE_LAYERS_MAX + REDACT_JOBS_MAX];
	bool is_short; /* out of memory: everything is masked */
	bool is_used[REDACT_RULES_MAX];
	struct bytes secrets[REDACT_SECRETS_MAX];
	size_t n_secrets;

	struct str title; /* the proctitle, decoded */
	struct bytes others[REDACT_OTHERS_MAX]; /* its words; indicators, why */

	uint32_t scan; /* number of the text that is searched; from 1 */
	struct redact_tried tried[REDACT_ROWS_MAX]; /* by row */

	/* Of the shell text that is read. */
	size_t base; /* where it begins, as a part of its text */
	struct bytes words[SHELL_WORDS_MAX];
	struct redact_source sources[SHELL_WORDS_MAX];
	uint16_t inputs[SHELL_COMMANDS_MAX]; /* row of a command, from 1 */
	struct bytes variables[REDACT_VARIABLES_MAX]; /* that were looked for */
	size_t n_variables;
};

/* The bytes of a text. */
struct bytes redact_text(const struct redact *rd, uint32_t text);
/* The text that a layer came out of. */
uint32_t redact_parent(const struct redact *rd, size_t layer);
/* Has text[at .. end) masked. */
void redact_mask(
	struct redact *rd, uint32_t text, size_t at, size_t end, uint32_t rule);
/* Has a secret looked for in the other texts, too. */
void redact_note(struct redact *rd, struct bytes secret);

/* Masks the secrets of other texts; a cut text may end within one. */
void redact_repeat(struct redact *rd, uint32_t text, bool is_cut);

/* Starts on other texts; the secrets noted so far stay. */
void redact_begin(struct redact *rd, const struct bytes *args, size_t n);
/* What the arguments run; it is read once. */
const struct invocation *redact_invocation(struct redact *rd);
/* Whether the names of their commands, or the text that they run, have to be
 * held against rows that are about commands. */
unsigned int redact_names(struct redact *rd);
/* Masks the secrets of an argv and of what was decoded from it. */
void redact_look(struct redact *rd, const struct event_layer *layers, size_t n);
/* Gives every text in which something was masked to put; masked is borrowed
 * until it returns. */
typedef void redact_put(void *arg, uint32_t text, struct bytes masked);
void redact_apply(struct redact *rd, redact_put *put, void *arg);

/* What a text may have for rows that are about commands. */
#define REDACT_HAS_COMMAND 1u /* the name of one */
#define REDACT_HAS_OPTION  2u /* an option of any */
#define REDACT_HAS_NAME    4u /* NAME=: it may stand in quotes within quotes */

/* Masks what stands in a text by itself, whatever command it is for: names,
 * URLs, patterns. Returns what else it has. */
unsigned int redact_search(struct redact *rd, uint32_t text);
/* The second alone, for any bytes. */
unsigned int redact_words(struct redact *rd, struct bytes text);

/* Masks what the options of an argv are given, in all commands that it runs,
 * and has program texts looked into. Returns the row by which its input is a
 * secret, from 1; 0: it is none. */
size_t redact_command(struct redact *rd, const struct redact_argv *av);
/* Masks by an input row: the lines of text[at .. end). */
void redact_lines(struct redact *rd, uint32_t text, size_t at, size_t end,
	const struct redact_row *row);
/* Masks word i's bytes from..to where they stand in the source. */
void redact_mask_word(struct redact *rd, const struct redact_argv *av, size_t i,
	size_t from, size_t to, uint32_t rule);
/* Has the program text in word i, behind from, looked into. */
void redact_push(struct redact *rd, const struct redact_argv *av, size_t i,
	size_t from, bool is_shell);
/* Reads the strings of a text in any other language: commands, and argvs. */
void redact_program(struct redact *rd, const struct redact_argv *init);
/* Reads a shell text: its number, root and what it has are init's. */
void redact_shell(struct redact *rd, const struct redact_argv *init);
/* Has a job's masks made in the text that it stands in. */
void redact_fold(struct redact *rd, const struct redact_job *job,
	const struct redact_span *span);
/* Where the bytes from..to of a word stand in its source, quotes and escapes
 * undone; what nobody can tell is all behind what is alike. */
struct redact_source redact_align(
	struct bytes source, struct bytes word, size_t from, size_t to);

#endif
