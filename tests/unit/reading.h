// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef READING_H
#define READING_H

#include "check.h"
#include "shell.h"
#include "str.h"

/*
 * A reading as one line, its commands in order and parted by " ; ":
 *
 *	P^	stands in a word of command P ($(...)); P< and P>: in <(...)
 *		and >(...); P^^ in its redirection
 *	|	comes behind a pipe (as a group: ||)
 *	!name	the word in command position
 *	[a b]	a word with blanks, or without bytes
 *	a?	an opaque word
 *	<f <<[text] <<<[text] <() >f	input and output
 */
static inline void add_reading_text(struct str *out, struct bytes b)
{
	bool is_bare = b.len > 0;

	for (size_t i = 0; i < b.len; i++)
		is_bare = is_bare && (unsigned char)b.p[i] > ' ';
	if (!is_bare)
		str_addc(out, '[');
	for (size_t i = 0; i < b.len; i++)
		if (b.p[i] == '\n')
			str_addz(out, "\\n");
		else if (b.p[i] == '\0')
			str_addz(out, "\\0");
		else
			str_addc(out, b.p[i]);
	if (!is_bare)
		str_addc(out, ']');
}

static inline void add_reading_place(
	struct str *out, const struct shell_command *c)
{
	if (c->parent != SIZE_MAX) {
		str_addu(out, c->parent);
		str_addc(out, " ^<>"[c->nesting]);
		if (c->parent_word == SIZE_MAX)
			str_addc(out, '^');
		str_addc(out, ' ');
	}
	if (c->stage)
		str_addz(out, "| ");
	else if (c->input == SHELL_INPUT_PIPE)
		str_addz(out, "|| ");
}

static inline void add_reading_files(
	struct str *out, const struct shell_command *c)
{
	static const char *const inputs[] = { "", "", " <<<", " <<", " <",
		" <()" };

	str_addz(out, inputs[c->input]);
	if (c->here.p)
		add_reading_text(out, c->here);
	if (c->is_here_opaque)
		str_addc(out, '?');
	if (c->from.p && c->input == SHELL_INPUT_NONE)
		str_addz(out, " 3<");
	if (c->from.p && c->input != SHELL_INPUT_PROCESS)
		add_reading_text(out, c->from);
	if (c->to.p) {
		str_addz(out, " >");
		add_reading_text(out, c->to);
	}
}

static inline void add_reading(struct str *out, const struct shell *sh)
{
	for (size_t i = 0; i < shell_n_commands(sh); i++) {
		const struct shell_command *c = shell_command(sh, i);

		if (i)
			str_addz(out, " ; ");
		add_reading_place(out, c);
		for (size_t w = c->first; w < c->first + c->n; w++) {
			const struct shell_word *word = shell_word(sh, w);

			if (w > c->first)
				str_addc(out, ' ');
			if (w == c->name)
				str_addc(out, '!');
			add_reading_text(out, word->text);
			if (word->is_opaque)
				str_addc(out, '?');
		}
		add_reading_files(out, c);
	}
	if (shell_is_cut(sh))
		str_addz(out, " (cut)");
}

struct reading {
	const char *text, *want;
};

static inline void check_readings(const struct reading *rows, size_t n)
{
	struct shell *sh = shell_new();
	struct str got;
	char name[80];

	str_init(&got, 1 << 20);
	for (size_t i = 0; sh && i < n; i++) {
		check_start("%s", check_show(name, sizeof(name),
					  bytes_of(rows[i].text), 0));
		shell_read(sh, bytes_of(rows[i].text));
		str_reset(&got);
		add_reading(&got, sh);
		CHECK_Z(str_bytes(&got), rows[i].want);
	}
	str_fini(&got);
	shell_free(sh);
}

#endif
