// SPDX-License-Identifier: GPL-3.0-or-later
#include "alertsock.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "alert.h"
#include "config.h"
#include "log.h"
#include "loop.h"
#include "metrics.h"
#include "place.h"
#include "sink.h"
#include "tables.h"

/* Whether the socket still stands there, or can by now. */
#define LOOK_MS 60000
/* So much is read at a time, and then the engine has that long for itself:
 * at most 320 datagrams and 1.3 MB a second. */
#define READS_MAX  16
#define BYTES_MAX  ALERTSOCK_LEN_MAX
#define PAUSE_MS   50
#define WHY_MAX    1024
#define OWNER_ONLY 0117 /* and the group: 0660 */

struct alertsock {
	struct loop *loop;
	struct alert_table *table;
	struct metrics *metrics;
	int fd; /* -1: there is none */
	dev_t dev;
	ino_t ino; /* of its file */
	char path[CONFIG_PATH_MAX];
	char failed[CONFIG_PATH_MAX]; /* was told of already */
	int64_t look_ms, resume_ms; /* 0: it is read */
	struct log_limit limit;
	char room[ALERTSOCK_LEN_MAX];
};

struct alertsock *alertsock_new(
	struct loop *loop, struct alert_table *table, struct metrics *metrics)
{
	struct alertsock *s = calloc(1, sizeof(*s));

	if (!s)
		return NULL;
	s->loop = loop;
	s->table = table;
	s->metrics = metrics;
	s->fd = -1;
	return s;
}

static bool stands(const struct alertsock *s)
{
	struct stat st;

	return lstat(s->path, &st) == 0 && st.st_dev == s->dev &&
	       st.st_ino == s->ino;
}

static void shut(struct alertsock *s)
{
	if (s->fd < 0)
		return;
	(void)!loop_watch(s->loop, s->fd, 0);
	close(s->fd);
	s->fd = -1;
	s->resume_ms = 0;
	if (stands(s))
		unlink(s->path);
}

void alertsock_free(struct alertsock *s)
{
	if (!s)
		return;
	shut(s);
	free(s);
}

/* --- the socket -------------------------------------------------------------
 */

/* What an engine before left there goes. */
static int clear(const char *path, struct str *why)
{
	struct stat st;
	int fd;

	if (lstat(path, &st) < 0) {
		if (errno == ENOENT)
			return 0;
		str_addf(why, "%s: %s\n", path, strerror(errno));
		return -1;
	}
	if (!S_ISSOCK(st.st_mode) || !place_is_ours(&st)) {
		str_addf(why, "%s: is no socket of ours\n", path);
		return -1;
	}
	fd = sink_connect(path, SOCK_DGRAM);
	if (fd >= 0) {
		close(fd);
		str_addf(why, "%s: another process listens there\n", path);
		return -1;
	}
	if (unlink(path) == 0)
		return 0;
	str_addf(why, "%s: %s\n", path, strerror(errno));
	return -1;
}

static int bind_to(struct alertsock *s, const char *path)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	struct stat st;
	mode_t was;
	int rc;

	s->fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (s->fd < 0)
		return -1;
	memcpy(at.sun_path, path, strnlen(path, sizeof(at.sun_path) - 1));
	was = umask(OWNER_ONLY);
	rc = bind(s->fd, (struct sockaddr *)&at, sizeof(at));
	umask(was);
	if (rc < 0 || lstat(path, &st) < 0 ||
		loop_watch(s->loop, s->fd, LOOP_READ) < 0)
		return -1;
	s->dev = st.st_dev;
	s->ino = st.st_ino;
	memcpy(s->path, path, sizeof(s->path));
	return 0;
}

static int listen_at(struct alertsock *s, const char *path, struct str *why)
{
	if (place_check(path, why) < 0 || clear(path, why) < 0)
		return -1;
	if (bind_to(s, path) == 0)
		return 0;
	str_addf(why, "%s: %s\n", path, strerror(errno));
	if (s->fd >= 0)
		close(s->fd);
	s->fd = -1;
	return -1;
}

static void look(struct alertsock *s, const char *path)
{
	struct str why;

	if (s->fd >= 0 && (strcmp(path, s->path) != 0 || !stands(s)))
		shut(s);
	if (s->fd >= 0 || !strcmp(path, "none"))
		return;
	str_init(&why, WHY_MAX);
	if (listen_at(s, path, &why) == 0) {
		s->failed[0] = '\0';
	} else if (strcmp(path, s->failed) != 0) {
		memcpy(s->failed, path, sizeof(s->failed));
		log_warn("alerts.socket: no alert can be sent:");
		log_warn_lines(str_z(&why));
	}
	str_fini(&why);
}

void alertsock_tick(
	struct alertsock *s, const struct config *cf, int64_t now_ms)
{
	if (now_ms >= s->look_ms) {
		s->look_ms = now_ms + LOOK_MS;
		look(s, cf->alerts_socket);
	}
	if (s->fd >= 0 && s->resume_ms && now_ms >= s->resume_ms) {
		s->resume_ms = 0;
		(void)!loop_watch(s->loop, s->fd, LOOP_READ);
	}
}

int64_t alertsock_due_ms(const struct alertsock *s)
{
	return s->resume_ms && s->resume_ms < s->look_ms ? s->resume_ms
							 : s->look_ms;
}

void alertsock_reload(struct alertsock *s)
{
	s->look_ms = 0;
	s->failed[0] = '\0';
}

/* --- what is sent -----------------------------------------------------------
 */

/* All of them, or none. */
static int take(struct alertsock *s, struct bytes text, struct str *why)
{
	struct alert_table *sent = alert_table_new();
	struct alert_seen a;
	const void *at = NULL;
	size_t n = 0;
	int rc = -1;

	if (sent)
		rc = tables_take_sent_alerts(sent, text, why);
	while (rc == 0 && alert_next(sent, &at, &a)) {
		rc = alert_table_add_sent(
			s->table, a.host, a.name, a.severity, a.time_ms);
		n++;
	}
	alert_table_free(sent);
	if (rc == 0 && !n) {
		str_addz(why, "is about no host");
		rc = -1;
	}
	s->metrics->alerts_received += rc == 0 ? n : 0;
	return rc;
}

static void refuse(struct alertsock *s, const char *why)
{
	s->metrics->alerts_refused++;
	log_warn_limited(&s->limit, "alerts.socket: refused: %s", why);
}

static void take_or_refuse(struct alertsock *s, size_t len)
{
	struct str why;

	if (len > ALERTSOCK_LEN_MAX) {
		refuse(s, "too long");
		return;
	}
	str_init(&why, WHY_MAX);
	if (!len || take(s, (struct bytes){ s->room, len }, &why) < 0)
		refuse(s, why.len ? str_z(&why) : "nothing in it");
	str_fini(&why);
}

void alertsock_ready(struct alertsock *s, int fd, int64_t now_ms)
{
	size_t bytes = 0;

	if (fd != s->fd || fd < 0)
		return;
	for (int i = 0; i < READS_MAX && bytes < BYTES_MAX; i++) {
		ssize_t n = recv(
			fd, s->room, sizeof(s->room), MSG_DONTWAIT | MSG_TRUNC);

		if (n < 0)
			return;
		take_or_refuse(s, (size_t)n);
		bytes += (size_t)n;
	}
	s->resume_ms = now_ms + PAUSE_MS;
	(void)!loop_watch(s->loop, fd, 0);
}
