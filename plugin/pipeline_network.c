// SPDX-License-Identifier: GPL-3.0-or-later
/* Network calls: judged by whom they reach, and by what their process has to do
 * with a payload. */
#include "pipeline_state.h"

#include "config.h"
#include "filter.h"
#include "gather.h"
#include "intel.h"
#include "metrics.h"
#include "network.h"
#include "payload.h"
#include "rules.h"
#include "saddr.h"
#include "score.h"

#define INTERNET (1u << SADDR_INET | 1u << SADDR_INET6 | 1u << SADDR_VSOCK)

void pipeline_network_reload(struct pipeline *p)
{
	static const unsigned int families[] = { [NETWORK_OFF] = 0,
		[NETWORK_INET] = INTERNET,
		[NETWORK_ALL] = INTERNET | 1u << SADDR_UNIX };

	gather_take_network(p->gather, families[p->cf->network]);
}

void pipeline_network(struct pipeline *p, struct event *ev)
{
	struct intel_conf intel = pipeline_intel_conf(p, false);

	pipeline_mark(p, ev);
	if (!network_run(p->network, ev, p->rules ? p->rules->never : NULL))
		return;
	pipeline_place(p, ev);
	intel_run(p->pc.intel, ev, &intel);
	payload_tell(p->payload, ev);
	pipeline_alerts_find(p, ev);
	score_run(ev, &p->cf->score);
	if (p->rules && p->rules->filters)
		filter_run(p->filter, ev, p->rules->filters);
}

bool pipeline_network_is_quiet(const struct pipeline *p, const struct event *ev)
{
	const struct event_network *n = &ev->network;

	if (!n->family)
		return true;
	/* In overload, what says the same again: count tells how often. */
	return p->rollup.level >= OVERLOAD_ROLL_UP && !n->is_first &&
	       p->cf->repeat != REPEAT_OFF &&
	       ev->score.total < p->cf->repeat_below;
}
