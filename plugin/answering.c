// SPDX-License-Identifier: GPL-3.0-or-later
#include "answering.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "broker.h"
#include "config.h"
#include "fetch.h"
#include "log.h"
#include "lookup.h"
#include "loop.h"
#include "question.h"

/* An engine, its successor, and whoever else may open the socket. */
#define PEERS_MAX 8
#define ASKED_MAX 2048
/* Questions that are read at a time. */
#define READ_MAX 64
#define IDLE_MS  60000

struct asked {
	int fd; /* of who asks */
	uint32_t id;
	enum ioc_type type;
	struct str as; /* what is asked about in its place */
};

struct answering {
	struct loop *loop;
	struct lookup *lookup;
	struct fetch *fetch;
	int listen_fd;
	int peers[PEERS_MAX];
	size_t n_peers, n_asked;
	struct asked asked[ASKED_MAX];
};

static void forget(struct answering *an, size_t i)
{
	str_fini(&an->asked[i].as);
	an->asked[i] = an->asked[--an->n_asked];
}

static void hang_up(struct answering *an, int fd)
{
	for (size_t i = an->n_asked; i > 0; i--)
		if (an->asked[i - 1].fd == fd)
			forget(an, i - 1);
	for (size_t i = 0; i < an->n_peers; i++)
		if (an->peers[i] == fd)
			an->peers[i] = an->peers[--an->n_peers];
	(void)!loop_watch(an->loop, fd, 0);
	close(fd);
}

static void copy_word(char *to, size_t size, const char *from)
{
	size_t len = strnlen(from, size - 1);

	memset(to, 0, size);
	for (size_t i = 0; i < len; i++)
		to[i] = from[i] >= 0x20 && from[i] < 0x7f ? from[i] : '?';
}

/* False: the peer does not read, and is gone. */
static bool answer(struct answering *an, int fd, uint32_t id,
	const struct broker_verdict *v)
{
	struct answer a = { .version = QUESTION_VERSION,
		.id = id,
		.severity = v->severity,
		.is_final = v->is_final };

	copy_word(a.provider, sizeof(a.provider), v->provider);
	copy_word(a.why, sizeof(a.why), v->why);
	if (send(fd, &a, sizeof(a), MSG_NOSIGNAL | MSG_DONTWAIT) > 0)
		return true;
	hang_up(an, fd);
	return false;
}

static bool is_about(const struct asked *a, const struct broker_verdict *v)
{
	return a->type == v->type && bytes_equal(str_bytes(&a->as), v->value);
}

/* Those who asked last are told first: one that is forgotten leaves its place
 * to one that was told. */
static void on_tell(void *arg, const struct broker_verdict *v)
{
	struct answering *an = arg;

	for (size_t i = an->n_asked; i > 0; i--) {
		const struct asked *a = &an->asked[i - 1];

		if (i > an->n_asked || !is_about(a, v))
			continue;
		if (answer(an, a->fd, a->id, v) && v->is_final)
			forget(an, i - 1);
	}
}

static void refuse(
	struct answering *an, int fd, const struct question *q, const char *why)
{
	struct broker_verdict v = {
		.provider = "", .is_final = true, .why = why
	};

	(void)answer(an, fd, q->id, &v);
}

static void ask(struct answering *an, int fd, const struct question *q)
{
	struct bytes value = { q->value, q->len };
	struct asked *a = &an->asked[an->n_asked];
	enum ioc_type type = (enum ioc_type)q->type;

	if (an->n_asked == ASKED_MAX) {
		refuse(an, fd, q, "too many questions");
		return;
	}
	*a = (struct asked){ .fd = fd, .id = q->id, .type = type };
	str_init(&a->as, IOC_VALUE_MAX);
	if (!lookup_may(an->lookup, type, value, &a->as)) {
		str_fini(&a->as);
		refuse(an, fd, q, "nobody outside is asked about it");
		return;
	}
	an->n_asked++;
	/* May answer, and forget, at once. */
	lookup_ask(an->lookup, type, value);
}

