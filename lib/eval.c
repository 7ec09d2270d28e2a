// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Commands are worked out while they are read: what is read often is worked out
 * often. A text has a number of steps for that, and memory that is given out
 * from front to back and never moves.
 */
#include "eval_state.h"

#include <ctype.h>
#include <stdlib.h>

#include "text.h"

/* Steps: bytes read, made or looked at. */
#define STEPS_PER_BYTE 6
#define STEPS_MIN      (256 * 1024)
#define STEPS_MAX      (1024 * 1024)
#define ARENA_PER_BYTE 8
#define ARENA_MIN      (192 * 1024)
#define ARENA_MAX      (2u << 20)
#define OUT_MAX        (512 * 1024)
#define KEEP_BYTES     (256 * 1024)
/* Bytes that a search goes over in the time of one step. */
#define SEARCHED 16
/* Enough of a text to tell by its words; letters of one. */
#define NOTED_MAX  (UINT16_MAX / 2)
#define TOLD_MAX   512
#define WORD_MIN   3
#define TEXT_LEAST 2
/* Pieces that a text is hidden in; how long they are, on average. */
#define PIECES_MIN 8
#define PIECE_MEAN 8

struct eval *eval_new(struct script *script)
{
	struct eval *e = calloc(1, sizeof(*e));

	if (!e)
		return NULL;
	e->script = script;
	str_init(&e->arena, ARENA_MAX);
	str_init(&e->out, OUT_MAX);
	str_init(&e->build, OUT_MAX);
	if (eval_builtins(&e->builtins) && command_names(&e->commands))
		return e;
	eval_free(e);
	return NULL;
}

void eval_free(struct eval *e)
{
	if (!e)
		return;
	str_fini(&e->arena);
	str_fini(&e->out);
	str_fini(&e->build);
	free(e);
}

bool eval_step(struct eval *e, size_t n)
{
	if (e->is_over || e->left < n || !str_ok(&e->arena) ||
		!str_ok(&e->out) || !str_ok(&e->build))
		e->is_over = true;
	else
		e->left -= n;
	return !e->is_over;
}

bool eval_enter(struct eval *e)
{
	e->depth++;
	if (e->depth > DEPTH_MAX)
		e->is_over = true;
	return eval_step(e, 1);
}

void eval_leave(struct eval *e)
{
	e->depth--;
}

struct bytes eval_keep(struct eval *e, struct bytes b)
{
	size_t from = e->arena.len;

	if (!b.len || !eval_step(e, 1 + b.len / SEARCHED) ||
		!str_room(&e->arena, b.len)) {
		e->is_over |= b.len > 0;
		return BYTES("");
	}
	str_addb(&e->arena, b);
	return str_tail(&e->arena, from);
}

struct eval_value eval_number(struct eval *e, int64_t n)
{
	size_t from = e->arena.len;

	if (!eval_step(e, 1) || !str_room(&e->arena, 24))
		return eval_unknown();
	str_addi(&e->arena, n);
	return eval_literal(str_tail(&e->arena, from));
}

void eval_inherit(struct eval_note *to, struct eval_note from)
{
	if (!to->chain)
		to->chain = from.chain;
	to->flags |=
		from.flags & (IS_UNKNOWN | IS_HIDDEN | IS_DECODED | IS_FOUND);
	to->made += from.made;
	if (to->filled < NOTED_MAX && from.filled < NOTED_MAX) {
		to->pieces = (unsigned short)(to->pieces + from.pieces);
		to->filled = (unsigned short)(to->filled + from.filled);
	}
}

void eval_undone(struct eval *e, struct eval_note *to, const char *name)
{
	unsigned char before = to->chain;

	/* What a loop undoes again and again is one step. */
	if (before && !strcmp(e->chains[before].name, name))
		return;
	for (size_t i = 1; i < e->n_chains; i++)
		if (e->chains[i].before == before &&
			!strcmp(e->chains[i].name, name)) {
			to->chain = (unsigned char)i;
			return;
		}
	if (e->n_chains == CHAINS_MAX)
		return;
	e->chains[e->n_chains].name = name;
	e->chains[e->n_chains].before = before;
	to->chain = (unsigned char)e->n_chains++;
}

