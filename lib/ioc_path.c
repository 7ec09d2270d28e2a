// SPDX-License-Identifier: GPL-3.0-or-later
/* Paths: C:\dir\file, \\server\share\file, %TEMP%\file and /dir/file. */
#include "ioc_scan.h"

#define VARIABLE_MAX 32
#define SERVER_MIN   2

/* Whether c can stand in a path of Windows; blanks do where it is quoted. */
static bool is_in_path(char c, char quote)
{
	if (c == ' ')
		return quote;
	return !scan_is(c, SCAN_BREAK) && !scan_in(":*?;,=^&)(][}{", c);
}

/* Copies the path from at on, doubled backslashes made one. */
static size_t read_path(
	const struct scan *s, size_t at, size_t head, char *value, size_t *len)
{
	char quote = scan_before(s, at);
	size_t i = at;

	if (quote != '"' && quote != '\'')
		quote = '\0';
	for (*len = 0; i < s->text.len && *len < IOC_VALUE_MAX; i++) {
		char c = s->text.p[i];

		if (i >= at + head && !is_in_path(c, quote))
			break;
		if (c == '\\' && *len > 1 && value[*len - 1] == '\\')
			continue;
		value[(*len)++] = c;
	}
	while (*len && scan_in(" .\\", value[*len - 1]))
		--*len;
	return i;
}

static size_t found(struct scan *s, size_t at, size_t head, size_t next)
{
	char value[IOC_VALUE_MAX];
	size_t len, end = read_path(s, at, head, value, &len);

	if (len <= head)
		return next;
	scan_found(s, at, IOC_WINDOWS_PATH, (struct bytes){ value, len });
	s->floor = end;
	return end > next ? end : next;
}

/* C:\ or, in a program's text, C:\\ and a name. */
static bool is_drive(const struct scan *s, size_t i)
{
	size_t name = i + (scan_at(s, i + 2) == '\\' ? 3 : 2);

	return i > s->floor && scan_at(s, i + 1) == '\\' &&
	       scan_is(scan_at(s, name), SCAN_HOST) &&
	       scan_is_alpha(s->text.p[i - 1]) &&
	       !scan_is(scan_before(s, i - 1), SCAN_HOST) &&
	       !scan_in("$\\%", scan_before(s, i - 1));
}

size_t scan_path_drive(struct scan *s, size_t i)
{
	return is_drive(s, i) ? found(s, i - 1, 3, i + 1) : i + 1;
}

/* \\server\share: two names, and nothing before them. */
static bool is_share(const struct scan *s, size_t i)
{
	size_t from = i + 2, at;

	if (scan_at(s, i + 1) != '\\' ||
		!(i == s->floor || scan_is(s->text.p[i - 1], SCAN_BREAK) ||
			scan_in("=,(", s->text.p[i - 1])))
		return false;
	for (at = from; scan_is(scan_at(s, at), SCAN_HOST); at++)
		if (at - from > SCAN_HOST_MAX)
			return false;
	return at - from >= SERVER_MIN && scan_at(s, at) == '\\' &&
	       scan_is(scan_at(s, at + 1), SCAN_HOST) &&
	       (scan_is(scan_at(s, at + 2), SCAN_ALNUM) ||
		       scan_in("$_-", scan_at(s, at + 2)));
}

size_t scan_path_backslash(struct scan *s, size_t i)
{
	size_t at = i;

	if (is_share(s, i))
		return found(s, i, 2, i + 1);
	if (i <= s->floor + 2 || s->text.p[i - 1] != '%' ||
		!scan_is(scan_at(s, i + 1), SCAN_ALNUM))
		return i + 1;
	for (at--; at > s->floor && i - at < VARIABLE_MAX;)
		if (!scan_is(s->text.p[--at], SCAN_HOST))
			break;
	if (s->text.p[at] != '%' || i - at < 4)
		return i + 1;
	return found(s, at, i - at + 1, i + 1);
}

size_t scan_path_slash(struct scan *s, size_t i)
{
	char before = scan_before(s, i);
	size_t end = i;

	if (i < s->paths || !scan_is(scan_at(s, i + 1), SCAN_HOST) ||
		(before && !scan_is(before, SCAN_BREAK) &&
			!scan_in("=:,(&;@{", before)))
		return i + 1;
	while (end < s->text.len && end - i < IOC_VALUE_MAX &&
		(scan_is(s->text.p[end], SCAN_MAIL) ||
			scan_in("/@#~", s->text.p[end])))
		end++;
	s->paths = end;
	while (end > i + 1 && scan_in("/.", s->text.p[end - 1]))
		end--;
	if (end > i + 1)
		scan_found(s, i, IOC_LINUX_PATH,
			(struct bytes){ s->text.p + i, end - i });
	return i + 1;
}
