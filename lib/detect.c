// SPDX-License-Identifier: GPL-3.0-or-later
#include "detect.h"

#include <stdlib.h>

#include "detect_state.h"
#include "invocation.h"

#define MINUTE_MS 60000
/* Bytes of a reason, and of what it quotes. */
#define WHY_MAX   1024
#define QUOTE_MAX 256
/* A field of a message, and a path with its folder. */
#define TEXT_MAX 16384

static struct map *table_new(
	const struct detect_conf *cf, size_t key, size_t value, uint32_t max)
{
	struct map_conf map = { .key_len = key,
		.value_len = value,
		.max = max,
		.seed = { cf->seed[0], cf->seed[1] } };

	return map_new(&map);
}

struct detect *detect_new(const struct detect_conf *cf)
{
	struct detect *d = calloc(1, sizeof(*d));

	if (!d)
		return NULL;
	d->cf = *cf;
	str_init(&d->path, TEXT_MAX);
	str_init(&d->text, TEXT_MAX);
	d->told = table_new(cf, sizeof(uint64_t), sizeof(struct detect_told),
		DETECT_TOLD_MAX);
	d->seen = table_new(cf, sizeof(uint64_t), sizeof(struct detect_first),
		DETECT_SEEN_MAX);
	d->steps = table_new(cf, sizeof(uint64_t), sizeof(struct detect_step),
		DETECT_STATE_MAX);
	if (d->told && d->seen && d->steps)
		return d;
	detect_free(d);
	return NULL;
}

void detect_free(struct detect *d)
{
	if (!d)
		return;
	map_free(d->told);
	map_free(d->seen);
	map_free(d->steps);
	str_fini(&d->path);
	str_fini(&d->text);
	free(d);
}

void detect_look_anew(struct detect *d)
{
	for (size_t i = 0; i < DETECT_ROWS_MAX; i++)
		for (size_t k = 0; k < DETECT_STEPS_MAX; k++)
			d->reached_ms[i][k] = INT64_MAX / 2;
}

/* Steps are found by the names of their rows: those of rows that are no more
 * go by themselves. */
void detect_reload(struct detect *d)
{
	memset(d->told_now, 0, sizeof(d->told_now));
	memset(d->at_event, 0, sizeof(d->at_event));
	d->event = 0;
	/* Which row has which number is another matter now. */
	if (map_count(d->steps))
		detect_look_anew(d);
}

static const uint64_t fixed_seed[2] = { 0, 0 };

/* splitmix64's last steps: what is mixed are hashes and numbers that nobody
 * chooses. */
uint64_t detect_mix(uint64_t a, uint64_t b)
{
	uint64_t x = (a << 23 | a >> 41) + b * UINT64_C(0x9e3779b97f4a7c15);

	x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
	return x ^ x >> 31;
}

uint64_t detect_text(struct bytes b)
{
	return map_siphash(fixed_seed, b.p ? b.p : "", b.len);
}

uint64_t detect_node(struct detect_at *at)
{
	if (!at->has_node)
		at->node = at->ev->node.p ? detect_text(at->ev->node) : 0;
	at->has_node = true;
	return at->node;
}

/* --- telling ----------------------------------------------------------------
 */

/* The reason, each {FIELD} of it by its value. */
static struct bytes why_of(struct detect_at *at, struct bytes why)
{
	struct bytes none = { NULL, 0 }, told;
	struct str text;
	size_t i = 0;

	str_init(&text, WHY_MAX);
	while (i < why.len) {
		const char *end = why.p[i] == '{'
					  ? memchr(why.p + i, '}', why.len - i)
					  : NULL;
		struct bytes name = { why.p + i + 1, 0 }, value;

		if (!end) {
			str_addc(&text, why.p[i++]);
			continue;
		}
		name.len = (size_t)(end - name.p);
		value = detect_value(
			at->d, at->ev, detect_field_of(name), none, 0);
		if (value.len > QUOTE_MAX)
			value.len = QUOTE_MAX;
		str_addb(&text, value.p ? value : BYTES("?"));
		i = (size_t)(end + 1 - why.p);
	}
	told = event_copy(at->ev, str_bytes(&text));
	str_fini(&text);
	return told;
}

static void keep_text(char *to, unsigned char *len, size_t max, struct bytes b)
{
	*len = (unsigned char)(b.len < max ? b.len : max);
	if (*len)
		memcpy(to, b.p, *len);
}

void detect_remember(
	struct detect *d, const struct detect_alert_told *a, uint64_t node)
{
	struct detect_recent *to =
		&d->recent[d->n_recent++ % DETECT_RECENT_MAX];

