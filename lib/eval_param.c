// SPDX-License-Identifier: GPL-3.0-or-later
/* $a, ${a[1]}, ${a#x}, ${a//x/y}, ${a:1:2}, ${!a}: what variables give. */
#include "eval_state.h"

#include <ctype.h>

#include "text.h"

/* A separator is no longer. */
#define SEP_MAX 16

/* What is asked of a variable. */
struct ref {
	struct bytes name; /* empty: it has none, or is special */
	char special; /* one of @*#?$!-0 or a digit's */
	uint64_t number; /* of an argument */
	bool is_all, is_star; /* of all elements, or arguments */
	bool has_index;
	struct eval_value index;
	bool is_joined; /* zsh's (j:sep:) */
	struct bytes sep;
	size_t at; /* of the $ in the source */
};

static void push(struct eval *e, const struct eval_value *v)
{
	if (e->n_list == LIST_MAX || !eval_step(e, 1))
		e->is_over = true;
	else
		e->list[e->n_list++] = *v;
}

/* Set by others, as a rule: these stay as they are written. */
static bool is_env(struct bytes name)
{
	for (size_t i = 0; i < name.len; i++)
		if (islower((unsigned char)name.p[i]))
			return false;
	return name.len > 1 && isupper((unsigned char)name.p[0]);
}

static void push_elements(struct eval *e, const struct eval_var *v)
{
	for (uint32_t i = v->first; i != UINT32_MAX && !e->is_over;
		i = e->elements[i].next)
		push(e, &e->elements[i].value);
}

static void push_special(struct eval *e, const struct ref *r)
{
	struct eval_value v = eval_unknown();

	if (r->is_all) {
		for (size_t i = 0; i < e->n_args; i++)
			push(e, &e->args[e->args_at + i]);
		return;
	}
	if (r->special == '#') {
		v = eval_number(e, (int64_t)e->n_args);
	} else if (r->special == '?' && e->status != STATUS_UNKNOWN) {
		v = eval_number(e, e->status == STATUS_FALSE);
	} else if (r->special == '0' && !r->number) {
		v = e->zero;
	} else if (r->special == '0') {
		if (r->number > e->n_args)
			return;
		v = e->args[e->args_at + r->number - 1];
	}
	push(e, &v);
}

static struct eval_element *indexed(
	struct eval *e, struct eval_var *v, const struct ref *r, bool is_new)
{
	struct bytes key = { NULL, 0 };
	int64_t n = 0;

	if (!eval_is_known(&r->index))
		return NULL;
	if (v->is_keyed || !eval_arith(e, r->index.text, &n))
		key = r->index.text;
	if (!key.p && n < 0 && v->n)
		n += e->elements[v->last].index + 1;
	return eval_element(e, v, key, n, is_new);
}

/* Adds what it stands for to the list. False: it is not set. */
static bool load(struct eval *e, const struct ref *r)
{
	size_t from = e->n_list;
	struct eval_var *v;
	struct eval_element *el;

	if (!r->name.len) {
		push_special(e, r);
		return e->n_list > from;
	}
	v = eval_var_get(e, r->name);
	if (!v)
		return false;
	if (r->is_all && v->is_array) {
		push_elements(e, v);
	} else if (v->is_array || (r->has_index && !r->is_all)) {
		struct ref first = *r;

		if (!r->has_index)
			first.index = eval_literal(BYTES("0"));
		if (!v->is_array && !bytes_equal(first.index.text, BYTES("0")))
			return false;
		el = v->is_array ? indexed(e, v, &first, false) : NULL;
		if (!el && v->is_array && eval_is_known(&first.index))
			return false;
		if (v->is_array)
			push(e, el ? &el->value
				   : &(struct eval_value){
					     .note.flags = IS_UNKNOWN,
					     .text = BYTES("") });
		else
			push(e, &v->value);
	} else {
		push(e, &v->value);
	}
	return e->n_list > from;
}

/* Takes the list from its place on to the word. */
static void emit(
	struct eval *e, struct eval_draft *d, size_t from, const struct ref *r)
{
	bool is_apart = r->is_all && d->splits && !r->is_joined &&
			!(r->is_star && d->is_quoted);
	struct eval_value sep = eval_literal(BYTES(" "));

