// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * A queue is lines end to end, each with its newline; none can hold another,
 * so the newline is the only mark between them. What is sent leaves at the
 * front, what a stream took of a line not yet whole stays counted in "part".
 */
#include "emit.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "config.h"
#include "event.h"
#include "format.h"
#include "log.h"
#include "metrics.h"
#include "sink.h"

/* Streams and files are written to in pieces of this size. */
#define CHUNK      (64 * 1024)
#define RETRY_MS   1000
#define UPGRADE_MS 10000
/* A cmdline of 2 MiB, each byte escaped; formats cut it after. */
#define SCRATCH_MAX  (32u << 20)
#define KEEP_BYTES   (256 * 1024)
#define COUNTERS_MAX 64

struct output {
	const struct output_conf *conf;
	struct sink sink;
	size_t line_max;
	uint64_t seq;
	struct str queue;
	size_t head; /* of the queue: what is before it was sent */
	size_t part; /* bytes sent of the line at head */
	uint64_t n_lines; /* in the queue */
	int64_t retry_ms;
	bool is_dead; /* standard output was closed */
	bool is_watched;
	struct log_limit limit;
};

struct emit {
	struct emit_conf ec;
	const struct config *cf;
	struct output *outputs;
	size_t n_outputs;
	struct str scratch, command; /* for the formats */
	/* The syslog header's time, made anew once a second. */
	time_t second;
	char stamp[32];
};

static size_t line_limit(const struct config *cf, const struct output_conf *o)
{
	return o->format->is_long ? cf->auoms_line_max : cf->line_max;
}

static void output_init(struct output *o, const struct config *cf, size_t i)
{
	*o = (struct output){ .conf = &cf->outputs[i] };
	sink_init(&o->sink, o->conf);
	o->line_max = line_limit(cf, o->conf);
	str_init(&o->queue, cf->queue_max + SCRATCH_MAX);
}

struct emit *emit_new(const struct emit_conf *ec, const struct config *cf)
{
	struct emit *e = calloc(1, sizeof(*e));

	if (!e)
		return NULL;
	e->ec = *ec;
	e->cf = cf;
	str_init(&e->scratch, SCRATCH_MAX);
	str_init(&e->command, SCRATCH_MAX);
	e->n_outputs = cf->n_outputs;
	e->outputs = calloc(e->n_outputs, sizeof(*e->outputs));
	if (!e->outputs) {
		free(e);
		return NULL;
	}
	for (size_t i = 0; i < e->n_outputs; i++)
		output_init(&e->outputs[i], cf, i);
	return e;
}

static void watch(struct emit *e, struct output *o, bool is_on)
{
	if (o->is_watched != is_on && o->sink.fd >= 0)
		e->ec.watch(e->ec.arg, o->sink.fd, is_on);
	o->is_watched = is_on;
}

static void output_fini(struct emit *e, struct output *o)
{
	watch(e, o, false);
	sink_close(&o->sink);
	str_fini(&o->queue);
}

void emit_free(struct emit *e)
{
	if (!e)
		return;
	for (size_t i = 0; i < e->n_outputs; i++)
		output_fini(e, &e->outputs[i]);
	free(e->outputs);
	str_fini(&e->scratch);
	str_fini(&e->command);
	free(e);
}

/* Takes lines off the front: n bytes of them were sent. */
static void advance(struct emit *e, struct output *o, size_t n)
{
	const char *p = o->queue.p + o->head, *nl;

	o->part += n;
	while (o->part && (nl = memchr(p, '\n', o->part))) {
		size_t len = (size_t)(nl - p) + 1;

		p += len;
		o->head += len;
		o->part -= len;
		o->n_lines--;
		e->ec.metrics->lines_queued--;
		e->ec.metrics->lines_sent++;
	}
	if (o->head == o->queue.len) {
		str_shrink(&o->queue, KEEP_BYTES);
		o->head = 0;
	}
}

/* Takes the line at the front off unsent. */
static void drop_first(struct emit *e, struct output *o, uint64_t *counter)
{
	const char *p = o->queue.p + o->head;
	size_t len = o->queue.len - o->head;

	o->part = 0;
	o->head += (size_t)((const char *)memchr(p, '\n', len) - p) + 1;
	o->n_lines--;
	e->ec.metrics->lines_queued--;
	++*counter;
	if (o->head == o->queue.len) {
		str_shrink(&o->queue, KEEP_BYTES);
		o->head = 0;
	}
}

