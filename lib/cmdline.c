// SPDX-License-Identifier: GPL-3.0-or-later
#include "cmdline.h"

#include <stdint.h>

#include "event.h"
#include "str_block.h"
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

static block bare_in(block b)
{
	return block_in_range(b | 0x20, 'a', 'z') |
	       block_in_range(b, '+', ':') | (block)(b == '@') |
	       (block)(b == '=') | (block)(b == '_') | (block)(b == '%');
}

/* How many such the argument begins with. What is behind it, up to end, may be
 * looked at, too. */
static size_t bare_len(struct bytes arg, const char *end)
{
	size_t i = 0;

	for (; i < arg.len && end - (arg.p + i) >= BLOCK_LEN; i += BLOCK_LEN) {
		struct block_marks m =
			block_marks(~bare_in(block_load(arg.p + i)));

		if (m.lo | m.hi) {
			i += block_first(m);
			return i < arg.len ? i : arg.len;
		}
	}
	while (i < arg.len && bare[(unsigned char)arg.p[i]])
		i++;
	return i < arg.len ? i : arg.len;
}

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

/* Behind the last byte; one that was lost has none. */
static const char *past(struct bytes b)
{
	return b.len ? b.p + b.len : b.p;
}

static void add_arg(struct str *out, struct bytes arg, const char *end)
{
	size_t i;

	if (!arg.p) {
		str_addz(out, CMDLINE_LOST);
		return;
	}
	i = bare_len(arg, end);
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

/* Whether the arguments, none of them empty, are what lies in ev->args: some
 * may be lost, or masked. zsh takes =ls for a path. */
static bool are_in_one_piece(const struct event *ev)
{
	const char *p = ev->args.p;

	for (size_t i = 0; i < ev->argc; i++) {
		struct bytes arg = ev->argv[i];

		if (arg.p != p || !arg.len || *p == '=')
			return false;
		p += arg.len + 1;
	}
	return p && p == ev->args.p + ev->args.len;
}

/* Copies a block with blanks for NULs. False: more than bare words. */
static bool copy_block(char *to, const char *from)
{
	block b = block_load(from), nul = (block)(b == '\0');
	struct block_marks m = block_marks(~(bare_in(b) | nul));

	b |= nul & ' ';
	memcpy(to, &b, sizeof(b));
	return !(m.lo | m.hi);
}

static bool copy_bare(char *to, const char *from, size_t len)
{
	size_t i = 0;

	for (; len - i >= BLOCK_LEN; i += BLOCK_LEN)
		if (!copy_block(to + i, from + i))
			return false;
	/* Some again, rather than one by one. */
	return i == len ||
	       copy_block(to + len - BLOCK_LEN, from + len - BLOCK_LEN);
}

bool cmdline_bare(struct str *out, const struct event *ev)
{
	size_t len = ev->args.len ? ev->args.len - 1 : 0;
	bool is_bare;
	char *to;

	if (len < BLOCK_LEN || out->max - out->len < len ||
		!are_in_one_piece(ev))
		return false;
	to = str_room(out, len);
	if (!to)
		return false;
	is_bare = copy_bare(to, ev->args.p, len);
	str_cut(out, out->len + (is_bare ? len : 0));
	return is_bare;
}

void cmdline_shell_arg(struct str *out, struct bytes arg)
{
	add_arg(out, arg, past(arg));
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

/* Where the bytes end that an argument is one of many in. */
static const char *end_of(struct bytes arg, struct bytes args)
{
	uintptr_t p = (uintptr_t)arg.p, from = (uintptr_t)args.p;

	if (args.p && p >= from && p - from < args.len)
		return args.p + args.len;
	return past(arg);
}

static void add_word(
	struct str *out, struct bytes arg, struct bytes args, bool is_first)
{
	if (!is_first)
		str_addc(out, ' ');
	if (is_first && is_special_first(arg))
		add_dollar_quoted(out, arg);
	else
		add_arg(out, arg, end_of(arg, args));
}

void cmdline_shell(struct str *out, const struct event *ev)
{
	if (ev->argc && !is_special_first(ev->argv[0]) && cmdline_bare(out, ev))
		return;
	for (size_t i = 0; i < ev->argc; i++)
		add_word(out, ev->argv[i], ev->args, i == 0);
}

static void add_byte_upper(struct str *to, char c)
{
	str_addf(to, "\\x%02X", (unsigned char)c);
}

static bool is_control(char c)
{
	return c < 0x20 || c == 0x7f || (unsigned char)c >= 0x80;
}

static void ansi_quoted(struct str *to, struct bytes arg)
{
	static const char from[] = "\a\b\t\n\v\f\r\x1b'";
	static const char as[] = "abtnvfre'";

	str_addz(to, "$'");
	for (size_t i = 0; i < arg.len; i++) {
		const char *p = strchr(from, arg.p[i]);

		if (p && *p) {
			str_addc(to, '\\');
			str_addc(to, as[p - from]);
		} else if (is_control(arg.p[i])) {
			add_byte_upper(to, arg.p[i]);
		} else {
			str_addc(to, arg.p[i]);
		}
	}
	str_addc(to, '\'');
}

static void backslashed(struct str *to, struct bytes arg, const char *which)
{
	for (size_t i = 0; i < arg.len; i++) {
		if (strchr(which, arg.p[i]))
			str_addc(to, '\\');
		str_addc(to, arg.p[i]);
	}
}

/* AUOMS's own quoting of one argument, rule by rule. */
static void quote_arg(struct str *to, struct bytes arg)
{
	bool has_control = false, has_bang = false, has_quote = false;
	bool needs_quotes = false;

	if (!arg.len) {
		str_addz(to, "''");
		return;
	}
	for (size_t i = 0; i < arg.len; i++) {
		has_control |= is_control(arg.p[i]);
		has_bang |= arg.p[i] == '!';
		has_quote |= arg.p[i] == '\'';
		needs_quotes |= arg.p[i] && strchr(" &();<>|", arg.p[i]);
	}
	if (has_control || (has_bang && has_quote)) {
		ansi_quoted(to, arg);
	} else if (has_bang) {
		str_addc(to, '\'');
		str_addb(to, arg);
		str_addc(to, '\'');
	} else if (needs_quotes) {
		str_addc(to, '"');
		backslashed(to, arg, "\"$\\`");
		str_addc(to, '"');
	} else {
		backslashed(to, arg, "\"$'\\`");
	}
}

void cmdline_auoms(struct str *out, const struct event *ev)
{
	for (size_t i = 0, j; i < ev->argc; i = j) {
		if (i)
			str_addc(out, ' ');
		for (j = i; j < ev->argc && !ev->argv[j].p; j++)
			;
		if (j > i)
			str_addf(out, "<%zu...%zu>", i, j - 1);
		else
			quote_arg(out, ev->argv[j++]);
	}
}
