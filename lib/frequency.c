// SPDX-License-Identifier: GPL-3.0-or-later
#include "frequency.h"

#include <stdlib.h>

#include "baseline.h"
#include "event.h"
#include "map.h"
#include "quota.h"

#define HOUR_MS 3600000
/* Commands that left the window are let go a few at a time. */
#define SWEEP 2

struct command {
	uint64_t birth; /* tells it from an earlier one of the same text */
	/* The host that ran it first, which on a live host is the only one. */
	uint64_t home; /* hash of its node */
	struct window at_home;
	struct window sittings;
	uint64_t sitters; /* of the newest slice: a bit for a user */
};

/* A command on another host. */
struct on_host {
	uint64_t birth; /* the command's */
	struct window count;
};

struct host_key {
	unsigned char command[FREQUENCY_KEY_LEN];
	uint64_t node; /* hash */
};

/* All of a command's other hosts. */
struct abroad {
	struct window count;
	struct window hosts; /* each in the slice it was seen last */
};

struct frequency {
	struct frequency_conf cf;
	struct quota *commands; /* by digest */
	struct quota *on_hosts; /* by struct host_key */
	struct map *abroad; /* by digest: commands with other hosts */
	const struct baseline *baseline; /* NULL: there is none */
	uint64_t births;
};

double frequency_points(enum frequency_formula formula, uint64_t in_workspace,
	uint64_t on_host, uint64_t hosts)
{
	double other = (double)(formula == FREQUENCY_BLOG ? on_host : hosts);

	return (1.0 / (double)in_workspace + 1.0 / other) / 2;
}

double frequency_steady(enum frequency_formula formula, uint64_t sittings,
	uint64_t elsewhere, uint64_t hosts)
{
	return frequency_points(formula, sittings + elsewhere, sittings, hosts);
}

uint64_t frequency_slice_ms(uint32_t window_h)
{
	return (uint64_t)window_h * HOUR_MS / (WINDOW_SLICES - 1);
}

uint32_t frequency_slice(uint32_t window_h, int64_t time_ms)
{
	uint64_t slice =
		time_ms < 0 ? 0
			    : (uint64_t)time_ms / frequency_slice_ms(window_h);

	return slice < UINT32_MAX ? (uint32_t)slice : UINT32_MAX;
}

/* Not secret, so that it is the same in every run. Who could choose his node
 * or uid to meet another's would share his counts, and gain nothing. */
static uint64_t identity(const void *p, size_t n)
{
	static const uint64_t seed[2];

	return map_siphash(seed, p, n);
}

static uint64_t node_of(const struct event *ev)
{
	return identity(ev->node.p ? ev->node.p : "", ev->node.len);
}

uint64_t frequency_user(const struct event *ev)
{
	struct {
		uint64_t node;
		uint32_t auid, uid;
	} who = { .node = node_of(ev), .auid = EVENT_UNSET };
	uint64_t id;

	if (ev->auid.has && ev->auid.id != EVENT_UNSET)
		who.auid = ev->auid.id;
	else
		who.uid = ev->uid.has ? ev->uid.id : EVENT_UNSET;
	id = identity(&who, sizeof(who));
	return id ? id : 1;
}

static void on_command_gone(void *arg, const void *key, const void *value)
{
	struct frequency *fr = arg;

	(void)value;
	map_drop(fr->abroad, key);
}

/* The command's on_hosts that are left over find another birth. */
static void forget(struct frequency *fr, const void *key)
{
	map_drop(fr->abroad, key);
	quota_drop(fr->commands, key);
}

static bool is_of(const struct on_host *h, const struct command *c)
{
	return c && h->birth == c->birth;
}

static void on_host_gone(void *arg, const void *key, const void *value)
{
	const struct on_host *h = value;
	struct frequency *fr = arg;
	struct abroad *abroad = map_find(fr->abroad, key);

	if (!abroad || !is_of(h, quota_find(fr->commands, key)))
		return;
	window_take(&abroad->hosts, h->count.at, 1);
	window_unmerge(&abroad->count, &h->count);
}