	if (r->is_joined)
		sep.text = r->sep;
	else if (r->is_star && d->is_quoted)
		sep.text = (struct bytes){ e->ifs.p, e->ifs.len > 0 };
	for (size_t i = from; i < e->n_list; i++) {
		if (i > from && is_apart)
			eval_draft_end(e, d);
		else if (i > from && sep.text.len)
			eval_draft_add(e, d, &sep, true);
		eval_draft_add(e, d, &e->list[i], false);
		if (d->is_quoted && !(r->is_all && !r->is_star))
			d->is_open = true;
		d->is_open |= d->is_quoted && is_apart;
	}
	e->n_list = from;
}

static void read_special(struct eval *e, struct ref *r)
{
	char c = eval_peek(e, 0);

	if (c >= '0' && c <= '9') {
		r->special = '0';
		while (isdigit((unsigned char)eval_peek(e, 0)) &&
			r->number < ARGS_MAX)
			r->number = r->number * 10 +
				    (uint64_t)(e->at.src.p[e->at.pos++] - '0');
		return;
	}
	if (!c || !strchr("@*#?$!-", c))
		return;
	r->special = c;
	r->is_all = c == '@' || c == '*';
	r->is_star = c == '*';
	e->at.pos++;
}

static void read_name(struct eval *e, struct ref *r)
{
	struct bytes rest = { e->at.src.p + e->at.pos,
		e->at.src.len - e->at.pos };

	r->name = (struct bytes){ rest.p, shell_name_len(rest) };
	e->at.pos += r->name.len;
	if (!r->name.len)
		read_special(e, r);
}

static void read_index(struct eval *e, struct ref *r)
{
	char c = eval_peek(e, 1);

	if (!r->name.len || eval_peek(e, 0) != '[')
		return;
	r->has_index = true;
	if ((c == '@' || c == '*') && eval_peek(e, 2) == ']') {
		r->is_all = true;
		r->is_star = c == '*';
		e->at.pos += 3;
		return;
	}
	e->at.pos++;
	r->index = eval_until(e, "]", false, false);
	e->at.pos += eval_peek(e, 0) == ']';
}

/* What is not set: an environment's name stays, others are empty. */
static void unset(struct eval *e, struct eval_draft *d, const struct ref *r)
{
	struct eval_value v = eval_literal(BYTES(""));

	if (bytes_equal(r->name, BYTES("IFS")))
		v.text = BYTES(" ");
	else if (bytes_equal(r->name, BYTES("SHELL")) ||
		 bytes_equal(r->name, BYTES("BASH")))
		v.text = BYTES("/bin/bash");
	else if (is_env(r->name))
		v.text = (struct bytes){ e->at.src.p + r->at,
			e->at.pos - r->at };
	if (d->is_quoted && !r->is_all)
		d->is_open = true;
	eval_draft_add(e, d, &v, false);
}

void eval_named(struct eval *e, struct eval_draft *d)
{
	struct ref r = { .at = e->at.pos };
	size_t from = e->n_list;
	struct eval_value dollar = eval_literal(BYTES("$"));

	e->at.pos++;
	if (isdigit((unsigned char)eval_peek(e, 0))) {
		r.special = '0';
		r.number = (uint64_t)(e->at.src.p[e->at.pos++] - '0');
	} else {
		read_name(e, &r);
	}
	if (!r.name.len && !r.special) {
		d->is_open = true;
		eval_draft_add(e, d, &dollar, true);
		return;
	}
	if (e->skip)
		return;
	if (load(e, &r))
		emit(e, d, from, &r);
	else
		unset(e, d, &r);
}

/* ${!a}: the name is what a holds. ${!a[@]}: the keys. */
static void indirect(struct eval *e, struct ref *r, size_t from)
{
	struct eval_place before = e->at;
	struct eval_value name;

	if (e->skip || !load(e, r) || !eval_is_known(&e->list[from])) {
		r->name = BYTES("");
		r->special = '!';
		e->n_list = from;
		return;
	}
	name = e->list[from];
	e->n_list = from;
	*r = (struct ref){ .at = r->at };
	e->at = (struct eval_place){ .src = name.text, .here_line = SIZE_MAX };
	read_name(e, r);
	read_index(e, r);
	e->at = before;
}

