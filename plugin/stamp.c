// SPDX-License-Identifier: GPL-3.0-or-later
#include "stamp.h"

#include <ctype.h>
#include <stdbool.h>
#include <time.h>

/* Of Sentinel's portal: 11/22/2026, 6:57:21.714 AM */
static bool is_half(const char *rest, struct tm *tm)
{
	bool is_pm = !strcmp(rest, " PM");

	if (!is_pm && strcmp(rest, " AM") != 0)
		return false;
	tm->tm_hour = tm->tm_hour % 12 + (is_pm ? 12 : 0);
	return true;
}

/* As timegm(), whose time_t ends in 2038 where it has 32 bits. A year begins
 * with March here, so that its leap day is its last. */
static int64_t seconds_of(const struct tm *tm)
{
	int64_t year = tm->tm_year + 1900 - (tm->tm_mon < 2);
	int64_t day =
		(153 * ((tm->tm_mon + 10) % 12) + 2) / 5 + tm->tm_mday - 1;

	day += 365 * year + year / 4 - year / 100 + year / 400 - 719468;
	return ((day * 24 + tm->tm_hour) * 60 + tm->tm_min) * 60 + tm->tm_sec;
}

int stamp_parse(struct bytes v, int64_t *time_ms)
{
	char z[40], *rest;
	struct tm tm = { 0 };
	int fraction = 0;
	bool is_portal = false;

	if (v.len >= sizeof(z))
		return -1;
	memcpy(z, v.p, v.len);
	z[v.len] = '\0';
	rest = strptime(z, "%Y-%m-%dT%H:%M:%S", &tm);
	if (!rest)
		rest = strptime(z, "%Y-%m-%d %H:%M:%S", &tm);
	if (!rest) {
		rest = strptime(z, "%m/%d/%Y, %H:%M:%S", &tm);
		is_portal = true;
	}
	if (!rest)
		return -1;
	if (*rest == '.')
		for (int ms = 100; isdigit((unsigned char)*++rest); ms /= 10)
			fraction += ms * (*rest - '0');
	if (is_portal ? !is_half(rest, &tm)
		      : *rest && strcmp(rest, "Z") != 0 &&
				strcmp(rest, "+00:00") != 0)
		return -1;
	*time_ms = seconds_of(&tm) * 1000 + fraction;
	return 0;
}

int64_t stamp_now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}
