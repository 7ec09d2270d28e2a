// SPDX-License-Identifier: GPL-3.0-or-later
#include "message.h"

#include "event.h"
#include "record.h"
#include "text.h"

/* Bytes of one field that is written in hex; the kernel cuts a message at
 * 8,560. */
#define FIELD_MAX 16384

/* Major numbers of terminals, by the kernel's devices.txt. */
#define TTY_MAJOR   4
#define UNIX98_PTY  136
#define UNIX98_PTYS 8

struct reader {
	struct event *ev;
	bool is_inside; /* of msg='...' */
	char scratch[FIELD_MAX / 2];
};

static bool is_absent(struct bytes value)
{
	return !value.p || bytes_equal(value, BYTES("?")) ||
	       bytes_equal(value, BYTES("(null)")) ||
	       bytes_equal(value, BYTES("(none)"));
}

/* The first of a name counts. */
static void put(struct reader *r, struct bytes *to, struct bytes value)
{
	if (!to->p && !is_absent(value))
		*to = event_copy(r->ev, value);
}

static void put_text(struct reader *r, struct bytes *to, struct bytes value)
{
	if (value.len <= FIELD_MAX)
		value = record_text(value, r->scratch);
	put(r, to, value);
}

static void put_u32(bool *has, uint32_t *to, struct bytes value)
{
	uint64_t v;

	if (*has || text_u64(value, 10, &v) < 0 || v > UINT32_MAX)
		return;
	*has = true;
	*to = (uint32_t)v;
}

static void put_result(struct event_message *m, struct bytes value)
{
	if (m->has_result)
		return;
	m->has_result = true;
	m->is_success = bytes_equal(value, BYTES("success")) ||
			bytes_equal(value, BYTES("1")) ||
			bytes_equal(value, BYTES("yes"));
}

/* What the kernel says of who speaks. */
static bool put_outer(struct reader *r, struct bytes name, struct bytes value)
{
	struct event *ev = r->ev;

	if (bytes_equal(name, BYTES("pid")))
		put_u32(&ev->has_pid, &ev->pid, value);
	else if (bytes_equal(name, BYTES("uid")))
		put_u32(&ev->uid.has, &ev->uid.id, value);
	else if (bytes_equal(name, BYTES("auid")))
		put_u32(&ev->auid.has, &ev->auid.id, value);
	else if (bytes_equal(name, BYTES("ses")))
		put_u32(&ev->has_ses, &ev->ses, value);
	else if (bytes_equal(name, BYTES("tty")))
		put(r, &ev->tty, value);
	else
		return false;
	return true;
}

/* major=136 minor=1 is pts1, as the kernel calls it elsewhere. */
static void put_tty(struct reader *r, struct bytes body)
{
	uint64_t major, minor;
	struct str name;

	if (text_u64(record_field(body, BYTES("major")), 10, &major) < 0 ||
		text_u64(record_field(body, BYTES("minor")), 10, &minor) < 0 ||
		minor > UINT32_MAX)
		return;
	str_init(&name, 64);
	if (major >= UNIX98_PTY && major < UNIX98_PTY + UNIX98_PTYS)
		str_addf(&name, "pts%llu",
			(unsigned long long)minor + (major - UNIX98_PTY) * 256);
	else if (major == TTY_MAJOR)
		str_addf(&name, minor < 64 ? "tty%llu" : "ttyS%llu",
			(unsigned long long)minor & 63);
	put(r, &r->ev->tty, str_bytes(&name));
	str_fini(&name);
}

static void read_typed(struct reader *r, struct bytes body)
{
	struct event *ev = r->ev;
	struct bytes name, value;

	ev->kind = EVENT_TYPED;
	put_tty(r, body);
	while (record_next(&body, &name, &value)) {
		if (bytes_equal(name, BYTES("data")))
			put_text(r, &ev->message.typed, value);
		else if (bytes_equal(name, BYTES("comm")))
			put_text(r, &ev->comm, value);
		else
			put_outer(r, name, value);
	}
}

static bool put_name(struct reader *r, struct bytes name, struct bytes value)
{
	struct event_message *m = &r->ev->message;

	if (bytes_equal(name, BYTES("op")))
		put_text(r, &m->op, value);
	else if (bytes_equal(name, BYTES("acct")))
		put_text(r, &m->acct, value);
	else if (bytes_equal(name, BYTES("exe")))
		put_text(r, &r->ev->exe, value);
	else if (bytes_equal(name, BYTES("cmd")))
		put_text(r, &m->command, value);
	else if (bytes_equal(name, BYTES("cwd")))
		put_text(r, &r->ev->cwd, value);
	else if (bytes_equal(name, BYTES("grp")) ||
		 bytes_equal(name, BYTES("new_group")))
		put_text(r, &m->group, value);
	else
		return false;
	return true;
}

static void put_inner(struct reader *r, struct bytes name, struct bytes value)
{
	struct event_message *m = &r->ev->message;

	if (put_name(r, name, value))
		return;
	if (bytes_equal(name, BYTES("id")))
		put_u32(&m->has_id, &m->id, value);
	else if (bytes_equal(name, BYTES("rport")))
		put_u32(&m->has_port, &m->port, value);
	else if (bytes_equal(name, BYTES("hostname")))
		put(r, &m->hostname, value);
	else if (bytes_equal(name, BYTES("addr")))
		put(r, &m->addr, value);
	else if (bytes_equal(name, BYTES("terminal")))
		put(r, &m->terminal, value);
	else if (bytes_equal(name, BYTES("unit")))
		put(r, &m->unit, value);
	else if (bytes_equal(name, BYTES("res")) ||
		 bytes_equal(name, BYTES("result")))
		put_result(m, value);
}

