// SPDX-License-Identifier: GPL-3.0-or-later
#include "survey.h"

#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/stat.h>

#include "rowfile.h"
#include "text.h"

/* Of a configuration file; the largest of them hold a few KiB. */
#define FILE_MAX (1u << 20)

void survey_find(struct survey *s, enum survey_level level, const char *topic,
	const char *mend, const char *fmt, ...)
{
	struct survey_finding f = {
		.level = level, .topic = topic, .mend = mend
	};
	va_list ap;

	str_reset(&s->text);
	va_start(ap, fmt);
	str_vaddf(&s->text, fmt, ap);
	va_end(ap);
	f.what = str_bytes(&s->text);
	s->n[level]++;
	s->sc.take(s->sc.arg, &f);
}

const char *survey_path(struct survey *s, const char *path)
{
	str_reset(&s->why);
	str_addf(&s->why, "%s%s", s->sc.root, path);
	return str_z(&s->why);
}

bool survey_read(struct survey *s, const char *path, bool *is_there)
{
	char full[PATH_MAX];
	struct stat st;

	str_reset(&s->file);
	snprintf(full, sizeof(full), "%s%s", s->sc.root, path);
	*is_there = stat(full, &st) == 0 || errno != ENOENT;
	str_reset(&s->why);
	return *is_there && rowfile_slurp_any(full, &s->file, &s->why) == 0;
}

bool survey_is_roots(struct survey *s, const char *topic, const char *path)
{
	struct stat st;

	if (stat(survey_path(s, path), &st) < 0)
		return false;
	if (st.st_uid != 0)
		survey_find(s, SURVEY_PROBLEM, topic, "chown root",
			"%s belongs to uid %u, who can change it", path,
			(unsigned int)st.st_uid);
	else if (st.st_mode & (S_IWGRP | S_IWOTH) && !(st.st_mode & S_ISVTX))
		survey_find(s, SURVEY_PROBLEM, topic, "chmod go-w",
			"%s can be written by others than root (mode %04o)",
			path, (unsigned int)st.st_mode & 07777);
	else
		return true;
	return false;
}

struct bytes survey_value(const struct survey *s, const char *name)
{
	struct bytes rest = str_bytes(&s->file), found = { NULL, 0 };

	while (rest.len) {
		const char *end = memchr(rest.p, '\n', rest.len);
		struct bytes line = { rest.p,
			end ? (size_t)(end - rest.p) : rest.len };
		const char *eq = memchr(line.p, '=', line.len);
		struct bytes left = { line.p, eq ? (size_t)(eq - line.p) : 0 };

		if (eq && bytes_equal(text_trim(left), bytes_of(name)))
			found = text_trim((struct bytes){
				eq + 1, line.len - left.len - 1 });
		rest.p += line.len + (end != NULL);
		rest.len -= line.len + (end != NULL);
	}
	return found;
}

size_t survey_run(struct survey *s, const struct survey_conf *sc)
{
	*s = (struct survey){ .sc = *sc };
	str_init(&s->text, 8192);
	str_init(&s->file, FILE_MAX);
	str_init(&s->why, 8192);
	survey_auditd(s);
	survey_rules(s);
	survey_rsyslog(s);
	survey_host(s);
	survey_intel(s);
	survey_feeds(s);
	str_fini(&s->text);
	str_fini(&s->file);
	str_fini(&s->why);
	return s->n[SURVEY_PROBLEM];
}
