// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * A slot is open from the first event on; after its line it stays taken until
 * that is safe. All windows have one length, so the oldest ends first.
 */
#include "repeat.h"

#include <stdlib.h>
#include <string.h>

#include "event.h"
#include "frequency.h"
#include "map.h"
#include "quota.h"
#include "repeat_page.h"

/* Beside each slot of the page; index 0 of the lists is their end. */
struct seat {
	int64_t end_ms;
	uint64_t key[2];
	uint32_t older, younger; /* by window, slot + 1 */
	bool is_judged; /* kept: the line can be told */
};

struct repeat {
	struct repeat_conf cf;
	struct repeat_page *page;
	struct quota *table; /* key to the number of a slot */
	struct seat seats[REPEAT_MAX];
	uint32_t oldest, youngest; /* slot + 1 */
	uint32_t free[REPEAT_MAX]; /* n_free of them */
	uint32_t n_free;
	uint32_t told[REPEAT_MAX]; /* n_told of them */
	uint32_t n_told;
	uint64_t open, evicted;
	struct repeat_slot *fresh; /* the first of a command, to be kept */
};

static void set_state(struct repeat_slot *slot, enum repeat_state state)
{
	atomic_store_explicit(&slot->state, state, memory_order_release);
}

static enum repeat_state state_of(const struct repeat_slot *slot)
{
	return atomic_load_explicit(&slot->state, memory_order_acquire);
}

static uint32_t index_of(const struct repeat *r, const struct repeat_slot *s)
{
	return (uint32_t)(s - r->page->slots);
}

static void link_youngest(struct repeat *r, uint32_t i)
{
	struct seat *seat = &r->seats[i];

	seat->older = r->youngest;
	seat->younger = 0;
	if (r->youngest)
		r->seats[r->youngest - 1].younger = i + 1;
	else
		r->oldest = i + 1;
	r->youngest = i + 1;
}

static void unlink_seat(struct repeat *r, uint32_t i)
{
	const struct seat *seat = &r->seats[i];

	if (seat->older)
		r->seats[seat->older - 1].younger = seat->younger;
	else
		r->oldest = seat->younger;
	if (seat->younger)
		r->seats[seat->younger - 1].older = seat->older;
	else
		r->youngest = seat->older;
}

static void release(struct repeat *r, uint32_t i)
{
	set_state(&r->page->slots[i], REPEAT_FREE);
	r->free[r->n_free++] = i;
}

/* Ends a slot's window: its line is told, if there is anything to tell. */
static void finish(struct repeat *r, uint32_t i)
{
	struct repeat_slot *slot = &r->page->slots[i];
	uint64_t n = repeat_slot_tally(slot)->n;

	unlink_seat(r, i);
	if (r->fresh == slot)
		r->fresh = NULL;
	if (!n) {
		release(r, i);
		return;
	}
	/* From here on it may have been told. */
	set_state(slot, REPEAT_TOLD);
	r->open -= n;
	r->told[r->n_told++] = i;
	repeat_slot_tell(slot, r->cf.tell, r->cf.arg, false);
}

static void on_gone(void *arg, const void *key, const void *value)
{
	struct repeat *r = arg;
	uint32_t i;

	(void)key;
	memcpy(&i, value, sizeof(i));
	r->evicted++;
	finish(r, i);
}

struct repeat *repeat_new(const struct repeat_conf *cf)
{
	struct repeat *r = calloc(1, sizeof(*r));
	struct quota_conf quota = { .key_len = sizeof(r->seats[0].key),
		.value_len = sizeof(uint32_t),
		.max = REPEAT_OPEN_MAX,
		.seed = { cf->seed[1], cf->seed[0] },
		.gone = on_gone,
		.arg = r };

	if (!r)
		return NULL;
	r->cf = *cf;
	r->page = cf->page;
	r->table = quota_new(&quota);
	for (uint32_t i = REPEAT_MAX; i-- > 0;)
		if (state_of(&r->page->slots[i]) == REPEAT_FREE)
			r->free[r->n_free++] = i;
	if (r->table)
		return r;
	repeat_free(r);
	return NULL;
}

void repeat_free(struct repeat *r)
{
	if (!r)
		return;
	quota_free(r->table);
	free(r);
}

void repeat_resume(struct repeat *r)
{
	for (uint32_t i = 0; i < REPEAT_MAX; i++) {
		struct repeat_slot *slot = &r->page->slots[i];
		enum repeat_state state = state_of(slot);

		if (state == REPEAT_FREE)
			continue;
		/* Whose bits they are is not known any more. */
		slot->filters = 0;
		set_state(slot, REPEAT_TOLD);
		r->told[r->n_told++] = i;
		repeat_slot_tell(
			slot, r->cf.tell, r->cf.arg, state != REPEAT_OPEN);
	}
}

