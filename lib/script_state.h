// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SCRIPT_STATE_H
#define SCRIPT_STATE_H

/* A program that is being worked out: for script's own files. */

#include <stdint.h>

#include "script.h"
#include "script_dictionary.h"

#define TOKENS_MAX    16384
#define ITEMS_MAX     65536
#define NAMES_MAX     1024
#define VARS_MAX      512
#define FUNCTIONS_MAX 64
#define PARAMS_MAX    6
#define MEMBERS_MAX   64
#define ARGS_MAX      16
#define CHAINS_MAX    128
#define OPENS_MAX     256
/* Expressions in each other, and calls. */
#define DEPTH_MAX 240
/* Steps for each byte of a text, and for any; and for all of an event's. */
#define STEPS_PER_BYTE 40
#define STEPS_MIN      (32 * 1024)
#define STEPS_MAX      (256 * 1024)

enum script_kind {
	SCRIPT_END,
	SCRIPT_NAME,
	SCRIPT_NUMBER,
	SCRIPT_STRING,
	SCRIPT_PATTERN, /* /a/, s/a/b/: two strings */
	SCRIPT_OP,
	SCRIPT_LINE /* its end, where that ends a statement */
};

enum script_op {
	OP_EQ = 256,
	OP_NE,
	OP_LE,
	OP_GE,
	OP_AND,
	OP_OR,
	OP_NOT,
	OP_IN,
	OP_MATCH, /* =~ */
	OP_NMATCH,
	OP_ARROW, /* => */
	OP_SET, /* =, and += and the like with what they do in with */
	OP_INC,
	OP_DEC,
	OP_POW,
	OP_SHL,
	OP_SHR,
	OP_RANGE, /* .., ... */
	OP_CONCAT,
	OP_XOR,
	OP_FLOOR,
	OP_REPEAT, /* Perl's x */
	OP_JOIN,
	OP_SPLIT,
	OP_REPLACE,
	OP_FORMAT,
	OP_MEMBER, /* ., ->, ::, Lua's : */
	OP_CAST /* PowerShell's [char] */
};

enum script_word {
	WORD_NONE,
	WORD_FOR,
	WORD_WHILE,
	WORD_UNTIL,
	WORD_IF,
	WORD_ELIF,
	WORD_ELSE,
	WORD_UNLESS,
	WORD_DEF,
	WORD_CLASS,
	WORD_LAMBDA,
	WORD_RETURN,
	WORD_IMPORT,
	WORD_FROM,
	WORD_DECLARE, /* my, var, let, local */
	WORD_DO,
	WORD_THEN,
	WORD_END,
	WORD_BREAK,
	WORD_CONTINUE,
	WORD_TRY, /* a block that is run */
	WORD_CATCH, /* one that is not */
	WORD_IN,
	WORD_AS,
	WORD_BEGIN,
	WORD_SKIP /* new, await and the like */
};

struct script_token {
	unsigned char kind;
	bool is_spaced, is_first; /* behind a blank; in its line */
	char mark; /* of values in a string */
	char first; /* of its text: a sigil, a quote */
	bool has_sigil;
	bool is_list; /* qw(a b) */
	bool is_code; /* what s/// puts in is an expression */
	bool is_copied; /* s///r leaves the variable as it is */
	bool is_bytes; /* b'' */
	unsigned short op, with; /* an operator; what a += does besides */
	unsigned short name, indent;
	uint32_t at, end; /* in the source */
	uint32_t value, len; /* a string in the arena */
	uint32_t value2, len2; /* a pattern's replacement */
	/* Of a number that is big: its digits in the arena, and the base. */
	/* Of a bracket, do or def: the other one; of one of Python's, too,
	 * where its for is, or 0. Of code: its tokens. Of a string: those of
	 * the expressions in it. */
	uint32_t other, clause;
	int64_t number;
};

enum script_type {
	SCRIPT_UNKNOWN,
	SCRIPT_INT,
	SCRIPT_BIG, /* a number of more than 62 bits: bytes, the highest first
		     */
	SCRIPT_TEXT,
	SCRIPT_LIST,
	SCRIPT_MAP, /* a list of keys and values by turns */
	SCRIPT_FUNCTION,
	SCRIPT_BUILTIN /* by its name */
};

/* How a value came about. */
#define IS_HIDDEN  1 /* out of a decoder */
#define IS_CHANGED 2 /* by a shift, a rotation, from behind */
#define IS_COUNTED 4 /* nobody wrote the number */
#define IS_BYTES   8 /* a text whose elements are numbers */
#define IS_PATTERN 16 /* between slashes */
#define IS_CLASS   16 /* a map of what its block names */
#define IS_CYCLE   32 /* again and again */
#define IS_ODD     64 /* a literal that nobody could read */
#define IS_REST    128 /* a list of the arguments that are too many */

