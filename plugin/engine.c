// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "alert.h"
#include "alertfile.h"
#include "alertsock.h"
#include "config.h"
#include "emit.h"
#include "engine_start.h"
#include "engine_state.h"
#include "event.h"
#include "handover.h"
#include "herald.h"
#include "input.h"
#include "inquiry.h"
#include "ledger.h"
#include "log.h"
#include "loop.h"
#include "mark.h"
#include "metrics.h"
#include "pipeline.h"
#include "procfs.h"
#include "relief.h"
#include "repeat.h"
#include "rules.h"
#include "ring.h"
#include "settings.h"
#include "shelf.h"
#include "stamp.h"
#include "state.h"

/* How long after SIGTERM the input may go on, and how long after its end lines
 * may wait to be sent: the process is gone 2 s after the end, at most. */
#define STOP_MS  2000
#define FLUSH_MS 1500
/* The same where front is gone, and nobody waits but the events in the ring. */
#define ORPHAN_MS 10000
/* Events that wait for records are looked at this often. */
#define TICK_MS 20
/* A last checkpoint may take this long; nobody waits for a replay's. */
#define SAVE_MS        500
#define SAVE_REPLAY_MS 60000

static void on_event(void *arg, struct event *ev)
{
	struct engine *en = arg;

	if (ev->told) {
		handover_alert(&en->handover, ev);
		return;
	}
	herald_event(&en->herald, ev, en->metrics);
	inquiry_event(en->inquiry, ev, loop_now_ms());
	relief_event(&en->relief, ev);
	handover_event(&en->handover, ev);
}

/* Old events, of a log that is played again, are none of this host's today. */
static bool on_seed(void *arg, int64_t time_ms)
{
	struct engine *en = arg;

	if (!procfs_is_near(time_ms))
		return false;
	if (procfs_each(en->procfs, pipeline_seed, en->pipeline))
		pipeline_seeded(en->pipeline, stamp_now_ms());
	return true;
}

/* A canary's line is its whole point. */
static uint64_t on_audience(void *arg, const struct event *ev)
{
	struct engine *en = arg;

	return herald_is_canary(&en->herald, ev) ? 0
						 : emit_audience(en->emit, ev);
}

static void on_sending(void *arg, uint64_t input_pos, size_t i)
{
	struct engine *en = arg;

	handover_sending(&en->handover, input_pos, i);
}

static void on_sent(void *arg, uint64_t input_pos)
{
	struct engine *en = arg;

	handover_sent(&en->handover, input_pos);
}

static void on_watch(void *arg, int fd, bool is_on)
{
	struct engine *en = arg;

	loop_write(en->loop, fd, is_on);
}

static void gauge(struct engine *en)
{
	pipeline_gauge(en->pipeline);
	input_gauge(&en->input, en->metrics);
}

/* A replay's status line says the same each time: its clock is the log's. */
static void status(struct engine *en, const char *kind)
{
	gauge(en);
	emit_status(en->emit, kind,
		en->is_heard ? stamp_now_ms() : pipeline_time_ms(en->pipeline));
}

static void herald(struct engine *en, int64_t now_ms)
{
	if (!en->is_heard || herald_due_ms(&en->herald, now_ms) > 0)
		return;
	gauge(en);
	herald_run(&en->herald, en->metrics, en->cf, en->emit, now_ms,
		stamp_now_ms());
}

static void wake_at(struct engine *en, int64_t at_ms, int64_t now_ms)
{
	if (at_ms < INT64_MAX)
		loop_timer(en->loop,
			at_ms > now_ms ? (unsigned int)(at_ms - now_ms) : 0);
}

static void checkpoint(struct engine *en, int64_t now_ms)
{
	if (!en->state || en->is_ended)
		return;
	if (now_ms >= state_due_ms(en->state))
		state_tick(en->state, now_ms, en->cf->checkpoint_s * 1000LL);
	wake_at(en, state_due_ms(en->state), now_ms);
}

