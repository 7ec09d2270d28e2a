// SPDX-License-Identifier: GPL-3.0-or-later
/* grep: the lines that have a pattern in them, or what matches it. */
#include "command.h"

#include "edit.h"
#include "text.h"

/* Matching a byte takes a few steps; more of them, and it is bait. */
#define STEPS_PER_BYTE 16
#define STEPS_MIN      4096

struct grep {
	struct edit edit;
	struct bytes pattern;
	struct edit_syntax how;
	bool has_pattern, is_fixed, is_only, is_inverted;
	uint64_t max; /* lines */
	size_t steps;
};

static bool take_pattern(struct grep *g, struct bytes pattern)
{
	/* More than one is not followed. */
	if (g->has_pattern || memchr(pattern.p, '\n', pattern.len))
		return false;
	g->pattern = pattern;
	g->has_pattern = true;
	return true;
}

static bool take_letter(struct grep *g, char c, struct bytes value)
{
	switch (c) {
	case 'E':
	case 'P':
		g->how.is_extended = true;
		g->how.is_perl = c == 'P';
		return true;
	case 'F':
		g->is_fixed = true;
		return true;
	case 'i':
	case 'y':
		g->how.is_folded = true;
		return true;
	case 'o':
		g->is_only = true;
		return true;
	case 'v':
		g->is_inverted = true;
		return true;
	case 'e':
		return take_pattern(g, value);
	case 'm':
		return text_u64(value, 10, &g->max) == 0;
	}
	/* G a h s: what it does anyway, or about files. */
	return c && strchr("Gahs", c);
}

/* The letter that a long option stands for; 0: another. */
static char letter_of(struct bytes word, struct bytes *value)
{
	static const struct {
		const char *head;
		char c;
	} names[] = { { "--only", 'o' }, { "--ext", 'E' }, { "--perl", 'P' },
		{ "--fixed", 'F' }, { "--ignore-c", 'i' }, { "--inv", 'v' },
		{ "--text", 'a' }, { "--no-file", 'h' }, { "--regexp=", 'e' },
		{ "--max-count=", 'm' }, { "--colo", 's' } };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		size_t n = strlen(names[i].head);

		if (!command_starts(word, names[i].head))
			continue;
		*value = (struct bytes){ word.p + n, word.len - n };
		return names[i].c;
	}
	return 0;
}

static bool read_options(const struct command_call *call, struct grep *g)
{
	struct command_opts o = { .call = call, .values = "emABCdDf" };
	struct bytes operand = { NULL, 0 };
	size_t n = 0;
	char c;

	while ((c = command_next(&o))) {
		if (c == '-')
			c = letter_of(o.word, &o.value);
		if (c == '.' && bytes_equal(o.word, BYTES("--")))
			continue;
		if (c == '.' && !operand.p)
			operand = o.word;
		else if (c == '.')
			n += !command_is_stdin(o.word);
		else if (!take_letter(g, c, o.value))
			return false;
	}
	if (operand.p && g->has_pattern)
		n += !command_is_stdin(operand);
	else if (operand.p && !take_pattern(g, operand))
		return false;
	return g->has_pattern && !n;
}

/* The first match at from or behind it, in a line. */
static bool find(
	struct grep *g, struct bytes line, size_t from, struct bytes *match)
{
	struct bytes rest = { line.p + from, line.len - from };
	const char *p;

	if (!g->is_fixed)
		return edit_find(&g->edit, line, from, &g->steps, match);
	p = g->pattern.len ? text_find(rest, g->pattern) : rest.p;
	*match = (struct bytes){ p, g->pattern.len };
	return p;
}

/* Each match of a line, if there are any, as a line of its own. */
static void add_matches(struct grep *g, struct bytes line, struct str *out)
{
	struct bytes match;
	size_t i = 0;

	while (i <= line.len && find(g, line, i, &match)) {
		i = (size_t)(match.p - line.p) + match.len + !match.len;
		if (!match.len)
			continue;
		str_addb(out, match);
		str_addc(out, '\n');
	}
}

/* False: given up. */
static bool filter(struct grep *g, struct bytes in, struct str *out)
{
	for (uint64_t n = 0; in.len && n < g->max;) {
		const char *end = memchr(in.p, '\n', in.len);
		struct bytes line = { in.p,
			end ? (size_t)(end - in.p) : in.len };
		struct bytes match;
		bool is_it = find(g, line, 0, &match) != g->is_inverted;

		n += is_it;
		if (is_it && g->is_only) {
			add_matches(g, line, out);
		} else if (is_it) {
			str_addb(out, line);
			str_addc(out, '\n');
		}
		if (!g->steps)
			return false;
		in.p += line.len + (end != NULL);
		in.len -= line.len + (end != NULL);
	}
	return true;
}

static bool grep(struct command_call *call, struct str *out)
{
	struct bytes name = call->argv[0];
	struct grep g = { .max = UINT64_MAX,
		.steps = call->in.len * STEPS_PER_BYTE + STEPS_MIN };
	size_t from = out->len;

	/* Or a path that ends in it. */
	g.how.is_extended =
		name.len >= 5 && !memcmp(name.p + name.len - 5, "egrep", 5);
	g.is_fixed =
		name.len >= 5 && !memcmp(name.p + name.len - 5, "fgrep", 5);
	if (!call->in.p || !read_options(call, &g) ||
		(g.is_only && g.is_inverted) ||
		(g.is_fixed && g.how.is_folded) ||
		(!g.is_fixed && !edit_pattern(&g.edit, g.pattern, g.how)) ||
		!filter(&g, call->in, out))
		return false;
	call->ends_line = out->len > from;
	if (call->ends_line)
		str_cut(out, out->len - 1);
	if (!bytes_equal(str_tail(out, from), call->in))
		call->undone = "grep";
	return true;
}

const struct command command_grep = { .names = "grep egrep fgrep ggrep",
	.run = grep };
