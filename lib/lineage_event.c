// SPDX-License-Identifier: GPL-3.0-or-later
/* What an event is told of those above its process. */
#include "cmdline.h"
#include "event.h"
#include "lineage_state.h"
#include "text.h"

void lineage_fill(struct lineage *l, struct event *ev, const struct process *p)
{
	struct event_ancestor found[LINEAGE_ANCESTORS_MAX];
	const struct process *above = p;
	size_t n = 0;

	ev->lineage = (struct event_lineage){ .has = true,
		.guid = p->guid,
		.number = map_number(l->processes, p),
		.execs = p->execs,
		.depth = p->depth,
		.is_adopted = ev->has_ppid && p->parent.guid &&
			      p->parent.pid != ev->ppid,
		.container = event_copy(ev, lineage_container(p)) };
	for (; n < LINEAGE_ANCESTORS_MAX; n++) {
		const struct link *link = &above->parent;
		struct bytes exe;

		above = lineage_get(l, link);
		if (!above)
			break;
		found[n] = (struct event_ancestor){ .guid = above->guid,
			.pid = link->pid,
			.execs = above->execs,
			.number = map_number(l->processes, above) };
		if (!above->exe_len)
			continue;
		exe = event_copy(
			ev, (struct bytes){ above->exe, above->exe_len });
		*(above->is_comm ? &found[n].comm : &found[n].exe) = exe;
	}
	if (!n)
		return;
	ev->lineage.ancestors = event_alloc(ev, n * sizeof(found[0]));
	if (!ev->lineage.ancestors)
		return;
	memcpy(ev->lineage.ancestors, found, n * sizeof(found[0]));
	ev->lineage.n_ancestors = n;
}

static void keep_command(
	struct lineage *l, struct process *p, const struct event *ev)
{
	struct str *cmd = &l->scratch;
	bool is_cut = false;
	size_t len;

	str_reset(cmd);
	for (size_t i = 0; i < ev->argc && !is_cut; i++) {
		struct bytes arg = ev->argv[i];

		if (i)
			str_addc(cmd, ' ');
		is_cut = arg.len > LINEAGE_CMD_MAX;
		if (is_cut)
			arg.len = LINEAGE_CMD_MAX;
		cmdline_shell_arg(cmd, arg);
		is_cut |= cmd->len > LINEAGE_CMD_MAX;
	}
	len = cmd->len;
	if (len > LINEAGE_CMD_MAX) {
		len = LINEAGE_CMD_MAX;
		while (len && ((unsigned char)cmd->p[len] & 0xc0) == 0x80)
			len--;
	}
	p->is_cut = is_cut;
	p->cmd_len = (uint8_t)len;
	memcpy(p->cmd, str_z(cmd), len);
}

static struct bytes command_of(struct event *ev, const struct process *p)
{
	static const struct bytes more = BYTES("...");
	char text[LINEAGE_CMD_MAX + 3];

	if (!p->cmd_len)
		return (struct bytes){ NULL, 0 };
	memcpy(text, p->cmd, p->cmd_len);
	memcpy(text + p->cmd_len, more.p, more.len);
	return event_copy(
		ev, (struct bytes){
			    text, p->cmd_len + (p->is_cut ? more.len : 0) });
}

void lineage_tell(struct lineage *l, struct event *ev)
{
	struct event_lineage *el = &ev->lineage;
	const void *key;
	struct process *p;

	if (!el->has)
		return;
	p = map_at(l->processes, el->number, &key);
	if (p && (p->guid != el->guid || p->execs != el->execs))
		p = NULL;
	if (p && ev->kind == EVENT_NETWORK)
		el->cmd = command_of(ev, p);
	else if (p && ev->argc && !(ev->has_success && !ev->success))
		keep_command(l, p, ev);
	for (size_t i = 0; i < el->n_ancestors; i++) {
		struct event_ancestor *a = &el->ancestors[i];

		p = map_at(l->processes, a->number, &key);
		if (p && p->guid == a->guid)
			a->cmd = command_of(ev, p);
	}
}
