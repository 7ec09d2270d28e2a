// SPDX-License-Identifier: GPL-3.0-or-later
#include "baseline.h"

#include <stdlib.h>

#include "text.h"

#define DIGEST_LEN 64

struct baseline_draft {
	struct baseline_row *rows;
	size_t n, size;
};

int baseline_open(struct baseline *b, struct bytes bytes)
{
	size_t n = bytes.len / sizeof(*b->rows);
	const struct baseline_row *rows = (const void *)bytes.p;

	if (bytes.len % sizeof(*b->rows) || n > BASELINE_MAX)
		return -1;
	for (size_t i = 0; i < n; i++)
		if (!rows[i].count || !rows[i].hosts ||
			(i && memcmp(rows[i - 1].command, rows[i].command,
				      BASELINE_KEY_LEN) >= 0))
			return -1;
	*b = (struct baseline){ .rows = rows, .n = n };
	return 0;
}

const struct baseline_row *baseline_get(
	const struct baseline *b, const void *command)
{
	size_t from = 0, to = b->n;

	while (from < to) {
		size_t at = from + (to - from) / 2;
		int order =
			memcmp(b->rows[at].command, command, BASELINE_KEY_LEN);

		if (order == 0)
			return &b->rows[at];
		if (order < 0)
			from = at + 1;
		else
			to = at;
	}
	return NULL;
}

struct baseline_draft *baseline_draft_new(void)
{
	return calloc(1, sizeof(struct baseline_draft));
}

void baseline_draft_free(struct baseline_draft *d)
{
	if (!d)
		return;
	free(d->rows);
	free(d);
}

static int grow(struct baseline_draft *d)
{
	size_t size = d->size ? d->size * 2 : 1024;
	void *rows;

	if (d->n < d->size)
		return 0;
	if (size > BASELINE_MAX)
		return -1;
	rows = realloc(d->rows, size * sizeof(*d->rows));
	if (!rows)
		return -1;
	d->rows = rows;
	d->size = size;
	return 0;
}

static uint32_t capped(uint64_t n)
{
	return n < UINT32_MAX ? (uint32_t)n : UINT32_MAX;
}

int baseline_draft_add(struct baseline_draft *d, struct bytes digest,
	uint64_t count, uint64_t hosts, struct str *why)
{
	char bytes[DIGEST_LEN / 2];
	struct baseline_row *row;

	if (digest.len != DIGEST_LEN ||
		text_unhex(digest.p, digest.len, bytes) < 0) {
		str_addz(why, "command is no SHA-256 in hexadecimal");
		return -1;
	}
	if (!count || !hosts || hosts > count) {
		str_addz(why, "count and hosts are from 1, and no more hosts "
			      "than count");
		return -1;
	}
	if (grow(d) < 0) {
		str_addf(why, "out of memory, or more than %u commands",
			BASELINE_MAX);
		return -1;
	}
	row = &d->rows[d->n++];
	memcpy(row->command, bytes, sizeof(row->command));
	row->count = capped(count);
	row->hosts = capped(hosts);
	return 0;
}

static int by_command(const void *a, const void *b)
{
	return memcmp(a, b, BASELINE_KEY_LEN);
}

struct bytes baseline_draft_rows(struct baseline_draft *d)
{
	size_t n = 0;

	if (d->n)
		qsort(d->rows, d->n, sizeof(*d->rows), by_command);
	for (size_t i = 0; i < d->n; i++) {
		struct baseline_row *last = n ? &d->rows[n - 1] : NULL;

		if (!last || by_command(last, &d->rows[i])) {
			d->rows[n++] = d->rows[i];
			continue;
		}
		last->count = capped((uint64_t)last->count + d->rows[i].count);
		last->hosts = capped((uint64_t)last->hosts + d->rows[i].hosts);
	}
	d->n = n;
	return (struct bytes){ (const char *)d->rows, n * sizeof(*d->rows) };
}