static void push_keys(struct eval *e, const struct ref *r)
{
	const struct eval_var *v = eval_var_get(e, r->name);

	if (!v || !v->is_array)
		return;
	for (uint32_t i = v->first; i != UINT32_MAX && !e->is_over;
		i = e->elements[i].next) {
		const struct eval_element *el = &e->elements[i];
		struct eval_value k = el->key.p ? eval_literal(el->key)
						: eval_number(e, el->index);

		push(e, &k);
	}
}

/* ${a:1:2}, of a text or of elements. */
static void slice(struct eval *e, size_t from, const struct ref *r)
{
	struct eval_value first = eval_until(e, ":}", false, true), last;
	int64_t at, n = INT32_MAX, len, lead = r->is_all && !r->name.len;
	bool has_last = eval_peek(e, 0) == ':', is_known;

	is_known = eval_is_known(&first) && eval_arith(e, first.text, &at);
	if (has_last) {
		e->at.pos++;
		last = eval_until(e, "}", false, true);
		is_known = is_known && eval_is_known(&last) &&
			   eval_arith(e, last.text, &n);
	}
	if (e->skip || e->n_list == from)
		return;
	if (!is_known) {
		e->list[from] = eval_unknown();
		e->n_list = from + 1;
		return;
	}
	len = r->is_all ? (int64_t)(e->n_list - from) + lead
			: (int64_t)e->list[from].text.len;
	if (at < 0)
		at += len;
	if (at < 0 || at > len)
		at = len;
	if (n < 0)
		n += len - at;
	n = n < 0 ? 0 : n > len - at ? len - at : n;
	if (!r->is_all) {
		e->list[from].text.p += at;
		e->list[from].text.len = (size_t)n;
		return;
	}
	n -= lead && !at && n;
	at -= lead && at;
	memmove(e->list + from, e->list + from + at,
		(size_t)n * sizeof(e->list[0]));
	e->n_list = from + (size_t)n;
}

/* The operators that make another value of each: behind op. */
static void change(struct eval *e, size_t from, char op)
{
	bool is_twice = eval_peek(e, 0) == op;
	char how = op;
	struct eval_value pattern, with = eval_literal(BYTES(""));

	e->at.pos += is_twice;
	if (op == '/' && !is_twice)
		how = eval_peek(e, 0) == '#' || eval_peek(e, 0) == '%'
			      ? e->at.src.p[e->at.pos++]
			      : '1';
	if (op == '@')
		how = eval_peek(e, 0);
	pattern = eval_until(e, op == '/' ? "/}" : "}", true, false);
	if (op == '/' && eval_peek(e, 0) == '/') {
		e->at.pos++;
		with = eval_until(e, "}", false, false);
	}
	for (size_t i = from; i < e->n_list && !e->is_over && !e->skip; i++) {
		struct eval_value *v = &e->list[i];

		if (!eval_is_known(&pattern) || !eval_is_known(&with))
			*v = eval_unknown();
		else if (op == '#' || op == '%')
			*v = eval_strip(e, v, op, is_twice, pattern.text);
		else if (op == '/')
			*v = eval_exchange(e, v, how, pattern.text, &with);
		else if (op == '@')
			*v = eval_transform(e, v, how);
		else
			*v = eval_change_case(e, v, op, is_twice);
	}
}

/* ${a:-b} and its like. True: b takes its place, or nothing. */
static void choose(struct eval *e, const struct ref *r, size_t from, char op,
	bool has_colon, bool is_quoted)
{
	bool is_set =
		e->n_list > from && (!has_colon || e->list[from].text.len ||
					    !eval_is_known(&e->list[from]));
	bool is_used = op == '+' ? is_set : !is_set;
	struct eval_value v;

	e->skip += !is_used;
	v = eval_until(e, "}", false, is_quoted);
	e->skip -= !is_used;
	if (e->skip || op == '?')
		return;
	if (op == '+')
		e->n_list = from;
	if (!is_used)
		return;
	e->n_list = from;
	push(e, &v);
	if (op == '=' && r->name.len)
		eval_var_set(e, r->name, &v);
}

