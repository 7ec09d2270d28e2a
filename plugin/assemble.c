// SPDX-License-Identifier: GPL-3.0-or-later
#include "assemble.h"

#include <auparse.h>
#include <libaudit.h>
#include <stdlib.h>

#include "argv.h"
#include "event.h"
#include "gather.h"
#include "record.h"
#include "syscalls.h"
#include "text.h"

/* A decoded field: names and paths; PATH_MAX is 4096. */
#define FIELD_MAX 16384

struct assemble {
	auparse_state_t *au;
	struct argv *argv;
	const struct gathered *in; /* while assemble_run runs */
	struct event *out;
	char scratch[FIELD_MAX];
};

static struct bytes field(const char *z)
{
	return bytes_of(z);
}

static struct bytes decoded(struct assemble *a, struct bytes value)
{
	if (value.len / 2 > sizeof(a->scratch))
		return event_copy(a->out, value);
	return event_copy(a->out, record_text(value, a->scratch));
}

/* libauparse gives each of several keys as a field of its own. */
static void read_key(struct assemble *a, struct bytes value)
{
	struct event *ev = a->out;
	struct bytes one = decoded(a, value);
	char *both;

	if (!ev->key.p || !one.p) {
		if (one.p)
			ev->key = one;
		return;
	}
	both = event_alloc(ev, ev->key.len + 1 + one.len);
	if (!both)
		return;
	memcpy(both, ev->key.p, ev->key.len);
	both[ev->key.len] = '\1';
	memcpy(both + ev->key.len + 1, one.p, one.len);
	ev->key = (struct bytes){ both, ev->key.len + 1 + one.len };
}

static void read_process(struct assemble *a)
{
	struct event *ev = a->out;

	do {
		struct bytes name = field(auparse_get_field_name(a->au));
		struct bytes *text =
			bytes_equal(name, BYTES("comm"))  ? &ev->comm
			: bytes_equal(name, BYTES("exe")) ? &ev->exe
							  : NULL;
		bool is_key = bytes_equal(name, BYTES("key"));
		const char *value =
			text || is_key ? auparse_get_field_str(a->au) : NULL;

		if (value && is_key)
			read_key(a, bytes_of(value));
		else if (value)
			*text = decoded(a, bytes_of(value));
	} while (auparse_next_field(a->au) > 0);
}

static void add_path(struct assemble *a, struct bytes body)
{
	struct event *ev = a->out;
	struct event_path path = { .record = body };
	uint64_t item = 0;
	size_t i;

	if (!body.p || ev->n_paths == EVENT_PATHS_MAX)
		return;
	if (!ev->paths)
		ev->paths = event_alloc(ev, EVENT_PATHS_MAX * sizeof(path));
	if (!ev->paths)
		return;
	(void)!text_u64(record_field(body, BYTES("item")), 10, &item);
	path.item = (uint32_t)item;
	path.name = decoded(a, record_field(body, BYTES("name")));
	for (i = ev->n_paths++; i && ev->paths[i - 1].item > path.item; i--)
		ev->paths[i] = ev->paths[i - 1];
	ev->paths[i] = path;
}

static void add_paths(struct assemble *a, struct bytes bodies)
{
	while (bodies.len) {
		const char *nl = memchr(bodies.p, '\n', bodies.len);
		struct bytes body = { bodies.p, (size_t)(nl - bodies.p) };

		add_path(a, event_copy(a->out, body));
		bodies.p = nl + 1;
		bodies.len -= body.len + 1;
	}
}

static void read_execve(struct assemble *a)
{
	a->out->has_execve = true;
	do {
		const char *value = auparse_get_field_str(a->au);

		if (value)
			argv_field(a->argv,
				field(auparse_get_field_name(a->au)),
				bytes_of(value));
	} while (auparse_next_field(a->au) > 0);
}

static void read_record(struct assemble *a)
{
	switch (auparse_get_type(a->au)) {
	case AUDIT_SYSCALL:
		read_process(a);
		return;
	case AUDIT_EXECVE:
		if (!a->in->call.socket && !a->in->call.watched)
			read_execve(a);
		return;
	}
}

/* AUID="alice" UID="root" ...: auditd's own look-ups, which only name; no
 * decision rests on them. */
static void read_names(struct assemble *a)
{
	struct event *ev = a->out;
	struct bytes rest = ev->syscall_enriched, name, value;

	while (record_next(&rest, &name, &value)) {
		struct event_user *user = NULL;

		if (bytes_equal(name, BYTES("AUID")))
			user = &ev->auid;
		else if (bytes_equal(name, BYTES("UID")))
			user = &ev->uid;
		else if (bytes_equal(name, BYTES("GID")))
			user = &ev->gid;
		else if (bytes_equal(name, BYTES("EUID")))
			user = &ev->euid;
		/* "unknown(1234)" is no name. */
		if (user && !text_find(value, BYTES("unknown(")))
			user->name = decoded(a, value);
	}
}