	*to = (struct detect_recent){ .change = ++d->change,
		.node = node,
		.session = a->session,
		.guid = a->guid,
		.time_ms = a->time_ms,
		.severity = a->severity,
		.serial = a->serial,
		.ses = a->ses,
		.auid = a->auid };
	keep_text(to->name, &to->name_len, sizeof(to->name), a->name);
	keep_text(to->host, &to->host_len, sizeof(to->host), a->host);
	keep_text(to->exe, &to->exe_len, sizeof(to->exe), a->exe);
	keep_text(to->why, &to->why_len, sizeof(to->why), a->why);
}

static void remember(
	struct detect_at *at, const struct detect_alert *a, struct bytes why)
{
	const struct event *ev = at->ev;
	struct detect_alert_told told = { .host = ev->node,
		.name = a->name,
		.exe = ev->exe,
		.why = why,
		.severity = a->severity,
		.time_ms = ev->time_ms,
		.serial = ev->serial,
		.ses = ev->has_ses ? ev->ses : EVENT_UNSET,
		.auid = ev->auid.has ? ev->auid.id : EVENT_UNSET,
		.session = ev->session.number,
		.guid = ev->lineage.has ? ev->lineage.guid : 0 };

	detect_remember(at->d, &told, detect_node(at));
}

static void tell(
	struct detect_at *at, const struct detect_alert *a, uint64_t untold)
{
	struct bytes why = why_of(at, a->why);
	struct event *ev = at->ev;
	struct event_fired *to;

	remember(at, a, why);
	if (!ev->fired)
		ev->fired =
			event_alloc(ev, DETECT_FIRED_MAX * sizeof(*ev->fired));
	if (!ev->fired || ev->n_fired == DETECT_FIRED_MAX) {
		at->d->suppressed++;
		return;
	}
	to = &ev->fired[ev->n_fired++];
	*to = (struct event_fired){ .name = event_copy(ev, a->name),
		.severity = a->severity,
		.why = why,
		.suppressed = untold };
	for (size_t i = 0; i < a->n_attack; i++)
		to->attack[to->n_attack++] = event_copy(ev, a->attack[i]);
}

/* Whether this minute has had as many of the row as it may. */
static bool is_flood(struct detect *d, uint32_t alert, int64_t time_ms)
{
	int64_t minute = time_ms / MINUTE_MS;

	if (minute != d->minute)
		memset(d->told_now, 0, sizeof(d->told_now));
	d->minute = minute;
	return d->told_now[alert] == DETECT_MINUTE_MAX;
}

void detect_fire(struct detect_at *at, uint32_t alert, uint64_t about)
{
	const struct detect_alert *a = &at->r->alerts[alert];
	struct detect *d = at->d;
	int64_t now_ms = at->ev->time_ms, age_ms;
	uint64_t key = detect_mix(detect_mix(detect_node(at), a->hash), about);
	struct detect_told *told = map_touch(d->told, &key);
	uint64_t untold = 0;

	age_ms = told ? now_ms - told->since_ms : INT64_MAX;
	if (told && age_ms < a->every_ms && age_ms > -a->every_ms) {
		told->untold++;
		told->change = ++d->change;
		d->suppressed++;
		return;
	}
	if (is_flood(d, alert, now_ms)) {
		d->suppressed++;
		return;
	}
	if (!told)
		told = map_note(d->told, &key);
	if (told) {
		untold = told->untold;
		*told = (struct detect_told){ .change = ++d->change,
			.since_ms = now_ms };
	}
	d->told_now[alert]++;
	tell(at, a, untold);
}

/* --- finding ----------------------------------------------------------------
 */

static uint64_t about_exec(const struct event *ev)
{
	uint64_t h = detect_text(ev->exe);

	if (ev->args.p)
		return detect_mix(h, detect_text(ev->args));
	for (size_t i = 0; i < ev->argc; i++)
		h = detect_mix(h, detect_text(ev->argv[i]));
	return h;
}

/* All that another alert of the row would say of who did what. */
static uint64_t about(const struct event *ev)
{
	const struct event_message *m = &ev->message;
	uint64_t h = about_exec(ev);

	h = detect_mix(h, ev->auid.has ? ev->auid.id : EVENT_UNSET);
	h = detect_mix(h, ev->uid.has ? ev->uid.id : EVENT_UNSET);
	if (ev->kind == EVENT_MESSAGE) {
		h = detect_mix(h, detect_text(m->type_name));
		h = detect_mix(h, detect_text(m->acct));
		h = detect_mix(h, m->has_id ? m->id : EVENT_UNSET);
		h = detect_mix(h, detect_text(m->group));
		h = detect_mix(h, detect_text(m->addr));
	} else if (ev->kind == EVENT_NETWORK) {
		h = detect_mix(h, detect_text(ev->network.address));
	} else if (ev->kind == EVENT_CALL) {
		for (size_t i = 0; i < ev->n_paths; i++)
			h = detect_mix(h, detect_text(ev->paths[i].name));
	}
	return h;
}

