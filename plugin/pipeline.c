// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline.h"

#include <stdlib.h>
#include <sys/random.h>

#include "alert.h"
#include "assemble.h"
#include "classify.h"
#include "config.h"
#include "decode.h"
#include "event.h"
#include "feed.h"
#include "frequency.h"
#include "gather.h"
#include "intel.h"
#include "ioc.h"
#include "metrics.h"
#include "record.h"
#include "score.h"

struct pipeline {
	struct pipeline_conf pc;
	const struct config *cf;
	struct feed *feed;
	struct gather *gather;
	struct assemble *assemble;
	struct decode *decode;
	struct classify *classify;
	struct classify_rules *rules; /* NULL: there are none */
	struct frequency *frequency;
	int64_t time_ms;
};

void pipeline_judge(struct pipeline *p, struct event *ev, bool is_decoded)
{
	bool is_notebook = p->cf->score.profile == SCORE_NOTEBOOK;
	struct ioc_conf ioc = { .types = IOC_TYPES_DEFAULT |
					 p->cf->ioc_linux_paths
						 << IOC_LINUX_PATH };
	struct classify_conf classify = { .rules = p->rules,
		.match = p->cf->classify_match };
	struct intel_conf intel = { .not_asked = is_notebook ? 1 : 0,
		.is_decoded_only = is_notebook && !is_decoded };

	decode_run(p->decode, ev, &p->cf->decode);
	/* Ordinary commands are most of them, and are worth no more than that
	 * unless the operator says so. */
	if (!ev->n_layers && !is_decoded && !p->cf->tag)
		return;
	ioc_run(ev, &ioc);
	if (p->rules)
		classify_run(p->classify, ev, &classify);
	intel_run(p->pc.intel, ev, &intel);
}

static void on_event(struct pipeline *p, struct event *ev)
{
	struct metrics *m = p->pc.metrics;

	if (ev->time_ms > p->time_ms)
		p->time_ms = ev->time_ms;
	pipeline_judge(p, ev, false);
	m->layers += ev->n_layers;
	m->events_capped += ev->is_capped;
	frequency_run(p->frequency, ev, p->cf->frequency);
	alert_run(p->pc.alerts, ev, &p->cf->alerts);
	score_run(ev, &p->cf->score);
	p->pc.out(p->pc.arg, ev);
	event_destroy(ev);
}

static void on_gathered(void *arg, const struct gathered *g)
{
	struct pipeline *p = arg;
	struct metrics *m = p->pc.metrics;
	struct event *ev = assemble_run(p->assemble, g);

	m->events++;
	if (!ev) {
		m->events_dropped++;
		return;
	}
	m->events_partial += !event_is_complete(ev);
	m->events_forced += (ev->flaws & EVENT_FORCED) != 0;
	on_event(p, ev);
}

static void on_record(void *arg, const struct record *rec)
{
	struct pipeline *p = arg;

	gather_record(p->gather, rec);
}

int pipeline_forget(struct pipeline *p)
{
	struct frequency_conf cf = { .commands_max =
					     p->cf->frequency_commands };

	frequency_free(p->frequency);
	p->frequency = NULL;
	if (getrandom(cf.seed, sizeof(cf.seed), 0) < 0)
		return -1;
	p->frequency = frequency_new(&cf);
	return p->frequency ? 0 : -1;
}

struct pipeline *pipeline_new(
	const struct pipeline_conf *pc, const struct config *cf)
{
	struct pipeline *p = calloc(1, sizeof(*p));
	struct feed_conf feed = {
		.take = on_record, .arg = p, .metrics = pc->metrics
	};
	struct gather_conf gather = {
		.take = on_gathered, .arg = p, .metrics = pc->metrics
	};

	if (!p)
		return NULL;
	p->pc = *pc;
	p->cf = cf;
	p->feed = feed_new(&feed);
	p->gather = gather_new(&gather);
	p->assemble = assemble_new();
	p->decode = decode_new();
	p->classify = classify_new();
	if (p->feed && p->gather && p->assemble && p->decode && p->classify &&
		pipeline_forget(p) == 0)
		return p;
	pipeline_free(p);
	return NULL;
}

void pipeline_free(struct pipeline *p)
{
	if (!p)
		return;
	frequency_free(p->frequency);
	classify_rules_free(p->rules);
	classify_free(p->classify);
	decode_free(p->decode);
	assemble_free(p->assemble);
	gather_free(p->gather);
	feed_free(p->feed);
	free(p);
}

void pipeline_reload(struct pipeline *p, const struct config *cf,
	struct classify_rules *rules)
{
	p->cf = cf;
	classify_rules_free(p->rules);
	p->rules = rules;
}

ssize_t pipeline_read(struct pipeline *p, int fd)
{
	return feed_read(p->feed, fd);
}

void pipeline_push(struct pipeline *p, const char *bytes, size_t n)
{
	feed_push(p->feed, bytes, n);
}

void pipeline_event(struct pipeline *p, struct event *ev)
{
	p->pc.metrics->events++;
	on_event(p, ev);
}

void pipeline_tick(struct pipeline *p, int64_t now_ms)
{
	gather_tick(p->gather, now_ms);
}

bool pipeline_is_waiting(const struct pipeline *p)
{
	return gather_has_open(p->gather);
}

void pipeline_end(struct pipeline *p)
{
	feed_end(p->feed);
	gather_flush(p->gather);
}

void pipeline_gauge(struct pipeline *p)
{
	struct metrics *m = p->pc.metrics;

	m->serials_missing = feed_missing(p->feed);
	m->frequency_evicted = frequency_evicted(p->frequency);
}

int64_t pipeline_time_ms(const struct pipeline *p)
{
	return p->time_ms;
}
