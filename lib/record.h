// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef RECORD_H
#define RECORD_H

#include <stdbool.h>
#include <stdint.h>

#include "str.h"

/*
 * One line of an audit stream:
 * [node=NODE ]type=TYPE msg=audit(SEC.MSEC:SERIAL): BODY[\035ENRICHED]
 * What a program had the kernel write stands in msg='...' and may hold any
 * byte: there the last 0x1d counts, and none at all in a line that ends with
 * the quote that the kernel puts behind it.
 */

/* The record types that make a process event ... */
#define RECORD_TYPES(X)                                                        \
	X(SYSCALL)                                                             \
	X(EXECVE)                                                              \
	X(CWD)                                                                 \
	X(PATH)                                                                \
	X(PROCTITLE)                                                           \
	X(SOCKADDR)                                                            \
	X(BPRM_FCAPS)                                                          \
	X(EOE)

/* ... those that are an event each, of users, sessions and services
 * (message.h); the rest is RECORD_OTHER. */
#define RECORD_MESSAGES(X)                                                     \
	X(LOGIN)                                                               \
	X(USER_AUTH)                                                           \
	X(USER_ACCT)                                                           \
	X(CRED_ACQ)                                                            \
	X(CRED_REFR)                                                           \
	X(CRED_DISP)                                                           \
	X(USER_START)                                                          \
	X(USER_END)                                                            \
	X(USER_LOGIN)                                                          \
	X(USER_LOGOUT)                                                         \
	X(USER_ERR)                                                            \
	X(USER_CMD)                                                            \
	X(USER_CHAUTHTOK)                                                      \
	X(USER_MGMT)                                                           \
	X(GRP_MGMT)                                                            \
	X(ADD_USER)                                                            \
	X(DEL_USER)                                                            \
	X(ADD_GROUP)                                                           \
	X(DEL_GROUP)                                                           \
	X(CRYPTO_SESSION)                                                      \
	X(SERVICE_START)                                                       \
	X(SERVICE_STOP)                                                        \
	X(SYSTEM_BOOT)                                                         \
	X(SYSTEM_SHUTDOWN)                                                     \
	X(TTY)                                                                 \
	X(USER_TTY)                                                            \
	X(DAEMON_START)                                                        \
	X(DAEMON_END)                                                          \
	X(DAEMON_ABORT)                                                        \
	X(DAEMON_CONFIG)                                                       \
	X(CONFIG_CHANGE)                                                       \
	X(ANOM_PROMISCUOUS)                                                    \
	X(ANOM_ABEND)                                                          \
	X(ANOM_LINK)                                                           \
	X(ANOM_CREAT)                                                          \
	X(ANOM_LOGIN_FAILURES)                                                 \
	X(ANOM_LOGIN_TIME)                                                     \
	X(ANOM_LOGIN_SESSIONS)                                                 \
	X(ANOM_LOGIN_ACCT)                                                     \
	X(ANOM_LOGIN_LOCATION)                                                 \
	X(ANOM_LOGIN_SERVICE)                                                  \
	X(ANOM_LOGIN_ROOT)                                                     \
	X(ANOM_MAX_DAC)                                                        \
	X(ANOM_MAX_MAC)                                                        \
	X(ANOM_AMTU_FAIL)                                                      \
	X(ANOM_RBAC_FAIL)                                                      \
	X(ANOM_RBAC_INTEGRITY_FAIL)                                            \
	X(ANOM_CRYPTO_FAIL)                                                    \
	X(ANOM_ACCESS_FS)                                                      \
	X(ANOM_EXEC)                                                           \
	X(ANOM_MK_EXEC)                                                        \
	X(ANOM_ADD_ACCT)                                                       \
	X(ANOM_DEL_ACCT)                                                       \
	X(ANOM_MOD_ACCT)                                                       \
	X(ANOM_ROOT_TRANS)

enum record_type {
#define X(name) RECORD_##name,
	RECORD_TYPES(X) RECORD_MESSAGES(X)
#undef X
		RECORD_OTHER
};

/* Types before this one are parts of a process event. */
#define RECORD_PARTS RECORD_LOGIN

/* What the kernel alone can say. */
static inline bool record_is_kernels(unsigned int type)
{
	return type >= RECORD_CONFIG_CHANGE && type <= RECORD_ANOM_CREAT;
}

static inline bool record_is_message(enum record_type type)
{
	return type >= RECORD_PARTS && type < RECORD_OTHER;
}

/* All runs point into the line. */
struct record {
	struct bytes node; /* absent without node= */
	struct bytes type_name;
	enum record_type type;
	int64_t time_ms; /* since the epoch */
	uint32_t serial;
	struct bytes body; /* without leading blanks */
	struct bytes enriched; /* what followed the 0x1d; may be absent */
	uint64_t input_pos; /* of its line; who cuts the lines knows */
};

/* "SYSCALL" for RECORD_SYSCALL. */
const char *record_type_name(enum record_type type);

/* The stamp of the line before: most lines of a stream repeat it.
 * Zero-initialise. */
struct record_memo {
	char stamp[32]; /* "SEC.MSEC:SERIAL)" */
	size_t len;
	int64_t time_ms;
	uint32_t serial;
};

/* Takes one line without its newline apart. memo may be NULL. -1: not an audit
 * record. */
int record_parse(const char *line, size_t len, struct record_memo *memo,
	struct record *rec) __attribute__((warn_unused_result));

/*
 * The next NAME=VALUE of a body, advancing *rest past it; quoted values keep
 * their quotes. False at the end. Words without = are passed over.
 */
bool record_next(struct bytes *rest, struct bytes *name, struct bytes *value);
/* The first field of that name; an absent run if there is none. */
struct bytes record_field(struct bytes body, struct bytes name);

/*
 * What an untrusted string's value stands for, as the kernel writes it:
 * "quoted" as it is, bare hex as bytes, anything else as it is; (null) and
 * (none) are absent. Hex is decoded into dst, which must hold value.len / 2;
 * the result points there or into the value.
 */
struct bytes record_text(struct bytes value, char *dst);
/* The same, appended to out; nothing for an absent one. */
void record_add_text(struct str *out, struct bytes value);

#endif
