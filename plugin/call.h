// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CALL_H
#define CALL_H

#include <stdbool.h>
#include <stdint.h>

#include "str.h"
#include "syscalls.h"

/* Numbers of the process, in the kernel's order. */
enum call_id {
	CALL_PPID,
	CALL_PID,
	CALL_AUID,
	CALL_UID,
	CALL_GID,
	CALL_EUID,
	CALL_SES,
	CALL_IDS_N
};

struct call_id_value {
	bool has;
	uint32_t id; /* EVENT_UNSET of one that is no number */
};

/* What a SYSCALL record says of the call itself, and by which process. */
struct call {
	bool is_unclear; /* damaged, or of an architecture we don't know: an
			    EXECVE record beside it tells */
	uint32_t arch;
	uint64_t number;
	bool has_success, is_success;
	bool has_exit;
	int64_t exit;
	uint64_t items; /* PATH records that come with it */
	struct call_id_value ids[CALL_IDS_N]; /* by call_read_ids */
	size_t texts_at; /* where comm=, exe= and key= come in the record */
	/* Another call than execve that is taken nevertheless. */
	enum syscalls_socket socket;
	enum syscalls_watched watched;
};

/* Reads the fields up to items=, which come first, and leaves *rest behind
 * them. False: it is another call than execve. */
bool call_read(struct call *call, struct bytes *rest);
/* Reads the numbers that come next, wherever they stand in *rest, the first of
 * each name, and leaves that behind those it begins with, and behind others
 * that nobody asks for or as they are written: suid= to tty=. */
void call_read_ids(struct call *call, struct bytes *rest);

#endif
