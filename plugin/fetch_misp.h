// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef FETCH_MISP_H
#define FETCH_MISP_H

#include <stdbool.h>
#include <stddef.h>

#include "str.h"

/*
 * A MISP feed, a directory with a manifest.json and a file for each event, as a
 * plain list: "VALUE UUID:TIMESTAMP" for what an event has, "# UUID:TIMESTAMP"
 * for the event itself. By that what has come already stays, unless the
 * manifest has it no more or anew.
 */
struct fetch_misp;

/* Of the manifest, and of an event. */
#define FETCH_MISP_MAX (4u << 20)
/* The newest of a feed; the rest is left out. */
#define FETCH_MISP_EVENTS 20000
/* Those that are asked for in one run: what has come by then is put in its
 * place, and the next run goes on. */
#define FETCH_MISP_RUN 250

/* NULL when out of memory. */
struct fetch_misp *fetch_misp_new(void) __attribute__((warn_unused_result));
void fetch_misp_free(struct fetch_misp *m);
/* Where the manifest is, then the event that is next. */
void fetch_misp_url(
	const struct fetch_misp *m, const char *feed, struct str *url);
/* Whether the manifest has been taken. */
bool fetch_misp_is_open(const struct fetch_misp *m);
/* -1: it is none; *why says so. */
int fetch_misp_manifest(struct fetch_misp *m, struct bytes body,
	struct str *why) __attribute__((warn_unused_result));
/* A line of the list before, after the manifest; appended if it stays. */
void fetch_misp_line(struct fetch_misp *m, struct bytes line, struct str *out);
/* Whether an event is to be asked for next, of those that have not come. */
bool fetch_misp_has_next(struct fetch_misp *m);
/* Appends what the event has that was asked for. One that is none has nothing,
 * and is not asked for again either. */
void fetch_misp_event(struct fetch_misp *m, struct bytes body, struct str *out);
/* Whether the list is another one than before. */
bool fetch_misp_has_news(const struct fetch_misp *m);
/* Whether events are left for the next run. */
bool fetch_misp_is_partial(const struct fetch_misp *m);

#endif
