// SPDX-License-Identifier: GPL-3.0-or-later
#include "emit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "config.h"
#include "event.h"
#include "filter.h"
#include "format.h"
#include "metrics.h"
#include "outlet.h"
#include "repeat.h"

/* A cmdline of 2 MiB, each byte escaped; formats cut it after. */
#define SCRATCH_MAX  (32u << 20)
#define KEEP_BYTES   (256 * 1024)
#define COUNTERS_MAX 256

struct emit {
	struct emit_conf ec;
	const struct config *cf;
	struct outlet *outlets;
	size_t n_outlets;
	/* Of the filters: which each output obeys, and what each kept back. */
	uint64_t masks[CONFIG_OUTPUTS_MAX];
	struct filtered {
		char name[sizeof("filter_") + FILTER_NAME_LEN];
		uint64_t n; /* events */
	} filtered[FILTER_NAMES_MAX];
	size_t n_filtered;
	struct str scratch, command; /* for the formats */
	/* The syslog header's time, made anew once a second. */
	time_t second;
	char stamp[32];
	int pid; /* asking for it is a system call each time */
};

static void output_init(
	struct emit *e, struct outlet *o, const struct config *cf, size_t i)
{
	outlet_init(o, cf, i, e->ec.metrics);
	o->watch = e->ec.watch;
	o->sending = e->ec.sending;
	o->sent = e->ec.sent;
	o->arg = e->ec.arg;
}

struct emit *emit_new(const struct emit_conf *ec, const struct config *cf)
{
	struct emit *e = calloc(1, sizeof(*e));

	if (!e)
		return NULL;
	e->ec = *ec;
	e->cf = cf;
	e->pid = (int)getpid();
	str_init(&e->scratch, SCRATCH_MAX);
	str_init(&e->command, SCRATCH_MAX);
	e->n_outlets = cf->n_outputs;
	e->outlets = calloc(e->n_outlets, sizeof(*e->outlets));
	if (!e->outlets) {
		free(e);
		return NULL;
	}
	for (size_t i = 0; i < e->n_outlets; i++) {
		output_init(e, &e->outlets[i], cf, i);
		e->outlets[i].seq = ec->seqs ? ec->seqs[i] : 0;
	}
	return e;
}

void emit_free(struct emit *e)
{
	if (!e)
		return;
	for (size_t i = 0; i < e->n_outlets; i++)
		outlet_fini(&e->outlets[i]);
	free(e->outlets);
	str_fini(&e->scratch);
	str_fini(&e->command);
	free(e);
}

void emit_flush(struct emit *e, int64_t now_ms)
{
	for (size_t i = 0; i < e->n_outlets; i++)
		outlet_flush(&e->outlets[i], now_ms);
}

void emit_spill(struct emit *e)
{
	for (size_t i = 0; i < e->n_outlets; i++)
		if (!e->outlets[i].is_dead)
			outlet_spill(&e->outlets[i]);
}

int emit_due_ms(const struct emit *e, int64_t now_ms)
{
	int due = -1;

	for (size_t i = 0; i < e->n_outlets; i++) {
		int ms = outlet_due_ms(&e->outlets[i], now_ms);

		if (ms >= 0 && (due < 0 || ms < due))
			due = ms;
	}
	return due;
}

bool emit_is_waiting(const struct emit *e)
{
	return emit_due_ms(e, 0) >= 0;
}

bool emit_is_dead(const struct emit *e)
{
	for (size_t i = 0; i < e->n_outlets; i++)
		if (!e->outlets[i].is_dead)
			return false;
	return true;
}

uint64_t emit_safe(const struct emit *e)
{
	uint64_t pos = UINT64_MAX;

	for (size_t i = 0; i < e->n_outlets; i++) {
		uint64_t one = outlet_pos(&e->outlets[i]);

		if (one < pos)
			pos = one;
	}
	return pos;
}

/* RFC 3164 as syslog(3) writes it to the local socket: no host name. */
static void add_header(
	struct emit *e, const struct outlet *o, int severity, struct str *line)
{
	const struct format *format = o->conf->format;
	int facility = format->is_user_info ? 1 : o->conf->facility;
	time_t now = time(NULL);
	struct tm tm;

	if (!sink_is_datagram(&o->sink))
		return;
	if (now != e->second) {
		e->second = now;
		localtime_r(&now, &tm);
		strftime(e->stamp, sizeof(e->stamp), "%b %e %H:%M:%S", &tm);
	}
	if (format->is_user_info)
		severity = SEVERITY_INFO;
	str_addf(line, "<%d>%s %s", facility * 8 + severity, e->stamp,
		format->ident);
	if (format->has_pid)
		str_addf(line, "[%d]", e->pid);
	str_add(line, ": ", 2);
}

