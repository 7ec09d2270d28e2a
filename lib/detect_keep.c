// SPDX-License-Identifier: GPL-3.0-or-later
/* What is to be there after a restart. */
#include "detect_state.h"

static struct map *map_of(
	const struct detect *d, enum detect_key_kind kind, uint32_t *max)
{
	switch (kind) {
	case DETECT_KEY_TOLD:
		*max = DETECT_TOLD_MAX;
		return d->told;
	case DETECT_KEY_SEEN:
		*max = DETECT_SEEN_MAX;
		return d->seen;
	default:
		*max = DETECT_STATE_MAX;
		return d->steps;
	}
}

static void read_key(struct detect_key *to, const void *value)
{
	const struct detect_told *told = value;
	const struct detect_first *first = value;
	const struct detect_step *step = value;

	to->n = 0;
	if (to->kind == DETECT_KEY_TOLD) {
		to->change = told->change;
		to->numbers[to->n++] = (uint64_t)told->since_ms;
		to->numbers[to->n++] = told->untold;
	} else if (to->kind == DETECT_KEY_SEEN) {
		to->change = first->change;
		to->numbers[to->n++] = (uint64_t)first->seen_ms;
	} else {
		to->change = step->change;
		for (size_t i = 0; i < DETECT_BURST_MAX; i++)
			to->numbers[to->n++] = (uint64_t)step->at_ms[i];
		for (size_t i = 0; i < DETECT_BURST_MAX; i += 2)
			to->numbers[to->n++] = (uint64_t)step->what[i] << 32 |
					       step->what[i + 1];
	}
}

uint64_t detect_change(const struct detect *d)
{
	return d->change;
}

bool detect_keys_changed(const struct detect *d, uint64_t after, uint32_t *at,
	uint32_t *row, struct detect_key *key)
{
	uint32_t first = 0, max;

	for (int kind = 0; kind <= DETECT_KEY_STEP; kind++, first += max) {
		const struct map *m =
			map_of(d, (enum detect_key_kind)kind, &max);

		key->kind = (enum detect_key_kind)kind;
		while (*at < first + max) {
			const void *found, *value;

			*row = ++*at;
			value = map_at(m, *row - first, &found);
			if (!value)
				continue;
			read_key(key, value);
			memcpy(&key->key, found, sizeof(key->key));
			if (key->change > after)
				return true;
		}
	}
	return false;
}

static bool is_time(uint64_t ms)
{
	return ms <= INT64_MAX / 2;
}

static bool has_times(const struct detect_key *key)
{
	size_t n = key->kind == DETECT_KEY_STEP ? DETECT_BURST_MAX : 1;

	for (size_t i = 0; i < n; i++)
		if (!is_time(key->numbers[i]))
			return false;
	return true;
}

static void write_step(struct detect_step *to, const struct detect_key *key)
{
	for (size_t i = 0; i < DETECT_BURST_MAX; i++) {
		uint64_t two = key->numbers[DETECT_BURST_MAX + i / 2];

		to->at_ms[i] = (int64_t)key->numbers[i];
		to->what[i] = (uint32_t)(i % 2 ? two : two >> 32);
	}
}

int detect_restore_key(struct detect *d, const struct detect_key *key)
{
	static const size_t numbers[] = { [DETECT_KEY_TOLD] = 2,
		[DETECT_KEY_SEEN] = 1,
		[DETECT_KEY_STEP] = DETECT_KEY_NUMBERS };
	struct map *m;
	uint32_t max;
	void *value;

	if (key->kind > DETECT_KEY_STEP || key->n != numbers[key->kind] ||
		!has_times(key))
		return -1;
	m = map_of(d, key->kind, &max);
	value = map_find(m, &key->key) ? NULL : map_note(m, &key->key);
	if (!value)
		return -1;
	if (key->kind == DETECT_KEY_TOLD)
		*(struct detect_told *)value =
			(struct detect_told){ .since_ms =
						      (int64_t)key->numbers[0],
				.untold = key->numbers[1] };
	else if (key->kind == DETECT_KEY_SEEN)
		((struct detect_first *)value)->seen_ms =
			(int64_t)key->numbers[0];
	else
		write_step(value, key);
	if (key->kind == DETECT_KEY_STEP && map_count(d->steps) == 1)
		detect_look_anew(d);
	memcpy(value, &(uint64_t){ ++d->change }, sizeof(uint64_t));
	return 0;
}

/* --- the latest alerts ------------------------------------------------------
 */

static struct bytes text_of(const char *p, size_t len)
{
	return (struct bytes){ len ? p : NULL, len };
}

static void read_told(
	struct detect_alert_told *to, const struct detect_recent *from)
{
	*to = (struct detect_alert_told){ .host = text_of(
						  from->host, from->host_len),
		.name = text_of(from->name, from->name_len),
		.exe = text_of(from->exe, from->exe_len),
		.why = text_of(from->why, from->why_len),
		.severity = from->severity,
		.time_ms = from->time_ms,
		.serial = from->serial,
		.ses = from->ses,
		.auid = from->auid,
		.session = from->session,
		.guid = from->guid,
		.change = from->change };
}

bool detect_told_at(
	const struct detect *d, size_t i, struct detect_alert_told *alert)
{
	size_t first = d->n_recent > DETECT_RECENT_MAX
			       ? d->n_recent - DETECT_RECENT_MAX
			       : 0;

	if (i >= d->n_recent - first)
		return false;
	read_told(alert, &d->recent[(first + i) % DETECT_RECENT_MAX]);
	return true;
}

bool detect_told_changed(const struct detect *d, uint64_t after, uint32_t *at,
	uint32_t *row, struct detect_alert_told *alert)
{
	while (*at < DETECT_RECENT_MAX && *at < d->n_recent) {
		const struct detect_recent *one = &d->recent[(*at)++];

		if (one->change <= after)
			continue;
		*row = *at;
		read_told(alert, one);
		return true;
	}
	return false;
}

int detect_restore_told(struct detect *d, const struct detect_alert_told *alert)
{
	if (!alert->name.len || alert->name.len > DETECT_NAME_LEN ||
		alert->severity > ALERT_HIGH || alert->time_ms < 0)
		return -1;
	detect_remember(d, alert, alert->host.p ? detect_text(alert->host) : 0);
	return 0;
}
