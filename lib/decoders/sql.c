// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Hexadecimal literals of SQL: 0x3c3f, x'3c3f', '\x3c3f'. Databases are full
 * of them; one that a client is given and that stands for code is hidden.
 */
#include "decode.h"

#include <ctype.h>

#include "invocation.h"
#include "text.h"

#define DIGITS_MIN 16
/* Quotes of a shell text around those of the literal: x'\''3c */
#define QUOTES_MAX 5

/* Text begins with these digits. */
static const char *const words[] = { "0x2", "0x3", "0x4", "0x5", "0x6", "0x7",
	"x'", "x\\'", "x\"'", "\\x2", "\\x3", "\\x4", "\\x5", "\\x6", "\\x7",
	NULL };

static bool is_quote(char c)
{
	return c && strchr("'\"\\\2", c);
}

/* Where the digits of a literal begin whose x stands at i; 0: none. */
static size_t digits_at(struct bytes t, size_t i)
{
	size_t at = i + 1;
	char before = i ? t.p[i - 1] : ' ';

	if ((t.p[i] | 0x20) != 'x')
		return 0;
	if (before == '\\')
		return at;
	if (before == '0')
		return i < 2 || !isalnum((unsigned char)t.p[i - 2]) ? at : 0;
	while (at < t.len && at - i <= QUOTES_MAX && is_quote(t.p[at]))
		at++;
	return at > i + 1 && !isalnum((unsigned char)before) ? at : 0;
}

/* The end of the digits at at, if they are a literal's; else 0. */
static size_t literal_end(struct bytes t, size_t at)
{
	size_t end = at;

	while (end < t.len && text_hexval(t.p[end]) >= 0)
		end++;
	if (end - at < DIGITS_MIN || (end - at) % 2 ||
		(end < t.len && isalnum((unsigned char)t.p[end])))
		return 0;
	return end;
}

/* The first literal at or after *i, which is then behind its x. */
static bool next_literal(struct bytes t, size_t *i, size_t *at, size_t *end)
{
	for (; *i < t.len; ++*i) {
		*at = digits_at(t, *i);
		*end = *at ? literal_end(t, *at) : 0;
		if (*end) {
			++*i;
			return true;
		}
	}
	return false;
}

static bool has_context(struct bytes text)
{
	size_t i = 0, at, end;

	return next_literal(text, &i, &at, &end);
}

static bool is_client(const struct decode_text *in)
{
	static const struct bytes names[] = { BYTES("mysql"), BYTES("mariadb"),
		BYTES("sqlite3"), BYTES("psql"), BYTES("sqlcmd") };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		for (size_t k = 0; k < in->n_args; k++)
			if (bytes_equal(invocation_base(in->args[k]), names[i]))
				return true;
		if (text_find(in->text, names[i]))
			return true;
	}
	return false;
}

/* Whether it begins with a command that is given something. */
static bool is_command(struct bytes plain)
{
	static const char names[] =
		"echo printf cat curl wget nc ncat chmod cp mv rm mkdir kill "
		"crontab iptables whoami ping net cmd cmd.exe powershell "
		"powershell.exe certutil sudo nohup env export";
	const char *blank = memchr(plain.p, ' ', plain.len);
	struct bytes name = plain;

	if (!blank)
		return false;
	name.len = (size_t)(blank - plain.p);
	name = invocation_base(name);
	return invocation_is_listed(names, name) ||
	       invocation_language_of(name) != INVOCATION_NONE;
}

static bool is_code(struct bytes plain)
{
	static const struct bytes marks[] = { BYTES("<?php"), BYTES("<?="),
		BYTES("<%"), BYTES("#!/"), BYTES("<script"), BYTES("$_"),
		BYTES("$("), BYTES("();"), BYTES("eval("), BYTES("exec("),
		BYTES("system("), BYTES("passthru("), BYTES("/dev/tcp/"),
		BYTES("/bin/"), BYTES(">&"), BYTES("&&"), BYTES("|sh"),
		BYTES("| sh"), BYTES("|bash"), BYTES("| bash"),
		BYTES("xp_cmdshell"), BYTES("INTO OUTFILE") };

	if (text_ascii(plain.p, plain.len) != plain.len ||
		text_readable(plain.p, plain.len) != plain.len)
		return false;
	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
		if (text_find(plain, marks[i]))
			return true;
	return is_command(plain);
}

/* Digits, which are all hex. */
static void unhex(struct bytes t, size_t at, size_t end, struct str *out)
{
	size_t n = (end - at) / 2;
	char *to;

	str_reset(out);
	to = str_room(out, n);
	if (to && text_unhex(t.p + at, end - at, to) == 0)
		str_cut(out, n);
}

static bool find(const struct decode_text *in, size_t from,
	struct decode_found *found, struct str *out)
{
	size_t i = from, at, end;

	while (next_literal(in->text, &i, &at, &end)) {
		unhex(in->text, at, end, out);
		i = end;
		if (!is_code(text_whole(out)))
			continue;
		*found = (struct decode_found){
			.at = at, .end = end, .name = "hex"
		};
		return is_client(in);
	}
	return false;
}

const struct decoder decoder_sql = {
	.name = "sql",
	.words = words,
	.has_context = has_context,
	.find = find,
};
