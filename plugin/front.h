// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef FRONT_H
#define FRONT_H

/*
 * What auditd starts: takes what auditd writes off the socket within a
 * millisecond or two, whatever happens to anything else, and keeps an engine
 * alive that does the work. Nothing here parses more than newlines, allocates,
 * or waits for anybody.
 */
struct front;
struct keeper;

/* Gets ready what has to be before privileges are dropped. NULL: why is in the
 * log, and this process has to be the engine itself. socket is where auditd's
 * af_unix plugin listens, NULL: standard input is auditd's. keeper was started,
 * and outlives front. */
struct front *front_new(char **argv, const char *socket, struct keeper *keeper)
	__attribute__((warn_unused_result));
/* Until the end of the input, or SIGTERM and a while; the exit status. */
int front_run(struct front *f);

#endif