struct script_value {
	unsigned char type, flags;
	unsigned char chain; /* 0: nothing was undone */
	uint32_t at, len; /* in the arena; items; a function or name */
	/* Its own; of a text, how many of its bytes were hidden; of a list, how
	 * many items there is room for; of a function, where the len variables
	 * are that it keeps. */
	int64_t number;
};

struct script_name {
	struct bytes text;
	unsigned short word, call; /* a keyword; a row of the built-in ones */
	int next;
};

struct script_function {
	uint32_t at, end; /* tokens */
	unsigned short params[PARAMS_MAX];
	uint32_t defaults[PARAMS_MAX]; /* tokens; 0: there is none */
	unsigned int n_params, rest; /* rest: 1 is the first; 0: none */
	bool is_expression;
	bool is_apart; /* one list is told apart for the names */
};

/* Of awk's rules, where the input is known. */
enum script_phase { PHASE_NONE, PHASE_BEGIN, PHASE_LINE, PHASE_END };

enum script_jump { JUMP_NONE, JUMP_BREAK, JUMP_CONTINUE, JUMP_RETURN };

struct script {
	struct script_dictionary keywords, calls;
	struct bytes src;
	enum invocation_language language;
	struct script_token *tokens;
	size_t n_tokens, pos;
	size_t here; /* where the lines of a <<WORD end, as it is read; or 0 */
	size_t end; /* of the program; behind it are those in its strings */
	struct script_value *items;
	size_t n_items;
	struct str arena, scratch;
	struct script_name names[NAMES_MAX];
	size_t n_names;
	int heads[256];
	struct {
		unsigned short name;
		struct script_value value;
	} vars[VARS_MAX];
	size_t n_vars, base; /* of the function that is worked out */
	size_t floor; /* names are given values from here on */
	unsigned int n_calls; /* in each other */
	struct {
		unsigned short name;
		struct script_value value;
	} members[MEMBERS_MAX]; /* of all objects */
	size_t n_members;
	struct script_function functions[FUNCTIONS_MAX];
	size_t n_functions;
	struct {
		const char *name;
		unsigned char before;
	} chains[CHAINS_MAX];
	size_t n_chains;
	size_t steps, steps_max, left; /* left: for the event's other texts */
	unsigned int depth, skip; /* skip: read, not worked out */
	bool no_comma, no_block;
	enum script_jump jump;
	struct script_value last; /* of the last statement, or returned */
	unsigned short underscore, args; /* names of $_ and @_ */
	struct script_value groups[4]; /* $1 ... of the last match */

	struct str written; /* in pieces, since the last that nobody knows */
	struct script_value writing; /* how it came about */
	size_t n_writes, n_lines;
	bool is_piped; /* it goes to an interpreter */
	bool is_line; /* a newline of the call's own is the last of it */
	bool is_lost; /* something was written that nobody knows */

	bool is_filter; /* what is written is all that is asked for */
	struct script_value in, lines; /* what is read, if that is known */
	enum script_phase phase;
	bool has_rules; /* awk's, beside BEGIN and END */
	struct script_value record, fields; /* awk's $0, $1... */

	struct str texts; /* of results */
	struct script_result results[SCRIPT_RESULTS_MAX];
	size_t n_results;
	bool is_full; /* something of this text was left out */
	bool is_capped;
};

static inline bool script_is(const struct script *s, enum invocation_language l)
{
	return s->language == l;
}

static inline const struct script_token *script_peek(
	const struct script *s, size_t n)
{
	return &s->tokens[s->pos + n < s->n_tokens ? s->pos + n
						   : s->n_tokens - 1];
}

static inline bool script_is_op(const struct script_token *t, unsigned int op)
{
	return t->kind == SCRIPT_OP && t->op == op;
}

static inline enum script_word script_word(
	const struct script *s, const struct script_token *t)
{
	return t->kind == SCRIPT_NAME && !t->has_sigil
		       ? (enum script_word)s->names[t->name].word
		       : WORD_NONE;
}

/* Takes the operator, if it is next. */
static inline bool script_take(struct script *s, unsigned int op)
{
	if (!script_is_op(script_peek(s, 0), op))
		return false;
	s->pos++;
	return true;
}

static inline struct bytes script_text(
	const struct script *s, const struct script_value *v)
{
	if (v->type != SCRIPT_TEXT || v->at > s->arena.len ||
		v->len > s->arena.len - v->at || !s->arena.p)
		return BYTES("");
	return (struct bytes){ s->arena.p + v->at, v->len };
}

