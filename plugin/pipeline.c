// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline_state.h"

#include <errno.h>
#include <stdlib.h>

#include "alert.h"
#include "assemble.h"
#include "classify.h"
#include "config.h"
#include "decode.h"
#include "detect.h"
#include "event.h"
#include "feed.h"
#include "filter.h"
#include "frequency.h"
#include "gather.h"
#include "intel.h"
#include "lineage.h"
#include "message.h"
#include "metrics.h"
#include "network.h"
#include "payload.h"
#include "process.h"
#include "record.h"
#include "redact.h"
#include "repeat.h"
#include "rules.h"
#include "score.h"
#include "session.h"

/* Lineage and sessions follow the order in which things happened: lineage has
 * to have seen an event before the next fork or exit, both a batch before its
 * first is judged. */
static void trace(struct pipeline *p)
{
	for (; p->n_traced < p->n_batch; p->n_traced++) {
		struct event *ev = p->batch[p->n_traced];

		pipeline_mark(p, ev);
		if (p->pc.seed && p->pc.seed(p->pc.arg, ev->time_ms))
			p->pc.seed = NULL;
		if (!event_is_message(ev))
			lineage_run(p->lineage, ev);
		session_run(p->sessions, ev);
		if (ev->session.is_boot)
			lineage_boot(p->lineage, ev->node);
	}
}

static void rate(struct pipeline *p, struct event *ev)
{
	struct metrics *m = p->pc.metrics;

	pipeline_mark(p, ev);
	m->layers += ev->n_layers;
	m->events_capped +=
		ev->is_capped || ev->is_ioc_capped || ev->tags.is_capped;
	frequency_run(p->frequency, ev, p->cf->frequency);
	if (!ev->repeat.is_followed)
		payload_run(p->payload, ev);
	pipeline_alerts_find(p, ev);
	pipeline_alerts_sum(p, ev);
	score_run(ev, &p->cf->score);
	if (p->rules && p->rules->filters)
		filter_run(p->filter, ev, p->rules->filters);
}

static void judge_anew(struct pipeline *p, struct event *ev)
{
	ev->repeat.is_known = false;
	pipeline_judge_all(p, &ev, 1, false);
	rate(p, ev);
}

/* One that is judged as the first of its kind was. What is hidden elsewhere may
 * have led to it, though, or go on from here. */
static void follow(struct pipeline *p, struct event *ev)
{
	pipeline_mark(p, ev);
	payload_run(p->payload, ev);
	ev->repeat.is_followed = true;
	if (ev->payload.role != EVENT_PAYLOAD_NONE)
		judge_anew(p, ev);
	else
		pipeline_alerts_find(p, ev);
}

static void mask(struct pipeline *p, struct event *ev)
{
	/* It is told by its alerts alone. */
	if (ev->kind == EVENT_CALL && !ev->n_fired)
		return;
	pipeline_mark(p, ev);
	pipeline_redact(p, ev);
	if (!event_is_message(ev))
		lineage_tell(p->lineage, ev);
	p->pc.metrics->events_redacted += ev->redacted.n_rules > 0;
}

/* What stands in the batch for an exec: messages are told, not judged, and
 * network calls by themselves. */
static size_t execs(struct pipeline *p, struct event **to)
{
	size_t n = 0;

	for (size_t i = 0; i < p->n_batch; i++)
		if (p->batch[i]->kind == EVENT_EXEC)
			to[n++] = p->batch[i];
	return n;
}

static bool is_quiet(const struct pipeline *p, const struct event *ev)
{
	if (ev->kind == EVENT_NETWORK)
		return pipeline_network_is_quiet(p, ev);
	if (ev->kind == EVENT_TYPED)
		return !ev->n_layers;
	return ev->kind == EVENT_CALL ||
	       (ev->kind == EVENT_MESSAGE && !ev->session.evt);
}

static void hand_on(struct pipeline *p, struct event *ev)
{
	pipeline_mark(p, ev);
	session_settle(p->sessions, ev);
	if (is_quiet(p, ev))
		p->pc.metrics->events_quiet++;
	else
		p->pc.out(p->pc.arg, ev);
	pipeline_alerts_tell(p, ev);
}

/* One by one: what is told of an event decides about the next. */
static void tell_or_count(struct pipeline *p, struct event *ev)
{
	struct metrics *m = p->pc.metrics;
	bool is_counted = rollup_run(&p->rollup, p->cf, ev);
	uint64_t dropped = m->events_dropped;

	if (!is_counted && ev->repeat.is_known) {
		/* The one it was known by went away within this batch. */
		judge_anew(p, ev);
		is_counted = rollup_run(&p->rollup, p->cf, ev);
	}
	m->events_light += ev->repeat.is_known;
	if (is_counted) {
		repeat_mask(ev);
		lineage_tell(p->lineage, ev);
	} else {
		mask(p, ev);
	}
	hand_on(p, ev);
	if (!is_counted && m->events_dropped == dropped)
		repeat_keep(p->rollup.repeat, ev);
}

