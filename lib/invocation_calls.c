// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Program texts in other languages. Not parsed: a name that is known to run
 * commands, a bracket or blank, and string literals behind it.
 */
#include "invocation.h"

#include <string.h>

#include "text.h"

/* Variables of one program whose values are looked for. */
#define NAMES_MAX 8

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

/* How a string literal is written. */
struct literal {
	size_t at; /* of its text */
	char open, close; /* the same: none within each other */
	unsigned int n; /* quotes that end it */
	bool is_raw; /* without escapes */
	bool is_run; /* `...`: a shell is given it */
};

static bool is_quote(char c)
{
	return c == '"' || c == '\'' || c == '`';
}

/* The byte at i, NUL behind the end. */
static char byte_at(struct bytes t, size_t i)
{
	return i < t.len ? t.p[i] : '\0';
}

static size_t skip_blanks(struct bytes t, size_t i)
{
	while (i < t.len && strchr(" \t\n", t.p[i]) && t.p[i])
		i++;
	return i;
}

static char closing(char c)
{
	const char *p = c ? strchr("()[]{}<>", c) : NULL;

	return p && (p[1] == ')' || p[1] == ']' || p[1] == '}' || p[1] == '>')
		       ? p[1]
		       : c;
}

/* q{...}, qq(...), qx/.../; %q(...), %x(...), %(...) */
static bool is_delimited(struct bytes t, size_t i,
	enum invocation_language language, struct literal *l)
{
	char kind = byte_at(t, i + 1), open;
	size_t at = i + 1;

	if (language == INVOCATION_PERL && byte_at(t, i) == 'q' &&
		(!i || (!is_word_char(t.p[i - 1]) &&
			       !strchr("$@%&>", t.p[i - 1]))))
		at += kind == 'q' || kind == 'x';
	else if (language == INVOCATION_RUBY && byte_at(t, i) == '%')
		at += kind == 'q' || kind == 'Q' || kind == 'x';
	else
		return false;
	open = byte_at(t, at);
	if (!open || !strchr("({[</|!~", open))
		return false;
	*l = (struct literal){ .at = at + 1,
		.open = open,
		.close = closing(open),
		.n = 1,
		.is_run = kind == 'x' };
	return true;
}

static bool has_ticks(enum invocation_language language)
{
	return language == INVOCATION_PERL || language == INVOCATION_RUBY ||
	       language == INVOCATION_PHP;
}

/* Whether a literal begins at i. */
static bool is_literal(struct bytes t, size_t i,
	enum invocation_language language, struct literal *l)
{
	char c = byte_at(t, i);
	unsigned int n = 1;

	if (is_quote(c)) {
		if (byte_at(t, i + 1) == c && byte_at(t, i + 2) == c)
			n = 3;
		*l = (struct literal){ .at = i + n,
			.open = c,
			.close = c,
			.n = n,
			.is_run = c == '`' && has_ticks(language) };
		return true;
	}
	if (language == INVOCATION_LUA && c == '[' && byte_at(t, i + 1) == c) {
		*l = (struct literal){ .at = i + 2,
			.open = ']',
			.close = ']',
			.n = 2,
			.is_raw = true };
		return true;
	}
	return is_delimited(t, i, language, l);
}

static bool is_end(struct bytes t, size_t i, const struct literal *l)
{
	for (unsigned int k = 0; k < l->n; k++)
		if (byte_at(t, i + k) != l->close)
			return false;
	return true;
}

/* Appends the literal; returns where it ends. */
static size_t take_literal(
	struct bytes t, const struct literal *l, struct str *out)
{
	const char special[4] = { l->open, l->close, '\\', '\\' };
	size_t i = l->at, depth = 0;

	for (; i < t.len; i++) {
		struct bytes rest = { t.p + i, t.len - i };
		size_t n = text_until(rest, special);

		str_add(out, rest.p, n);
		i += n;
		if (i == t.len)
			break;
		if (l->open != l->close && t.p[i] == l->open)
			depth++;
		else if (depth && t.p[i] == l->close)
			depth--;
		else if (is_end(t, i, l))
			return i + l->n;
		if (t.p[i] == '\\' && i + 1 < t.len && !l->is_raw) {
			char c = t.p[++i];

			str_addc(out, c == 'n' ? '\n' : c == 't' ? '\t' : c);
			continue;
		}
		str_addc(out, t.p[i]);
	}
	return i;
}