static void shorten(struct output *o)
{
	o->line_max /= 2;
	if (o->line_max < FORMAT_LINE_MIN)
		o->line_max = FORMAT_LINE_MIN;
}

/* False: nothing more goes for now. */
static bool send_some(struct emit *e, struct output *o)
{
	const char *from = o->queue.p + o->head + o->part;
	size_t took;

	switch (sink_send(
		&o->sink, from, o->queue.len - o->head - o->part, &took)) {
	case SINK_SENT:
		advance(e, o, took);
		return true;
	case SINK_AGAIN:
		watch(e, o, true);
		return false;
	case SINK_TOO_LONG:
		shorten(o);
		drop_first(e, o, &e->ec.metrics->lines_failed);
		return true;
	case SINK_REFUSED:
		log_warn_limited(&o->limit, "cannot write to %s: %s",
			o->conf->path, strerror(errno));
		drop_first(e, o, &e->ec.metrics->lines_failed);
		return true;
	case SINK_GONE:
		break;
	}
	o->part = 0;
	o->is_watched = false;
	o->is_dead = o->conf->kind == OUTPUT_STDOUT;
	if (o->is_dead && errno != EPIPE)
		log_warn("standard output: %s", strerror(errno));
	while (o->is_dead && o->n_lines)
		drop_first(e, o, &e->ec.metrics->lines_failed);
	return false;
}

static void open_output(struct emit *e, struct output *o, int64_t now_ms)
{
	if (now_ms < o->retry_ms)
		return;
	o->retry_ms = now_ms + RETRY_MS;
	if (sink_open(&o->sink) < 0) {
		log_warn_limited(&o->limit, "cannot reach %s: %s; lines wait",
			o->conf->path, strerror(errno));
		return;
	}
	e->ec.metrics->connects++;
	if (o->sink.is_fallback)
		o->retry_ms = now_ms + UPGRADE_MS;
}

static void upgrade(struct emit *e, struct output *o, int64_t now_ms)
{
	if (!o->sink.is_fallback || now_ms < o->retry_ms)
		return;
	o->retry_ms = now_ms + UPGRADE_MS;
	watch(e, o, false);
	e->ec.metrics->connects += sink_upgrade(&o->sink);
}

void emit_flush(struct emit *e, int64_t now_ms)
{
	for (size_t i = 0; i < e->n_outputs; i++) {
		struct output *o = &e->outputs[i];

		if (o->is_dead)
			continue;
		upgrade(e, o, now_ms);
		if (o->sink.fd < 0)
			open_output(e, o, now_ms);
		o->is_watched = false;
		while (o->n_lines && o->sink.fd >= 0 && send_some(e, o))
			;
	}
}

bool emit_is_waiting(const struct emit *e)
{
	for (size_t i = 0; i < e->n_outputs; i++)
		if (e->outputs[i].n_lines)
			return true;
	return false;
}

bool emit_is_dead(const struct emit *e)
{
	for (size_t i = 0; i < e->n_outputs; i++)
		if (!e->outputs[i].is_dead)
			return false;
	return true;
}

/* RFC 3164 as syslog(3) writes it to the local socket: no host name. */
static void add_header(struct emit *e, struct output *o, int severity)
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
	str_addf(&o->queue, "<%d>%s %s", facility * 8 + severity, e->stamp,
		format->ident);
	if (format->has_pid)
		str_addf(&o->queue, "[%d]", (int)getpid());
	str_add(&o->queue, ": ", 2);
}

/* Frees what was sent, then what waited longest, until there is room. */
static void make_room(struct emit *e, struct output *o)
{
	if (o->head > o->queue.len / 2) {
		memmove(o->queue.p, o->queue.p + o->head,
			o->queue.len - o->head);
		o->queue.len -= o->head;
		o->head = 0;
	}
	while (o->n_lines > 1 && o->queue.len - o->head > e->cf->queue_max)
		drop_first(e, o, &e->ec.metrics->lines_dropped);
}

static void begin_line(struct emit *e, struct output *o, struct format_job *job)
{
	make_room(e, o);
	job->seq = o->seq;
	job->line_max = o->line_max;
	job->severity = &e->cf->score;
	job->scratch = &e->scratch;
	job->command = &e->command;
}

/* The line is written at the queue's end: counts it, and sends what can go. */
static void end_line(struct emit *e, struct output *o)
{
	str_addc(&o->queue, '\n');
	o->seq++;
	o->n_lines++;
	e->ec.metrics->lines_out++;
	e->ec.metrics->lines_queued++;
	if (o->sink.fd < 0 || o->is_watched)
		return;
	if (sink_is_datagram(&o->sink) || o->queue.len - o->head >= CHUNK)
		while (o->n_lines && o->sink.fd >= 0 && send_some(e, o))
			;
}

