// SPDX-License-Identifier: GPL-3.0-or-later
/* auditd.conf, and the file that tells auditd of the plugin. */
#include "survey.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "text.h"

#define CONF   "/etc/audit/auditd.conf"
#define PLUGIN "/etc/audit/plugins.d/audisp-hunt.conf"
/* Debian's default is full after 285 execs that nobody reads: at 10,000 a
 * second, after 32 ms. */
#define QUEUE_MIN 8192
/* auditd refuses a longer line of a plugin's file. */
#define LINE_MAX_LEN 158

static bool is_word(struct bytes value, const char *word)
{
	struct bytes w = bytes_of(word);

	if (value.len != w.len)
		return false;
	for (size_t i = 0; i < w.len; i++)
		if (tolower((unsigned char)value.p[i]) != w.p[i])
			return false;
	return true;
}

static int shown(struct bytes b)
{
	return (int)(b.len < 64 ? b.len : 64);
}

static void queue(struct survey *s)
{
	static const char mend[] =
		"q_depth = 8192 in " CONF ", then HUP auditd";
	struct bytes v = survey_value(s, "q_depth");
	uint64_t n = 2000;

	if (v.p && text_u64(v, 10, &n) < 0)
		survey_find(s, SURVEY_PROBLEM, "auditd.q_depth", mend,
			"q_depth is not a number: %.*s", shown(v), v.p);
	else if (n < QUEUE_MIN)
		survey_find(s, SURVEY_ADVICE, "auditd.q_depth", mend,
			"auditd's queue to its plugins holds %llu records; a "
			"burst of execs fills it",
			(unsigned long long)n);
	else
		survey_find(s, SURVEY_OK, "auditd.q_depth", NULL,
			"auditd's queue to its plugins holds %llu records",
			(unsigned long long)n);
}

static void overflow(struct survey *s)
{
	struct bytes v = survey_value(s, "overflow_action");

	if (is_word(v, "ignore"))
		survey_find(s, SURVEY_ADVICE, "auditd.overflow_action",
			"overflow_action = SYSLOG in " CONF,
			"auditd says nothing when its queue overflows");
	else if (is_word(v, "suspend") || is_word(v, "single") ||
		 is_word(v, "halt"))
		survey_find(s, SURVEY_ADVICE, "auditd.overflow_action",
			"overflow_action = SYSLOG in " CONF,
			"auditd's answer to a full queue is %.*s: a burst "
			"ends auditing, or the host",
			shown(v), v.p);
}

static void restarts(struct survey *s)
{
	struct bytes v = survey_value(s, "max_restarts");
	uint64_t n;

	if (v.p && text_u64(v, 10, &n) == 0 && n < 10)
		survey_find(s, SURVEY_ADVICE, "auditd.max_restarts",
			"max_restarts = 10 in " CONF,
			"auditd gives a plugin up after %llu restarts, for "
			"good",
			(unsigned long long)n);
}

static void directory(struct survey *s)
{
	struct bytes v = survey_value(s, "plugin_dir");

	if (v.p && !bytes_equal(v, BYTES("/etc/audit/plugins.d")) &&
		!bytes_equal(v, BYTES("/etc/audit/plugins.d/")))
		survey_find(s, SURVEY_ADVICE, "auditd.plugin_dir",
			"put audisp-hunt.conf there",
			"auditd looks for plugins in %.*s", shown(v), v.p);
}

static void disk(struct survey *s)
{
	static const char *const names[] = { "disk_full_action",
		"disk_error_action", "admin_space_left_action" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct bytes v = survey_value(s, names[i]);

		if (!is_word(v, "suspend"))
			continue;
		survey_find(s, SURVEY_ADVICE, "auditd.disk",
			"SYSLOG or ROTATE, so that plugins still get events",
			"%s = SUSPEND: whoever fills the disk ends auditd's "
			"log, and may end more",
			names[i]);
	}
	if (is_word(survey_value(s, "flush"), "sync") ||
		is_word(survey_value(s, "flush"), "data"))
		survey_find(s, SURVEY_ADVICE, "auditd.flush",
			"flush = INCREMENTAL_ASYNC in " CONF,
			"auditd waits for the disk at every record, and "
			"plugins wait with it");
}

