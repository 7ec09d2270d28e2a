// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * What a message does to sessions. A logon by sshd, as PAM and sshd tell it:
 *
 *   USER_AUTH (by password), USER_ACCT, CRED_ACQ    ses unset: by pid only
 *   LOGIN                                           the kernel gives ses
 *   execs of pam_motd, as root
 *   USER_START, CRED_ACQ                            it is open
 *   USER_LOGIN                                      only with a terminal
 *   ...
 *   USER_END, CRED_DISP                             or the other way round
 *
 * and an attempt that fails: a USER_AUTH for each password, and one USER_LOGIN
 * or three around it.
 */
#include "session_state.h"
#include "text.h"

#define MINUTE_MS 60000LL

int64_t session_slice_ms(const struct session_table *t)
{
	return t->cf.window_m * MINUTE_MS / (WINDOW_SLICES - 1);
}

static uint32_t slice_of(const struct session_table *t, int64_t time_ms)
{
	int64_t slice = time_ms / session_slice_ms(t);

	return slice > UINT32_MAX ? UINT32_MAX : (uint32_t)slice;
}

/* Fixed: rows of the state are made by it. */
static const uint64_t address_seed[2] = { 0x6661696c65642066ULL,
	0x726f6d207468656dULL };

static struct address_key address_of(
	const struct session_at *at, struct bytes addr)
{
	struct bytes node = at->ev->node;

	return (struct address_key){ map_siphash(address_seed,
					     node.p ? node.p : "", node.len),
		map_siphash(address_seed, addr.p, addr.len) };
}

void session_fail(struct session_at *at, struct bytes addr, uint32_t n)
{
	struct address_key key;
	struct address *a;

	if (!addr.len)
		return;
	key = address_of(at, addr);
	a = map_note(at->t->addresses, &key);
	if (!a)
		return;
	window_add(&a->window, slice_of(at->t, at->ev->time_ms), n);
	a->change = ++at->t->address_change;
}

uint64_t session_failed(struct session_at *at, struct bytes addr)
{
	struct address_key key = address_of(at, addr);
	const struct address *a = map_find(at->t->addresses, &key);

	return a ? window_sum(&a->window, slice_of(at->t, at->ev->time_ms)) : 0;
}

static void say(struct session_at *at, const char *evt, const char *action)
{
	at->ev->session.evt = evt;
	at->ev->session.action = action;
}

static const char *result(const struct session_at *at)
{
	return at->ev->message.is_success ? "success" : "failed";
}

/* Where it comes from: su gives its own host's name, and no address. */
static struct bytes peer_of(const struct event_message *m)
{
	return m->addr.p ? m->addr : m->hostname;
}

/* ssh is what sshd has before there is a terminal; /dev/pts/1 is pts1 in the
 * kernel's records. */
static void set_tty(struct session *s, struct bytes terminal)
{
	static const struct bytes dev = BYTES("/dev/");
	char name[SESSION_NAME_MAX];
	struct bytes tty = { name, 0 };

	if (terminal.len > sizeof(name))
		return;
	if (terminal.len > dev.len && !memcmp(terminal.p, dev.p, dev.len)) {
		terminal.p += dev.len;
		terminal.len -= dev.len;
	} else if (terminal.len < 4 || (memcmp(terminal.p, "tty", 3) != 0 &&
					       memcmp(terminal.p, "pts/", 4))) {
		return;
	}
	for (size_t i = 0; i < terminal.len; i++)
		if (terminal.p[i] != '/')
			name[tty.len++] = terminal.p[i];
	session_name(&s->tty, tty);
}

static void pack(char *to, unsigned char *len, size_t max, struct bytes b)
{
	if (*len || !b.len || b.len > max)
		return;
	memcpy(to, b.p, b.len);
	*len = (unsigned char)b.len;
}

/* Whether another logon has the pid by now: each service has a process for
 * each, which comes from one address. */
static bool is_another(
	const struct attempt *a, const struct event *ev, struct bytes service)
{
	struct bytes addr = { a->addr, a->addr_len };
	unsigned char before[16], now[16];

	if (ev->time_ms - a->time_ms > SESSION_ATTEMPT_MS ||
		ev->time_ms < a->time_ms - SESSION_ATTEMPT_MS)
		return true;
	if (a->service_len && !bytes_equal(service, (struct bytes){ a->service,
							    a->service_len }))
		return true;
	return address_parse(addr, before) &&
	       address_parse(ev->message.addr, now) &&
	       memcmp(before, now, sizeof(now)) != 0;
}

/* The attempt of the process that speaks, with what it says. */
static struct attempt *attempt_of(struct session_at *at)
{
	const struct event *ev = at->ev;
	const struct event_message *m = &ev->message;
	struct session_service service = session_service_of(ev->exe);
	struct attempt_key key = { at->node, ev->pid, 0 };
	struct attempt *a = map_note(at->t->attempts, &key);

