// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef ENGINE_H
#define ENGINE_H

#include <stdbool.h>
#include <sys/types.h>

struct config;
struct ring;
struct settings;

struct engine_conf {
	const struct settings *settings; /* for reloads; outlives the engine */
	bool is_plugin; /* auditd, or front, started us */
	pid_t starter; /* which of them, even when it has gone */
	struct ring *ring; /* front's; NULL without one */
};

/*
 * The daemon: standard input, or the ring, through the pipeline to the outputs
 * until the input ends or SIGTERM. Takes cf over (malloc). Returns the exit
 * status.
 */
int engine_run(const struct engine_conf *ec, struct config *cf);

#endif
