// SPDX-License-Identifier: GPL-3.0-or-later
#include "source.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "sink.h"

/* auditd is back within a second or two of its restart: the first tries are
 * close together, and cost little later on. */
#define PAUSE_MIN_MS 50
#define PAUSE_MAX_MS 2000
/* A connection that held for so long was a good one. */
#define STEADY_MS 10000

void source_init(struct source *s, const char *path)
{
	*s = (struct source){
		.path = path, .is_open = !path, .pause_ms = PAUSE_MIN_MS
	};
}

static int connect_to(const char *path)
{
	int fd = sink_connect(path, SOCK_STREAM), rc;

	if (fd < 0)
		return -1;
	rc = dup2(fd, STDIN_FILENO) == STDIN_FILENO ? 0 : -1;
	close(fd);
	return rc;
}

static void put_off(struct source *s, int64_t now_ms)
{
	s->retry_ms = now_ms + s->pause_ms;
	s->pause_ms *= 2;
	if (s->pause_ms > PAUSE_MAX_MS)
		s->pause_ms = PAUSE_MAX_MS;
}

bool source_open(struct source *s, int64_t now_ms)
{
	if (s->is_open || now_ms < s->retry_ms)
		return s->is_open;
	if (connect_to(s->path) < 0) {
		log_warn_limited(&s->limit,
			"%s: %s; what auditd tells meanwhile is lost", s->path,
			strerror(errno));
		put_off(s, now_ms);
		return false;
	}
	log_info("connected to %s", s->path);
	s->opened_ms = now_ms;
	s->is_open = true;
	return true;
}

bool source_lost(struct source *s, int64_t now_ms)
{
	if (!s->path)
		return false;
	log_warn_limited(&s->limit, "%s: auditd has closed it", s->path);
	s->is_open = false;
	/* Who accepts and hangs up is not asked all the time. */
	if (now_ms - s->opened_ms > STEADY_MS)
		s->pause_ms = PAUSE_MIN_MS;
	put_off(s, now_ms);
	return true;
}

int64_t source_wait_ms(const struct source *s, int64_t now_ms)
{
	if (s->is_open)
		return -1;
	return s->retry_ms > now_ms ? s->retry_ms - now_ms : 0;
}
