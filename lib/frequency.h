// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef FREQUENCY_H
#define FREQUENCY_H

#include <stdint.h>

#include "str.h"

struct event;

/*
 * How rare a decoded command is, as the Sentinel notebook "Guided Hunting:
 * Base64-Encoded Linux Commands" scores it, 0 (common) to 1 (never seen):
 *   blog:     [1 / count in workspace + 1 / count on this host] / 2
 *   notebook: [1 / count in workspace + 1 / number of hosts] / 2
 * (the first is what its article says, the second what its code does).
 * A decoded command is an outermost payload, byte for byte. The nodes of the
 * input are the hosts; together they are the workspace.
 */
enum frequency_formula { FREQUENCY_BLOG, FREQUENCY_NOTEBOOK };

/* Counts are at least 1. */
double frequency_points(enum frequency_formula formula, uint64_t in_workspace,
	uint64_t on_host, uint64_t hosts);

/* The counts seen so far, in a table of fixed size: the command that was not
 * seen for longest is forgotten, and counted. */
struct frequency;

struct frequency_conf {
	uint32_t commands_max;
	uint64_t seed[2]; /* of the hash; from the kernel's randomness */
};

/* NULL when out of memory. */
struct frequency *frequency_new(const struct frequency_conf *cf)
	__attribute__((warn_unused_result));
void frequency_free(struct frequency *fr);
/* Counts the event's outermost payloads, each once, and fills ev->frequency
 * from the one with the most points. */
void frequency_run(
	struct frequency *fr, struct event *ev, enum frequency_formula formula);
/* Commands forgotten to make room. */
uint64_t frequency_evicted(const struct frequency *fr);

#endif
