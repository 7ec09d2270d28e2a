// SPDX-License-Identifier: GPL-3.0-or-later
/* Who started it, and what it has to do with a payload. */
#include "event.h"
#include "line_walk.h"
#include "lineage.h"

/* More techniques than any event has. */
#define ATTACK_MAX 64

static void add_hex(char *to, size_t n, uint64_t value)
{
	while (n--) {
		to[n] = "0123456789abcdef"[value & 15];
		value >>= 4;
	}
}

static void guid(struct line_walk *k, const char *key, uint64_t value)
{
	char hex[16];

	add_hex(hex, sizeof(hex), value);
	k->w->text(k->out, key, (struct bytes){ hex, sizeof(hex) });
}

static void lineage(struct line_walk *k, const struct event *ev)
{
	const struct event_lineage *l = &ev->lineage;
	struct bytes names[LINEAGE_ANCESTORS_MAX];
	size_t n = 0;

	if (!l->has)
		return;
	guid(k, "guid", l->guid);
	if (l->n_ancestors) {
		guid(k, "parent_guid", l->ancestors[0].guid);
		line_write_text(k, "parent_exe", l->ancestors[0].exe);
		line_write_text(k, "parent_comm", l->ancestors[0].comm);
		line_write_text(k, "parent_cmd", l->ancestors[0].cmd);
	}
	line_write_flag(k, "adopted", l->is_adopted);
	for (size_t i = 1; i < l->n_ancestors && n < LINEAGE_ANCESTORS_MAX;
		i++) {
		const struct event_ancestor *a = &l->ancestors[i];

		names[n++] = a->exe.p    ? a->exe
			     : a->comm.p ? a->comm
					 : BYTES("?");
	}
	line_write_list(
		k, "ancestors", "ancestors_more", names, n, sizeof(names[0]));
	line_write_text(k, "container", l->container);
}

static void payload(struct line_walk *k, const struct event *ev)
{
	char hex[12];

	if (ev->payload.role == EVENT_PAYLOAD_NONE)
		return;
	add_hex(hex, sizeof(hex), ev->payload.id);
	k->w->text(k->out, "payload", (struct bytes){ hex, sizeof(hex) });
	if (ev->payload.is_executed)
		k->w->text(k->out, "executed", BYTES("yes"));
}

void line_parent(struct line_walk *k, const struct event *ev)
{
	lineage(k, ev);
	payload(k, ev);
}

static int order_of(struct bytes a, struct bytes b)
{
	size_t n = a.len < b.len ? a.len : b.len;
	int order = n ? memcmp(a.p, b.p, n) : 0;

	return order ? order : (a.len > b.len) - (a.len < b.len);
}

void line_attack(struct line_walk *k, const struct event *ev)
{
	const struct event_payload *p = &ev->payload;
	struct bytes ids[ATTACK_MAX];
	size_t i = 0, j = 0, n = 0;

	while (n < ATTACK_MAX && (i < ev->tags.n_attack || j < p->n_attack)) {
		int order = i == ev->tags.n_attack ? 1
			    : j == p->n_attack     ? -1
					       : order_of(ev->tags.attack[i],
							 p->attack[j]);

		ids[n++] = order <= 0 ? ev->tags.attack[i] : p->attack[j];
		i += order <= 0;
		j += order >= 0;
	}
	line_write_list(k, "attack", "attack_more", ids, n, sizeof(ids[0]));
}
