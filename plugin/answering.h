// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef ANSWERING_H
#define ANSWERING_H

#include <stdbool.h>

struct config;
struct str;

/*
 * The intel process: questions that come over its socket go to the providers
 * of the configuration, and verdicts back, until SIGTERM or, where is_kept, the
 * end of standard input. listen_fd is taken over. Returns the exit status; *why
 * has lines about what cannot be.
 */
int answering_run(
	int listen_fd, bool is_kept, const struct config *cf, struct str *why);

#endif
