// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef COMMAND_H
#define COMMAND_H

#include <stdbool.h>
#include <stddef.h>

#include "names.h"
#include "str.h"

struct script;

/*
 * Text commands whose output follows from their words and their input alone:
 * what echo, base64 -d, tr or rev would write is worked out here, and nothing
 * is run. They are rows in commands.def, one file for each kind in commands/.
 */
enum command_kind {
	COMMAND_RESHAPED, /* by something that has other uses, too */
	COMMAND_CIPHER, /* text to text: only the secret has it */
	COMMAND_DECODED /* by a decoder */
};

struct command_call {
	const struct bytes *argv; /* argv[0] is its name, as written */
	size_t argc;
	struct bytes in; /* standard input; p is NULL where unknown */
	bool has_newline; /* echo's newline stands behind the input */
	struct script *script; /* to work programs out with */

	/* Its answer, beside the output. */
	const char *undone; /* for the chain; NULL: nothing was hidden by it */
	enum command_kind kind; /* of what was undone */
	bool ends_line; /* a newline stands behind the output */
};

/* What a command may be to a text in which no other is named. */
enum command_use {
	COMMAND_CHANGES = 1, /* its output may be other than its input */
	COMMAND_MAKES, /* the same, without any input */
	COMMAND_WRITES, /* its words, as they are; echo -e, -n change them */
	COMMAND_COPIES, /* it hands on what it reads */
	COMMAND_RUNS /* it is given texts, and is none of the rows */
};

struct command {
	const char *names; /* base names, a blank between two */
	enum command_use use; /* 0: COMMAND_CHANGES */
	bool is_deaf; /* it reads nothing */
	/* Appends what the command writes. False: that is not known. Takes
	 * time linear to the input and the words, and what it appends. */
	bool (*run)(struct command_call *call, struct str *out);
};

/* The row for a base name; NULL: none. */
const struct command *command_get(struct bytes name);

/* The names of all of them, up to a -, with their use; false: too many. */
bool command_names(struct names *to) __attribute__((warn_unused_result));

/* Walks the words behind the name: options one letter at a time. */
struct command_opts {
	const struct command_call *call;
	const char *values; /* letters of options that take a value */
	size_t i, at; /* the word, and where in it */
	struct bytes value; /* of the option */
	struct bytes word; /* a long option, or an operand */
};

/* The next option's letter; '-' for a long option, '.' for an operand, 0 at
 * the end. Operands may stand before options. */
char command_next(struct command_opts *o);
/* Whether an operand stands for standard input. */
bool command_is_stdin(struct bytes operand);
/* Whether word starts with head. */
bool command_starts(struct bytes word, const char *head);

#endif
