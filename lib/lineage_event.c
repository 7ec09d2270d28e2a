// SPDX-License-Identifier: GPL-3.0-or-later
/* What an event tells of its process, and is told of those above. */
#include "cmdline.h"
#include "container.h"
#include "event.h"
#include "lineage_state.h"
#include "text.h"

void lineage_set_exe(struct process *p, struct bytes exe, bool is_comm)
{
	lineage_set_text(p, LINEAGE_EXE, exe);
	p->is_comm = is_comm;
}

/* Where a container begins: a runtime's child that is no runtime any more. */
static void find_container(
	struct lineage *l, struct process *p, const struct event *ev)
{
	const struct process *parent = lineage_get(l, &p->parent);
	struct lineage_seen seen = { 0 };
	struct bytes starts = { NULL, 0 };

	if (container_is_runtime(ev->exe))
		starts = container_of_argv(ev->argv, ev->argc);
	lineage_set_text(p, LINEAGE_STARTS, starts);
	if (container_is_runtime(ev->exe) || p->len[LINEAGE_CONTAINER] ||
		!parent)
		return;
	starts = lineage_get_text(parent, LINEAGE_STARTS);
	if (starts.len)
		lineage_set_text(p, LINEAGE_CONTAINER, starts);
	else if (l->cf.look && !l->node.len &&
		 container_is_runtime(lineage_get_text(parent, LINEAGE_EXE)) &&
		 l->cf.look(l->cf.arg, ev->pid, ev->time_ms, &seen))
		lineage_set_text(p, LINEAGE_CONTAINER, seen.container);
}

/* What the event says of its process: a program, or one more of them. */
static void note_program(
	struct lineage *l, struct process *p, const struct event *ev)
{
	static const struct bytes none = { NULL, 0 };
	bool has_run =
		ev->kind == EVENT_EXEC && !(ev->has_success && !ev->success);

	if (has_run) {
		p->execs++;
		lineage_set_text(p, LINEAGE_CMD, none);
		p->seen = (struct when){ ev->time_ms, ev->serial };
		lineage_set_exe(p, ev->exe, false);
		find_container(l, p, ev);
		return;
	}
	/* It goes on as what it was, as far as anybody told: a network call
	 * shows that it is not. */
	if (p->len[LINEAGE_EXE] &&
		(ev->kind == EVENT_EXEC ||
			(!p->is_comm &&
				lineage_has_text(p, LINEAGE_EXE, ev->exe))))
		return;
	if (p->len[LINEAGE_EXE]) {
		p->execs++;
		lineage_set_text(p, LINEAGE_CMD, none);
	}
	if (ev->exe.p)
		lineage_set_exe(p, ev->exe, false);
}

static void note_ids(struct process *p, const struct event *ev)
{
	p->is_restored = false;
	p->ses = ev->has_ses ? ev->ses : EVENT_UNSET;
	p->auid = ev->auid.has ? ev->auid.id : EVENT_UNSET;
	p->uid = ev->uid.has ? ev->uid.id : EVENT_UNSET;
}

void lineage_note(struct lineage *l, struct process *p, const struct event *ev)
{
	note_program(l, p, ev);
	note_ids(p, ev);
}

void lineage_fill(struct lineage *l, struct event *ev, struct process *p)
{
	struct event_ancestor found[LINEAGE_ANCESTORS_MAX];
	struct process *above = p;
	size_t n = 0;

	ev->lineage = (struct event_lineage){ .has = true,
		.guid = p->guid,
		.number = map_number(l->processes, p),
		.execs = p->execs,
		.depth = p->depth,
		.is_adopted = ev->has_ppid && p->parent.guid &&
			      p->parent.pid != ev->ppid,
		.container = event_copy(
			ev, lineage_get_text(p, LINEAGE_CONTAINER)) };
	for (; n < LINEAGE_ANCESTORS_MAX; n++) {
		struct link *link = &above->parent;
		struct bytes exe;

		above = lineage_get(l, link);
		if (!above)
			break;
		found[n] = (struct event_ancestor){ .guid = above->guid,
			.pid = link->pid,
			.execs = above->execs,
			.number = map_number(l->processes, above) };
		if (!above->len[LINEAGE_EXE])
			continue;
		exe = event_copy(ev, lineage_get_text(above, LINEAGE_EXE));
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
	size_t len, n = ev->argc;
	bool is_cut = false;

	str_reset(cmd);
	if (ev->args.len <= LINEAGE_CMD_MAX && cmdline_bare(cmd, ev))
		n = 0;
	for (size_t i = 0; i < n && !is_cut; i++) {
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
	lineage_set_text(p, LINEAGE_CMD, (struct bytes){ str_z(cmd), len });
	lineage_touch(l, p);
}

static struct bytes command_of(struct event *ev, const struct process *p)
{
	static const struct bytes more = BYTES("...");
	struct bytes cmd = lineage_get_text(p, LINEAGE_CMD);
	char text[LINEAGE_CMD_MAX + 3];

	if (!cmd.len)
		return cmd;
	memcpy(text, cmd.p, cmd.len);
	memcpy(text + cmd.len, more.p, more.len);
	return event_copy(ev,
		(struct bytes){ text, cmd.len + (p->is_cut ? more.len : 0) });
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
	if (p && ev->kind != EVENT_EXEC)
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
