// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef LINE_H
#define LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "str.h"

struct event;
struct format_job;

/*
 * The one walk over what a line says, so that every format has the same keys
 * in the same order; audisp-hunt-events(7) lists them. A format supplies the
 * calls that write a key and its value.
 */
struct line_writer {
	/* kind is "exec", id "SEC.MSEC:SERIAL". */
	void (*begin)(struct str *out, const char *kind, const char *id);
	void (*text)(struct str *out, const char *key, struct bytes value);
	/* A text that was cut; head and tail of it with the marker between. */
	void (*cut)(struct str *out, const char *key, struct bytes head,
		const char *marker, struct bytes tail);
	/* Values one by one: open, item for each, close. */
	void (*list)(struct str *out, const char *key);
	void (*item)(struct str *out, struct bytes value, bool is_first);
	void (*list_end)(struct str *out);
	void (*integer)(struct str *out, const char *key, long long value);
	void (*number)(struct str *out, const char *key, double value);
	void (*boolean)(struct str *out, const char *key, bool value);
	/* name: value pairs under one key. */
	void (*parts)(struct str *out, const char *key,
		const char *const *names, const double *values, size_t n);
	void (*end)(struct str *out);
	/* Bytes that the first character of p[0..len) takes when written; how
	 * many bytes it is in *n. len > 0. */
	size_t (*cost)(const char *p, size_t len, size_t *n);
};

/* In formats/; cee is json behind a cookie, and auoms has hunt's status. */
extern const struct line_writer json_writer, hunt_writer;

/* Appends one line, without a newline, of at most job->line_max bytes: the
 * longest field is cut in its middle until it fits, and "cut" names it. True:
 * something was cut. */
bool line_event(const struct line_writer *w, const struct event *ev,
	const struct format_job *job, struct str *out);

/* Counters: appends a line of the job's kind. */
void line_status(const struct line_writer *w, const struct format_job *job,
	struct str *out);

#endif
