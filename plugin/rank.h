// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef RANK_H
#define RANK_H

#include <stddef.h>
#include <stdint.h>

#include "str.h"

struct alert_table;
struct baseline;
struct config;
struct event;

/* Unique commands; a row takes a few hundred bytes. */
#define RANK_ROWS_MAX (1u << 20)

struct rank_host {
	struct rank_host *next;
	uint64_t count;
	char name[];
};

/* One decoded command and who ran it. */
struct rank_row {
	struct bytes decoded;
	struct bytes shown; /* the same without its secrets */
	uint64_t count, n_hosts;
	uint64_t sittings; /* as frequency.h counts them, over all the input */
	struct rank_host *hosts; /* the latest first */
	int64_t first_ms, last_ms;
	double obfuscation; /* points; the most any sighting got */
	struct event *judged; /* from rank_rows: the command by itself, scored
				 by the counts of the whole input */
};

/*
 * The notebook's table: one row for each decoded command, scored once the
 * whole input is known. A command is an outermost payload, byte for byte.
 */
struct rank;

struct rank_conf {
	const struct config *config;
	struct alert_table *alerts; /* NULL: none */
	const struct baseline *baseline; /* NULL: none */
	/* What an event's own text tells, and what of it may be told:
	 * pipeline_judge, pipeline_redact. */
	void (*judge)(void *arg, struct event *ev);
	void (*redact)(void *arg, struct event *ev);
	void *arg;
};

/* NULL when out of memory. */
struct rank *rank_new(const struct rank_conf *cf)
	__attribute__((warn_unused_result));
void rank_free(struct rank *r);
void rank_note(struct rank *r, const struct event *ev);
/* The rows by total, descending; *n of them, owned by r. NULL: out of memory.
 * Nothing may be noted after. */
struct rank_row **rank_rows(struct rank *r, size_t *n)
	__attribute__((warn_unused_result));
/* Sightings that found no room. */
uint64_t rank_left_out(const struct rank *r);

#endif
