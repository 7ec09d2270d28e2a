// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef STATE_FILE_H
#define STATE_FILE_H

#include <sys/types.h>

#include "log.h"
#include "state.h"

/* What the files of one state share; nobody else includes this. */

/* In the header of the file: "auHt", and the version of the tables that every
 * file has. */
#define STATE_MAGIC  0x61754874
#define STATE_SCHEMA 2
/* 4 GiB: no table of ours is as large. */
#define STATE_PAGES_MAX 1048576

struct state {
	struct state_conf cf;
	char *file; /* what cf.file is here */
	char boot_id[40];
	struct state_section sections[STATE_SECTIONS_MAX];
	/* The last change that is in the file, and in the checkpoint that is
	 * under way; 0: none is, and the table is written anew. */
	uint64_t saved[STATE_SECTIONS_MAX], going[STATE_SECTIONS_MAX];
	/* Of the file that saved[] is about, 0 where none is; and of the
	 * checkpoint that is under way. */
	int64_t generation, going_generation;
	void *owned[STATE_SECTIONS_MAX];
	size_t n_sections;
	struct state_info info;
	bool is_off; /* the file cannot be kept up */
	int lock_fd; /* -1: the file is not ours to write */
	bool is_wanted; /* a checkpoint, before its time */
	pid_t child; /* writes a checkpoint; 0: none does */
	int64_t saved_mono_ms, due_mono_ms;
	struct log_limit limit;
};

/* state_add of a section whose arg goes with the state; -1 frees it. */
int state_own(struct state *st, const struct state_section *section, void *arg)
	__attribute__((warn_unused_result));

struct sqlite3;

enum state_access { STATE_LOOK, STATE_LOAD, STATE_SAVE };

/* Opens the file with all that guards against what may be in it. Returns an
 * SQLite code; *db is to be closed whatever it is. */
int state_db_open(
	struct sqlite3 **db, const char *file, enum state_access access);
/* The first column of the first row; an SQLite code. */
int state_db_number(struct sqlite3 *db, const char *sql, int64_t *n);
int state_db_exec(struct sqlite3 *db, const char *sql);
const char *state_db_reason(int rc);
/* Whether what is in the file is at fault, rather than what is around it; and
 * whether it is not what was written last. */
bool state_db_is_bad(int rc);
bool state_db_is_strange(int rc);
/* The code of a child that was killed: SQLITE_ABORT. */
#define STATE_KILLED 4

/* What is summed up over a row, and over what a file says of itself. */
uint32_t state_sum_row(const struct state_section *s, unsigned int version,
	const struct state_row *r);
uint32_t state_sum_info(const struct state_info *info, const int64_t *sums);

/* Reads the file into the sections; an SQLite code. *why gets a line for each
 * section or row that was left out. */
int state_read(struct state *st, int64_t now_ms, struct str *why);
/* The same code for a file that was refused for another reason: *why says. */
#define STATE_REFUSED 0x7fff

/*
 * One process keeps up a file: it holds a lock on FILE.lock, and so does each
 * child that writes for it, even when it has outlived its parent. Waits up to
 * wait_ms for the lock. -1: errno says why, EAGAIN that another process has
 * it.
 */
int state_lock(struct state *st, int64_t wait_ms)
	__attribute__((warn_unused_result));
/* Gives it up, but for a child that still writes; is_over: and removes it, for
 * there is no file to keep up. */
void state_unlock(struct state *st, bool is_over);

/* Writes what changed since st->saved, up to now_ms; an SQLite code. */
int state_write(const struct state *st, int64_t now_ms);

/* Whether only root or whoever runs this can have written the file and can
 * replace it. */
enum state_trust { STATE_TRUSTED, STATE_ABSENT, STATE_FOREIGN, STATE_NO_PLACE };
enum state_trust state_trust(const char *file, struct str *why);
/* Renames the file and its journal to FILE.bad; *why says that it did. -1: it
 * is still there, or is nothing of ours. */
int state_set_aside(const char *file, struct str *why)
	__attribute__((warn_unused_result));

#endif
