// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SHELL_STATE_H
#define SHELL_STATE_H

#include "shell.h"

/*
 * What the files of the shell reader share, for nobody else. The reader is a
 * stack of frames and one step at a time: a step looks at the byte at pos,
 * takes one token and pushes or closes a frame where that opens or ends one.
 */

#define NONE SIZE_MAX

/* Quotes between commands count as well: "$(a "$(b)")". */
#define FRAMES_MAX (3 * SHELL_DEPTH_MAX)
#define VARS_MAX   1024
/* Here-documents that one line may announce. */
#define HERE_MAX 8
/* Each has its text looked over once for its end: keeps that linear. */
#define HERE_DEPTH_MAX 4

enum frame_kind {
	/* hold commands */
	FRAME_TEXT,
	FRAME_SUBST, /* $( <( >( */
	FRAME_TICK,
	FRAME_PAREN,
	FRAME_GROUP, /* { */
	FRAME_IF,
	FRAME_LOOP,
	FRAME_CASE,
	/* hold text of a word */
	FRAME_QUOTE, /* " */
	FRAME_PARAM, /* ${a:-...} */
	FRAME_ARRAY, /* a=(...) */
	FRAME_HERE /* a here-document's text */
};

enum redirect {
	REDIRECT_NONE,
	REDIRECT_FROM,
	REDIRECT_TO,
	REDIRECT_BOTH, /* <> */
	REDIRECT_COPY_FROM, /* <&3 */
	REDIRECT_COPY_TO, /* >&2, but >&file is a file */
	REDIRECT_HERE_STRING,
	REDIRECT_HERE_DOC,
	REDIRECT_HERE_DOC_TABS /* <<- */
};

/* What the next word is, when it is no command's. */
enum expect {
	EXPECT_COMMAND,
	EXPECT_FOR_NAME,
	EXPECT_FOR_IN,
	EXPECT_FOR_VALUES,
	EXPECT_CASE_WORD,
	EXPECT_CASE_IN,
	EXPECT_CASE_PATTERN,
	EXPECT_FUNCTION_NAME
};

/* The word being read: its text is build from .from on. */
struct draft {
	bool is_open, is_quoted, is_escaped, is_expanded, is_opaque;
	size_t at;
	size_t from;
	size_t source;
	size_t name_len; /* of NAME= or NAME+=; 0: no assignment */
	bool is_append, is_element; /* NAME+=, NAME[..]= */
	bool has_equals;
	bool is_array; /* NAME=(...), all of it known */
	struct bytes array; /* its elements */
	bool is_process; /* has <(...) */
	size_t bracket; /* place of a [ in build; NONE */
	size_t brace, brace_end; /* of { and } in build; NONE */
	unsigned int brace_depth; /* of braces within that */
	size_t marks; /* its first comma in marks */
};

struct frame {
	enum frame_kind kind;
	size_t host; /* frame that has the draft: itself, or below */
	size_t paren, tick; /* nearest frame that ) and ` close; NONE */
	bool is_inner_tick; /* opened by \` */

	/* of frames that hold commands, and of FRAME_HERE */
	struct draft draft;
	size_t command; /* being read; NONE */
	size_t pipeline, stage; /* the pipeline being read; NONE */
	size_t outer, outer_stage;
	size_t compound; /* first command of the ( ) { } before; NONE */
	size_t parent, parent_word, parent_at;
	enum shell_nesting nesting;
	unsigned int depth;
	enum expect expect;
	enum redirect redirect;
	unsigned int fd;
	size_t regex; /* open parentheses of a regex in [[ ]] */
	bool is_nameless; /* the command's words have no command position */
	bool is_declaring; /* export, declare... */
	bool is_testing; /* [[ */
	bool is_match; /* the word before was =~ */

	/* of FRAME_PARAM and FRAME_ARRAY: where its text begins */
	size_t at, from;
	struct bytes name;
	char op; /* - = + ? : # % / ^ , [ of ${a:-b}...; 0: none of them */
	bool has_colon;
	bool is_first; /* nothing of the word before it */

	/* of FRAME_HERE: the end of the text around it, its own with the
	 * line that ends it, and for which commands it is */
	size_t limit, after, first;
	bool is_tabs;
};

struct raw_word {
	struct shell_word w;
	size_t command;
	size_t index; /* among words, at last */
};

struct var {
	struct bytes name;
	struct bytes value; /* of an array: its elements, a blank between */
	bool is_known, is_array;
	size_t source; /* raw word that assigned it */
};

struct here {
	size_t first, command; /* the group's, or command itself */
	struct bytes stop;
	bool is_quoted, is_tabs;
};

struct shell {
	struct bytes source;
	size_t pos, limit;
	size_t token; /* where the step began */
	bool is_cut;
	bool is_full; /* stop reading */

	struct str text; /* of words; never moves while reading */
	struct str build; /* of words being read, the innermost last */
	struct str spare;
	size_t expanded; /* bytes that variables gave: as many as text */
	size_t looked; /* bytes looked ahead */

	struct frame frames[FRAMES_MAX];
	size_t n_frames;
	unsigned int n_lists, n_heres;

