// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Tokens go on a stack; where those on top of it are an expression whose value
 * is known, they become one token. What is on the stack at the end is the
 * joined text. Strings that are joined stand side by side in the arena most of
 * the time, so that a chain of them costs what they are long.
 */
#include "program_state.h"

#include <ctype.h>
#include <stdlib.h>

#include "words.h"

/* Memory kept between texts. */
#define KEEP_BYTES (64 * 1024)
/* Tokens that stay when the stack is full. */
#define KEPT 256

struct program *program_new(void)
{
	struct program *p = calloc(1, sizeof(*p));

	if (!p)
		return NULL;
	str_init(&p->arena, 0);
	str_init(&p->scratch, 0);
	str_init(&p->inner, 0);
	str_init(&p->joined, 0);
	str_init(&p->lines, PROGRAM_TEXT_MAX);
	p->stack = calloc(STACK_MAX, sizeof(*p->stack));
	p->items = calloc(ITEMS_MAX, sizeof(*p->items));
	p->hints = words_new();
	p->script = script_new();
	if (!p->stack || !p->items || !p->script || !p->hints ||
		!program_hints(p->hints)) {
		program_free(p);
		return NULL;
	}
	return p;
}

void program_free(struct program *p)
{
	if (!p)
		return;
	str_fini(&p->arena);
	str_fini(&p->scratch);
	str_fini(&p->inner);
	str_fini(&p->joined);
	str_fini(&p->lines);
	words_free(p->hints);
	script_free(p->script);
	free(p->stack);
	free(p->items);
	free(p);
}

struct script *program_script(struct program *p)
{
	return p->script;
}

void program_renew(struct program *p)
{
	p->is_capped = false;
	script_renew(p->script);
}

bool program_is_capped(const struct program *p)
{
	return p->is_capped || script_is_capped(p->script);
}

struct str *program_scratch(struct program *p)
{
	str_reset(&p->lines);
	return &p->lines;
}

/* The arena may be what it is added to, and move. */
static void add_value(
	struct program *p, const struct program_token *t, struct str *out)
{
	if (out == &p->arena)
		program_copy(p, t->value, t->len);
	else
		str_addb(out, program_value(p, t));
}

static void write_list(
	struct program *p, const struct program_token *t, struct str *out)
{
	bool is_map = t->kind == PROGRAM_MAP;

	str_addc(out, is_map ? '{' : '[');
	for (uint32_t i = 0; i < t->len; i++) {
		struct bytes_at item = p->items[t->value + i];

		if (i)
			str_addc(out, is_map && i % 2 ? ':' : ',');
		program_write(p,
			(struct bytes){ p->arena.p + item.at, item.len }, out);
	}
	str_addc(out, is_map ? '}' : ']');
}

void program_token_write(
	struct program *p, const struct program_token *t, struct str *out)
{
	struct bytes source = program_source(p, t);

	str_add(out, p->src.p + t->gap, t->at - t->gap);
	if (t->is_moved) {
		str_addz(
			out, t->kind == PROGRAM_STRING || t->kind == PROGRAM_RAW
				     ? "''"
				     : "[]");
		p->is_changed = true;
		return;
	}
	if (!t->is_changed) {
		str_addb(out, source);
		return;
	}
	p->is_changed = true;
	if (t->kind == PROGRAM_OP && t->op == '^') {
		/* So it is told from the ^ of a pattern. */
		str_addz(out, " ^ ");
		return;
	}
	if (t->kind == PROGRAM_STRING)
		program_write(p, program_value(p, t), out);
	else if (t->kind == PROGRAM_LIST || t->kind == PROGRAM_MAP)
		write_list(p, t, out);
	else if (t->kind == PROGRAM_RAW || t->kind == PROGRAM_OP)
		add_value(p, t, out);
	else
		str_addb(out, source);
}

