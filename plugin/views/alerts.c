// SPDX-License-Identifier: GPL-3.0-or-later
/* What the rows of alerts made of the logs, and the alerts of others. */
#include "event.h"
#include "view_alert.h"
#include "view_rows.h"
#include "views.h"

static int start(struct view_run *run)
{
	run->state = view_rows_new();
	return run->state ? 0 : -1;
}

static void event(struct view_run *run, const struct event *ev)
{
	(void)run;
	(void)ev;
}

static void alert(struct view_run *run, const struct event *ev)
{
	view_alert_note(run, run->state, ev, NULL);
}

static void finish(struct view_run *run)
{
	if (run->options->is_live)
		view_alert_note_kept(run, run->state, NULL);
	view_alert_note_others(run, run->state, NULL);
	view_rows_print(run->state, run);
	view_rows_free(run->state);
}

const struct view view_alerts = {
	.name = "alerts",
	.help = "what the rows of alerts say, and the alerts of others",
	.has_totals = true,
	.has_live = true,
	.start = start,
	.event = event,
	.alert = alert,
	.finish = finish,
};
