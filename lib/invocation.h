// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef INVOCATION_H
#define INVOCATION_H

#include <stdbool.h>
#include <stddef.h>

#include "str.h"

/*
 * What an argv (or a simple command's words, see shell.h) really runs: behind
 * sudo, env, nohup, timeout, nice, xargs, setsid, stdbuf, busybox, chroot,
 * find -exec, ssh, su -c, eval and the like, and the program text it gives to
 * an interpreter. One step: a text that it finds is for the caller to read.
 */
enum invocation_language {
	INVOCATION_NONE,
	INVOCATION_SH,
	INVOCATION_PYTHON,
	INVOCATION_PERL,
	INVOCATION_RUBY,
	INVOCATION_PHP,
	INVOCATION_NODE,
	INVOCATION_LUA,
	INVOCATION_AWK,
	INVOCATION_POWERSHELL
};

#define INVOCATION_WRAPPERS_MAX 8

struct invocation {
	size_t wrappers[INVOCATION_WRAPPERS_MAX]; /* argv indexes: sudo... */
	size_t n_wrappers;
	/* argv index of the real command; n if none. One that got its
	 * command as a text (su -c, ssh host 'a; b', eval) is it itself. */
	size_t command;
	struct bytes name; /* its base name, a login shell's without the - */
	enum invocation_language language; /* what it, or the text, is */
	size_t program; /* argv index of -c's or -e's text; n if none */
	size_t program_at; /* where in that: python3 -c'...' */
	size_t program_n; /* words it goes on for, joined by blanks */
	size_t script; /* argv index of an interpreter's file; n if none */
	bool reads_stdin; /* an interpreter without program or script */
	bool is_encoded; /* the program is PowerShell's Base64 */
};

/* Empty words, as unknown variables leave them, and NAME=VALUE before the
 * command are passed over. */
void invocation_read(
	const struct bytes *argv, size_t n, struct invocation *inv);

/* The part of it that looks at the command in inv->command: language,
 * program, script, reads_stdin, is_encoded. */
void invocation_program(
	const struct bytes *argv, size_t n, struct invocation *inv);

/* The same where the command, no interpreter, hands a text to a shell: that is
 * its program then. False: it hands over none. */
bool invocation_text(
	const struct bytes *argv, size_t n, struct invocation *inv);

/* Whether it is more than the name of a command. */
bool invocation_is_text(struct bytes arg);

/* The language of an interpreter of this base name: python3.11, bash. */
enum invocation_language invocation_language_of(struct bytes name);

/* Whether an option is given a program: perl -e, sh -ce... */
bool invocation_is_option(struct bytes arg);
/* perl -e a -e b: how many are the lines of one program, the first of them at
 * first, each behind an option. */
size_t invocation_lines(const struct bytes *argv, size_t n, size_t first);

/* The last part of a path, without a leading - . */
struct bytes invocation_base(struct bytes arg);

/* The order that tables of names are in; none of them is empty. */
static inline int invocation_compare(struct bytes a, struct bytes b)
{
	int rc = (unsigned char)a.p[0] - (unsigned char)b.p[0];

	if (!rc)
		rc = memcmp(a.p, b.p, a.len < b.len ? a.len : b.len);
	return rc ? rc : (a.len > b.len) - (a.len < b.len);
}

/* Whether word is one of the list's, which blanks part. */
bool invocation_is_listed(const char *list, struct bytes word);

/* What a program text in another language than the shell's hands to a shell or
 * runs: system("..."), Popen(["a", "-b"])... Each call is told as shell text,
 * borrowed until take returns; scratch is where it is put together. */
typedef void invocation_take(void *arg, struct bytes command);
void invocation_calls(struct bytes program, enum invocation_language language,
	struct str *scratch, invocation_take *take, void *arg);

#endif
