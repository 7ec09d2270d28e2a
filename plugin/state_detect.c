// SPDX-License-Identifier: GPL-3.0-or-later
/* Alerts of our own: the latest, by which events are judged and which auhunt
 * shows, and what was told, seen or begun, so that it is not told anew. */
#include <stdlib.h>
#include <string.h>

#include "detect.h"
#include "state_file.h"
#include "state_pack.h"

enum alert_column {
	CHANGE,
	HOST,
	NAME,
	EXE,
	WHY,
	SEVERITY,
	TIME,
	SERIAL,
	SES,
	AUID,
	SESSION,
	GUID,
	N_ALERT_COLUMNS
};

static const struct state_column alert_columns[] = {
	[CHANGE] = { "change", STATE_INTEGER, 1 },
	[HOST] = { "host", STATE_BYTES, 1 },
	[NAME] = { "name", STATE_BYTES, 1 },
	[EXE] = { "exe", STATE_BYTES, 1 },
	[WHY] = { "why", STATE_BYTES, 1 },
	[SEVERITY] = { "severity", STATE_INTEGER, 1 },
	[TIME] = { "time_ms", STATE_INTEGER, 1 },
	[SERIAL] = { "serial", STATE_INTEGER, 1 },
	[SES] = { "ses", STATE_INTEGER, 1 },
	[AUID] = { "auid", STATE_INTEGER, 1 },
	[SESSION] = { "session", STATE_INTEGER, 1 },
	[GUID] = { "guid", STATE_INTEGER, 1 },
};

enum key_column { KEY_CHANGE, KIND, KEY, NUMBERS, N_KEY_COLUMNS };

static const struct state_column key_columns[] = {
	[KEY_CHANGE] = { "change", STATE_INTEGER, 1 },
	[KIND] = { "kind", STATE_INTEGER, 1 },
	[KEY] = { "key", STATE_INTEGER, 1 },
	[NUMBERS] = { "numbers", STATE_BYTES, 1 },
};

struct kept {
	struct state *state;
	struct detect *detect;
	struct str numbers; /* what values are borrowed from */
};

static uint64_t change(void *arg)
{
	const struct kept *k = arg;

	return detect_change(k->detect);
}

static void fini(void *arg)
{
	struct kept *k = arg;

	str_fini(&k->numbers);
}

static bool next_alert(
	void *arg, uint64_t after, uint32_t *at, struct state_row *to)
{
	struct kept *k = arg;
	union state_value *v = to->values;
	struct detect_alert_told a;
	uint32_t row;

	if (!detect_told_changed(k->detect, after, at, &row, &a))
		return false;
	to->id = row;
	to->is_gone = false;
	v[CHANGE].i = (int64_t)a.change;
	v[HOST].b = a.host;
	v[NAME].b = a.name;
	v[EXE].b = a.exe;
	v[WHY].b = a.why;
	v[SEVERITY].i = a.severity;
	v[TIME].i = a.time_ms;
	v[SERIAL].i = a.serial;
	v[SES].i = a.ses;
	v[AUID].i = a.auid;
	v[SESSION].i = (int64_t)a.session;
	v[GUID].i = (int64_t)a.guid;
	return true;
}

static bool is_u32(int64_t v)
{
	return v >= 0 && v <= UINT32_MAX;
}

static struct bytes text_of(struct bytes b)
{
	return b.len ? b : (struct bytes){ NULL, 0 };
}

/* Of another boot, neither its session nor its process are anybody's. */
static int take_alert(void *arg, const struct state_row *from)
{
	const union state_value *v = from->values;
	struct kept *k = arg;
	bool is_now = state_info(k->state)->is_this_boot;
	struct detect_alert_told a = { .host = text_of(v[HOST].b),
		.name = text_of(v[NAME].b),
		.exe = text_of(v[EXE].b),
		.why = text_of(v[WHY].b),
		.time_ms = v[TIME].i,
		.session = is_now ? (uint64_t)v[SESSION].i : 0,
		.guid = is_now ? (uint64_t)v[GUID].i : 0 };

	if (!is_u32(v[SEVERITY].i) || !is_u32(v[SERIAL].i) ||
		!is_u32(v[SES].i) || !is_u32(v[AUID].i))
		return -1;
	a.severity = (unsigned int)v[SEVERITY].i;
	a.serial = (uint32_t)v[SERIAL].i;
	a.ses = (uint32_t)v[SES].i;
	a.auid = (uint32_t)v[AUID].i;
	return detect_restore_told(k->detect, &a);
}

static bool next_key(
	void *arg, uint64_t after, uint32_t *at, struct state_row *to)
{
	struct kept *k = arg;
	union state_value *v = to->values;
	struct detect_key key;
	uint32_t row;

	if (!detect_keys_changed(k->detect, after, at, &row, &key))
		return false;
	str_reset(&k->numbers);
	for (size_t i = 0; i < key.n; i++)
		state_put(&k->numbers, key.numbers[i]);
	to->id = row;
	to->is_gone = false;
	v[KEY_CHANGE].i = (int64_t)key.change;
	v[KIND].i = key.kind;
	v[KEY].i = (int64_t)key.key;
	v[NUMBERS].b = str_bytes(&k->numbers);
	return true;
}

/* Steps of a session of another boot would be another's. */
static int take_key(void *arg, const struct state_row *from)
{
	const union state_value *v = from->values;
	struct bytes numbers = v[NUMBERS].b;
	struct kept *k = arg;
	struct detect_key key = { .key = (uint64_t)v[KEY].i };

	if (v[KIND].i < 0 || v[KIND].i > DETECT_KEY_STEP)
		return -1;
	key.kind = (enum detect_key_kind)v[KIND].i;
	if (key.kind == DETECT_KEY_STEP && !state_info(k->state)->is_this_boot)
		return 0;
	while (numbers.len) {
		if (key.n == DETECT_KEY_NUMBERS ||
			!state_get(&numbers, &key.numbers[key.n]))
			return -1;
		key.n++;
	}
	return detect_restore_key(k->detect, &key);
}

static int keep(
	struct state *st, struct detect *d, struct state_section *section)
{
	struct kept *k = calloc(1, sizeof(*k));

	if (!k)
		return -1;
	k->state = st;
	k->detect = d;
	str_init(&k->numbers, 8 * DETECT_KEY_NUMBERS);
	section->version = 1;
	section->change = change;
	section->fini = fini;
	section->arg = k;
	return state_own(st, section, k);
}

int state_keep_detect(struct state *st, struct detect *d)
{
	struct state_section alerts = { .name = "alerts",
		.columns = alert_columns,
		.n_columns = N_ALERT_COLUMNS,
		.order = CHANGE,
		.next = next_alert,
		.take = take_alert };
	struct state_section keys = { .name = "alert_keys",
		.columns = key_columns,
		.n_columns = N_KEY_COLUMNS,
		.order = KEY_CHANGE,
		.next = next_key,
		.take = take_key };

	return keep(st, d, &alerts) < 0 ? -1 : keep(st, d, &keys);
}
