// SPDX-License-Identifier: GPL-3.0-or-later
/* What an alert is about, before the one whom it is about. */
#include "alert.h"
#include "event.h"
#include "line_walk.h"
#include "record.h"

void line_alert(struct line_walk *k, const struct event *ev)
{
	const struct event_fired *f = ev->told;

	k->w->number(k->out, "score", event_worth(ev));
	line_write_text(k, "alert", f->name);
	line_write_text(k, "severity",
		bytes_of(
			alert_severity_name((enum alert_severity)f->severity)));
	line_write_text(k, "why", f->why);
	line_write_list(k, "attack", "attack_more", f->attack, f->n_attack,
		sizeof(f->attack[0]));
	if (f->suppressed)
		k->w->integer(k->out, "suppressed", (long long)f->suppressed);
}

void line_paths(struct line_walk *k, const struct event *ev)
{
	struct bytes list[EVENT_PATHS_MAX];
	size_t n = 0;

	for (size_t i = 0; i < ev->n_paths; i++)
		if (ev->paths[i].name.p &&
			!bytes_equal(record_field(ev->paths[i].record,
					     BYTES("nametype")),
				BYTES("PARENT")))
			list[n++] = ev->paths[i].name;
	line_write_list(k, "paths", "paths_more", list, n, sizeof(list[0]));
}