	if (!a || !ev->has_pid)
		return NULL;
	if (is_another(a, ev, service.name))
		*a = (struct attempt){ 0 };
	a->time_ms = ev->time_ms;
	if (!a->service_len)
		a->kind = service.kind;
	pack(a->service, &a->service_len, sizeof(a->service), service.name);
	pack(a->addr, &a->addr_len, sizeof(a->addr), peer_of(m));
	pack(a->user, &a->user_len, sizeof(a->user), m->acct);
	if (m->has_port && !a->has_port) {
		a->has_port = true;
		a->port = m->port;
	}
	return a;
}

static void count_before(struct session_at *at, struct session *s)
{
	if (s->has_addr_counts || !s->addr.p)
		return;
	s->has_addr_counts = true;
	s->failed_before = session_failed(at, s->addr);
}

/* What was said of a logon before the kernel gave it a number. */
static void learn_before(struct session_at *at, struct session *s)
{
	struct attempt_key key = { at->node, at->ev->pid, 0 };
	const struct attempt *a = map_find(at->t->attempts, &key);

	if (!a || at->ev->time_ms - a->time_ms > SESSION_ATTEMPT_MS)
		return;
	if (!s->service.p)
		s->kind = a->kind;
	session_name(&s->service, (struct bytes){ a->service, a->service_len });
	session_name(&s->addr, (struct bytes){ a->addr, a->addr_len });
	session_name(&s->user, (struct bytes){ a->user, a->user_len });
	if (a->has_port && !s->has_port) {
		s->has_port = true;
		s->port = a->port;
	}
	count_before(at, s);
}

static void learn(struct session_at *at, struct session *s)
{
	const struct event_message *m = &at->ev->message;
	struct session_service service = session_service_of(at->ev->exe);

	if (!s->service.p)
		s->kind = service.kind;
	session_name(&s->service, service.name);
	session_name(&s->addr, peer_of(m));
	session_name(&s->user, m->acct.p ? m->acct : at->ev->auid.name);
	set_tty(s, m->terminal);
	count_before(at, s);
}

/* Whether a LOGIN is of the session that is there: of one whose LOGIN came
 * late. A number is never given twice in a boot. */
static bool is_late(const struct session *s, const struct event *ev)
{
	return !s->has_login && ev->serial < s->serial &&
	       ev->time_ms <= s->start_ms + SESSION_LATE_MS;
}

static void on_login(struct session_at *at)
{
	struct session *s;

	if (!at->ev->message.is_success)
		return;
	s = session_find(at);
	if (s && !is_late(s, at->ev)) {
		session_set_aside(at, s);
		s = NULL;
	}
	if (!s)
		s = session_open(at);
	if (!s)
		return;
	s->has_login = true;
	s->serial = at->ev->serial;
	if (at->ev->time_ms < s->start_ms)
		s->start_ms = at->ev->time_ms;
	if (!s->is_open)
		s->opener = at->ev->pid;
	learn_before(at, s);
	session_tell(at, s);
}

/* Of a user that there is none of, sshd says so at once, twice, and who it was
 * asked for only with the password. */
#define NOBODY_MS 1000

static bool is_nobody_yet(struct attempt *a, const struct event *ev)
{
	if (a->n_auth ||
		!bytes_equal(ev->message.acct, BYTES("(invalid user)")))
		return false;
	if (!a->nobody_ms)
		a->nobody_ms = ev->time_ms;
	return ev->time_ms - a->nobody_ms < NOBODY_MS;
}

/* One more attempt that failed, of which there may be more records. */
static void on_failure(struct session_at *at)
{
	bool is_auth = at->ev->message.type == RECORD_USER_AUTH;
	struct attempt *a = attempt_of(at);
	uint32_t n;

	if (!a)
		return;
	a->n_auth += is_auth;
	n = a->n_auth ? a->n_auth : 1;
	if (n > a->n_counted) {
		session_fail(at, (struct bytes){ a->addr, a->addr_len },
			n - a->n_counted);
		a->n_counted = n;
	}
	if (n > a->n_told && !is_nobody_yet(a, at->ev)) {
		a->n_told = n;
		say(at, "logon", "failed");
	}
}

/* su and its like, who stay in the session. */
static void on_elevator(struct session_at *at, struct session *s)
{
	const struct event_message *m = &at->ev->message;
	bool is_sudo = bytes_equal(
		session_service_of(at->ev->exe).name, BYTES("sudo"));

	if (m->type == RECORD_USER_AUTH && !m->is_success) {
		/* sudo says it with the command. */
		if (!is_sudo)
			say(at, "elevate", "failed");
	} else if (m->type == RECORD_USER_START && !is_sudo) {
		say(at, "elevate", result(at));
	}
	if (s)
		session_tell(at, s);
}

void session_note_manager(struct session_at *at, const struct session *s)
{
	struct manager_key key = { at->node, s->auid, 0 };
	uint32_t *ses;

	if (s->kind != SESSION_SERVICE)
		return;
	ses = map_note(at->t->managers, &key);
	if (ses)
		*ses = s->ses;
}

