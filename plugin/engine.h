// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef ENGINE_H
#define ENGINE_H

#include <stdbool.h>

struct config;
struct settings;

struct engine_conf {
	const struct settings *settings; /* for reloads; outlives the engine */
	bool is_plugin; /* auditd started us */
};

/*
 * The daemon: standard input through the pipeline to the outputs until the
 * input ends or SIGTERM. Takes cf over (malloc). Returns the exit status.
 */
int engine_run(const struct engine_conf *ec, struct config *cf);

#endif
