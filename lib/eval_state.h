// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef EVAL_STATE_H
#define EVAL_STATE_H

/* A shell text that is being worked out: for eval's own files. */

#include <stdint.h>

#include "command.h"
#include "eval.h"
#include "invocation.h"
#include "script.h"
#include "shell.h"

#define FIELDS_MAX    4096
#define LIST_MAX      4096
#define ARGS_MAX      4096
#define ELEMENTS_MAX  8192
#define VARS_MAX      512
#define FUNCTIONS_MAX 64
#define FILES_MAX     16
#define CHAINS_MAX    128
/* Of commands, words and calls in each other: each takes some stack. */
#define DEPTH_MAX 96
#define HEADS     256
/* Variables that a command has for itself: A=b command. */
#define SAVED_MAX  8
#define LOCALS_MAX 128

/* How a text came about. */
#define IS_UNKNOWN 1 /* nobody can tell what it is */
#define IS_HIDDEN  2 /* out of a decoder, or a cipher */
#define IS_DECODED 4
#define IS_LINE    8 /* its last byte is the newline that echo adds */
#define IS_FILLED  16 /* a word that is not all written where it stands */
#define IS_FOUND   32 /* a command's name, or nothing if there is no such one */

struct eval_note {
	unsigned char flags, chain; /* chain 0: nothing was undone */
	unsigned short pieces; /* short ones that variables gave, */
	unsigned short filled; /* and their bytes */
	size_t made; /* bytes that nobody wrote: of escapes, from behind */
};

struct eval_value {
	struct bytes text; /* in the arena or a source: it stays */
	struct eval_note note;
};

enum eval_status { STATUS_TRUE, STATUS_FALSE, STATUS_UNKNOWN };

struct eval_var {
	struct bytes name;
	struct eval_value value;
	bool is_set, is_array, is_keyed;
	uint32_t first, last, n; /* of an array: its elements */
	int next;
};

struct eval_element {
	struct bytes key; /* of an array by name; else p is NULL */
	int64_t index;
	struct eval_value value;
	uint32_t next;
};

/* A place in a source from which it can be read again. */
struct eval_place {
	struct bytes src;
	size_t pos;
	/* The end of the line that announced here-documents, the place of the
	 * last such <<, and the end of its text. */
	size_t here_line, here_at, here_end;
};

enum eval_jump { JUMP_NONE, JUMP_BREAK, JUMP_CONTINUE, JUMP_RETURN };

/* A word being read. */
struct eval_draft {
	size_t from; /* its text is build from there on, */
	struct bytes view; /* unless it is all of this */
	struct eval_note note;
	bool is_open; /* there is a word, if an empty one */
	bool splits; /* into fields */
	bool is_pattern; /* quoted bytes have a \ before them */
	bool is_quoted; /* what is read now stands in "..." */
};

struct eval {
	struct bytes root; /* the text that all began with, and its words */
	struct eval_place at;
	struct str arena, out, build;
	struct eval_note out_note; /* of what is in out */
	struct eval_value in; /* standard input; what is left of it */
	size_t left; /* steps */
	bool is_over;
	unsigned int depth, skip, level; /* level: of results */
	unsigned int captures; /* what is written goes somewhere */
	enum eval_status status;
	enum eval_jump jump;
	unsigned int n_loops, jumps; /* loops around; those to leave */
	unsigned int n_calls, unsure; /* under a condition nobody can tell */
	struct {
		int var;
		struct eval_var before;
	} locals[LOCALS_MAX];
	size_t n_locals;
	uint64_t changes; /* of variables and the input */

	struct eval_value fields[FIELDS_MAX]; /* of commands being read */
	size_t n_fields;
	struct eval_value list[LIST_MAX]; /* of expansions */
	size_t n_list;
	struct eval_value zero; /* $0 */
	struct eval_value args[ARGS_MAX]; /* $1... of functions */
	size_t args_top, args_at, n_args;
	bool has_args;

	struct eval_var vars[VARS_MAX];
	size_t n_vars;
	int heads[HEADS];
	struct eval_element elements[ELEMENTS_MAX];
	size_t n_elements;
	bool is_ifs[256];
	struct bytes ifs;

	struct {
		struct bytes name;
		struct eval_place body;
	} functions[FUNCTIONS_MAX];
	size_t n_functions;
	struct {
		struct bytes name;
		struct eval_value value;
	} files[FILES_MAX];
	size_t n_files;
	struct {
		const char *name;
		unsigned char before;
	} chains[CHAINS_MAX];
	size_t n_chains;
	struct names builtins, commands;
	struct script *script; /* for programs; the caller's */

