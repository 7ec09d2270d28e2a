// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef PROGRAM_STATE_H
#define PROGRAM_STATE_H

/* A text that is being joined: for program's own files. */

#include <stdint.h>

#include "program.h"
#include "script.h"

/* Tokens that wait for what is behind them; a list may be that long. */
#define STACK_MAX 16384
/* Elements of all lists. */
#define ITEMS_MAX 16384
#define OPENS_MAX 128
/* A dropper has a few of each; every name is looked up among them. */
#define VARS_MAX      128
#define FUNCTIONS_MAX 32
#define PARAMS_MAX    4
/* A function's one expression, and how often and deep they are put in. */
#define BODY_MAX   2048
#define CALLS_MAX  64
#define NESTED_MAX 4

enum program_kind {
	PROGRAM_NAME,
	PROGRAM_NUMBER,
	PROGRAM_STRING,
	PROGRAM_LIST, /* of strings */
	PROGRAM_MAP, /* a list of keys and values, by turns */
	PROGRAM_NUMBERS, /* a list of numbers: a run of the source */
	PROGRAM_CHAR, /* chr(65): a string, but nothing says so yet */
	PROGRAM_OP,
	PROGRAM_RAW /* as it stands in the text arena */
};

/* Operators of more than one character; the others are their character. */
enum program_op {
	OP_EQUAL = 'E', /* ==, ===, != */
	OP_ASSIGN = '=', /* =, := */
	OP_APPEND = 'P', /* +=, .=, ..= */
	OP_ARROW = 'A', /* ->, =>, :: */
	OP_CONCAT = 'C', /* .. */
	OP_FORMAT = 'F', /* -f */
	OP_JOIN = 'J', /* -join */
	OP_REPLACE = 'R', /* -replace */
	OP_LINE = '\n'
};

struct program_token {
	unsigned char kind;
	char op;
	bool is_changed; /* it is not what stands in the source */
	bool is_moved; /* its value went elsewhere */
	bool is_words; /* of a string: qw(a b), a list of its words */
	bool is_called; /* of an opening bracket: behind a name */
	uint32_t gap, at, end; /* in the source: blanks before it, itself */
	/* A string's or raw text in the arena; a list's elements; a number. */
	uint32_t value, len;
};

struct program_var {
	struct bytes name;
	struct program_token value;
	uint32_t def; /* where on the stack it got that */
	int next; /* of the same hash, -1 at the end */
};

struct program_function {
	struct bytes name;
	struct bytes params[PARAMS_MAX];
	unsigned int n_params;
	size_t at, end; /* its expression */
};

struct program {
	struct bytes src;
	enum invocation_language language;
	size_t pos, stop;
	struct str arena;
	struct str scratch;
	struct str inner, joined; /* of a text in a shell's */
	struct str lines; /* the caller's */
	struct words *hints; /* at languages: a bit for each */
	struct script *script;
	struct str *out;
	struct program_token *stack;
	size_t n;
	struct bytes_at {
		uint32_t at, len;
	} * items;
	size_t n_items;
	uint32_t opens[OPENS_MAX];
	size_t n_opens;
	struct program_var vars[VARS_MAX];
	int n_vars;
	int heads[64];
	struct program_function functions[FUNCTIONS_MAX];
	unsigned int n_functions, calls, nested;
	bool is_dead[256]; /* no more strings of that quote */
	bool is_changed;
	bool is_capped; /* since program_renew */
};

/* program_lex.c: the next token at pos. False: the end. */
bool program_lex(struct program *p, struct program_token *t);
/* Past blanks and comments; at is then at a line break or more. */
size_t program_skip(const struct program *p, size_t at);

static inline bool program_is(const struct program_token *t, char op)
{
	return t->kind == PROGRAM_OP && t->op == op;
}

/* The n-th token from the top of the stack; if there is none, an operator that
 * is none. */
static inline const struct program_token *program_top(
	const struct program *p, size_t n)
{
	static const struct program_token none = { .kind = PROGRAM_OP };

	return n < p->n ? &p->stack[p->n - 1 - n] : &none;
}

/* program_settle.c: the token on top is a value; joins it to what is before it,
 * and gives it to a name. */
void program_settle(struct program *p);
bool program_is_concat(const struct program *p, const struct program_token *t);
/* Whether what is behind the token binds it tighter than a + does. */
bool program_is_postfix(const struct program *p);
/* Whether a . joins strings in the language. */
bool program_has_dots(const struct program *p);

/* program_string.c: a string whose contents begin at at, up to close; *end is
 * then behind it. False: it does not end. */
struct program_quote {
	size_t at;
	char open, close; /* open: they may be nested; else NUL */
	unsigned int n; /* how many close it: ''' */
	bool is_raw; /* \ is only that */
	bool is_single; /* only \\ and \' are escapes */
	bool is_doubled; /* '' is a quote */
	char marks; /* of values in it: { $ # or NUL */
	char escape;
};