struct frequency *frequency_new(const struct frequency_conf *cf)
{
	struct frequency *fr = calloc(1, sizeof(*fr));
	struct quota_conf commands = { .key_len = FREQUENCY_KEY_LEN,
		.value_len = sizeof(struct command),
		.max = cf->commands_max,
		.seed = { cf->seed[0], cf->seed[1] },
		.gone = on_command_gone,
		.arg = fr };
	struct quota_conf on_hosts = commands;
	struct map_conf abroad = { .key_len = FREQUENCY_KEY_LEN,
		.value_len = sizeof(struct abroad),
		.max = cf->commands_max,
		.seed = { cf->seed[0], cf->seed[1] } };

	if (!fr)
		return NULL;
	/* A command that is not seen on several hosts needs none of these; one
	 * that is needs several. */
	on_hosts.max = cf->commands_max > UINT32_MAX / 8 ? cf->commands_max
							 : cf->commands_max * 4;
	on_hosts.key_len = sizeof(struct host_key);
	on_hosts.value_len = sizeof(struct on_host);
	on_hosts.gone = on_host_gone;
	fr->cf = *cf;
	fr->commands = quota_new(&commands);
	fr->on_hosts = quota_new(&on_hosts);
	fr->abroad = map_new(&abroad);
	if (fr->commands && fr->on_hosts && fr->abroad)
		return fr;
	frequency_free(fr);
	return NULL;
}

void frequency_free(struct frequency *fr)
{
	if (!fr)
		return;
	quota_free(fr->commands);
	quota_free(fr->on_hosts);
	map_free(fr->abroad);
	free(fr);
}

void frequency_baseline(struct frequency *fr, const struct baseline *b)
{
	fr->baseline = b;
}

static bool is_first_of_its_kind(const struct event *ev, size_t i)
{
	for (size_t j = 0; j < i; j++)
		if (ev->layers[j].depth == 1 &&
			!memcmp(ev->layers[j].sha256, ev->layers[i].sha256,
				sizeof(ev->layers[i].sha256)))
			return false;
	return true;
}

/* A sighting. */
struct seen {
	uint64_t user, node;
	uint32_t at; /* slice */
};

static struct command *command_of(
	struct frequency *fr, const void *digest, const struct seen *s)
{
	struct command *c = quota_note(fr->commands, digest, s->user);

	if (c && !c->birth) {
		c->birth = ++fr->births;
		c->home = s->node;
	}
	return c;
}

/* Two users in 64 share a bit by chance: then their sittings are one, which
 * leaves the command the rarer. */
static void sit(struct command *c, const void *digest, const struct seen *s)
{
	uint32_t newest = c->sittings.at;
	bool is_late = s->at < newest && newest - s->at < WINDOW_SLICES;
	uint64_t mixed, bit;

	memcpy(&mixed, digest, sizeof(mixed));
	mixed = (mixed ^ s->user) * 0x9e3779b97f4a7c15ULL;
	bit = (uint64_t)1 << (mixed >> 58);
	if (s->at != newest && !is_late)
		c->sitters = 0;
	if (c->sitters & bit)
		return;
	c->sitters |= bit;
	window_add(&c->sittings, is_late ? newest : s->at, 1);
}

/* Counts it on a host that was not the first; the count there, 0: no memory. */
static uint64_t count_abroad(struct frequency *fr, const struct command *c,
	const void *digest, const struct seen *s)
{
	struct host_key key = { .node = s->node };
	struct abroad *abroad;
	struct on_host *h;

	memcpy(key.command, digest, sizeof(key.command));
	h = quota_note(fr->on_hosts, &key, s->user);
	abroad = h ? map_note(fr->abroad, digest) : NULL;
	if (!abroad)
		return 0;
	if (is_of(h, c))
		window_take(&abroad->hosts, h->count.at, 1);
	else
		*h = (struct on_host){ .birth = c->birth };
	window_add(&h->count, s->at, 1);
	window_add(&abroad->count, s->at, 1);
	window_add(&abroad->hosts, h->count.at, 1);
	return window_sum(&h->count, s->at);
}

