// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef VIEW_SESSION_H
#define VIEW_SESSION_H

#include <stddef.h>

struct event;
struct session;
struct view_run;
struct view_session_alerts;

/* The sessions that were asked for, by start; the list is the caller's to
 * free. 0 with a NULL list: out of memory, a message was printed. */
size_t view_session_list(struct view_run *run, const struct session ***list);
/* Our own alerts of each session, each name once: from ev->told, or from the
 * state. NULL when out of memory, a message was printed. */
struct view_session_alerts *view_session_alerts_new(void)
	__attribute__((warn_unused_result));
void view_session_alerts_free(struct view_session_alerts *a);
void view_session_alert(struct view_session_alerts *a, const struct event *ev);
void view_session_alerts_kept(
	struct view_session_alerts *a, struct view_run *run);

/* The inside of an object. */
void view_json_session(struct view_run *run, const struct session *s);
/* A line without its newline. */
void view_text_session(struct view_run *run, const struct session *s);

#endif
