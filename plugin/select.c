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
static bool parse_word(const char *text, struct tm *tm, int64_t *s)
{
	if (!strcmp(text, "now"))
		return true;
	if (!strcmp(text, "boot")) {
		*s = boot_time_s();
		return true;
	}
	if (!strcmp(text, "recent")) {
		*s -= 600;
		return true;
	}
	if (!strcmp(text, "week-ago")) {
		*s -= 7 * 86400;
		return true;
	}
	tm->tm_sec = tm->tm_min = 0;
	if (!strcmp(text, "this-hour"))
		goto made;
	tm->tm_hour = 0;
	if (!strcmp(text, "today"))
		goto made;
	tm->tm_mday -= !strcmp(text, "yesterday");
	if (!strcmp(text, "yesterday"))
		goto made;
	tm->tm_mday -= !strcmp(text, "this-week") ? tm->tm_wday : 0;
	if (!strcmp(text, "this-week"))
		goto made;
	tm->tm_mday = 1;
	if (!strcmp(text, "this-month"))
		goto made;
	tm->tm_mon = 0;
	if (strcmp(text, "this-year"))
		return false;
made:
	tm->tm_isdst = -1;
	*s = mktime(tm);
	return true;
}

int select_time(const char *text, int64_t now_ms, int64_t *time_ms)
{
	static const char *const forms[] = { "%m/%d/%Y %H:%M:%S",
		"%m/%d/%Y %H:%M", "%m/%d/%Y", "%m/%d/%y %H:%M:%S", "%m/%d/%y",
		"%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M",
		"%Y-%m-%d %H:%M", "%Y-%m-%d", "%H:%M:%S", "%H:%M" };
	time_t now = (time_t)(now_ms / 1000);
	int64_t s = now;
	struct tm tm, today;
	double epoch;
	char *end;

	localtime_r(&now, &today);
	tm = today;
	if (parse_word(text, &tm, &s)) {
		*time_ms = s * 1000;
		return 0;
	}
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		const char *rest;

		tm = today;
		tm.tm_sec = tm.tm_min = 0;
		tm.tm_hour = 0;
		tm.tm_isdst = -1;
		rest = strptime(text, forms[i], &tm);
		if (!rest || (*rest && strcmp(rest, "Z") != 0))
			continue;
		*time_ms = (int64_t)(*rest ? timegm(&tm) : mktime(&tm)) * 1000;
		return 0;
	}
	epoch = strtod(text, &end);
	if (end == text || *end || !(epoch >= 0 && epoch < 1e11))
		return -1;
	*time_ms = (int64_t)(epoch * 1000 + 0.5);
	return 0;
}
