// SPDX-License-Identifier: GPL-3.0-or-later
#include "outlet.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "config.h"
#include "format.h"
#include "metrics.h"
#include "outlet_spool.h"
#include "outlet_told.h"
#include "spool.h"

/* Streams and files are written to in pieces of about this size. */
#define CHUNK        (64 * 1024)
#define FLIGHT_MAX   (CHUNK + FORMAT_LINE_MAX)
#define RETRY_MIN_MS 100
#define RETRY_MAX_MS 1000
/* Lines wait in memory for a while, as most destinations are back by then; but
 * only so many that the front's ring still holds what they came from. */
#define SPILL_MS  1000
#define SPILL_LEN (256 * 1024)
/* Where the drop-in is, rsyslog has its socket back soon; it lets no line that
 * comes another way go further. */
#define PATIENCE_MS 60000
/* A fallback that has taken nothing for so long will not empty soon. */
#define STUCK_MS 5000
/* How often it is looked at whether it is empty. */
#define LEAVE_MS 10
/* Sends of one flush: reading comes next, a millisecond later. */
#define SENDS_MAX 256

static size_t line_limit(const struct config *cf, const struct output_conf *o)
{
	return o->format->is_long ? cf->auoms_line_max : cf->line_max;
}

static void configure(struct outlet *o, const struct config *cf, size_t i)
{
	o->conf = &cf->outputs[i];
	o->sink.conf = o->conf;
	o->line_max = line_limit(cf, o->conf);
	o->queue_max = cf->queue_max;
	o->patience_ms = !strcmp(o->conf->path, CONFIG_SOCKET) &&
					 access(CONFIG_DROP_IN, F_OK) == 0
				 ? PATIENCE_MS
				 : 0;
}

void outlet_init(
	struct outlet *o, const struct config *cf, size_t i, struct metrics *m)
{
	*o = (struct outlet){ .metrics = m, .pause_ms = RETRY_MIN_MS };
	sink_init(&o->sink, &cf->outputs[i]);
	configure(o, cf, i);
	queue_init(&o->queue);
	str_init(&o->flight.text, FLIGHT_MAX);
	o->spool = outlet_open_spool(cf, i, o->metrics);
}

static void watch(struct outlet *o, bool is_on)
{
	if (o->is_watched != is_on && o->sink.fd >= 0)
		o->watch(o->arg, o->sink.fd, is_on);
	o->is_watched = is_on;
}

void outlet_reload(struct outlet *o, const struct config *cf, size_t i)
{
	configure(o, cf, i);
	if (o->spool)
		spool_set_max(o->spool, cf->spool_max);
	else
		o->spool = outlet_open_spool(cf, i, o->metrics);
	/* A file may have been rotated away. */
	if (o->conf->kind != OUTPUT_FILE || o->flight.at)
		return;
	watch(o, false);
	sink_close(&o->sink);
}

static bool is_waiting(const struct outlet *o)
{
	return o->flight.n || o->queue.n || (o->spool && spool_count(o->spool));
}

/* The flight is over: its lines are dealt with. */
static void land(struct outlet *o)
{
	struct outlet_flight *f = &o->flight;

	o->metrics->lines_queued -= f->n;
	if (f->order)
		spool_sent(o->spool, f->order);
	str_reset(&f->text);
	f->at = 0;
	f->n = f->order = 0;
}

static void pop(struct outlet *o, size_t n)
{
	queue_pop(&o->queue, n);
	o->metrics->lines_queued -= n;
}

/* All that is in memory alone goes, counted. */
static void clear(struct outlet *o, uint64_t *counter)
{
	*counter += o->queue.n + o->flight.n;
	o->metrics->lines_queued -= o->queue.n;
	land(o);
	queue_fini(&o->queue);
}

/* The stream's line that is on its way is older than all others: it goes to
 * the spool too, and is taken from there at once. */
static void anchor(struct outlet *o)
{
	struct outlet_flight *f = &o->flight;
	struct queue_line line = { .pos = f->pos,
		.score = QUEUE_SCORE_MAX,
		.len = (uint32_t)f->text.len };
	struct queue_run run = {
		.text = f->text.p, .lines = &line, .n = 1, .len = f->text.len
	};
	struct spool_line spooled;

	if (!f->n || f->order)
		return;
	outlet_announce(o, &line, 1);
	if (spool_put(o->spool, &run, o->now_ms) < 0 ||
		!spool_peek(o->spool, &spooled))
		return;
	spool_take(o->spool);
	f->order = spooled.order;
	spool_begin(o->spool, f->order);
	outlet_tell(o, f->pos);
}

/* From memory to the disk, as far as that takes it. */
void outlet_spill(struct outlet *o)
{
	struct queue_run run;
	int n = 1;

	if (!o->spool)
		return;
	anchor(o);
	while (o->queue.n && n > 0) {
		queue_peek(&o->queue, &run);
		outlet_announce(o, run.lines, run.n);
		n = spool_put(o->spool, &run, o->now_ms);
		for (int i = 0; i < n; i++)
			outlet_tell(o, run.lines[i].pos);
		if (n > 0)
			pop(o, (size_t)n);
	}
}