/* Behind blanks, opening brackets and the prefixes b"", f"", r"" and u"". */
static size_t skip_to_literal(
	struct bytes t, size_t i, enum invocation_language language)
{
	struct literal l;

	while (i < t.len && t.p[i] && strchr(" \t\n([{", t.p[i]) &&
		!is_literal(t, i, language, &l))
		i++;
	if (i + 1 < t.len && t.p[i] && strchr("bfruBFRU", t.p[i]) &&
		is_quote(t.p[i + 1]))
		i++;
	return i;
}

/* Whether another literal follows the one that ended at i. */
static bool has_more(struct bytes t, size_t i,
	enum invocation_language language, struct literal *l)
{
	i = skip_blanks(t, i);
	return byte_at(t, i) == ',' &&
	       is_literal(t, skip_to_literal(t, i + 1, language), language, l);
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

/* The literals from l on: one is a command line, several are an argv. What is
 * run by its quotes is one by itself. */
static size_t take_call(struct bytes t, enum invocation_language language,
	const struct literal *l, struct str *out)
{
	struct literal next;
	size_t end, start = 0;

	str_reset(out);
	end = take_literal(t, l, out);
	if (l->is_run || !has_more(t, end, language, &next))
		return end;
	for (;;) {
		quote_word(out, start);
		if (!has_more(t, end, language, &next))
			return end;
		str_addc(out, ' ');
		start = out->len;
		end = take_literal(t, &next, out);
	}
}

/* The program that is gone through. */
struct walk {
	struct bytes t;
	enum invocation_language language;
	struct str *scratch;
	invocation_take *take;
	void *arg;
	unsigned int n_names; /* variables that were looked for */
};

static size_t name_len(struct bytes t, size_t i)
{
	return text_name_len((struct bytes){ t.p + i, t.len - i });
}

/* NAME = "..." before place until: the last. */
static void take_variable(struct walk *w, size_t at, size_t until)
{
	struct bytes name = { w->t.p + at, name_len(w->t, at) };
	struct bytes rest = { w->t.p, until };
	struct literal l, last = { 0 };
	const char *p;

	if (!name.len || w->n_names == NAMES_MAX)
		return;
	w->n_names++;
	while ((p = text_find(rest, name))) {
		size_t from = (size_t)(p - w->t.p), i = from + name.len;

		rest = (struct bytes){ w->t.p + i, until - i };
		i = skip_blanks(w->t, i);
		if ((from && is_word_char(w->t.p[from - 1])) ||
			byte_at(w->t, i) != '=' || byte_at(w->t, i + 1) == '=')
			continue;
		i = skip_to_literal(w->t, i + 1, w->language);
		if (i < until && is_literal(w->t, i, w->language, &l))
			last = l;
	}
	if (!last.n)
		return;
	take_call(w->t, w->language, &last, w->scratch);
	w->take(w->arg, str_bytes(w->scratch));
}

void invocation_calls(struct bytes t, enum invocation_language language,
	struct str *scratch, invocation_take *take, void *arg)
{
	struct walk w = { t, language, scratch, take, arg, 0 };
	bool is_armed = false;
	struct literal l;
	size_t i = 0;

	while (i < t.len) {
		size_t from = i;

		if (is_literal(t, i, language, &l)) {
			i = take_call(t, language, &l, scratch);
			if (is_armed || l.is_run)
				take(arg, str_bytes(scratch));
			is_armed = false;
		} else if (is_word_char(t.p[i])) {
			struct bytes word = { t.p + i, name_len(t, i) };

			i += word.len;
			if (is_armed)
				take_variable(&w, from, from);
			is_armed = is_runner(word, language);
			if (is_armed)
				i = skip_to_literal(t, i, language);
			/* A sigil. */
			i += is_armed && byte_at(t, i) == '$';
		} else {
			is_armed = false;
			i++;
		}
	}
}
