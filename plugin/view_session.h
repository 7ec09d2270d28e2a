// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef VIEW_SESSION_H
#define VIEW_SESSION_H

#include <stddef.h>

struct session;
struct view_run;

/* The sessions that were asked for, by start; the list is the caller's to
 * free. 0 with a NULL list: out of memory, a message was printed. */
size_t view_session_list(struct view_run *run, const struct session ***list);
/* The inside of an object. */
void view_json_session(struct view_run *run, const struct session *s);
/* A line without its newline. */
void view_text_session(struct view_run *run, const struct session *s);

#endif
