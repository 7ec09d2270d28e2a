// SPDX-License-Identifier: GPL-3.0-or-later
#include "command.h"

#include "invocation.h"

#define COMMAND(name) extern const struct command command_##name;
#include "commands.def"
#undef COMMAND

static const struct command *const rows[] = {
#define COMMAND(name) &command_##name,
#include "commands.def"
#undef COMMAND
};

const struct command *command_get(struct bytes name)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (name.len && invocation_is_listed(rows[i]->names, name))
			return rows[i];
	return NULL;
}

bool command_names(struct names *to)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		enum command_use use =
			rows[i]->use ? rows[i]->use : COMMAND_CHANGES;

		if (!names_add(to, rows[i]->names, (uint8_t)use))
			return false;
	}
	return names_add(to, "zlib", COMMAND_CHANGES) &&
	       names_add(to, "eval sh bash dash ash zsh ksh source",
		       COMMAND_RUNS);
}

static char next_letter(struct command_opts *o)
{
	struct bytes w = o->call->argv[o->i];
	char c = w.p[o->at++];

	if (!c || !strchr(o->values, c)) {
		if (o->at == w.len)
			o->i++, o->at = 0;
		/* In a cluster these stand for nothing. */
		return c && c != '-' && c != '.' ? c : '?';
	}
	o->value = (struct bytes){ w.p + o->at, w.len - o->at };
	o->i++;
	if (!o->value.len && o->i < o->call->argc)
		o->value = o->call->argv[o->i++];
	o->at = 0;
	return c;
}

char command_next(struct command_opts *o)
{
	struct bytes w;

	if (!o->i)
		o->i = 1;
	if (o->i >= o->call->argc)
		return 0;
	if (o->at)
		return next_letter(o);
	w = o->call->argv[o->i];
	if (w.len > 1 && w.p[0] == '-' && w.p[1] != '-') {
		o->at = 1;
		return next_letter(o);
	}
	o->i++;
	o->word = w;
	return w.len > 2 && w.p[0] == '-' ? '-' : '.';
}

bool command_is_stdin(struct bytes operand)
{
	return bytes_equal(operand, BYTES("-")) ||
	       bytes_equal(operand, BYTES("--")) ||
	       bytes_equal(operand, BYTES("/dev/stdin")) ||
	       bytes_equal(operand, BYTES("/dev/fd/0")) ||
	       bytes_equal(operand, BYTES("/proc/self/fd/0"));
}

bool command_starts(struct bytes word, const char *head)
{
	size_t n = strlen(head);

	return word.len >= n && !memcmp(word.p, head, n);
}