static void look_at_lists(struct engine *en, int64_t now_ms)
{
	if (en->is_ended || !en->is_heard)
		return;
	shelf_tick(en->shelf, en->cf, now_ms);
	wake_at(en, shelf_due_ms(en->shelf), now_ms);
	alertfile_tick(en->alertfile, en->cf, now_ms);
	wake_at(en, alertfile_due_ms(en->alertfile), now_ms);
	alertsock_tick(en->alertsock, en->cf, now_ms);
	wake_at(en, alertsock_due_ms(en->alertsock), now_ms);
}

static void set_timer(struct engine *en, int64_t now_ms)
{
	int due_ms = emit_due_ms(en->emit, now_ms);

	if (en->is_heard && !en->is_ended)
		wake_at(en, repeat_due_ms(pipeline_repeat(en->pipeline)),
			now_ms);
	if (en->resume_ms)
		wake_at(en, en->resume_ms, now_ms);
	if (pipeline_is_waiting(en->pipeline) && !en->is_ended)
		loop_timer(en->loop, TICK_MS);
	if (due_ms >= 0)
		loop_timer(en->loop, en->is_ended && due_ms > TICK_MS
					     ? TICK_MS
					     : (unsigned int)due_ms);
	if (en->stop_ms)
		loop_timer(en->loop, TICK_MS);
	if (en->is_heard)
		loop_timer(en->loop,
			(unsigned int)herald_due_ms(&en->herald, now_ms));
}

static void end(struct engine *en)
{
	if (en->is_ended)
		return;
	en->is_ended = true;
	en->resume_ms = 0;
	en->stop_ms = loop_now_ms() + FLUSH_MS;
	(void)!loop_read(en->loop, false);
	pipeline_end(en->pipeline);
	emit_flush(en->emit, loop_now_ms());
	gauge(en);
	if (en->is_heard)
		herald_stop(&en->herald, en->metrics, en->emit, stamp_now_ms());
	status(en, "status");
}

static void settle(struct engine *en, int64_t now_ms)
{
	herald(en, now_ms);
	checkpoint(en, now_ms);
	look_at_lists(en, now_ms);
	wake_at(en, inquiry_run(en->inquiry, now_ms), now_ms);
	emit_flush(en->emit, now_ms);
	herald_settle(&en->herald, emit_is_waiting(en->emit), now_ms);
	handover_settle(&en->handover);
	if (emit_safe(en->emit) == UINT64_MAX)
		repeat_settle(pipeline_repeat(en->pipeline));
	input_commit(&en->input, emit_safe(en->emit), now_ms);
	if (emit_is_dead(en->emit) ||
		(en->is_ended &&
			(!emit_is_waiting(en->emit) || now_ms >= en->stop_ms)))
		loop_stop(en->loop);
	else
		set_timer(en, now_ms);
}

static void go_on(struct engine *en, enum input_next next, int64_t until_ms)
{
	if (next == INPUT_END) {
		end(en);
	} else if (next == INPUT_WAIT) {
		if (loop_read(en->loop, true) < 0)
			log_warn("cannot read standard input any more");
	} else if (loop_read(en->loop, false) == 0) {
		en->resume_ms = until_ms;
	}
}

static void read_input(void *arg)
{
	struct engine *en = arg;
	int64_t now_ms = loop_now_ms(), pause_ms = 0;
	enum input_next next = input_read(&en->input, now_ms,
		en->stop_ms ? 0 : en->cf->drain_ms, &pause_ms);

	/* Without front, what is in the ring is all there will be. */
	if (next == INPUT_WAIT && en->ec.ring && en->stop_ms)
		next = INPUT_END;
	pipeline_tick(en->pipeline, now_ms);
	relief_run(&en->relief, &en->input, now_ms, stamp_now_ms());
	go_on(en, next, now_ms + pause_ms);
	settle(en, now_ms);
}

static void on_writable(void *arg, int fd)
{
	struct engine *en = arg;

	(void)fd;
	settle(en, loop_now_ms());
}

