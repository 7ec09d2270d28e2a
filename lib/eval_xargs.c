// SPDX-License-Identifier: GPL-3.0-or-later
/* xargs: its command, with words of its input. */
#include "eval_state.h"

/* The next word, or line, which is taken off the front of *t. */
static struct bytes item_of(struct bytes *t, bool is_by_nul, bool is_line)
{
	size_t n = 0;
	struct bytes one;

	while (!is_by_nul && t->len && strchr(" \t\n", t->p[0]))
		t->p++, t->len--;
	while (n < t->len &&
		(is_by_nul        ? t->p[n] != '\0'
			: is_line ? t->p[n] != '\n'
				  : !(t->p[n] && strchr(" \t\n", t->p[n]))))
		n++;
	one = (struct bytes){ t->p, n };
	n += n < t->len;
	t->p += n;
	t->len -= n;
	return one;
}

struct xargs {
	size_t from, to; /* the command's words, among the fields */
	struct bytes mark; /* -I's */
	uint64_t many; /* -n's */
	bool is_by_nul, is_by_line; /* -0; -L, which many is then of */
};

static void push(struct eval *e, const struct eval_value *v)
{
	if (e->n_fields == FIELDS_MAX || !eval_step(e, 1))
		e->is_over = true;
	else
		e->fields[e->n_fields++] = *v;
}

/* Adds the next word of the input, or those of its next line. */
static void take(struct eval *e, const struct xargs *x, struct eval_value *in,
	struct eval_value *one)
{
	struct bytes part = item_of(&in->text, x->is_by_nul, x->is_by_line);

	do {
		one->text = x->is_by_line ? item_of(&part, false, false) : part;
		if (one->text.len)
			push(e, one);
	} while (x->is_by_line && part.len && !e->is_over);
}

/* The command once, with what is left of the input, or some of it. */
static void feed(struct eval *e, const struct xargs *x, struct eval_value *in)
{
	size_t first = e->n_fields;
	struct eval_value one = { .note = in->note }, echo;

	one.note.flags &= (unsigned char)~IS_LINE;
	echo = eval_literal(BYTES("echo"));
	if (x->mark.p)
		one.text = item_of(&in->text, x->is_by_nul, true);
	if (x->from == x->to)
		push(e, &echo);
	for (size_t i = x->from; i < x->to; i++) {
		struct eval_value word = e->fields[i];

		if (x->mark.p)
			word = eval_exchange(e, &word, '/', x->mark, &one);
		push(e, &word);
	}
	for (uint64_t i = 0;
		!x->mark.p && in->text.len && i < x->many && !e->is_over; i++)
		take(e, x, in, &one);
	if (!e->is_over)
		eval_command(e, first, e->n_fields - first);
	e->n_fields = first;
}

void eval_xargs(struct eval *e, size_t first, size_t at, size_t to)
{
	struct xargs x = { .from = first + to, .many = UINT64_MAX };
	struct eval_value in = e->in;

	x.to = e->n_fields;
	for (size_t i = at + 1; i < to; i++) {
		struct bytes o = e->fields[first + i].text, v = o;

		if (o.len < 2 || o.p[0] != '-')
			continue;
		x.is_by_nul |= o.p[1] == '0' || bytes_equal(o, BYTES("--null"));
		v.p += 2;
		v.len -= 2;
		if (!v.len && i + 1 < to)
			v = e->fields[first + i + 1].text;
		if (o.p[1] == 'I' || o.p[1] == 'i')
			x.mark = o.p[1] == 'i' && o.len == 2 ? BYTES("{}") : v;
		if (o.p[1] == 'n' || o.p[1] == 'L') {
			x.many = 0;
			for (size_t k = 0; k < v.len && v.p[k] >= '0' &&
					   v.p[k] <= '9' && x.many < FIELDS_MAX;
				k++)
				x.many = x.many * 10 + (uint64_t)(v.p[k] - '0');
			x.many += !x.many;
			x.is_by_line = o.p[1] == 'L';
		}
	}
	e->in = eval_unknown();
	e->in.text.len = 0;
	if (!eval_is_known(&in)) {
		eval_forget(e);
		return;
	}
	while (in.text.len && !e->is_over)
		feed(e, &x, &in);
}
