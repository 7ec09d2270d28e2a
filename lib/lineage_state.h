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

struct process {
	uint64_t guid;
	struct link parent;
	uint32_t round;
	uint32_t execs;
	uint32_t depth;
	uint32_t exit_serial;
	int64_t exit_ms; /* 0: not that anybody told */
	bool is_looked_up;
	bool is_comm; /* exe holds no path but a name */
	bool is_cut; /* cmd goes on */
	uint8_t exe_len, cmd_len, container_len, starts_len;
	char exe[LINEAGE_EXE_MAX];
	char cmd[LINEAGE_CMD_MAX];
	char container[CONTAINER_ID_MAX]; /* that it runs in */
	char starts[CONTAINER_ID_MAX]; /* that it, a runtime, starts */
};

struct host {
	uint32_t round; /* of the pids */
	uint32_t highest; /* pid in it */
};

struct lineage {
	struct lineage_conf cf;
	struct map *processes, *hosts;
	struct str scratch;
	int64_t now_ms; /* of the event at hand */
	/* The node of the event before: most streams have one. */
	struct str node;
	uint64_t node_hash;
	struct host *host; /* good while hosts stays as it is */
};

/* Whom a link leads to; NULL: forgotten, or there is nobody. */
struct process *lineage_get(struct lineage *l, const struct link *to);

static inline struct bytes lineage_container(const struct process *p)
{
	return (struct bytes){ p->container_len ? p->container : NULL,
		p->container_len };
}

/* Fills ev->lineage from its process. */
void lineage_fill(struct lineage *l, struct event *ev, const struct process *p);

#endif
