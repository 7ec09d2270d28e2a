// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef IOCS_H
#define IOCS_H

#include "check.h"
#include "event.h"
#include "ioc.h"

/* What a scan gave: TYPE VALUE, a bar between two. */
static struct {
	char text[1 << 16];
	size_t len;
	unsigned int n;
} iocs;

static inline void iocs_add(enum ioc_type type, struct bytes value)
{
	const char *bar = iocs.n++ ? "|" : "";

	if (iocs.len + value.len + 32 > sizeof(iocs.text))
		return;
	iocs.len += (size_t)snprintf(iocs.text + iocs.len,
		sizeof(iocs.text) - iocs.len, "%s%s %.*s", bar,
		ioc_type_name(type), (int)value.len, value.p);
}

static inline bool iocs_take(void *arg, enum ioc_type type, struct bytes value)
{
	(void)arg;
	iocs_add(type, value);
	return true;
}

static inline struct bytes iocs_of(struct bytes text, unsigned int types)
{
	struct ioc_conf cf = { .types = types };
	/* So that a sanitizer sees what is read behind it. */
	char *copy = malloc(text.len + !text.len);

	if (!copy)
		abort();
	if (text.len)
		memcpy(copy, text.p, text.len);
	iocs.len = iocs.n = 0;
	iocs.text[0] = '\0';
	ioc_scan((struct bytes){ copy, text.len }, &cf, iocs_take, NULL);
	free(copy);
	return (struct bytes){ iocs.text, iocs.len };
}

#endif
