// SPDX-License-Identifier: GPL-3.0-or-later
/* Where the address is that a line is about. */
#include "pipeline_state.h"

#include "geo.h"
#include "rules.h"

/* From where a session comes, or, before there is one, a logon. */
static struct bytes address_of(const struct event *ev)
{
	if (ev->kind == EVENT_NETWORK)
		return ev->network.address;
	return ev->session.addr.p ? ev->session.addr : ev->message.addr;
}

void pipeline_place(struct pipeline *p, struct event *ev)
{
	struct event_place *to = &ev->place;

	if (!p->rules || !p->rules->geo)
		return;
	geo_find(p->rules->geo, address_of(ev), to);
	/* The event may outlive the database. */
	to->country = event_copy(ev, to->country);
	to->as_org = event_copy(ev, to->as_org);
}

struct geo *pipeline_geo(const struct pipeline *p)
{
	return p->rules ? p->rules->geo : NULL;
}
