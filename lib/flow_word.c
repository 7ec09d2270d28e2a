// SPDX-License-Identifier: GPL-3.0-or-later
#include "flow_state.h"

#include "text.h"

/* Values so short stand in everything. */
#define VALUE_MIN 4

static const struct value unknown = { .is_known = false };

/* The substitutions of command c: the last of the stack. */
static size_t first_sub(const struct flow *fl, size_t c)
{
	size_t i = fl->n_subs;

	while (i && fl->subs[i - 1].parent == c)
		i--;
	return i;
}

/* text with the outputs of the substitutions in it put in. */
static struct value put_in(
	struct flow *fl, size_t c, size_t word, struct bytes text)
{
	size_t from = fl->arena.len, at = 0;
	struct value v = { .is_known = true };

	for (size_t i = first_sub(fl, c); i < fl->n_subs; i++) {
		const struct sub *s = &fl->subs[i];

		if (s->word != word)
			continue;
		if (!s->v.is_known)
			return unknown;
		if (s->at > at && s->at <= text.len) {
			str_add(&fl->arena, text.p + at, s->at - at);
			at = s->at;
		}
		str_addb(&fl->arena, s->v.text);
		fl->work += s->v.text.len;
		flow_inherit(&v, &s->v);
	}
	str_add(&fl->arena, text.p + at, text.len - at);
	v.text = str_tail(&fl->arena, from);
	return v;
}

static bool has_sub(const struct flow *fl, size_t c, size_t word)
{
	for (size_t i = first_sub(fl, c); i < fl->n_subs; i++)
		if (fl->subs[i].word == word)
			return true;
	return false;
}

void flow_look_up(struct flow *fl)
{
	size_t n = shell_n_words(fl->sh);

	fl->n_looked = 0;
	for (size_t i = 0; i < n && fl->n_looked < LOOKED_MAX; i++)
		if (shell_word(fl->sh, i)->is_assignment)
			fl->looked[fl->n_looked++] = i;
}

/* Where the values stand that variables gave to the word. */
static void add_assignments(
	struct flow *fl, struct value *v, const struct shell_word *w)
{
	for (size_t i = 0; i < fl->n_looked; i++) {
		const struct shell_word *a = shell_word(fl->sh, fl->looked[i]);
		struct bytes value = a->text;
		const char *eq = memchr(value.p, '=', value.len);

		if (a->at >= w->at || !eq)
			return;
		value.len -= (size_t)(eq + 1 - value.p);
		value.p = eq + 1;
		fl->work += w->text.len;
		if (value.len >= VALUE_MIN && text_find(w->text, value))
			flow_add_span(v, a->at, a->end);
	}
}

/* What a variable holds that a substitution was assigned to. */
static struct value *assigned_get(struct flow *fl, size_t word)
{
	for (size_t i = fl->n_assigned; i--;)
		if (fl->assigned[i].word == word)
			return &fl->assigned[i].v;
	return NULL;
}

static struct value assigned(struct flow *fl, size_t word)
{
	const struct value *v = assigned_get(fl, word);

	return v ? *v : unknown;
}

void flow_tell_variable(struct flow *fl, size_t word)
{
	size_t source = shell_word(fl->sh, word)->source;
	struct value *v = source == SIZE_MAX ? NULL : assigned_get(fl, source);

	if (v)
		flow_tell(fl, v, true, false);
}

struct value flow_word(struct flow *fl, size_t c, size_t word)
{
	const struct shell_word *w = shell_word(fl->sh, word);
	struct value v = { .is_known = true, .text = w->text };

	if (has_sub(fl, c, word))
		v = put_in(fl, c, word, w->text);
	else if (w->source != SIZE_MAX && !w->text.len)
		v = assigned(fl, w->source);
	else if (w->is_opaque)
		v.is_known = w->source == SIZE_MAX && w->text.len &&
			     !shell_is_bare(w->text);
	v.has_newline = false;
	v.is_changed |= w->is_escaped;
	flow_add_span(&v, w->at, w->end);
	if (w->is_expanded)
		add_assignments(fl, &v, w);
	return v;
}

struct value flow_here(struct flow *fl, size_t c)
{
	const struct shell_command *k = shell_command(fl->sh, c);
	struct bytes here = k->here.p ? k->here : BYTES("");
	struct value v = { .is_known = true, .text = here };
	const char *p;

	if (has_sub(fl, c, SIZE_MAX))
		v = put_in(fl, c, SIZE_MAX, here);
	else if (k->is_here_opaque || !k->here.p)
		return unknown;
	p = here.len && fl->n_placed++ < PLACED_MAX ? text_find(fl->text, here)
						    : NULL;
	if (p)
		flow_add_span(&v, (size_t)(p - fl->text.p),
			(size_t)(p - fl->text.p) + here.len);
	return v;
}

void flow_assign(struct flow *fl, size_t c, size_t word)
{
	const struct shell_word *w = shell_word(fl->sh, word);
	struct value v;
	const char *eq;

	if (!w->is_assignment || !w->is_opaque)
		return;
	v = flow_word(fl, c, word);
	eq = v.is_known ? memchr(v.text.p, '=', v.text.len) : NULL;
	if (!eq || fl->n_assigned == ASSIGNED_MAX)
		return;
	v.text.len -= (size_t)(eq + 1 - v.text.p);
	v.text.p = eq + 1;
	flow_tell(fl, &v, false, false);
	fl->assigned[fl->n_assigned].word = word;
	fl->assigned[fl->n_assigned++].v = v;
}
