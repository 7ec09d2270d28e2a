// SPDX-License-Identifier: GPL-3.0-or-later
#include "loop.h"

#include <event2/event.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

#include "log.h"
#include "process.h"

/* One for each output that may wait. */
#define WRITERS_MAX 8

struct watched {
	struct event *event;
	int fd;
};

struct loop {
	struct loop_conf cf;
	struct event_base *base;
	struct event *input, *timer, *signals;
	struct watched writers[WRITERS_MAX], others[LOOP_WATCHED_MAX];
	int signal_fd;
	int64_t timer_at_ms; /* 0: not set */
};

static void on_log(int severity, const char *text)
{
	if (severity >= EVENT_LOG_WARN)
		log_warn("libevent: %s", text);
}

static void on_readable(evutil_socket_t fd, short what, void *arg)
{
	struct loop *l = arg;

	(void)fd;
	(void)what;
	l->cf.readable(l->cf.arg);
}

static void on_writable(evutil_socket_t fd, short what, void *arg)
{
	struct loop *l = arg;

	(void)what;
	l->cf.writable(l->cf.arg, fd);
}

static void on_ready(evutil_socket_t fd, short what, void *arg)
{
	struct loop *l = arg;

	l->cf.ready(l->cf.arg, fd,
		(what & EV_READ ? LOOP_READ : 0U) |
			(what & EV_WRITE ? LOOP_WRITE : 0U));
}

static void on_timer(evutil_socket_t fd, short what, void *arg)
{
	struct loop *l = arg;

	(void)fd;
	(void)what;
	l->timer_at_ms = 0;
	l->cf.timer(l->cf.arg);
}

static void on_signal(evutil_socket_t fd, short what, void *arg)
{
	struct signalfd_siginfo info;
	struct loop *l = arg;

	(void)what;
	while (read(fd, &info, sizeof(info)) == sizeof(info))
		l->cf.signal(
			l->cf.arg, (int)info.ssi_signo, (pid_t)info.ssi_pid);
}

static int open_signals(struct loop *l)
{
	sigset_t set;

	if (process_hold(&set) < 0)
		return -1;
	l->signal_fd = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
	if (l->signal_fd < 0)
		return -1;
	l->signals = event_new(
		l->base, l->signal_fd, EV_READ | EV_PERSIST, on_signal, l);
	return l->signals ? event_add(l->signals, NULL) : -1;
}

struct loop *loop_new(const struct loop_conf *cf)
{
	struct loop *l = calloc(1, sizeof(*l));

	if (!l)
		return NULL;
	l->cf = *cf;
	l->signal_fd = -1;
	event_set_log_callback(on_log);
	l->base = event_base_new();
	if (!l->base)
		goto fail;
	l->input = event_new(
		l->base, STDIN_FILENO, EV_READ | EV_PERSIST, on_readable, l);
	l->timer = event_new(l->base, -1, 0, on_timer, l);
	if (!l->input || !l->timer || open_signals(l) < 0)
		goto fail;
	return l;
fail:
	loop_free(l);
	return NULL;
}

static void free_event(struct event *ev)
{
	if (ev)
		event_free(ev);
}

void loop_free(struct loop *l)
{
	if (!l)
		return;
	free_event(l->input);
	free_event(l->timer);
	free_event(l->signals);
	for (int i = 0; i < WRITERS_MAX; i++)
		free_event(l->writers[i].event);
	for (int i = 0; i < LOOP_WATCHED_MAX; i++)
		free_event(l->others[i].event);
	if (l->signal_fd >= 0)
		close(l->signal_fd);
	if (l->base)
		event_base_free(l->base);
	free(l);
}

int loop_read(struct loop *l, bool is_on)
{
	return is_on ? event_add(l->input, NULL) : event_del(l->input);
}

/* The place of fd among n, or an empty one; NULL if there is none. */
static struct watched *place_of(struct watched *all, size_t n, int fd)
{
	struct watched *empty = NULL;

	for (size_t i = 0; i < n; i++) {
		if (all[i].event && all[i].fd == fd)
			return &all[i];
		if (!all[i].event && !empty)
			empty = &all[i];
	}
	return empty;
}

void loop_write(struct loop *l, int fd, bool is_on)
{
	struct watched *w = place_of(l->writers, WRITERS_MAX, fd);

	if (!w)
		return;
	if (!is_on) {
		free_event(w->event);
		w->event = NULL;
		return;
	}
	w->fd = fd;
	if (!w->event)
		w->event = event_new(l->base, fd, EV_WRITE, on_writable, l);
	if (w->event)
		event_add(w->event, NULL);
}

int loop_watch(struct loop *l, int fd, unsigned int what)
{
	struct watched *w = place_of(l->others, LOOP_WATCHED_MAX, fd);
	short bits = EV_PERSIST;

	if (!w)
		return -1;
	free_event(w->event);
	w->event = NULL;
	if (!what)
		return 0;
	if (what & LOOP_READ)
		bits |= EV_READ;
	if (what & LOOP_WRITE)
		bits |= EV_WRITE;
	w->fd = fd;
	w->event = event_new(l->base, fd, bits, on_ready, l);
	return w->event ? event_add(w->event, NULL) : -1;
}

void loop_timer(struct loop *l, unsigned int ms)
{
	struct timeval tv = { .tv_sec = (time_t)(ms / 1000),
		.tv_usec = (suseconds_t)(ms % 1000) * 1000 };
	int64_t at_ms = loop_now_ms() + ms;

	if (l->timer_at_ms && l->timer_at_ms <= at_ms)
		return;
	l->timer_at_ms = at_ms;
	event_add(l->timer, &tv);
}

void loop_run(struct loop *l)
{
	event_base_loop(l->base, EVLOOP_NO_EXIT_ON_EMPTY);
}

void loop_poll(struct loop *l)
{
	event_base_loop(l->base, EVLOOP_NONBLOCK);
}

void loop_wait(struct loop *l, unsigned int ms)
{
	loop_timer(l, ms);
	event_base_loop(l->base, EVLOOP_ONCE);
}

void loop_stop(struct loop *l)
{
	event_base_loopbreak(l->base);
}

int64_t loop_now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_BOOTTIME, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}
