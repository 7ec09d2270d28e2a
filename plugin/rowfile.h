// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef ROWFILE_H
#define ROWFILE_H

#include <stddef.h>

#include "str.h"

/* Takes one line, without its end. -1: *why says what is wrong with it. */
typedef int rowfile_take(void *arg, struct bytes line, struct str *why);

/* A file may grow while it is read, but not for ever. */
#define ROWFILE_GROWTH 8192

/* Opens a file of at most max bytes that only root or whoever runs this can
 * have written. -1: *why has a line that says what is wrong with it. */
int rowfile_open(const char *file, size_t max, struct str *why)
	__attribute__((warn_unused_result));
/* Appends a file of at most max bytes that only root or whoever runs this can
 * have written. -1: *why has a line that says what is wrong with it. */
int rowfile_slurp(const char *file, size_t max, struct str *text,
	struct str *why) __attribute__((warn_unused_result));

/* The same of a file that another program puts there: whoever owns its
 * directory can have written it, too, where nobody else can write to that. */
int rowfile_slurp_beside(const char *file, size_t max, struct str *text,
	struct str *why) __attribute__((warn_unused_result));

/* The same of a key: one line of what a header may hold, without its end, for
 * nobody else to read. */
#define ROWFILE_KEY_MAX 4096
int rowfile_slurp_key(const char *file, struct str *key, struct str *why)
	__attribute__((warn_unused_result));

/* Appends a file of anybody's, - being standard input, up to the cap of text.
 * -1: *why says what is wrong with it. */
int rowfile_slurp_any(const char *file, struct str *text, struct str *why)
	__attribute__((warn_unused_result));
/* Puts text in the place of a file, whole or not at all; it is everybody's to
 * read. -1: *why says what is wrong with it. */
int rowfile_replace(const char *file, struct bytes text, struct str *why)
	__attribute__((warn_unused_result));

/* Puts a file that is on the disk in the place of another: who looks after a
 * crash finds the old one or the new one. -1: errno says why. */
int rowfile_move(const char *from, const char *to)
	__attribute__((warn_unused_result));

/* All of the shipped rows are 60 KiB. */
#define ROWFILE_LEN_MAX (1u << 20)

/*
 * Reads a file of rows, of at most ROWFILE_LEN_MAX bytes, that only root or
 * whoever runs this can have written. -1: *why has a line "FILE:LINE: what"
 * for every error, of at most 20.
 */
int rowfile_read(const char *file, rowfile_take *take, void *arg,
	struct str *why) __attribute__((warn_unused_result));
/* The same for every file in dir whose name is like glob ("redact*.conf"), by
 * the order of their names. How many there were; -1 as above. */
int rowfile_read_all(const char *dir, const char *glob, rowfile_take *take,
	void *arg, struct str *why) __attribute__((warn_unused_result));

#endif