static void read_peer(struct answering *an, int fd)
{
	struct question q;

	for (int i = 0; i < READ_MAX; i++) {
		ssize_t n = recv(fd, &q, sizeof(q), MSG_DONTWAIT | MSG_TRUNC);

		if (n < 0 && (errno == EAGAIN || errno == EINTR))
			return;
		if (n <= 0 || !question_is(&q, (size_t)n)) {
			if (n > 0)
				log_warn("no question: a caller is hung up on");
			hang_up(an, fd);
			return;
		}
		ask(an, fd, &q);
	}
}

static void take_peer(struct answering *an)
{
	int fd = accept4(
		an->listen_fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

	if (fd < 0)
		return;
	if (an->n_peers == PEERS_MAX)
		hang_up(an, an->peers[0]);
	if (loop_watch(an->loop, fd, LOOP_READ) < 0) {
		close(fd);
		return;
	}
	an->peers[an->n_peers++] = fd;
}

static bool is_peer(const struct answering *an, int fd)
{
	for (size_t i = 0; i < an->n_peers; i++)
		if (an->peers[i] == fd)
			return true;
	return false;
}

static void wake_in(struct answering *an, int ms)
{
	if (ms >= 0 && ms < IDLE_MS)
		loop_timer(an->loop, (unsigned int)ms);
}

static void settle(struct answering *an)
{
	lookup_tick(an->lookup);
	fetch_tick(an->fetch);
	loop_timer(an->loop, IDLE_MS);
	wake_in(an, lookup_due_ms(an->lookup));
	wake_in(an, fetch_due_ms(an->fetch));
}

static void on_ready(void *arg, int fd, unsigned int what)
{
	struct answering *an = arg;

	if (fd == an->listen_fd)
		take_peer(an);
	else if (is_peer(an, fd))
		read_peer(an, fd);
	else {
		/* Whose it is not does nothing with it. */
		lookup_ready(an->lookup, fd, what);
		fetch_ready(an->fetch, fd, what);
	}
	settle(an);
}

static void on_watch(void *arg, int fd, unsigned int what)
{
	struct answering *an = arg;

	if (loop_watch(an->loop, fd, what) < 0)
		log_warn("too many connections");
}

static void on_timer(void *arg)
{
	settle(arg);
}

/* A new configuration is a new process: its keys are read at the start. */
static void on_signal(void *arg, int number, pid_t pid)
{
	struct answering *an = arg;

	(void)pid;
	if (number == SIGTERM || number == SIGINT || number == SIGHUP)
		loop_stop(an->loop);
	if (number != SIGUSR1)
		return;
	fetch_all(an->fetch);
	settle(an);
}

/* Whoever started us is gone: nothing else comes on standard input. */
static void on_input(void *arg)
{
	struct answering *an = arg;

	loop_stop(an->loop);
}

static int start(struct answering *an, const struct config *cf, struct str *why)
{
	struct loop_conf loop = { .readable = on_input,
		.ready = on_ready,
		.timer = on_timer,
		.signal = on_signal,
		.arg = an };
	struct lookup_conf lookup = {
		.config = cf, .watch = on_watch, .tell = on_tell, .arg = an
	};
	struct fetch_hooks hooks = { .watch = on_watch, .arg = an };

	if (strcmp(cf->intel_state, "none"))
		lookup.state = cf->intel_state;
	an->loop = loop_new(&loop);
	an->lookup = an->loop ? lookup_new(&lookup, why) : NULL;
	an->fetch = an->lookup ? fetch_new(cf, &hooks, why) : NULL;
	return an->fetch && loop_watch(an->loop, an->listen_fd, LOOP_READ) == 0
		       ? 0
		       : -1;
}

int answering_run(
	int listen_fd, bool is_kept, const struct config *cf, struct str *why)
{
	struct answering *an = calloc(1, sizeof(*an));
	int rc = EXIT_FAILURE;

	if (an) {
		an->listen_fd = listen_fd;
		if (start(an, cf, why) == 0) {
			log_warn_lines(str_z(why));
			str_reset(why);
			settle(an);
			if (!is_kept || loop_read(an->loop, true) == 0)
				loop_run(an->loop);
			rc = EXIT_SUCCESS;
		}
		while (an->n_peers)
			hang_up(an, an->peers[0]);
		fetch_free(an->fetch);
		lookup_free(an->lookup);
		loop_free(an->loop);
	}
	close(listen_fd);
	free(an);
	return rc;
}
