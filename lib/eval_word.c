// SPDX-License-Identifier: GPL-3.0-or-later
/* Words: quotes, escapes, substitutions, and the fields that come of them. */
#include "eval_state.h"

#include "escape.h"

/* Of what variables give, a short piece. */
#define PIECE_MAX 24

/* What a text is read as part of. */
enum context {
	IN_WORD,
	IN_QUOTE,
	IN_HERE,
	IN_PARAM /* up to one of some bytes */
};

struct eval_value eval_output_take(struct eval *e, size_t from)
{
	struct eval_value v = { .note = e->out_note };

	v.text = eval_keep(e, str_tail(&e->out, from));
	str_cut(&e->out, from);
	return v;
}

static struct eval_draft draft_new(const struct eval *e)
{
	return (struct eval_draft){ .from = e->build.len, .view = { NULL, 0 } };
}

/* A text that stays is not copied while it is alone. */
static void add(
	struct eval *e, struct eval_draft *d, struct bytes b, bool is_stable)
{
	d->is_open = true;
	if (e->skip || !b.len || !eval_step(e, 1 + b.len / 16))
		return;
	if (is_stable && !d->view.p && e->build.len == d->from) {
		d->view = b;
		return;
	}
	if (d->view.p)
		str_addb(&e->build, d->view);
	d->view.p = NULL;
	str_addb(&e->build, b);
}

static struct eval_value take(struct eval *e, struct eval_draft *d)
{
	struct eval_value v = { .note = d->note };

	v.text = d->view.p ? d->view
			   : eval_keep(e, str_tail(&e->build, d->from));
	if (e->build.len > d->from)
		str_cut(&e->build, d->from);
	d->view.p = NULL;
	d->note = (struct eval_note){ .flags = 0 };
	d->is_open = false;
	return v;
}

void eval_draft_end(struct eval *e, struct eval_draft *d)
{
	struct eval_value v;

	if (!d->is_open)
		return;
	v = take(e, d);
	if (e->skip)
		return;
	if (e->n_fields == FIELDS_MAX) {
		e->is_over = true;
		return;
	}
	e->fields[e->n_fields++] = v;
}

/* Quoted, in a pattern: bytes that mean something there stand for themselves.
 */
static void add_escaped(struct eval *e, struct eval_draft *d, struct bytes b)
{
	for (size_t i = 0; i < b.len && !e->skip; i++) {
		if (b.p[i] && strchr("*?[\\]", b.p[i]))
			add(e, d, BYTES("\\"), false);
		add(e, d, (struct bytes){ b.p + i, 1 }, false);
	}
	d->is_open = true;
}

static void add_split(struct eval *e, struct eval_draft *d, struct bytes b)
{
	size_t i = 0;

	while (i < b.len && eval_step(e, 1)) {
		size_t from = i;
		char c;

		while (i < b.len && !e->is_ifs[(unsigned char)b.p[i]])
			i++;
		if (i > from)
			add(e, d, (struct bytes){ b.p + from, i - from }, true);
		if (i == b.len)
			break;
		c = b.p[i++];
		/* A blank ends a word; any other separator does even so. */
		d->is_open |= c != ' ' && c != '\t' && c != '\n';
		eval_draft_end(e, d);
	}
}

void eval_draft_add(struct eval *e, struct eval_draft *d,
	const struct eval_value *v, bool is_literal)
{
	struct eval_note note = v->note;

	if (e->skip)
		return;
	if (note.made > v->text.len)
		note.made = v->text.len;
	if (!is_literal) {
		d->note.flags |= IS_FILLED;
		if (!note.pieces && v->text.len && v->text.len <= PIECE_MAX) {
			note.pieces = 1;
			note.filled = (unsigned short)v->text.len;
		}
	}
	if (d->splits && !d->is_quoted && !is_literal) {
		/* The first field has what all of them have. */
		eval_inherit(&d->note, note);
		d->is_open |= (note.flags & IS_UNKNOWN) != 0;
		add_split(e, d, v->text);
		note.made = 0;
		if (d->is_open)
			eval_inherit(&d->note, note);
		return;
	}
	eval_inherit(&d->note, note);
	if (d->is_pattern && d->is_quoted)
		add_escaped(e, d, v->text);
	else if (v->text.len || is_literal || d->is_quoted || !d->splits)
		add(e, d, v->text, true);
}

static void literal(struct eval *e, struct eval_draft *d, size_t at, size_t n)
{
	struct eval_value v =
		eval_literal((struct bytes){ e->at.src.p + at, n });

	d->is_open = true;
	eval_draft_add(e, d, &v, true);
}

