// SPDX-License-Identifier: GPL-3.0-or-later
/* Groups, loops, conditions and functions. Each is read once to its end, for
 * what is redirected there, and then again to work it out. */
#include "eval_state.h"

/* A turn of a loop costs at least this many steps. */
#define TURN_STEPS 8

static void group(struct eval *e)
{
	e->at.pos++;
	eval_list(e);
	eval_take(e, "}");
}

static void subshell(struct eval *e)
{
	enum eval_jump before = e->jump;

	if (eval_peek(e, 1) == '(') {
		struct eval_value v;

		e->at.pos += 2;
		if (eval_double_paren(e, &v)) {
			e->status = !eval_is_known(&v) ? STATUS_UNKNOWN
				    : bytes_equal(v.text, BYTES("0"))
					    ? STATUS_FALSE
					    : STATUS_TRUE;
			return;
		}
		e->at.pos -= 2;
	}
	e->at.pos++;
	eval_list(e);
	while (!eval_is_end(e) && eval_peek(e, 0) != ')' && !e->is_over) {
		e->at.pos++;
		eval_list(e);
	}
	e->at.pos += eval_peek(e, 0) == ')';
	e->jump = before;
}

/* A list that may be read only, or under a condition nobody knows. */
static void branch(struct eval *e, bool is_idle, bool is_unsure)
{
	e->skip += is_idle;
	e->unsure += is_unsure;
	eval_list(e);
	e->unsure -= is_unsure;
	e->skip -= is_idle;
}

static void if_else(struct eval *e)
{
	bool is_done = false, was_unsure = false;

	e->at.pos += 2;
	do {
		enum eval_status status;

		branch(e, is_done, was_unsure);
		status = e->status;
		if (!eval_take(e, "then"))
			return;
		branch(e, is_done || status == STATUS_FALSE,
			was_unsure || status == STATUS_UNKNOWN);
		is_done |= status == STATUS_TRUE && !was_unsure;
		was_unsure |= status == STATUS_UNKNOWN;
	} while (eval_take(e, "elif") && !e->is_over);
	if (eval_take(e, "else"))
		branch(e, is_done, was_unsure);
	eval_take(e, "fi");
}

/* Whether a loop ends behind this turn. */
static bool leaves(struct eval *e)
{
	enum eval_jump jump = e->jump;

	if (e->is_over || jump == JUMP_RETURN || !eval_step(e, TURN_STEPS))
		return true;
	if (jump == JUMP_NONE)
		return false;
	if (e->jumps)
		e->jumps--;
	if (e->jumps)
		return true;
	e->jump = JUMP_NONE;
	return jump == JUMP_BREAK;
}

static void body(struct eval *e)
{
	if (eval_take(e, "do")) {
		eval_list(e);
		eval_take(e, "done");
	} else if (eval_peek(e, 0) == '{') {
		group(e);
	}
}

static void while_until(struct eval *e)
{
	bool is_until = eval_peek(e, 0) == 'u';
	struct eval_place head;
	bool is_last = e->skip > 0;

	e->at.pos += 5;
	head = e->at;
	e->n_loops++;
	do {
		uint64_t changes = e->changes;
		enum eval_status go = is_until ? STATUS_FALSE : STATUS_TRUE;

		e->at = head;
		eval_list(e);
		if (e->skip) {
			body(e);
			break;
		}
		if (e->status != go && e->status != STATUS_UNKNOWN)
			break;
		is_last |= e->status == STATUS_UNKNOWN;
		e->unsure += is_last;
		body(e);
		e->unsure -= is_last;
		/* The next turn would be the same. */
		is_last |= e->changes == changes;
	} while (!leaves(e) && !is_last);
	e->n_loops--;
}

/* The expression up to stop, and whether it is not 0; nothing is true. */
static enum eval_status expression(struct eval *e, const char *stop)
{
	struct eval_value v = eval_until(e, stop, false, true);
	bool is_empty = true;
	int64_t n;

