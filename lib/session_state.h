// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SESSION_STATE_H
#define SESSION_STATE_H

#include "address.h"
#include "event.h"
#include "map.h"
#include "record.h"
#include "session.h"
#include "window.h"

/* What the files of this stage share; nobody else includes this. */

#define SESSION_NODES_MAX    1024
#define SESSION_ATTEMPTS_MAX 4096
#define SESSION_MANAGERS_MAX 4096
/* What a process said is of the same logon this long: sshd waits 120 s for
 * one. */
#define SESSION_ATTEMPT_MS 180000
/* How much later than what belongs to it a LOGIN may come. */
#define SESSION_LATE_MS 2000

/* gen is 0 for the session that has the number now, and the session's own
 * number for those before it. */
struct session_key {
	uint64_t node;
	uint32_t ses, gen;
};

/* A logon on its way, by the process that does it. */
struct attempt_key {
	uint64_t node;
	uint32_t pid, unused;
};

struct attempt {
	int64_t time_ms;
	int64_t nobody_ms; /* first said to be of no user there is; 0: never */
	uint32_t n_auth; /* failed USER_AUTH */
	uint32_t n_counted, n_told;
	uint32_t port;
	bool has_port;
	enum session_kind kind;
	unsigned char service_len, addr_len, user_len;
	char service[32];
	char addr[ADDRESS_MAX];
	char user[64];
};

/* Whose systemd --user has which session. */
struct manager_key {
	uint64_t node;
	uint32_t auid, unused;
};

struct address_key {
	uint64_t node, addr;
};

/* Failed attempts from it. */
struct address {
	struct window window;
	uint64_t change; /* the number of its last */
};

struct session_node {
	uint32_t boot;
	uint32_t serial; /* the highest of this boot */
};

struct session_table {
	struct session_conf cf;
	struct map *sessions, *attempts, *addresses, *nodes, *managers;
	uint64_t n_opened;
	uint64_t change, dropped; /* the latest; of a row that went */
	uint64_t address_change;
	uint64_t evicted, left_out;
	size_t bytes; /* of the lists */
};

/* One event while session_run has it. */
struct session_at {
	struct session_table *t;
	struct event *ev;
	uint64_t node; /* hash */
	struct session_node *state; /* NULL: no room */
};

/* What a service is, by its program. */
struct session_service {
	struct bytes program, name;
	enum session_kind kind;
	bool is_elevator; /* makes another user of one, in the same session */
};

/* Whether a type of message is about accounts. */
static inline bool session_is_account(unsigned int type)
{
	return type >= RECORD_USER_CHAUTHTOK && type <= RECORD_DEL_GROUP;
}

/* The row for a program's path; name is the last part of it where nobody knows
 * it. */
struct session_service session_service_of(struct bytes exe);

/* The session that has the event's number, NULL if there is none. One that had
 * it before is set aside. Open makes one, NULL: no room. */
struct session *session_find(struct session_at *at);
struct session *session_open(struct session_at *at);
/* Gives the number free; what had it stays, under its own. */
void session_set_aside(struct session_at *at, struct session *s);
/* Sets *to, once, to a copy. */
void session_name(struct bytes *to, struct bytes name);
void session_touch(struct session_table *t, struct session *s);
/* Of the events in ev->session: what is known of s. */
void session_tell(struct session_at *at, struct session *s);

/* How long a slice of their window is. */
int64_t session_slice_ms(const struct session_table *t);
/* Failed attempts from an address, and how many there were. */
void session_fail(struct session_at *at, struct bytes addr, uint32_t n);
uint64_t session_failed(struct session_at *at, struct bytes addr);

void session_message(struct session_at *at);
/* systemd --user closes no session of its own; its unit stops. */
void session_note_manager(struct session_at *at, const struct session *s);

/* Append a copy. -1: no room, which is counted. */
int session_keep_command(struct session_table *t, struct session *s,
	const struct session_command *c);
int session_keep_account(struct session_table *t, struct session *s,
	const struct session_account *a);
void session_settle_message(
	struct session_table *t, struct session *s, const struct event *ev);
void session_fini(struct session_table *t, struct session *s);

#endif