/* By the order in which they happened: a command that runs what is hidden comes
 * before the calls of its process. */
static void weigh(struct pipeline *p, struct event *ev)
{
	if (ev->kind == EVENT_NETWORK)
		pipeline_network(p, ev);
	else if (ev->kind == EVENT_EXEC && ev->repeat.is_known)
		follow(p, ev);
	else if (ev->kind == EVENT_EXEC)
		rate(p, ev);
	else if (ev->kind == EVENT_TYPED)
		pipeline_typed(p, ev);
	else
		pipeline_alerts_find(p, ev);
	if (ev->kind == EVENT_MESSAGE && ev->session.evt)
		pipeline_place(p, ev);
}

static void flush(struct pipeline *p)
{
	struct event *evs[BATCH_MAX], *unknown[BATCH_MAX];
	size_t n_all = p->n_batch, n = execs(p, evs), n_unknown;
	bool is_noting = rollup_is_noting(&p->rollup, p->cf);

	trace(p);
	p->n_batch = p->batch_bytes = p->n_traced = 0;
	n_unknown = rollup_pick(&p->rollup, p->cf, evs, n, unknown);
	pipeline_judge_all(p, unknown, n_unknown, false);
	for (size_t i = 0; i < n_all; i++)
		weigh(p, p->batch[i]);
	for (size_t i = 0; i < n_all; i++)
		if (!is_noting || event_is_message(p->batch[i]))
			mask(p, p->batch[i]);
	for (size_t i = 0; i < n_all; i++) {
		struct event *ev = p->batch[i];

		if (is_noting && ev->kind >= EVENT_NETWORK)
			mask(p, ev);
		if (is_noting && ev->kind == EVENT_EXEC)
			tell_or_count(p, ev);
		else
			hand_on(p, ev);
		event_destroy(ev);
	}
}

/* What a process ran is told before it becomes another program: its children
 * tell it, too, however events came together. */
static bool has_process(const struct pipeline *p, const struct event *ev)
{
	for (size_t i = 0; i < p->n_batch; i++)
		if (ev->has_pid && p->batch[i]->has_pid &&
			p->batch[i]->pid == ev->pid)
			return true;
	return false;
}

static void on_event(struct pipeline *p, struct event *ev)
{
	if (ev->time_ms > p->time_ms)
		p->time_ms = ev->time_ms;
	if (ev->kind < EVENT_NETWORK && has_process(p, ev))
		flush(p);
	p->batch[p->n_batch++] = ev;
	p->batch_bytes += ev->bytes;
	if (p->n_batch == BATCH_MAX || p->batch_bytes >= BATCH_BYTES)
		flush(p);
}

/* False: the event had ended the engine twice. */
static bool begin_event(struct pipeline *p, uint64_t input_pos, int64_t time_ms,
	uint32_t serial)
{
	p->pc.metrics->events++;
	if (!p->pc.mark || mark_set(p->pc.mark, mark_event(input_pos)))
		return true;
	p->pc.metrics->events_poisoned++;
	log_warn_limited(&p->limit,
		"event %lld.%03lld:%u had ended the engine twice: set aside, "
		"see the audit log",
		(long long)time_ms / 1000, (long long)time_ms % 1000, serial);
	return false;
}

static void on_gathered(void *arg, const struct gathered *g)
{
	struct pipeline *p = arg;
	struct metrics *m = p->pc.metrics;
	struct event *ev;

	if (!begin_event(p, g->input_pos, g->time_ms, g->serial))
		return;
	ev = assemble_run(p->assemble, g);
	if (!ev) {
		m->events_dropped++;
		return;
	}
	m->events_network += ev->kind == EVENT_NETWORK;
	m->events_calls += ev->kind == EVENT_CALL;
	m->events_partial += !event_is_complete(ev);
	m->events_forced += (ev->flaws & EVENT_FORCED) != 0;
	on_event(p, ev);
}

/* One record is all of the event. */
static void on_message(struct pipeline *p, const struct record *rec)
{
	struct metrics *m = p->pc.metrics;
	struct event *ev;

	if (closed_find(&p->messages, rec)) {
		m->records_duplicate++;
		return;
	}
	closed_note(&p->messages, rec->node, rec->time_ms, rec->serial,
		FATE_TAKEN, true);
	m->records_taken++;
	if (!begin_event(p, rec->input_pos, rec->time_ms, rec->serial))
		return;
	m->events_messages++;
	ev = event_create();
	if (!ev || message_read(ev, rec) < 0) {
		event_destroy(ev);
		m->events_dropped++;
		return;
	}
	on_event(p, ev);
}

static void on_fork(void *arg, const struct gathered_fork *f)
{
	struct pipeline *p = arg;
	struct lineage_birth birth = { .node = f->node,
		.time_ms = f->time_ms,
		.serial = f->serial,
		.child = f->child,
		.pid = f->pid,
		.ppid = f->ppid,
		.exe = f->exe };

	trace(p);
	if (f->child)
		lineage_fork(p->lineage, &birth);
	else
		lineage_exit(
			p->lineage, f->node, f->pid, f->time_ms, f->serial);
}

