// SPDX-License-Identifier: GPL-3.0-or-later
/* Simple commands: assignments, words, redirections. */
#include "eval_state.h"

struct bytes eval_raw(struct eval *e, bool *is_quoted)
{
	size_t from = e->arena.len;

	*is_quoted = false;
	while (!eval_is_end(e) && !strchr(" \t\n;&|<>()", eval_peek(e, 0)) &&
		eval_step(e, 1)) {
		char c = e->at.src.p[e->at.pos++];

		if (c == '\'' || c == '"' || c == '\\')
			*is_quoted = true;
		else
			str_addc(&e->arena, c);
	}
	return str_tail(&e->arena, from);
}

/* The text of a here-document announced at pos, behind its <<. */
static void here_doc(struct eval *e, struct eval_redirect *r, bool is_tabs)
{
	size_t op = e->at.pos, i, from;
	struct bytes src = e->at.src, stop;
	const char *nl = memchr(src.p + op, '\n', src.len - op);
	size_t line = nl ? (size_t)(nl - src.p) : src.len;
	bool is_quoted, is_next = e->at.here_line == line && e->at.here_at < op;
	struct eval_value v;

	eval_blanks(e);
	stop = eval_raw(e, &is_quoted);
	from = is_next ? e->at.here_end : line + (nl != NULL);
	for (i = from; i < src.len;) {
		const char *end = memchr(src.p + i, '\n', src.len - i);
		size_t n = end ? (size_t)(end - src.p) - i : src.len - i;
		struct bytes one = { src.p + i, n };

		while (is_tabs && one.len && one.p[0] == '\t')
			one.p++, one.len--;
		if (bytes_equal(one, stop) || !eval_step(e, 1 + n / 16))
			break;
		i += n + (end != NULL);
	}
	if (!eval_step(e, (line - op) / 16))
		return;
	e->at.here_line = line;
	e->at.here_at = op;
	v = eval_literal((struct bytes){ src.p + from, i - from });
	/* Behind the line that ends it. */
	nl = i < src.len ? memchr(src.p + i, '\n', src.len - i) : NULL;
	e->at.here_end = nl ? (size_t)(nl - src.p) + 1 : src.len;
	if (e->skip)
		return;
	r->has_in = true;
	r->in = is_quoted ? v : eval_here(e, v.text);
	if (is_tabs) {
		v = eval_literal(BYTES("\t"));
		r->in = eval_exchange(e, &r->in, '/', v.text,
			&(struct eval_value){ .text = BYTES("") });
	}
}

static void here_string(struct eval *e, struct eval_redirect *r)
{
	struct eval_value v, nl = eval_literal(BYTES("\n"));
	size_t from;

	eval_blanks(e);
	v = eval_word_one(e, false);
	if (e->skip || !eval_step(e, 1 + v.text.len / 8))
		return;
	from = e->arena.len;
	str_addb(&e->arena, v.text);
	str_addb(&e->arena, nl.text);
	v.text = str_tail(&e->arena, from);
	v.note.flags |= IS_LINE;
	r->has_in = true;
	r->in = v;
}

/* & and a number: a descriptor's copy. */
static struct eval_value target(struct eval *e)
{
	eval_blanks(e);
	return eval_word_one(e, false);
}

static void from_file(struct eval *e, struct eval_redirect *r, unsigned int fd)
{
	bool is_copy = eval_peek(e, 0) == '&';
	struct eval_value name, *file;

	e->at.pos += is_copy || eval_peek(e, 0) == '>';
	name = target(e);
	if (e->skip || fd)
		return;
	file = eval_is_known(&name) ? eval_file(e, name.text) : NULL;
	if (bytes_equal(name.text, BYTES("/dev/stdin")))
		return;
	r->has_in = true;
	r->in = file ? *file : eval_unknown();
}

static void to_file(struct eval *e, struct eval_redirect *r, unsigned int fd)
{
	bool is_copy, is_append = eval_peek(e, 0) == '>';
	struct eval_value name;

	e->at.pos += is_append || eval_peek(e, 0) == '|';
	is_copy = eval_peek(e, 0) == '&';
	e->at.pos += is_copy;
	name = target(e);
	if (e->skip || fd != 1)
		return;
	r->has_file = true;
	r->is_append = is_append;
	r->file = is_copy ? eval_unknown() : name;
}

/* The digits of 2>, or &>. */
static unsigned int descriptor(struct eval *e, unsigned int fd)
{
	if (eval_peek(e, 0) == '&')
		e->at.pos++;
	if (eval_peek(e, 0) >= '0' && eval_peek(e, 0) <= '9')
		fd = 0;
	while (eval_peek(e, 0) >= '0' && eval_peek(e, 0) <= '9')
		fd = fd * 10 + (unsigned int)(e->at.src.p[e->at.pos++] - '0');
	return fd;
}

