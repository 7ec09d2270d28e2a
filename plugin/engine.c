// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "classify.h"
#include "config.h"
#include "emit.h"
#include "log.h"
#include "loop.h"
#include "metrics.h"
#include "pipeline.h"
#include "settings.h"

/* How long after SIGTERM the input may go on, and how long after its end lines
 * may wait to be sent: the process is gone 2 s after the end, at most. */
#define STOP_MS  2000
#define FLUSH_MS 1500
/* Events that wait for records are looked at this often. */
#define TICK_MS 20
/* Lines that wait for their destination, this often at least. */
#define RETRY_MS 1000
/* auditd's socket holds some 250 records. Reading when it is half full costs
 * the fewest wake-ups that never let it fill. */
#define SOCKET_RECORDS 128

enum input { INPUT_FILE, INPUT_PIPE, INPUT_SOCKET };

struct engine {
	struct engine_conf ec;
	struct config *cf;
	struct metrics metrics;
	struct pipeline *pipeline;
	struct emit *emit;
	struct loop *loop;
	enum input input;
	pid_t parent; /* auditd, even when it has gone */
	int64_t read_ms; /* when the input was last read */
	int64_t resume_ms; /* reading pauses until then; 0: it does not */
	int64_t stop_ms; /* SIGTERM: end by then; 0: none came */
	bool has_failed; /* the input ended with an error */
	bool is_ended; /* no more input: only lines are left to send */
};

static int64_t wall_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

static void on_event(void *arg, struct event *ev)
{
	struct engine *en = arg;

	emit_event(en->emit, ev);
}

static void on_watch(void *arg, int fd, bool is_on)
{
	struct engine *en = arg;

	loop_write(en->loop, fd, is_on);
}

/* A replay's status line says the same each time: its clock is the log's. */
static void status(struct engine *en)
{
	bool is_replay = en->ec.settings->to_stdout;

	pipeline_gauge(en->pipeline);
	emit_status(en->emit,
		is_replay ? pipeline_time_ms(en->pipeline) : wall_ms());
}

static void set_timer(struct engine *en, int64_t now_ms)
{
	if (en->resume_ms)
		loop_timer(en->loop,
			en->resume_ms > now_ms
				? (unsigned int)(en->resume_ms - now_ms)
				: 0);
	if (pipeline_is_waiting(en->pipeline) && !en->is_ended)
		loop_timer(en->loop, TICK_MS);
	if (emit_is_waiting(en->emit))
		loop_timer(en->loop, en->is_ended ? TICK_MS : RETRY_MS);
	if (en->stop_ms)
		loop_timer(en->loop, TICK_MS);
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
	status(en);
}

static void settle(struct engine *en, int64_t now_ms)
{
	emit_flush(en->emit, now_ms);
	if (emit_is_dead(en->emit) ||
		(en->is_ended &&
			(!emit_is_waiting(en->emit) || now_ms >= en->stop_ms)))
		loop_stop(en->loop);
	else
		set_timer(en, now_ms);
}

/* -1: the end of the input. */
static int read_once(struct engine *en)
{
	ssize_t n = pipeline_read(en->pipeline, STDIN_FILENO);

	if (n > 0)
		return 0;
	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return 0;
	if (n < 0)
		log_warn("reading standard input: %s", strerror(errno));
	en->has_failed |= n < 0;
	return -1;
}

/* How long auditd's socket may fill at the rate just seen. */
static int64_t pause_ms(
	const struct engine *en, uint64_t records, int64_t elapsed_ms)
{
	int64_t ms = en->cf->drain_ms;

	if (en->input != INPUT_SOCKET || en->stop_ms ||
		records >= SOCKET_RECORDS)
		return 0;
	if (records && elapsed_ms * SOCKET_RECORDS / (int64_t)records < ms)
		ms = elapsed_ms * SOCKET_RECORDS / (int64_t)records;
	return ms;
}

static void on_readable(void *arg)
{
	struct engine *en = arg;
	uint64_t before = en->metrics.lines;
	int64_t now_ms = loop_now_ms(), ms;
	int rc = read_once(en);

	pipeline_tick(en->pipeline, now_ms);
	if (rc < 0) {
		end(en);
	} else {
		ms = pause_ms(
			en, en->metrics.lines - before, now_ms - en->read_ms);
		if (ms > 0 && loop_read(en->loop, false) == 0)
			en->resume_ms = now_ms + ms;
	}
	en->read_ms = now_ms;
	settle(en, now_ms);
}

static void on_writable(void *arg, int fd)
{
	struct engine *en = arg;

	(void)fd;
	settle(en, loop_now_ms());
}

static void on_timer(void *arg)
{
	struct engine *en = arg;
	int64_t now_ms = loop_now_ms();

	if (en->resume_ms && now_ms >= en->resume_ms) {
		en->resume_ms = 0;
		if (loop_read(en->loop, true) < 0)
			log_warn("cannot read standard input any more");
	}
	if (!en->is_ended)
		pipeline_tick(en->pipeline, now_ms);
	if (en->stop_ms && now_ms >= en->stop_ms)
		end(en);
	settle(en, now_ms);
}