	struct bytes argv[FIELDS_MAX]; /* of the command being worked out */
	struct eval_result results[EVAL_RESULTS_MAX];
	size_t n_results;
};

/* The byte n behind the present one, 0 at the end. */
static inline char eval_peek(const struct eval *e, size_t n)
{
	return e->at.pos < e->at.src.len && n < e->at.src.len - e->at.pos
		       ? e->at.src.p[e->at.pos + n]
		       : '\0';
}

static inline bool eval_is_end(const struct eval *e)
{
	return e->at.pos >= e->at.src.len;
}

static inline bool eval_is_known(const struct eval_value *v)
{
	return !(v->note.flags & IS_UNKNOWN);
}

/* Whether a condition about it can be decided. */
static inline bool eval_is_certain(const struct eval_value *v)
{
	return !(v->note.flags & (IS_UNKNOWN | IS_FOUND));
}

static inline struct eval_value eval_literal(struct bytes text)
{
	return (struct eval_value){ .text = text };
}

static inline struct eval_value eval_unknown(void)
{
	return (struct eval_value){ .text = { "", 0 },
		.note.flags = IS_UNKNOWN };
}

/* eval.c */
/* Takes n steps. False: there are no more, and all comes to its end. */
bool eval_step(struct eval *e, size_t n);
/* Goes in one deeper, and out. */
bool eval_enter(struct eval *e);
void eval_leave(struct eval *e);
struct bytes eval_keep(struct eval *e, struct bytes b);
struct eval_value eval_number(struct eval *e, int64_t n);
/* What came from both. */
void eval_inherit(struct eval_note *to, struct eval_note from);
void eval_undone(struct eval *e, struct eval_note *to, const char *name);
/* Adds to what is written. */
void eval_write(struct eval *e, const struct eval_value *v);
/* A text comes to an interpreter, or out of what is worked out. */
void eval_tell(struct eval *e, const struct eval_value *v, bool is_run);
/* What a program in another language makes. */
void eval_tell_made(struct eval *e, const struct script_result *r);
bool eval_is_there(struct eval *e, struct bytes in, struct bytes what);
/* A command with its words: told if its name was put together. */
void eval_tell_command(
	struct eval *e, const struct eval_value *first, size_t n);
/* Reads text as the shell would, where it is. */
void eval_text(struct eval *e, struct bytes text);

/* eval_var.c */
struct eval_var *eval_var_get(struct eval *e, struct bytes name);
/* A new one if there is none; NULL: no room. */
struct eval_var *eval_var_make(struct eval *e, struct bytes name);
void eval_var_set(
	struct eval *e, struct bytes name, const struct eval_value *v);
void eval_var_append(
	struct eval *e, struct bytes name, const struct eval_value *v);
void eval_var_unset(struct eval *e, struct bytes name);
/* To NAME or NAME[...], as printf -v and read have it. */
void eval_store(
	struct eval *e, struct bytes target, const struct eval_value *v);
/* What it is now comes back when the function ends. */
void eval_local(struct eval *e, struct bytes name);
void eval_locals_end(struct eval *e, size_t n);
/* Empties it for elements. */
struct eval_var *eval_array(struct eval *e, struct bytes name);
/* The element of a key, or of a number where key.p is NULL; is_new: one is
 * made. */
struct eval_element *eval_element(struct eval *e, struct eval_var *v,
	struct bytes key, int64_t index, bool is_new);
void eval_array_add(
	struct eval *e, struct eval_var *v, const struct eval_value *value);
/* IFS may have another value. */
void eval_ifs(struct eval *e);
/* $1 and so on: the n fields from first on; back to what was. */
struct eval_args {
	size_t top, at, n;
	bool has;
};
struct eval_args eval_args_push(
	struct eval *e, const struct eval_value *first, size_t n);
void eval_args_pop(struct eval *e, struct eval_args before);

/* eval_word.c */
/* Reads the word at pos as fields, which are added. */
void eval_word(struct eval *e);
/* The same as one text; a pattern. */
struct eval_value eval_word_one(struct eval *e, bool is_pattern);
/* What stands up to one of the bytes of stop, expanded. */
struct eval_value eval_until(
	struct eval *e, const char *stop, bool is_pattern, bool is_quoted);
/* A here-document's text. */
struct eval_value eval_here(struct eval *e, struct bytes text);
void eval_draft_add(struct eval *e, struct eval_draft *d,
	const struct eval_value *v, bool is_literal);
