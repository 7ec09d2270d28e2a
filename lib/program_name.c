// SPDX-License-Identifier: GPL-3.0-or-later
/* Variables, and functions of one expression. */
#include "program_state.h"

#include <ctype.h>

#define HASHES (sizeof(((struct program *)0)->heads) / sizeof(int))

static unsigned int hash(struct bytes name)
{
	unsigned int h = (unsigned int)name.len;

	for (size_t i = 0; i < name.len && i < 16; i++)
		h = h * 31 + (unsigned char)name.p[i];
	return h % HASHES;
}

/* ${a} and a template's a are $a and a. */
static bool is_same(struct bytes a, struct bytes b)
{
	if (a.len > 3 && a.p[0] == '$' && a.p[1] == '{')
		return b.len == a.len - 2 && b.p[0] == '$' &&
		       !memcmp(a.p + 2, b.p + 1, b.len - 1);
	return bytes_equal(a, b);
}

static struct bytes plain(struct bytes name, char *to, size_t max)
{
	if (name.len <= 3 || name.p[0] != '$' || name.p[1] != '{' ||
		name.len - 2 > max)
		return name;
	to[0] = '$';
	memcpy(to + 1, name.p + 2, name.len - 3);
	return (struct bytes){ to, name.len - 2 };
}

struct program_var *program_find(struct program *p, struct bytes name)
{
	char braced[64];
	struct bytes key = plain(name, braced, sizeof(braced));

	for (int i = p->heads[hash(key)]; i >= 0; i = p->vars[i].next)
		if (is_same(name, p->vars[i].name))
			return p->vars[i].value.kind == PROGRAM_OP
				       ? NULL
				       : &p->vars[i];
	return NULL;
}

static void add(struct program *p, struct bytes name,
	const struct program_token *value, uint32_t def)
{
	struct program_var *v = &p->vars[p->n_vars];
	unsigned int h = hash(name);

	if (p->n_vars == VARS_MAX)
		return;
	*v = (struct program_var){ name, *value, def, p->heads[h] };
	p->heads[h] = p->n_vars++;
}

void program_bind(struct program *p, struct bytes name,
	const struct program_token *value, uint32_t def)
{
	struct program_var *v = program_find(p, name);

	if (!v) {
		add(p, name, value, def);
		return;
	}
	v->value = *value;
	v->def = def;
}

void program_param(
	struct program *p, struct bytes name, const struct program_token *value)
{
	add(p, name, value, UINT32_MAX);
}

void program_unbind(struct program *p, int n)
{
	while (p->n_vars > n) {
		const struct program_var *v = &p->vars[--p->n_vars];

		p->heads[hash(v->name)] = v->next;
	}
}

const struct program_function *program_function(
	const struct program *p, struct bytes name)
{
	for (unsigned int i = p->n_functions; i > 0; i--)
		if (bytes_equal(p->functions[i - 1].name, name))
			return &p->functions[i - 1];
	return NULL;
}

/* A place in the source, and where to look no further. */
struct cursor {
	const char *s;
	size_t i, stop;
};

static char at(const struct cursor *c)
{
	return c->i < c->stop ? c->s[c->i] : '\0';
}

static void blanks(struct cursor *c, const char *set)
{
	while (at(c) && strchr(set, at(c)))
		c->i++;
}

static struct bytes name(struct cursor *c)
{
	size_t from = c->i;

	while (isalnum((unsigned char)at(c)) || (at(c) && strchr("_$", at(c))))
		c->i++;
	return (struct bytes){ c->s + from, c->i - from };
}

static bool takes(struct cursor *c, const char *word)
{
	size_t n = strlen(word);

	blanks(c, " \t\r\n");
	if (c->stop - c->i < n || memcmp(c->s + c->i, word, n) != 0)
		return false;
	c->i += n;
	return true;
}

/* Names with commas between them. */
static bool params(struct cursor *c, struct program_function *f)
{
	do {
		blanks(c, " \t");
		if (f->n_params == PARAMS_MAX)
			return false;
		f->params[f->n_params] = name(c);
		if (!f->params[f->n_params].len)
			return !f->n_params;
		f->n_params++;
		blanks(c, " \t");
	} while (at(c) == ',' && c->i++ < c->stop);
	return true;
}

/* Behind the string whose quote is at the cursor. */
static void past_string(struct cursor *c)
{
	char quote = at(c);

	for (c->i++; c->i < c->stop && at(c) != quote; c->i++)
		if (at(c) == '\\')
			c->i++;
}

