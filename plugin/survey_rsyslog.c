// SPDX-License-Identifier: GPL-3.0-or-later
/* The way of the lines: rsyslog's input, its socket. */
#include "survey.h"

#include <errno.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "text.h"

#define DROP_IN "/etc/rsyslog.d/40-audisp-hunt.conf"
#define GUARD   "/etc/rsyslog.d/05-audisp-hunt.conf"
#define SOCKET  "/run/audisp-hunt/log.sock"
#define DIR     "/run/audisp-hunt"

static void conf(struct survey *s)
{
	bool is_there;

	if (!survey_read(s, "/etc/rsyslog.conf", &is_there)) {
		survey_find(s, is_there ? SURVEY_UNKNOWN : SURVEY_ADVICE,
			"rsyslog.conf", "install rsyslog",
			is_there ? "/etc/rsyslog.conf cannot be read"
				 : "there is no rsyslog: lines go to /dev/log "
				   "alone, which drops them under load");
		return;
	}
	if (!text_find(str_bytes(&s->file), BYTES("imuxsock")))
		survey_find(s, SURVEY_PROBLEM, "rsyslog.imuxsock",
			"module(load=\"imuxsock\") in /etc/rsyslog.conf",
			"rsyslog does not load imuxsock, which the drop-in "
			"needs");
	if (!survey_read(s, DROP_IN, &is_there) && !is_there)
		survey_find(s, SURVEY_PROBLEM, "rsyslog.drop-in",
			"copy conf/rsyslog/40-audisp-hunt.conf there, restart "
			"rsyslog",
			"rsyslog has no input for the lines: there is "
			"no " DROP_IN);
	else
		survey_is_roots(s, "rsyslog.drop-in", DROP_IN);
	if (!survey_read(s, GUARD, &is_there) && !is_there)
		survey_find(s, SURVEY_PROBLEM, "rsyslog.guard",
			"copy conf/rsyslog/05-audisp-hunt.conf there, restart "
			"rsyslog",
			"lines that others forge are forwarded as ours: there "
			"is no " GUARD);
	else
		survey_is_roots(s, "rsyslog.guard", GUARD);
}

/* Whether somebody listens: a datagram socket takes a connection then. */
static bool is_served(const char *path, int *error)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	int fd, rc;

	if (strlen(path) >= sizeof(to.sun_path))
		return false;
	memcpy(to.sun_path, path, strlen(path) + 1);
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return false;
	rc = connect(fd, (struct sockaddr *)&to, sizeof(to));
	*error = errno;
	close(fd);
	return rc == 0;
}

static void socket_of(struct survey *s)
{
	struct stat st;
	int error = 0;

	if (stat(survey_path(s, DIR), &st) == 0 &&
		(st.st_mode & (S_IWGRP | S_IWOTH)))
		survey_find(s, SURVEY_PROBLEM, "rsyslog.directory",
			"chmod 710 " DIR,
			"others than root can put a socket of their own "
			"into " DIR " (mode %04o)",
			(unsigned int)st.st_mode & 07777);
	else if (stat(survey_path(s, DIR), &st) == 0 && (st.st_mode & S_IXOTH))
		survey_find(s, SURVEY_PROBLEM, "rsyslog.directory",
			"systemd-tmpfiles --create audisp-hunt.conf, or chmod "
			"710 " DIR " and chgrp audisp-hunt",
			"everybody can write lines as ours to the socket "
			"in " DIR " (mode %04o)",
			(unsigned int)st.st_mode & 07777);
	if (s->sc.root[0])
		return;
	if (is_served(SOCKET, &error))
		survey_find(s, SURVEY_OK, "rsyslog.socket", NULL,
			"rsyslog takes lines at " SOCKET);
	else if (error == EACCES)
		survey_find(s, SURVEY_UNKNOWN, "rsyslog.socket",
			"run it as root", SOCKET " cannot be looked at");
	else
		survey_find(s, SURVEY_PROBLEM, "rsyslog.socket",
			"service rsyslog restart",
			"nobody takes lines at " SOCKET ": %s",
			strerror(error));
	if (!is_served("/dev/log", &error) && error != EPROTOTYPE)
		survey_find(s, SURVEY_ADVICE, "rsyslog.fallback",
			"start a syslog daemon",
			"nobody takes lines at /dev/log, the way out when "
			"rsyslog's own socket is gone");
}

void survey_rsyslog(struct survey *s)
{
	conf(s);
	socket_of(s);
}
