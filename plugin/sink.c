// SPDX-License-Identifier: GPL-3.0-or-later
#include "sink.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/sockios.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "config.h"

void sink_init(struct sink *s, const struct output_conf *conf)
{
	*s = (struct sink){ .conf = conf, .fd = -1 };
}

int sink_connect(const char *path, int type)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	int saved;

	if (fd < 0)
		return -1;
	memcpy(to.sun_path, path, strnlen(path, sizeof(to.sun_path) - 1));
	if (connect(fd, (struct sockaddr *)&to, sizeof(to)) == 0)
		return fd;
	saved = errno;
	close(fd);
	errno = saved;
	return -1;
}

int sink_open(struct sink *s, bool is_fallback_allowed)
{
	const struct output_conf *o = s->conf;

	s->is_fallback = false;
	switch (o->kind) {
	case OUTPUT_SYSLOG:
		s->fd = sink_connect(o->path, SOCK_DGRAM);
		if (s->fd < 0 && o->fallback[0] && is_fallback_allowed) {
			s->fd = sink_connect(o->fallback, SOCK_DGRAM);
			s->is_fallback = s->fd >= 0;
		}
		break;
	case OUTPUT_STREAM:
		s->fd = sink_connect(o->path, SOCK_STREAM);
		break;
	case OUTPUT_FILE:
		s->fd = open(o->path,
			O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW |
				O_NONBLOCK,
			0640);
		break;
	case OUTPUT_STDOUT:
		s->fd = STDOUT_FILENO;
		break;
	}
	return s->fd < 0 ? -1 : 0;
}

enum sink_return sink_upgrade(struct sink *s, bool is_forced)
{
	int fd = sink_connect(s->conf->path, SOCK_DGRAM), unread = 0;

	if (fd < 0)
		return SINK_ABSENT;
	if (!is_forced && ioctl(s->fd, SIOCOUTQ, &unread) == 0 && unread > 0) {
		close(fd);
		return SINK_UNREAD;
	}
	close(s->fd);
	s->fd = fd;
	s->is_fallback = false;
	return SINK_BACK;
}

bool sink_is_datagram(const struct sink *s)
{
	return s->conf->kind == OUTPUT_SYSLOG;
}

void sink_close(struct sink *s)
{
	if (s->fd >= 0 && s->conf->kind != OUTPUT_STDOUT)
		close(s->fd);
	s->fd = -1;
}

static enum sink_result failed(struct sink *s)
{
	if (s->conf->kind == OUTPUT_STDOUT && errno != EAGAIN) {
		sink_close(s);
		return SINK_GONE;
	}
	switch (errno) {
	case EAGAIN:
		return SINK_AGAIN;
	case EMSGSIZE:
		return SINK_TOO_LONG;
	case ENOBUFS:
	case ENOMEM:
	case ENOSPC:
	case EDQUOT:
	case EIO:
	case EFBIG:
	case EROFS:
		return SINK_LATER;
	default:
		sink_close(s);
		return SINK_GONE;
	}
}

enum sink_result sink_send(
	struct sink *s, const char *lines, size_t len, size_t *took)
{
	ssize_t n;

	do
		n = sink_is_datagram(s)
			    ? send(s->fd, lines, len - 1, MSG_NOSIGNAL)
			    : write(s->fd, lines, len);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return failed(s);
	*took = (size_t)n + (sink_is_datagram(s) ? 1 : 0);
	return SINK_SENT;
}