static void on_open(struct session_at *at, struct session *s)
{
	if (!at->ev->message.is_success) {
		on_failure(at);
		return;
	}
	if (!s || s->is_open)
		return;
	s->is_open = true;
	s->opener = at->ev->pid;
	learn(at, s);
	learn_before(at, s);
	session_note_manager(at, s);
	say(at, s->kind == SESSION_LOGIN ? "logon" : "session",
		s->kind == SESSION_LOGIN ? "success" : "start");
}

static void close_session(struct session_at *at, struct session *s)
{
	s->has_end = s->is_closed = true;
	s->end_ms = at->ev->time_ms;
	at->ev->session.has_sums = true;
	if (s->kind == SESSION_LOGIN)
		say(at, "logoff", "end");
	else
		say(at, "session", "end");
}

/* SERVICE_STOP of user@UID, by whoever manages services: root, and in no
 * session. */
static void on_service_stop(struct session_at *at)
{
	static const struct bytes prefix = BYTES("user@");
	struct manager_key key = { at->node, 0, 0 };
	const struct event *ev = at->ev;
	struct session_key session = { at->node, 0, 0 };
	struct bytes unit = ev->message.unit;
	struct session *s;
	uint32_t *ses;
	uint64_t uid;

	if (unit.len <= prefix.len || memcmp(unit.p, prefix.p, prefix.len) ||
		!ev->uid.has || ev->uid.id || ev->auid.id != EVENT_UNSET)
		return;
	unit.p += prefix.len;
	unit.len -= prefix.len;
	if (text_u64(unit, 10, &uid) < 0 || uid > UINT32_MAX)
		return;
	key.auid = (uint32_t)uid;
	ses = map_find(at->t->managers, &key);
	if (!ses)
		return;
	session.ses = *ses;
	map_drop(at->t->managers, &key);
	s = map_find(at->t->sessions, &session);
	if (!s || s->auid != key.auid || s->kind != SESSION_SERVICE ||
		s->is_closed)
		return;
	close_session(at, s);
	session_tell(at, s);
}

/* CRED_DISP comes before or after the USER_END, or in its place. */
static void on_end(struct session_at *at, struct session *s)
{
	if (!s || s->is_closed || (s->opener && s->opener != at->ev->pid))
		return;
	if (at->ev->message.type == RECORD_USER_END) {
		close_session(at, s);
	} else if (!s->has_end) {
		s->has_end = true;
		s->end_ms = at->ev->time_ms;
	}
}

static void on_service(struct session_at *at, struct session *s)
{
	const struct event_message *m = &at->ev->message;

	switch (m->type) {
	case RECORD_USER_START:
		on_open(at, s);
		break;
	case RECORD_USER_END:
	case RECORD_CRED_DISP:
	case RECORD_USER_LOGOUT:
		/* One that began before there were records of it. */
		if (s && !s->service.p && m->type == RECORD_USER_END)
			learn(at, s);
		on_end(at, s);
		break;
	case RECORD_USER_LOGIN:
	case RECORD_USER_AUTH:
	case RECORD_USER_ERR:
		if (!m->is_success) {
			on_failure(at);
		} else if (s && m->type == RECORD_USER_LOGIN) {
			set_tty(s, m->terminal);
			say(at, "session", "terminal");
		} else {
			(void)attempt_of(at);
		}
		break;
	default:
		if (m->is_success && !s)
			(void)attempt_of(at);
		break;
	}
	if (s)
		session_tell(at, s);
}

static void on_account(struct session_at *at, struct session *s)
{
	say(at, "account", session_account_name(at->ev->message.type));
	if (s)
		session_tell(at, s);
}

static void on_command(struct session_at *at, struct session *s)
{
	say(at, "elevate", result(at));
	if (s)
		session_tell(at, s);
}

/* A program may say that the host has booted; its serial shows if it has. */
static void on_boot(struct session_at *at)
{
	if (!at->state || at->ev->serial >= at->state->serial)
		return;
	at->ev->session.is_boot = true;
	at->state->boot++;
	at->state->serial = 0;
}

void session_message(struct session_at *at)
{
	const struct event_message *m = &at->ev->message;
	struct session *s;

	if (m->type == RECORD_LOGIN) {
		on_login(at);
		return;
	}
	if (m->type == RECORD_SYSTEM_BOOT)
		on_boot(at);
	if (m->type == RECORD_SERVICE_STOP)
		on_service_stop(at);
	if (m->type >= RECORD_SERVICE_START && !record_is_kernels(m->type))
		return;
	s = session_find(at);
	if (record_is_kernels(m->type)) {
		if (s)
			session_tell(at, s);
		return;
	}
	if (!s)
		s = session_open(at);
	if (m->type == RECORD_USER_CMD)
		on_command(at, s);
	else if (session_is_account(m->type))
		on_account(at, s);
	else if (session_service_of(at->ev->exe).is_elevator)
		on_elevator(at, s);
	else
		on_service(at, s);
}
