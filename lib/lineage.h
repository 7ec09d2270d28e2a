// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef LINEAGE_H
#define LINEAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "container.h"
#include "str.h"

struct event;

/*
 * Who started whom. Processes are told apart by node, pid and the event that
 * first showed them, so that one that has the pid of a dead one is another:
 * pids are given out in circles, and between two uses of one lies a whole
 * round, which shows in the pids of new processes; fork and exit records,
 * where audit rules ask for them, show it directly.
 *
 * A process remembers whom it was born of, when that has exited and its ppid
 * says 1, too. One that only forked stands in no exec event but its
 * children's ppid; it is known by that, and above it nobody is, unless a
 * record or conf.look tells.
 */
struct lineage;

/* Ancestors that an event is given. */
#define LINEAGE_ANCESTORS_MAX 8
/* Bytes kept of a process's executable and of its command. */
#define LINEAGE_EXE_MAX 120
#define LINEAGE_CMD_MAX 240
/* Hosts whose rounds of pids are followed, and bytes of their names. */
#define LINEAGE_HOSTS_MAX 1024
#define LINEAGE_NODE_MAX  64

/* What the kernel says of a process that runs. */
struct lineage_seen {
	uint32_t ppid; /* 0: it has none */
	uint64_t start; /* in any unit, but the same for each */
	int64_t start_ms; /* since the epoch */
	struct bytes comm, exe; /* exe may be absent */
	struct bytes container; /* absent: in none */
};

struct lineage_conf {
	uint32_t processes_max; /* the one longest out of sight goes */
	uint64_t seed[2];
	/* Asked about a process of this host that no record told of, for an
	 * event of time_ms. False: nobody knows. What *seen borrows is good
	 * until the next call. NULL in a replay. */
	bool (*look)(void *arg, uint32_t pid, int64_t time_ms,
		struct lineage_seen *seen);
	void *arg;
};

/* NULL when out of memory. */
struct lineage *lineage_new(const struct lineage_conf *cf)
	__attribute__((warn_unused_result));
void lineage_free(struct lineage *l);

/* Takes note of the event's process, and of its program if it is an exec; fills
 * ev->lineage, but for commands. */
void lineage_run(struct lineage *l, struct event *ev);
/* Takes note of the event's command, which is masked by now, and fills in its
 * ancestors'; of a network call, its process's own. */
void lineage_tell(struct lineage *l, struct event *ev);

/* A fork as its record tells of it. */
struct lineage_birth {
	struct bytes node;
	int64_t time_ms;
	uint32_t serial;
	uint32_t child, pid, ppid; /* pid is the one that forked */
	struct bytes exe; /* of both */
};

/* Of records, before the events that come after them. A child whose number is
 * far from the host's newest pids is a container's number for it, and passed
 * over. */
void lineage_fork(struct lineage *l, const struct lineage_birth *birth);
void lineage_exit(struct lineage *l, struct bytes node, uint32_t pid,
	int64_t time_ms, uint32_t serial);
/* Of a record, too: no process of the host's is there any more. */
void lineage_boot(struct lineage *l, struct bytes node);
/* What runs on this host at the start; *seen is borrowed. */
void lineage_seed(
	struct lineage *l, uint32_t pid, const struct lineage_seen *seen);

/* After lineage_seed of all that run at now_ms: what was restored and is not
 * among them is gone. */
void lineage_seeded(struct lineage *l, int64_t now_ms);

/* A process as it is kept over a restart, and as it is shown: texts are
 * borrowed. */
struct lineage_process {
	struct bytes node, exe, cmd; /* cmd as a shell would take it */
	struct bytes container, starts;
	uint64_t guid, parent; /* 0: nobody is known above */
	uint32_t pid, ppid;
	uint32_t number, parent_number; /* for lineage_next's order; 0: none */
	uint32_t execs, depth, round;
	int64_t time_ms, exit_ms;
	uint32_t serial, exit_serial;
	uint32_t ses, auid, uid; /* EVENT_UNSET where they are */
	uint64_t change;
	bool is_past; /* another has its pid */
	bool is_comm, is_cut, is_looked_up;
};

/* Visits all by their numbers, i starts at 0. False at the end. */
bool lineage_next(
	struct lineage *l, uint32_t *i, struct lineage_process *process);
/* For who keeps them: the number of the last change, and the rows that changed
 * after one; *at starts at 0. *is_gone: no process is in it. False at the
 * end. */
uint64_t lineage_change(const struct lineage *l);
bool lineage_changed(struct lineage *l, uint64_t after, uint32_t *at,
	uint32_t *row, struct lineage_process *process, bool *is_gone);
/* Puts back a process; they come in the order of their changes. -1: no memory,
 * or one that cannot be. */
int lineage_restore(struct lineage *l, const struct lineage_process *process)
	__attribute__((warn_unused_result));

uint32_t lineage_count(const struct lineage *l);
/* Processes forgotten to make room. */
uint64_t lineage_evicted(const struct lineage *l);

#endif