/* elsewhere: sightings on hosts that are not in the input. */
static void judge(struct event_frequency *to, struct event_frequency now,
	uint64_t elsewhere, enum frequency_formula formula)
{
	double steady = to->steady;

	now.points = frequency_points(
		formula, now.in_workspace, now.on_host, now.hosts);
	now.steady =
		frequency_steady(formula, now.sittings, elsewhere, now.hosts);
	if (now.steady > steady)
		steady = now.steady;
	if (!to->has || now.points > to->points)
		*to = now;
	to->steady = steady;
}

static uint64_t at_least_1(uint64_t n)
{
	return n ? n : 1;
}

static void note(struct frequency *fr, struct event *ev, const void *digest,
	enum frequency_formula formula)
{
	struct seen s = { .user = frequency_user(ev),
		.node = node_of(ev),
		.at = frequency_slice(fr->cf.window_h, ev->time_ms) };
	struct event_frequency now = { .has = true };
	struct command *c = command_of(fr, digest, &s);
	const struct baseline_row *others =
		fr->baseline ? baseline_get(fr->baseline, digest) : NULL;
	struct abroad *abroad;
	uint64_t home;

	if (!c)
		return;
	sit(c, digest, &s);
	if (c->home == s.node)
		window_add(&c->at_home, s.at, 1);
	else
		now.on_host = count_abroad(fr, c, digest, &s);
	if (c->home != s.node && !now.on_host)
		return;
	home = window_sum(&c->at_home, s.at);
	abroad = map_find(fr->abroad, digest);
	if (c->home == s.node)
		now.on_host = home;
	now.in_workspace = home;
	now.hosts = home > 0;
	if (abroad) {
		now.in_workspace += window_sum(&abroad->count, s.at);
		now.hosts += window_sum(&abroad->hosts, s.at);
	}
	now.hosts = at_least_1(now.hosts);
	if (others) {
		now.in_workspace += others->count;
		now.hosts += others->hosts;
	}
	now.sittings = at_least_1(window_sum(&c->sittings, s.at));
	judge(&ev->frequency, now, others ? others->count : 0, formula);
}

/* Lets go of what left the window; a clock that is wrong once costs little. */
static void sweep(struct frequency *fr, uint32_t at)
{
	for (int i = 0; i < SWEEP; i++) {
		const void *key;
		const struct command *c = quota_oldest(fr->commands, &key);
		unsigned char digest[FREQUENCY_KEY_LEN];

		if (!c || at < WINDOW_SLICES ||
			c->sittings.at > at - WINDOW_SLICES)
			return;
		memcpy(digest, key, sizeof(digest));
		forget(fr, digest);
	}
}

void frequency_run(
	struct frequency *fr, struct event *ev, enum frequency_formula formula)
{
	if (ev->n_layers)
		sweep(fr, frequency_slice(fr->cf.window_h, ev->time_ms));
	for (size_t i = 0; i < ev->n_layers; i++)
		if (ev->layers[i].depth == 1 && is_first_of_its_kind(ev, i))
			note(fr, ev, ev->layers[i].sha256, formula);
}

uint64_t frequency_evicted(const struct frequency *fr)
{
	return quota_evicted(fr->commands);
}

static struct quota *table_of(
	const struct frequency *fr, enum frequency_table table)
{
	return table == FREQUENCY_COMMANDS ? fr->commands : fr->on_hosts;
}

uint64_t frequency_change(
	const struct frequency *fr, enum frequency_table table)
{
	return quota_change(table_of(fr, table));
}

static void fill_command(struct frequency_row *row, const struct command *c)
{
	row->birth = c->birth;
	row->node = c->home;
	row->count = c->at_home;
	row->sittings = c->sittings;
	row->sitters = c->sitters;
}