	for (size_t i = 0; i < v.text.len; i++)
		is_empty &= v.text.p[i] == ' ' || v.text.p[i] == '\t';
	if (e->skip || (is_empty && eval_is_known(&v)))
		return STATUS_TRUE;
	if (!eval_is_known(&v) || !eval_arith(e, v.text, &n))
		return STATUS_UNKNOWN;
	return n ? STATUS_TRUE : STATUS_FALSE;
}

/* for ((a; b; c)), behind the brackets. */
static void counted(struct eval *e)
{
	struct eval_place test, more, inner;
	bool is_last = false;

	expression(e, ";");
	e->at.pos += eval_peek(e, 0) == ';';
	test = e->at;
	e->skip++;
	eval_until(e, ";", false, true);
	e->at.pos += eval_peek(e, 0) == ';';
	more = e->at;
	eval_until(e, ")", false, true);
	e->skip--;
	e->at.pos += eval_peek(e, 0) == ')';
	e->at.pos += eval_peek(e, 0) == ')';
	inner = e->at;
	while (!e->skip && !is_last) {
		enum eval_status status;

		e->at = test;
		status = expression(e, ";");
		is_last = status == STATUS_UNKNOWN;
		if (status == STATUS_FALSE)
			break;
		e->at = inner;
		body(e);
		if (leaves(e))
			break;
		e->at = more;
		is_last |= expression(e, ")") == STATUS_UNKNOWN;
	}
	if (e->skip)
		body(e);
}

static void for_each(struct eval *e)
{
	size_t from = e->n_fields, n;
	struct eval_place inner;
	struct bytes name;
	bool is_quoted;

	e->at.pos += eval_peek(e, 0) == 'f' ? 3 : 6;
	eval_blanks(e);
	e->n_loops++;
	if (eval_peek(e, 0) == '(' && eval_peek(e, 1) == '(') {
		e->at.pos += 2;
		counted(e);
		e->n_loops--;
		return;
	}
	name = eval_raw(e, &is_quoted);
	if (eval_take(e, "in")) {
		for (eval_blanks(e);
			!eval_is_end(e) && eval_peek(e, 0) != ';' &&
			eval_peek(e, 0) != '\n' && eval_step(e, 1);
			eval_blanks(e)) {
			size_t pos = e->at.pos;

			eval_word(e);
			if (e->at.pos == pos)
				break;
		}
	} else {
		for (size_t i = 0; i < e->n_args && !e->skip; i++)
			if (e->n_fields < FIELDS_MAX)
				e->fields[e->n_fields++] =
					e->args[e->args_at + i];
	}
	n = e->n_fields;
	inner = e->at;
	for (size_t i = from; i < n && !e->skip; i++) {
		eval_var_set(e, name, &e->fields[i]);
		e->at = inner;
		body(e);
		if (leaves(e))
			break;
	}
	if (e->skip)
		body(e);
	e->n_fields = from;
	e->n_loops--;
}

/* The patterns before a ), of which one fits. */
static bool fits(struct eval *e, const struct eval_value *v)
{
	bool is = false;

	eval_newlines(e);
	e->at.pos += eval_peek(e, 0) == '(';
	while (!e->is_over) {
		struct eval_value p;

		eval_blanks(e);
		p = eval_word_one(e, true);
		is |= !e->skip && eval_is_known(&p) &&
		      eval_match(e, p.text, v->text);
		eval_blanks(e);
		if (eval_peek(e, 0) != '|')
			break;
		e->at.pos++;
	}
	e->at.pos += eval_peek(e, 0) == ')';
	return is;
}

static void case_in(struct eval *e)
{
	struct eval_value v;
	bool is_done = false, is_falling = false, is_unsure;

	e->at.pos += 4;
	eval_blanks(e);
	v = eval_word_one(e, false);
	is_unsure = !eval_is_certain(&v);
	if (!eval_take(e, "in"))
		return;
	while (!eval_take(e, "esac") && !eval_is_end(e) && eval_step(e, 1)) {
		bool is_it = fits(e, &v) || is_unsure || is_falling;
		size_t pos = e->at.pos;

		branch(e, is_done || !is_it, is_unsure);
		is_done |= is_it && !is_unsure;
		is_falling = eval_peek(e, 0) == ';' && eval_peek(e, 1) == '&' &&
			     is_it;
		is_done &= !(is_falling || (eval_peek(e, 0) == ';' &&
						   eval_peek(e, 2) == '&'));
		while (eval_peek(e, 0) == ';' || eval_peek(e, 0) == '&')
			e->at.pos++;
		if (e->at.pos == pos && !eval_is_word(e, "esac"))
			e->at.pos++;
	}
}