/* The one whose pid auditd wrote down. */
static void running(struct survey *s)
{
	char path[64], comm[32] = "";
	bool is_there;
	uint64_t pid;
	FILE *f;

	if (s->sc.root[0])
		return;
	if (!survey_read(s, "/run/auditd.pid", &is_there) ||
		text_u64((struct bytes){ s->file.p,
				 strspn(str_z(&s->file), "0123456789") },
			10, &pid) < 0) {
		survey_find(s, is_there ? SURVEY_UNKNOWN : SURVEY_PROBLEM,
			"auditd.runs", "service auditd start",
			"auditd does not run: no /run/auditd.pid that could be "
			"read");
		return;
	}
	snprintf(
		path, sizeof(path), "/proc/%llu/comm", (unsigned long long)pid);
	f = fopen(path, "re");
	if (f && !fgets(comm, sizeof(comm), f))
		comm[0] = '\0';
	if (f)
		fclose(f);
	if (strcmp(comm, "auditd\n") == 0)
		survey_find(s, SURVEY_OK, "auditd.runs", NULL,
			"auditd runs, pid %llu", (unsigned long long)pid);
	else
		survey_find(s, SURVEY_PROBLEM, "auditd.runs",
			"service auditd start",
			"auditd does not run: pid %llu is not its",
			(unsigned long long)pid);
}

static void conf(struct survey *s)
{
	bool is_there;

	if (!survey_read(s, CONF, &is_there)) {
		survey_find(s, is_there ? SURVEY_UNKNOWN : SURVEY_PROBLEM,
			"auditd.conf",
			is_there ? "run it as root" : "install auditd",
			is_there ? CONF " cannot be read"
				 : "there is no " CONF);
		return;
	}
	queue(s);
	overflow(s);
	restarts(s);
	directory(s);
	disk(s);
	if (is_word(survey_value(s, "local_events"), "no"))
		survey_find(s, SURVEY_PROBLEM, "auditd.local_events",
			"local_events = yes in " CONF,
			"auditd does not take this host's events");
}

static void path_of(struct survey *s, struct bytes path)
{
	char name[512];
	struct stat st;

	snprintf(name, sizeof(name), "%.*s", (int)path.len,
		path.p ? path.p : "");
	if (stat(survey_path(s, name), &st) < 0) {
		survey_find(s, SURVEY_PROBLEM, "plugin.path",
			"install audisp-hunt there, or mend path =",
			"the plugin's program is not there: %s", name);
		return;
	}
	if (!S_ISREG(st.st_mode) || !(st.st_mode & S_IXUSR))
		survey_find(s, SURVEY_PROBLEM, "plugin.path", "chmod 755",
			"the plugin's program cannot be run: %s", name);
	else if (survey_is_roots(s, "plugin.path", name))
		survey_find(s, SURVEY_OK, "plugin.path", NULL,
			"auditd starts %s", name);
}

static void lines(struct survey *s)
{
	struct bytes rest = str_bytes(&s->file);

	if (rest.len && rest.p[rest.len - 1] != '\n')
		survey_find(s, SURVEY_PROBLEM, "plugin.file",
			"end its last line with a newline",
			"auditd drops the last line of " PLUGIN
			", which has no end");
	while (rest.len) {
		const char *end = memchr(rest.p, '\n', rest.len);
		size_t n = end ? (size_t)(end - rest.p) : rest.len;

		if (n > LINE_MAX_LEN)
			survey_find(s, SURVEY_PROBLEM, "plugin.file",
				"shorten it",
				"auditd refuses a line of " PLUGIN
				" with %zu characters",
				n);
		n += end != NULL;
		rest.p += n;
		rest.len -= n;
	}
}

static void plugin(struct survey *s)
{
	struct bytes path;
	bool is_there;

	if (!survey_read(s, PLUGIN, &is_there)) {
		survey_find(s, is_there ? SURVEY_UNKNOWN : SURVEY_PROBLEM,
			"plugin.file",
			is_there ? "run it as root"
				 : "copy conf/plugins.d/audisp-hunt.conf there",
			is_there ? PLUGIN " cannot be read"
				 : "auditd does not know the plugin: there is "
				   "no " PLUGIN);
		return;
	}
	survey_is_roots(s, "plugin.file", PLUGIN);
	lines(s);
	if (!is_word(survey_value(s, "active"), "yes"))
		survey_find(s, SURVEY_PROBLEM, "plugin.active",
			"active = yes in " PLUGIN ", then HUP auditd",
			"auditd does not start the plugin");
	if (!is_word(survey_value(s, "format"), "string"))
		survey_find(s, SURVEY_PROBLEM, "plugin.format",
			"format = string in " PLUGIN,
			"auditd writes records that the plugin cannot read");
	path = survey_value(s, "path");
	path_of(s, path);
}

void survey_auditd(struct survey *s)
{
	running(s);
	conf(s);
	plugin(s);
}
