// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef PAYLOAD_STAGE_H
#define PAYLOAD_STAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "str.h"

struct event;

/*
 * Did the hidden text run, and what did it start? A text that decode found in
 * a command line is a suspect. By lineage, words and siblings it is followed to
 * the processes that are it:
 *
 *   - the interpreter in whose own program it is decoded and run;
 *   - below the shell that holds it, an interpreter that reads standard input
 *     or /dev/fd, one that is given the text itself, or a command of its words;
 *   - a program or script in a file that the holder wrote it to;
 *   - a command of its words in a subshell that no record told of, in the same
 *     session and soon after.
 *
 * Where the text was in no argument (echo is a builtin), base64 -d, openssl,
 * xxd -r or gunzip beside an interpreter that reads standard input, both of one
 * parent and one moment, are the proof that something decoded ran; so is a
 * script in a folder for all that runs right after a decoder.
 *
 * What those start belongs to it, and so on down. Of such a pipeline at a
 * terminal the text may have been typed (typed.h): before it, or after.
 */
struct payload_table;

/* The one longest out of sight goes. */
#define PAYLOAD_PROCESSES_MAX 16384
#define PAYLOAD_SUSPECTS_MAX  2048
/* Members of one pipeline start within this, and with pids this near. */
#define PAYLOAD_PIPE_MS   1000
#define PAYLOAD_PIPE_PIDS 32
/* A script that was decoded by the command before. */
#define PAYLOAD_NEXT_PIDS 4
/* A subshell's commands are matched by words for so long. */
#define PAYLOAD_SUBSHELL_MS 60000

/* NULL when out of memory. */
struct payload_table *payload_table_new(const uint64_t seed[2])
	__attribute__((warn_unused_result));
void payload_table_free(struct payload_table *t);
/* Fills ev->payload. */
void payload_run(struct payload_table *t, struct event *ev);
/* The same of an event that runs nothing, by what is known of its process. */
void payload_tell(struct payload_table *t, struct event *ev);
/* The same of what was typed: whether a pipeline of that shell ran it. */
void payload_typed(struct payload_table *t, struct event *ev);
/* What is known of a process by guid: 0, or the id; *is_executed. */
uint64_t payload_of(
	const struct payload_table *t, uint64_t guid, bool *is_executed);

/* What is kept over a restart, but for members of pipelines, which wait for
 * each other for a second, and for what was typed. */
enum payload_mark_kind {
	PAYLOAD_MARK_PROCESS,
	PAYLOAD_MARK_FILE,
	PAYLOAD_MARK_SESSION
};

struct payload_mark {
	enum payload_mark_kind kind;
	uint64_t key, id, change;
	unsigned int state; /* of a process */
};

/* Commands of a suspect that are matched. */
#define PAYLOAD_COMMANDS_MAX 24

struct payload_text {
	uint64_t id, change;
	int64_t time_ms;
	uint64_t above;
	bool is_run;
	struct bytes sha256; /* 32; borrowed */
	struct bytes text; /* its beginning; borrowed */
	uint64_t text_len; /* of all of it */
	uint64_t plain[PAYLOAD_COMMANDS_MAX];
	uint32_t n_plain;
};

/* The number of the last change, and what changed after one by row; *at starts
 * at 0. False at the end. */
uint64_t payload_change(const struct payload_table *t);
bool payload_marks_changed(const struct payload_table *t, uint64_t after,
	uint32_t *at, uint32_t *row, struct payload_mark *mark);
bool payload_texts_changed(const struct payload_table *t, uint64_t after,
	uint32_t *at, uint32_t *row, struct payload_text *text);
/* Put one back; they come in the order of their changes. -1: no memory, or one
 * that cannot be. */
int payload_restore_mark(struct payload_table *t,
	const struct payload_mark *mark) __attribute__((warn_unused_result));
int payload_restore_text(struct payload_table *t,
	const struct payload_text *text) __attribute__((warn_unused_result));

/* Processes and suspects forgotten to make room. */
uint64_t payload_evicted(const struct payload_table *t);

#endif