/* To where the expression at the cursor ends. */
static bool expression(struct cursor *c, struct program_function *f,
	const char *ends, const char *word)
{
	size_t depth = 0, n = strlen(word);

	blanks(c, " \t\r\n");
	f->at = c->i;
	for (; c->i < c->stop; c->i++) {
		char ch = at(c);

		if (ch == '\'' || ch == '"')
			past_string(c);
		else if (ch && strchr("([{", ch))
			depth++;
		else if (!depth && ch && strchr(ends, ch))
			break;
		else if (!depth && n && c->stop - c->i >= n &&
			 !memcmp(c->s + c->i, word, n))
			break;
		else if (ch && strchr(")]}", ch) && !depth--)
			return false;
	}
	if (c->i > c->stop)
		c->i = c->stop;
	f->end = c->i;
	return f->end > f->at;
}

/* NAME = lambda a, b: ... */
static bool lambda(struct cursor *c, struct program_function *f)
{
	return params(c, f) && takes(c, ":") && expression(c, f, ";\n)", "");
}

/* function NAME(a, b) { return ...; }, def NAME(a): return ..., Lua's */
static bool function(struct cursor *c, struct program_function *f)
{
	blanks(c, " \t");
	if (at(c) != '(')
		f->name = name(c);
	if (!f->name.len || !takes(c, "(") || !params(c, f) || !takes(c, ")"))
		return false;
	if (takes(c, "{"))
		return takes(c, "return") && expression(c, f, ";}\n", "");
	if (takes(c, ":"))
		return takes(c, "return") && expression(c, f, ";\n", "");
	takes(c, "return");
	return expression(c, f, ";\n", " end");
}

/* NAME = a => ... and NAME = (a, b) => ... */
static bool arrow(struct cursor *c, struct program_function *f)
{
	blanks(c, " \t");
	if (at(c) == '(') {
		c->i++;
		if (!params(c, f) || !takes(c, ")"))
			return false;
	} else {
		f->params[0] = name(c);
		f->n_params = f->params[0].len > 0;
	}
	if (!f->n_params || !takes(c, "=>"))
		return false;
	blanks(c, " \t");
	if (takes(c, "{"))
		return takes(c, "return") && expression(c, f, ";}\n", "");
	return expression(c, f, ",;\n)", "");
}

/* NAME = function ..., NAME = lambda ..., NAME = x => ... */
static bool assigned(struct cursor *c, struct program_function *f)
{
	struct cursor start;

	blanks(c, " \t");
	if (at(c) != '=' || c->i + 1 >= c->stop || c->s[c->i + 1] == '=')
		return false;
	c->i++;
	blanks(c, " \t");
	start = *c;
	if (takes(c, "lambda"))
		return lambda(c, f);
	if (takes(c, "function"))
		return function(c, f);
	*c = start;
	return arrow(c, f);
}

bool program_lambda(struct program *p, struct program_token *t)
{
	const struct program_token *open = program_top(p, 0);
	struct program_function f = { .n_params = 0 };
	struct cursor c = { p->src.p, p->pos, p->stop };

	if (p->n_functions == FUNCTIONS_MAX || p->nested ||
		!program_is(open, '(') || open->at + 1 > t->at ||
		!bytes_equal(program_source(p, t), BYTES("lambda")))
		return false;
	if (c.stop - c.i > BODY_MAX)
		c.stop = c.i + BODY_MAX;
	if (!lambda(&c, &f) || !takes(&c, ")") || at(&c) != '(')
		return false;
	t->gap = open->gap;
	t->at = open->at;
	t->end = (uint32_t)c.i;
	f.name = program_source(p, t);
	/* Longer names than that are cut where they are called. */
	if (f.name.len > NAME_MAX_LEN)
		f.name.len = NAME_MAX_LEN;
	p->functions[p->n_functions++] = f;
	p->pos = c.i;
	p->n--;
	p->n_opens -= p->n_opens > 0;
	return true;
}

void program_define(struct program *p, const struct program_token *t)
{
	struct bytes word = program_source(p, t);
	struct program_function f = { .name = word };
	struct cursor c = { p->src.p, p->pos, p->stop };

	if (p->n_functions == FUNCTIONS_MAX || p->nested)
		return;
	if (c.stop - c.i > BODY_MAX)
		c.stop = c.i + BODY_MAX;
	if (bytes_equal(word, BYTES("def")) ||
		bytes_equal(word, BYTES("function"))) {
		f.name.len = 0;
		if (!function(&c, &f))
			return;
	} else if (!assigned(&c, &f)) {
		return;
	}
	p->functions[p->n_functions++] = f;
}