bool eval_redirect(struct eval *e, struct eval_redirect *r)
{
	size_t i = 0, pos = e->at.pos;
	unsigned int fd;
	char c;

	while (i < 4 && eval_peek(e, i) >= '0' && eval_peek(e, i) <= '9')
		i++;
	c = eval_peek(e, i);
	if (!i && c == '&' && eval_peek(e, 1) == '>')
		c = '>';
	if ((c != '<' && c != '>') || eval_peek(e, i + 1) == '(' ||
		!eval_step(e, 1))
		return false;
	fd = descriptor(e, c == '>');
	e->at.pos++;
	if (c == '>') {
		to_file(e, r, fd);
	} else if (eval_peek(e, 0) == '<' && eval_peek(e, 1) == '<') {
		e->at.pos += 2;
		here_string(e, r);
	} else if (eval_peek(e, 0) == '<') {
		bool is_tabs = eval_peek(e, 1) == '-';

		e->at.pos += 1u + is_tabs;
		here_doc(e, r, is_tabs);
	} else {
		from_file(e, r, fd);
		return true;
	}
	/* 3<<<a: for a later <&3 */
	if (c == '<' && fd && r->has_in && !e->skip) {
		eval_file_set(e, eval_number(e, fd).text, &r->in, false);
		r->has_in = false;
	}
	return e->at.pos > pos;
}

void eval_redirect_end(
	struct eval *e, const struct eval_redirect *r, size_t mark)
{
	struct eval_value v;

	if (!r->has_file)
		return;
	v = eval_output_take(e, mark);
	e->out_note = (struct eval_note){ .flags = 0 };
	eval_tell(e, &v, false);
	if (eval_is_known(&r->file))
		eval_file_set(e, r->file.text, &v, r->is_append);
}

/* The length of NAME, NAME[...], before = or +=; 0: it is none. */
static size_t target_len(const struct eval *e, size_t *name_len)
{
	struct bytes rest = { e->at.src.p + e->at.pos,
		e->at.src.len - e->at.pos };
	size_t n = shell_name_len(rest), depth = 0;

	*name_len = n;
	if (!n)
		return 0;
	if (eval_peek(e, n) == '[') {
		for (; n < rest.len && n < 256 && rest.p[n] != '\n'; n++) {
			depth += rest.p[n] == '[';
			if (rest.p[n] == ']' && !--depth)
				break;
		}
		n++;
	}
	if (eval_peek(e, n) == '=' ||
		(eval_peek(e, n) == '+' && eval_peek(e, n + 1) == '='))
		return n;
	return 0;
}

bool eval_is_assign(const struct eval *e)
{
	size_t n;

	return target_len(e, &n) != 0;
}

/* One of a=(x [1]=y). */
static void element(struct eval *e, struct eval_var *v)
{
	size_t from = e->n_fields;
	struct eval_value key, value;
	struct bytes name = { NULL, 0 };
	struct eval_element *el;
	int64_t index = 0;

	if (eval_peek(e, 0) != '[') {
		eval_word(e);
		for (size_t i = from; i < e->n_fields && v; i++)
			eval_array_add(e, v, &e->fields[i]);
		e->n_fields = from;
		return;
	}
	e->at.pos++;
	key = eval_until(e, "]", false, false);
	e->at.pos += eval_peek(e, 0) == ']';
	e->at.pos += eval_peek(e, 0) == '=';
	value = eval_word_one(e, false);
	if (!v)
		return;
	if (v->is_keyed || !eval_arith(e, key.text, &index))
		name = key.text;
	el = eval_element(e, v, name, index, true);
	if (el)
		el->value = value;
}

/* a=(...), at its bracket. */
static void elements(struct eval *e, struct bytes name, bool is_append)
{
	struct eval_var *v = NULL;

	if (!e->skip)
		v = is_append ? eval_var_make(e, name) : eval_array(e, name);
	e->at.pos++;
	while (!eval_is_end(e) && eval_step(e, 1)) {
		size_t pos;

		eval_newlines(e);
		if (eval_is_end(e) || eval_peek(e, 0) == ')')
			break;
		pos = e->at.pos;
		element(e, v);
		e->at.pos += e->at.pos == pos;
	}
	e->at.pos += eval_peek(e, 0) == ')';
}

