// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SESSION_H
#define SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "str.h"
#include "window.h"

struct event;

/*
 * Who, from where, and what followed: the audit sessions of every node. A
 * session is what the kernel numbers, ses=, and lasts from its LOGIN to the
 * USER_END of the process that opened it. An event belongs to a session by the
 * kernel's word, ses= and auid= of its record, and never by time or pid.
 *
 * A boot begins to count anew: a LOGIN for a number that is there, another auid
 * under it, or a SYSTEM_BOOT with a serial that went back ends what had it.
 * What was missed is said: a session without a start or an end is incomplete.
 *
 * What programs say is believed of their own session only. They may well lie
 * of it: service, user and address are what the record says.
 */
enum session_kind {
	SESSION_OTHER,
	SESSION_LOGIN,
	SESSION_CRON,
	SESSION_AT,
	SESSION_SERVICE, /* systemd --user, a session beside each login */
};

/* Commands and changes kept of a session; more are counted. */
#define SESSION_LIST_MAX 256
/* Bytes of the commands and changes of all sessions. */
#define SESSION_BYTES_MAX (16u << 20)
/* Bytes kept of a command; a longer one is cut at its end. */
#define SESSION_COMMAND_MAX 4096
/* Bytes of a name of a user, terminal or node; a longer one is no such. */
#define SESSION_NAME_MAX 255

struct session_command {
	int64_t time_ms;
	bool is_success;
	struct bytes text;
};

struct session_account {
	int64_t time_ms;
	bool is_success;
	bool has_id;
	uint32_t id, pid;
	unsigned int type; /* enum record_type */
	struct bytes name; /* absent if no record has it */
};

struct session {
	uint64_t number; /* this one's alone, and growing */
	uint64_t change;
	/* Own; absent if nobody said. Service: "sshd". */
	struct bytes node, user, service, addr, tty;
	uint32_t ses, auid;
	uint32_t serial; /* of the first record */
	enum session_kind kind;
	int64_t start_ms, end_ms; /* start: of the first record */
	int64_t seen_ms; /* of the last */
	bool has_login; /* LOGIN came */
	bool is_open; /* USER_START came */
	bool has_end;
	bool is_closed; /* by USER_END, for good */
	bool is_root; /* some command ran as root */
	bool has_addr_counts; /* failed_before is final */
	bool has_port;
	uint32_t port;
	uint32_t boot;
	uint32_t opener; /* pid */
	uint64_t failed_before; /* from the same address, in the window */
	uint64_t failed; /* su and sudo inside */
	uint64_t processes, payloads;
	double score;
	struct session_command *sudo;
	struct session_account *accounts;
	uint32_t n_sudo, n_accounts; /* kept */
	uint64_t all_sudo, all_accounts;
};

static inline bool session_is_complete(const struct session *s)
{
	return (s->has_login || s->is_open) && s->has_end;
}

/* "login", "cron", "at", "service", "other". */
const char *session_kind_name(enum session_kind kind);
/* "add_user" of RECORD_ADD_USER, and so on. */
const char *session_account_name(unsigned int type);

struct session_table;

struct session_conf {
	uint32_t sessions_max;
	uint32_t addresses_max; /* whose failed attempts are counted */
	uint32_t window_m; /* at least 1; of the failed attempts */
	uint64_t seed[2];
};

/* NULL when out of memory. */
struct session_table *session_table_new(const struct session_conf *cf)
	__attribute__((warn_unused_result));
void session_table_free(struct session_table *t);
/* Takes the event in and fills ev->session. */
void session_run(struct session_table *t, struct event *ev);
/* After all other stages: counts what they have found, keeps masked texts, and
 * sums up where a session ends. In the order of session_run. */
void session_settle(struct session_table *t, struct event *ev);

/* Visits all, i starts at 0; in no order. NULL at the end. */
const struct session *session_next(const struct session_table *t, uint32_t *i);
/* Sessions and addresses forgotten to make room, and commands left out. */
uint64_t session_evicted(const struct session_table *t);

/* For who keeps them: the number of the last change, and what changed after
 * one by row; *at starts at 0. *s is NULL for a row that is gone. False at the
 * end. */
uint64_t session_change(const struct session_table *t);
bool session_changed(const struct session_table *t, uint64_t after,
	uint32_t *at, uint32_t *row, const struct session **s);
/* Puts back a session, whose runs are copied. -1: no room, or one that cannot
 * be. */
int session_restore(struct session_table *t, const struct session *s)
	__attribute__((warn_unused_result));

/* Failed attempts from an address of a host, both as hashes. */
struct session_failures {
	uint64_t node, addr, change;
	int64_t slice_ms;
	struct window window;
};

/* The same of those: their order is that of their changes. */
uint64_t session_failures_change(const struct session_table *t);
bool session_failures_changed(const struct session_table *t, uint64_t after,
	uint32_t *at, uint32_t *row, struct session_failures *f);
int session_restore_failures(struct session_table *t,
	const struct session_failures *f) __attribute__((warn_unused_result));

#endif
