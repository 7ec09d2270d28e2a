// SPDX-License-Identifier: GPL-3.0-or-later
#include "tree.h"

#include <stdio.h>
#include <stdlib.h>

#include "event.h"
#include "format.h"
#include "json.h"
#include "log.h"
#include "tree_state.h"
#include "view_form.h"
#include "views.h"

/* Columns that a line is moved to the right by, at most. */
#define INDENT_MAX 40
/* Characters of a command line in text. */
#define SHOWN_MAX 160
/* Of its form, what is compared; a longer one is like none. */
#define FORM_MAX 1024

static int start(struct view_run *run)
{
	run->state = tree_new();
	if (run->state)
		return 0;
	log_warn("out of memory");
	return -1;
}

static void event(struct view_run *run, const struct event *ev)
{
	static bool is_told;

	if (ev->kind != EVENT_EXEC || tree_add(run->state, ev) == 0 || is_told)
		return;
	is_told = true;
	log_warn("too many processes: the tree is not whole");
}

static const char *base_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static bool is_exe(struct bytes exe, const char *name)
{
	return exe.p && (!strcmp(exe.p, name) || !strcmp(base_of(exe.p), name));
}

/* Whether it is one that was asked for, by --pid and --exe. */
static bool is_wanted(
	const struct view_options *o, const struct tree_process *p)
{
	bool has_exe = !o->exe || is_exe(p->exe, o->exe);

	for (const struct tree_exec *e = p->execs; e && !has_exe; e = e->next)
		has_exe = is_exe(e->exe, o->exe);
	return has_exe && (!o->has_pid || p->pid == o->pid);
}

static void json_id(struct str *out, const char *key, uint32_t id)
{
	if (id != EVENT_UNSET)
		json_field_int(out, key, id);
}

static void json_guid(struct str *out, const char *key, uint64_t guid)
{
	json_key(out, key);
	str_addf(out, "\"%016llx\"", (unsigned long long)guid);
}

static void json_exec(struct str *out, const struct tree_exec *e)
{
	char id[FORMAT_ID_MAX];

	format_id(id, e->time_ms, e->serial);
	json_open(out, '{');
	json_field(out, "id", bytes_of(id));
	view_json_time(out, "time", e->time_ms);
	json_field(out, "exe", e->exe);
	json_field(out, "cmd", e->cmd);
	json_key(out, "success");
	json_bool(out, !e->is_failed);
	if (!e->is_last)
		json_field_num(out, "score", e->score);
	json_close(out, '}');
}

static void print_json(
	struct view_run *run, const struct tree_process *p, uint32_t depth)
{
	struct str *out = &run->out;

	json_open(out, '{');
	json_guid(out, "guid", p->guid);
	if (p->parent != TREE_NONE)
		json_guid(out, "parent_guid",
			tree_at(run->state, p->parent)->guid);
	json_field_int(out, "depth", depth);
	json_field_int(out, "children", p->n_children);
	json_field(out, "node", p->node.p ? p->node : BYTES(""));
	json_field_int(out, "pid", p->pid);
	if (p->execs)
		json_field_int(out, "ppid", p->ppid);
	if (p->has_ses)
		json_field_int(out, "ses", p->ses);
	json_id(out, "auid", p->auid);
	json_field(out, "auser", p->user);
	json_id(out, "uid", p->uid);
	json_field(out, "tty", p->tty);
	json_field(out, "exe", p->last ? p->last->exe : p->exe);
	json_field(out, "container", p->container);
	if (p->payload) {
		json_key(out, "payload");
		str_addf(out, "\"%012llx\"", (unsigned long long)p->payload);
		if (p->is_executed)
			json_field(out, "executed", BYTES("yes"));
	}
	json_key(out, "execs");
	json_open(out, '[');
	for (const struct tree_exec *e = p->execs; e; e = e->next)
		json_exec(out, e);
	json_close(out, ']');
	json_close(out, '}');
	view_print(run);
}

static void add_head(struct str *out, const struct tree_process *p,
	const struct tree_exec *e, uint32_t depth)
{
	char ts[FORMAT_TIME_MAX] = "-";

	if (e)
		format_time(ts, e->time_ms);
	str_addf(out, "%-24s ", ts);
	if (p->node.p && p->node.len) {
		json_escape(out, p->node);
		str_addc(out, ' ');
	}
	if (p->has_ses)
		str_addf(out, "%6u ", p->ses);
	else
		str_addf(out, "%6s ", "-");
	str_addf(out, "%7u ", p->pid);
	for (uint32_t i = 0; i < depth && i < INDENT_MAX; i++)
		str_addz(out, "  ");
}

/* A line for each exec, the later ones with > before them; count: of those that
 * are like it, the last at last_ms. */
