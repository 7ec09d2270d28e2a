// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SOURCE_H
#define SOURCE_H

#include <stdbool.h>
#include <stdint.h>

#include "log.h"

/*
 * Where front's records come from: standard input as auditd gave it, or, with
 * a path, the socket on which auditd's af_unix plugin listens, which becomes
 * standard input. auditd does not wait for a listener there: what it has to
 * tell while nobody is connected is lost, which the serials will show.
 */
struct source {
	const char *path; /* NULL: standard input as it is */
	bool is_open;
	int64_t opened_ms;
	int64_t retry_ms; /* when to try again */
	unsigned int pause_ms; /* after the next failure */
	struct log_limit limit;
};

void source_init(struct source *s, const char *path);
/* Whether there is something to read from; tries to connect when that is due.
 * now_ms is any clock that never steps. */
bool source_open(struct source *s, int64_t now_ms);
/* It has ended. False: for good, there is no other. */
bool source_lost(struct source *s, int64_t now_ms);
/* When to call source_open at the latest, in ms; -1: when it can be read. */
int64_t source_wait_ms(const struct source *s, int64_t now_ms);

#endif
