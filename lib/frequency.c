// SPDX-License-Identifier: GPL-3.0-or-later
#include "frequency.h"

#include <stdbool.h>
#include <stdlib.h>

#include "event.h"
#include "map.h"

/* Half a SHA-256 is as unique as a table of thousands needs. */
#define KEY_LEN 16

struct command {
	uint64_t count, hosts;
	/* The host that ran it first, which on a live host is the only one. */
	uint64_t home; /* hash of its node */
	uint64_t at_home;
};

struct on_host {
	uint64_t count;
};

struct host_key {
	unsigned char command[KEY_LEN];
	uint64_t node; /* hash */
};

struct frequency {
	struct frequency_conf cf;
	struct map *commands; /* by digest */
	struct map *on_hosts; /* by digest and node: the other hosts */
};

double frequency_points(enum frequency_formula formula, uint64_t in_workspace,
	uint64_t on_host, uint64_t hosts)
{
	double other = (double)(formula == FREQUENCY_BLOG ? on_host : hosts);

	return (1.0 / (double)in_workspace + 1.0 / other) / 2;
}

struct frequency *frequency_new(const struct frequency_conf *cf)
{
	struct frequency *fr = calloc(1, sizeof(*fr));
	struct map_conf commands = { .key_len = KEY_LEN,
		.value_len = sizeof(struct command),
		.max = cf->commands_max,
		.seed = { cf->seed[0], cf->seed[1] } };
	struct map_conf on_hosts = commands;

	if (!fr)
		return NULL;
	/* A command that is not seen on several hosts needs none of these; one
	 * that is needs several. */
	on_hosts.max = cf->commands_max > UINT32_MAX / 8 ? cf->commands_max
							 : cf->commands_max * 4;
	on_hosts.key_len = sizeof(struct host_key);
	on_hosts.value_len = sizeof(struct on_host);
	fr->cf = *cf;
	fr->commands = map_new(&commands);
	fr->on_hosts = map_new(&on_hosts);
	if (!fr->commands || !fr->on_hosts) {
		frequency_free(fr);
		return NULL;
	}
	return fr;
}

void frequency_free(struct frequency *fr)
{
	if (!fr)
		return;
	map_free(fr->commands);
	map_free(fr->on_hosts);
	free(fr);
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

/* The command's count on the host that key names; NULL: out of memory. */
static uint64_t *count_on(struct frequency *fr, struct command *command,
	const struct host_key *key)
{
	struct on_host *other;

	if (!command->count)
		command->home = key->node;
	if (command->home == key->node)
		return &command->at_home;
	other = map_note(fr->on_hosts, key);
	return other ? &other->count : NULL;
}

static void note(struct frequency *fr, struct event *ev,
	const struct event_layer *layer, enum frequency_formula formula)
{
	struct host_key key = { .node = map_siphash(fr->cf.seed,
					ev->node.p ? ev->node.p : "",
					ev->node.len) };
	struct event_frequency *to = &ev->frequency;
	struct command *command;
	uint64_t *here;
	double points;

	memcpy(key.command, layer->sha256, KEY_LEN);
	command = map_note(fr->commands, key.command);
	here = command ? count_on(fr, command, &key) : NULL;
	if (!here)
		return;
	command->count++;
	command->hosts += ++*here == 1;
	/* The table of the others may remember what was forgotten here. */
	if (*here > command->count)
		*here = command->count;
	if (command->hosts < 1)
		command->hosts = 1;
	points = frequency_points(
		formula, command->count, *here, command->hosts);
	if (to->has && points <= to->points)
		return;
	*to = (struct event_frequency){ .has = true,
		.on_host = *here,
		.in_workspace = command->count,
		.hosts = command->hosts,
		.points = points };
}

void frequency_run(
	struct frequency *fr, struct event *ev, enum frequency_formula formula)
{
	for (size_t i = 0; i < ev->n_layers; i++)
		if (ev->layers[i].depth == 1 && is_first_of_its_kind(ev, i))
			note(fr, ev, &ev->layers[i], formula);
}

uint64_t frequency_evicted(const struct frequency *fr)
{
	return map_evicted(fr->commands);
}
