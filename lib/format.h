// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef FORMAT_H
#define FORMAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "score.h"
#include "str.h"

struct event;

/* No line limit may be lower: every key with its shortest text needs this. */
#define FORMAT_LINE_MIN 2048
#define FORMAT_LINE_MAX 65000

struct format_counter {
	const char *name;
	uint64_t value;
};

/* What a line needs besides the event. */
struct format_job {
	uint64_t seq; /* of the line, in its output */
	size_t line_max;
	const struct score_conf *severity;
	struct str *scratch, *command; /* for the format's use */
	/* Where format->dup could be added to the line; NULL if nobody asks. */
	size_t *dup_at;
	/* Of a line about ourselves only. */
	const char *kind; /* "status", "loss"... */
	enum score_severity sev;
	int64_t time_ms;
	const struct format_counter *counters;
	size_t n_counters;
};

/*
 * A row in formats.def, a file in formats/. Lines hold bytes 0x20-0x7e only:
 * escaping what attackers wrote happens in formats, and nowhere else.
 */
struct format {
	const char *name;
	const char *ident; /* of the syslog header */
	bool has_pid; /* in the syslog header */
	/* What an event says that may have been emitted before, NULL where the
	 * format has no word for it. */
	const char *dup;
	bool is_user_info; /* facility and severity are fixed */
	bool is_long; /* takes the limit for auoms lines */
	/* Append one line without a newline. True: a field was cut. */
	bool (*event)(const struct event *ev, const struct format_job *job,
		struct str *out);
	/* The same for a line about ourselves: counters. */
	void (*status)(const struct format_job *job, struct str *out);
};

extern const struct format *const format_all[];
extern const size_t format_n;

/* NULL if there is none of that name. */
const struct format *format_get(struct bytes name);
/* "json, cee, ..." */
void format_names(struct str *out);

/* "SEC.MSEC:SERIAL", at most 40 bytes with the NUL. */
#define FORMAT_ID_MAX 40
void format_id(char id[FORMAT_ID_MAX], int64_t time_ms, uint32_t serial);
/* "2026-01-02T03:04:05.678Z" */
#define FORMAT_TIME_MAX 64
void format_time(char text[FORMAT_TIME_MAX], int64_t time_ms);

#endif