static uint64_t hash(const struct repeat *r, struct bytes b)
{
	return map_siphash(r->cf.seed, b.p ? b.p : "", b.p ? b.len : 0) ^
	       (b.p != NULL);
}

static uint64_t hash_argv(const struct repeat *r, const struct event *ev)
{
	uint64_t pair[2] = { 0 };

	if (!ev->has_execve)
		return hash(r, ev->proctitle);
	for (size_t i = 0; i < ev->argc; i++) {
		pair[1] = hash(r, ev->argv[i]);
		pair[0] = map_siphash(r->cf.seed, pair, sizeof(pair));
	}
	return pair[0];
}

/* Whom it stems from, but for which process. */
static uint64_t hash_lineage(const struct repeat *r, const struct event *ev)
{
	const struct event_lineage *l = &ev->lineage;
	uint64_t four[4] = { hash(r, l->container) };

	for (size_t i = 0; i < l->n_ancestors; i++) {
		four[1] = hash(r, l->ancestors[i].exe);
		four[2] = hash(r, l->ancestors[i].comm);
		four[3] = i;
		four[0] = map_siphash(r->cf.seed, four, sizeof(four));
	}
	return four[0];
}

static uint64_t id_of(const struct event_user *u)
{
	return u->has ? u->id : UINT64_MAX;
}

/* Of a text that is longer, its hash is compared. */
#define FACT_MAX 256
#define N_FACTS  9

/* What has to be equal, each text behind its length. */
struct facts {
	size_t len;
	char p[N_FACTS * (FACT_MAX + sizeof(uint64_t))];
};

static void add(const struct repeat *r, struct facts *f, struct bytes b)
{
	uint64_t len = b.p ? b.len : UINT64_MAX, sum;

	if (b.p && b.len > FACT_MAX) {
		sum = hash(r, b);
		b = (struct bytes){ (const char *)&sum, sizeof(sum) };
	}
	memcpy(f->p + f->len, &len, sizeof(len));
	f->len += sizeof(len);
	if (b.p && b.len) {
		memcpy(f->p + f->len, b.p, b.len);
		f->len += b.len;
	}
}

static void set_key(const struct repeat *r, struct event *ev)
{
	const uint64_t numbers[] = { ev->argc,
		ev->has_execve && ev->args.p ? 0 : hash_argv(r, ev), ev->arch,
		id_of(&ev->auid), id_of(&ev->uid), id_of(&ev->gid),
		id_of(&ev->euid), ev->has_ses ? ev->ses : UINT64_MAX,
		(uint64_t)ev->exit, ev->lineage.has ? hash_lineage(r, ev) : 0,
		(uint64_t)ev->has_syscall | (uint64_t)ev->has_execve << 1 |
			(uint64_t)ev->has_success << 2 |
			(uint64_t)ev->success << 3 |
			(uint64_t)ev->has_exit << 4 };
	struct facts f;

	f.len = 0;
	add(r, &f, ev->has_execve ? ev->args : (struct bytes){ 0 });
	add(r, &f, ev->node);
	add(r, &f, ev->exe);
	add(r, &f, ev->comm);
	add(r, &f, ev->cwd);
	add(r, &f, ev->tty);
	add(r, &f, ev->key);
	add(r, &f, ev->n_paths ? ev->paths[0].record : (struct bytes){ 0 });
	add(r, &f, bytes_of(ev->syscall_name));
	ev->repeat.key[0] = map_siphash(r->cf.seed, f.p, f.len);
	ev->repeat.key[1] = map_siphash(r->cf.seed, numbers, sizeof(numbers));
	ev->repeat.has_key = true;
}

/* The open slot of what says the same, NULL if there is none. */
static struct repeat_slot *find(
	struct repeat *r, struct event *ev, const struct repeat_rule *rule)
{
	const uint32_t *i;

	repeat_tick(r, rule->now_ms);
	if (!ev->repeat.has_key)
		set_key(r, ev);
	i = quota_find(r->table, ev->repeat.key);
	return i ? &r->page->slots[*i] : NULL;
}

static bool is_countable(const struct event *ev)
{
	return !ev->flaws && !ev->is_dup;
}

bool repeat_knows(
	struct repeat *r, struct event *ev, const struct repeat_rule *rule)
{
	const struct repeat_slot *slot;

	if (!rule->is_on || !is_countable(ev))
		return false;
	slot = find(r, ev, rule);
	if (!slot || !r->seats[index_of(r, slot)].is_judged ||
		slot->total >= rule->below ||
		slot->lens[REPEAT_DECODED] != REPEAT_ABSENT)
		return false;
	ev->score.total = slot->total;
	ev->intel_points = slot->intel_points;
	ev->filters = slot->filters;
	return true;
}