/* The length of NAME(), or of function NAME, and its name; 0: it is none. */
static size_t heading(const struct eval *e, struct bytes *name)
{
	bool is_word = eval_is_word(e, "function");
	size_t i = is_word ? 8 : 0, from;

	while (is_word && (eval_peek(e, i) == ' ' || eval_peek(e, i) == '\t'))
		i++;
	from = i;
	while (eval_peek(e, i) &&
		!strchr(" \t\n;&|<>()$'\"`\\=", eval_peek(e, i)))
		i++;
	*name = (struct bytes){ e->at.src.p + e->at.pos + from, i - from };
	if (i == from)
		return 0;
	from = i;
	while (eval_peek(e, i) == ' ' || eval_peek(e, i) == '\t')
		i++;
	if (eval_peek(e, i) != '(')
		return is_word ? from : 0;
	i++;
	while (eval_peek(e, i) == ' ' || eval_peek(e, i) == '\t')
		i++;
	return eval_peek(e, i) == ')' ? i + 1 : is_word ? from : 0;
}

static bool define(struct eval *e)
{
	struct bytes name;
	size_t n = heading(e, &name), i;

	if (!n)
		return false;
	e->at.pos += n;
	eval_newlines(e);
	for (i = 0; i < e->n_functions; i++)
		if (bytes_equal(e->functions[i].name, name))
			break;
	if (!e->skip && i < FUNCTIONS_MAX) {
		e->functions[i].name = name;
		e->functions[i].body = e->at;
		e->n_functions += i == e->n_functions;
	}
	e->skip++;
	eval_compound(e);
	e->skip--;
	return true;
}

void eval_call(struct eval *e, struct eval_place place,
	const struct eval_value *args, size_t n)
{
	struct eval_args before = eval_args_push(e, args, n);
	struct eval_place here = e->at;
	size_t n_locals = e->n_locals;
	unsigned int n_loops = e->n_loops;

	eval_enter(e);
	e->n_loops = 0;
	e->n_calls++;
	e->at = place;
	if (!e->is_over)
		eval_compound(e);
	e->at = here;
	e->n_calls--;
	e->n_loops = n_loops;
	if (e->jump == JUMP_RETURN)
		e->jump = JUMP_NONE;
	eval_locals_end(e, n_locals);
	eval_args_pop(e, before);
	eval_leave(e);
}

static const struct {
	const char *word;
	void (*run)(struct eval *e);
} compounds[] = { { "{", group }, { "if", if_else }, { "while", while_until },
	{ "until", while_until }, { "for", for_each }, { "select", for_each },
	{ "case", case_in }, { "[[", eval_conditional } };

static void (*compound_of(const struct eval *e))(struct eval *e)
{
	char c = eval_peek(e, 0);

	if (c == '(')
		return subshell;
	if (!c || !strchr("{iwufsc[", c))
		return NULL;
	for (size_t i = 0; i < sizeof(compounds) / sizeof(compounds[0]); i++)
		if (eval_is_word(e, compounds[i].word))
			return compounds[i].run;
	return NULL;
}

bool eval_compound(struct eval *e)
{
	void (*run)(struct eval * e) = compound_of(e);
	struct eval_redirect r = { .has_in = false };
	struct eval_place start = e->at, end;
	struct eval_value in = e->in;
	size_t mark = e->out.len;

	if (!run)
		return define(e);
	e->skip++;
	run(e);
	e->skip--;
	for (eval_blanks(e); eval_redirect(e, &r); eval_blanks(e))
		;
	if (e->skip || e->is_over)
		return true;
	end = e->at;
	e->at = start;
	if (r.has_in)
		e->in = r.in;
	run(e);
	e->at = end;
	if (r.has_in)
		e->in = in;
	eval_redirect_end(e, &r, mark);
	return true;
}