/* NULL: there is no memory for the line, and it is counted. */
static struct str *begin_line(struct emit *e, struct outlet *o,
	struct format_job *job, enum score_severity severity)
{
	struct str *line = outlet_begin(o);

	if (!line)
		return NULL;
	job->seq = o->seq;
	job->line_max = o->line_max;
	job->severity = &e->cf->score;
	job->scratch = &e->scratch;
	job->command = &e->command;
	add_header(e, o, (int)severity, line);
	return line;
}

static void write_event(
	struct emit *e, struct outlet *o, const struct event *ev)
{
	enum score_severity severity =
		score_severity(event_worth(ev), &e->cf->score);
	bool is_events = !ev->is_late && !ev->told;
	struct queue_line about = { .pos = is_events ? ev->input_pos
						     : UINT64_MAX,
		.score = (float)event_worth(ev) };
	struct format_job job = { 0 };
	struct str *line;
	size_t dup_at = 0;
	bool is_cut = false;

	do {
		line = begin_line(e, o, &job, severity);
		if (!line)
			break;
		job.dup_at = ev->repeat.count || !is_events ? NULL : &dup_at;
		is_cut = o->conf->format->event(ev, &job, line);
		about.dup_at = (uint32_t)(dup_at ? dup_at - o->from : 0);
	} while (outlet_end(o, &about) < 0);
	e->ec.metrics->lines_cut += line && is_cut;
	str_shrink(&e->scratch, KEEP_BYTES);
	str_shrink(&e->command, KEEP_BYTES);
}

static void note_seqs(const struct emit *e)
{
	for (size_t i = 0; e->ec.seqs && i < e->n_outlets; i++)
		e->ec.seqs[i] = e->outlets[i].seq;
}

/* What a row of that name has kept back so far. */
static uint64_t count_of(const struct emit *e, const char *name)
{
	for (size_t i = 0; i < e->n_filtered; i++)
		if (!strcmp(e->filtered[i].name, name))
			return e->filtered[i].n;
	return 0;
}

void emit_filters(struct emit *e, const struct filter_rules *r)
{
	struct filtered now[FILTER_NAMES_MAX] = { 0 };
	size_t n = r ? filter_rules_count(r) : 0;
	struct str why;

	for (size_t i = 0; i < n; i++) {
		snprintf(now[i].name, sizeof(now[i].name), "filter_%s",
			filter_rules_name(r, i));
		now[i].n = count_of(e, now[i].name);
	}
	memcpy(e->filtered, now, sizeof(now));
	e->n_filtered = n;
	str_init(&why, 4096);
	for (size_t i = 0; i < e->n_outlets; i++)
		if (filter_rules_pick(r, bytes_of(e->cf->outputs[i].filters),
			    &e->masks[i], &why) < 0)
			e->masks[i] = 0;
	str_fini(&why);
}

size_t emit_counts(const struct emit *e, struct format_counter *to)
{
	for (size_t i = 0; i < e->n_filtered; i++)
		to[i] = (struct format_counter){ e->filtered[i].name +
							 sizeof("filter_") - 1,
			e->filtered[i].n };
	return e->n_filtered;
}

/* Counts an event for the first of the rows that kept it back. */
static void count_filtered(struct emit *e, uint64_t bits)
{
	for (size_t i = 0; i < e->n_filtered; i++) {
		if (!(bits >> i & 1))
			continue;
		e->filtered[i].n++;
		return;
	}
}

uint64_t emit_audience(const struct emit *e, const struct event *ev)
{
	uint64_t bits = 0;

	for (size_t i = 0; i < e->n_outlets; i++)
		if (event_worth(ev) >=
				config_min_score(e->cf, e->outlets[i].conf) &&
			!(ev->filters & e->masks[i]))
			bits |= UINT64_C(1) << i;
	return bits;
}

/* The rows that keep the event from an output which its score would reach. */
static uint64_t kept_back(const struct emit *e, const struct event *ev)
{
	uint64_t rows = 0;

	for (size_t i = 0; i < e->n_outlets; i++)
		if (ev->score.total >=
			config_min_score(e->cf, e->outlets[i].conf))
			rows |= ev->filters & e->masks[i];
	return rows;
}

/* Whether some output took it. */
static bool write_to(struct emit *e, const struct event *ev, uint64_t audience)
{
	bool is_taken = false;

	for (size_t i = 0; i < e->n_outlets; i++) {
		struct outlet *o = &e->outlets[i];

		if (!(audience >> i & 1) || o->is_dead)
			continue;
		is_taken = true;
		write_event(e, o, ev);
	}
	note_seqs(e);
	return is_taken;
}

