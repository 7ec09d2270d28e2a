// SPDX-License-Identifier: GPL-3.0-or-later
#include "format.h"

#define FORMAT(name) extern const struct format format_##name;
#include "formats.def"
#undef FORMAT

const struct format *const format_all[] = {
#define FORMAT(name) &format_##name,
#include "formats.def"
#undef FORMAT
};

const size_t format_n = sizeof(format_all) / sizeof(format_all[0]);

const struct format *format_get(struct bytes name)
{
	for (size_t i = 0; i < format_n; i++)
		if (bytes_equal(bytes_of(format_all[i]->name), name))
			return format_all[i];
	return NULL;
}

void format_names(struct str *out)
{
	for (size_t i = 0; i < format_n; i++) {
		if (i)
			str_addz(out, ", ");
		str_addz(out, format_all[i]->name);
	}
}

/* Writes v with at least width digits; returns past the last. */
static char *digits(char *to, uint64_t v, int width)
{
	char rev[24];
	int n = 0;

	do
		rev[n++] = (char)('0' + v % 10);
	while (v /= 10);
	while (n < width)
		rev[n++] = '0';
	while (n)
		*to++ = rev[--n];
	return to;
}

void format_id(char id[FORMAT_ID_MAX], int64_t time_ms, uint32_t serial)
{
	char *to = digits(id, (uint64_t)(time_ms / 1000), 1);

	*to++ = '.';
	to = digits(to, (uint64_t)(time_ms % 1000), 3);
	*to++ = ':';
	to = digits(to, serial, 1);
	*to = '\0';
}

/* Days since the epoch to a date: Howard Hinnant's days algorithm. */
static void civil(int64_t days, int64_t *y, unsigned int *m, unsigned int *d)
{
	int64_t z = days + 719468;
	int64_t era = z / 146097;
	unsigned int doe = (unsigned int)(z - era * 146097);
	unsigned int yoe =
		(doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	unsigned int doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	unsigned int mp = (5 * doy + 2) / 153;

	*d = doy - (153 * mp + 2) / 5 + 1;
	*m = mp < 10 ? mp + 3 : mp - 9;
	*y = (int64_t)yoe + era * 400 + (*m <= 2);
}

/* A mark and two digits. */
static char *two(char *to, char mark, unsigned int v)
{
	to[0] = mark;
	to[1] = (char)('0' + v / 10);
	to[2] = (char)('0' + v % 10);
	return to + 3;
}

void format_time(char text[FORMAT_TIME_MAX], int64_t time_ms)
{
	int64_t s = time_ms / 1000, y;
	unsigned int of_day = (unsigned int)(s % 86400), m, d;
	char *to;

	civil(s / 86400, &y, &m, &d);
	to = digits(text, (uint64_t)y, 4);
	to = two(to, '-', m);
	to = two(to, '-', d);
	to = two(to, 'T', of_day / 3600);
	to = two(to, ':', of_day / 60 % 60);
	to = two(to, ':', of_day % 60);
	*to++ = '.';
	to = digits(to, (uint64_t)(time_ms % 1000), 3);
	*to++ = 'Z';
	*to = '\0';
}