void eval_write(struct eval *e, const struct eval_value *v)
{
	if (!eval_step(e, 1 + v->text.len / SEARCHED))
		return;
	str_addb(&e->out, v->text);
	eval_inherit(&e->out_note, v->note);
	e->out_note.flags &= (unsigned char)~IS_LINE;
	e->out_note.flags |= v->note.flags & IS_LINE;
}

bool eval_is_there(struct eval *e, struct bytes in, struct bytes what)
{
	return eval_step(e, 1 + in.len / SEARCHED) && text_find(in, what);
}

/* Whether most letters of a text are in words that stand nowhere in what it was
 * made of: one that was filled in hides nothing. */
static bool is_scattered(struct eval *e, struct bytes text, size_t least)
{
	size_t n = 0, n_there = 0;

	if (text.len > TOLD_MAX)
		text.len = TOLD_MAX;
	for (size_t i = 0, from; i < text.len; i++) {
		struct bytes word;

		from = i;
		while (i < text.len && isalpha((unsigned char)text.p[i]))
			i++;
		word = (struct bytes){ text.p + from, i - from };
		if (word.len < least)
			continue;
		n += word.len;
		if (eval_is_there(e, e->root, word) ||
			eval_is_there(e, e->at.src, word))
			n_there += word.len;
	}
	if (!n && least > TEXT_LEAST)
		return is_scattered(e, text, TEXT_LEAST);
	return n && n_there * 2 <= n;
}

/* Cut into so many pieces, and so short ones, that nobody would read it. */
static bool is_shredded(const struct eval_note *note, size_t len)
{
	return note->pieces >= PIECES_MIN && note->filled * 2u > len &&
	       note->filled <= PIECE_MEAN * note->pieces;
}

/* NAME=value, and nothing else: of what eval is used for, most. */
static bool is_assignment(struct bytes text)
{
	size_t n = shell_name_len(text);

	if (!n || n == text.len || text.p[n] != '=')
		return false;
	for (size_t i = n; i < text.len; i++)
		if (memchr(" \t\n;|&`(", text.p[i], 8))
			return false;
	return true;
}

/* Whether a result says it already; that it is run, it may not know yet. */
static bool is_told(struct eval *e, struct bytes text, bool is_run)
{
	for (size_t i = 0; i < e->n_results; i++) {
		struct eval_result *r = &e->results[i];

		if (bytes_equal(r->text, text)) {
			r->is_run |= is_run;
			return true;
		}
		/* Of what is run, a part is something else. */
		if (!is_run && eval_is_there(e, r->text, text))
			return true;
	}
	return false;
}

static void add_chain(
	const struct eval *e, unsigned char chain, struct layer_chain *to)
{
	unsigned char steps[CHAINS_MAX];
	size_t n = 0;

	for (; chain && n < CHAINS_MAX; chain = e->chains[chain].before)
		steps[n++] = chain;
	while (n)
		layer_chain_add(to, e->chains[steps[--n]].name);
	/* Pieces that were put together, which has no other name. */
	if (!to->steps)
		layer_chain_add(to, "join");
}

static void add_result(struct eval *e, const struct eval_value *v,
	struct bytes text, bool is_run)
{
	struct eval_result *to = &e->results[e->n_results];

	*to = (struct eval_result){
		.text = eval_keep(e, text), .depth = e->level, .is_run = is_run
	};
	if (to->text.len != text.len)
		return;
	add_chain(e, v->note.chain, &to->chain);
	e->n_results++;
}

