// SPDX-License-Identifier: GPL-3.0-or-later
/* The texts of processes. */
#include <stdlib.h>

#include "lineage_state.h"

static const uint8_t limits[] = { [LINEAGE_EXE] = LINEAGE_EXE_MAX,
	[LINEAGE_CMD] = LINEAGE_CMD_MAX,
	[LINEAGE_CONTAINER] = CONTAINER_ID_MAX,
	[LINEAGE_STARTS] = CONTAINER_ID_MAX };

static size_t len_until(const struct process *p, int end)
{
	size_t len = 0;

	for (int i = 0; i < end; i++)
		len += p->len[i];
	return len;
}

struct bytes lineage_get_text(const struct process *p, enum lineage_text which)
{
	if (!p->len[which])
		return (struct bytes){ NULL, 0 };
	return (struct bytes){ p->texts + len_until(p, (int)which),
		p->len[which] };
}

/* The end of a path says more than its beginning. */
static struct bytes fitting(enum lineage_text which, struct bytes text)
{
	size_t max = limits[which];

	if (text.len > max) {
		if (which == LINEAGE_EXE)
			text.p += text.len - max;
		text.len = max;
	}
	return text;
}

bool lineage_has_text(
	const struct process *p, enum lineage_text which, struct bytes text)
{
	return bytes_equal(lineage_get_text(p, which), fitting(which, text));
}

/* What comes behind a text moves up to it. */
static void shrink(struct process *p, size_t at, size_t behind, size_t rest)
{
	char *less;

	if (rest)
		memmove(p->texts + at, p->texts + behind, rest);
	if (at + rest) {
		less = realloc(p->texts, at + rest);
		p->texts = less ? less : p->texts;
		return;
	}
	free(p->texts);
	p->texts = NULL;
}

static int grow(struct process *p, size_t at, struct bytes text, size_t behind,
	size_t rest)
{
	char *more = malloc(at + text.len + rest);

	if (!more)
		return -1;
	if (at)
		memcpy(more, p->texts, at);
	memcpy(more + at, text.p, text.len);
	if (rest)
		memcpy(more + at + text.len, p->texts + behind, rest);
	free(p->texts);
	p->texts = more;
	return 0;
}

void lineage_set_text(
	struct process *p, enum lineage_text which, struct bytes text)
{
	size_t at = len_until(p, (int)which), behind = at + p->len[which];
	size_t rest = len_until(p, LINEAGE_TEXTS) - behind;

	text = fitting(which, text);
	if (text.len > p->len[which] && grow(p, at, text, behind, rest) == 0) {
		p->len[which] = (uint8_t)text.len;
		return;
	}
	if (text.len > p->len[which])
		text.len = 0;
	if (text.len)
		memmove(p->texts + at, text.p, text.len);
	if (text.len < p->len[which])
		shrink(p, at + text.len, behind, rest);
	p->len[which] = (uint8_t)text.len;
}

void lineage_drop_texts(struct process *p)
{
	free(p->texts);
	p->texts = NULL;
	memset(p->len, 0, sizeof(p->len));
}
