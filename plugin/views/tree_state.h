// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef TREE_STATE_H
#define TREE_STATE_H

struct tree;
struct view_run;

/* Adds what the daemon's state tells of processes: those that are asked for,
 * and all above them. -1: out of memory, or too many. */
int tree_state_add(struct view_run *run, struct tree *t)
	__attribute__((warn_unused_result));

#endif