/* A bare word that is never encoded; libauparse would trim it. */
static struct bytes tty_of(struct bytes record)
{
	static const struct bytes name = BYTES(" tty=");
	const char *p = text_find(record, name), *end;
	struct bytes tty = { NULL, 0 };

	if (!p)
		return tty;
	tty.p = p + name.len;
	tty.len = (size_t)(record.p + record.len - tty.p);
	end = memchr(tty.p, ' ', tty.len);
	if (end)
		tty.len = (size_t)(end - tty.p);
	return bytes_equal(tty, BYTES("(none)")) ? (struct bytes){ NULL, 0 }
						 : tty;
}

static void take_user(struct event_user *user, struct call_id_value v)
{
	user->has = v.has;
	user->id = v.id;
}

static void take_ids(struct event *ev, const struct call_id_value *ids)
{
	ev->has_ppid = ids[CALL_PPID].has;
	if (ev->has_ppid)
		ev->ppid = ids[CALL_PPID].id;
	ev->has_pid = ids[CALL_PID].has;
	if (ev->has_pid)
		ev->pid = ids[CALL_PID].id;
	take_user(&ev->auid, ids[CALL_AUID]);
	take_user(&ev->uid, ids[CALL_UID]);
	take_user(&ev->gid, ids[CALL_GID]);
	take_user(&ev->euid, ids[CALL_EUID]);
	ev->has_ses = ids[CALL_SES].has;
	if (ev->has_ses)
		ev->ses = ids[CALL_SES].id;
}

static void take_call(struct event *ev, const struct gathered *g)
{
	ev->has_syscall = g->has_call;
	if (!g->has_call)
		return;
	take_ids(ev, g->call.ids);
	ev->arch = g->call.arch;
	ev->arch_name = syscalls_arch(g->call.arch);
	ev->syscall_name =
		g->call.socket    ? syscalls_socket_name(g->call.socket)
		: g->call.watched ? syscalls_watched_name(g->call.watched)
				  : syscalls_exec(g->call.arch, g->call.number);
	ev->has_success = g->call.has_success;
	ev->success = g->call.is_success;
	ev->has_exit = g->call.has_exit;
	ev->exit = g->call.exit;
	ev->syscall_record = event_copy(ev, g->syscall_record);
	ev->tty = tty_of(ev->syscall_record);
	ev->syscall_enriched = event_copy(ev, g->syscall_enriched);
}

static void on_event(auparse_state_t *au, auparse_cb_event_t type, void *arg)
{
	struct assemble *a = arg;

	if (type != AUPARSE_CB_EVENT_READY || !a->in || a->out)
		return;
	a->out = event_create();
	if (!a->out || auparse_first_record(au) <= 0)
		return;
	a->out->node = event_copy(a->out, a->in->node);
	a->out->time_ms = a->in->time_ms;
	a->out->serial = a->in->serial;
	a->out->input_pos = a->in->input_pos;
	a->out->flaws = a->in->flaws;
	do
		read_record(a);
	while (auparse_next_record(au) > 0);
	if (a->out->has_execve)
		argv_build(a->argv, a->out);
	add_paths(a, a->in->paths);
	a->out->cwd = decoded(a, record_field(a->in->cwd, BYTES("cwd")));
	a->out->proctitle = event_copy(
		a->out, record_field(a->in->proctitle, BYTES("proctitle")));
	take_call(a->out, a->in);
	if (a->in->call.socket) {
		a->out->kind = EVENT_NETWORK;
		a->out->network.record = event_copy(a->out, a->in->sockaddr);
	}
	if (a->in->call.watched)
		a->out->kind = EVENT_CALL;
	a->out->path_enriched = event_copy(a->out, a->in->path_enriched);
	read_names(a);
}

struct assemble *assemble_new(void)
{
	struct assemble *a = calloc(1, sizeof(*a));

	if (!a)
		return NULL;
	a->au = auparse_init(AUSOURCE_FEED, NULL);
	a->argv = argv_new();
	if (!a->au || !a->argv) {
		assemble_free(a);
		return NULL;
	}
	auparse_add_callback(a->au, on_event, a, NULL);
	return a;
}

void assemble_free(struct assemble *a)
{
	if (!a)
		return;
	if (a->au)
		auparse_destroy(a->au);
	argv_free(a->argv);
	free(a);
}

struct event *assemble_run(struct assemble *a, const struct gathered *g)
{
	a->in = g;
	a->out = NULL;
	/* Flushing ends the event, so no EOE is needed. */
	if (auparse_feed(a->au, g->lines.p, g->lines.len) < 0 ||
		auparse_flush_feed(a->au) < 0) {
		event_destroy(a->out);
		a->out = NULL;
	}
	a->in = NULL;
	return a->out;
}