	struct raw_word *raw;
	size_t n_raw, raw_size;
	struct shell_word *words;
	size_t words_size;
	struct shell_command *commands;
	size_t n_commands, commands_size;
	struct shell_pipeline *pipelines;
	size_t n_pipelines, pipelines_size;

	uint32_t *marks; /* commas of brace lists: places in build */
	size_t n_marks, marks_size;

	struct var vars[VARS_MAX];
	uint16_t order[VARS_MAX]; /* by length and bytes of the name */
	size_t n_vars;
	bool is_ifs[256];

	struct here heres[HERE_MAX];
	size_t n_pending;
};

static inline struct frame *top_frame(struct shell *sh)
{
	return &sh->frames[sh->n_frames - 1];
}

static inline struct frame *host_frame(struct shell *sh)
{
	return &sh->frames[top_frame(sh)->host];
}

static inline struct draft *draft_of(struct shell *sh)
{
	return &host_frame(sh)->draft;
}

static inline bool is_list(const struct frame *f)
{
	return f->kind <= FRAME_CASE;
}

/* The byte n behind the present one, 0 at the end. */
static inline char peek(const struct shell *sh, size_t n)
{
	return n < sh->limit - sh->pos ? sh->source.p[sh->pos + n] : '\0';
}

/* shell_frame.c: the stack */
/* NULL: too deep, which is noted; the text then reads as if flat. */
struct frame *shell_push(struct shell *sh, enum frame_kind kind);
/* Pushes a substitution, whose commands stand in the word being read. */
bool shell_push_nested(
	struct shell *sh, enum frame_kind kind, enum shell_nesting nesting);
/* Pushes a group, loop...: a stage of the pipeline being read. */
bool shell_push_compound(struct shell *sh, enum frame_kind kind);
void shell_close(struct shell *sh);
/* The same of a frame that holds commands and has no word open. */
void shell_pop_list(struct shell *sh);
/* A ) and a `: closes the frame it ends, and what is open in that. */
void shell_close_paren(struct shell *sh);
void shell_tick(struct shell *sh, bool is_inner);

/* shell_table.c: what is read */
/* Makes room for one more of n; false when there is none: reading ends. */
bool shell_room(struct shell *sh, void **p, size_t *size, size_t n, size_t max,
	size_t each);
/* The frame's command, a new one if it has none. NULL: no room. */
struct shell_command *shell_command_open(struct shell *sh, struct frame *f);
void shell_command_end(struct shell *sh, struct frame *f);
bool shell_pipeline_open(struct shell *sh, struct frame *f);
void shell_pipeline_end(struct shell *sh, struct frame *f);
/* Takes the frame's only word back: it was a function's name. */
void shell_command_drop(struct shell *sh, struct frame *f);
/* Copies to the text of words. */
struct bytes shell_keep(struct shell *sh, struct bytes b);
void shell_finish(struct shell *sh);

/* shell_draft.c: the word being read */
void shell_open(struct shell *sh);
void shell_add(struct shell *sh, const char *p, size_t n);
/* Adds what a variable gave, split where the shell would. */
void shell_add_value(struct shell *sh, struct bytes value);
void shell_draft_drop(struct shell *sh, struct frame *f);
/* Ends the word, if one is open, and puts it where it belongs. */
void shell_end(struct shell *sh);
struct bytes shell_draft_text(struct shell *sh, const struct draft *d);

/* shell_var.c: variables */
void shell_var_reset(struct shell *sh);
const struct var *shell_var_find(const struct shell *sh, struct bytes name);
void shell_var_set(struct shell *sh, const struct var *var);
/* $NAME, ${NAME}; written is how it stands in the source. */
void shell_var_expand(
	struct shell *sh, struct bytes name, struct bytes written);
/* The end of ${NAME...}, whose text is build from f->from on. */
void shell_var_close(struct shell *sh, const struct frame *f);

/* shell_param.c: values changed */
/* Adds what ${a#x} and the like make of v, which is known; text stands behind
 * op. False: that cannot be told. */
bool shell_param(
	struct shell *sh, const struct var *v, char op, struct bytes text);
/* The n-th element, from 0; empty if there is none. */
struct bytes shell_element(struct bytes array, uint64_t n);

/* shell_text.c: what is the same in and outside of words */
void shell_single(struct shell *sh);
void shell_escape(struct shell *sh);
void shell_dollar(struct shell *sh);
void shell_text_step(struct shell *sh);
/* Length of an arithmetic ((...)) at pos + from; 0: it is something else. */
size_t shell_arithmetic(struct shell *sh, size_t from, bool is_for);

/* shell_list.c: commands and operators */
void shell_list_step(struct shell *sh);

/* shell_keyword.c */
void shell_expect(struct frame *f, enum expect what);
/* Takes the word if it is a keyword, or what one waited for. */
bool shell_keyword(struct shell *sh, struct frame *f, struct bytes word);

/* shell_redirect.c */
void shell_redirect(struct shell *sh, struct frame *f);
/* Takes the word behind a redirection. */
void shell_redirect_take(struct shell *sh, struct frame *f, struct bytes word);
/* At the start of a line: reads the here-documents announced before. */
void shell_here_start(struct shell *sh);
void shell_here_end(struct shell *sh, struct frame *f);

#endif
