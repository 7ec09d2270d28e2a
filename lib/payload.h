// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef PAYLOAD_STAGE_H
#define PAYLOAD_STAGE_H

#include <stdint.h>

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
 * What those start belongs to it, and so on down.
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
/* Processes and suspects forgotten to make room. */
uint64_t payload_evicted(const struct payload_table *t);

#endif