/* Behind the name: what is made of the list. */
static void operate(
	struct eval *e, struct eval_draft *d, size_t from, const struct ref *r)
{
	bool is_set = e->n_list > from;
	bool has_colon = eval_peek(e, 0) == ':';
	char op = eval_peek(e, has_colon);
	struct eval_value slash = eval_literal(BYTES("/"));
	struct eval_value env = eval_unknown();

	if (op && strchr("-=+?", op) && (has_colon || op != ':')) {
		e->at.pos += 1u + has_colon;
		choose(e, r, from, op, has_colon, d->is_quoted);
		return;
	}
	if (!is_set && !e->skip && is_env(r->name) && op != '}') {
		if (shell_is_directory(r->name) && has_colon && op == '0' &&
			eval_peek(e, 2) == ':' && eval_peek(e, 3) == '1')
			env = slash;
		push(e, &env);
		has_colon &= env.text.len == 0;
		if (env.text.len) {
			eval_until(e, "}", false, false);
			return;
		}
	}
	if (has_colon) {
		e->at.pos++;
		slice(e, from, r);
	} else if (op && strchr("#%/^,~@", op)) {
		e->at.pos++;
		change(e, from, op);
	}
}

/* ${#a}, ${#a[@]}, ${#} */
static bool count(struct eval *e, struct eval_draft *d, struct ref *r)
{
	size_t from = e->n_list, n;
	struct eval_value v = eval_unknown();
	bool is_known;

	if (eval_peek(e, 0) != '#' || eval_peek(e, 1) == '}' ||
		!eval_peek(e, 1) || strchr(":-=+?%/", eval_peek(e, 1)))
		return false;
	e->at.pos++;
	read_name(e, r);
	read_index(e, r);
	eval_until(e, "}", false, false);
	if (e->skip)
		return true;
	is_known = load(e, r) || !is_env(r->name);
	n = e->n_list - from;
	if (!r->is_all) {
		is_known &= !n || eval_is_known(&e->list[from]);
		n = n ? e->list[from].text.len : 0;
	}
	e->n_list = from;
	if (is_known)
		v = eval_number(e, (int64_t)n);
	eval_draft_add(e, d, &v, false);
	return true;
}

/* zsh's ${(j:sep:)a}: all elements, with what is between the colons. */
static void read_join(struct eval *e, struct ref *r)
{
	struct bytes rest = { e->at.src.p + e->at.pos,
		e->at.src.len - e->at.pos };
	size_t n = 3;

	if (rest.len < 5 || memcmp(rest.p, "(j", 2) != 0)
		return;
	while (n + 1 < rest.len && n < SEP_MAX && rest.p[n] != rest.p[2])
		n++;
	if (n + 1 == rest.len || rest.p[n] != rest.p[2] || rest.p[n + 1] != ')')
		return;
	r->is_joined = r->is_all = r->is_star = true;
	r->sep = (struct bytes){ rest.p + 3, n - 3 };
	e->at.pos += n + 2;
}

void eval_param(struct eval *e, struct eval_draft *d)
{
	struct ref r = { .at = e->at.pos };
	size_t from = e->n_list;
	bool is_indirect;

	e->at.pos += 2;
	is_indirect = eval_peek(e, 0) == '!' && eval_peek(e, 1) != '}';
	e->at.pos += is_indirect;
	if (is_indirect || !count(e, d, &r)) {
		read_join(e, &r);
		read_name(e, &r);
		read_index(e, &r);
		if (is_indirect && r.is_all && r.name.len)
			push_keys(e, &r);
		else if (is_indirect)
			indirect(e, &r, from);
		if (!e->skip && !(is_indirect && r.is_all && r.has_index &&
					e->n_list > from))
			load(e, &r);
		operate(e, d, from, &r);
		eval_until(e, "}", false, false);
		e->at.pos += eval_peek(e, 0) == '}';
		if (e->skip)
			return;
		if (e->n_list > from)
			emit(e, d, from, &r);
		else
			unset(e, d, &r);
		return;
	}
	e->at.pos += eval_peek(e, 0) == '}';
}
