// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef TIMELINE_STATE_H
#define TIMELINE_STATE_H

struct event;
struct view_run;

/* What the daemon's state tells of who came and went, and of what was hidden,
 * as events that say no more than that; in no order. */
void timeline_state_tell(struct view_run *run,
	void (*hidden)(struct view_run *run, const struct event *ev),
	void (*message)(struct view_run *run, const struct event *ev));

#endif
