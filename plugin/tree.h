// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef TREE_H
#define TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "str.h"

struct event;
struct lineage_process;

/*
 * Processes below those that started them, from events in any order: what
 * auhunt tree prints. Processes that no event was about, but that lineage names
 * above others, stand in it, too.
 */
struct tree;

/* Processes, and bytes of a command line, that are kept. */
#define TREE_PROCESSES_MAX (1u << 22)
#define TREE_CMD_MAX       4096
#define TREE_NONE          UINT32_MAX

/* One execve of a process. */
struct tree_exec {
	struct tree_exec *next;
	int64_t time_ms;
	uint32_t serial;
	bool is_failed;
	bool is_last; /* of several, of which the others are not known */
	double score;
	struct bytes exe, cmd;
};

struct tree_process {
	uint64_t guid;
	uint32_t pid, ppid;
	bool has_ses;
	uint32_t ses, auid, uid; /* EVENT_UNSET where it is */
	struct bytes node, user, tty, exe, container;
	struct tree_exec *execs, *last;
	size_t n_execs;
	uint64_t payload; /* 0: none */
	bool is_executed;
	/* Indexes; TREE_NONE: none. */
	uint32_t parent, child, last_child, sibling;
	uint32_t n_children;
	uint32_t depth; /* below its root; by tree_link */
};

/* NULL when out of memory. */
struct tree *tree_new(void) __attribute__((warn_unused_result));
void tree_free(struct tree *t);
/* -1: out of memory, or too many processes. */
int tree_add(struct tree *t, const struct event *ev)
	__attribute__((warn_unused_result));
/* The same of a process as the state has it, and what it has to do with a
 * payload, 0: nothing. user is who logged in. */
int tree_put(struct tree *t, const struct lineage_process *from,
	struct bytes user, uint64_t payload, bool is_executed)
	__attribute__((warn_unused_result));
/* Links children to parents; nothing may be added afterwards. */
void tree_link(struct tree *t);
size_t tree_count(const struct tree *t);
const struct tree_process *tree_at(const struct tree *t, uint32_t i);
/* The first root; and what comes behind a process and all below it, roots
 * too. TREE_NONE: none. */
uint32_t tree_root(const struct tree *t);
uint32_t tree_behind(const struct tree *t, uint32_t i);
/* The next one, children first. */
uint32_t tree_next(const struct tree *t, uint32_t i);

#endif