/* Ends the field that is being read. */
void eval_draft_end(struct eval *e, struct eval_draft *d);
/* The word at pos without its quotes, as it is written. */
struct bytes eval_raw(struct eval *e, bool *is_quoted);
/* Runs what follows up to a ) and gives what that writes. */
struct eval_value eval_capture(struct eval *e);

/* eval_brace.c: a{b,c} at pos, as words of their own. False: it is none. */
bool eval_braces(struct eval *e);

/* eval_param.c: ${...} and $NAME at pos */
void eval_param(struct eval *e, struct eval_draft *d);
void eval_named(struct eval *e, struct eval_draft *d);

/* eval_glob.c */
bool eval_match(struct eval *e, struct bytes pattern, struct bytes text);
/* ${v#p} and the like: how is one of # % / and twice it is the longest, or all.
 */
struct eval_value eval_strip(struct eval *e, const struct eval_value *v,
	char how, bool is_longest, struct bytes pattern);
struct eval_value eval_exchange(struct eval *e, const struct eval_value *v,
	char how, struct bytes pattern, const struct eval_value *with);

/* ${v^^} and the like; ${v@E} and others. */
struct eval_value eval_change_case(
	struct eval *e, const struct eval_value *v, char how, bool is_all);
struct eval_value eval_transform(
	struct eval *e, const struct eval_value *v, char how);

/* eval_arith.c. False: it has no value that is known. */
bool eval_arith(struct eval *e, struct bytes text, int64_t *n);
/* $((...)) or ((...)) at pos, behind its brackets then. False: it is none. */
bool eval_double_paren(struct eval *e, struct eval_value *v);

/* eval_list.c */
void eval_list(struct eval *e);
/* Past blanks; and newlines, where commands may begin. */
void eval_blanks(struct eval *e);
void eval_newlines(struct eval *e);
/* Whether the word stands at pos, as it is; takes it if it does. */
bool eval_is_word(const struct eval *e, const char *word);
bool eval_take(struct eval *e, const char *word);
void eval_pipeline(struct eval *e);
/* eval_compound.c: what begins with a keyword at pos. False: none does. */
bool eval_compound(struct eval *e);
void eval_call(struct eval *e, struct eval_place body,
	const struct eval_value *args, size_t n);

/* eval_simple.c */
struct eval_redirect {
	struct eval_value in, file;
	bool has_in, has_file, is_append;
};
void eval_simple(struct eval *e);
/* A redirection at pos; false: there is none. */
bool eval_redirect(struct eval *e, struct eval_redirect *r);
/* Gives what was written from mark on to the file. */
void eval_redirect_end(
	struct eval *e, const struct eval_redirect *r, size_t mark);
/* NAME=, NAME+=, NAME[...]= at pos, which is then behind it. */
bool eval_assign(struct eval *e);
bool eval_is_assign(const struct eval *e);

/* eval_command.c: a command with its words */
void eval_command(struct eval *e, size_t first, size_t n);
/* What nobody can tell of a command: its output, and whether it went well. */
void eval_forget(struct eval *e);
/* eval_xargs.c: xargs is word at of those from first on, its command begins at
 * to, and ends with the fields. */
void eval_xargs(struct eval *e, size_t first, size_t at, size_t to);
struct eval_value *eval_file(struct eval *e, struct bytes name);
void eval_file_set(struct eval *e, struct bytes name,
	const struct eval_value *v, bool is_append);
struct eval_value eval_output_take(struct eval *e, size_t from);

/* An interpreter of shell texts is given v. */
void eval_interpret(struct eval *e, const struct eval_value *v);
/* Words from first on as one text, with blanks between. */
struct eval_value eval_joined(
	struct eval *e, const struct eval_value *first, size_t n);

/* eval_program.c: the program in another language that a command is given. */
void eval_program(
	struct eval *e, size_t first, size_t n, const struct invocation *inv);

/* eval_builtin.c: the names of all; false: too many. */
bool eval_builtins(struct names *to) __attribute__((warn_unused_result));
/* False: it is none. */
bool eval_builtin(struct eval *e, size_t first, size_t n);
/* eval_found.c: which NAME and its like. False: it is none. */
bool eval_found(struct eval *e, const struct eval_value *words, size_t n);
/* More than one name was written: nobody knows which of them. */
void eval_found_end(struct eval_value *v);

/* eval_read.c */
void eval_read(struct eval *e, struct eval_value *words, size_t n);
void eval_mapfile(struct eval *e, struct eval_value *words, size_t n);

/* eval_test.c */
enum eval_status eval_test(
	struct eval *e, const struct eval_value *words, size_t n);
/* [[ at pos. */
void eval_conditional(struct eval *e);

#endif