/* Writes all but the last keep tokens, and forgets what was opened there. */
static void flush(struct program *p, size_t keep)
{
	size_t n = p->n - keep, first = 0;

	for (size_t i = 0; i < n; i++)
		program_token_write(p, &p->stack[i], p->out);
	memmove(p->stack, p->stack + n, keep * sizeof(*p->stack));
	p->n = keep;
	for (int i = 0; i < p->n_vars; i++)
		if (p->vars[i].def != UINT32_MAX)
			p->vars[i].def = p->vars[i].def < n
						 ? UINT32_MAX
						 : p->vars[i].def - (uint32_t)n;
	/* Brackets that were too many to note are forgotten, too. */
	if (p->n_opens > OPENS_MAX)
		p->n_opens = 0;
	while (first < p->n_opens && p->opens[first] < n)
		first++;
	p->n_opens -= first;
	for (size_t i = 0; i < p->n_opens; i++)
		p->opens[i] = p->opens[first + i] - (uint32_t)n;
}

/* Whether a name that stands here is one of something else's: a.name, def
 * name. */
static bool is_declared(const struct program *p)
{
	static const char words[] = " def function for foreach import as from "
				    "global lambda local my var let const our "
				    "sub class ";
	const struct program_token *t = program_top(p, 0);
	struct bytes s = program_source(p, t);
	char word[16];

	if (program_is(t, OP_ARROW) ||
		(program_is(t, '.') && !program_has_dots(p)))
		return true;
	if (t->kind != PROGRAM_NAME || s.len > 9 || !s.len)
		return false;
	word[0] = ' ';
	memcpy(word + 1, s.p, s.len);
	word[s.len + 1] = ' ';
	word[s.len + 2] = '\0';
	return strstr(words, word);
}

/* Whether an assignment's operator is behind the name. */
static bool is_assigned(const struct program *p)
{
	size_t i = program_skip(p, p->pos);
	char c = i < p->stop ? p->src.p[i] : '\0';
	char d = i + 1 < p->stop ? p->src.p[i + 1] : '\0';

	if (c == '=')
		return d != '=' && d != '~';
	if (c == '<')
		return d == '<';
	return (c == '+' || c == '.' || c == ':') && d == '=';
}

/* Whether a call stands for the name that is given it: once, and where it is
 * given to something that is about more than its length. */
static bool takes_expression(const struct program *p, struct program_var *v)
{
	const struct program_token *name = program_top(p, 1);
	bool is_argument = program_is(program_top(p, 0), '(');

	if (v->def >= p->n || p->stack[v->def].is_moved)
		return false;
	if (is_argument && name->kind == PROGRAM_NAME &&
		invocation_is_listed(
			"len strlen count range enumerate print echo if while "
			"for isinstance type",
			program_source(p, name)))
		return false;
	return is_argument || program_is_postfix(p);
}

/* Puts a variable's value where its name stands. */
static bool use_value(struct program *p, struct program_token *t)
{
	struct bytes name = program_source(p, t);
	struct program_var *v = program_find(p, name);
	size_t i = program_skip(p, p->pos);

	if (!v || is_declared(p) || is_assigned(p))
		return false;
	if (v->value.kind == PROGRAM_RAW && !takes_expression(p, v))
		return false;
	if (v->def < p->n && v->value.kind != PROGRAM_NUMBER)
		p->stack[v->def].is_moved = true;
	t->kind = v->value.kind;
	t->value = v->value.value;
	t->len = v->value.len;
	t->is_words = v->value.is_words;
	t->is_changed = true;
	if (i < p->stop && p->src.p[i] == '(') {
		/* $f = 'base64_decode'; $f('...') */
		t->kind =
			t->kind == PROGRAM_STRING ? PROGRAM_RAW : PROGRAM_NAME;
		t->is_changed = t->kind == PROGRAM_RAW;
	}
	if (t->kind == PROGRAM_NUMBERS || t->kind == PROGRAM_NUMBER ||
		(t->kind == PROGRAM_NAME && t->is_changed) ||
		t->kind == PROGRAM_CHAR) {
		/* As they were written where the name got them. */
		t->at = v->value.at;
		t->end = v->value.end;
		t->gap = t->at;
		p->is_changed = true;
	}
	return true;
}

static void open_bracket(struct program *p)
{
	const struct program_token *before = program_top(p, 1);
	struct program_token *t = &p->stack[p->n - 1];

	t->is_called = before->kind == PROGRAM_NAME ||
		       before->kind == PROGRAM_RAW || program_is(before, ')') ||
		       program_is(before, ']');
	if (p->n_opens < OPENS_MAX)
		p->opens[p->n_opens] = (uint32_t)(p->n - 1);
	p->n_opens++;
}

