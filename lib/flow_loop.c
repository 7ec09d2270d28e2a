// SPDX-License-Identifier: GPL-3.0-or-later
/* for NAME in 69 64; do BODY; done as { NAME=69; BODY; NAME=64; BODY; } */
#include "flow_state.h"

#include <ctype.h>

#include "text.h"

/* Turns of a loop, and of all loops of one text. */
#define TURNS_MAX 256
/* Loops that are read: each may look through all of the text. */
#define TRIES_MAX 128
/* Of a number that a loop counts. */
#define NUMBER_LEN 24

struct loop {
	struct bytes name, values, body;
	const char *end; /* behind its done */
	int64_t from, to, step; /* of for ((...)), where step is not 0 */
	bool is_down;
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n';
}

static size_t name_len(struct bytes t)
{
	size_t n = 0;

	while (n < t.len && (t.p[n] == '_' || isalnum((unsigned char)t.p[n])))
		n++;
	return n;
}

static void skip_blanks(struct bytes *t)
{
	while (t->len && is_blank(t->p[0]))
		t->p++, t->len--;
}

/* Takes a word of the language; false: another stands there. */
static bool take(struct bytes *t, struct bytes word)
{
	skip_blanks(t);
	if (t->len <= word.len || memcmp(t->p, word.p, word.len) != 0 ||
		!is_blank(t->p[word.len]))
		return false;
	t->p += word.len;
	t->len -= word.len;
	return true;
}

/* done in command position: behind a ; or at the start of a line. */
static const char *find_done(struct bytes t)
{
	const char *p = t.p;

	while ((p = text_find((struct bytes){ p, t.len - (size_t)(p - t.p) },
			BYTES("done")))) {
		const char *q = p;

		while (q > t.p && (q[-1] == ' ' || q[-1] == '\t'))
			q--;
		if (q > t.p && (q[-1] == ';' || q[-1] == '\n'))
			return p;
		p += sizeof("done") - 1;
	}
	return NULL;
}

/* Where the last NAME=, or set -- for $@, before p is given something; behind
 * the =. NULL: nowhere. */
static const char *given(struct bytes t, const char *p, struct bytes name)
{
	const char *from = t.p, *hit, *last = NULL;
	bool is_args = !name.len;

	if (is_args)
		name = BYTES("set -- ");
	while ((hit = text_find(
			(struct bytes){ from, (size_t)(p - from) }, name))) {
		from = hit + name.len;
		if (!is_args && (from >= p || *from != '='))
			continue;
		if (hit == t.p || is_blank(hit[-1]) || strchr(";({", hit[-1]))
			last = is_args ? from : from + 1;
	}
	return last;
}

/* The words of a=(b c), or of set -- b c. False: none that are plain. */
static bool words_of(
	struct bytes t, const char *p, struct bytes name, struct bytes *words)
{
	const char *at = given(t, p, name);
	size_t n = 0, max;
	bool is_array = name.len > 0;

	if (!at || (is_array && *at++ != '('))
		return false;
	max = (size_t)(p - at);
	while (n < max && (is_array ? at[n] != ')' : !strchr(";\n", at[n])))
		if (strchr("$`'\"\\{}()*?[|&<>", at[n++]))
			return false;
	*words = (struct bytes){ at, n };
	return n < max;
}

/* ${a[@]} or $@, with quotes or without; what it gives stands earlier. */
static bool array_values(
	struct bytes t, const char *p, struct bytes v, struct bytes *words)
{
	while (v.len && is_blank(v.p[v.len - 1]))
		v.len--;
	if (v.len > 2 && v.p[0] == '"' && v.p[v.len - 1] == '"') {
		v.p++;
		v.len -= 2;
	}
	if (!v.len || bytes_equal(v, BYTES("$@")) ||
		bytes_equal(v, BYTES("$*")))
		return words_of(t, p, BYTES(""), words);
	if (v.len < 7 || memcmp(v.p, "${", 2) != 0 ||
		(memcmp(v.p + v.len - 4, "[@]}", 4) != 0 &&
			memcmp(v.p + v.len - 4, "[*]}", 4) != 0))
		return false;
	v.p += 2;
	v.len -= 6;
	return name_len(v) == v.len && words_of(t, p, v, words);
}

