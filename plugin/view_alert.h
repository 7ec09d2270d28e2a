// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef VIEW_ALERT_H
#define VIEW_ALERT_H

struct event;
struct view_rows;
struct view_run;

/* What several views tell of alerts. */

/* The alert that ev->told is, as a row; kind: what JSON has under "kind", NULL
 * for what the event is. */
void view_alert_note(struct view_run *run, struct view_rows *rows,
	const struct event *ev, const char *kind);
/* Those of --alerts that were asked for. */
void view_alert_note_others(
	struct view_run *run, struct view_rows *rows, const char *kind);

/* Those that the state has, in place of logs'. */
void view_alert_note_kept(struct view_run *run, struct view_rows *rows);

#endif
