// SPDX-License-Identifier: GPL-3.0-or-later
/* Whom a network call reached. */
#include "event.h"
#include "line_walk.h"
#include "network.h"

static void peer(struct line_walk *k, const struct event_network *n)
{
	line_write_text(k, "peer", n->address);
	line_write_text(k, "peer_class", bytes_of(n->address_class));
	if (n->has_port)
		k->w->integer(k->out, "peer_port", n->port);
}

static void local(struct line_walk *k, const struct event_network *n)
{
	line_write_text(k, "local", n->address);
	line_write_text(k, "local_class", bytes_of(n->address_class));
	if (n->has_port)
		k->w->integer(k->out, "local_port", n->port);
}

void line_network(struct line_walk *k, const struct event *ev)
{
	const struct event_network *n = &ev->network;

	if (ev->kind != EVENT_NETWORK)
		return;
	line_write_text(k, "family", bytes_of(n->family));
	line_write_text(
		k, "direction", bytes_of(network_direction_name(n->direction)));
	if (n->direction == EVENT_LOCAL)
		local(k, n);
	else
		peer(k, n);
	line_place(k, ev);
	line_write_flag(k, "external", n->is_external);
	line_write_flag(k, "first", n->is_first);
	k->w->integer(k->out, "seen", (long long)n->count);
}