/* Whether the event adds nothing to what the first one's line said. */
static bool is_same(const struct repeat_slot *slot, const struct event *ev,
	uint64_t outputs, const struct repeat_rule *rule)
{
	const struct score_conf *severity = rule->severity;

	return ev->score.total < rule->below &&
	       ev->score.total <= slot->total &&
	       score_severity(ev->score.total, severity) ==
		       score_severity(slot->total, severity) &&
	       ev->intel_points >= slot->intel_points &&
	       ev->intel_points <= slot->intel_points &&
	       ev->filters == slot->filters && outputs == slot->outputs;
}

static uint32_t take_slot(struct repeat *r)
{
	if (!r->n_free)
		repeat_settle(r);
	return r->free[--r->n_free];
}

/* A slot for the first of its kind; NULL: no memory, so it is not noted. */
static void open_slot(struct repeat *r, const struct event *ev,
	uint64_t outputs, const struct repeat_rule *rule)
{
	uint32_t *at = quota_note(r->table, ev->repeat.key, frequency_user(ev));
	struct repeat_slot *slot;
	struct seat *seat;
	uint32_t i;

	if (!at)
		return;
	i = take_slot(r);
	*at = i;
	seat = &r->seats[i];
	*seat = (struct seat){ .end_ms = rule->now_ms + rule->window_ms };
	memcpy(seat->key, ev->repeat.key, sizeof(seat->key));
	link_youngest(r, i);
	slot = &r->page->slots[i];
	memset(slot->tallies, 0, sizeof(slot->tallies));
	slot->time_ms = ev->time_ms;
	slot->serial = ev->serial;
	slot->outputs = outputs;
	slot->filters = ev->filters;
	slot->total = ev->score.total;
	slot->intel_points = ev->intel_points;
	r->fresh = slot;
}

static void drop(struct repeat *r, uint32_t i)
{
	uint64_t key[2];

	memcpy(key, r->seats[i].key, sizeof(key));
	quota_drop(r->table, key);
	finish(r, i);
}

bool repeat_run(struct repeat *r, struct event *ev, uint64_t outputs,
	const struct repeat_rule *rule)
{
	struct repeat_slot *slot;

	ev->repeat.slot = NULL;
	r->fresh = NULL;
	if (!outputs || !is_countable(ev))
		return false;
	slot = find(r, ev, rule);
	if (slot && rule->is_on && r->seats[index_of(r, slot)].is_judged &&
		is_same(slot, ev, outputs, rule)) {
		(void)!quota_note(r->table, ev->repeat.key, frequency_user(ev));
		ev->repeat.slot = slot;
		ev->repeat.owner = r;
		return true;
	}
	if (ev->repeat.is_known)
		return false;
	if (slot && (rule->is_on || ev->score.total > slot->total)) {
		drop(r, index_of(r, slot));
		slot = NULL;
	}
	if (!slot)
		open_slot(r, ev, outputs, rule);
	return false;
}

void repeat_keep(struct repeat *r, const struct event *ev)
{
	struct repeat_slot *slot = r->fresh;

	if (!slot)
		return;
	repeat_slot_fill(slot, ev);
	r->seats[index_of(r, slot)].is_judged = true;
	set_state(slot, REPEAT_OPEN);
	r->fresh = NULL;
}

void repeat_count(const struct event *ev)
{
	struct repeat *r = ev->repeat.owner;
	struct repeat_slot *slot = ev->repeat.slot;
	uint32_t at =
		atomic_load_explicit(&slot->tally_at, memory_order_relaxed);
	const struct repeat_tally *old = &slot->tallies[at & 1];
	struct repeat_tally *next = &slot->tallies[~at & 1];

	next->n = old->n + 1;
	next->pos = ev->input_pos;
	next->last_ms = ev->time_ms;
	next->last_serial = ev->serial;
	atomic_store_explicit(
		&r->page->last, index_of(r, slot), memory_order_release);
	atomic_store_explicit(&slot->tally_at, ~at & 1, memory_order_release);
	r->open++;
}

void repeat_tick(struct repeat *r, int64_t now_ms)
{
	while (r->oldest && r->seats[r->oldest - 1].end_ms <= now_ms)
		drop(r, r->oldest - 1);
}

void repeat_end(struct repeat *r)
{
	while (r->oldest)
		drop(r, r->oldest - 1);
}

void repeat_settle(struct repeat *r)
{
	while (r->n_told)
		release(r, r->told[--r->n_told]);
}

int64_t repeat_due_ms(const struct repeat *r)
{
	return r->open ? r->seats[r->oldest - 1].end_ms : INT64_MAX;
}

uint64_t repeat_open(const struct repeat *r)
{
	return r->open;
}

uint64_t repeat_evicted(const struct repeat *r)
{
	return r->evicted;
}
