// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef LIST_H
#define LIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "intel_severity.h"
#include "listmap.h"
#include "str.h"

/*
 * Lists of indicators that lie on this host, each in one of some formats: one
 * file in lists/ and one line in lists.def each.
 */

#define LIST_PATH_MAX 256
#define LIST_NAME_LEN 24
#define LIST_TEXT_MAX 64
/* Of a list of lines; of one in JSON, which takes many times its size. */
#define LIST_BYTES_MAX (1u << 30)
#define LIST_JSON_MAX  (32u << 20)

/* A line "list = KIND PATH WORD..." of the configuration. */
struct list_conf {
	const struct list *kind;
	char path[LIST_PATH_MAX]; /* a file, for misp a directory */
	char name[LIST_NAME_LEN]; /* in every output */
	char column[LIST_TEXT_MAX]; /* of csv: a number from 1, or a name */
	enum intel_severity severity; /* of all that is in it */
	bool is_fetched; /* another program puts it there; it may be empty */
};

/* What reads one list. */
struct list_reader {
	const struct list_conf *conf;
	struct listmap_draft *draft;
	int number; /* of the list, in the draft */
	int64_t now_ms; /* since the epoch: what has ended is left out */
	size_t taken, skipped; /* entries */
	struct str *why;
};

struct list {
	const char *name;
	/* Takes the entries of a text, which is its own to write over. -1:
	 * r->why says what is wrong. */
	int (*text)(struct list_reader *r, struct bytes text);
	size_t bytes_max;
	/* In place of that: takes those of a directory. */
	int (*directory)(struct list_reader *r, const char *path);
};

/* NULL if there is none of that name. */
const struct list *list_get(struct bytes name);
/* Reads "KIND PATH WORD...". -1: *why has the sentence. */
int list_parse(struct list_conf *cf, struct bytes value, struct str *why)
	__attribute__((warn_unused_result));
/* The same again. */
void list_print(const struct list_conf *cf, struct str *out);
/* Adds a list to a draft. -1: it cannot be read, and *why has a line that says
 * why; what was taken until then stays. */
int list_read(const struct list_conf *cf, struct listmap_draft *d,
	int64_t now_ms, struct str *why) __attribute__((warn_unused_result));

/* Whether the text, which it may write over, is such a list, with an indicator
 * in it. -1: it is not, and *why says so; kinds that are directories have no
 * text. */
int list_try(const struct list_conf *cf, struct bytes text, struct str *why)
	__attribute__((warn_unused_result));

/* For the files in lists/: */

/* Takes one entry, without blanks around it; the port of ADDRESS:PORT goes. -1:
 * no more can be taken, r->why says so. */
int list_take(struct list_reader *r, struct bytes entry)
	__attribute__((warn_unused_result));
/* The next line off the front of *rest, without its end and the blanks around
 * it. */
struct bytes list_line(struct bytes *rest);
/* The next word off the front of *line; empty at its end. */
struct bytes list_word(struct bytes *line);
/* Reads a file of at most max bytes. -1: r->why says why not. */
int list_slurp(struct list_reader *r, const char *path, size_t max,
	struct str *to) __attribute__((warn_unused_result));

#endif