static void on_record(void *arg, const struct record *rec)
{
	struct pipeline *p = arg;

	if (record_is_message(rec->type))
		on_message(p, rec);
	else
		gather_record(p->gather, rec);
}

struct pipeline *pipeline_new(
	const struct pipeline_conf *pc, const struct config *cf)
{
	struct pipeline *p = calloc(1, sizeof(*p));
	struct feed_conf feed = { .take = on_record,
		.arg = p,
		.metrics = pc->metrics,
		.mark = pc->mark };
	struct gather_conf gather = { .take = on_gathered,
		.fork = on_fork,
		.arg = p,
		.metrics = pc->metrics };

	if (!p)
		return NULL;
	p->pc = *pc;
	p->cf = cf;
	p->missing_before = pc->metrics->serials_missing;
	p->feed = feed_new(&feed);
	p->gather = gather_new(&gather);
	p->assemble = assemble_new();
	p->decode = decode_new();
	p->classify = classify_new();
	p->redact = redact_new();
	p->filter = filter_new();
	p->lineage = pipeline_lineage_new(pc, cf);
	p->payload = pipeline_payload_new();
	if (p->feed && p->gather && p->assemble && p->decode && p->classify &&
		p->redact && p->filter && p->lineage && p->payload &&
		pipeline_forget(p) == 0 &&
		rollup_init(&p->rollup, &p->pc) == 0) {
		pipeline_network_reload(p);
		return p;
	}
	pipeline_free(p);
	return NULL;
}

void pipeline_free(struct pipeline *p)
{
	if (!p)
		return;
	rollup_fini(&p->rollup);
	frequency_free(p->frequency);
	lineage_free(p->lineage);
	payload_table_free(p->payload);
	session_table_free(p->sessions);
	network_table_free(p->network);
	detect_free(p->detect);
	rules_free(p->rules);
	classify_free(p->classify);
	redact_free(p->redact);
	filter_free(p->filter);
	decode_free(p->decode);
	assemble_free(p->assemble);
	gather_free(p->gather);
	feed_free(p->feed);
	free(p);
}

void pipeline_reload(
	struct pipeline *p, const struct config *cf, struct rules *rules)
{
	p->cf = cf;
	rules_free(p->rules);
	p->rules = rules;
	/* Both sets of rows were there at once. */
	process_trim();
	pipeline_network_reload(p);
	pipeline_alerts_reload(p);
}

void pipeline_seed(void *p, uint32_t pid, const struct lineage_seen *seen)
{
	lineage_seed(((struct pipeline *)p)->lineage, pid, seen);
}

ssize_t pipeline_read(struct pipeline *p, int fd)
{
	ssize_t n = feed_read(p->feed, fd);
	int error = errno;

	flush(p);
	errno = error;
	return n;
}

void pipeline_push(struct pipeline *p, const char *bytes, size_t n)
{
	feed_push(p->feed, bytes, n);
	flush(p);
}

void pipeline_event(struct pipeline *p, struct event *ev)
{
	p->pc.metrics->events++;
	on_event(p, ev);
	flush(p);
}

void pipeline_tick(struct pipeline *p, int64_t now_ms)
{
	gather_tick(p->gather, now_ms);
	flush(p);
	rollup_tick(&p->rollup, now_ms);
}

void pipeline_relieve(struct pipeline *p, enum overload_level level)
{
	p->rollup.level = level;
}

struct repeat *pipeline_repeat(struct pipeline *p)
{
	return p->rollup.repeat;
}

bool pipeline_is_waiting(const struct pipeline *p)
{
	return gather_has_open(p->gather);
}

void pipeline_end(struct pipeline *p)
{
	feed_end(p->feed);
	gather_flush(p->gather);
	flush(p);
	rollup_end(&p->rollup);
}

void pipeline_seek(struct pipeline *p, uint64_t pos)
{
	feed_seek(p->feed, pos);
}

uint64_t pipeline_pos(const struct pipeline *p)
{
	uint64_t open = gather_oldest(p->gather), next = feed_pos(p->feed);

	return open < next ? open : next;
}

void pipeline_expire(struct pipeline *p, uint64_t pos)
{
	gather_expire(p->gather, pos);
}

void pipeline_gauge(struct pipeline *p)
{
	struct metrics *m = p->pc.metrics;

	m->serials_missing = p->missing_before + feed_missing(p->feed);
	m->frequency_evicted = frequency_evicted(p->frequency);
	m->lineage_evicted = lineage_evicted(p->lineage);
	m->payload_evicted = payload_evicted(p->payload);
	m->sessions_evicted = session_evicted(p->sessions);
	m->network_evicted = network_evicted(p->network);
	m->alerts_evicted = detect_evicted(p->detect) +
			    (p->pc.alerts ? alert_evicted(p->pc.alerts) : 0);
	rollup_gauge(&p->rollup);
}

int64_t pipeline_time_ms(const struct pipeline *p)
{
	return p->time_ms;
}
