// SPDX-License-Identifier: GPL-3.0-or-later
/* Alerts: ours, by rows, and what they and others' say of an event. */
#include "pipeline_state.h"

#include "alert.h"
#include "config.h"
#include "detect.h"
#include "gather.h"
#include "metrics.h"
#include "rules.h"

const struct detect *pipeline_detect(const struct pipeline *p)
{
	return p->detect;
}

static const struct detect_rules *rows_of(const struct pipeline *p)
{
	return p->cf->detect && p->rules ? p->rules->alerts : NULL;
}

void pipeline_alerts_reload(struct pipeline *p)
{
	const struct detect_rules *rows = rows_of(p);

	detect_reload(p->detect);
	gather_take_calls(p->gather, rows ? detect_rules_calls(rows) : 0);
}

/* The notebook knows no more of an alert than its host. */
static void add_to_host(struct pipeline *p, const struct event *ev)
{
	struct bytes host =
		ev->node.p ? ev->node : bytes_of(p->cf->alerts.own_host);

	for (size_t i = 0; i < ev->n_fired; i++)
		(void)!alert_table_add_own(p->pc.alerts, host,
			ev->fired[i].name,
			(enum alert_severity)ev->fired[i].severity,
			ev->time_ms);
}

void pipeline_alerts_find(struct pipeline *p, struct event *ev)
{
	const struct detect_rules *rows = rows_of(p);
	uint64_t suppressed = detect_suppressed(p->detect);

	if (!rows || ev->is_detected)
		return;
	pipeline_mark(p, ev);
	detect_run(p->detect, ev, rows);
	p->pc.metrics->alerts_suppressed +=
		detect_suppressed(p->detect) - suppressed;
	if (p->cf->score.profile == SCORE_NOTEBOOK && p->pc.alerts)
		add_to_host(p, ev);
}

/* Alerts are about more than what a command hides; they are no reason to take
 * every other command for part of it. */
void pipeline_alerts_sum(struct pipeline *p, struct event *ev)
{
	alert_run(p->pc.alerts, ev, &p->cf->alerts);
	if (p->cf->score.profile == SCORE_NOTEBOOK ||
		(!ev->n_layers && ev->payload.role == EVENT_PAYLOAD_NONE))
		return;
	detect_relate(p->detect, ev);
}

void pipeline_alerts_tell(struct pipeline *p, struct event *ev)
{
	for (size_t i = 0; i < ev->n_fired; i++) {
		ev->told = &ev->fired[i];
		p->pc.out(p->pc.arg, ev);
	}
	ev->told = NULL;
}
