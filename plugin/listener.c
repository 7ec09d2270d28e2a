// SPDX-License-Identifier: GPL-3.0-or-later
#include "listener.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "priv.h"
#include "sink.h"
#include "str.h"

#define BACKLOG 8

static int bind_to(const struct sockaddr_un *at)
{
	int fd = socket(
		AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	int saved;

	if (fd < 0 ||
		(bind(fd, (const struct sockaddr *)at, sizeof(*at)) == 0 &&
			listen(fd, BACKLOG) == 0))
		return fd;
	saved = errno;
	close(fd);
	errno = saved;
	return -1;
}

int listener_open(const char *path, const char *user, struct str *why)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	mode_t mask = umask(0177);
	struct stat st;
	int fd = -1;

	if (strlen(path) >= sizeof(at.sun_path)) {
		errno = ENAMETOOLONG;
	} else {
		memcpy(at.sun_path, path, strlen(path) + 1);
		if (lstat(path, &st) == 0 && S_ISSOCK(st.st_mode))
			(void)!unlink(path);
		fd = bind_to(&at);
	}
	umask(mask);
	if (fd < 0)
		str_addf(why, "%s: %s\n", path, strerror(errno));
	else if (geteuid() == 0)
		priv_give(path, user, why);
	return fd;
}

bool listener_is_served(const char *path)
{
	int fd = sink_connect(path, SOCK_SEQPACKET);

	if (fd < 0)
		return errno == EAGAIN;
	close(fd);
	return true;
}
