// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef FLOW_STATE_H
#define FLOW_STATE_H

#include <stdint.h>

#include "eval.h"
#include "flow.h"
#include "names.h"
#include "shell.h"

/* What the files of the flow share, for nobody else. */

/* Texts within a text that shells are given: sh -c, eval, echo ... | sh. */
#define PROGRAMS_MAX 16
/* Variables whose value a substitution gave. */
#define ASSIGNED_MAX 64
/* Assignments whose places are looked for behind one word. */
#define LOOKED_MAX 32
/* Here-documents whose places are looked for. */
#define PLACED_MAX 64
/* Words of a command that is worked out. */
#define ARGS_MAX 1024
/* Looked-up names that are kept, and the longest of them. */
#define KNOWN_MAX 64
#define KNOWN_LEN 16

/* Some text, in the arena, and how it came about. */
struct value {
	bool is_known;
	struct bytes text;
	bool has_newline; /* echo's newline stands behind it in the arena */
	bool is_decoded, is_hidden, is_changed; /* also by a cipher; at all */
	struct bytes origin; /* the text before it was first changed; or none */
	bool is_told; /* as a result, with this depth and chain */
	unsigned int depth;
	struct layer_chain chain;
	struct flow_span spans[FLOW_SPANS_MAX];
	size_t n_spans;
};

/* What a substitution gave; those of one command are next to each other. */
struct sub {
	size_t parent, word, at;
	struct value v;
};

struct program {
	struct bytes text;
	size_t base; /* where it stands in the source; SIZE_MAX: nowhere */
};

struct flow {
	struct shell *sh;
	struct bytes text; /* being worked out */
	size_t base; /* of that, in the source; SIZE_MAX: elsewhere */
	struct eval *eval;
	struct str unrolled; /* the text, its loops written out */
	struct str arena; /* never moves while a text is worked out */
	size_t work, work_max; /* bytes that commands have gone over */

	struct flow_result results[FLOW_RESULTS_MAX];
	size_t n_results;
	struct program programs[PROGRAMS_MAX];
	size_t n_programs;

	/* For each pipeline, what its last two stages wrote. */
	struct slot {
		size_t stage;
		struct value v;
	} (*slots)[2];
	size_t slots_size;

	struct sub *subs;
	size_t n_subs, subs_size;
	struct {
		size_t word;
		struct value v;
	} assigned[ASSIGNED_MAX];
	size_t n_assigned;
	size_t looked[LOOKED_MAX]; /* words that assign something */
	size_t n_looked;
	size_t n_placed;

	/* Names that were looked up: a script has the same again and again. */
	struct known {
		char name[KNOWN_LEN];
		size_t len; /* 0: none yet */
		const struct command *row;
	} known[KNOWN_MAX];

	struct names names; /* of the commands */
	struct script *script; /* for their programs */

	struct bytes argv[ARGS_MAX];
};

/* flow_look.c: whether anything can come out of a text: it names a command
 * that changes text, or may put such a name together; or one that is given
 * texts. */
enum flow_hope { FLOW_NOTHING, FLOW_RUNS, FLOW_CHANGES };
enum flow_hope flow_look(const struct names *names, struct bytes text);

/* flow_value.c: values */
/* Adds b's text to a's, and what is known of how it came about. */
void flow_join(struct flow *fl, struct value *a, const struct value *b);
/* The second of these alone. */
void flow_inherit(struct value *a, const struct value *b);
void flow_add_span(struct value *v, size_t at, size_t end);
/* Makes a result of it, where it is one. */
void flow_tell(struct flow *fl, struct value *v, bool is_run, bool is_inner);

/* flow_word.c: words, with what substitutions and variables give to them */
/* Finds the assignments of a text that was read. */
void flow_look_up(struct flow *fl);
/* The word of command c; its text is only for reading. */
struct value flow_word(struct flow *fl, size_t c, size_t word);
/* Its here-string or here-document. */
struct value flow_here(struct flow *fl, size_t c);
void flow_assign(struct flow *fl, size_t c, size_t word);
/* An interpreter is given what a substitution gave to the word's variable. */
void flow_tell_variable(struct flow *fl, size_t word);

/* flow_loop.c: loops over words that the text names */
/* Appends the text with these written out. False: it has none. */
bool flow_unroll(struct bytes text, struct str *out);

/* flow_command.c: what a command makes of its words and input */
struct value flow_command(struct flow *fl, size_t c, struct value *in);

#endif
