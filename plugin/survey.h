// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SURVEY_H
#define SURVEY_H

#include <stdbool.h>
#include <stddef.h>

#include "str.h"

struct config;

/*
 * Whether a host is set up to feed the plugin: findings, each with its mend.
 * Nothing is changed. What cannot be looked at without privileges is said so.
 */
enum survey_level {
	SURVEY_OK,
	SURVEY_ADVICE, /* it works, but loses something, or will one day */
	SURVEY_PROBLEM, /* events or lines do not come, or can be forged */
	SURVEY_UNKNOWN /* not visible from here */
};

struct survey_finding {
	enum survey_level level;
	const char *topic; /* "auditd.q_depth" */
	struct bytes what; /* a sentence */
	const char *mend; /* what to do; NULL where nothing has to be done */
};

typedef void survey_take(void *arg, const struct survey_finding *f);

struct survey_conf {
	const char *root; /* "" or a directory that stands for / */
	const struct config *config;
	survey_take *take;
	void *arg;
};

struct survey {
	struct survey_conf sc;
	struct str text; /* of the finding */
	struct str file; /* being read */
	struct str why;
	size_t n[4]; /* findings of each level */
};

/* Looks at everything. How many problems there are. */
size_t survey_run(struct survey *s, const struct survey_conf *sc);

/* For the files of the survey: */
__attribute__((format(printf, 5, 6))) void survey_find(struct survey *s,
	enum survey_level level, const char *topic, const char *mend,
	const char *fmt, ...);
/* The file below the root into s->file; false: it cannot be read, and *is_there
 * says whether it exists. */
bool survey_read(struct survey *s, const char *path, bool *is_there);
/* A path below the root. Borrowed until the next call. */
const char *survey_path(struct survey *s, const char *path);
/* Whether only root can change the file or directory, and nobody through a
 * directory above; a finding else. False also where it is missing. */
bool survey_is_roots(struct survey *s, const char *topic, const char *path);
/* NAME = VALUE in s->file, the last one; absent if there is none. */
struct bytes survey_value(const struct survey *s, const char *name);

/* survey_auditd.c, survey_rules.c, survey_rsyslog.c, survey_host.c,
 * survey_intel.c, survey_feeds.c */
void survey_auditd(struct survey *s);
void survey_rules(struct survey *s);
void survey_rsyslog(struct survey *s);
void survey_host(struct survey *s);
void survey_intel(struct survey *s);
void survey_feeds(struct survey *s);

#endif