bool eval_assign(struct eval *e)
{
	size_t name_len, n = target_len(e, &name_len), from;
	struct bytes name = { e->at.src.p + e->at.pos, name_len };
	struct eval_value key = eval_literal(BYTES("")), v;
	size_t op = e->at.pos + n;
	bool is_append;

	if (!n)
		return false;
	e->at.pos += name_len;
	if (n > name_len) {
		e->at.pos++;
		key = eval_until(e, "]", false, false);
	}
	/* Wherever a quote or a bracket in it has led. */
	e->at.pos = op;
	is_append = eval_peek(e, 0) == '+';
	e->at.pos += 1u + is_append;
	if (eval_peek(e, 0) == '(') {
		elements(e, name, is_append);
		return true;
	}
	v = eval_word_one(e, false);
	if (e->skip)
		return true;
	if (n == name_len && is_append) {
		eval_var_append(e, name, &v);
	} else if (n == name_len) {
		eval_var_set(e, name, &v);
	} else {
		from = e->arena.len;
		str_addb(&e->arena, name);
		str_addc(&e->arena, '[');
		str_addb(&e->arena, key.text);
		str_addc(&e->arena, ']');
		eval_store(e, str_tail(&e->arena, from), &v);
	}
	return true;
}

/* What a command has for itself: IFS=: read a b. */
struct saved {
	struct bytes name;
	struct eval_value value;
	bool was_set;
};

static size_t assignments(struct eval *e, struct saved saved[SAVED_MAX])
{
	size_t n = 0;

	for (eval_blanks(e); eval_is_assign(e) && eval_step(e, 1);
		eval_blanks(e)) {
		struct bytes rest = { e->at.src.p + e->at.pos,
			e->at.src.len - e->at.pos };
		struct saved *to = &saved[n < SAVED_MAX ? n : 0];
		const struct eval_var *v;

		to->name = (struct bytes){ rest.p, shell_name_len(rest) };
		v = eval_var_get(e, to->name);
		to->was_set = v;
		if (v)
			to->value = v->value;
		n += n < SAVED_MAX && !(v && v->is_array);
		eval_assign(e);
	}
	return n;
}

static void restore(struct eval *e, const struct saved *saved, size_t n)
{
	for (size_t i = n; i--;)
		if (saved[i].was_set)
			eval_var_set(e, saved[i].name, &saved[i].value);
		else
			eval_var_unset(e, saved[i].name);
}

/* export, local...: behind these, words are assignments. */
static bool is_declaring(const struct eval *e, size_t first)
{
	return e->n_fields > first && !e->skip &&
	       invocation_is_listed("export local declare typeset readonly",
		       e->fields[first].text);
}

static void declare(struct eval *e, size_t first)
{
	struct bytes rest = { e->at.src.p + e->at.pos,
		e->at.src.len - e->at.pos };
	struct bytes name = { rest.p, shell_name_len(rest) };
	bool is_keyed = false;
	struct eval_var *v;

	for (size_t i = first + 1; i < e->n_fields; i++)
		is_keyed |=
			e->fields[i].text.len > 1 &&
			e->fields[i].text.p[0] == '-' &&
			memchr(e->fields[i].text.p, 'A', e->fields[i].text.len);
	if (!bytes_equal(e->fields[first].text, BYTES("export")) &&
		!bytes_equal(e->fields[first].text, BYTES("readonly")))
		eval_local(e, name);
	v = is_keyed ? eval_array(e, name) : NULL;
	if (v)
		v->is_keyed = true;
	eval_assign(e);
}

static void words(struct eval *e, size_t first, struct eval_redirect *r)
{
	for (eval_blanks(e); !eval_is_end(e) && eval_step(e, 1);
		eval_blanks(e)) {
		size_t pos = e->at.pos;

		if (eval_redirect(e, r))
			continue;
		if (strchr("\n;&|()", eval_peek(e, 0)))
			return;
		if (is_declaring(e, first) && eval_is_assign(e))
			declare(e, first);
		else
			eval_word(e);
		if (e->at.pos == pos)
			return;
	}
}

void eval_simple(struct eval *e)
{
	struct eval_redirect r = { .has_in = false };
	struct eval_value in = e->in;
	struct saved saved[SAVED_MAX];
	size_t first = e->n_fields, mark = e->out.len, n, n_saved;

	e->status = e->skip ? e->status : STATUS_TRUE;
	n_saved = assignments(e, saved);
	words(e, first, &r);
	n = e->n_fields - first;
	if (e->skip || e->is_over) {
		e->n_fields = first;
		return;
	}
	if (r.has_in)
		e->in = r.in;
	if (n) {
		eval_command(e, first, n);
		restore(e, saved, n_saved);
	}
	eval_redirect_end(e, &r, mark);
	if (r.has_in)
		e->in = in;
	e->n_fields = first;
}