static void fill_host(struct frequency_row *row, const struct host_key *key,
	const struct on_host *h, const struct command *c)
{
	row->birth = h->birth;
	row->node = key->node;
	row->count = h->count;
	row->is_gone = !is_of(h, c);
}

bool frequency_next(const struct frequency *fr, enum frequency_table table,
	uint64_t after, uint32_t *at, struct frequency_row *row)
{
	struct quota_entry e;

	if (!quota_next(table_of(fr, table), after, at, &e))
		return false;
	*row = (struct frequency_row){ .number = e.number, .is_gone = !e.key };
	if (row->is_gone)
		return true;
	row->slice_ms = frequency_slice_ms(fr->cf.window_h);
	row->owner = e.owner;
	row->other = e.other;
	row->change = e.change;
	memcpy(row->command, e.key, sizeof(row->command));
	if (table == FREQUENCY_COMMANDS)
		fill_command(row, e.value);
	else
		fill_host(row, e.key, e.value,
			quota_find(fr->commands, row->command));
	return true;
}

/* The same counts in slices of another length. */
static void recut(struct window *w, uint64_t from_ms, uint64_t to_ms)
{
	struct window was = *w;

	if (from_ms == to_ms)
		return;
	*w = (struct window){ 0 };
	for (uint32_t i = WINDOW_SLICES; i-- > 0;) {
		uint32_t n = was.n[(was.at - i) % WINDOW_SLICES];
		uint64_t at = (was.at - i) * from_ms / to_ms;

		if (i <= was.at && n)
			window_add(w,
				at < UINT32_MAX ? (uint32_t)at : UINT32_MAX, n);
	}
}

static int restore_command(
	struct frequency *fr, const struct frequency_row *row, uint64_t to_ms)
{
	struct seen s = { .user = row->owner, .node = row->node };
	struct command *c;

	if (quota_find(fr->commands, row->command))
		return -1;
	c = command_of(fr, row->command, &s);
	if (!c)
		return -1;
	c->birth = row->birth;
	if (c->birth > fr->births)
		fr->births = c->birth;
	c->at_home = row->count;
	c->sittings = row->sittings;
	c->sitters = row->slice_ms == to_ms ? row->sitters : 0;
	recut(&c->at_home, row->slice_ms, to_ms);
	recut(&c->sittings, row->slice_ms, to_ms);
	quota_set_other(fr->commands, row->command, row->other);
	return 0;
}

static int restore_host(
	struct frequency *fr, const struct frequency_row *row, uint64_t to_ms)
{
	struct command *c = quota_find(fr->commands, row->command);
	struct host_key key = { .node = row->node };
	struct window hosts = { 0 };
	struct abroad *abroad;
	struct on_host *h;

	memcpy(key.command, row->command, sizeof(key.command));
	/* Left over from an earlier command of the same text. */
	if (!c || c->birth != row->birth)
		return 0;
	if (c->home == row->node || quota_find(fr->on_hosts, &key))
		return -1;
	h = quota_note(fr->on_hosts, &key, row->owner);
	abroad = h ? map_note(fr->abroad, row->command) : NULL;
	if (!abroad)
		return -1;
	*h = (struct on_host){ .birth = c->birth, .count = row->count };
	recut(&h->count, row->slice_ms, to_ms);
	hosts.at = h->count.at;
	window_merge(&abroad->count, &h->count);
	hosts.n[h->count.at % WINDOW_SLICES] = 1;
	window_merge(&abroad->hosts, &hosts);
	quota_set_other(fr->on_hosts, &key, row->other);
	return 0;
}

int frequency_restore(struct frequency *fr, enum frequency_table table,
	const struct frequency_row *row)
{
	uint64_t to_ms = frequency_slice_ms(fr->cf.window_h);

	if (row->is_gone || !row->owner || !row->birth || !row->slice_ms ||
		row->slice_ms > UINT32_MAX)
		return -1;
	return table == FREQUENCY_COMMANDS ? restore_command(fr, row, to_ms)
					   : restore_host(fr, row, to_ms);
}