void outlet_fini(struct outlet *o)
{
	watch(o, false);
	sink_close(&o->sink);
	outlet_spill(o);
	if (o->spool) {
		o->metrics->lines_left += spool_count(o->spool);
		o->metrics->lines_spooled -= spool_count(o->spool);
	}
	if (o->flight.order) {
		/* They are still on disk. */
		if (!o->flight.at)
			spool_begin(o->spool, 0);
		o->metrics->lines_left += o->flight.n;
		o->metrics->lines_queued -= o->flight.n;
		o->flight.n = o->flight.order = 0;
	}
	clear(o, &o->metrics->lines_dropped);
	spool_free(o->spool);
	str_fini(&o->flight.text);
}

static void shorten(struct outlet *o)
{
	o->line_max /= 2;
	if (o->line_max < FORMAT_LINE_MIN)
		o->line_max = FORMAT_LINE_MIN;
}

/* The line that the stream is in the midst of. */
static void take_off(
	struct outlet *o, const struct queue_run *run, size_t i, size_t part)
{
	const char *text = run->text;
	struct outlet_flight *f = &o->flight;

	for (size_t j = 0; j < i; j++)
		text += run->lines[j].len;
	str_add(&f->text, text, run->lines[i].len);
	if (!str_ok(&f->text)) {
		/* No memory: the line goes whole on another connection. */
		str_reset(&f->text);
		sink_close(&o->sink);
		return;
	}
	f->at = part;
	f->n = 1;
	f->pos = run->lines[i].pos;
}

/* Lines of the spool to send next: as many as go at once. */
static void load_flight(struct outlet *o)
{
	size_t len = sink_is_datagram(&o->sink) ? 1 : CHUNK;
	struct outlet_flight *f = &o->flight;
	struct spool_line line;

	while (f->text.len < len && spool_peek(o->spool, &line)) {
		outlet_add_spooled(o, &line);
		if (!str_ok(&f->text))
			break;
		f->order = line.order;
		f->n++;
		o->metrics->lines_queued++;
		spool_take(o->spool);
	}
	f->text.is_short = false;
	if (f->order)
		spool_begin(o->spool, f->order);
}

/* The destination took that many bytes of the run. */
static void advance(struct outlet *o, const struct queue_run *run, size_t took)
{
	size_t n = 0;

	while (n < run->n && took >= run->lines[n].len) {
		took -= run->lines[n].len;
		outlet_tell(o, run->lines[n++].pos);
	}
	if (took)
		take_off(o, run, n, took);
	o->metrics->lines_sent += n;
	pop(o, n);
	if (o->flight.n)
		queue_pop(&o->queue, 1);
}

static enum sink_result send_flight(struct outlet *o)
{
	struct outlet_flight *f = &o->flight;
	enum sink_result result;
	struct queue_line line = { .pos = f->pos };
	size_t took;

	if (!f->order)
		outlet_announce(o, &line, 1);
	result = sink_send(
		&o->sink, f->text.p + f->at, f->text.len - f->at, &took);
	if (result != SINK_SENT)
		return result;
	f->at += took;
	if (f->at == f->text.len) {
		if (!f->order)
			outlet_tell(o, f->pos);
		o->metrics->lines_sent += f->n;
		land(o);
	}
	return result;
}

static enum sink_result send_queue(struct outlet *o)
{
	enum sink_result result;
	struct queue_run run;
	size_t took;

	queue_peek(&o->queue, &run);
	if (sink_is_datagram(&o->sink)) {
		run.n = 1;
		run.len = run.lines[0].len;
	}
	outlet_announce(o, run.lines, run.n);
	result = sink_send(&o->sink, run.text, run.len, &took);
	if (result == SINK_SENT)
		advance(o, &run, took);
	return result;
}

static void refuse(struct outlet *o)
{
	shorten(o);
	o->metrics->lines_failed += o->flight.n ? o->flight.n : 1;
	if (o->flight.n)
		land(o);
	else
		pop(o, 1);
}

static void lose_sink(struct outlet *o)
{
	struct outlet_flight *f = &o->flight;

	/* The line that was cut goes again, not those before it. */
	while (f->at && f->text.p[f->at - 1] != '\n')
		f->at--;
	o->is_watched = false;
	o->is_dead = o->conf->kind == OUTPUT_STDOUT;
	if (!o->is_dead)
		return;
	if (errno != EPIPE)
		log_warn("standard output: %s", strerror(errno));
	clear(o, &o->metrics->lines_failed);
}

static void pause_sink(struct outlet *o)
{
	log_warn_limited(&o->limit, "cannot write to %s: %s; lines wait",
		o->conf->path, strerror(errno));
	o->is_paused = true;
	o->retry_ms = o->now_ms + o->pause_ms;
	o->pause_ms =
		o->pause_ms > RETRY_MAX_MS / 2 ? RETRY_MAX_MS : 2 * o->pause_ms;
}

