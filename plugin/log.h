// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef LOG_H
#define LOG_H

#include <stdint.h>

/*
 * The operator's log, never detections: standard error in the foreground,
 * else daemon.* datagrams to /dev/log that are dropped rather than waited for.
 * Bytes outside 0x20-0x7e are escaped here.
 */

enum log_target { LOG_TO_STDERR, LOG_TO_SYSLOG };

void log_init(enum log_target target);
/* Who speaks; "audisp-hunt" until told otherwise. */
void log_name(const char *name);
void log_info(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void log_warn(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* Each line of text by itself. */
void log_warn_lines(const char *text);

/* One for each kind of message that input can cause; zero-initialised. */
struct log_limit {
	int64_t next_s;
	unsigned int held_back;
};

/* At most once a minute per limit; says how many were held back. */
void log_warn_limited(struct log_limit *limit, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

#endif