/* Reads do BODY done. */
static bool read_body(struct bytes t, struct loop *l)
{
	const char *p;

	if (!take(&t, BYTES("do")))
		return false;
	p = find_done(t);
	if (!p)
		return false;
	l->body = (struct bytes){ t.p, (size_t)(p - t.p) };
	l->end = p + sizeof("done") - 1;
	/* The outer one of two is left alone. */
	return !text_find(l->body, BYTES("for "));
}

/* Reads behind a for. Values that are not plain words are refused. */
static bool read_loop(struct bytes all, struct bytes t, struct loop *l)
{
	const char *p = t.p;
	bool is_plain = true;
	size_t n = 0;

	skip_blanks(&t);
	l->name = (struct bytes){ t.p, name_len(t) };
	t.p += l->name.len;
	t.len -= l->name.len;
	if (!l->name.len)
		return false;
	if (!take(&t, BYTES("in")) &&
		(!t.len || (t.p[0] != ';' && t.p[0] != '\n')))
		return false;
	while (n < t.len && t.p[n] != ';' && t.p[n] != '\n')
		is_plain &= !strchr("$`'\"\\{}()*?[|&<>", t.p[n++]);
	l->values = (struct bytes){ t.p, n };
	while (l->values.len && is_blank(l->values.p[0]))
		l->values.p++, l->values.len--;
	if (n == t.len || ((!is_plain || !l->values.len) &&
				  !array_values(all, p, l->values, &l->values)))
		return false;
	t.p += n + 1;
	t.len -= n + 1;
	return read_body(t, l);
}

/* A number, or ${#a} of an a that has a plain value; one less, too. */
static bool length(struct bytes t, const char *p, struct bytes b, int64_t *n)
{
	int64_t less = 0;
	const char *at;
	size_t k = 0;
	char quote;

	while (b.len && b.p[0] == ' ')
		b.p++, b.len--;
	while (b.len && b.p[b.len - 1] == ' ')
		b.len--;
	if (b.len > 2 && !memcmp(b.p + b.len - 2, "-1", 2)) {
		less = 1;
		b.len -= 2;
	}
	if (text_i64(b, n) == 0) {
		*n -= less;
		return *n<INT32_MAX && * n> INT32_MIN;
	}
	if (b.len < 5 || memcmp(b.p, "${#", 3) != 0 || b.p[b.len - 1] != '}')
		return false;
	at = given(t, p, (struct bytes){ b.p + 3, b.len - 4 });
	if (!at)
		return false;
	quote = *at == '\'' || *at == '"' ? *at++ : '\0';
	while (at + k < p &&
		(quote ? at[k] != quote : !is_blank(at[k]) && at[k] != ';'))
		k++;
	*n = (int64_t)k - less;
	return true;
}

/* What the two ; part. */
static bool parts(struct bytes b, struct bytes part[3])
{
	size_t n = 0;

	for (; b.len && n < 3; n++) {
		const char *semi = memchr(b.p, ';', b.len);

		part[n] = (struct bytes){ b.p,
			semi ? (size_t)(semi - b.p) : b.len };
		b.p += part[n].len + (semi != NULL);
		b.len -= part[n].len + (semi != NULL);
		skip_blanks(&part[n]);
	}
	return n == 3;
}

