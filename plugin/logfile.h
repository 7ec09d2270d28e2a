// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef LOGFILE_H
#define LOGFILE_H

#include <stddef.h>

#include "str.h"

/* Bytes read at a time, and the most that push gets. */
#define LOGFILE_CHUNK (64 * 1024)

/* Reads an audit log, plain, gzip or xz whatever it is called ("-": standard
 * input) and hands on its bytes. -1: *why says what failed, after what could
 * be read was handed on. */
int logfile_read(const char *path,
	void (*push)(void *arg, const char *bytes, size_t n), void *arg,
	struct str *why) __attribute__((warn_unused_result));

/* auditd's own logs, oldest first: calls take for audit.log.N ... audit.log.
 * Returns how many there were. */
#define LOGFILE_DIR "/var/log/audit"
size_t logfile_each(
	const char *dir, void (*take)(void *arg, const char *path), void *arg);

#endif
