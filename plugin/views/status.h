// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef STATUS_H
#define STATUS_H

#include <stdbool.h>
#include <stdint.h>

#include "daemon.h"
#include "metrics.h"
#include "state.h"
#include "str.h"

/* What auhunt status has to show. */
struct status {
	bool is_json;
	const char *file;
	int64_t now_ms;
	bool is_running; /* somebody keeps the file up */
	struct state_info info;
	struct metrics run, total; /* as far as this version knows them */
	struct daemon_seen seen;
	struct str counters; /* all there are in the file, written out */
};

/* Writes a counter into s->counters. */
void status_counter(struct status *s, const struct state_counter *c);
void status_text(const struct status *s, struct str *out);
void status_json(const struct status *s, struct str *out);

#endif