static inline struct script_value script_int(int64_t n)
{
	return (struct script_value){ .type = SCRIPT_INT, .number = n };
}

/* script_lex.c: the tokens of the source. */
void script_lex(struct script *s);
unsigned short script_name(struct script *s, struct bytes text);
/* Adds those of the source from pos on, and an end. */
void script_lex_more(struct script *s);
/* Whether the last token ends an operand, so that an operator follows. */
bool script_ends_operand(const struct script *s);
/* script_gate.c: whether the tokens can make a text that is not among them. */
bool script_may_make(const struct script *s);
/* script_operator.c: the operator at pos; a name that is one. */
void script_operator(struct script *s, struct script_token *t);
void script_word_operator(const struct script *s, struct script_token *t);
/* script_number.c: the number at pos, and Perl's v112.114, if it is one. */
void script_number(struct script *s, struct script_token *t);
bool script_version(struct script *s, struct script_token *t);
/* script_big.c: the value of a number that is big, and what is done with one.
 */
struct script_value script_big(struct script *s, struct bytes digits, int base);
struct script_value script_number_of(
	struct script *s, const struct script_token *t);
struct script_value script_to_bytes(
	struct script *s, const struct script_value *a, size_t n);
struct script_value script_bit_length(
	const struct script *s, const struct script_value *v);
/* Its digits. */
struct script_value script_digits(
	struct script *s, const struct script_value *v, int64_t base);
/* script_quote.c: the string whose contents begin at i; behind it. 0: it has no
 * end. */
struct script_quote {
	char open, close; /* open: nested, or NUL */
	unsigned int n; /* how many close it */
	bool is_raw, is_single, is_doubled;
	char escape;
};
size_t script_quote(struct script *s, size_t i, const struct script_quote *q,
	uint32_t *at, uint32_t *len);
/* script_delimited.c: q(a), s/a/b/ and the like, whose word is from pos to i;
 * the pattern whose slash is at i; Ruby's %w(a b) at pos. */
bool script_delimited(struct script *s, size_t i, struct script_token *t);
bool script_slashed(struct script *s, size_t i, struct script_token *t);
bool script_percent(struct script *s, struct script_token *t);
/* script_heredoc.c: <<WORD at pos. */
bool script_heredoc(struct script *s, struct script_token *t);
/* Finds the other ends of brackets and blocks. */
void script_pair(struct script *s);

/* script_block.c: statements from token at to end. */
void script_block(struct script *s, size_t at, size_t end);
struct script_value *script_find(struct script *s, unsigned short name);
void script_bind(
	struct script *s, unsigned short name, const struct script_value *v);
/* Hides one of that name until n_vars is what it was. */
void script_push(
	struct script *s, unsigned short name, const struct script_value *v);
/* Past the head of a statement, which began at head, to its block, and where
 * that ends; *next is behind it. */
size_t script_body(struct script *s, size_t head, size_t *next);
/* script_function.c */
struct script_value script_call_function(struct script *s,
	const struct script_value *function, const struct script_value *args,
	size_t n);
/* Any value that can be called. */
struct script_value script_call_value(struct script *s,
	const struct script_value *f, const struct script_value *args,
	size_t n);
/* Reads a function's parameters up to close, |a, b|. */
void script_params(
	struct script *s, struct script_function *f, unsigned int close);
struct script_value script_add_function(
	struct script *s, const struct script_function *f);
/* Arguments as a list, with those that were too many. */
struct script_value script_all(
	struct script *s, const struct script_value *args, size_t n);
/* script_class.c: the class at pos: a map of what its block names. */
void script_class(struct script *s);
/* An object of a class; of an object, what calling it gives. */
struct script_value script_object(struct script *s,
	const struct script_value *of, const struct script_value *args,
	size_t n);
/* What a function that was found in an object gives. */
struct script_value script_method(struct script *s,
	const struct script_value *self, const struct script_value *f,
	const struct script_value *args, size_t n);
/* A value by its name: of a map, or of any object; NULL: there is none. */
struct script_value *script_field(
	struct script *s, const struct script_value *of, struct bytes key);
/* Gives a member a value. */
void script_set_field(struct script *s, const struct script_value *of,
	unsigned short name, const struct script_value *v);
/* script_loop.c */
bool script_is_control(const struct script *s, enum script_word w);
void script_control(struct script *s);
/* do { ... } while (...) at pos. False: there is no while. */
bool script_until(struct script *s);
/* A loop's block once. False: no more. */
bool script_turn(struct script *s, size_t at, size_t end);
/* For each element of a list; is_pairs: with its number. */
void script_each(struct script *s, const struct script_function *f,
	const struct script_value *list, size_t at, size_t end, bool is_pairs);
