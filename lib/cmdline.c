// SPDX-License-Identifier: GPL-3.0-or-later
#include "cmdline.h"

#include <stdbool.h>
#include <stdint.h>

#include "event.h"
#include "text.h"

/* Letters, digits and _./:@%+,-=; a shell leaves these alone. */
static const bool bare[256] = {
#define P4(c) [c] = true, [c + 1] = true, [c + 2] = true, [c + 3] = true
	['%'] = true,
	['+'] = true,
	P4(','),
	P4('0'),
	P4('4'),
	['8'] = true,
	['9'] = true,
	[':'] = true,
	['='] = true,
	P4('@'),
	P4('D'),
	P4('H'),
	P4('L'),
	P4('P'),
	P4('T'),
	['X'] = true,
	['Y'] = true,
	['Z'] = true,
	['_'] = true,
	P4('a'),
	P4('e'),
	P4('i'),
	P4('m'),
	P4('q'),
	P4('u'),
	['y'] = true,
	['z'] = true
#undef P4
};

/* Whether '...' can hold it: UTF-8, no control character, no '. */
static bool is_quotable(struct bytes arg)
{
	return !memchr(arg.p, '\'', arg.len) &&
	       text_printable(arg.p, arg.len) == arg.len;
}

static void add_byte(struct str *out, char c)
{
	static const char digits[] = "0123456789abcdef";
	unsigned char u = (unsigned char)c;
	char hex[4] = { '\\', 'x', digits[u >> 4], digits[u & 15] };

	switch (c) {
	case '\n':
		str_add(out, "\\n", 2);
		return;
	case '\t':
		str_add(out, "\\t", 2);
		return;
	case '\r':
		str_add(out, "\\r", 2);
		return;
	case '\\':
		str_add(out, "\\\\", 2);
		return;
	case '\'':
		str_add(out, "\\'", 2);
		return;
	}
	str_add(out, hex, sizeof(hex));
}

static void add_dollar_quoted(struct str *out, struct bytes arg)
{
	size_t i = 0;

	str_add(out, "$'", 2);
	while (i < arg.len) {
		size_t end = i + text_printable(arg.p + i, arg.len - i);

		while (i < end) {
			size_t run = i;

			while (run < end && arg.p[run] != '\\' &&
				arg.p[run] != '\'')
				run++;
			str_add(out, arg.p + i, run - i);
			if (run < end)
				add_byte(out, arg.p[run++]);
			i = run;
		}
		if (i < arg.len)
			add_byte(out, arg.p[i++]);
	}
	str_addc(out, '\'');
}

void cmdline_shell_arg(struct str *out, struct bytes arg)
{
	size_t i = 0;

	if (!arg.p) {
		str_addz(out, CMDLINE_LOST);
		return;
	}
	while (i < arg.len && bare[(unsigned char)arg.p[i]])
		i++;
	/* zsh takes =ls for a path. */
	if (i && i == arg.len && arg.p[0] != '=') {
		str_addb(out, arg);
	} else if (is_quotable(arg)) {
		str_addc(out, '\'');
		str_addb(out, arg);
		str_addc(out, '\'');
	} else {
		add_dollar_quoted(out, arg);
	}
}

/* In the command's place a shell reads these words, and NAME=VALUE, otherwise
 * than elsewhere. */
static bool is_special_first(struct bytes arg)
{
	static const struct bytes words[] = { BYTES("if"), BYTES("then"),
		BYTES("else"), BYTES("elif"), BYTES("fi"), BYTES("do"),
		BYTES("done"), BYTES("case"), BYTES("esac"), BYTES("while"),
		BYTES("until"), BYTES("for"), BYTES("in"), BYTES("function"),
		BYTES("select"), BYTES("time"), BYTES("coproc") };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (bytes_equal(words[i], arg))
			return true;
	return arg.len && memchr(arg.p, '=', arg.len);
}

static void add_word(struct str *out, struct bytes arg, bool is_first)
{
	if (!is_first)
		str_addc(out, ' ');
	if (is_first && is_special_first(arg))
		add_dollar_quoted(out, arg);
	else
		cmdline_shell_arg(out, arg);
}

void cmdline_shell(struct str *out, const struct event *ev)
{
	for (size_t i = 0; i < ev->argc; i++)
		add_word(out, ev->argv[i], i == 0);
}