static void emit_repeats(struct emit *e, const struct event *ev)
{
	struct metrics *m = e->ec.metrics;

	(void)!write_to(e, ev, emit_audience(e, ev));
	m->repeats++;
	/* One that is told again was counted before. */
	m->repeats_told += ev->is_dup ? 0 : ev->repeat.count;
}

void emit_late(struct emit *e, const struct event *ev)
{
	e->ec.metrics->intel_told += write_to(e, ev, emit_audience(e, ev));
}

void emit_alert(struct emit *e, const struct event *ev)
{
	e->ec.metrics->alerts += write_to(e, ev, emit_audience(e, ev));
}

void emit_event(struct emit *e, const struct event *ev)
{
	struct metrics *m = e->ec.metrics;
	uint64_t audience, rows;
	bool is_taken;

	if (ev->repeat.slot) {
		repeat_count(ev);
		m->events_suppressed++;
		return;
	}
	if (ev->repeat.count) {
		emit_repeats(e, ev);
		return;
	}
	audience = emit_audience(e, ev);
	is_taken = write_to(e, ev, audience);
	m->events_emitted += is_taken;
	m->events_dropped += audience && !is_taken;
	if (audience && !ev->filters)
		return;
	rows = kept_back(e, ev);
	m->events_filtered += !audience;
	m->events_below += !audience && !rows;
	if (rows)
		count_filtered(e, rows);
}

struct counters {
	struct format_counter row[COUNTERS_MAX];
	size_t n;
};

_Static_assert(sizeof(struct metrics) / sizeof(uint64_t) < COUNTERS_MAX,
	"room for every counter and the residual");

static void add_counter(void *arg, const char *name, uint64_t value)
{
	struct counters *c = arg;

	if (c->n < COUNTERS_MAX)
		c->row[c->n++] = (struct format_counter){ name, value };
}

static void write_notice(
	struct emit *e, struct outlet *o, const struct emit_notice *n)
{
	struct format_job job = { .kind = n->kind,
		.sev = n->sev,
		.time_ms = n->time_ms,
		.counters = n->counters,
		.n_counters = n->n };
	struct queue_line about = { .pos = UINT64_MAX,
		.score = QUEUE_SCORE_MAX };
	struct str *line;

	if (o->is_dead)
		return;
	do {
		line = begin_line(e, o, &job, n->sev);
		if (!line)
			return;
		o->conf->format->status(&job, line);
	} while (outlet_end(o, &about) < 0);
}

void emit_notice(struct emit *e, const struct emit_notice *notice)
{
	for (size_t i = 0; i < e->n_outlets; i++)
		write_notice(e, &e->outlets[i], notice);
	note_seqs(e);
}

void emit_status(struct emit *e, const char *kind, int64_t time_ms)
{
	/* The counters of one moment, the same in every output. */
	struct counters c = { .n = 0 };

	metrics_walk(e->ec.metrics, add_counter, &c);
	for (size_t i = 0; i < e->n_filtered; i++)
		add_counter(&c, e->filtered[i].name, e->filtered[i].n);
	add_counter(&c, "residual", metrics_residual(e->ec.metrics));
	emit_notice(e, &(struct emit_notice){ .kind = kind,
			       .sev = SEVERITY_INFO,
			       .time_ms = time_ms,
			       .counters = c.row,
			       .n = c.n });
}

static bool is_same(const struct output_conf *a, const struct output_conf *b)
{
	return a->kind == b->kind && a->format == b->format &&
	       !strcmp(a->path, b->path) && !strcmp(a->fallback, b->fallback);
}

/* The old output that a new one takes the place of; NULL if there is none. */
static struct outlet *find_old(
	struct emit *e, const struct output_conf *conf, const bool *is_taken)
{
	for (size_t i = 0; i < e->n_outlets; i++)
		if (!is_taken[i] && is_same(e->outlets[i].conf, conf))
			return &e->outlets[i];
	return NULL;
}

int emit_reload(struct emit *e, const struct config *cf)
{
	struct outlet *outlets = calloc(cf->n_outputs, sizeof(*outlets));
	bool is_taken[CONFIG_OUTPUTS_MAX] = { false };

	if (!outlets)
		return -1;
	for (size_t i = 0; i < cf->n_outputs; i++) {
		struct outlet *old = find_old(e, &cf->outputs[i], is_taken);

		if (!old) {
			output_init(e, &outlets[i], cf, i);
			continue;
		}
		is_taken[old - e->outlets] = true;
		outlets[i] = *old;
		outlet_reload(&outlets[i], cf, i);
	}
	for (size_t i = 0; i < e->n_outlets; i++)
		if (!is_taken[i])
			outlet_fini(&e->outlets[i]);
	free(e->outlets);
	e->outlets = outlets;
	e->n_outlets = cf->n_outputs;
	e->cf = cf;
	return 0;
}