static void escape(struct eval *e, struct eval_draft *d, enum context in)
{
	bool was_quoted = d->is_quoted;
	char c = eval_peek(e, 1);
	bool is_one = in == IN_WORD || (in == IN_PARAM && !was_quoted) ||
		      c == '$' || c == '`' || c == '\\' ||
		      (c == '"' && in != IN_HERE) ||
		      (c == '}' && in == IN_PARAM);

	if (e->at.pos + 1 >= e->at.src.len) {
		literal(e, d, e->at.pos++, 1);
		return;
	}
	if (c != '\n') {
		d->is_quoted = true;
		literal(e, d, e->at.pos + is_one, 2u - is_one);
		d->is_quoted = was_quoted;
	}
	e->at.pos += 2;
}

static void single(struct eval *e, struct eval_draft *d)
{
	size_t from = e->at.pos + 1;
	const char *p = e->at.src.p + from;
	const char *end = memchr(p, '\'', e->at.src.len - from);
	size_t n = end ? (size_t)(end - p) : e->at.src.len - from;
	bool was_quoted = d->is_quoted;

	d->is_quoted = true;
	literal(e, d, from, n);
	d->is_quoted = was_quoted;
	e->at.pos = from + n + (end != NULL);
}

/* $'...', at its quote. */
static void ansi(struct eval *e, struct eval_draft *d)
{
	size_t from = e->at.pos + 1, i = from, mark = e->arena.len;
	struct bytes src = e->at.src;
	struct escape_count c;
	bool was_quoted = d->is_quoted;
	struct eval_value v;

	while (i < src.len && src.p[i] != '\'')
		i += src.p[i] == '\\' && i + 1 < src.len ? 2 : 1;
	if (i > src.len)
		i = src.len;
	e->at.pos = i + (i < src.len);
	d->is_open = true;
	if (e->skip || !eval_step(e, i - from))
		return;
	c = escape_undo((struct bytes){ src.p + from, i - from }, &e->arena);
	v = eval_literal(str_tail(&e->arena, mark));
	if (c.alnum)
		eval_undone(e, &v.note, "printf");
	if (c.alnum && !c.plain)
		v.note.made = v.text.len;
	d->is_quoted = true;
	eval_draft_add(e, d, &v, true);
	d->is_quoted = was_quoted;
}

/* What commands write that are read up to a ), or all of a text. */
static struct eval_value capture(struct eval *e, const struct bytes *text)
{
	struct eval_note before = e->out_note;
	size_t mark = e->out.len;
	struct eval_value v;

	e->out_note = (struct eval_note){ .flags = 0 };
	e->captures++;
	if (text)
		eval_text(e, *text);
	while (!text && !eval_is_end(e) && eval_peek(e, 0) != ')' &&
		!e->is_over) {
		size_t pos = e->at.pos;

		eval_list(e);
		e->at.pos += e->at.pos == pos && eval_peek(e, 0) != ')';
	}
	e->at.pos += !text && eval_peek(e, 0) == ')';
	e->captures--;
	v = e->skip ? eval_unknown() : eval_output_take(e, mark);
	e->out_note = before;
	v.note.flags &= (unsigned char)~IS_LINE;
	eval_found_end(&v);
	return v;
}

struct eval_value eval_capture(struct eval *e)
{
	enum eval_jump before = e->jump;
	struct eval_value v;

	if (!eval_enter(e)) {
		eval_leave(e);
		return eval_unknown();
	}
	e->jump = JUMP_NONE;
	v = capture(e, NULL);
	e->jump = before;
	eval_leave(e);
	return v;
}

static void add_output(
	struct eval *e, struct eval_draft *d, struct eval_value *v)
{
	while (v->text.len && v->text.p[v->text.len - 1] == '\n')
		v->text.len--;
	eval_draft_add(e, d, v, false);
}

static void ticks(struct eval *e, struct eval_draft *d)
{
	struct bytes src = e->at.src, text;
	size_t i = e->at.pos + 1, from = e->arena.len;
	struct eval_value v;

	for (; i < src.len && src.p[i] != '`'; i++) {
		i += src.p[i] == '\\' && i + 1 < src.len &&
		     memchr("`\\$", src.p[i + 1], 3);
		if (!e->skip)
			str_addc(&e->arena, src.p[i]);
	}
	eval_step(e, i - e->at.pos);
	e->at.pos = i + (i < src.len);
	if (e->skip)
		return;
	text = str_tail(&e->arena, from);
	eval_enter(e);
	v = capture(e, &text);
	eval_leave(e);
	add_output(e, d, &v);
}

