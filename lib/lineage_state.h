// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef LINEAGE_STATE_H
#define LINEAGE_STATE_H

/* The table of lineage: for lineage's own files. */

#include <stdbool.h>
#include <stdint.h>

#include "lineage.h"
#include "map.h"
#include "str.h"

struct key {
	uint64_t node;
	uint32_t pid;
	uint32_t past; /* 0: has the pid now */
};

struct link {
	uint64_t guid; /* 0: nobody, or nobody but a pid so far */
	uint32_t number, pid;
};

/* When something was seen. */
struct when {
	int64_t time_ms;
	uint32_t serial;
};

/* What is kept of a process as text. */
enum lineage_text {
	LINEAGE_EXE,
	LINEAGE_CMD,
	LINEAGE_CONTAINER, /* that it runs in */
	LINEAGE_STARTS, /* that it, a runtime, starts */
	LINEAGE_TEXTS
};

struct process {
	uint64_t guid;
	uint64_t change; /* the number of its last */
	struct link parent;
	uint32_t round;
	uint32_t execs;
	uint32_t depth;
	uint32_t exit_serial; /* 0: nobody saw it, it was gone by exit_ms */
	int64_t exit_ms; /* 0: not that anybody told */
	/* Of its program, or of what showed it first. */
	struct when seen;
	uint32_t ses, auid, uid; /* EVENT_UNSET where they are */
	bool is_restored; /* and nobody has seen it since */
	bool is_looked_up;
	bool is_comm; /* exe holds no path but a name */
	bool is_cut; /* cmd goes on */
	uint8_t boot;
	uint8_t len[LINEAGE_TEXTS];
	/* Own: one behind the other, most are far below their limits; NULL
	 * where there are none. */
	char *texts;
};

struct host {
	char name[LINEAGE_NODE_MAX];
	uint8_t name_len;
	bool is_nameless; /* it has a name, which is too long */
	uint32_t round; /* of the pids */
	uint32_t highest; /* pid in it */
	uint8_t boot;
};

struct lineage {
	struct lineage_conf cf;
	struct map *processes, *hosts;
	struct str scratch;
	int64_t now_ms; /* of the event at hand */
	uint64_t change, dropped; /* the latest; of a row that went */
	uint64_t evicted;
	/* The node of the event before: most streams have one. */
	struct str node;
	uint64_t node_hash;
	struct host *host; /* good while hosts stays as it is */
};

/* Makes node the host at hand. -1: no memory. */
int lineage_at(struct lineage *l, struct bytes node)
	__attribute__((warn_unused_result));
/* Whom a link of the host at hand leads to; NULL: forgotten, or there is
 * nobody. */
struct process *lineage_get(struct lineage *l, struct link *to);
void lineage_touch(struct lineage *l, struct process *p);
/* Stands in the key of a process that has its pid no more. */
uint32_t lineage_past(uint64_t guid);

/* The process under that key, made where there is none; the one longest out of
 * sight makes room. NULL: no memory. */
struct process *lineage_must(struct lineage *l, const struct key *key);

/* Absent where there is none; good until one of that process is set. */
struct bytes lineage_get_text(const struct process *p, enum lineage_text which);
/* Whether it is that text, as far as such a one is kept. */
bool lineage_has_text(
	const struct process *p, enum lineage_text which, struct bytes text);
/* Of exe the end is kept, of others the beginning; text may be the process's
 * own. Out of memory, there is none. */
void lineage_set_text(
	struct process *p, enum lineage_text which, struct bytes text);
void lineage_drop_texts(struct process *p);
void lineage_set_exe(struct process *p, struct bytes exe, bool is_comm);
/* What the event says of its process: a program, or one more of them. */
void lineage_note(struct lineage *l, struct process *p, const struct event *ev);
/* Fills ev->lineage from its process. */
void lineage_fill(struct lineage *l, struct event *ev, struct process *p);

#endif