bool program_read(struct program *p, const struct program_quote *q,
	struct program_token *t, size_t *end);
/* Writes a string so that what reads the text finds it. */
void program_write(struct program *p, struct bytes s, struct str *out);

/* A string's text; of a number, whose value is no place, nothing. */
static inline struct bytes program_value(
	const struct program *p, const struct program_token *t)
{
	if (t->value > p->arena.len || t->len > p->arena.len - t->value ||
		!p->arena.p)
		return BYTES("");
	return (struct bytes){ p->arena.p + t->value, t->len };
}

/* The source that a token stands for. */
static inline struct bytes program_source(
	const struct program *p, const struct program_token *t)
{
	return (struct bytes){ p->src.p + t->at, t->end - t->at };
}

/* program_name.c: variables and functions. */
struct program_var *program_find(struct program *p, struct bytes name);
void program_bind(struct program *p, struct bytes name,
	const struct program_token *value, uint32_t def);
/* The same, hiding one of that name until program_unbind. */
void program_param(struct program *p, struct bytes name,
	const struct program_token *value);
/* Forgets all but the first n. */
void program_unbind(struct program *p, int n);
/* (lambda ...) that is called where it stands: the token becomes its name, as
 * long as it is, and the bracket before it is taken back. */
bool program_lambda(struct program *p, struct program_token *t);
/* A definition whose first word is the token: lambda, function, def. */
void program_define(struct program *p, const struct program_token *t);
const struct program_function *program_function(
	const struct program *p, struct bytes name);

/* Where at is in len characters; from behind if it is less than 0. */
static inline size_t program_place(long at, long len)
{
	if (at < 0)
		at += len;
	return (size_t)(at < 0 ? 0 : at > len ? len : at);
}

/* program_call.c: what is known of a bracket that is closed, whose other one is
 * at open and which is on top of the stack. True: its value is there now. */
bool program_call(struct program *p, size_t open);
/* The name on top of the stack is Ruby's method of a list, without brackets. */
bool program_bare(struct program *p);
/* Puts t where the tokens from from to the top are: true. */
bool program_become(struct program *p, size_t from, struct program_token *t);
/* Makes qw(a b) a list. */
void program_words(struct program *p, struct program_token *t);
/* The strings between the bracket at open and the one on top. False: there is
 * something else. */
bool program_list(struct program *p, size_t open, struct program_token *to);

/* Arguments of a call that are told apart. */
#define ARGS_MAX     8
#define NAME_MAX_LEN 64

struct program_args {
	size_t open; /* the bracket */
	size_t from; /* the first token that is part of it */
	char text[NAME_MAX_LEN];
	struct bytes name; /* in text */
	const struct program_token *self; /* whose method it is; NULL: none */
	struct program_token args[ARGS_MAX];
	size_t n;
};

/* program_finish.c: an expression ends: what its operators of the lowest rank
 * make of it, PowerShell's -f, Perl's join without brackets. */
bool program_finish(struct program *p);
/* A statement ends: what a name was given is put where it is used, should it be
 * a call with a string. */
void program_keep(struct program *p);

/* program_method.c: the value of a call. False: it is not known. */
bool program_apply(struct program *p, const struct program_args *c,
	struct program_token *to);
/* Exchanges what a pattern finds in s, if it is a simple one. */
bool program_by_pattern(struct program *p, struct program_token *s,
	struct bytes from, struct bytes to);

/* program_value.c: appends a part of the arena to it. */
void program_copy(struct program *p, size_t at, size_t len);
/* Each of these makes *to, or the string itself, what comes out. */
bool program_merge(struct program *p, const struct program_token *a,
	const struct program_token *b, struct program_token *to);
/* Every place of from becomes with; both are in the arena. */
bool program_replace(struct program *p, struct program_token *s,
	struct bytes from, struct bytes with);
bool program_glue(struct program *p, const struct program_token *list,
	struct bytes between, struct program_token *to);
/* The elements of a and b. */
bool program_extend(struct program *p, const struct program_token *a,
	const struct program_token *b, struct program_token *to);
/* '%s' and '{0}', of a list or of one string. */
bool program_format(struct program *p, const struct program_token *s,
	const struct program_token *list, struct program_token *to);
/* The pieces between the places of by. */
bool program_part(struct program *p, const struct program_token *s,
	struct bytes by, struct program_token *to);
/* As tr does; to may be empty. */
bool program_map(struct program *p, struct program_token *s, struct bytes from,
	struct bytes to);

/* program_text.c: adds what hints at a language. False: out of memory. */
struct words;
bool program_hints(struct words *to);

/* program.c: puts a token on the stack and joins what can be. */
void program_push(struct program *p, const struct program_token *t);
/* Adds what a token says to out, which may be the arena. */
void program_token_write(
	struct program *p, const struct program_token *t, struct str *out);
/* Reads the source from at to end. */
void program_run(struct program *p, size_t at, size_t end);

#endif
