// SPDX-License-Identifier: GPL-3.0-or-later
/* Which texts are programs, and those that stand in a shell's text. */
#include "program_state.h"

#include <ctype.h>

#include "text.h"
#include "words.h"

/* Shorter ones put nothing together. */
#define LEN_MIN 12
/* How far an interpreter's name may stand before its program. */
#define LOOK_BACK 48

static bool is_word(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

/* Behind the string whose quote is at i; the text's end if it has none. */
static size_t past_string(struct bytes t, size_t i)
{
	char quote = t.p[i];

	for (i++; i < t.len && t.p[i] != quote; i++)
		if (t.p[i] == '\\' && quote == '"')
			i++;
	return i < t.len ? i + 1 : t.len;
}

/* A call, f(x), outside of strings: no shell has that. */
static bool has_call(struct bytes t)
{
	size_t i = 0;

	while (i < t.len) {
		char c = t.p[i];

		if (c == '"' || c == '\'') {
			i = past_string(t, i);
			continue;
		}
		if (c == '(' && i && is_word(t.p[i - 1]) && i + 1 < t.len &&
			t.p[i + 1] != ')')
			return true;
		i += c == '\\' ? 2 : 1;
	}
	return false;
}

static bool begins(struct bytes t)
{
	static const struct bytes starts[] = { BYTES("import "), BYTES("from "),
		BYTES("use "), BYTES("my "), BYTES("var "), BYTES("const "),
		BYTES("let "), BYTES("function "), BYTES("def "),
		BYTES("<?php"), BYTES("eval unpack"), BYTES("print "),
		BYTES("BEGIN"), BYTES("system pack"), BYTES("puts "),
		BYTES("iex "), BYTES("IEX "), BYTES("$") };

	while (t.len && isspace((unsigned char)t.p[0])) {
		t.p++;
		t.len--;
	}
	for (size_t i = 0; i < sizeof(starts) / sizeof(starts[0]); i++)
		if (t.len > starts[i].len &&
			!memcmp(t.p, starts[i].p, starts[i].len))
			return true;
	return false;
}

/* What a text in a language has, by rank. */
static const struct hint {
	const char *text;
	enum invocation_language language;
} hints[] = { { "import ", INVOCATION_PYTHON },
	{ "__import__", INVOCATION_PYTHON }, { "<?php", INVOCATION_PHP },
	{ "base64_decode(", INVOCATION_PHP }, { "gzinflate(", INVOCATION_PHP },
	{ "gzuncompress(", INVOCATION_PHP }, { "str_rot13(", INVOCATION_PHP },
	{ "strrev(", INVOCATION_PHP }, { "hex2bin(", INVOCATION_PHP },
	{ "decode_base64", INVOCATION_PERL }, { "MIME::", INVOCATION_PERL },
	{ "my $", INVOCATION_PERL }, { "unpack ", INVOCATION_PERL },
	{ "pack ", INVOCATION_PERL }, { "string.char(", INVOCATION_LUA },
	{ "os.execute", INVOCATION_LUA }, { "loadstring(", INVOCATION_LUA },
	{ "FromBase64String", INVOCATION_POWERSHELL },
	{ "[char", INVOCATION_POWERSHELL }, { "-join", INVOCATION_POWERSHELL },
	{ "iex", INVOCATION_POWERSHELL }, { "IEX", INVOCATION_POWERSHELL },
	{ "require(", INVOCATION_NODE }, { "Buffer.", INVOCATION_NODE },
	{ "atob(", INVOCATION_NODE }, { "fromCharCode", INVOCATION_NODE },
	{ "=>", INVOCATION_NODE }, { "const ", INVOCATION_NODE },
	{ "var ", INVOCATION_NODE }, { ".unpack", INVOCATION_RUBY },
	{ "decode64", INVOCATION_RUBY }, { "puts ", INVOCATION_RUBY },
	{ "BEGIN{", INVOCATION_AWK } };

#define N_HINTS (sizeof(hints) / sizeof(hints[0]))

bool program_hints(struct words *to)
{
	char text[32];

	for (size_t i = 0; i < N_HINTS; i++) {
		size_t n = 0;

		for (; hints[i].text[n] && n < sizeof(text) - 1; n++)
			text[n] =
				(char)tolower((unsigned char)hints[i].text[n]);
		text[n] = '\0';
		if (words_add(to, text, hints[i].language) < 0)
			return false;
	}
	words_ready(to);
	return true;
}

enum invocation_language program_guess(const struct program *p, struct bytes t)
{
	uint32_t in;

	if (!has_call(t) && !begins(t))
		return INVOCATION_NONE;
	/* In either case of letters; so that few are looked for. */
	in = words_in(p->hints, t);
	for (size_t i = 0; i < N_HINTS; i++)
		if (in >> hints[i].language & 1 &&
			text_find(t, bytes_of(hints[i].text)))
			return hints[i].language;
	return INVOCATION_PYTHON;
}

/* The interpreter that is named close before i. */
static enum invocation_language language_before(struct bytes t, size_t i)
{
	size_t stop = i > LOOK_BACK ? i - LOOK_BACK : 0;

	while (i > stop) {
		size_t end = i;
		enum invocation_language language;

		while (i > stop && (is_word(t.p[i - 1]) || t.p[i - 1] == '.'))
			i--;
		language = invocation_language_of(
			(struct bytes){ t.p + i, end - i });
		if (language != INVOCATION_NONE)
			return language;
		if (i > stop && strchr("|;&\n", t.p[i - 1]))
			return INVOCATION_NONE;
		i -= i > stop;
	}
	return INVOCATION_NONE;
}

/* What the shell gives for the string whose quote is at i; *end is behind it.
 * '\'' and '"'"' in one of ' are a '. */
static bool unquote(struct bytes t, size_t i, struct str *to, size_t *end)
{
	char quote = t.p[i];

	str_reset(to);
	for (i++; i < t.len; i++) {
		struct bytes rest = { t.p + i, t.len - i };
		char next = i + 1 < t.len ? t.p[i + 1] : '\0';

		if (quote == '"' && t.p[i] == '\\' && next &&
			strchr("\\\"$`", next)) {
			str_addc(to, next);
			i++;
			continue;
		}
		if (t.p[i] != quote) {
			str_addc(to, t.p[i]);
			continue;
		}
		if (quote == '\'' && rest.len > 4 &&
			!memcmp(rest.p, "'\\''", 4)) {
			str_addc(to, quote);
			i += 3;
		} else if (quote == '\'' && rest.len > 5 &&
			   !memcmp(rest.p, "'\"'\"'", 5)) {
			str_addc(to, quote);
			i += 4;
		} else {
			*end = i + 1;
			return str_ok(to);
		}
	}
	return false;
}

/* Joins a program that stands in text before i, and adds it to out. */
static bool add(struct program *p, enum invocation_language language,
	struct bytes program, struct str *out)
{
	if (language == INVOCATION_SH)
		return false;
	if (language == INVOCATION_NONE)
		language = program_guess(p, program);
	if (language == INVOCATION_NONE ||
		!program_make(p, program, language, &p->joined))
		return false;
	str_addc(out, ' ');
	str_addb(out, str_bytes(&p->joined));
	str_addc(out, ' ');
	return true;
}

/* python3 <<EOF: what is behind the line is a program. */
static bool add_document(
	struct program *p, struct bytes t, size_t i, struct str *out)
{
	enum invocation_language language = language_before(t, i);
	const char *nl = memchr(t.p + i, '\n', t.len - i);
	size_t at;

	if (!nl || language == INVOCATION_NONE || language == INVOCATION_SH)
		return false;
	at = (size_t)(nl - t.p) + 1;
	if (!program_make(p, (struct bytes){ t.p + at, t.len - at }, language,
		    &p->joined))
		return false;
	str_add(out, t.p + i, at - i);
	str_addb(out, str_bytes(&p->joined));
	return true;
}

bool program_join_strings(struct program *p, struct bytes t, struct str *out)
{
	size_t i = 0, from = 0, end;
	bool is_changed = false;

	if (t.len > PROGRAM_TEXT_MAX)
		return false;
	str_reset(out);
	out->max = p->inner.max = PROGRAM_OUT_MAX(t.len);
	while (i < t.len) {
		char c = t.p[i];

		if (c == '<' && t.len - i > 2 && t.p[i + 1] == '<' &&
			t.p[i + 2] != '<' && (!i || t.p[i - 1] != '<')) {
			str_add(out, t.p + from, i - from);
			from = i;
			if (add_document(p, t, i, out))
				return str_ok(out);
		}
		if (c != '"' && c != '\'') {
			i += c == '\\' ? 2 : 1;
			continue;
		}
		if (!unquote(t, i, &p->inner, &end))
			break;
		if (p->inner.len >= LEN_MIN) {
			str_add(out, t.p + from, i - from);
			from = i;
			if (add(p, language_before(t, i), str_bytes(&p->inner),
				    out)) {
				from = end;
				is_changed = true;
			}
		}
		i = end;
	}
	str_add(out, t.p + from, t.len - from);
	return is_changed && str_ok(out);
}
