// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef FETCH_STATE_H
#define FETCH_STATE_H

/* For fetch's own files. */

#include <stdbool.h>
#include <stdint.h>

#include "fetch_conf.h"
#include "fetch_meta.h"
#include "str.h"

struct fetch_file;
struct fetch_misp;
struct fetch_taxii;
struct http_reply;

struct fetch_source {
	const struct fetch_conf *cf;
	const char *dir;
	struct str key;
	struct fetch_meta meta; /* of the file that is there */
	struct fetch_file *file; /* what comes; NULL: nothing does */
	struct fetch_taxii *taxii; /* NULL: it is of another kind */
	struct fetch_misp *misp; /* the same */
	struct str why; /* what does not work */
	int64_t due_ms; /* of loop_now_ms */
	unsigned int failures; /* in a row */
	bool is_conditional; /* nothing comes if it is there already */
	bool is_partial; /* more of it is there than came in one run */
	bool is_told; /* that it does not work */
};

/* PATH_MAX bytes: its file, or what lies beside it. */
void fetch_path(const struct fetch_source *s, const char *ending, char *to);
/* A piece of its body: an http_take. */
int fetch_on_piece(void *arg, struct bytes piece);
/* What is to become of a reply; of taxii's it is a page, of misp's a file. 0:
 * what came is in its place, or is there already; 1: there is another page; -1:
 * s->why says why it is nothing. */
int fetch_take(struct fetch_source *s, const struct http_reply *reply);

#endif
