// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine_start.h"

#include <time.h>
#include <unistd.h>

#include "alertfile.h"
#include "config.h"
#include "emit.h"
#include "engine.h"
#include "handover.h"
#include "ledger.h"
#include "log.h"
#include "metrics.h"
#include "pipeline.h"
#include "repeat_page.h"
#include "ring.h"
#include "rules.h"
#include "settings.h"
#include "shelf.h"
#include "stamp.h"
#include "state.h"

#define HOUR_MS 3600000LL
/* A front that ends has its engine gone in 2 s, and a checkpoint takes half a
 * second more; front leaves us 5 s for a step. */
#define WAIT_MS 2500

_Static_assert(RING_SEQS >= CONFIG_OUTPUTS_MAX, "a seq for each");

int engine_inherit(
	const struct engine_conf *ec, struct metrics *m, struct handover *h)
{
	struct ring *ring = ec->ring;

	/* A replay says the same each time. */
	if (!m->started && !ec->settings->to_stdout)
		m->started = (uint64_t)stamp_now_ms() / 1000;
	if (!ec->settings->to_stdout)
		m->engine_pid = (uint64_t)getpid();
	if (!ring)
		return 0;
	m->overload_level = 0;
	m->repeats_open = repeat_page_open(ring_repeats(ring));
	metrics_redo(m);
	h->ledger = ledger_new(ring_ledger(ring), ring_resumed(ring));
	h->counted_pos = repeat_page_pos(ring_repeats(ring));
	return h->ledger ? 0 : -1;
}

/* Without its rows a plugin still decodes and scores, and masks by the rows
 * that were shipped: better than none. So it is without places. */
static struct rules *load_rules(
	const struct engine_conf *ec, const struct config *cf, struct str *why)
{
	struct rules *rules;

	if (!ec->is_plugin)
		return settings_rules(cf, &rules, why) < 0 ? NULL : rules;
	if (settings_rows(cf, &rules, why) < 0)
		rules = rules_shipped("none", why);
	if (rules)
		(void)!settings_geo(cf, rules, why);
	return rules;
}

int engine_rules(const struct engine_conf *ec, const struct config *cf,
	struct emit *emit, struct pipeline *p)
{
	struct rules *rules;
	struct str why;

	str_init(&why, 64 * 1024);
	rules = load_rules(ec, cf, &why);
	log_warn_lines(str_z(&why));
	str_fini(&why);
	if (!rules)
		return -1;
	emit_filters(emit, rules->filters);
	pipeline_reload(p, cf, rules);
	return 0;
}

struct state *engine_restore(const struct settings *s, const struct config *cf,
	struct pipeline *p, struct metrics *m)
{
	struct state_conf conf = { .file = settings_state(s, cf),
		.started_ms = m->started ? (int64_t)m->started * 1000
					 : stamp_now_ms(),
		.max_age_ms = cf->state_max_age_h * HOUR_MS,
		.wait_ms = WAIT_MS,
		.metrics = m };
	struct state *st;
	struct str why;

	if (!conf.file)
		return NULL;
	st = state_new(&conf);
	if (!st || pipeline_keep(p, st) < 0 || state_keep_counters(st, m) < 0) {
		log_warn("out of memory; there will be no checkpoints");
		state_free(st);
		return NULL;
	}
	str_init(&why, 64 * 1024);
	if (state_load(st, stamp_now_ms(), &why) < 0)
		str_addz(&why, "what is learnt stays in memory\n");
	log_warn_lines(str_z(&why));
	str_fini(&why);
	return st;
}

int engine_lists(struct shelf *shelf, struct alert_table *alerts,
	const struct config *cf)
{
	struct str why;
	int rc;

	str_init(&why, 64 * 1024);
	rc = shelf_load(shelf, cf, stamp_now_ms(), &why);
	if (alertfile_load(alerts, cf, &why) < 0) {
		str_addc(&why, '\n');
		rc = -1;
	}
	log_warn_lines(str_z(&why));
	str_fini(&why);
	return rc;
}
