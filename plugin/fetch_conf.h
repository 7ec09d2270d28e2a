// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef FETCH_CONF_H
#define FETCH_CONF_H

#include <stdbool.h>
#include <stddef.h>

#include "list.h"
#include "str.h"

/*
 * A line "feed = KIND URL WORD..." of the configuration: a file that the intel
 * process fetches over HTTPS and others read where it lies.
 */

#define FETCH_URL_MAX  512
#define FETCH_TEXT_MAX 160

enum fetch_way {
	FETCH_WHOLE, /* a file */
	FETCH_TAXII, /* in pages, and only what is new */
	FETCH_MISP /* a directory of events, and only those that are new */
};

struct fetch_kind {
	const char *name;
	const char *list; /* the kind of list that it is; NULL: none */
	enum fetch_way way;
};

struct fetch_conf {
	const struct fetch_kind *kind;
	char name[LIST_NAME_LEN]; /* of the file, too */
	char url[FETCH_URL_MAX];
	char key_file[FETCH_URL_MAX]; /* "" for none */
	/* The key is a header's, in place of {key}; "": it is user:password of
	 * HTTP Basic. */
	char header[FETCH_TEXT_MAX];
	bool has_pin;
	unsigned char pin[32]; /* SHA-256 of what it has to be */
	unsigned int every_m, timeout_s, max_m; /* minutes, seconds, MiB */
	bool is_inside; /* may be at an address that is not routed */
	struct list_conf list; /* if it is one; in no directory yet */
};

/* -1: *why has the sentence. */
int fetch_parse(struct fetch_conf *cf, struct bytes value, struct str *why)
	__attribute__((warn_unused_result));
/* The same again. */
void fetch_print(const struct fetch_conf *cf, struct str *out);

#endif