/* for ((i = 0; i < 8; i += 2)) */
static bool read_counted(struct bytes all, struct bytes t, struct loop *l)
{
	const char *p = t.p, *end;
	struct bytes part[3], b;
	int64_t to, step = 1;
	bool is_same;

	skip_blanks(&t);
	if (t.len < 2 || memcmp(t.p, "((", 2) != 0)
		return false;
	t.p += 2;
	t.len -= 2;
	end = text_find(t, BYTES("))"));
	if (!end || !parts((struct bytes){ t.p, (size_t)(end - t.p) }, part))
		return false;
	l->name = (struct bytes){ part[0].p, name_len(part[0]) };
	b = part[0];
	b.p += l->name.len;
	b.len -= l->name.len;
	skip_blanks(&b);
	if (!l->name.len || !b.len || b.p[0] != '=' ||
		!length(all, p, (struct bytes){ b.p + 1, b.len - 1 }, &l->from))
		return false;
	/* i<8, i>=0 */
	b = part[1];
	if (b.len <= l->name.len || memcmp(b.p, l->name.p, l->name.len) != 0)
		return false;
	b.p += l->name.len;
	b.len -= l->name.len;
	skip_blanks(&b);
	if (b.len < 2 || (b.p[0] != '<' && b.p[0] != '>'))
		return false;
	is_same = b.p[1] == '=';
	l->is_down = b.p[0] == '>';
	if (!length(all, p,
		    (struct bytes){ b.p + 1 + is_same, b.len - 1 - is_same },
		    &to))
		return false;
	l->to = is_same ? to + (l->is_down ? -1 : 1) : to;
	/* i++, i--, i+=2 */
	b = part[2];
	for (size_t i = 0; i + 1 < b.len; i++)
		if ((b.p[i] == '+' || b.p[i] == '-') && b.p[i + 1] == '=' &&
			!length(all, p,
				(struct bytes){ b.p + i + 2, b.len - i - 2 },
				&step))
			return false;
	l->step = l->is_down ? -step : step;
	t.len -= (size_t)(end + 2 - t.p);
	t.p = end + 2;
	skip_blanks(&t);
	if (t.len && t.p[0] == ';')
		t.p++, t.len--;
	return step > 0 && read_body(t, l);
}

static void turn(const struct loop *l, struct bytes value, struct str *out)
{
	str_addb(out, l->name);
	str_addc(out, '=');
	str_addb(out, value);
	str_addz(out, "; ");
	str_addb(out, l->body);
	str_addc(out, '\n');
}

static void count(const struct loop *l, size_t *turns, struct str *out)
{
	struct str number;

	str_init(&number, NUMBER_LEN);
	str_addz(out, "{ ");
	for (int64_t i = l->from;
		(l->is_down ? i > l->to : i < l->to) && *turns < TURNS_MAX;
		i += l->step, ++*turns) {
		str_reset(&number);
		str_addi(&number, i);
		turn(l, str_bytes(&number), out);
	}
	str_addz(out, "}");
	str_fini(&number);
}

static void unroll(const struct loop *l, size_t *turns, struct str *out)
{
	struct bytes v = l->values;

	str_addz(out, "{ ");
	while (*turns < TURNS_MAX) {
		size_t n = 0;

		skip_blanks(&v);
		while (n < v.len && !is_blank(v.p[n]))
			n++;
		if (!n)
			break;
		++*turns;
		turn(l, (struct bytes){ v.p, n }, out);
		v.p += n;
		v.len -= n;
	}
	str_addz(out, "}");
}

bool flow_unroll(struct bytes text, struct str *out)
{
	const char *from = text.p, *p = text.p, *end = text.p + text.len;
	size_t turns = 0, tries = 0;
	struct loop l;

	while (turns < TURNS_MAX && tries < TRIES_MAX &&
		(p = text_find((struct bytes){ p, (size_t)(end - p) },
			 BYTES("for")))) {
		bool is_word = p == text.p || is_blank(p[-1]) ||
			       strchr(";({|&'\"", p[-1]);

		struct bytes rest;

		p += sizeof("for") - 1;
		rest = (struct bytes){ p, (size_t)(end - p) };
		l.step = 0;
		tries += is_word;
		if (!is_word || (!read_counted(text, rest, &l) &&
					(!rest.len || rest.p[0] != ' ' ||
						!read_loop(text, rest, &l))))
			continue;
		str_add(out, from, (size_t)(p - (sizeof("for") - 1) - from));
		if (l.step)
			count(&l, &turns, out);
		else
			unroll(&l, &turns, out);
		from = p = l.end;
	}
	if (from == text.p)
		return false;
	str_add(out, from, (size_t)(end - from));
	return str_ok(out);
}