void eval_tell(struct eval *e, const struct eval_value *v, bool is_run)
{
	struct bytes text = v->text;

	text.len -= text.len && v->note.flags & IS_LINE;
	if (e->skip || !eval_is_known(v) || text.len < TEXT_LEAST ||
		e->n_results == EVAL_RESULTS_MAX || !eval_step(e, 1))
		return;
	if (!(v->note.flags & IS_HIDDEN) &&
		(!is_run || is_assignment(text) ||
			eval_is_there(e, e->root, text) ||
			eval_is_there(e, e->at.src, text) ||
			(v->note.made * 2 <= text.len &&
				!is_shredded(&v->note, text.len) &&
				!is_scattered(e, text, WORD_MIN))))
		return;
	if (!(v->note.flags & IS_DECODED) &&
		text_readable(text.p, text.len) != text.len)
		return;
	if (!is_told(e, text, is_run))
		add_result(e, v, text, is_run);
}

void eval_tell_made(struct eval *e, const struct script_result *r)
{
	struct eval_result *to = &e->results[e->n_results];

	if (e->n_results == EVAL_RESULTS_MAX || is_told(e, r->text, r->is_run))
		return;
	*to = (struct eval_result){ .text = eval_keep(e, r->text),
		.chain = r->chain,
		.depth = e->level,
		.is_run = r->is_run,
		.is_final = true };
	e->n_results += to->text.len == r->text.len;
}

/* Whether a word stands in a text by itself. */
static bool has_word(struct eval *e, struct bytes in, struct bytes word)
{
	const char *p;

	while (eval_step(e, 1 + in.len / SEARCHED) &&
		(p = text_find(in, word))) {
		const char *end = p + word.len, *stop = in.p + in.len;

		if ((p == in.p || !isalnum((unsigned char)p[-1])) &&
			(end == stop || !isalnum((unsigned char)*end)))
			return true;
		in = (struct bytes){ p + 1, (size_t)(stop - p) - 1 };
	}
	return false;
}

void eval_tell_command(struct eval *e, const struct eval_value *first, size_t n)
{
	/* What attackers call; of other names many are put together. */
	static const char names[] =
		"sh bash dash zsh ksh curl wget nc ncat netcat socat telnet "
		"cat tac head tail more less python python2 python3 perl php "
		"ruby lua node base64 base32 openssl xxd chmod chown chattr rm "
		"cp mv dd id whoami uname hostname ls ps w who kill pkill "
		"killall crontab at ssh scp sftp ftp tftp find grep egrep awk "
		"sed tar gzip eval exec nohup setsid sudo su useradd usermod "
		"passwd chpasswd mkfifo mknod iptables systemctl service "
		"insmod modprobe tee ping nslookup dig host ifconfig netstat "
		"mount docker kubectl history unset";
	struct bytes name = first->text, text;
	const char *slash = memrchr(name.p, '/', name.len);
	struct eval_value v;

	if (slash) {
		name.len -= (size_t)(slash + 1 - name.p);
		name.p = slash + 1;
	}
	if (e->skip || e->n_results == EVAL_RESULTS_MAX || name.len < 2 ||
		!(first->note.flags & IS_FILLED) ||
		!invocation_is_listed(names, name) ||
		has_word(e, e->root, name) || has_word(e, e->at.src, name))
		return;
	v = eval_joined(e, first, n);
	text = v.text;
	if (is_told(e, text, true) ||
		text_readable(text.p, text.len) != text.len)
		return;
	add_result(e, &v, text, true);
}

void eval_text(struct eval *e, struct bytes text)
{
	struct eval_place before = e->at;

	if (e->skip || !text.len)
		return;
	eval_enter(e);
	e->at = (struct eval_place){ .src = text, .here_line = SIZE_MAX };
	while (!eval_is_end(e) && !e->is_over && !e->jump) {
		size_t pos = e->at.pos;

		eval_list(e);
		/* A ) or fi that closes nothing. */
		if (e->at.pos == pos)
			e->at.pos++;
	}
	e->at = before;
	eval_leave(e);
}

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* NAME=VALUE in a word before the text: by itself, or an option's. */
static struct bytes assignment_in(struct bytes word)
{
	const char *eq = word.len ? memchr(word.p, '=', word.len) : NULL;
	size_t skip = 0, n;