static void on_ready(void *arg, int fd, unsigned int what)
{
	struct engine *en = arg;

	alertsock_ready(en->alertsock, fd, loop_now_ms());
	inquiry_ready(en->inquiry, fd, what, loop_now_ms());
	settle(en, loop_now_ms());
}

static void on_timer(void *arg)
{
	struct engine *en = arg;
	int64_t now_ms = loop_now_ms();

	if (en->resume_ms && now_ms >= en->resume_ms) {
		en->resume_ms = 0;
		/* Nobody rings for what came while nobody listened. */
		if (en->input.kind == INPUT_RING)
			read_input(en);
		else
			go_on(en, INPUT_WAIT, 0);
	}
	if (!en->is_ended)
		pipeline_tick(en->pipeline, now_ms);
	if (en->stop_ms && now_ms >= en->stop_ms)
		end(en);
	settle(en, now_ms);
}

static bool is_strange(const struct engine *en, pid_t from)
{
	return en->ec.is_plugin && from != en->ec.starter && from > 1;
}

/* SIGTERM means: auditd stops, and its end of the socket closes soon. Until
 * then what it still has to say is read. */
static void terminate(struct engine *en, pid_t from)
{
	if (en->ec.ring && from == 1)
		return; /* front had it too, and knows when the input ends */
	if (is_strange(en, from)) {
		en->metrics->signals_refused++;
		log_warn("SIGTERM from pid %d refused: stop auditd instead",
			(int)from);
		return;
	}
	if (en->stop_ms)
		return;
	en->stop_ms = loop_now_ms() + (en->ec.ring ? ORPHAN_MS : STOP_MS);
	if (en->ec.ring) {
		read_input(en);
	} else if (en->resume_ms) {
		en->resume_ms = 0;
		(void)!loop_read(en->loop, true);
	}
	/* Nobody closes a terminal or a pipe for us. */
	if (!en->ec.is_plugin)
		end(en);
}

static void on_signal(void *arg, int number, pid_t pid)
{
	struct engine *en = arg;

	if (en->ec.ring && number != SIGTERM && is_strange(en, pid))
		return; /* front passes on what it gets itself */
	if (number == SIGHUP) {
		engine_reload(en);
	} else if (number == SIGUSR1) {
		status(en, "status");
		state_want(en->state);
	} else {
		terminate(en, pid);
	}
	settle(en, loop_now_ms());
}

/* libevent's epoll takes no regular files, and they need no waiting for. */
static void run_file(struct engine *en)
{
	int64_t pause_ms;

	while (!en->is_ended && !emit_is_dead(en->emit)) {
		if (input_read(&en->input, loop_now_ms(), 0, &pause_ms) ==
			INPUT_END)
			break;
		emit_flush(en->emit, loop_now_ms());
		checkpoint(en, loop_now_ms());
		loop_poll(en->loop);
		while (emit_is_waiting(en->emit) && !en->stop_ms &&
			!en->ec.settings->to_stdout) {
			int due_ms = emit_due_ms(en->emit, loop_now_ms());

			loop_wait(en->loop, due_ms > TICK_MS
						    ? TICK_MS
						    : (unsigned int)due_ms);
			emit_flush(en->emit, loop_now_ms());
		}
	}
	end(en);
	settle(en, loop_now_ms());
}

