// SPDX-License-Identifier: GPL-3.0-or-later
#include "select.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "event.h"
#include "text.h"

static bool is_user(const struct event_user *u, const char *wanted)
{
	uint64_t id;

	if (!u->has)
		return false;
	if (text_u64(bytes_of(wanted), 10, &id) == 0)
		return u->id == id;
	return bytes_equal(u->name, bytes_of(wanted)) ||
	       (u->id == EVENT_UNSET && !strcmp(wanted, "unset"));
}

bool select_has(const struct select *s, const struct event *ev)
{
	if (s->has_since && ev->time_ms < s->since_ms)
		return false;
	if (s->has_until && ev->time_ms > s->until_ms)
		return false;
	if (s->node && !bytes_equal(ev->node, bytes_of(s->node)))
		return false;
	if (s->user && !is_user(&ev->auid, s->user) &&
		!is_user(&ev->uid, s->user))
		return false;
	if (s->has_session && !(ev->has_ses && ev->ses == s->session))
		return false;
	return !s->has_min_score || ev->score.total >= s->min_score;
}

bool select_session(struct select *s, const char *number)
{
	uint64_t n;

	if (text_u64(bytes_of(number), 10, &n) < 0 || n > UINT32_MAX)
		return false;
	s->has_session = true;
	s->session = (uint32_t)n;
	return true;
}

static int64_t boot_time_s(void)
{
	long long s = 0;
	char line[256];
	FILE *f = fopen("/proc/stat", "re");

	while (f && fgets(line, sizeof(line), f))
		if (sscanf(line, "btime %lld", &s) == 1)
			break;
	if (f)
		fclose(f);
	return s;
}

/* ausearch's words; false if text is none. tm is now, local. */
static bool parse_word(const char *text, bool is_end, struct tm *tm, int64_t *s)
{
	if (!strcmp(text, "now") || (is_end && !strcmp(text, "today")))
		return true;
	if (!strcmp(text, "boot")) {
		*s = boot_time_s();
		return true;
	}
	if (!strcmp(text, "recent")) {
		*s -= 600;
		return true;
	}
	tm->tm_sec = tm->tm_min = 0;
	if (!strcmp(text, "this-hour"))
		goto made;
	tm->tm_hour = 0;
	if (!strcmp(text, "today"))
		goto made;
	if (!strcmp(text, "yesterday")) {
		tm->tm_mday -= 1;
		goto made;
	}
	if (!strcmp(text, "week-ago")) {
		tm->tm_mday -= 7;
		goto made;
	}
	if (!strcmp(text, "this-week")) {
		tm->tm_mday -= tm->tm_wday;
		goto made;
	}
	tm->tm_mday = 1;
	if (!strcmp(text, "this-month"))
		goto made;
	tm->tm_mon = 0;
	if (strcmp(text, "this-year") != 0)
		return false;
made:
	tm->tm_isdst = -1;
	*s = mktime(tm);
	return true;
}

/* How a time may be written; a date alone lacks the time. */
static const struct form {
	const char *format;
	bool has_time;
} forms[] = {
	{ "%m/%d/%y %H:%M:%S", true },
	{ "%m/%d/%y %H:%M", true },
	{ "%m/%d/%y", false },
	{ "%m/%d/%Y %H:%M:%S", true },
	{ "%m/%d/%Y %H:%M", true },
	{ "%m/%d/%Y", false },
	{ "%Y-%m-%dT%H:%M:%S", true },
	{ "%Y-%m-%d %H:%M:%S", true },
	{ "%Y-%m-%dT%H:%M", true },
	{ "%Y-%m-%d %H:%M", true },
	{ "%Y-%m-%d", false },
	{ "%H:%M:%S", true },
	{ "%H:%M", true },
};

static bool parse_form(const char *text, const struct form *f, bool is_end,
	const struct tm *today, int64_t *s)
{
	struct tm tm = *today;
	const char *rest;

	/* ausearch: without a time, from midnight, or until now's. */
	if (f->has_time || !is_end)
		tm.tm_sec = tm.tm_min = tm.tm_hour = 0;
	tm.tm_isdst = -1;
	rest = strptime(text, f->format, &tm);
	if (!rest || (*rest && strcmp(rest, "Z") != 0))
		return false;
	*s = *rest ? timegm(&tm) : mktime(&tm);
	return true;
}

int select_time(const char *text, bool is_end, int64_t now_ms, int64_t *time_ms)
{
	time_t now = (time_t)(now_ms / 1000);
	int64_t s = now;
	struct tm tm, today;
	double epoch;
	char *end;

	localtime_r(&now, &today);
	tm = today;
	/* A second ends with its last millisecond. */
	if (parse_word(text, is_end, &tm, &s)) {
		*time_ms = s * 1000 + (is_end ? 999 : 0);
		return 0;
	}
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		if (!parse_form(text, &forms[i], is_end, &today, &s))
			continue;
		*time_ms = s * 1000 + (is_end ? 999 : 0);
		return 0;
	}
	if (!*text || strspn(text, "0123456789.") != strlen(text))
		return -1;
	epoch = strtod(text, &end);
	if (*end || !(epoch < 1e11))
		return -1;
	*time_ms = (int64_t)(epoch * 1000 + 0.5);
	return 0;
}