	if (eq && word.p[0] == '-')
		skip = word.p[1] == '-' ? (size_t)(eq + 1 - word.p) : 2;
	word.p += skip;
	word.len -= skip;
	n = shell_name_len(word);
	return n && n < word.len && word.p[n] == '=' ? word : BYTES("");
}

bool eval_is_given(const struct eval_given *g)
{
	for (size_t i = 0; i < g->at; i++)
		if (assignment_in(g->argv[i]).len)
			return true;
	return g->at + 1 < g->n;
}

/* The text and what is given with it behind each other, as "$*" would have
 * it. */
static void set_root(
	struct eval *e, struct bytes text, const struct eval_given *g)
{
	size_t from = e->arena.len;

	str_addb(&e->arena, text);
	for (size_t i = 0; i < g->n; i++) {
		if (i == g->at)
			continue;
		str_addc(&e->arena, ' ');
		str_addb(&e->arena, g->argv[i]);
	}
	e->root = str_tail(&e->arena, from);
}

static void set_variables(struct eval *e, const struct eval_given *g)
{
	for (size_t i = 0; i < g->at; i++) {
		struct bytes word = assignment_in(g->argv[i]);
		size_t n = shell_name_len(word);
		struct eval_value v;

		if (!n)
			continue;
		v = eval_literal(
			(struct bytes){ word.p + n + 1, word.len - n - 1 });
		eval_var_set(e, (struct bytes){ word.p, n }, &v);
	}
}

/* sh -c TEXT NAME WORDS */
static void set_words(struct eval *e, const struct eval_given *g)
{
	size_t first = e->n_fields, i = g->at + 1;

	if (i < g->n)
		e->zero = eval_literal(g->argv[i++]);
	for (; i < g->n && e->n_fields < FIELDS_MAX; i++)
		e->fields[e->n_fields++] = eval_literal(g->argv[i]);
	if (e->n_fields > first)
		eval_args_push(e, e->fields + first, e->n_fields - first);
	e->n_fields = first;
}

static void set_given(
	struct eval *e, struct bytes text, const struct eval_given *g)
{
	e->root = text;
	e->zero = eval_literal(BYTES("bash"));
	if (!g)
		return;
	set_root(e, text, g);
	set_variables(e, g);
	set_words(e, g);
}

static bool start(struct eval *e, size_t len)
{
	str_shrink(&e->arena, KEEP_BYTES);
	str_shrink(&e->out, KEEP_BYTES);
	str_shrink(&e->build, KEEP_BYTES);
	str_reset(&e->arena);
	str_reset(&e->out);
	str_reset(&e->build);
	e->arena.max = least(ARENA_MIN + ARENA_PER_BYTE * len, ARENA_MAX);
	e->out_note = (struct eval_note){ .flags = 0 };
	e->in = eval_unknown();
	e->left = least(STEPS_MIN + STEPS_PER_BYTE * len, STEPS_MAX);
	e->is_over = e->has_args = false;
	e->depth = e->skip = e->level = e->captures = 0;
	e->status = STATUS_TRUE;
	e->jump = JUMP_NONE;
	e->n_loops = e->jumps = e->n_calls = e->unsure = 0;
	e->n_locals = 0;
	e->changes = 0;
	e->n_fields = e->n_list = e->n_vars = e->n_elements = 0;
	e->args_top = e->args_at = e->n_args = 0;
	e->n_functions = e->n_files = e->n_results = 0;
	e->n_chains = 1;
	memset(e->heads, 0xff, sizeof(e->heads));
	eval_ifs(e);
	return str_grow(&e->arena, e->arena.max) != NULL;
}

size_t eval_run(struct eval *e, struct bytes text, const struct eval_given *g)
{
	size_t len = text.len;

	for (size_t i = 0; g && i < g->n; i++)
		len += i == g->at ? 0 : g->argv[i].len + 1;
	if (!start(e, len)) {
		e->n_results = 0;
		return 0;
	}
	set_given(e, text, g);
	eval_text(e, text);
	return e->n_results;
}

const struct eval_result *eval_result(const struct eval *e, size_t i)
{
	return &e->results[i];
}