/* Whether the value was never there; from now on it was. */
static bool is_fresh(struct detect_at *at, const struct detect_row *row)
{
	struct bytes none = { NULL, 0 };
	struct bytes value = detect_value(at->d, at->ev, row->fresh, none, 0);
	struct detect_first *first;
	uint64_t key;
	bool is_new;

	if (!value.p)
		return false;
	key = detect_mix(detect_mix(detect_node(at), detect_text(row->name)),
		detect_text(value));
	first = map_touch(at->d->seen, &key);
	is_new = !first;
	if (!first)
		first = map_note(at->d->seen, &key);
	if (first)
		*first = (struct detect_first){ ++at->d->change,
			at->ev->time_ms };
	return is_new;
}

static void try_row(struct detect_at *at, uint32_t i)
{
	const struct detect_row *row = &at->r->rows[i];
	struct detect *d = at->d;

	if (d->at_event[i] == d->event)
		return;
	d->at_event[i] = d->event;
	if (row->is_mark && !detect_is_due(at, row))
		return;
	for (uint32_t k = row->first; k < row->first + row->n; k++)
		if (!detect_test_holds(d, at->ev, at->r, &at->r->tests[k]))
			return;
	if (row->is_mark)
		detect_mark(at, row);
	else if (row->fresh == DETECT_N_FIELDS || is_fresh(at, row))
		detect_fire(at, row->alert, about(at->ev));
}

static void try_word(struct detect_at *at, enum detect_on on, uint32_t field,
	struct bytes word)
{
	const struct detect_rules *r = at->r;
	uint32_t i = r->index[detect_slot(on, field, detect_hash(word))];

	for (; i != DETECT_NONE; i = r->entries[i].next)
		if (r->rows[r->entries[i].row].on == on)
			try_row(at, r->entries[i].row);
}

/* The rows that a word of that field finds. */
static void try_field(
	struct detect_at *at, enum detect_on on, enum detect_field field)
{
	struct bytes none = { NULL, 0 }, word, before = none;

	if (!(at->r->found_by[on] >> field & 1))
		return;
	for (size_t i = 0;; i++, before = word) {
		word = detect_value(at->d, at->ev, field, none, i);
		if (!word.p && (i || field != DETECT_FIELD_name))
			return;
		if (word.p && !bytes_equal(word, before))
			try_word(at, on, field, word);
	}
}

/* The rows that the first and last bytes of the program's path find. */
static void try_edges(struct detect_at *at, enum detect_on on)
{
	struct bytes exe = at->ev->exe;

	if (exe.len < DETECT_EDGE)
		return;
	if (at->r->found_by[on] >> DETECT_BY_START & 1)
		try_word(at, on, DETECT_BY_START,
			(struct bytes){ exe.p, DETECT_EDGE });
	if (at->r->found_by[on] >> DETECT_BY_END & 1)
		try_word(at, on, DETECT_BY_END,
			(struct bytes){
				exe.p + exe.len - DETECT_EDGE, DETECT_EDGE });
}

void detect_run(
	struct detect *d, struct event *ev, const struct detect_rules *r)
{
	static const enum detect_on kinds[] = { [EVENT_EXEC] = DETECT_EXEC,
		[EVENT_MESSAGE] = DETECT_MESSAGE,
		[EVENT_NETWORK] = DETECT_NETWORK,
		[EVENT_CALL] = DETECT_CALL };
	struct detect_at at = { .d = d, .r = r, .ev = ev };
	enum detect_on on = kinds[ev->kind];
	uint32_t i;

	/* Programs are looked for in many places before they are found. */
	if (ev->is_detected ||
		(on == DETECT_EXEC && ev->has_success && !ev->success))
		return;
	ev->is_detected = true;
	d->event++;
	try_field(&at, on, DETECT_FIELD_name);
	try_field(&at, on, DETECT_FIELD_category);
	try_field(&at, on, DETECT_FIELD_type);
	try_field(&at, on, DETECT_FIELD_evt);
	try_edges(&at, on);
	for (i = r->others[on]; i != DETECT_NONE; i = r->entries[i].next)
		try_row(&at, r->entries[i].row);
	str_shrink(&d->text, TEXT_MAX);
	str_shrink(&d->path, TEXT_MAX);
}

uint64_t detect_suppressed(const struct detect *d)
{
	return d->suppressed;
}

uint64_t detect_evicted(const struct detect *d)
{
	return map_evicted(d->told) + map_evicted(d->seen) +
	       map_evicted(d->steps);
}
