// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SYSCALLS_H
#define SYSCALLS_H

#include <stdbool.h>
#include <stdint.h>

#include "str.h"

/* Names for AUDIT_ARCH_* values (linux/audit.h) and the numbers that execve
 * and execveat have there (each architecture's unistd.h). */

/* Whether a machine of that arch= has the lowest byte of a number first. */
static inline bool syscalls_is_little(uint32_t arch)
{
	return arch >> 30 & 1; /* __AUDIT_ARCH_LE */
}

/* "x86_64"; NULL if unknown. */
const char *syscalls_arch(uint32_t arch);
/* "execve", "execveat", or NULL if it is another call or an unknown arch. */
const char *syscalls_exec(uint32_t arch, uint64_t number);

/* The calls that make processes and end them, by the same numbers. A thread's
 * exit is none. */
enum syscalls_life { SYSCALLS_NEITHER, SYSCALLS_FORK, SYSCALLS_EXIT };
enum syscalls_life syscalls_life(uint32_t arch, uint64_t number);

/* The calls that come with a socket's address, by the same numbers. */
enum syscalls_socket {
	SYSCALLS_NO_SOCKET,
	SYSCALLS_CONNECT,
	SYSCALLS_BIND,
	SYSCALLS_LISTEN,
	SYSCALLS_ACCEPT,
	SYSCALLS_ACCEPT4,
	SYSCALLS_SENDTO,
	SYSCALLS_SENDMSG,
	SYSCALLS_SENDMMSG,
	SYSCALLS_SOCKETCALL, /* one of them, by its first argument */
	SYSCALLS_SOCKET_N
};
enum syscalls_socket syscalls_socket(uint32_t arch, uint64_t number);
/* Which one socketcall is. */
enum syscalls_socket syscalls_socketcall(uint64_t which);
/* "connect"; NULL for none. */
const char *syscalls_socket_name(enum syscalls_socket call);

/* Other calls that rows of alerts may be about, by the same numbers. */
enum syscalls_watched {
	SYSCALLS_NOT_WATCHED,
	SYSCALLS_CHMOD,
	SYSCALLS_FCHMOD,
	SYSCALLS_FCHMODAT,
	SYSCALLS_FCHMODAT2,
	SYSCALLS_INIT_MODULE,
	SYSCALLS_FINIT_MODULE,
	SYSCALLS_DELETE_MODULE,
	SYSCALLS_PTRACE,
	SYSCALLS_MEMFD_CREATE,
	SYSCALLS_OPEN,
	SYSCALLS_OPENAT,
	SYSCALLS_OPENAT2,
	SYSCALLS_CREAT,
	SYSCALLS_RENAME,
	SYSCALLS_RENAMEAT,
	SYSCALLS_RENAMEAT2,
	SYSCALLS_LINK,
	SYSCALLS_LINKAT,
	SYSCALLS_SYMLINK,
	SYSCALLS_SYMLINKAT,
	SYSCALLS_WATCHED_N
};
enum syscalls_watched syscalls_watched(uint32_t arch, uint64_t number);
/* NOT_WATCHED: it is none of them. */
enum syscalls_watched syscalls_watched_of(struct bytes name);
/* "chmod"; NULL for none. */
const char *syscalls_watched_name(enum syscalls_watched call);
/* Which argument tells whether the call is one that matters, -1 if none does;
 * and whether it is: one that sets set-user-ID or set-group-ID, opens for
 * writing, or takes hold of another process. */
int syscalls_watched_argument(enum syscalls_watched call);
bool syscalls_watched_is_meant(enum syscalls_watched call, uint64_t argument);

#endif
