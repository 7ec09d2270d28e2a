// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * One look over a text's bytes, before it is read. A name that is not written
 * out somewhere in the text has to be put together: then the first byte behind
 * a part of it begins a quote, an expansion or a list, or ends one.
 */
#include "flow_state.h"

#include "command.h"
#include "text.h"

enum class {
	OTHER,
	WORD, /* of a name: letters, digits */
	DASH,
	QUOTE,
	TICK,
	BACKSLASH,
	DOLLAR,
	OPEN, /* { */
	CLOSE, /* } ) */
	PLUS
};

#define W WORD
static const unsigned char classes[256] = { ['0'] = W,
	['1'] = W,
	['2'] = W,
	['3'] = W,
	['4'] = W,
	['5'] = W,
	['6'] = W,
	['7'] = W,
	['8'] = W,
	['9'] = W,
	['a'] = W,
	['b'] = W,
	['c'] = W,
	['d'] = W,
	['e'] = W,
	['f'] = W,
	['g'] = W,
	['h'] = W,
	['i'] = W,
	['j'] = W,
	['k'] = W,
	['l'] = W,
	['m'] = W,
	['n'] = W,
	['o'] = W,
	['p'] = W,
	['q'] = W,
	['r'] = W,
	['s'] = W,
	['t'] = W,
	['u'] = W,
	['v'] = W,
	['w'] = W,
	['x'] = W,
	['y'] = W,
	['z'] = W,
	['A'] = W,
	['B'] = W,
	['C'] = W,
	['D'] = W,
	['E'] = W,
	['F'] = W,
	['G'] = W,
	['H'] = W,
	['I'] = W,
	['J'] = W,
	['K'] = W,
	['L'] = W,
	['M'] = W,
	['N'] = W,
	['O'] = W,
	['P'] = W,
	['Q'] = W,
	['R'] = W,
	['S'] = W,
	['T'] = W,
	['U'] = W,
	['V'] = W,
	['W'] = W,
	['X'] = W,
	['Y'] = W,
	['Z'] = W,
	['_'] = W,
	['-'] = DASH,
	['\''] = QUOTE,
	['"'] = QUOTE,
	['`'] = TICK,
	['\\'] = BACKSLASH,
	['$'] = DOLLAR,
	['{'] = OPEN,
	['}'] = CLOSE,
	[')'] = CLOSE,
	['+'] = PLUS };
#undef W

static enum class class_at(struct bytes t, size_t i) {
	return i < t.len ? (enum class)classes[(unsigned char)t.p[i]] : OTHER;
}

/* What a part of a name may end in, as it is written. */
static bool is_end(struct bytes t, size_t i)
{
	enum class c = i ? class_at(t, i - 1) : OTHER;

	return c == WORD || c == DASH || c == CLOSE;
}

/* ${NAME}, ${NAME:-...} and the like give what was put in, as it was. */
static bool is_whole(struct bytes t, size_t i)
{
	size_t from = i;

	while (class_at(t, i) == WORD)
		i++;
	if (i == from || i == t.len)
		return false;
	if (t.p[i] == ':' && i + 1 < t.len)
		i++;
	return t.p[i] == '}' || t.p[i] == '-' || t.p[i] == '=' ||
	       t.p[i] == '+' || t.p[i] == '?';
}

/* Whether names may be put together at i. */
static bool is_joint(struct bytes t, size_t i, enum class c)
{
	enum class next = class_at(t, i + 1);

	switch (c) {
	case TICK:
		return true;
	case QUOTE:
		return is_end(t, i) && next != OTHER && next != PLUS &&
		       next != CLOSE;
	case BACKSLASH:
	case OPEN:
		return is_end(t, i);
	case DOLLAR:
		return is_end(t, i) || next == QUOTE || next == BACKSLASH ||
		       (next == OPEN && !is_whole(t, i + 2));
	case CLOSE:
		return next == WORD || next == DASH || next == OPEN;
	case PLUS:
		return i + 1 < t.len && t.p[i + 1] == '=';
	default:
		return false;
	}
}

/* -n, -e: with these echo does more than write its words. */
static bool is_option(struct bytes t, size_t i)
{
	char next = i + 1 < t.len ? t.p[i + 1] : '\0';

	return next == 'n' || next == 'e' || next == 'E';
}

/* What comes out of files, or from elsewhere, nobody can know. */
static bool has_here(struct bytes t)
{
	return text_find(t, BYTES("<<"));
}

enum flow_hope flow_look(const struct names *names, struct bytes t)
{
	const unsigned char *p = (const unsigned char *)t.p;
	bool has_echo = false, has_option = false, has_runner = false;
	bool has_change = false;
	size_t i = 0;

	while (i < t.len) {
		enum class c = (enum class)classes[p[i]];
		size_t from = i;

		if (c == WORD) {
			unsigned int use;

			i += text_name_len(
				(struct bytes){ t.p + i, t.len - i });
			use = names_get(
				names, (struct bytes){ t.p + from, i - from });
			if (use == COMMAND_MAKES)
				return FLOW_CHANGES;
			has_change |= use == COMMAND_CHANGES;
			has_echo |= use == COMMAND_WRITES;
			has_runner |= use == COMMAND_RUNS;
			continue;
		}
		if (c == DASH)
			has_option |= is_option(t, i);
		else if (c != OTHER && is_joint(t, i, c))
			return FLOW_CHANGES;
		i++;
	}
	if (has_echo ? has_option || has_change : has_change && has_here(t))
		return FLOW_CHANGES;
	return has_runner ? FLOW_RUNS : FLOW_NOTHING;
}