/* False: nothing more goes for now. */
static bool send_some(struct outlet *o)
{
	if (!o->flight.n && o->spool && spool_count(o->spool))
		load_flight(o);
	if (!is_waiting(o))
		return false;
	switch (o->flight.n ? send_flight(o) : send_queue(o)) {
	case SINK_SENT:
		o->pause_ms = RETRY_MIN_MS;
		o->moved_ms = o->now_ms;
		return true;
	case SINK_AGAIN:
		watch(o, true);
		return false;
	case SINK_LATER:
		pause_sink(o);
		return false;
	case SINK_TOO_LONG:
		refuse(o);
		return true;
	case SINK_GONE:
		break;
	}
	lose_sink(o);
	return false;
}

static bool can_send(const struct outlet *o)
{
	return o->sink.fd >= 0 && !o->is_watched && !o->is_paused;
}

static void send_all(struct outlet *o)
{
	unsigned int n = 0;

	while (is_waiting(o) && can_send(o) && n < SENDS_MAX && send_some(o))
		n++;
	o->is_busy = n == SENDS_MAX;
}

static void open_sink(struct outlet *o)
{
	if (o->now_ms < o->retry_ms)
		return;
	o->retry_ms = o->now_ms + o->pause_ms;
	o->pause_ms =
		o->pause_ms > RETRY_MAX_MS / 2 ? RETRY_MAX_MS : 2 * o->pause_ms;
	if (sink_open(&o->sink, o->now_ms - o->seen_ms >= o->patience_ms) < 0)
		log_warn_limited(&o->limit, "cannot reach %s: %s; lines wait",
			o->conf->path, strerror(errno));
	else
		o->metrics->connects++;
}

/* Lines that come as fast as they are read would keep the fallback from ever
 * being empty: they wait meanwhile. */
static void upgrade(struct outlet *o)
{
	bool is_stuck = o->now_ms - o->moved_ms >= STUCK_MS;
	enum sink_return result;

	if (!o->sink.is_fallback || o->now_ms < o->retry_ms)
		return;
	watch(o, false);
	result = sink_upgrade(&o->sink, is_stuck);
	o->metrics->connects += result == SINK_BACK;
	o->is_paused = result == SINK_UNREAD;
	o->retry_ms =
		o->now_ms + (o->is_paused ? LEAVE_MS : (int64_t)RETRY_MAX_MS);
}

void outlet_flush(struct outlet *o, int64_t now_ms)
{
	o->now_ms = now_ms;
	if (!o->seen_ms || (o->sink.fd >= 0 && !o->sink.is_fallback))
		o->seen_ms = now_ms;
	if (o->is_dead)
		return;
	upgrade(o);
	if (o->sink.fd < 0)
		open_sink(o);
	o->is_paused &= now_ms < o->retry_ms;
	o->is_watched = false;
	if (o->spool)
		spool_tick(o->spool, now_ms);
	send_all(o);
	if (!o->queue.n)
		o->since_ms = now_ms;
	else if (now_ms - o->since_ms >= SPILL_MS)
		outlet_spill(o);
}

int outlet_due_ms(const struct outlet *o, int64_t now_ms)
{
	if (!is_waiting(o))
		return -1;
	if (o->is_busy)
		return 0;
	if (o->sink.fd >= 0 && !o->is_paused)
		return RETRY_MAX_MS;
	return o->retry_ms > now_ms ? (int)(o->retry_ms - now_ms) : 0;
}

uint64_t outlet_pos(const struct outlet *o)
{
	uint64_t pos = queue_pos(&o->queue);

	if (o->flight.n && !o->flight.order && o->flight.pos < pos)
		return o->flight.pos;
	return pos;
}

static void make_room(struct outlet *o)
{
	if (o->queue.bytes >= SPILL_LEN || o->queue.bytes > o->queue_max)
		outlet_spill(o);
	while (o->queue.n > 1 && o->queue.bytes > o->queue_max) {
		queue_drop(&o->queue);
		o->metrics->lines_queued--;
		o->metrics->lines_dropped++;
	}
}

struct str *outlet_begin(struct outlet *o)
{
	make_room(o);
	o->line = queue_room(&o->queue);
	if (o->line) {
		o->from = o->line->len;
		return o->line;
	}
	o->seq++;
	o->metrics->lines_out++;
	o->metrics->lines_dropped++;
	return NULL;
}

int outlet_end(struct outlet *o, const struct queue_line *about)
{
	bool is_alone = !is_waiting(o) && o->line_max > FORMAT_LINE_MIN;
	struct metrics *m = o->metrics;
	uint64_t failed = m->lines_failed;

	str_addc(o->line, '\n');
	o->seq++;
	m->lines_out++;
	if (queue_add(&o->queue, about) < 0) {
		m->lines_dropped++;
		return 0;
	}
	m->lines_queued++;
	if (sink_is_datagram(&o->sink) || o->queue.bytes >= CHUNK)
		send_all(o);
	if (!is_alone || m->lines_failed == failed || o->is_dead)
		return 0;
	m->lines_failed--;
	m->lines_out--;
	o->seq--;
	return -1;
}
