// SPDX-License-Identifier: GPL-3.0-or-later
/* read and mapfile: variables from what is read. */
#include "eval_state.h"

#include "text.h"

struct options {
	size_t i; /* the first word that is none */
	char delimiter;
	bool is_raw, is_trimmed, is_exact;
	uint64_t n; /* characters, or lines */
	uint64_t skip;
	struct bytes array;
};

/* The value of the option at letter k of word o->i; moves on to the next. */
static struct bytes value_of(
	const struct eval_value *words, size_t n, struct options *o, size_t k)
{
	struct bytes w = words[o->i].text;

	if (k + 1 < w.len)
		return (struct bytes){ w.p + k + 1, w.len - k - 1 };
	o->i++;
	return o->i < n ? words[o->i].text : BYTES("");
}

static bool one(const struct eval_value *words, size_t n, struct options *o,
	size_t k, const char *values)
{
	char c = words[o->i].text.p[k];
	struct bytes v;

	o->is_raw |= c == 'r';
	o->is_trimmed |= c == 't';
	if (!c || !strchr(values, c))
		return false;
	v = value_of(words, n, o, k);
	if (c == 'd')
		o->delimiter = v.len ? v.p[0] : '\0';
	else if (c == 'a')
		o->array = v;
	else if ((c == 'n' || c == 'N') && text_u64(v, 10, &o->n) == 0)
		o->is_exact = c == 'N';
	else if (c == 's' && text_u64(v, 10, &o->skip) < 0)
		o->skip = 0;
	return true;
}

static struct options options_of(
	const struct eval_value *words, size_t n, const char *values)
{
	struct options o = { .i = 1, .delimiter = '\n', .n = UINT64_MAX };

	for (; o.i < n; o.i++) {
		struct bytes w = words[o.i].text;

		if (w.len < 2 || w.p[0] != '-')
			break;
		for (size_t k = 1; k < w.len; k++)
			if (one(words, n, &o, k, values))
				break;
	}
	return o;
}

/* Takes a line, without its end, from the input. False: it has none. */
static bool take_line(
	struct eval *e, const struct options *o, struct bytes *line)
{
	struct bytes *in = &e->in.text;
	const char *end = memchr(in->p, o->delimiter, in->len);

	*line = *in;
	if (end)
		line->len = (size_t)(end - in->p);
	if (o->n <= line->len || o->is_exact) {
		line->len = in->len < o->n ? in->len : (size_t)o->n;
		end = in->len >= o->n ? line->p : NULL;
		in->p += line->len;
		in->len -= line->len;
	} else {
		in->p += line->len + (end != NULL);
		in->len -= line->len + (end != NULL);
	}
	eval_step(e, 1 + line->len / 8);
	e->changes++;
	return end != NULL;
}

static bool is_blank(const struct eval *e, char c)
{
	return (c == ' ' || c == '\t' || c == '\n') &&
	       e->is_ifs[(unsigned char)c];
}

static struct bytes trim(const struct eval *e, struct bytes b)
{
	while (b.len && is_blank(e, b.p[0]))
		b.p++, b.len--;
	while (b.len && is_blank(e, b.p[b.len - 1]))
		b.len--;
	return b;
}

/* The next field of b, which is then behind it. */
static struct bytes field(const struct eval *e, struct bytes *b)
{
	struct bytes f = { b->p, 0 };
	size_t i;

	while (f.len < b->len && !e->is_ifs[(unsigned char)b->p[f.len]])
		f.len++;
	i = f.len;
	while (i < b->len && is_blank(e, b->p[i]))
		i++;
	if (i < b->len && e->is_ifs[(unsigned char)b->p[i]] &&
		!is_blank(e, b->p[i]))
		i++;
	while (i < b->len && is_blank(e, b->p[i]))
		i++;
	b->p += i;
	b->len -= i;
	return f;
}

/* Without -r a \ stands for the character behind it. */
static struct bytes unescape(struct eval *e, struct bytes b)
{
	size_t from = e->arena.len;

	if (!b.len || !memchr(b.p, '\\', b.len) || !eval_step(e, b.len))
		return b;
	for (size_t i = 0; i < b.len; i++) {
		i += b.p[i] == '\\' && i + 1 < b.len;
		str_addc(&e->arena, b.p[i]);
	}
	return str_tail(&e->arena, from);
}

static void split(struct eval *e, const struct options *o, struct eval_value v,
	const struct eval_value *names, size_t n)
{
	struct bytes rest = o->is_exact ? v.text : trim(e, v.text);
	struct eval_var *array = o->array.p ? eval_array(e, o->array) : NULL;

	while (array && rest.len && eval_step(e, 1)) {
		v.text = field(e, &rest);
		eval_array_add(e, array, &v);
	}
	for (size_t i = 0; i < n && !o->array.p; i++) {
		v.text = i + 1 < n ? field(e, &rest) : rest;
		eval_store(e, names[i].text, &v);
	}
}

void eval_read(struct eval *e, struct eval_value *words, size_t n)
{
	struct options o = options_of(words, n, "adinNptu");
	struct eval_value reply = eval_literal(BYTES("REPLY")), v = e->in;
	bool has_end = false;

	v.note.flags &= (unsigned char)~IS_LINE;
	if (eval_is_known(&e->in))
		has_end = take_line(e, &o, &v.text);
	if (!o.is_raw)
		v.text = unescape(e, v.text);
	e->status = !eval_is_known(&v) ? STATUS_UNKNOWN
		    : has_end          ? STATUS_TRUE
				       : STATUS_FALSE;
	if (o.i < n || o.array.p)
		split(e, &o, v, words + o.i, o.i < n ? n - o.i : 0);
	else
		eval_var_set(e, reply.text, &v);
}

void eval_mapfile(struct eval *e, struct eval_value *words, size_t n)
{
	struct options o = options_of(words, n, "dnOsucC");
	struct bytes name = o.i < n ? words[o.i].text : BYTES("MAPFILE");
	struct eval_var *to = eval_array(e, name);
	struct eval_value v = e->in;
	uint64_t most = o.n;

	v.note.flags &= (unsigned char)~IS_LINE;
	o.n = UINT64_MAX;
	if (!to)
		return;
	if (!eval_is_known(&e->in)) {
		eval_array_add(e, to, &v);
		return;
	}
	for (uint64_t i = 0; e->in.text.len && i < most && eval_step(e, 1);
		i++) {
		bool has_end = take_line(e, &o, &v.text);

		v.text.len += has_end && !o.is_trimmed;
		if (i >= o.skip)
			eval_array_add(e, to, &v);
	}
}
