// SPDX-License-Identifier: GPL-3.0-or-later
/* What the stages remember, and what of it outlives them. */
#include "pipeline_state.h"

#include <stdlib.h>
#include <sys/random.h>

#include "config.h"
#include "detect.h"
#include "frequency.h"
#include "lineage.h"
#include "network.h"
#include "payload.h"
#include "session.h"
#include "state.h"

int pipeline_keep(struct pipeline *p, struct state *st)
{
	if (state_keep_frequency(st, p->frequency) < 0)
		return -1;
	if (state_keep_sessions(st, p->sessions) < 0)
		return -1;
	if (state_keep_failures(st, p->sessions) < 0)
		return -1;
	if (state_keep_network(st, p->network) < 0)
		return -1;
	if (state_keep_lineage(st, p->lineage) < 0)
		return -1;
	if (state_keep_payload(st, p->payload) < 0)
		return -1;
	if (p->pc.alerts && state_keep_sent(st, p->pc.alerts) < 0)
		return -1;
	return state_keep_detect(st, p->detect);
}

static struct network_table *new_network(const struct config *cf)
{
	struct network_conf nc = { .peers_max = cf->network_peers,
		.processes_max = cf->network_processes };

	if (getrandom(nc.seed, sizeof(nc.seed), 0) < 0)
		return NULL;
	return network_table_new(&nc);
}

static struct detect *new_detect(void)
{
	struct detect_conf dc = { 0 };

	if (getrandom(dc.seed, sizeof(dc.seed), 0) < 0)
		return NULL;
	return detect_new(&dc);
}

int pipeline_forget(struct pipeline *p)
{
	struct frequency_conf fc = { .commands_max = p->cf->frequency_commands,
		.window_h = p->cf->frequency_window_h };
	struct session_conf sc = { .sessions_max = p->cf->sessions_max,
		.addresses_max = p->cf->sessions_addresses,
		.window_m = p->cf->sessions_window_m };

	frequency_free(p->frequency);
	session_table_free(p->sessions);
	network_table_free(p->network);
	detect_free(p->detect);
	p->detect = NULL;
	p->frequency = NULL;
	p->sessions = NULL;
	p->network = NULL;
	if (getrandom(fc.seed, sizeof(fc.seed), 0) < 0 ||
		getrandom(sc.seed, sizeof(sc.seed), 0) < 0)
		return -1;
	p->frequency = frequency_new(&fc);
	if (p->frequency)
		frequency_baseline(p->frequency, p->pc.baseline);
	p->sessions = session_table_new(&sc);
	p->network = new_network(p->cf);
	p->detect = new_detect();
	return p->frequency && p->sessions && p->network && p->detect ? 0 : -1;
}

void pipeline_seeded(struct pipeline *p, int64_t now_ms)
{
	lineage_seeded(p->lineage, now_ms);
}

const struct session_table *pipeline_sessions(const struct pipeline *p)
{
	return p->sessions;
}

struct lineage *pipeline_lineage(struct pipeline *p)
{
	return p->lineage;
}

const struct network_table *pipeline_peers(const struct pipeline *p)
{
	return p->network;
}

const struct payload_table *pipeline_payloads(const struct pipeline *p)
{
	return p->payload;
}

struct payload_table *pipeline_payload_new(void)
{
	uint64_t seed[2];

	return getrandom(seed, sizeof(seed), 0) < 0 ? NULL
						    : payload_table_new(seed);
}

struct lineage *pipeline_lineage_new(
	const struct pipeline_conf *pc, const struct config *cf)
{
	struct lineage_conf lc = { .processes_max = cf->lineage_processes,
		.look = pc->look,
		.arg = pc->look_arg };

	if (getrandom(lc.seed, sizeof(lc.seed), 0) < 0)
		return NULL;
	return lineage_new(&lc);
}
