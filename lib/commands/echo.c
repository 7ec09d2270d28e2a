// SPDX-License-Identifier: GPL-3.0-or-later
/* echo, printf: the beginnings of pipelines. */
#include "command.h"

#include <ctype.h>

#include "escape.h"
#include "text.h"

/* Escapes of what needs none, from which on a text is hidden. */
#define HIDDEN_MIN 2

/* What was escaped may have been hidden so. */
static void note(struct command_call *call, const struct escape_count *c)
{
	if (c->alnum && (c->hidden >= HIDDEN_MIN || !c->plain))
		call->undone = "printf";
}

static bool is_options(struct bytes word)
{
	if (word.len < 2 || word.p[0] != '-')
		return false;
	for (size_t i = 1; i < word.len; i++)
		if (!word.p[i] || !strchr("neE", word.p[i]))
			return false;
	return true;
}

/* Whether a shell whose echo takes escapes without -e would see one. */
static bool may_be_escaped(struct bytes word)
{
	for (size_t i = 0; i + 1 < word.len; i++)
		if (word.p[i] == '\\' &&
			memchr("\\abcefnrtv0", word.p[i + 1], 11))
			return true;
	return false;
}

static bool echo(struct command_call *call, struct str *out)
{
	bool is_escaped = false;
	size_t i = 1;

	call->ends_line = true;
	for (; i < call->argc && is_options(call->argv[i]); i++) {
		is_escaped |=
			memchr(call->argv[i].p, 'e', call->argv[i].len) != NULL;
		call->ends_line &=
			!memchr(call->argv[i].p, 'n', call->argv[i].len);
	}
	for (size_t from = i; i < call->argc; i++) {
		struct bytes word = call->argv[i];
		struct escape_count c;

		if (i > from)
			str_addc(out, ' ');
		if (!is_escaped && may_be_escaped(word))
			return false;
		if (!is_escaped) {
			str_addb(out, word);
			continue;
		}
		c = escape_print(word, out);
		note(call, &c);
		if (c.is_ended) {
			call->ends_line = false;
			break;
		}
	}
	return true;
}

const struct command command_echo = {
	.names = "echo", .use = COMMAND_WRITES, .is_deaf = true, .run = echo
};

/* A decimal number in another base. */
static bool add_number(struct bytes arg, char how, struct str *out)
{
	uint64_t v;

	if (text_u64(arg, 10, &v) < 0)
		return false;
	str_addf(out,
		how == 'o'   ? "%llo"
		: how == 'x' ? "%llx"
			     : "%llX",
		(unsigned long long)v);
	return true;
}

/* The conversion behind the % at *i, which is then behind it. */
static bool convert(struct command_call *call, struct bytes f, size_t *i,
	struct bytes arg, struct str *out, bool *is_ended)
{
	struct escape_count c = { 0 };

	while (*i < f.len && f.p[*i] && strchr("0123456789.-+ #", f.p[*i]))
		++*i;
	if (*i == f.len)
		return false;
	switch (f.p[(*i)++]) {
	case 's':
	case 'd':
	case 'i':
	case 'u':
		str_addb(out, arg);
		return true;
	case 'c':
		str_add(out, arg.p, arg.len > 0);
		return true;
	case 'o':
	case 'x':
	case 'X':
		return add_number(arg, f.p[*i - 1], out);
	case 'b':
		c = escape_print(arg, out);
		note(call, &c);
		*is_ended = c.is_ended;
		return true;
	}
	return false;
}

/* One turn of the format. */
static bool format(struct command_call *call, struct bytes f, size_t *arg,
	struct str *out, bool *has_taken)
{
	struct escape_count c = { 0 };
	bool is_ended = false;
	size_t i = 0;

	while (i < f.len && !is_ended) {
		size_t at = i;
		struct bytes none = { "", 0 };

		if (f.p[i] == '\\' && ++i < f.len) {
			if (!escape_one(f, &i, &c, out))
				str_add(out, f.p + at, i - at);
		} else if (f.p[at] == '%' && i + 1 < f.len &&
			   f.p[i + 1] == '%') {
			str_addc(out, '%');
			i += 2;
		} else if (f.p[at] == '%') {
			i++;
			if (!convert(call, f, &i,
				    *arg < call->argc ? call->argv[*arg] : none,
				    out, &is_ended))
				return false;
			++*arg;
			*has_taken = true;
		} else {
			i = at + 1;
			str_add(out, f.p + at, 1);
		}
	}
	note(call, &c);
	if (is_ended)
		*arg = call->argc;
	return true;
}

static bool print(struct command_call *call, struct str *out)
{
	size_t i = 1, arg;

	if (i < call->argc && bytes_equal(call->argv[i], BYTES("--")))
		i++;
	if (i >= call->argc || command_starts(call->argv[i], "-v"))
		return false;
	arg = i + 1;
	do {
		bool has_taken = false;

		if (!format(call, call->argv[i], &arg, out, &has_taken))
			return false;
		if (!has_taken)
			break;
	} while (arg < call->argc && str_ok(out));
	return true;
}

const struct command command_printf = {
	.names = "printf", .use = COMMAND_MAKES, .is_deaf = true, .run = print
};
