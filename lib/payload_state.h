// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef PAYLOAD_STATE_H
#define PAYLOAD_STATE_H

/* The tables of payload: for payload's own files. */

#include <stdbool.h>
#include <stdint.h>

#include "invocation.h"
#include "map.h"
#include "payload.h"
#include "str.h"

struct event;
struct event_layer;
struct shell;

/* Files and sessions whose suspects are remembered. */
#define PAYLOAD_FILES_KEPT    1024
#define PAYLOAD_SESSIONS_KEPT 4096
#define PAYLOAD_SHELLS_KEPT   4096
/* Files that a suspect was written to, and what of its text is looked at. */
#define PAYLOAD_FILES_MAX 2
#define PAYLOAD_TEXT_MAX  2048

struct payload_command {
	uint64_t name; /* hash of its base name */
	uint64_t all; /* of all words; 0: some of it nobody can know */
	uint32_t n; /* words */
};

struct payload_suspect {
	uint64_t change; /* the number of its last */
	int64_t time_ms;
	uint64_t above; /* guid of its holder's parent; 0: nobody known */
	bool is_run; /* the holder's command line gives it to a shell */
	uint8_t sha256[32];
	size_t text_len; /* of all of it, without white space behind it */
	bool is_read; /* commands are known */
	unsigned int n_commands;
	struct payload_command *commands; /* own; NULL: none was read */
	char *text; /* own: its beginning; NULL where there is none */
	/* Commands that its holder has in plain words, by hash. */
	unsigned int n_plain;
	uint64_t plain[PAYLOAD_COMMANDS_MAX];
};

enum payload_state {
	PAYLOAD_BELOW, /* of one that holds it */
	PAYLOAD_HOLDS,
	PAYLOAD_EXECUTED
};

struct payload_process {
	uint64_t id, change;
	enum payload_state state;
};

/* What a file or a session has to do with. */
struct payload_known {
	uint64_t id, change;
};

/* Of one parent: decoders and interpreters that wait for each other. */
#define PAYLOAD_WAIT_MAX 4

struct payload_waiting {
	uint64_t guid; /* 0: nobody */
	int64_t time_ms;
	uint32_t pid;
	bool is_unpacker;
};

struct payload_siblings {
	struct payload_waiting decoders[PAYLOAD_WAIT_MAX];
	struct payload_waiting readers[PAYLOAD_WAIT_MAX];
};

/* A shell at a terminal. */
struct payload_shell {
	uint64_t id; /* of the first pipeline that nobody typed yet; 0: none */
	int64_t time_ms;
	uint64_t typed; /* id of what was typed, and no pipeline ran yet */
	int64_t typed_ms;
};

struct payload_table {
	uint64_t change; /* the latest */
	uint64_t evicted; /* suspects */
	struct map *processes; /* guid: struct payload_process */
	struct map *suspects; /* id: struct payload_suspect */
	struct map *siblings; /* parent's guid: struct payload_siblings */
	struct map *files; /* hash of node and path: struct payload_known */
	struct map *sessions; /* hash of node and ses: the same */
	struct map *shells; /* and of pid: struct payload_shell */
	struct shell *shell;
};

/* What a text and a command hash to, in each process the same. */
uint64_t payload_hash(struct bytes b);
void payload_know(
	struct payload_table *t, struct map *in, uint64_t key, uint64_t id);
/* Takes a suspect's text, and of its holder the files it writes and what it
 * runs by itself. */
void payload_set_text(struct payload_suspect *s, struct bytes text);
/* The same of a beginning, and how long all of it is. Out of memory, it has
 * none. */
void payload_put_text(
	struct payload_suspect *s, struct bytes beginning, size_t len);
void payload_drop_suspect(struct payload_suspect *s);
/* A new one under an id that has none; the one longest out of sight makes
 * room. NULL: no memory. */
struct payload_suspect *payload_add(struct payload_table *t, uint64_t id);
struct bytes payload_text_of(const struct payload_suspect *s);
void payload_note_holder(struct payload_table *t, const struct event *ev,
	const struct invocation *inv, uint64_t id);
/* The id of what was written to the file that runs; 0: none. */
uint64_t payload_of_file(struct payload_table *t, const struct event *ev,
	const struct invocation *inv);
/* Whether the event's command is one of the suspect's; is_whole: word for
 * word. */
bool payload_is_command(struct payload_table *t, struct payload_suspect *s,
	const struct event *ev, bool is_whole);
/* Whether an argument is the suspect's text. */
bool payload_is_text(const struct payload_suspect *s, const struct event *ev);

/* Whether the program that holds the layer is an interpreter of its own, which
 * runs what it decodes. */
bool payload_runs_itself(const struct event *ev, const struct invocation *inv,
	const struct event_layer *layer);

/* Whether the executable may be a decoder, an interpreter or what runs one:
 * most are not, and need no closer look. */
bool payload_is_candidate(const struct event *ev);
/* Whether the command undoes an encoding of what it is given. */
bool payload_is_decoder(const struct event *ev, const struct invocation *inv);
/* Pairs decoders with readers; fills ev->payload where one was waiting. */
void payload_pair(struct payload_table *t, struct event *ev,
	const struct invocation *inv);

/* A pipeline has that id, of a shell at a terminal; gives the id of what was
 * typed there, if it was told before. */
uint64_t payload_note_pipe(
	struct payload_table *t, const struct event *ev, uint64_t id);

/* The id of a process that runs a payload, or holds one: 48 bits. */
uint64_t payload_id_of(uint64_t guid, uint64_t which);
void payload_mark(struct payload_table *t, uint64_t guid, uint64_t id,
	enum payload_state state);

#endif