/* The names of a loop. */
void script_targets(struct script *s, struct script_function *f);
/* def, function, sub at pos. */
struct script_value script_define(struct script *s);
/* Whether a step more may be made. */
bool script_step(struct script *s);

/* script.c: gets ready for a text; false: out of memory. What it has cost. */
bool script_start(
	struct script *s, struct bytes text, enum invocation_language language);
void script_spend(struct script *s);
/* script_block.c: a block that is run, or not, whatever it is about. */
void script_section(struct script *s, bool is_run);
/* script_filter.c: what a call reads of standard input: all of it, if that is
 * one line. */
struct script_value script_input(
	struct script *s, const struct script_value *a, size_t n);
/* awk's rule at pos; its $ and what follows, a name or any
 * number. */
void script_rule(struct script *s);
struct script_value script_record_named(
	struct script *s, const struct script_token *t);
struct script_value script_record_field(
	struct script *s, const struct script_value *which);
/* $0, and the fields that it is split into. */
void script_set_record(struct script *s, const struct script_value *v);
/* script_write.c: what a call writes, and the end of it. */
void script_write(struct script *s, unsigned short call,
	const struct script_value *args, size_t n, bool is_piped);
void script_write_end(struct script *s);

/* script_expr.c: the expression at pos, of operators of a rank at least. */
#define RANK_ALL     0
#define RANK_COND    1 /* of a statement */
#define RANK_TERNARY 2
#define RANK_COMPARE 5
#define RANK_XOR     7
#define RANK_UNARY   12
struct script_value script_expr(struct script *s, unsigned int rank);
/* One that ends before a comma. */
struct script_value script_item(struct script *s);
/* The items behind a first one. */
struct script_value script_rest(struct script *s, struct script_value first);
/* The pattern at pos of a variable, which it may change. */
struct script_value script_apply(struct script *s, const struct script_value *a,
	unsigned short name, bool has_name);

/* script_atom.c: an operand with its calls, members and indexes. */
struct script_value script_atom(struct script *s);
/* Ruby's { |x| ... } and do |x| ... end at pos. */
bool script_ruby_block(struct script *s, struct script_value *f);
/* script_member.c: what stands behind an operand: .name and .name(...) behind
 * the dot, [i] behind the bracket, {key} and (...) at pos. first: where the
 * operand begins. */
struct script_value script_member(struct script *s, struct script_value v,
	const struct script_token *first);
struct script_value script_subscript(struct script *s, struct script_value v);
struct script_value script_keyed(struct script *s, struct script_value v);
struct script_value script_called(struct script *s, struct script_value v);
struct script_value script_invoke(struct script *s,
	const struct script_value *f, struct script_value *args, size_t n);
/* One of the letters that somebody numbered, or exchanged. */
struct script_value script_letter(struct script *s, struct script_value v);
struct script_value script_get(struct script *s, const struct script_value *m,
	const struct script_value *key);
/* script_word.c: the name before pos. */
struct script_value script_named(
	struct script *s, const struct script_token *t);
/* What a call left of the variable that it was about. */
void script_update(struct script *s, unsigned short name, unsigned short call,
	const struct script_value *result);
/* script_args.c: whether a comprehension's for is in the bracket at open; what
 * it makes. */
bool script_has_clause(const struct script *s, size_t open);
struct script_value script_comprehension(struct script *s, size_t open);
/* Adds to n arguments; those that are too many are a list at the end. */
size_t script_add_arg(struct script *s, struct script_value args[ARGS_MAX],
	size_t n, const struct script_value *v);
/* Adds all of a list. */
size_t script_spread(struct script *s, const struct script_value *list,
	struct script_value args[ARGS_MAX], size_t n);
/* Items between brackets, the first of which was taken. */
size_t script_args(struct script *s, unsigned int close,
	struct script_value args[ARGS_MAX]);

/* script_operand.c */
struct script_value script_literal(
	struct script *s, const struct script_token *t);
struct script_value script_bare_pattern(
	struct script *s, const struct script_token *t);
struct script_value script_cast(struct script *s, size_t open);
struct script_value script_items(struct script *s, size_t open);
bool script_keyword(
	struct script *s, const struct script_token *t, struct script_value *v);

/* script_assign.c: whether a name before pos is given a value there. */
bool script_is_assigned(const struct script *s);
struct script_value script_assign(struct script *s, unsigned short name);
bool script_assign_many(struct script *s);

/* script.c: a value comes to what runs it, or writes it. */
void script_tell(struct script *s, const struct script_value *v, bool is_run);

#include "script_values.h"

#endif