static void dollar(struct eval *e, struct eval_draft *d)
{
	char c = eval_peek(e, 1);
	struct eval_value v;

	if (c == '(' && eval_peek(e, 2) == '(') {
		e->at.pos += 3;
		if (eval_double_paren(e, &v)) {
			eval_draft_add(e, d, &v, false);
			return;
		}
		e->at.pos -= 3;
	}
	if (c == '(') {
		e->at.pos += 2;
		v = eval_capture(e);
		add_output(e, d, &v);
	} else if (c == '{') {
		eval_param(e, d);
	} else if (c == '\'' && !d->is_quoted) {
		e->at.pos++;
		ansi(e, d);
	} else if (c == '"' && !d->is_quoted) {
		e->at.pos++;
	} else {
		eval_named(e, d);
	}
}

/* <(...) is a file that can be read; >(...) takes what is written. */
static void process(struct eval *e, struct eval_draft *d)
{
	bool is_from = eval_peek(e, 0) == '<';
	struct eval_value v, name;

	e->at.pos += 2;
	v = eval_capture(e);
	if (e->skip || !is_from)
		return;
	name = eval_number(e, (int64_t)e->n_files);
	eval_file_set(e, name.text, &v, false);
	eval_draft_add(e, d, &name, true);
}

static void parts(struct eval *e, struct eval_draft *d, enum context in,
	const char *stop);

static void quote(struct eval *e, struct eval_draft *d)
{
	bool was_quoted = d->is_quoted;

	e->at.pos++;
	d->is_quoted = d->is_open = true;
	parts(e, d, IN_QUOTE, "\"");
	d->is_quoted = was_quoted;
	e->at.pos += eval_peek(e, 0) == '"';
}

/* Bytes that may mean something, in one context or another. */
static const bool special[256] = { ['\\'] = true,
	['\''] = true,
	['"'] = true,
	['$'] = true,
	['`'] = true,
	[' '] = true,
	['\t'] = true,
	['\n'] = true,
	[';'] = true,
	['&'] = true,
	['|'] = true,
	['<'] = true,
	['>'] = true,
	['('] = true,
	[')'] = true,
	['}'] = true,
	['/'] = true,
	[']'] = true,
	[':'] = true };

static void plain(struct eval *e, struct eval_draft *d)
{
	const char *p = e->at.src.p + e->at.pos;
	size_t n = 1, len = e->at.src.len - e->at.pos;

	while (n < len && !special[(unsigned char)p[n]])
		n++;
	eval_step(e, n / 4);
	literal(e, d, e->at.pos, n);
	e->at.pos += n;
}

/* One part of a word. */
static void part(struct eval *e, struct eval_draft *d, enum context in)
{
	char c = eval_peek(e, 0);

	if (c == '\\')
		escape(e, d, in);
	else if (c == '\'' && !d->is_quoted)
		single(e, d);
	else if (c == '"' && in != IN_HERE)
		quote(e, d);
	else if (c == '$')
		dollar(e, d);
	else if (c == '`')
		ticks(e, d);
	else if ((c == '<' || c == '>') && in == IN_WORD)
		process(e, d);
	else
		plain(e, d);
}

static bool is_meta(const struct eval *e)
{
	char c = eval_peek(e, 0);

	if ((c == '<' || c == '>') && eval_peek(e, 1) == '(')
		return false;
	return c && strchr(" \t\n;&|<>()", c);
}

static void parts(
	struct eval *e, struct eval_draft *d, enum context in, const char *stop)
{
	bool is_nesting = strchr(stop, ')') != NULL;
	size_t open = 0;

	eval_enter(e);
	while (!eval_is_end(e) && eval_step(e, 1)) {
		char c = eval_peek(e, 0);

		if (in == IN_WORD && is_meta(e))
			break;
		if (c && strchr(stop, c) && !(c == ')' && open))
			break;
		open += is_nesting && c == '(';
		open -= is_nesting && c == ')';
		part(e, d, in);
	}
	eval_leave(e);
}

void eval_word(struct eval *e)
{
	struct eval_draft d;

	if (eval_braces(e))
		return;
	d = draft_new(e);
	d.splits = true;
	parts(e, &d, IN_WORD, "");
	eval_draft_end(e, &d);
}

struct eval_value eval_word_one(struct eval *e, bool is_pattern)
{
	struct eval_draft d = draft_new(e);

	d.is_pattern = is_pattern;
	parts(e, &d, IN_WORD, "");
	return take(e, &d);
}

struct eval_value eval_until(
	struct eval *e, const char *stop, bool is_pattern, bool is_quoted)
{
	struct eval_draft d = draft_new(e);

	d.is_pattern = is_pattern;
	d.is_quoted = is_quoted;
	parts(e, &d, IN_PARAM, stop);
	return take(e, &d);
}

struct eval_value eval_here(struct eval *e, struct bytes text)
{
	struct eval_draft d = draft_new(e);
	struct eval_place before = e->at;

	d.is_quoted = true;
	e->at = (struct eval_place){ .src = text, .here_line = SIZE_MAX };
	parts(e, &d, IN_HERE, "");
	e->at = before;
	return take(e, &d);
}