static void write_event(
	struct emit *e, struct output *o, const struct event *ev)
{
	struct format_job job = { 0 };
	enum score_severity severity =
		score_severity(ev->score.total, &e->cf->score);
	struct metrics *m = e->ec.metrics;
	uint64_t failed = m->lines_failed;

	begin_line(e, o, &job);
	add_header(e, o, (int)severity);
	m->lines_cut += o->conf->format->event(ev, &job, &o->queue);
	end_line(e, o);
	/* Too long for the socket: once more at the length it now takes. */
	while (m->lines_failed > failed && o->line_max < job.line_max &&
		o->n_lines == 0 && o->sink.fd >= 0) {
		m->lines_failed--;
		m->lines_out--;
		o->seq--;
		begin_line(e, o, &job);
		add_header(e, o, (int)severity);
		o->conf->format->event(ev, &job, &o->queue);
		end_line(e, o);
	}
	str_shrink(&e->scratch, KEEP_BYTES);
	str_shrink(&e->command, KEEP_BYTES);
}

void emit_event(struct emit *e, const struct event *ev)
{
	struct metrics *m = e->ec.metrics;
	bool is_wanted = false, is_taken = false;

	for (size_t i = 0; i < e->n_outputs; i++) {
		struct output *o = &e->outputs[i];

		if (ev->score.total < config_min_score(e->cf, o->conf))
			continue;
		is_wanted = true;
		if (o->is_dead)
			continue;
		is_taken = true;
		write_event(e, o, ev);
	}
	m->events_emitted += is_taken;
	m->events_dropped += is_wanted && !is_taken;
	m->events_filtered += !is_wanted;
}

struct counters {
	struct format_counter row[COUNTERS_MAX];
	size_t n;
};

static void add_counter(void *arg, const char *name, uint64_t value)
{
	struct counters *c = arg;

	if (c->n < COUNTERS_MAX)
		c->row[c->n++] = (struct format_counter){ name, value };
}

void emit_status(struct emit *e, int64_t time_ms)
{
	/* The counters of one moment, the same in every output. */
	struct counters c = { .n = 0 };

	metrics_walk(e->ec.metrics, add_counter, &c);
	add_counter(&c, "residual", metrics_residual(e->ec.metrics));
	for (size_t i = 0; i < e->n_outputs; i++) {
		struct output *o = &e->outputs[i];
		struct format_job job = {
			.time_ms = time_ms, .counters = c.row, .n_counters = c.n
		};

		if (o->is_dead)
			continue;
		begin_line(e, o, &job);
		add_header(e, o, SEVERITY_INFO);
		o->conf->format->status(&job, &o->queue);
		end_line(e, o);
	}
}

static bool is_same(const struct output_conf *a, const struct output_conf *b)
{
	return a->kind == b->kind && a->format == b->format &&
	       !strcmp(a->path, b->path) && !strcmp(a->fallback, b->fallback);
}

/* The old outputs that the new config keeps take their queues along. */
int emit_reload(struct emit *e, const struct config *cf)
{
	struct output *outputs = calloc(cf->n_outputs, sizeof(*outputs));

	if (!outputs)
		return -1;
	for (size_t i = 0; i < cf->n_outputs; i++)
		output_init(&outputs[i], cf, i);
	for (size_t i = 0; i < e->n_outputs; i++) {
		struct output *old = &e->outputs[i];
		size_t j = 0;

		while (j < cf->n_outputs &&
			(outputs[j].n_lines || outputs[j].seq ||
				!is_same(old->conf, outputs[j].conf)))
			j++;
		if (j == cf->n_outputs) {
			e->ec.metrics->lines_dropped += old->n_lines;
			e->ec.metrics->lines_queued -= old->n_lines;
			output_fini(e, old);
			continue;
		}
		str_fini(&outputs[j].queue);
		old->conf = outputs[j].conf;
		old->sink.conf = old->conf;
		old->line_max = outputs[j].line_max;
		outputs[j] = *old;
		/* A file may have been rotated away. */
		if (old->conf->kind == OUTPUT_FILE && !old->part) {
			watch(e, &outputs[j], false);
			sink_close(&outputs[j].sink);
		}
	}
	free(e->outputs);
	e->outputs = outputs;
	e->n_outputs = cf->n_outputs;
	e->cf = cf;
	return 0;
}