static bool is_name(struct bytes b)
{
	if (!b.len)
		return false;
	for (size_t i = 0; i < b.len; i++)
		if (!((b.p[i] >= 'a' && b.p[i] <= 'z') || b.p[i] == '_' ||
			    b.p[i] == '-'))
			return false;
	return true;
}

/* Takes one word off the front. */
static struct bytes word(struct bytes *rest)
{
	const char *blank = rest->len ? memchr(rest->p, ' ', rest->len) : NULL;
	struct bytes w = { rest->p,
		blank ? (size_t)(blank - rest->p) : rest->len };

	rest->p += w.len + (blank ? 1 : 0);
	rest->len -= w.len + (blank ? 1 : 0);
	return w;
}

bool message_next(struct bytes *rest, struct bytes *name, struct bytes *value)
{
	*name = *value = (struct bytes){ NULL, 0 };
	while (rest->len) {
		struct bytes before = *rest, w = word(rest);
		const char *eq = w.len ? memchr(w.p, '=', w.len) : NULL;
		struct bytes n = { w.p, eq ? (size_t)(eq - w.p) : 0 };

		if (eq && is_name(n)) {
			if (name->p) {
				*rest = before;
				return true;
			}
			*name = n;
			*value = (struct bytes){ eq + 1, w.len - n.len - 1 };
		} else if (name->p && bytes_equal(*name, BYTES("op"))) {
			value->len = (size_t)(w.p + w.len - value->p);
		}
	}
	return name->p != NULL;
}

static void read_fields(struct reader *r, struct bytes rest)
{
	struct bytes name, value;

	while (message_next(&rest, &name, &value))
		if (r->is_inside || !put_outer(r, name, value))
			put_inner(r, name, value);
}

/* Cuts b at the first mark: what is in front of it stays in b. */
static struct bytes cut(struct bytes *b, struct bytes mark)
{
	const char *at = text_find(*b, mark);
	struct bytes rest = { NULL, 0 };

	if (!at)
		return rest;
	rest.p = at + mark.len;
	rest.len = (size_t)(b->p + b->len - rest.p);
	b->len = (size_t)(at - b->p);
	return rest;
}

void message_split(
	struct bytes record, struct bytes *outer, struct bytes *inner)
{
	*outer = record;
	*inner = cut(outer, BYTES(" msg='"));
	if (inner->len && inner->p[inner->len - 1] == '\'')
		inner->len--;
}

static void read_body(struct reader *r, struct bytes body)
{
	struct bytes outer, inner;

	message_split(body, &outer, &inner);
	read_fields(r, outer);
	r->is_inside = true;
	if (inner.p)
		read_fields(r, inner);
}

/* AUID="alice" UID="root" ID="bob": auditd's own look-ups, which only name. */
static void read_names(struct reader *r, struct bytes rest)
{
	struct event *ev = r->ev;
	struct bytes name, value;

	while (record_next(&rest, &name, &value)) {
		struct bytes *to = NULL;

		if (bytes_equal(name, BYTES("AUID")))
			to = &ev->auid.name;
		else if (bytes_equal(name, BYTES("UID")))
			to = &ev->uid.name;
		else if (bytes_equal(name, BYTES("ID")))
			to = &ev->message.id_name;
		/* "unknown(1234)" is no name. */
		if (to && !text_find(value, BYTES("unknown(")))
			put_text(r, to, value);
	}
}

static enum event_trust trust_of(
	const struct event *ev, const struct record *rec)
{
	if (rec->type == RECORD_LOGIN || rec->type == RECORD_TTY ||
		record_is_kernels(rec->type))
		return EVENT_BY_KERNEL;
	/* The kernel takes none of these from programs. */
	if (rec->type >= RECORD_DAEMON_START &&
		rec->type <= RECORD_DAEMON_CONFIG)
		return EVENT_BY_AUDITD;
	return ev->has_pid && ev->pid == 1 ? EVENT_BY_INIT : EVENT_BY_PROGRAM;
}

int message_read(struct event *ev, const struct record *rec)
{
	struct reader r = { .ev = ev };
	struct event_message *m = &ev->message;

	ev->kind = EVENT_MESSAGE;
	ev->node = event_copy(ev, rec->node);
	ev->time_ms = rec->time_ms;
	ev->serial = rec->serial;
	ev->input_pos = rec->input_pos;
	m->type = rec->type;
	m->type_name = bytes_of(record_type_name(rec->type));
	read_names(&r, rec->enriched);
	if (rec->type == RECORD_TTY || rec->type == RECORD_USER_TTY) {
		read_typed(&r, rec->body);
	} else {
		m->record = event_copy(ev, rec->body);
		m->enriched = event_copy(ev, rec->enriched);
		if (rec->body.p && !m->record.p)
			return -1;
		read_body(&r, rec->body);
	}
	m->trust = trust_of(ev, rec);
	return 0;
}
