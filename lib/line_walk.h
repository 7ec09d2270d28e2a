// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef LINE_WALK_H
#define LINE_WALK_H

/* One walk over an event: for line's own files. */

#include <stdbool.h>
#include <stddef.h>

#include "format.h"
#include "line.h"
#include "str.h"

struct event;
struct event_user;

/* Texts of one line that an attacker can make long. */
#define LINE_TEXTS_MAX 32

struct line_walk {
	const struct line_writer *w;
	const struct format_job *job;
	struct str *out;
	size_t cut_min, list_max;
	/* Per text, in the order of writing: its limit, and what it took. */
	size_t limits[LINE_TEXTS_MAX];
	size_t took[LINE_TEXTS_MAX];
	struct cut {
		bool is_cut;
		size_t lost; /* bytes left out */
	} cuts[LINE_TEXTS_MAX];
	struct cut told[LINE_TEXTS_MAX]; /* of the walk before, for "cut" */
	const char *keys[LINE_TEXTS_MAX];
	size_t n;
};

/* Writes a text, cut to what it may take; an absent one is left out. */
void line_write_text(struct line_walk *k, const char *key, struct bytes value);
/* Writes true, or nothing. */
void line_write_flag(struct line_walk *k, const char *key, bool is_set);
/* An id and, but for NULL, its name; an unset one is left out. */
void line_write_user(struct line_walk *k, const char *key, const char *name_key,
	const struct event_user *u);
/* A list of those that fit list_max bytes, and how many did not; items are
 * struct bytes, stride apart. */
void line_write_list(struct line_walk *k, const char *name, const char *more,
	const void *items, size_t n, size_t stride);

/* What was hidden, and how. */
void line_decoded(struct line_walk *k, const struct event *ev);
void line_layers(struct line_walk *k, const struct event *ev);
/* Which alert is told. */
void line_alert(struct line_walk *k, const struct event *ev);
/* The files that a call was about, but the folders that they are in. */
void line_paths(struct line_walk *k, const struct event *ev);
/* Whose session it is in. */
void line_session(struct line_walk *k, const struct event *ev);
/* Where the address is that the line is about. */
void line_place(struct line_walk *k, const struct event *ev);
/* What a message says. */
void line_message(struct line_walk *k, const struct event *ev);
/* What is said of something typed. */
void line_typed(struct line_walk *k, const struct event *ev);
/* Whom a network call reached. */
void line_network(struct line_walk *k, const struct event *ev);
/* Parents, container and payload. */
void line_parent(struct line_walk *k, const struct event *ev);
/* ATT&CK techniques, of whatever stage. */
void line_attack(struct line_walk *k, const struct event *ev);

#endif
