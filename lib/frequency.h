// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef FREQUENCY_H
#define FREQUENCY_H

#include <stdbool.h>
#include <stdint.h>

#include "str.h"
#include "window.h"

struct baseline;
struct event;

/*
 * How rare a decoded command is, as the Sentinel notebook "Guided Hunting:
 * Base64-Encoded Linux Commands" scores it, 0 (common) to 1 (never seen):
 *   blog:     [1 / count in workspace + 1 / count on this host] / 2
 *   notebook: [1 / count in workspace + 1 / number of hosts] / 2
 * (the first is what its article says, the second what its code does).
 * A decoded command is an outermost payload, byte for byte. The nodes of the
 * input are the hosts; together, and with those of a baseline, they are the
 * workspace.
 *
 * Counts are those of a window of time, by the time of the events. Beside
 * them sittings are counted: what one user runs within a slice of the window
 * is one sitting, so that nobody makes a command common by repeating it.
 */
enum frequency_formula { FREQUENCY_BLOG, FREQUENCY_NOTEBOOK };

/* Counts are at least 1. */
double frequency_points(enum frequency_formula formula, uint64_t in_workspace,
	uint64_t on_host, uint64_t hosts);
/* The same where every sitting is one sighting, and so are those elsewhere. */
double frequency_steady(enum frequency_formula formula, uint64_t sittings,
	uint64_t elsewhere, uint64_t hosts);

/* The counts seen so far, in tables of fixed size that the users share: when
 * they are full, who has the most commands loses his oldest (quota.h). */
struct frequency;

struct frequency_conf {
	uint32_t commands_max;
	uint32_t window_h; /* at least 1 */
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
/* What other hosts ran, which is looked up in as it is at each event; borrowed.
 * NULL: nothing is known of them. */
void frequency_baseline(struct frequency *fr, const struct baseline *b);
/* Commands forgotten to make room. */
uint64_t frequency_evicted(const struct frequency *fr);

/* Who ran it: the auid, or the uid where that is unset, on its node. The same
 * number in every run, and never 0. */
uint64_t frequency_user(const struct event *ev);
/* The slice that an event of this time is in. */
uint32_t frequency_slice(uint32_t window_h, int64_t time_ms);
uint64_t frequency_slice_ms(uint32_t window_h);

/* Half a SHA-256 is as unique as a table of thousands needs. */
#define FREQUENCY_KEY_LEN 16

/* What is to be kept of a command, and what of it on a further host. */
enum frequency_table { FREQUENCY_COMMANDS, FREQUENCY_HOSTS };

struct frequency_row {
	uint32_t number; /* of the row in its table */
	bool is_gone; /* nothing below holds: there is no such row any more */
	unsigned char command[FREQUENCY_KEY_LEN];
	uint64_t birth; /* of the command: those of its hosts have the same */
	uint64_t node; /* hash; of a command, that of its first host */
	uint64_t owner, other; /* users, as quota.h has them */
	uint64_t change; /* rows go back in the order of this */
	uint64_t slice_ms; /* the length of a slice in the windows below */
	struct window count; /* on that host */
	struct window sittings; /* of a command only, as is the next */
	uint64_t sitters; /* of its newest slice */
};

/* The number of the table's last change, and the rows changed after one by
 * their numbers; *at starts at 0. False at the end. */
uint64_t frequency_change(
	const struct frequency *fr, enum frequency_table table);
bool frequency_next(const struct frequency *fr, enum frequency_table table,
	uint64_t after, uint32_t *at, struct frequency_row *row);
/* Puts back what was kept, the commands before the hosts. -1: no room, or a
 * row that cannot be. */
int frequency_restore(struct frequency *fr, enum frequency_table table,
	const struct frequency_row *row) __attribute__((warn_unused_result));

#endif
