// SPDX-License-Identifier: GPL-3.0-or-later
#include "cmdline.h"

#include <stdbool.h>
#include <stdint.h>

#include "event.h"
#include "text.h"

/* Letters, digits and _./:@%+,-=; a shell leaves these alone. */
static const bool bare[256] = {
#define P4(c) [c] = true, [c + 1] = true, [c + 2] = true, [c + 3] = true
	['%'] = true, ['+'] = true, P4(','), P4('0'), P4('4'), ['8'] = true,
	['9'] = true, [':'] = true, ['='] = true, P4('@'), P4('D'), P4('H'),
	P4('L'), P4('P'), P4('T'), ['X'] = true, ['Y'] = true, ['Z'] = true,
	['_'] = true, P4('a'), P4('e'), P4('i'), P4('m'), P4('q'), P4('u'),
	['y'] = true, ['z'] = true
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
		size_t run = text_printable(arg.p + i, arg.len - i);
		struct bytes part = { arg.p + i, run };

		for (size_t j = 0; j < part.len; j++) {
			if (part.p[j] == '\\' || part.p[j] == '\'')
				add_byte(out, part.p[j]);
			else
				str_addc(out, part.p[j]);
		}
		i += run;
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

/* Where the last max bytes of argv start: argument *arg, from its byte *at. */
static size_t find_tail(const struct event *ev, size_t max, size_t *arg)
{
	size_t len = 0;

	for (*arg = ev->argc; *arg > 0 && len < max;) {
		--*arg;
		len += ev->argv[*arg].len + 1;
	}
	return len > max + 1 ? len - max - 1 : 0;
}

size_t cmdline_shell_ends(struct str *out, const struct event *ev, size_t max)
{
	size_t before = out->len, last, at, skipped = 0, i, total = 0;
	struct bytes arg;

	for (i = 0; i < ev->argc && total <= 2 * max; i++)
		total += ev->argv[i].len + 1;
	if (total <= 2 * max) {
		cmdline_shell(out, ev);
		return 0;
	}
	at = find_tail(ev, max, &last);
	for (i = 0; i <= last && out->len - before < max; i++) {
		arg = ev->argv[i];
		if (i == last && arg.len > at)
			arg.len = at;
		if (arg.len > max) {
			skipped += arg.len - max;
			arg.len = max;
		}
		add_word(out, arg, i == 0);
	}
	for (; i <= last; i++)
		skipped += i == last ? at : ev->argv[i].len + 1;
	for (i = last; i < ev->argc; i++) {
		arg = ev->argv[i];
		if (i == last && arg.p) {
			arg.p += at;
			arg.len -= at;
		}
		add_word(out, arg, false);
	}
	return skipped;
}
