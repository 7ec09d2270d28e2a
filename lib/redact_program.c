// SPDX-License-Identifier: GPL-3.0-or-later
/* Program texts that are no shell's: what stands in quotes may be a command
 * line, and several with commas between them an argv. */
#include <string.h>

#include "redact_state.h"

/* Strings of one list that are looked at. */
#define LIST_MAX 256

/* The next string between quotes from i on; i goes behind it. False: none. */
static bool next_string(
	struct bytes text, size_t *i, struct redact_source *string)
{
	for (; *i < text.len; ++*i) {
		char quote = text.p[*i];
		size_t end = *i + 1;

		if (quote != '"' && quote != '\'')
			continue;
		while (end < text.len && text.p[end] != quote)
			end += text.p[end] == '\\' ? 2 : 1;
		if (end >= text.len)
			return false;
		*string = (struct redact_source){ *i + 1, end };
		*i = end + 1;
		return true;
	}
	return false;
}

/* Whether nothing but a comma stands between two strings. */
static bool is_list(struct bytes text, size_t from, size_t to)
{
	bool has_comma = false;

	for (size_t i = from; i < to; i++) {
		if (!strchr(" \t\n,", text.p[i]) || !text.p[i])
			return false;
		has_comma |= text.p[i] == ',';
	}
	return has_comma;
}

void redact_program(struct redact *rd, const struct redact_argv *init)
{
	struct bytes text = redact_text(rd, init->text);
	struct redact_argv av = *init;
	struct redact_source s;
	size_t i = 0, last = 0;

	rd->base = 0;
	while (next_string(text, &i, &s)) {
		struct bytes word = { text.p + s.at, s.end - s.at };

		if (av.n &&
			(av.n == LIST_MAX || !is_list(text, last, s.at - 1))) {
			redact_command(rd, &av);
			av.n = 0;
		}
		last = i;
		rd->words[av.n] = word;
		rd->sources[av.n++] = s;
		if (memchr(word.p, ' ', word.len))
			redact_push(rd, &av, av.n - 1, 0, true);
	}
	if (av.n > 1)
		redact_command(rd, &av);
}
