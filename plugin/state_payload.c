// SPDX-License-Identifier: GPL-3.0-or-later
/* Hidden texts, and what has to do with them: processes and sessions, which are
 * of a boot, and files, which may be others after it. */
#include <stdlib.h>
#include <string.h>

#include "payload.h"
#include "state_file.h"
#include "state_pack.h"

enum mark_column { MARK_CHANGE, KIND, KEY, MARK_ID, STATE, N_MARK_COLUMNS };

static const struct state_column mark_columns[] = {
	[MARK_CHANGE] = { "change", STATE_INTEGER, 1 },
	[KIND] = { "kind", STATE_INTEGER, 1 },
	[KEY] = { "key", STATE_INTEGER, 1 },
	[MARK_ID] = { "payload", STATE_INTEGER, 1 },
	[STATE] = { "state", STATE_INTEGER, 1 },
};

enum text_column {
	TEXT_CHANGE,
	TEXT_ID,
	TIME,
	ABOVE,
	IS_RUN,
	SHA256,
	TEXT_LEN,
	TEXT,
	PLAIN,
	N_TEXT_COLUMNS
};

static const struct state_column text_columns[] = {
	[TEXT_CHANGE] = { "change", STATE_INTEGER, 1 },
	[TEXT_ID] = { "payload", STATE_INTEGER, 1 },
	[TIME] = { "time_ms", STATE_INTEGER, 1 },
	[ABOVE] = { "above", STATE_INTEGER, 1 },
	[IS_RUN] = { "is_run", STATE_INTEGER, 1 },
	[SHA256] = { "sha256", STATE_BYTES, 1 },
	[TEXT_LEN] = { "text_len", STATE_INTEGER, 1 },
	[TEXT] = { "text", STATE_BYTES, 1 },
	[PLAIN] = { "plain", STATE_BYTES, 1 },
};

struct kept {
	struct payload_table *table;
	struct payload_text text; /* what values are borrowed from */
	struct str plain;
};

static uint64_t change(void *arg)
{
	const struct kept *k = arg;

	return payload_change(k->table);
}

static bool next_mark(
	void *arg, uint64_t after, uint32_t *at, struct state_row *to)
{
	struct kept *k = arg;
	union state_value *v = to->values;
	struct payload_mark mark;
	uint32_t row;

	if (!payload_marks_changed(k->table, after, at, &row, &mark))
		return false;
	to->id = row;
	to->is_gone = false;
	v[MARK_CHANGE].i = (int64_t)mark.change;
	v[KIND].i = mark.kind;
	v[KEY].i = (int64_t)mark.key;
	v[MARK_ID].i = (int64_t)mark.id;
	v[STATE].i = mark.state;
	return true;
}

static int take_mark(void *arg, const struct state_row *from)
{
	const union state_value *v = from->values;
	struct kept *k = arg;
	struct payload_mark mark = { .key = (uint64_t)v[KEY].i,
		.id = (uint64_t)v[MARK_ID].i };

	if (v[KIND].i < 0 || v[KIND].i > PAYLOAD_MARK_SESSION ||
		v[STATE].i < 0 || v[STATE].i > UINT16_MAX)
		return -1;
	mark.kind = (enum payload_mark_kind)v[KIND].i;
	mark.state = (unsigned int)v[STATE].i;
	return payload_restore_mark(k->table, &mark);
}

static bool next_text(
	void *arg, uint64_t after, uint32_t *at, struct state_row *to)
{
	struct kept *k = arg;
	struct payload_text *text = &k->text;
	union state_value *v = to->values;
	uint32_t row;

	if (!payload_texts_changed(k->table, after, at, &row, text))
		return false;
	str_reset(&k->plain);
	for (uint32_t i = 0; i < text->n_plain; i++)
		state_put(&k->plain, text->plain[i]);
	to->id = row;
	to->is_gone = false;
	v[TEXT_CHANGE].i = (int64_t)text->change;
	v[TEXT_ID].i = (int64_t)text->id;
	v[TIME].i = text->time_ms;
	v[ABOVE].i = (int64_t)text->above;
	v[IS_RUN].i = text->is_run;
	v[SHA256].b = text->sha256;
	v[TEXT_LEN].i = (int64_t)text->text_len;
	v[TEXT].b = text->text;
	v[PLAIN].b = str_bytes(&k->plain);
	return true;
}

static int take_text(void *arg, const struct state_row *from)
{
	const union state_value *v = from->values;
	struct kept *k = arg;
	struct bytes plain = v[PLAIN].b;
	struct payload_text text = { .id = (uint64_t)v[TEXT_ID].i,
		.time_ms = v[TIME].i,
		.above = (uint64_t)v[ABOVE].i,
		.is_run = v[IS_RUN].i & 1,
		.sha256 = v[SHA256].b,
		.text = v[TEXT].b,
		.text_len = (uint64_t)v[TEXT_LEN].i };

	while (plain.len) {
		if (text.n_plain == PAYLOAD_COMMANDS_MAX ||
			!state_get(&plain, &text.plain[text.n_plain]))
			return -1;
		text.n_plain++;
	}
	return payload_restore_text(k->table, &text);
}

static void fini(void *arg)
{
	struct kept *k = arg;

	str_fini(&k->plain);
}

static int keep(struct state *st, struct payload_table *t,
	struct state_section *section)
{
	struct kept *k = calloc(1, sizeof(*k));

	if (!k)
		return -1;
	k->table = t;
	str_init(&k->plain, 8 * PAYLOAD_COMMANDS_MAX);
	section->version = 1;
	section->is_of_boot = true;
	section->change = change;
	section->fini = fini;
	section->arg = k;
	return state_own(st, section, k);
}

int state_keep_payload(struct state *st, struct payload_table *t)
{
	struct state_section texts = { .name = "payload_texts",
		.columns = text_columns,
		.n_columns = N_TEXT_COLUMNS,
		.order = TEXT_CHANGE,
		.next = next_text,
		.take = take_text };
	struct state_section marks = { .name = "payload_marks",
		.columns = mark_columns,
		.n_columns = N_MARK_COLUMNS,
		.order = MARK_CHANGE,
		.next = next_mark,
		.take = take_mark };

	return keep(st, t, &texts) < 0 ? -1 : keep(st, t, &marks);
}
