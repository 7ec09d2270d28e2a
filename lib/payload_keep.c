// SPDX-License-Identifier: GPL-3.0-or-later
/* The tables as rows, for who keeps them over a restart. */
#include "payload_state.h"

uint64_t payload_of(
	const struct payload_table *t, uint64_t guid, bool *is_executed)
{
	const struct payload_process *p = map_find(t->processes, &guid);

	*is_executed = p && p->state == PAYLOAD_EXECUTED;
	return p && p->state != PAYLOAD_BELOW ? p->id : 0;
}

uint64_t payload_change(const struct payload_table *t)
{
	return t->change;
}

static struct map *map_of(
	const struct payload_table *t, enum payload_mark_kind kind)
{
	struct map *const maps[] = { [PAYLOAD_MARK_PROCESS] = t->processes,
		[PAYLOAD_MARK_FILE] = t->files,
		[PAYLOAD_MARK_SESSION] = t->sessions };

	return maps[kind];
}

static void read_mark(
	const void *value, const void *key, struct payload_mark *to)
{
	memcpy(&to->key, key, sizeof(to->key));
	to->state = 0;
	if (to->kind == PAYLOAD_MARK_PROCESS) {
		const struct payload_process *p = value;

		to->id = p->id;
		to->change = p->change;
		to->state = p->state;
	} else {
		const struct payload_known *known = value;

		to->id = known->id;
		to->change = known->change;
	}
}

/* The rows of one table come behind those of another. */
bool payload_marks_changed(const struct payload_table *t, uint64_t after,
	uint32_t *at, uint32_t *row, struct payload_mark *mark)
{
	static const uint32_t sizes[] = { [PAYLOAD_MARK_PROCESS] =
						  PAYLOAD_PROCESSES_MAX,
		[PAYLOAD_MARK_FILE] = PAYLOAD_FILES_KEPT,
		[PAYLOAD_MARK_SESSION] = PAYLOAD_SESSIONS_KEPT };
	uint32_t first = 0;

	for (int kind = 0; kind <= PAYLOAD_MARK_SESSION; kind++) {
		mark->kind = (enum payload_mark_kind)kind;
		while (*at < first + sizes[kind]) {
			const void *key, *value;

			*row = ++*at;
			value = map_at(
				map_of(t, mark->kind), *row - first, &key);
			if (!value)
				continue;
			read_mark(value, key, mark);
			if (mark->id && mark->change > after)
				return true;
		}
		first += sizes[kind];
	}
	return false;
}

bool payload_texts_changed(const struct payload_table *t, uint64_t after,
	uint32_t *at, uint32_t *row, struct payload_text *text)
{
	uint32_t last = map_last(t->suspects);

	while (*at < last) {
		const struct payload_suspect *s;
		const void *key;

		*row = ++*at;
		s = map_at(t->suspects, *row, &key);
		if (!s || s->change <= after)
			continue;
		*text = (struct payload_text){ .change = s->change,
			.time_ms = s->time_ms,
			.above = s->above,
			.is_run = s->is_run,
			.sha256 = { (const char *)s->sha256,
				sizeof(s->sha256) },
			.text = payload_text_of(s),
			.text_len = s->text_len,
			.n_plain = s->n_plain };
		memcpy(&text->id, key, sizeof(text->id));
		memcpy(text->plain, s->plain, sizeof(s->plain));
		return true;
	}
	return false;
}

int payload_restore_mark(
	struct payload_table *t, const struct payload_mark *mark)
{
	if (mark->kind > PAYLOAD_MARK_SESSION || !mark->id || mark->id >> 48 ||
		mark->state > PAYLOAD_EXECUTED ||
		map_find(map_of(t, mark->kind), &mark->key))
		return -1;
	if (mark->kind == PAYLOAD_MARK_PROCESS)
		payload_mark(t, mark->key, mark->id,
			(enum payload_state)mark->state);
	else
		payload_know(t, map_of(t, mark->kind), mark->key, mark->id);
	return map_find(map_of(t, mark->kind), &mark->key) ? 0 : -1;
}

int payload_restore_text(
	struct payload_table *t, const struct payload_text *text)
{
	struct payload_suspect *s;

	if (!text->id || text->id >> 48 || text->time_ms < 0 ||
		text->sha256.len != sizeof(s->sha256) ||
		text->text.len > PAYLOAD_TEXT_MAX ||
		text->text_len < text->text.len ||
		(text->text_len > text->text.len &&
			text->text.len < PAYLOAD_TEXT_MAX) ||
		text->n_plain > PAYLOAD_COMMANDS_MAX ||
		map_find(t->suspects, &text->id))
		return -1;
	s = payload_add(t, text->id);
	if (!s)
		return -1;
	s->change = ++t->change;
	s->time_ms = text->time_ms;
	s->above = text->above;
	s->is_run = text->is_run;
	s->n_plain = text->n_plain;
	memcpy(s->sha256, text->sha256.p, sizeof(s->sha256));
	memcpy(s->plain, text->plain, sizeof(s->plain));
	payload_put_text(s, text->text, (size_t)text->text_len);
	return 0;
}
