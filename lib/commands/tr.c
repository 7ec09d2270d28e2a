// SPDX-License-Identifier: GPL-3.0-or-later
/* tr, and rot13 and caesar, which are special cases of it. */
#include "command.h"

#include <ctype.h>

#include "text.h"
#include "undo.h"

/* More than every byte twice says nothing new. */
#define SET_MAX 512

struct set {
	unsigned char c[SET_MAX];
	size_t n;
};

static void add(struct set *s, unsigned char c)
{
	if (s->n < SET_MAX)
		s->c[s->n++] = c;
}

/* [:alpha:] at i; its length, 0 if there is none. */
static size_t add_class(struct set *s, struct bytes b, size_t i)
{
	static const struct {
		struct bytes name;
		int (*is)(int);
	} classes[] = { { BYTES("[:alpha:]"), isalpha },
		{ BYTES("[:digit:]"), isdigit },
		{ BYTES("[:alnum:]"), isalnum },
		{ BYTES("[:upper:]"), isupper },
		{ BYTES("[:lower:]"), islower },
		{ BYTES("[:space:]"), isspace },
		{ BYTES("[:blank:]"), isblank },
		{ BYTES("[:punct:]"), ispunct },
		{ BYTES("[:cntrl:]"), iscntrl },
		{ BYTES("[:print:]"), isprint },
		{ BYTES("[:xdigit:]"), isxdigit } };

	for (size_t k = 0; k < sizeof(classes) / sizeof(classes[0]); k++) {
		struct bytes name = classes[k].name;

		if (b.len - i < name.len ||
			memcmp(b.p + i, name.p, name.len) != 0)
			continue;
		for (int c = 0; c < 128; c++)
			if (classes[k].is(c))
				add(s, (unsigned char)c);
		return name.len;
	}
	return 0;
}

/* The character at *i, which is then behind it. */
static unsigned char take(struct bytes b, size_t *i)
{
	static const char from[] = "ntrabfv\\", to[] = "\n\t\r\a\b\f\v\\";
	unsigned int v = 0;
	size_t n = 0;
	const char *p;

	if (b.p[*i] != '\\' || *i + 1 == b.len)
		return (unsigned char)b.p[(*i)++];
	++*i;
	p = b.p[*i] ? strchr(from, b.p[*i]) : NULL;
	if (p) {
		++*i;
		return (unsigned char)to[p - from];
	}
	for (; n < 3 && *i < b.len && b.p[*i] >= '0' && b.p[*i] <= '7'; n++)
		v = v * 8 + (unsigned int)(b.p[(*i)++] - '0');
	return n ? (unsigned char)v : (unsigned char)b.p[(*i)++];
}

static void parse(struct set *s, struct bytes b)
{
	size_t i = 0;

	while (i < b.len) {
		size_t n = b.p[i] == '[' ? add_class(s, b, i) : 0;
		unsigned int c, last;

		if (n) {
			i += n;
			continue;
		}
		c = last = take(b, &i);
		if (i + 1 < b.len && b.p[i] == '-') {
			i++;
			last = take(b, &i);
		}
		for (; c <= last; c++)
			add(s, (unsigned char)c);
	}
}

struct tr {
	unsigned char to[256];
	bool is_gone[256], is_squeezed[256];
};

static bool is_rot13(const struct tr *t)
{
	return t->to['a'] == 'n' && t->to['n'] == 'a' && t->to['A'] == 'N' &&
	       t->to['Z'] == 'M';
}

/* Base64 in the alphabet for URLs, put into the other. */
static bool is_alphabet(const struct tr *t)
{
	for (unsigned int i = 0; i < 256; i++)
		if (t->is_gone[i] || t->is_squeezed[i] ||
			(t->to[i] != i && t->to[i] != '+' && t->to[i] != '/'))
			return false;
	return true;
}

static bool set_up(struct tr *t, const struct command_call *call)
{
	struct command_opts o = { .call = call, .values = "" };
	struct set sets[2] = { { .n = 0 }, { .n = 0 } };
	bool is_delete = false, is_complement = false, is_squeeze = false;
	bool is_in[256] = { false };
	size_t n = 0;
	char c;

	while ((c = command_next(&o))) {
		is_delete |= c == 'd';
		is_squeeze |= c == 's';
		is_complement |= c == 'c' || c == 'C';
		if (c == '.' && n == 2)
			return false;
		if (c == '.')
			parse(&sets[n++], o.word);
	}
	if (!n || (n == 1 && !is_delete && !is_squeeze))
		return false;
	for (size_t i = 0; i < sets[0].n; i++)
		is_in[sets[0].c[i]] = true;
	for (unsigned int i = 0; i < 256; i++) {
		t->to[i] = (unsigned char)i;
		is_in[i] ^= is_complement;
		t->is_gone[i] = is_delete && is_in[i];
		t->is_squeezed[i] = is_squeeze && n == 1 && is_in[i];
		if (is_complement && is_in[i] && n == 2 && sets[1].n)
			t->to[i] = sets[1].c[sets[1].n - 1];
	}
	for (size_t i = 0; n == 2 && !is_complement && !is_delete &&
			   sets[1].n && i < sets[0].n;
		i++)
		t->to[sets[0].c[i]] =
			sets[1].c[i < sets[1].n ? i : sets[1].n - 1];
	for (size_t i = 0; is_squeeze && n == 2 && i < sets[1].n; i++)
		t->is_squeezed[sets[1].c[i]] = true;
	return true;
}

static bool tr(struct command_call *call, struct str *out)
{
	size_t from = out->len;
	struct tr t = { .to = { 0 } };
	int last = -1;

	if (!call->in.p || !set_up(&t, call))
		return false;
	for (size_t i = 0; i < call->in.len; i++) {
		unsigned char u = (unsigned char)call->in.p[i];
		unsigned char c = t.to[u];

		if (t.is_gone[u] || (t.is_squeezed[c] && last == c))
			continue;
		last = c;
		str_addc(out, (char)c);
	}
	call->ends_line =
		call->has_newline && !t.is_gone['\n'] && t.to['\n'] == '\n';
	if (bytes_equal(str_tail(out, from), call->in) || is_alphabet(&t))
		return true;
	if (is_rot13(&t))
		call->kind = COMMAND_CIPHER;
	call->undone = is_rot13(&t) ? "rot13" : "tr";
	return true;
}

const struct command command_tr = { .names = "tr", .run = tr };

static bool rotate(struct command_call *call, struct str *out)
{
	uint64_t n = 13;

	if (!call->in.p ||
		(call->argc > 1 && text_u64(call->argv[1], 10, &n) < 0))
		return false;
	undo_rotate(call->in, (unsigned int)(n % 26), out);
	call->undone = n == 13 ? "rot13" : "tr";
	call->kind = COMMAND_CIPHER;
	call->ends_line = call->has_newline;
	return true;
}

const struct command command_rotate = { .names = "rot13 caesar",
	.run = rotate };
