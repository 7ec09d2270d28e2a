// SPDX-License-Identifier: GPL-3.0-or-later
#include "csv.h"

#include <stdint.h>

struct bytes csv_field(struct bytes *rest, bool *is_last)
{
	char *p = (char *)(uintptr_t)rest->p, *end = p + rest->len;
	char *from, *to;
	bool in_quotes = false;

	for (from = p; p < end && *p == ' '; p++)
		;
	if (p == end || *p != '"')
		p = from;
	from = to = p;
	for (; p < end && (in_quotes || (*p != ',' && *p != '\n')); p++) {
		if (*p != '"') {
			*to++ = *p;
			continue;
		}
		/* "" inside quotes is one. */
		if (in_quotes && p + 1 < end && p[1] == '"')
			*to++ = *p++;
		else
			in_quotes = !in_quotes;
	}
	*is_last = p == end || *p == '\n';
	rest->len = p < end ? (size_t)(end - p) - 1 : 0;
	rest->p = p < end ? p + 1 : end;
	while (to > from && to[-1] == '\r')
		to--;
	return (struct bytes){ from, (size_t)(to - from) };
}