static int start(struct engine *en)
{
	struct loop_conf loop = { .readable = read_input,
		.writable = on_writable,
		.ready = on_ready,
		.timer = on_timer,
		.signal = on_signal,
		.arg = en };
	struct emit_conf emit = { .watch = on_watch,
		.sending = on_sending,
		.sent = on_sent,
		.arg = en,
		.metrics = en->metrics };
	struct pipeline_conf pipeline = { .out = on_event,
		.audience = on_audience,
		.arg = en,
		.metrics = en->metrics,
		.repeats = en->ec.ring ? ring_repeats(en->ec.ring) : NULL,
		.lists = shelf_map(en->shelf),
		.baseline = shelf_baseline(en->shelf),
		.is_replay = en->ec.settings->to_stdout,
		.mark = en->ec.ring ? &en->mark : NULL };

	en->procfs = en->ec.is_plugin ? procfs_new() : NULL;
	if (en->procfs) {
		pipeline.look = procfs_look;
		pipeline.look_arg = en->procfs;
		pipeline.seed = on_seed;
	}
	emit.seqs = en->ec.ring ? ring_seqs(en->ec.ring) : NULL;
	pipeline.alerts = en->alerts = alert_table_new();
	en->alertfile = en->alerts ? alertfile_new(en->alerts) : NULL;
	en->loop = en->shelf && en->alertfile ? loop_new(&loop) : NULL;
	en->alertsock =
		en->loop ? alertsock_new(en->loop, en->alerts, en->metrics)
			 : NULL;
	en->emit = en->alertsock ? emit_new(&emit, en->cf) : NULL;
	if (en->emit && !en->ec.settings->to_stdout)
		en->inquiry =
			inquiry_new(en->loop, en->emit, en->metrics, en->cf);
	pipeline.intel = inquiry_learnt(en->inquiry);
	handover_init(&en->handover, en->emit, en->metrics, en->cf->n_outputs);
	en->pipeline = en->emit ? pipeline_new(&pipeline, en->cf) : NULL;
	if (!en->pipeline) {
		log_warn("cannot start: %s", strerror(errno));
		return -1;
	}
	input_init(&en->input, en->ec.ring, en->pipeline, en->metrics);
	relief_init(&en->relief, en->emit, en->pipeline, en->metrics);
	en->is_heard = !en->ec.settings->to_stdout;
	gauge(en);
	herald_start(&en->herald,
		en->ec.ring ? ring_told(en->ec.ring) : &en->told, en->cf,
		loop_now_ms());
	engine_say(en, "start");
	repeat_resume(pipeline_repeat(en->pipeline));
	en->input.read_ms = loop_now_ms();
	if (en->input.kind != INPUT_FILE && loop_read(en->loop, true) < 0)
		en->input.kind = INPUT_FILE;
	return 0;
}

int engine_run(const struct engine_conf *ec, struct config *cf)
{
	struct engine en = { .ec = *ec, .cf = cf, .shelf = shelf_new() };
	int rc = EXIT_FAILURE;

	en.metrics = ec->ring ? ring_metrics(ec->ring) : &en.own;
	en.mark = ec->ring ? ring_mark(ec->ring) : (struct mark){ 0 };
	if (engine_inherit(ec, en.metrics, &en.handover) == 0 &&
		start(&en) == 0 &&
		engine_rules(ec, cf, en.emit, en.pipeline) == 0 &&
		(en.is_heard || engine_lists(en.shelf, en.alerts, cf) == 0)) {
		en.state = engine_restore(
			ec->settings, cf, en.pipeline, en.metrics);
		emit_flush(en.emit, loop_now_ms());
		if (en.input.kind == INPUT_FILE)
			run_file(&en);
		else if (en.input.kind == INPUT_RING)
			read_input(&en);
		else
			settle(&en, loop_now_ms());
		if (!(en.is_ended && !emit_is_waiting(en.emit)))
			loop_run(en.loop);
		rc = en.input.has_failed || emit_is_dead(en.emit)
			     ? EXIT_FAILURE
			     : EXIT_SUCCESS;
	}
	if (en.state)
		(void)!state_finish(
			en.state, ec->is_plugin ? SAVE_MS : SAVE_REPLAY_MS);
	state_free(en.state);
	emit_free(en.emit);
	ledger_free(en.handover.ledger);
	pipeline_free(en.pipeline);
	shelf_free(en.shelf);
	alertfile_free(en.alertfile);
	alertsock_free(en.alertsock);
	alert_table_free(en.alerts);
	inquiry_free(en.inquiry);
	procfs_free(en.procfs);
	loop_free(en.loop);
	free(en.cf);
	return rc;
}
