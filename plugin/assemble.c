// SPDX-License-Identifier: GPL-3.0-or-later
#include "assemble.h"

#include <auparse.h>
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
	struct event *out; /* while assemble_run runs */
	char scratch[FIELD_MAX];
};

static struct bytes decoded(struct assemble *a, struct bytes value)
{
	if (value.len / 2 > sizeof(a->scratch))
		return event_copy(a->out, value);
	return event_copy(a->out, record_text(value, a->scratch));
}

/* comm=, exe= and key=, the first of each. */
static void read_texts(struct assemble *a, size_t at)
{
	struct event *ev = a->out;
	struct bytes rest = ev->syscall_record, name, value;

	if (rest.len <= at)
		return;
	rest.p += at;
	rest.len -= at;
	while (record_next(&rest, &name, &value)) {
		struct bytes *text =
			bytes_equal(name, BYTES("comm"))  ? &ev->comm
			: bytes_equal(name, BYTES("exe")) ? &ev->exe
			: bytes_equal(name, BYTES("key")) ? &ev->key
							  : NULL;

		if (text && !text->p)
			*text = decoded(a, value);
	}
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
	do {
		const char *value = auparse_get_field_str(a->au);

		if (value)
			argv_field(a->argv,
				bytes_of(auparse_get_field_name(a->au)),
				bytes_of(value));
	} while (auparse_next_field(a->au) > 0);
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

static void take_call(struct assemble *a, const struct gathered *g)
{
	struct event *ev = a->out;

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
	read_texts(a, g->call.texts_at);
	ev->syscall_enriched = event_copy(ev, g->syscall_enriched);
}

static void on_execve(auparse_state_t *au, auparse_cb_event_t type, void *arg)
{
	struct assemble *a = arg;

	if (type != AUPARSE_CB_EVENT_READY || !a->out ||
		auparse_first_record(au) <= 0)
		return;
	do
		read_execve(a);
	while (auparse_next_record(au) > 0);
}

/* False: no memory for libauparse. What it gives nothing back of has a gap. */
static bool take_execve(struct assemble *a, struct bytes lines)
{
	/* Flushing ends the event, so no EOE is needed. */
	if (auparse_feed(a->au, lines.p, lines.len) < 0 ||
		auparse_flush_feed(a->au) < 0)
		return false;
	a->out->has_execve = true;
	argv_build(a->argv, a->out);
	return true;
}

static void take_rest(struct assemble *a, const struct gathered *g)
{
	struct event *ev = a->out;

	ev->node = event_copy(ev, g->node);
	ev->time_ms = g->time_ms;
	ev->serial = g->serial;
	ev->input_pos = g->input_pos;
	add_paths(a, g->paths);
	ev->cwd = decoded(a, record_field(g->cwd, BYTES("cwd")));
	ev->proctitle =
		event_copy(ev, record_field(g->proctitle, BYTES("proctitle")));
	take_call(a, g);
	if (g->call.socket) {
		ev->kind = EVENT_NETWORK;
		ev->network.record = event_copy(ev, g->sockaddr);
	}
	if (g->call.watched)
		ev->kind = EVENT_CALL;
	ev->path_enriched = event_copy(ev, g->path_enriched);
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
	auparse_add_callback(a->au, on_execve, a, NULL);
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
	bool is_exec = !g->call.socket && !g->call.watched;
	struct event *ev = event_create();

	if (!ev)
		return NULL;
	a->out = ev;
	/* argv adds what is wrong with it. */
	ev->flaws = g->flaws;
	if (is_exec && g->execve.len && !take_execve(a, g->execve)) {
		event_destroy(ev);
		ev = NULL;
	} else {
		take_rest(a, g);
	}
	a->out = NULL;
	return ev;
}
