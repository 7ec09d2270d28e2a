// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef STATE_H
#define STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "str.h"

struct alert_table;
struct detect;
struct frequency;
struct lineage;
struct metrics;
struct network_table;
struct payload_table;
struct session_table;

/*
 * What is to survive a restart: an SQLite file. A stage hands over a section,
 * which is a table: the rows it gives are kept, and given back at the start.
 *
 * A checkpoint is one transaction of a child process, so that the loop waits
 * for no disk, and the file holds what was known at one moment: the one
 * before or the new one, wherever the child or the machine stops. A checkpoint
 * writes the rows that changed since the last; where the file is not what this
 * process wrote last, or another process keeps it up, it writes all of them, or
 * none.
 *
 * What is in the file is not believed: sums over every row, every section and
 * all of it must fit, and the file must be one that only root or whoever runs
 * this can have written. One that is not is set aside as FILE.bad. None of
 * this is fatal: then what is learnt stays in memory.
 */
struct state;

enum state_kind { STATE_INTEGER, STATE_BYTES };

struct state_column {
	const char *name;
	enum state_kind kind;
	unsigned int since; /* the section's version that brought it */
};

#define STATE_COLUMNS_MAX  16
#define STATE_SECTIONS_MAX 16
#define STATE_BY_ID        SIZE_MAX

union state_value {
	int64_t i;
	struct bytes b;
};

struct state_row {
	int64_t id;
	bool is_gone; /* the file need not keep it any longer */
	union state_value values[STATE_COLUMNS_MAX];
};

struct state_section {
	const char *name; /* of the table: letters and _ */
	unsigned int version; /* a new column is a new version */
	const struct state_column *columns;
	size_t n_columns;
	size_t order; /* column by whose value rows come back, ascending */
	bool is_of_boot; /* pids and the like: worth nothing after a boot */
	/* A number that grows with every change. */
	uint64_t (*change)(void *arg);
	/* The rows that changed after that; *at starts at 0. False at the end.
	 * Values are borrowed until the next call. */
	bool (*next)(
		void *arg, uint64_t after, uint32_t *at, struct state_row *row);
	/* Takes a row back; columns that an older version had not are 0 or
	 * absent. -1: it cannot be; it is counted and left out. */
	int (*take)(void *arg, const struct state_row *row);
	/* Before arg goes with the state. May be NULL. */
	void (*fini)(void *arg);
	void *arg;
};

struct state_conf {
	const char *file;
	/* Of what this boot can know; NULL: the kernel's own. */
	const char *boot_id;
	int64_t started_ms; /* since the epoch */
	int64_t max_age_ms; /* an older file is set aside */
	/* How long another process that keeps the file up, or its last
	 * checkpoint, is waited for before it is loaded. */
	int64_t wait_ms;
	/* Only looks: takes whatever it may read, changes nothing. */
	bool is_reader;
	struct metrics *metrics; /* may be NULL */
};

/* What a file says of itself. */
struct state_info {
	int64_t saved_ms, started_ms; /* since the epoch; 0: there is none */
	char boot_id[40];
	char program[24]; /* the version that wrote it */
	int64_t generation; /* another with each checkpoint; 0: of old */
	bool is_this_boot;
	size_t n_sections;
	struct state_told {
		char name[32];
		unsigned int version;
		int64_t rows;
	} sections[STATE_SECTIONS_MAX];
};

/* NULL when out of memory. Copies the name of the file. */
struct state *state_new(const struct state_conf *cf)
	__attribute__((warn_unused_result));
/* Before state_load; sections come back in the order in which they were added.
 * -1: too many. */
int state_add(struct state *st, const struct state_section *section)
	__attribute__((warn_unused_result));
/* Gives the sections their rows; now_ms since the epoch. *why gets a line for
 * all that a person should know. -1: there is no file to be kept up. */
int state_load(struct state *st, int64_t now_ms, struct str *why)
	__attribute__((warn_unused_result));
/* Whether some process keeps a file up; false, too, where that cannot be
 * seen. */
bool state_is_locked(const char *file);
const struct state_info *state_info(const struct state *st);

/* Starts a checkpoint if every_ms have passed, and looks after one that is
 * under way; due_ms is when to call it again. mono_ms never steps. */
void state_tick(struct state *st, int64_t mono_ms, int64_t every_ms);
/* The next tick is to start one, whenever the last was. st may be NULL. */
void state_want(struct state *st);
int64_t state_due_ms(const struct state *st);
/* A checkpoint here and now, for who has to know that it is on the disk. -1: it
 * failed. */
int state_save(struct state *st) __attribute__((warn_unused_result));
/* A last checkpoint, for which it waits at most wait_ms. -1: it failed. */
int state_finish(struct state *st, int64_t wait_ms);
void state_free(struct state *st);

/* The sections there are. -1: too many, or out of memory. */
int state_keep_frequency(struct state *st, struct frequency *fr)
	__attribute__((warn_unused_result));
/* Gauges that hold for a boot go back into m, if they are 0 there. */
int state_keep_sessions(struct state *st, struct session_table *t)
	__attribute__((warn_unused_result));
int state_keep_failures(struct state *st, struct session_table *t)
	__attribute__((warn_unused_result));
int state_keep_network(struct state *st, struct network_table *t)
	__attribute__((warn_unused_result));
int state_keep_lineage(struct state *st, struct lineage *l)
	__attribute__((warn_unused_result));
int state_keep_payload(struct state *st, struct payload_table *t)
	__attribute__((warn_unused_result));
int state_keep_detect(struct state *st, struct detect *d)
	__attribute__((warn_unused_result));
int state_keep_sent(struct state *st, struct alert_table *t)
	__attribute__((warn_unused_result));
int state_keep_counters(struct state *st, struct metrics *m)
	__attribute__((warn_unused_result));

/* A counter over all runs: its total, what this run has of it, and since when
 * it is counted. A gauge has no total. */
struct state_counter {
	struct bytes name;
	int64_t total, run;
	int64_t since_ms;
	bool is_gauge;
};

/* The counters of a file, for who looks: row is called for each by
 * state_load. */
int state_read_counters(struct state *st,
	void (*row)(void *arg, const struct state_counter *counter), void *arg)
	__attribute__((warn_unused_result));

#endif