static void print_text(struct view_run *run, const struct tree_process *p,
	uint32_t depth, uint64_t count, int64_t last_ms)
{
	struct str *out = &run->out;
	const struct tree_exec *e = p->execs;

	do {
		struct bytes text = e ? e->cmd : p->exe;
		size_t shown = text.len;

		add_head(out, p, e, depth);
		if (e != p->execs)
			str_addz(out, "> ");
		while (shown > SHOWN_MAX ||
			(shown && shown < text.len &&
				((unsigned char)text.p[shown] & 0xc0) == 0x80))
			shown--;
		if (!text.p || !text.len)
			str_addc(out, '?');
		else
			json_escape(out, (struct bytes){ text.p, shown });
		if (shown < text.len)
			str_addz(out, "...");
		if (e && e->is_failed)
			str_addz(out, " (failed)");
		if (p->payload && e == p->execs)
			str_addf(out, " [payload %012llx%s]",
				(unsigned long long)p->payload,
				p->is_executed ? ", executed" : "");
		view_form_count(out, count, last_ms);
		view_print(run);
		e = e ? e->next : NULL;
	} while (e);
}

static void print(
	struct view_run *run, const struct tree_process *p, uint32_t depth)
{
	if (run->options->is_json)
		print_json(run, p, depth);
	else
		print_text(run, p, depth, 1, 0);
}

/* Whether a process is one command and no more. */
static bool is_plain(const struct tree_process *p)
{
	return !p->n_children && p->execs && p->execs == p->last &&
	       !p->last->is_failed && !p->payload;
}

static bool has_form(struct bytes a, struct bytes b)
{
	struct str x, y;
	bool is_same;

	if (bytes_equal(a, b))
		return true;
	str_init(&x, FORM_MAX + 1);
	str_init(&y, FORM_MAX + 1);
	view_form_add(&x, a, FORM_MAX);
	view_form_add(&y, b, FORM_MAX);
	is_same = x.len < FORM_MAX && bytes_equal(str_bytes(&x), str_bytes(&y));
	str_fini(&x);
	str_fini(&y);
	return is_same;
}

/* Siblings that ran the same, but for numbers. */
static bool is_like(const struct tree_process *a, const struct tree_process *b)
{
	return a->parent == b->parent && is_plain(a) && is_plain(b) &&
	       a->uid == b->uid && a->auid == b->auid &&
	       a->has_ses == b->has_ses && a->ses == b->ses &&
	       bytes_equal(a->node, b->node) &&
	       has_form(a->last->cmd, b->last->cmd);
}

/* A process that was asked for, with all below it. In text, those behind one
 * that are like it are counted with it. */
static void print_below(struct view_run *run, uint32_t top)
{
	const struct tree *t = run->state;
	uint32_t end = tree_behind(t, top), depth = tree_at(t, top)->depth;

	for (uint32_t i = top, next; i != end; i = next) {
		const struct tree_process *p = tree_at(t, i), *last = p;
		uint64_t count = 1;

		next = tree_next(t, i);
		while (!run->options->is_json && next != end &&
			is_like(p, tree_at(t, next))) {
			last = tree_at(t, next);
			next = tree_next(t, next);
			count++;
		}
		if (count > 1)
			print_text(run, p, p->depth - depth, count,
				last->last->time_ms);
		else
			print(run, p, p->depth - depth);
	}
}

static void summary(struct view_run *run)
{
	const struct tree *t = run->state;
	size_t roots = 0, leaves = 0;
	uint32_t deepest = 0;

	for (uint32_t i = 0; i < tree_count(t); i++) {
		const struct tree_process *p = tree_at(t, i);

		roots += p->parent == TREE_NONE;
		leaves += p->child == TREE_NONE;
		if (p->depth > deepest)
			deepest = p->depth;
	}
	str_addf(&run->out, "%zu processes, %zu roots, %zu leaves, %u deep",
		tree_count(t), roots, leaves, deepest);
	view_print(run);
}

static void finish(struct view_run *run)
{
	const struct view_options *o = run->options;
	struct tree *t = run->state;
	uint32_t i;

	if (o->is_live && tree_state_add(run, t) < 0)
		log_warn("out of memory: the tree is not whole");
	tree_link(t);
	for (i = tree_root(t); i != TREE_NONE;) {
		if (is_wanted(o, tree_at(t, i))) {
			print_below(run, i);
			i = tree_behind(t, i);
		} else {
			i = tree_next(t, i);
		}
	}
	if (!o->is_json && !o->exe && !o->has_pid)
		summary(run);
	tree_free(t);
}

const struct view view_tree = {
	.name = "tree",
	.help = "the processes below those that started them",
	.has_live = true,
	.start = start,
	.event = event,
	.finish = finish,
};
