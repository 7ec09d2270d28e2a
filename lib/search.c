// SPDX-License-Identifier: GPL-3.0-or-later
#include "search.h"

#include <ctype.h>

#include "invocation.h"

/* How far behind the name of its tool a pattern may stand. */
#define LOOK_BACK 160
/* Arguments that are looked at for that name: wrappers stand before it. */
#define ARGS_MAX 8

static enum search_tool tool_of(struct bytes name)
{
	static const char words[] =
		"grep egrep fgrep zgrep zegrep zfgrep bzgrep xzgrep zstdgrep "
		"lzgrep pcregrep pcre2grep agrep ugrep ggrep pgrep rg ag ack";
	static const char programs[] =
		"sed gsed ssed awk gawk mawk nawk perl ruby php";

	name = invocation_base(name);
	if (invocation_is_listed(words, name))
		return SEARCH_WORDS;
	return invocation_is_listed(programs, name) ? SEARCH_PROGRAM
						    : SEARCH_NONE;
}

enum search_tool search_tool_of(const struct bytes *argv, size_t n)
{
	enum search_tool tool = SEARCH_NONE;

	for (size_t i = 0; i < n && i < ARGS_MAX && !tool; i++)
		tool = tool_of(argv[i]);
	return tool;
}

/* Where the command begins that has something at at; strings are passed. */
static size_t command_start(struct bytes text, size_t at)
{
	size_t i = at, last = at > LOOK_BACK ? at - LOOK_BACK : 0;
	char quote = '\0';

	while (i > last) {
		char c = text.p[i - 1];

		if (quote)
			quote = c == quote ? '\0' : quote;
		else if (c == '\'' || c == '"')
			quote = c;
		else if (memchr("|;&\n(`", c, 6))
			break;
		i--;
	}
	return i;
}

static enum search_tool tool_before(struct bytes text, size_t at)
{
	enum search_tool tool = SEARCH_NONE;
	size_t i;

	/* Its own quote opens nothing. */
	at -= at && (text.p[at - 1] == '\'' || text.p[at - 1] == '"');
	i = command_start(text, at);
	while (i < at && !tool) {
		size_t from = i;

		while (i < at && !memchr(" \t'\"", text.p[i], 4))
			i++;
		tool = tool_of((struct bytes){ text.p + from, i - from });
		i++;
	}
	return tool;
}

/* The next \x41, \u0041, \101 from at on; s.len if there is none. */
static size_t next_escape(struct bytes s, size_t at)
{
	for (; at + 1 < s.len; at++)
		if (s.p[at] == '\\' &&
			(memchr("xuU", s.p[at + 1], 3) ||
				isdigit((unsigned char)s.p[at + 1])))
			return at;
	return s.len;
}

/* What may stand before the slash of /regex/: an operator, s, m, qr. */
static bool is_opening(struct bytes s, size_t at)
{
	size_t i = at;

	while (i && isalpha((unsigned char)s.p[i - 1]))
		i--;
	if (i < at)
		return i + 2 >= at && memchr("smr", s.p[at - 1], 3) &&
		       (!i || !memchr("/#|,@!", s.p[i - 1], 6));
	return s.p[at] == '/' &&
	       (!i || memchr("(~ \t!,;{&|\n", s.p[i - 1], 11));
}

/* The end of the regex that the escape at at stands in; 0 if in none. */
static size_t regex_end(struct bytes s, size_t from, size_t at)
{
	size_t open = at, close = at;

	while (open > from && !memchr("/#|,@!", s.p[open - 1], 6))
		open--;
	if (open-- == from || !is_opening(s, open))
		return 0;
	while (close < s.len && s.p[close] != s.p[open])
		close += s.p[close] == '\\' ? 2 : 1;
	return close < s.len ? close + 1 : 0;
}

/* Whether each of the escapes in a program stands in a regex. */
static bool is_in_regexes(struct bytes s)
{
	size_t from = 0, at;

	while ((at = next_escape(s, from)) < s.len) {
		from = regex_end(s, from, at);
		if (!from)
			return false;
	}
	return from > 0;
}

bool search_is_pattern(
	struct bytes text, size_t at, size_t end, enum search_tool tool)
{
	enum search_tool before = tool_before(text, at);

	if (before)
		tool = before;
	if (tool == SEARCH_PROGRAM)
		return is_in_regexes((struct bytes){ text.p + at, end - at });
	return tool == SEARCH_WORDS;
}
