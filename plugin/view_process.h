// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef VIEW_PROCESS_H
#define VIEW_PROCESS_H

#include <stdbool.h>

#include "str.h"

struct lineage_process;
struct view_run;

/* Processes as the state has them: which of them were asked for, as events are
 * selected, and whose they are. */
struct view_processes;

/* NULL when out of memory. */
struct view_processes *view_processes_new(const struct view_run *run)
	__attribute__((warn_unused_result));
void view_processes_free(struct view_processes *vp);
bool view_process_is_wanted(
	const struct view_processes *vp, const struct lineage_process *p);
/* Who logged in; absent if nobody said. */
struct bytes view_process_user(
	const struct view_processes *vp, const struct lineage_process *p);

#endif
