// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef VIEW_ALERT_H
#define VIEW_ALERT_H

#include <stdbool.h>

struct detect_alert_told;
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

/* Those that the state has, in place of logs'; it does not know what their
 * events were, so kind may be NULL. */
void view_alert_note_kept(
	struct view_run *run, struct view_rows *rows, const char *kind);
/* Whether one of them was. */
bool view_alert_is_asked_for(
	const struct view_run *run, const struct detect_alert_told *a);

#endif
