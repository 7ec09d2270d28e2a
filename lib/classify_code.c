// SPDX-License-Identifier: GPL-3.0-or-later
/* Which language a text is in of which nothing else is known. */
#include "classify_rows.h"

#include <string.h>

#include "text.h"

/* Where the language of a text shows: its first lines. */
#define GUESS_LINES 24
#define GUESS_BYTES 4096

static bool starts(struct bytes line, const char *with)
{
	size_t len;

	if (!line.len || line.p[0] != with[0])
		return false;
	len = strlen(with);
	return line.len >= len && !memcmp(line.p, with, len);
}

struct sign {
	const char *start;
	enum invocation_language language;
};

/* How lines begin in no shell text. */
static const struct sign signs[] = {
	{ "import ", INVOCATION_PYTHON },
	{ "from ", INVOCATION_PYTHON },
	{ "def ", INVOCATION_PYTHON },
	{ "class ", INVOCATION_PYTHON },
	{ "print(", INVOCATION_PYTHON },
	{ "exec(", INVOCATION_PYTHON },
	{ "eval(", INVOCATION_PYTHON },
	{ "__import__(", INVOCATION_PYTHON },
	{ "os.", INVOCATION_PYTHON },
	{ "subprocess.", INVOCATION_PYTHON },
	{ "use strict", INVOCATION_PERL },
	{ "use Socket", INVOCATION_PERL },
	{ "use IO::", INVOCATION_PERL },
	{ "use MIME::", INVOCATION_PERL },
	{ "use warnings", INVOCATION_PERL },
	{ "my $", INVOCATION_PERL },
	{ "my ($", INVOCATION_PERL },
	{ "require '", INVOCATION_RUBY },
	{ "require \"", INVOCATION_RUBY },
	{ "<?php", INVOCATION_PHP },
	{ "<?=", INVOCATION_PHP },
	{ "require(", INVOCATION_NODE },
	{ "const ", INVOCATION_NODE },
	{ "var ", INVOCATION_NODE },
	{ "(function", INVOCATION_NODE },
	{ "IEX", INVOCATION_POWERSHELL },
	{ "iex ", INVOCATION_POWERSHELL },
	{ "New-Object ", INVOCATION_POWERSHELL },
	{ "Invoke-", INVOCATION_POWERSHELL },
	{ "-----BEGIN ", INVOCATION_NONE },
	{ "<?xml", INVOCATION_NONE },
	{ "<!DOCTYPE", INVOCATION_NONE },
	{ "<html", INVOCATION_NONE },
	{ "{\"", INVOCATION_NONE },
	{ "[{", INVOCATION_NONE },
	{ "[\"", INVOCATION_NONE },
};

static const struct sign interpreters[] = {
	{ "python", INVOCATION_PYTHON },
	{ "perl", INVOCATION_PERL },
	{ "ruby", INVOCATION_RUBY },
	{ "php", INVOCATION_PHP },
	{ "node", INVOCATION_NODE },
	{ "lua", INVOCATION_LUA },
	{ "awk", INVOCATION_AWK },
	{ "pwsh", INVOCATION_POWERSHELL },
};

static struct bytes first_line(struct bytes t)
{
	const char *nl = t.len ? memchr(t.p, '\n', t.len) : NULL;

	return (struct bytes){ t.p, nl ? (size_t)(nl - t.p) : t.len };
}

/* What a #! line names. */
static enum invocation_language interpreter_of(struct bytes line)
{
	for (size_t i = 0; i < sizeof(interpreters) / sizeof(*interpreters);
		i++)
		if (text_find(line, bytes_of(interpreters[i].start)))
			return interpreters[i].language;
	return INVOCATION_SH;
}

enum invocation_language classify_guess(struct bytes text)
{
	struct bytes rest = text;

	if (starts(text, "#!"))
		return interpreter_of(first_line(text));
	if (rest.len > GUESS_BYTES)
		rest.len = GUESS_BYTES;
	for (unsigned int n = 0; n < GUESS_LINES && rest.len; n++) {
		struct bytes line = first_line(rest);
		size_t len = line.len + (line.len < rest.len);

		for (size_t i = 0; i < sizeof(signs) / sizeof(*signs); i++)
			if (starts(line, signs[i].start))
				return signs[i].language;
		rest.p += len;
		rest.len -= len;
	}
	return INVOCATION_SH;
}
