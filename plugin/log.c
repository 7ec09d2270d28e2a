// SPDX-License-Identifier: GPL-3.0-or-later
#include "log.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>

#define MESSAGE_MAX 1024
#define LIMIT_S     60

static enum log_target target = LOG_TO_STDERR;
static const char *name = "audisp-hunt";

void log_init(enum log_target to)
{
	target = to;
}

void log_name(const char *who)
{
	name = who;
}

static void escape(char *text)
{
	for (; *text; text++)
		if (*text < 0x20 || *text == 0x7f)
			*text = '?';
}

static void send_syslog(int severity, const char *text)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX,
		.sun_path = "/dev/log" };
	char line[MESSAGE_MAX + 64];
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	int n;

	if (fd < 0)
		return;
	n = snprintf(line, sizeof(line), "<%d>%s[%d]: %s",
		LOG_DAEMON | severity, name, (int)getpid(), text);
	if (n > 0)
		(void)!sendto(fd, line, (size_t)n, MSG_NOSIGNAL,
			(struct sockaddr *)&to, sizeof(to));
	close(fd);
}

static void say(int severity, const char *fmt, va_list ap)
	__attribute__((format(printf, 2, 0)));

static void say(int severity, const char *fmt, va_list ap)
{
	char text[MESSAGE_MAX];
	int saved = errno;

	vsnprintf(text, sizeof(text), fmt, ap);
	escape(text);
	if (target == LOG_TO_STDERR)
		fprintf(stderr, "%s: %s\n", name, text);
	else
		send_syslog(severity, text);
	errno = saved;
}

void log_info(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say(LOG_INFO, fmt, ap);
	va_end(ap);
}

void log_warn(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say(LOG_WARNING, fmt, ap);
	va_end(ap);
}

void log_warn_lines(const char *text)
{
	while (*text) {
		size_t len = strcspn(text, "\n");

		log_warn("%.*s", (int)len, text);
		text += len + (text[len] == '\n');
	}
}

void log_warn_limited(struct log_limit *limit, const char *fmt, ...)
{
	struct timespec now;
	va_list ap;

	clock_gettime(CLOCK_MONOTONIC, &now);
	if (now.tv_sec < limit->next_s) {
		limit->held_back++;
		return;
	}
	va_start(ap, fmt);
	say(LOG_WARNING, fmt, ap);
	va_end(ap);
	if (limit->held_back)
		log_warn("%u more of these in the last minute",
			limit->held_back);
	limit->held_back = 0;
	limit->next_s = now.tv_sec + LIMIT_S;
}
