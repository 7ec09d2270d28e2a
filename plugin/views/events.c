// SPDX-License-Identifier: GPL-3.0-or-later
#include "event.h"
#include "format.h"
#include "json.h"
#include "record.h"
#include "text.h"
#include "views.h"

static void json_id(struct str *out, const char *key, bool has, uint32_t id)
{
	if (!has)
		return;
	json_key(out, key);
	if (id == EVENT_UNSET)
		json_null(out);
	else
		json_int(out, id);
}

/* A field with one byte in place of another. */
static void json_mapped(
	struct str *out, const char *key, struct str *text, char from, char to)
{
	for (size_t i = 0; i < text->len; i++)
		if (text->p[i] == from)
			text->p[i] = to;
	json_field(out, key, str_bytes(text));
	str_fini(text);
}

static void json_proctitle(struct str *out, struct bytes value)
{
	struct str text;

	if (!value.p)
		return;
	str_init(&text, value.len);
	record_add_text(&text, value);
	json_mapped(out, "proctitle", &text, '\0', ' ');
}

static void json_keys(struct str *out, struct bytes keys)
{
	struct str text;

	if (!keys.p)
		return;
	str_init(&text, keys.len);
	str_addb(&text, keys);
	json_mapped(out, "key", &text, '\1', ',');
}

static void print_json(struct view_run *run, const struct event *ev)
{
	struct str *out = &run->out;
	char id[FORMAT_ID_MAX];

	format_id(id, ev->time_ms, ev->serial);
	json_open(out, '{');
	json_field(out, "id", bytes_of(id));
	json_field(out, "node", ev->node.p ? ev->node : BYTES(""));
	view_json_time(out, "time", ev->time_ms);
	json_field(out, "kind", BYTES("exec"));
	json_field(out, "syscall", bytes_of(ev->syscall_name));
	if (ev->has_success) {
		json_key(out, "success");
		json_bool(out, ev->success);
	}
	if (ev->has_exit)
		json_field_int(out, "exit", ev->exit);
	json_id(out, "ppid", ev->has_ppid, ev->ppid);
	json_id(out, "pid", ev->has_pid, ev->pid);
	json_id(out, "auid", ev->auid.has, ev->auid.id);
	json_id(out, "uid", ev->uid.has, ev->uid.id);
	json_id(out, "gid", ev->gid.has, ev->gid.id);
	json_id(out, "euid", ev->euid.has, ev->euid.id);
	json_id(out, "ses", ev->has_ses, ev->ses);
	json_field(out, "tty", ev->tty);
	json_field(out, "comm", ev->comm);
	json_field(out, "exe", ev->exe);
	json_field(out, "cwd", ev->cwd);
	if (ev->has_execve)
		json_field_array(
			out, "argv", ev->argv, ev->argc, sizeof(ev->argv[0]));
	json_proctitle(out, ev->proctitle);
	if (ev->n_paths)
		json_field_array(out, "paths", &ev->paths[0].name, ev->n_paths,
			sizeof(ev->paths[0]));
	json_keys(out, ev->key);
	view_json_redacted(out, ev);
	json_key(out, "complete");
	json_bool(out, event_is_complete(ev));
	json_close(out, '}');
}

static void user(struct str *out, const struct event_user *u)
{
	if (!u->has || u->id == EVENT_UNSET)
		str_addz(out, "-");
	else if (u->name.p)
		json_escape(out, u->name);
	else
		str_addu(out, u->id);
}

/* 2026-01-02T03:04:05.678Z alice/root 4711 /usr/bin/id: id -u */
static void print_text(struct view_run *run, const struct event *ev)
{
	struct str *out = &run->out;
	char ts[FORMAT_TIME_MAX];

	format_time(ts, ev->time_ms);
	str_addz(out, ts);
	if (ev->node.p && ev->node.len) {
		str_addc(out, ' ');
		json_escape(out, ev->node);
	}
	str_addc(out, ' ');
	user(out, &ev->auid);
	str_addc(out, '/');
	user(out, &ev->uid);
	str_addf(out, " %u ", ev->pid);
	json_escape(out, ev->exe.p ? ev->exe : BYTES("?"));
	str_addz(out, ev->has_success && !ev->success ? " failed: " : ": ");
	view_add_command(out, ev);
}

static void event(struct view_run *run, const struct event *ev)
{
	if (run->options->is_json)
		print_json(run, ev);
	else
		print_text(run, ev);
	view_print(run);
}

const struct view view_events = {
	.name = "events",
	.help = "the process events, one each",
	.event = event,
};