static void close_bracket(struct program *p)
{
	if (!p->n_opens)
		return;
	if (--p->n_opens >= OPENS_MAX)
		return;
	if (program_call(p, p->opens[p->n_opens]))
		program_settle(p);
}

static bool is_operand(const struct program_token *t)
{
	return t->kind != PROGRAM_OP || program_is(t, ')') ||
	       program_is(t, ']');
}

void program_push(struct program *p, const struct program_token *token)
{
	struct program_token t = *token;
	char op = t.kind == PROGRAM_OP ? t.op : '\0';

	if (p->n == STACK_MAX)
		flush(p, KEPT);
	if (op == ')' || op == ';' || op == '|' || op == OP_LINE)
		while (program_finish(p))
			program_settle(p);
	if (op == ';' || op == OP_LINE)
		program_keep(p);
	if (op == '^')
		t.is_changed = is_operand(program_top(p, 0));
	p->stack[p->n++] = t;
	if (op == '(' || op == '[' || op == '{')
		open_bracket(p);
	else if (op == ')' || op == ']' || op == '}')
		close_bracket(p);
	else if (t.kind != PROGRAM_OP && t.kind != PROGRAM_RAW)
		program_settle(p);
}

/* Whether the line break before pos parts nothing. */
static bool is_continued(const struct program *p)
{
	size_t i = p->pos;

	if (p->n_opens && p->n_opens <= OPENS_MAX &&
		p->stack[p->opens[p->n_opens - 1]].op != '{')
		return true;
	if (program_is_concat(p, program_top(p, 0)))
		return true;
	while (i < p->stop && isspace((unsigned char)p->src.p[i]))
		i++;
	return i < p->stop && p->language != INVOCATION_PYTHON &&
	       (p->src.p[i] == '+' || p->src.p[i] == '.');
}

void program_run(struct program *p, size_t at, size_t end)
{
	size_t pos = p->pos, stop = p->stop;
	struct program_token t;

	p->pos = at;
	p->stop = end;
	while (str_ok(&p->arena) && str_ok(p->out) && program_lex(p, &t)) {
		if (program_is(&t, OP_LINE) && is_continued(p))
			continue;
		if (t.kind == PROGRAM_NAME) {
			if (!program_lambda(p, &t)) {
				program_define(p, &t);
				use_value(p, &t);
			}
		}
		program_push(p, &t);
	}
	p->pos = pos;
	p->stop = stop;
}

static void start(struct program *p, struct bytes text,
	enum invocation_language language, struct str *out)
{
	size_t max = PROGRAM_OUT_MAX(text.len);

	p->src = text;
	p->language = language;
	p->out = out;
	str_reset(out);
	str_reset(&p->arena);
	out->max = p->arena.max = p->scratch.max = max;
	p->n = p->n_items = p->n_opens = 0;
	p->n_functions = p->calls = p->nested = 0;
	p->n_vars = 0;
	memset(p->heads, 0xff, sizeof(p->heads));
	memset(p->is_dead, 0, sizeof(p->is_dead));
	p->is_changed = false;
}

/* Whether any token is written in another way than it stands there. */
static bool has_changed(const struct program *p)
{
	for (size_t i = 0; i < p->n; i++)
		if (p->stack[i].is_changed || p->stack[i].is_moved)
			return true;
	return false;
}

bool program_join(struct program *p, struct bytes text,
	enum invocation_language language, struct str *out)
{
	bool is_good;

	if (text.len > PROGRAM_TEXT_MAX) {
		p->is_capped = true;
		return false;
	}
	start(p, text, language, out);
	program_run(p, 0, text.len);
	while (program_finish(p))
		program_settle(p);
	if (p->is_changed || has_changed(p))
		flush(p, 0);
	is_good = str_ok(out) && str_ok(&p->arena);
	p->is_capped |= !is_good;
	is_good &= p->is_changed;
	str_shrink(&p->arena, KEEP_BYTES);
	str_shrink(&p->scratch, KEEP_BYTES);
	return is_good;
}

bool program_make(struct program *p, struct bytes text,
	enum invocation_language language, struct str *out)
{
	return text.len <= PROGRAM_TEXT_MAX &&
	       script_run(p->script, text, language) &&
	       program_join(p, text, language, out);
}