static void reload(struct engine *en)
{
	struct config *cf = malloc(sizeof(*cf));
	struct classify_rules *rules = NULL;
	struct str why;

	str_init(&why, 64 * 1024);
	if (!cf || settings_config(en->ec.settings, cf, &why) < 0 ||
		settings_rules(cf, &rules, &why) < 0 ||
		emit_reload(en->emit, cf) < 0) {
		classify_rules_free(rules);
		en->metrics.reload_errors++;
		log_warn("reload refused; the old configuration stays");
		log_warn_lines(str_z(&why));
		free(cf);
	} else {
		en->metrics.reloads++;
		pipeline_reload(en->pipeline, cf, rules);
		free(en->cf);
		en->cf = cf;
		log_info("configuration reloaded");
	}
	str_fini(&why);
}

/* SIGTERM means: auditd stops, and its end of the socket closes soon. Until
 * then what it still has to say is read. */
static void terminate(struct engine *en, pid_t from)
{
	if (en->ec.is_plugin && from != en->parent && from > 1) {
		en->metrics.signals_refused++;
		log_warn("SIGTERM from pid %d refused: stop auditd instead",
			(int)from);
		return;
	}
	if (en->stop_ms)
		return;
	en->stop_ms = loop_now_ms() + STOP_MS;
	if (en->resume_ms) {
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

	if (number == SIGHUP)
		reload(en);
	else if (number == SIGUSR1)
		status(en);
	else
		terminate(en, pid);
	settle(en, loop_now_ms());
}

/* libevent's epoll takes no regular files, and they need no waiting for. */
static void run_file(struct engine *en)
{
	while (!en->is_ended && !emit_is_dead(en->emit)) {
		if (read_once(en) < 0)
			break;
		emit_flush(en->emit, loop_now_ms());
		loop_poll(en->loop);
		while (emit_is_waiting(en->emit) && !en->stop_ms &&
			!en->ec.settings->to_stdout) {
			loop_wait(en->loop, TICK_MS);
			emit_flush(en->emit, loop_now_ms());
		}
	}
	end(en);
	settle(en, loop_now_ms());
}

static enum input input_kind(void)
{
	struct stat st;

	if (fstat(STDIN_FILENO, &st) < 0)
		return INPUT_PIPE;
	if (S_ISSOCK(st.st_mode))
		return INPUT_SOCKET;
	return S_ISFIFO(st.st_mode) || isatty(STDIN_FILENO) ? INPUT_PIPE
							    : INPUT_FILE;
}

/* Without its rows a plugin still decodes and scores: better than none. */
static int load_rules(struct engine *en)
{
	struct classify_rules *rules;
	struct str why;
	int rc;

	str_init(&why, 64 * 1024);
	rc = settings_rules(en->cf, &rules, &why);
	log_warn_lines(str_z(&why));
	str_fini(&why);
	if (rc < 0 && !en->ec.is_plugin)
		return -1;
	pipeline_reload(en->pipeline, en->cf, rules);
	return 0;
}

static int start(struct engine *en)
{
	struct loop_conf loop = { .readable = on_readable,
		.writable = on_writable,
		.timer = on_timer,
		.signal = on_signal,
		.arg = en };
	struct emit_conf emit = {
		.watch = on_watch, .arg = en, .metrics = &en->metrics
	};
	struct pipeline_conf pipeline = {
		.out = on_event, .arg = en, .metrics = &en->metrics
	};

	en->input = input_kind();
	en->loop = loop_new(&loop);
	en->emit = en->loop ? emit_new(&emit, en->cf) : NULL;
	en->pipeline = en->emit ? pipeline_new(&pipeline, en->cf) : NULL;
	if (!en->pipeline) {
		log_warn("cannot start: %s", strerror(errno));
		return -1;
	}
	if (en->input != INPUT_FILE && loop_read(en->loop, true) < 0)
		en->input = INPUT_FILE;
	return 0;
}

int engine_run(const struct engine_conf *ec, struct config *cf)
{
	struct engine en = { .ec = *ec, .cf = cf, .parent = getppid() };
	int rc = EXIT_FAILURE;

	if (start(&en) == 0 && load_rules(&en) == 0) {
		emit_flush(en.emit, loop_now_ms());
		en.read_ms = loop_now_ms();
		if (en.input == INPUT_FILE)
			run_file(&en);
		if (!(en.is_ended && !emit_is_waiting(en.emit)))
			loop_run(en.loop);
		rc = en.has_failed || emit_is_dead(en.emit) ? EXIT_FAILURE
							    : EXIT_SUCCESS;
	}
	emit_free(en.emit);
	pipeline_free(en.pipeline);
	loop_free(en.loop);
	free(en.cf);
	return rc;
}
