// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef DAEMON_H
#define DAEMON_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "kernel.h"
#include "str.h"

/* What can be seen of a daemon from outside, by whom it may be. */
struct daemon_process {
	pid_t pid; /* 0: nothing was seen of it */
	int64_t rss_kib;
};

struct daemon_seen {
	struct daemon_process engine, front;
	bool has_spool; /* it could be looked at */
	int64_t spool_files, spool_bytes;
	bool has_kernel;
	struct kernel_audit kernel;
	struct str unseen; /* a line for each thing that could not be */
};

/* engine is the pid that it has told, 0 if none. seen->unseen is the caller's
 * to str_fini. */
void daemon_look(struct daemon_seen *seen, pid_t engine, const char *spool_dir);

#endif
