// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Program texts in other languages. Not parsed: a name that is known to run
 * commands, a bracket or blank, and string literals behind it.
 */
#include "invocation.h"

#include <string.h>

/* By language would be longer and find no more. Python's exec takes Python, its
 * execl and so on a file. */
static const struct bytes runners[] = {
#define R(name)                                                                \
	{                                                                      \
		name, sizeof(name) - 1                                         \
	}
	R("Popen"),
	R("Start"),
	R("call"),
	R("capture2"),
	R("capture2e"),
	R("capture3"),
	R("check_call"),
	R("check_output"),
	R("exec"),
	R("execFile"),
	R("execFileSync"),
	R("execSync"),
	R("execl"),
	R("execle"),
	R("execlp"),
	R("execlpe"),
	R("execute"),
	R("execv"),
	R("execve"),
	R("execvp"),
	R("execvpe"),
	R("getoutput"),
	R("getstatusoutput"),
	R("passthru"),
	R("pcntl_exec"),
	R("popen"),
	R("popen2"),
	R("popen3"),
	R("popen4"),
	R("posix_spawn"),
	R("proc_open"),
	R("qx"),
	R("run"),
	R("shell_exec"),
	R("spawn"),
	R("spawnSync"),
	R("spawnl"),
	R("spawnlp"),
	R("spawnv"),
	R("spawnvp"),
	R("system"),
#undef R
};

static bool is_word_char(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
	       (c >= 'A' && c <= 'Z') || c == '_';
}

static bool is_runner(struct bytes name, enum invocation_language language)
{
	/* No other byte begins one. */
	if (!memchr("PScegpqrs", name.p[0], 9))
		return false;
	for (size_t i = 0; i < sizeof(runners) / sizeof(runners[0]); i++)
		if (bytes_equal(name, runners[i]))
			return language != INVOCATION_PYTHON ||
			       !bytes_equal(name, BYTES("exec"));
	return false;
}

/* Whether the quote at i is written three times. */
static bool is_triple(struct bytes t, size_t i)
{
	return i + 2 < t.len && t.p[i + 1] == t.p[i] && t.p[i + 2] == t.p[i];
}

/* Appends the string literal whose quote is at i; returns where it ends. */
static size_t take_literal(struct bytes t, size_t i, struct str *out)
{
	char quote = t.p[i];
	bool is_long = is_triple(t, i);

	for (i += is_long ? 3 : 1; i < t.len; i++) {
		if (t.p[i] == quote && (!is_long || is_triple(t, i)))
			return i + (is_long ? 3 : 1);
		if (t.p[i] == '\\' && i + 1 < t.len) {
			char c = t.p[++i];

			str_addc(out, c == 'n' ? '\n' : c == 't' ? '\t' : c);
			continue;
		}
		str_addc(out, t.p[i]);
	}
	return i;
}

static bool is_quote(char c)
{
	return c == '"' || c == '\'' || c == '`';
}

/* Behind blanks, opening brackets and the prefixes b"", f"", r"" and u"". */
static size_t skip_to_literal(struct bytes t, size_t i)
{
	while (i < t.len && strchr(" \t\n([{", t.p[i]) && t.p[i])
		i++;
	if (i + 1 < t.len && strchr("bfruBFRU", t.p[i]) && t.p[i] &&
		is_quote(t.p[i + 1]))
		i++;
	return i;
}

/* Whether another literal follows the one that ended at i; *at is its quote. */
static bool has_more(struct bytes t, size_t i, size_t *at)
{
	while (i < t.len && strchr(" \t\n", t.p[i]) && t.p[i])
		i++;
	if (i == t.len || t.p[i] != ',')
		return false;
	*at = skip_to_literal(t, i + 1);
	return *at < t.len && is_quote(t.p[*at]);
}

/* The last of out, from start on, as one word of a shell. */
static void quote_word(struct str *out, size_t start)
{
	size_t n = 0, len = out->len;

	for (size_t i = start; i < len; i++)
		n += out->p[i] == '\'';
	if (!str_room(out, 3 * n + 2))
		return;
	out->len += 3 * n + 2;
	out->p[out->len] = '\0';
	out->p[out->len - 1] = '\'';
	for (size_t i = len, to = out->len - 1; i > start; i--) {
		if (out->p[i - 1] != '\'') {
			out->p[--to] = out->p[i - 1];
			continue;
		}
		to -= 4;
		memcpy(out->p + to, "'\\''", 4);
	}
	out->p[start] = '\'';
}

/* The literals from i on: one is a command line, several are an argv. */
static size_t take_call(struct bytes t, size_t i, struct str *out)
{
	size_t end, next, start = 0;

	str_reset(out);
	end = take_literal(t, i, out);
	if (!has_more(t, end, &next))
		return end;
	for (;;) {
		quote_word(out, start);
		if (!has_more(t, end, &next))
			return end;
		str_addc(out, ' ');
		start = out->len;
		end = take_literal(t, next, out);
	}
}

void invocation_calls(struct bytes t, enum invocation_language language,
	struct str *scratch, invocation_take *take, void *arg)
{
	bool has_ticks = language == INVOCATION_PERL ||
			 language == INVOCATION_RUBY ||
			 language == INVOCATION_PHP;
	bool is_armed = false;
	size_t i = 0;

	while (i < t.len) {
		size_t from = i;

		if (is_word_char(t.p[i])) {
			while (i < t.len && is_word_char(t.p[i]))
				i++;
			is_armed = is_runner(
				(struct bytes){ t.p + from, i - from },
				language);
			if (is_armed)
				i = skip_to_literal(t, i);
			continue;
		}
		if (!is_quote(t.p[i])) {
			is_armed = false;
			i++;
			continue;
		}
		i = take_call(t, i, scratch);
		if (is_armed || (t.p[from] == '`' && has_ticks))
			take(arg, str_bytes(scratch));
		is_armed = false;
	}
}
