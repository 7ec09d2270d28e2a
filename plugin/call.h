// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CALL_H
#define CALL_H

#include <stdbool.h>
#include <stdint.h>

#include "str.h"
#include "syscalls.h"

/* What a SYSCALL record says of the call itself. */
struct call {
	bool is_unclear; /* damaged, or of an architecture we don't know: an
			    EXECVE record beside it tells */
	uint32_t arch;
	uint64_t number;
	bool has_success, is_success;
	bool has_exit;
	int64_t exit;
	uint64_t items; /* PATH records that come with it */
	/* Another call than execve that is taken nevertheless. */
	enum syscalls_socket socket;
	enum syscalls_watched watched;
};

/* Reads the fields up to items=, which come first, and leaves *rest behind
 * them. False: it is another call than execve. */
bool call_read(struct call *call, struct bytes *rest);
/* Takes suid= to tty= out of the middle: nobody asks for these, or as they are
 * written. *rest ends before them; returns what is behind. The kernel writes
 * both before whatever others name, and encodes blanks in that. */
struct bytes call_split(struct bytes *rest);

#endif
